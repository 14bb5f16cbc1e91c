/* core CHECKPOINT: processes as ELF core files, for debuggers. */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "inspect/export/core_file.h"
#include "inspect/export/directory.h"
#include "decoders/base/human.h"
#include "inspect/memory.h"
#include "inspect/options.h"
#include "inspect/unfinished.h"

static bool is_zombie(const struct process *process)
{
	return process->state && !strcmp(process->state, "zombie");
}

/* --- what to type next -------------------------------------------------------------------------------- */

/* The evidence names the program: what a shell could read something else in is not offered. */
static bool is_plain_path(struct bytes path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";

	for (size_t i = 0; i < path.len; i++)
		if (!path.data[i] || !strchr(plain, path.data[i]))
			return false;
	return path.len && path.data[0] == '/';
}

static bool is_ours(uint16_t machine)
{
#if defined(__x86_64__)
	return machine == EM_X86_64 || machine == EM_386;
#elif defined(__aarch64__)
	return machine == EM_AARCH64;
#else
	(void)machine;
	return false;
#endif
}

static void hint(struct invocation *invocation, const struct checkpoint *checkpoint,
		 const struct process *process, uint16_t machine, const char *name)
{
	const char *directory = invocation->options.directory;
	const struct file *exe = checkpoint_file(checkpoint, map_get(&checkpoint->file_by_id,
								     process->exe_file_id));
	struct bytes path = exe && is_plain_path(exe->path) ? exe->path : BYTES("/EXECUTABLE");

	invocation_note(invocation,
			error_new(ERROR_DAMAGED, "next, with ROOT the container's file system: "
						 "%s -iex 'set sysroot ROOT' ROOT%.*s %s%s%s",
				  is_ours(machine) ? "gdb" : "gdb-multiarch", BYTES_FMT(path),
				  directory ? directory : "", directory ? "/" : "", name));
}

/* --- one process to a file ------------------------------------------------------------------------------ */

static struct error *choose_process(const struct options *options, const struct checkpoint *checkpoint,
				    uint32_t *ret)
{
	size_t n = 0;

	if (options->n_pids == 1) {
		*ret = process_row(checkpoint, options->pids[0]);
		return NULL;
	}
	for (uint32_t i = 0; i < checkpoint->processes.n; i++)
		if (!is_zombie(&checkpoint->processes.items[i]) && n++ == 0)
			*ret = i;
	if (n == 0)
		return error_new(ERROR_UNREADABLE, "no process in it has registers");
	return n == 1 && options->n_pids == 0
		       ? NULL
		       : error_new(ERROR_USAGE, "a core is of one process: -p PID, one of them (\"coldcase ps\" "
						"lists them), or -d DIR for a core of each");
}

static struct error *write_one(struct invocation *invocation, struct checkpoint *checkpoint)
{
	const char *name = invocation->options.output;
	struct core_limits limits = core_limits_of(checkpoint, invocation->options.max_size);
	struct core_summary summary;
	uint32_t process = NO_ROW;
	struct error *error = choose_process(&invocation->options, checkpoint, &process);

	if (!error)
		error = core_file_write(checkpoint, process, &limits, &invocation->out, &summary);
	if (!error && !out_flush(&invocation->out)) {
		errno = invocation->out.error;
		error = error_errno(ERROR_INTERNAL, "cannot write the output");
	}
	if (!error)
		hint(invocation, checkpoint, &checkpoint->processes.items[process], summary.machine,
		     name ? name : "CORE");
	return error;
}

/* --- each to a file in a directory ------------------------------------------------------------------------ */

static struct error *make_core(struct checkpoint *checkpoint, uint32_t process,
			       struct core_limits *limits, int fd, struct core_summary *ret)
{
	struct error *error;
	struct out out;

	out_init(&out, fd);
	error = core_file_write(checkpoint, process, limits, &out, ret);
	if (!error && !out_flush(&out)) {
		errno = out.error;
		error = error_errno(ERROR_INTERNAL, "cannot write");
	}
	out_deinit(&out);
	return error;
}

static struct error *write_named(struct invocation *invocation, struct checkpoint *checkpoint,
				 uint32_t process, struct core_limits *limits, bool with_hint)
{
	const struct process *row = &checkpoint->processes.items[process];
	struct unfinished unfinished;
	struct core_summary summary;
	struct error *error;
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "core.%u", row->pid);
	unfinished_hold();
	fd = directory_make_file(invocation->directory, name);
	if (fd >= 0)
		unfinished_begin(&unfinished, invocation->directory, name);
	unfinished_let();
	if (fd < 0)
		return error_in_image(error_errno(ERROR_INTERNAL, "cannot make the file"),
				      bytes_of(name));
	error = make_core(checkpoint, process, limits, fd, &summary);
	if (close(fd) < 0 && !error)
		error = error_errno(ERROR_INTERNAL, "cannot write");
	if (error)
		unlinkat(invocation->directory, name, 0);
	unfinished_end(&unfinished);
	if (error)
		return error_in_image(error, bytes_of(name));
	out_printf(&invocation->out, "%-16s %6zu threads  ", name, summary.n_threads);
	print_size_column(summary.bytes, 8, &invocation->out);
	out_text(&invocation->out, "  ");
	escape_text(&invocation->out, row->comm);
	out_char(&invocation->out, '\n');
	if (with_hint)
		hint(invocation, checkpoint, row, summary.machine, name);
	return NULL;
}

/* Those that -p names; without it all. */
static bool is_wanted(const struct options *options, uint32_t pid)
{
	for (size_t i = 0; i < options->n_pids; i++)
		if (options->pids[i] == pid)
			return true;
	return options->n_pids == 0;
}

static struct error *write_each(struct invocation *invocation, struct checkpoint *checkpoint)
{
	const struct options *options = &invocation->options;
	struct core_limits limits = core_limits_of(checkpoint, options->max_size);
	bool is_first = true;

	for (uint32_t i = 0; i < checkpoint->processes.n; i++) {
		const struct process *process = &checkpoint->processes.items[i];
		struct error *error;

		if (!is_wanted(options, process->pid))
			continue;
		if (is_zombie(process) && options->n_pids == 0) {
			invocation_note(invocation, error_new(ERROR_DAMAGED, "process %u is a zombie: no core",
							      process->pid));
			continue;
		}
		error = write_named(invocation, checkpoint, i, &limits, is_first);
		is_first = false;
		if (error && error->kind == ERROR_INTERNAL)
			return error;
		problems_add(&invocation->problems, error);
	}
	return NULL;
}

/* --- the command -------------------------------------------------------------------------------------------- */

static struct error *run_core(struct invocation *invocation)
{
	const struct options *options = &invocation->options;
	struct checkpoint checkpoint;
	struct error *error;

	if (!options->directory && !options->output && isatty(STDOUT_FILENO))
		return error_new(ERROR_USAGE, "a core is nothing for a terminal: -o FILE, or -d DIR for a core "
					      "of each process");
	error = open_memory(invocation, &checkpoint);
	if (error)
		return error;
	checkpoint_need(&checkpoint, PART_TASKS | PART_FILES | PART_STRINGS);
	error = options->directory ? write_each(invocation, &checkpoint)
				   : write_one(invocation, &checkpoint);
	finish_checkpoint(invocation, &checkpoint);
	return error_in_source(error, options->directory ? options->directory
							 : invocation->arguments[0]);
}

/* --- the command line ----------------------------------------------------------------------------------- */

static const struct option core_options[] = {
	{ 0, "max-size", "SIZE", "bytes of memory that are written at most", .set = option_max_size },
	{ 'd', "directory", "DIR", "a core.PID of each process, there", KEEPS(directory) },
	{ 0 },
};

const struct command command_core = {
	.name = "core",
	.arguments = "CHECKPOINT",
	.help = "processes as ELF core files, for gdb; of any machine",
	.about = "With -o a core of one process, with -d a core.PID of each (or of those of -p) in\n"
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
		 "stored.\n",
	.options = { core_options, pid_options, parent_options, output_options, spool_options },
	.reads_memory = true,
	.output_is_private = true,
	.least_arguments = 1,
	.most_arguments = 1,
	.needs_images = true,
	.run = run_core,
};
