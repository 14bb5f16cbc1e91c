/* coldcase: from the words of a command line to its exit status, and what every command has in common. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/index/index.h"
#include "db/tables/table.h"
#include "decoders/base/nearest.h"
#include "decoders/base/size.h"
#include "decoders/source/gunzip.h"
#include "inspect/command.h"
#include "inspect/export/directory.h"
#include "inspect/help.h"
#include "inspect/inputs.h"
#include "inspect/judge.h"
#include "inspect/live.h"
#include "inspect/options.h"
#include "inspect/progress.h"
#include "inspect/target.h"
#include "inspect/terminal.h"
#include "sandbox/sandbox.h"

/* --- choosing a command ----------------------------------------------------------------------- */

static struct error *unknown_command(const char *word)
{
	struct nearest nearest = nearest_to(bytes_of(word));

	for (size_t i = 0; i < n_command_rows; i++)
		if (command_rows[i].command)
			nearest_try(&nearest, bytes_of(command_rows[i].command->name));
	table_nearest(&nearest);
	return nearest_hint(&nearest, error_new(ERROR_USAGE, "there is no command \"%s\"", word),
			    "\"coldcase\" alone lists them");
}

/* --- running ------------------------------------------------------------------------------------ */

struct error *open_checkpoint(const struct invocation *invocation, const char *path,
			      struct checkpoint *ret)
{
	const struct opening opening = { .inside = invocation->options.inside,
					 .spool = invocation->spool };
	struct error *error = NULL;

	if (index_recognise(path))
		return error_new(ERROR_USAGE, "%s is an index, not a checkpoint: \"coldcase query %s SQL\" asks it", path, path);
	if (!live_take(invocation, path, ret))
		error = checkpoint_open_as(path, &opening, ret);
	for (size_t i = 0; !error && i < invocation->options.n_parents; i++) {
		error = checkpoint_add_parent(ret, invocation->options.parents[i]);
		if (error)
			checkpoint_close(ret);
	}
	return error;
}

void finish_checkpoint(struct invocation *invocation, struct checkpoint *checkpoint)
{
	problems_move(&invocation->problems, &checkpoint->problems);
	problems_move(&invocation->notes, &checkpoint->notes);
	checkpoint_close(checkpoint);
}

/* The door closes: from here on the inputs are read, and what is open is written. */
static void enter_sandbox(const struct invocation *invocation, const struct target *target)
{
	const struct options *options = &invocation->options;
	size_t n = (size_t)invocation->n_arguments + options->n_parents + options->n_merged + 3;
	const char **inputs = calloc(n + 1, sizeof(*inputs));
	char *output = target->temporary ? strdup(target->real) : NULL;
	char *database = options->database ? realpath(options->database, NULL) : NULL;
	struct sandbox sandbox = { .inputs = inputs };
	int first, end;

	command_files(invocation, &first, &end);
	if (!inputs || (target->temporary && !output))
		out_of_memory();
	for (int i = first; i < end; i++)
		inputs[sandbox.n_inputs++] = invocation->arguments[i];
	for (size_t i = 0; i < options->n_parents; i++)
		inputs[sandbox.n_inputs++] = options->parents[i];
	for (size_t i = 0; i < options->n_merged; i++)
		inputs[sandbox.n_inputs++] = options->merged[i];
	if (options->check)
		inputs[sandbox.n_inputs++] = options->check;
	if (options->judge.log)
		inputs[sandbox.n_inputs++] = options->judge.log;
	if (options->judge.root)
		inputs[sandbox.n_inputs++] = options->judge.root;
	if (output)
		sandbox.output_directory = dirname(output);
	if (database)
		sandbox.database_directory = dirname(database);
	sandbox.files_directory = options->directory;
	sandbox.evidence_directory = invocation->originals;
	if (invocation->judgement)
		judgement_directories(invocation->judgement, &sandbox);
	sandbox.processes = invocation->lives && invocation->lives->n > 0;
	sandbox.terminal = invocation->terminal || invocation->prompts;
	(void)sandbox_enter(&sandbox);
	free(inputs);
	free(output);
	free(database);
}

/*
 * A temporary file without a name, for what compressed archives inflate to. Without one they are streamed,
 * and whoever reads memory then says what cannot be read.
 */
static struct error *open_spool(const struct options *options, struct spool *ret)
{
	const char *directory = options->memory.spool_dir ? options->memory.spool_dir
							  : getenv("TMPDIR");
	char *path;
	int fd;

	if (!directory || !*directory)
		directory = "/var/tmp";
	fd = open(directory, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0 && asprintf(&path, "%s/coldcase.XXXXXX", directory) >= 0) {
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			unlink(path);
		free(path);
	}
	if (fd < 0 && options->memory.spool_dir)
		return error_in_source(error_errno(ERROR_USAGE, "cannot make a temporary file there"),
				       directory);
	*ret = (struct spool){ .fd = fd };
	return NULL;
}

/* What must be done while everything is still allowed. */
static struct error *prepare(const struct command *command, struct invocation *invocation,
			     struct spool *spool)
{
	struct error *error = NULL;

	invocation->reads_memory = command->reads_memory;
	invocation->directory = -1;
	if (command->makes_directory || invocation->options.directory)
		error = directory_open(invocation->options.directory, invocation->arguments[0],
				       &invocation->directory);
	if (!error && command->prepare)
		error = command->prepare(invocation);
	if (!error)
		error = live_prepare(command, invocation);
	if (!error && invocation->reads_memory)
		error = open_spool(&invocation->options, spool);
	if (!error && spool->fd >= 0)
		invocation->spool = spool;
	return error;
}

static void release(const struct command *command, struct invocation *invocation)
{
	if (command->release)
		command->release(invocation);
	live_release(invocation);
	if (invocation->spool)
		close(invocation->spool->fd);
	invocation->spool = NULL;
}

static struct error *check_arguments(const struct command *command, int n)
{
	const char *arguments = command->arguments ? command->arguments : "";

	if (n < command->least_arguments)
		return error_new(ERROR_USAGE, "usage: coldcase %s [OPTIONS] %s", command->name, arguments);
	if (n > command->most_arguments)
		return error_new(ERROR_USAGE, "too many arguments; usage: coldcase %s [OPTIONS] %s",
				 command->name, arguments);
	return NULL;
}

static struct error *run(const struct command *command, struct invocation *invocation)
{
	struct target target = { .path = invocation->options.output,
				 .is_private = command->output_is_private };
	struct spool spool = { .fd = -1 };
	struct error *error, *write_error;

	error = check_arguments(command, invocation->n_arguments);
	if (!error)
		error = inputs_spare(invocation, invocation->options.output);
	if (!error)
		error = prepare(command, invocation, &spool);
	if (!error)
		error = target_open(&target, &invocation->out);
	if (error) {
		release(command, invocation);
		return error;
	}
	terminal_look(&invocation->options, &invocation->out);
	if (!invocation->options.quiet)
		progress_begin();
	if (!invocation->options.no_sandbox)
		enter_sandbox(invocation, &target);
	error = command->run(invocation);
	progress_end();
	release(command, invocation);
	write_error = target_close(&target, &invocation->out, error == NULL);
	if (!error)
		return write_error;
	error_free(write_error);
	return error;
}

/* Words of a command line: "coldcase fds X" is "coldcase list fds X". */
static struct error *parse(int argc, char **argv, const struct command **ret_command,
			   struct invocation *invocation, const char **arguments)
{
	const struct command *command = command_named(argv[0]);
	bool is_table = !command && table_named(argv[0]);
	struct error *error;
	int n;

	if (is_table)
		command = command_named("list");
	if (!command)
		return unknown_command(argv[0]);
	if (is_table)
		arguments[0] = argv[0];
	error = options_parse(command, argc - 1, argv + 1, &invocation->options,
			      arguments + is_table, &n);
	if (error)
		return error;
	invocation->arguments = arguments;
	invocation->n_arguments = n + is_table;
	invocation->files = command->files;
	*ret_command = command;
	return NULL;
}

static void print_problem(const struct error *error, struct out *out)
{
	out_style(out, STYLE_ALARM);
	out_text(out, "coldcase: ");
	out_style(out, STYLE_PLAIN);
	error_print(error, out);
	out_char(out, '\n');
}

static void print_problems(const struct problems *problems, struct out *out)
{
	for (size_t i = 0; i < problems->n; i++)
		print_problem(problems->items[i], out);
	if (problems->dropped)
		out_printf(out, "coldcase: and %zu more problems, which are only counted: %d are told at most\n",
			   problems->dropped, PROBLEMS_KEPT);
}

/* What went wrong on the way, what ended the work, then the status: the worst of them. */
static int report(struct invocation *invocation, struct error *error)
{
	const struct problems *problems = &invocation->problems;
	int status = invocation->status;
	struct out out;

	if (problems->n + problems->dropped)
		status = error_exit_status(problems->worst);
	if (error && (problems->n + problems->dropped == 0 || error->kind > problems->worst))
		status = error_exit_status(error->kind);
	out_init(&out, STDERR_FILENO);
	terminal_look(&invocation->options, &out);
	if (!invocation->options.quiet) {
		print_problems(&invocation->notes, &out);
		print_problems(problems, &out);
	}
	if (error && !(invocation->options.quiet && error->kind != ERROR_USAGE))
		print_problem(error, &out);
	out_flush(&out);
	out_deinit(&out);
	if (invocation->interrupted)
		status = 130;
	error_free(error);
	problems_deinit(&invocation->problems);
	problems_deinit(&invocation->notes);
	return status;
}

/* Help and the version go to standard output, and a full disk there is told as anywhere else. */
static int print_text(void (*print)(const struct command *command, struct out *out),
		      const struct command *command)
{
	struct invocation invocation = { 0 };
	struct target target = { 0 };

	problems_init(&invocation.problems);
	problems_init(&invocation.notes);
	out_init(&invocation.out, STDOUT_FILENO);
	print(command, &invocation.out);
	return report(&invocation, target_close(&target, &invocation.out, true));
}

static void print_sandbox(struct sandbox_state state, struct out *out)
{
	if (state.sanitized)
		out_text(out, "off (built with a sanitizer)");
	else if (!state.landlock_abi && !state.seccomp)
		out_text(out, "off (the kernel has neither Landlock nor seccomp)");
	if (state.landlock_abi)
		out_printf(out, "Landlock (version %d)", state.landlock_abi);
	if (state.seccomp)
		out_printf(out, "%sseccomp", state.landlock_abi ? ", " : "");
	out_char(out, '\n');
}

static void print_overview(const struct command *command, struct out *out)
{
	(void)command;
	help_overview(out);
}

static void print_version(const struct command *command, struct out *out)
{
	(void)command;
	out_text(out, "coldcase " COLDCASE_VERSION "\nsandbox: ");
	print_sandbox(sandbox_support(), out);
	out_printf(out, "gzip: %s\n", gunzip_name(gunzip_best()));
}

static int run_words(int argc, char **argv, const char **arguments)
{
	struct invocation invocation = { 0 };
	const struct command *command = NULL;
	struct error *error;

	problems_init(&invocation.problems);
	problems_init(&invocation.notes);
	error = parse(argc, argv, &command, &invocation, arguments);
	if (error)
		return report(&invocation, error);
	if (invocation.options.help)
		return print_text(help_command, command);
	return report(&invocation, run(command, &invocation));
}

static int run_help(char **words)
{
	const char *arguments[4] = { NULL };

	return run_words(2, words, arguments);
}

/* What is opened must not become standard output where that is closed; to use one of them stays an error. */
static void hold_standard_descriptors(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", modes[fd]);
}

int main(int argc, char **argv)
{
	const char **arguments;
	int status;

	hold_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is told as a full disk is */
	setlocale(LC_CTYPE, "");
	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    (!strcmp(argv[1], "help") && argc == 2))
		return print_text(print_overview, NULL);
	if (!strcmp(argv[1], "help") && argc == 3) {
		char dash_help[] = "--help", *words[] = { argv[2], dash_help };

		return run_help(words);
	}
	if (!strcmp(argv[1], "--version"))
		return print_text(print_version, NULL);
	arguments = calloc((size_t)argc + 1, sizeof(*arguments));
	if (!arguments)
		out_of_memory();
	status = run_words(argc - 1, argv + 1, arguments);
	free(arguments);
	return status;
}
