/* coldcase: the command table, and what every command has in common. */
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

#include "db/tables/table.h"
#include "db/verify/verify.h"
#include "decoders/base/nearest.h"
#include "decoders/base/size.h"
#include "decoders/model/contents.h"
#include "inspect/command.h"
#include "inspect/export/directory.h"
#include "inspect/judge.h"
#include "inspect/options.h"
#include "inspect/progress.h"
#include "inspect/target.h"
#include "inspect/terminal.h"
#include "sandbox/sandbox.h"

enum {
	TAKES_LISTING = TAKES_FORMAT | TAKES_ROWS | TAKES_PARENT | TAKES_OUTPUT,
	TAKES_MEMORY_LISTING =
		TAKES_FORMAT | TAKES_PIDS | TAKES_PARENT | TAKES_OUTPUT | TAKES_MEMORY | TAKES_WORDS,
};

static const struct command commands[] = {
	{ "show", "CHECKPOINT...", "one screen: what, who, how big, what is wrong; of several a row each",
	  TAKES_FORMAT | TAKES_PARENT | TAKES_OUTPUT, 1, 1 << 20, command_show },
	{ "ps", "CHECKPOINT", "the tree of processes", TAKES_LISTING, 1, 1, command_ps },
	{ "list", "TABLE CHECKPOINT", "the rows of a table", TAKES_LISTING | TAKES_TABLE, 2, 2,
	  command_list },
	{ "log", "CHECKPOINT | LOG", "CRIU's logs, and the first error in them",
	  TAKES_LISTING | TAKES_LEVEL, 1, 1, command_log },
	{ "tui", "CHECKPOINT", "looking at it on a whole screen", TAKES_PARENT | TAKES_MEMORY | TAKES_SCREEN, 1, 1,
	  command_tui },
	{ "mem", "CHECKPOINT [ADDR[:LEN|-END]...]", "memory of a process: the bytes, or what is where",
	  TAKES_MEMORY_LISTING | TAKES_RANGES, 1, 1 << 20, command_mem },
	{ "search", "CHECKPOINT PATTERN", "memory of all processes, searched",
	  TAKES_MEMORY_LISTING | TAKES_PATTERN, 2, 2, command_search },
	{ "strings", "CHECKPOINT", "texts in memory, with their addresses",
	  TAKES_MEMORY_LISTING | TAKES_STRINGS, 1, 1, command_strings },
	{ "core", "CHECKPOINT", "processes as ELF core files, for gdb; of any machine",
	  TAKES_PIDS | TAKES_PARENT | TAKES_OUTPUT | TAKES_MEMORY | TAKES_EACH, 1, 1, command_core },
	{ "carve", "CHECKPOINT", "what deleted files, queues, shared memory and the like held, as files",
	  TAKES_DIRECTORY | TAKES_PARENT, 1, 1, command_carve },
	{ "diff", "BEFORE AFTER... | --parent CHECKPOINT", "what changed: every table, and memory page by page",
	  TAKES_FORMAT | TAKES_PARENT | TAKES_OUTPUT | TAKES_MEMORY | TAKES_DIFF, 0, 1 << 20, command_diff },
	{ "check", "CHECKPOINT...", "what is in the way of restoring it, what is odd, why a dump failed",
	  TAKES_FORMAT | TAKES_RECORDS | TAKES_RULES | TAKES_JUDGE | TAKES_FAIL_ON | TAKES_PARENT |
		  TAKES_OUTPUT, 0, 1 << 20,
	  command_check },
	{ "rules", "[WORD...]", "what check looks for; of a severity, category or scope",
	  TAKES_FORMAT | TAKES_RECORDS | TAKES_RULES | TAKES_TEST | TAKES_OUTPUT | TAKES_WORDS, 0, 16,
	  command_rules },
	{ "explain", "RULE", "why a rule speaks and what to do about it",
	  TAKES_FORMAT | TAKES_RULES | TAKES_OUTPUT | TAKES_WORDS, 1, 1, command_explain },
	{ "verify", "CHECKPOINT...", "whether the images are whole, and what a restore would trip over",
	  TAKES_FORMAT | TAKES_RECORDS | TAKES_PARENT | TAKES_OUTPUT | TAKES_FAIL_ON, 1, 1 << 20,
	  command_verify },
	{ "manifest", "CHECKPOINT", "SHA-256 and size of each file in it, and of the archive itself",
	  TAKES_FORMAT | TAKES_RECORDS | TAKES_CHECK | TAKES_OUTPUT, 1, 1, command_manifest },
	{ "query", "CHECKPOINT... [SQL]", "SQL over the tables, of several checkpoints at once",
	  TAKES_FORMAT | TAKES_QUERY | TAKES_PARENT | TAKES_OUTPUT, 0, 1 << 20, command_query },
	{ "index", "-d FILE [CHECKPOINT...]", "many checkpoints in one SQLite file",
	  TAKES_FORMAT | TAKES_RECORDS | TAKES_INDEX | TAKES_OUTPUT, 0, 1 << 20, command_index },
	{ "schema", "[TABLE]", "the tables as SQL has them: types, keys; --sql, --markdown, --json",
	  TAKES_SCHEMA | TAKES_OUTPUT | TAKES_TABLE, 0, 1, command_schema },
	{ "decode", "IMAGE... | CHECKPOINT [MEMBER...]", "images as JSON, as CRIU's decoder has it",
	  TAKES_DECODE | TAKES_FORMAT | TAKES_OUTPUT, 1, 1 << 20, command_decode },
	{ "encode", "[DOCUMENT | IMAGE]", "what decode prints, plain or --pretty, back into the image",
	  TAKES_EDITS | TAKES_OUTPUT, 0, 1, command_encode },
	{ "info", "IMAGE... | CHECKPOINT [MEMBER...]", "kind and number of entries of images",
	  TAKES_OUTPUT, 1, 1 << 20, command_info },
	{ "tables", "[TABLE]", "the data dictionary: every table and column",
	  TAKES_FORMAT | TAKES_OUTPUT | TAKES_TABLE, 0, 1, command_tables },
	{ "limits", "", "what hostile or huge input runs into", TAKES_FORMAT | TAKES_OUTPUT, 0, 0,
	  command_limits },
};

/* --- help ------------------------------------------------------------------------------------- */

/* The names of the tables, in lines that fit a terminal of 80 columns. */
static void print_tables(struct out *out)
{
	size_t column = 0;

	out_text(out, "\nTables, for list (a name alone is short for \"list NAME\"; \"coldcase tables\"\n"
		      "describes them):");
	for (size_t i = 0; i < n_tables; i++) {
		const char *plural = tables[i]->plural ? tables[i]->plural : "";
		size_t len = strlen(tables[i]->name) + (*plural ? strlen(plural) + 3 : 0) + 2;

		if (i == 0 || column + len > 78) {
			out_text(out, "\n ");
			column = 1;
		}
		out_printf(out, " %s", tables[i]->name);
		if (*plural)
			out_printf(out, " (%s)", plural);
		out_text(out, i + 1 < n_tables ? "," : "");
		column += len;
	}
	out_char(out, '\n');
}

/* The list of commands, cut where these are. */
static const struct {
	struct error *(*first)(struct invocation *invocation);
	const char *title;
} groups[] = {
	{ command_show, "Look" },
	{ command_mem, "Memory" },
	{ command_diff, "Compare and judge" },
	{ command_query, "SQL" },
	{ command_decode, "Images" },
	{ command_tables, "Reference" },
};

static void print_commands(struct out *out)
{
	for (size_t i = 0, group = 0; i < ARRAY_SIZE(commands); i++) {
		if (group < ARRAY_SIZE(groups) && commands[i].run == groups[group].first)
			out_printf(out, " %s\n", groups[group++].title);
		out_printf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
	}
}

static void print_overview(const struct command *command, struct out *out)
{
	(void)command;
	out_text(out, "coldcase opens frozen containers: CRIU checkpoints and the archives around them.\n\n"
		      "usage: coldcase COMMAND [OPTIONS] CHECKPOINT...\n\n"
		      "A CHECKPOINT is a directory of CRIU images, or an archive that podman, CRI-O or\n"
		      "containerd wrote (tar, plain or compressed). Nothing is unpacked.\n\n"
		      "Commands:\n");
	print_commands(out);
	print_tables(out);
	out_text(out, "\n\"coldcase COMMAND --help\" tells more; \"coldcase --version\" which one this is.\n");
}

/* What --help says of a command beside its row. */
static const struct {
	struct error *(*run)(struct invocation *invocation);
	const char *text;
} more_help[] = {
	{ command_query,
	  "The last argument is the statement: one SELECT of SQLite's SQL, or VALUES, WITH,\n"
	  "EXPLAIN. Without one it comes from standard input; from a terminal there is a\n"
	  "prompt. Of several checkpoints each is a schema, \"a.process\", \"b.process\", and\n"
	  "\"every.process\" has all of them, with a column \"checkpoint\". Each row has\n"
	  "src_image, src_entry, src_offset and src_archive_offset, though \"SELECT *\"\n"
	  "leaves them out. \"coldcase schema\" describes tables and columns, --functions the\n"
	  "functions beside SQLite's own.\n" },
	{ command_index,
	  "FILE is a plain SQLite database with a table for each of \"coldcase tables\", each\n"
	  "with a checkpoint_id, and the table indexed of what is in it: path, SHA-256,\n"
	  "when, status. A CHECKPOINT may be a directory of several, as\n"
	  "/var/lib/kubelet/checkpoints. What is in it already, by its content, is not read\n"
	  "again; other content at the same path replaces what was there. What cannot be\n"
	  "read is recorded with its error, and the status is 4.\n"
	  "\n"
	  "Each checkpoint comes in whole or not at all, whenever the program ends. Its\n"
	  "journal is made beside FILE, so that directory must be writable. --pages adds\n"
	  "page_hashes, and the views page, pages_shared_by_checkpoints and\n"
	  "pages_shared_by_processes. Without a CHECKPOINT an index is made, or brought to\n"
	  "this version. \"coldcase query FILE SQL\" asks it, and so do sqlite3 and whatever\n"
	  "else reads SQLite. Addresses are two's complement.\n" },
	{ command_diff,
	  "Of several each against the one before it. With one, or --parent CHECKPOINT\n"
	  "alone, that one against its parent in the chain. Exit status: 0 the same, 1 they\n"
	  "differ.\n"
	  "\n"
	  "Rows are told by what they are: a descriptor by its task and number, a socket by\n"
	  "its ends; \"coldcase tables TABLE\" names the key. Tasks are the same where pid\n"
	  "and program are, or where the program is and leaves no doubt. Ids that only CRIU\n"
	  "gave, inode numbers and clocks that ran on are not compared.\n"
	  "\n"
	  "A page is new where it was never written before, or lay in a file; gone the\n"
	  "other way round; unknown where it is lazy or its parent is not here. Memory is\n"
	  "read through the parents on both sides. Of a pre-dump only memory is compared.\n"
	  "\n"
	  "--format is text, json or markdown.\n" },
	{ command_mem,
	  "ADDR is hexadecimal, END too; LEN is a number of bytes, as 256, 0x100, 4K. Bytes\n"
	  "come with where they are stored: image and offset, here or in an ancestor. What\n"
	  "the checkpoint does not hold is named instead: zero (never written), file (as\n"
	  "the file had it), lazy, missing, guard, kernel, unmapped. Without ADDR: what is\n"
	  "where.\n" },
	{ command_search,
	  "Finds text, or --hex bytes, or --utf16 text, or what a --regex matches, wherever\n"
	  "pages and their runs end, in ancestors too. A match has at most 64 KiB. Pages\n"
	  "that were never written are not searched. Exit status: 0 found, 1 not found.\n" },
	{ command_core,
	  "With -o a core of one process, with -d a core.PID of each (or of those of -p) in\n"
	  "DIR, which is made or must be empty. Registers are those of all threads; memory\n"
	  "comes with that of the ancestors. Zeroes are holes. As in a core of the\n"
	  "kernel's, pages of files are not in it unless the process had changed them: give\n"
	  "gdb the container's file system. What the checkpoint does not hold (lazy pages,\n"
	  "a parent that is not here) is told and left out, so that gdb does not read\n"
	  "zeroes there. Then:\n"
	  "\n"
	  "  gdb -iex 'set sysroot ROOTFS' ROOTFS/usr/bin/program core.1\n"
	  "\n"
	  "and gdb-multiarch for a checkpoint of another machine. Secrets are in it: all of\n"
	  "memory. Without --max-size as much is written as 64 times all pages that are\n"
	  "stored.\n" },
	{ command_tui,
	  "? shows the keys. Enter opens what is selected, Esc goes back, Q quits; the line\n"
	  "below says where a row was read from, c which command prints it. Nothing is\n"
	  "written but what w writes, into the DIR of -o.\n"
	  "\n"
	  "A script has lines \"size 120x40\", \"keys j j Enter F4 ^D\", \"type TEXT\", \"save\n"
	  "[FILE]\": the screen as text, to FILE in the DIR of -o or to standard output;\n"
	  "\"looks [FILE]\": a letter for the look of each cell; and # comments.\n" },
	{ command_check,
	  "Rules look at the checkpoint's tables, and at CRIU's logs in it; \"coldcase\n"
	  "rules\" lists them. Where a dump or restore failed, the first cause is told. A\n"
	  "log by itself can stand in place of a checkpoint.\n"
	  "\n"
	  "--profile says whom the restore is for: same-host (the usual), other-host,\n"
	  "other-pod, plain-criu (no engine that supplies what is external), forensic (what\n"
	  "ran there?). --assume names what the restore will be given; without it what the\n"
	  "producer's own restore has, as far as the dump needed it:\n"
	  "\n"
	  "  tcp-established tcp-close file-locks ext-unix-sk shell-job link-remap external\n"
	  "  allow-uprobes devices, or none\n"
	  "\n"
	  "--format is text, json, jsonl, csv, sarif, junit or markdown, and --report\n"
	  "writes others beside it. Findings that are known are left out: lines RULE\n"
	  "SUBJECT exp:YYYY-MM-DD # reason of --ignore, where SUBJECT is a pattern as of\n"
	  "shells, and those of an earlier --baseline.\n"
	  "\n"
	  "Exit status 1: something is as severe as --fail-on (error, unless it says\n"
	  "otherwise).\n" },
	{ command_decode,
	  "One image is a document, several are an object of them by name. \"coldcase\n"
	  "encode\" has the way back. --offsets lists instead where each header word, size\n"
	  "word, field and content is: offset, length, number, wire type, name, value; as\n"
	  "text, or with --format json as rows.\n" },
	{ command_encode,
	  "A DOCUMENT (without one, or \"-\": standard input) is what decode or CRIU's\n"
	  "decoder printed of one image, plain or readable, edited or not; of an intact\n"
	  "image it gives the same bytes. What is wrong with it is told with its line,\n"
	  "column and path.\n"
	  "\n"
	  "--set changes single values, of a document or of an IMAGE itself, and keeps\n"
	  "every other byte:\n"
	  "\n"
	  "  coldcase encode files.img -o new.img --set 'entries[3].isk.src_port=8080'\n"
	  "\n"
	  "VALUE is as decode shows it: a number, 0x..., a name, flags \"A | B\", an address,\n"
	  "text, base64 for bytes. Lists keep their length, and messages that are absent\n"
	  "stay so; what says how many bytes of content follow is changed in a document,\n"
	  "together with them.\n"
	  "\n"
	  "Without -o the image goes to standard output, unless that is a terminal.\n" },
	{ command_carve,
	  "DIR is made, or must be empty. The files in it are called by kind and id, as\n"
	  "ghost-1a; what was their path or socket, who had them, from where in which image\n"
	  "they are and what is missing of them stands in DIR/manifest.tsv, the pieces of\n"
	  "those that have several or holes in DIR/parts.tsv. Holes stay holes. With --pid\n"
	  "only what these processes had open or mapped.\n" },
	{ command_verify,
	  "Looks at every image and at what they say of one another, as a restore would;\n"
	  "nothing is restored. Exit status: 0 whole, 1 something at or above --fail-on\n"
	  "(error), 4 damaged. Of a chain name the newest directory; of a page server's\n"
	  "dump, its directory with --parent.\n" },
	{ command_manifest,
	  "Any archive or directory, read once. Text is what hashdeep(1) writes and audits;\n"
	  "\"./NAME\" is the archive itself. --check FILE tells what differs from an earlier\n"
	  "manifest, whether text, json or jsonl; the status is 1 then. Directories, links\n"
	  "and devices have no row.\n" },
};

/* A text that begins in a column and goes on there, so that no line is longer than 80. */
static void print_folded(struct out *out, const char *text, size_t column)
{
	size_t room = 80 - column;

	while (strlen(text) > room) {
		size_t len = room;

		while (len > 0 && text[len] != ' ')
			len--;
		if (!len)
			break;
		out_printf(out, "%.*s\n%*s", (int)len, text, (int)column, "");
		text += len + 1;
	}
	out_printf(out, "%s\n", text);
}

static void print_kinds(struct out *out)
{
	out_text(out, "\nKinds of contents, for --what:\n");
	for (size_t i = 0; i < n_content_kinds; i++) {
		out_printf(out, "  %-8s ", content_kinds[i].name);
		print_folded(out, content_kinds[i].help, 11);
	}
}

static void print_checks(struct out *out)
{
	const struct verify_check *check;

	out_text(out, "\nChecks, and how grave what they find is:\n");
	for (size_t i = 0; (check = verify_check_at(i)); i++) {
		out_printf(out, "  %-24s %-8s ", check->id, severities[check->severity].name);
		print_folded(out, check->title, 36);
	}
}

static void print_help(const struct command *command, struct out *out)
{
	out_printf(out, "usage: coldcase %s [OPTIONS]%s%s\n\n%s\n\n", command->name,
		   *command->arguments ? " " : "", command->arguments, command->help);
	for (size_t i = 0; i < ARRAY_SIZE(more_help); i++)
		if (more_help[i].run == command->run)
			out_printf(out, "%s\n", more_help[i].text);
	out_text(out, "Options:\n");
	options_help(command, out);
	if (command->run == command_list)
		print_tables(out);
	if (command->takes & TAKES_DIRECTORY)
		print_kinds(out);
	if (command->run == command_verify)
		print_checks(out);
}

/* --- choosing a command ----------------------------------------------------------------------- */

static const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static struct error *unknown_command(const char *word)
{
	struct nearest nearest = nearest_to(bytes_of(word));

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		nearest_try(&nearest, bytes_of(commands[i].name));
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
	struct error *error = checkpoint_open_as(path, &opening, ret);

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
	checkpoint_close(checkpoint);
}

/* The door closes: from here on the inputs are read, and what is open is written. */
static void enter_sandbox(const struct command *command, const struct invocation *invocation,
			  const struct target *target)
{
	const struct options *options = &invocation->options;
	size_t n = (size_t)invocation->n_arguments + options->n_parents + 2;
	const char **inputs = calloc(n + 1, sizeof(*inputs));
	char *output = target->temporary ? strdup(target->real) : NULL;
	char *database = options->database ? realpath(options->database, NULL) : NULL;
	struct sandbox sandbox = { .inputs = inputs };
	int last = invocation->n_arguments;

	if (!inputs || (target->temporary && !output))
		out_of_memory();
	if (command->takes & TAKES_WORDS)
		last = 1;
	for (int i = command->takes & TAKES_TABLE ? 1 : 0; i < last; i++)
		inputs[sandbox.n_inputs++] = invocation->arguments[i];
	for (size_t i = 0; i < options->n_parents; i++)
		inputs[sandbox.n_inputs++] = options->parents[i];
	if (options->check)
		inputs[sandbox.n_inputs++] = options->check;
	if (options->judge.log)
		inputs[sandbox.n_inputs++] = options->judge.log;
	if (output)
		sandbox.output_directory = dirname(output);
	if (database)
		sandbox.database_directory = dirname(database);
	sandbox.files_directory = options->directory;
	if (invocation->judgement)
		judgement_directories(invocation->judgement, &sandbox);
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

	if (command->run == command_search)
		error = prepare_search(invocation);
	if (command->run == command_tui)
		error = prepare_tui(invocation);
	if (command->run == command_query)
		error = prepare_query(invocation);
	if (command->run == command_index)
		error = prepare_index(invocation);
	if (!error && command->takes & TAKES_RULES)
		error = prepare_judgement(invocation);
	if (!error && (command->takes & TAKES_MEMORY || invocation->wants_memory))
		error = open_spool(&invocation->options, spool);
	if (!error && spool->fd >= 0)
		invocation->spool = spool;
	return error;
}

static void release(struct invocation *invocation)
{
	if (invocation->terminal)
		release_tui(invocation);
	release_index(invocation);
	pattern_free(invocation->pattern);
	if (invocation->spool)
		close(invocation->spool->fd);
	free(invocation->text);
	release_judgement(invocation);
	invocation->text = NULL;
	invocation->pattern = NULL;
	invocation->spool = NULL;
}

static struct error *check_arguments(const struct command *command, int n)
{
	if (n < command->min_arguments)
		return error_new(ERROR_USAGE, "usage: coldcase %s [OPTIONS] %s", command->name,
				 command->arguments);
	if (n > command->max_arguments)
		return error_new(ERROR_USAGE, "too many arguments; usage: coldcase %s [OPTIONS] %s",
				 command->name, command->arguments);
	return NULL;
}

static struct error *run(const struct command *command, struct invocation *invocation)
{
	struct target target = { .path = invocation->options.output,
				 .is_private = command->takes & TAKES_EACH };
	struct spool spool = { .fd = -1 };
	struct error *error, *write_error;

	error = check_arguments(command, invocation->n_arguments);
	if (!error && (command->takes & TAKES_DIRECTORY || invocation->options.directory))
		error = directory_open(invocation->options.directory, invocation->arguments[0],
				       &invocation->directory);
	if (!error)
		error = prepare(command, invocation, &spool);
	if (!error)
		error = target_open(&target, &invocation->out);
	if (error) {
		release(invocation);
		return error;
	}
	terminal_look(&invocation->options, &invocation->out);
	if (!invocation->options.quiet)
		progress_begin();
	if (!invocation->options.no_sandbox)
		enter_sandbox(command, invocation, &target);
	error = command->run(invocation);
	progress_end();
	release(invocation);
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
		out_printf(out, "coldcase: and %zu more\n", problems->dropped);
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

static void print_version(const struct command *command, struct out *out)
{
	(void)command;
	out_text(out, "coldcase " COLDCASE_VERSION "\nsandbox: ");
	print_sandbox(sandbox_support(), out);
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
		return print_text(print_help, command);
	return report(&invocation, run(command, &invocation));
}

static int run_help(char **words)
{
	const char *arguments[4] = { NULL };

	return run_words(2, words, arguments);
}

int main(int argc, char **argv)
{
	const char **arguments;
	int status;

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
