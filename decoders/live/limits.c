/* What is told of a task by lines or numbers of its own: limits, signals, auxiliary vector, control groups. */
#include "decoders/base/cursor.h"
#include "decoders/base/size.h"
#include "decoders/live/leaves.h"
#include "decoders/live/proc.h"
#include "decoders/model/leaves/auxv.h"
#include "decoders/model/leaves/cgroup.h"
#include "decoders/model/leaves/rlimit.h"
#include "decoders/model/leaves/sigaction.h"
#include "decoders/model/leaves/signal.h"
#include "decoders/model/leaves/text_lines.h"

static bool is_zombie(const struct process *process)
{
	return !strcmp(process->state, "zombie");
}

/* --- limits ---------------------------------------------------------------------------------------------------- */

/* As /proc/PID/limits calls them, in the order of their numbers. */
static const struct {
	const char *title, *name, *unit;
} resources[] = {
	{ "Max cpu time", "cpu", "s" },		     { "Max file size", "fsize", "bytes" },
	{ "Max data size", "data", "bytes" },	     { "Max stack size", "stack", "bytes" },
	{ "Max core file size", "core", "bytes" },   { "Max resident set", "rss", "bytes" },
	{ "Max processes", "nproc", "processes" },   { "Max open files", "nofile", "files" },
	{ "Max locked memory", "memlock", "bytes" }, { "Max address space", "as", "bytes" },
	{ "Max file locks", "locks", "locks" },	     { "Max pending signals", "sigpending", "signals" },
	{ "Max msgqueue size", "msgqueue", "bytes" }, { "Max nice priority", "nice", "priority" },
	{ "Max realtime priority", "rtprio", "priority" }, { "Max realtime timeout", "rttime", "us" },
};

static uint64_t limit_in(struct bytes word)
{
	uint64_t number;

	return proc_take_number(&word, 10, &number) ? number : ABSENT_U64; /* unlimited */
}

static void take_limit(struct live *live, struct leaf_rows *rows, uint32_t pid, struct bytes line, struct origin origin)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(resources); i++) {
		struct bytes text;
		struct rlimit_row *row;

		if (!proc_field(line, resources[i].title, &text))
			continue;
		row = leaf_add(live->checkpoint, rows);
		*row = (struct rlimit_row){ .origin = origin, .pid = pid, .resource = i, .name = resources[i].name,
					    .unit = resources[i].unit };
		row->soft = limit_in(text_word(&text));
		row->hard = limit_in(text_word(&text));
		return;
	}
}

void live_fill_rlimits(struct live *live, struct leaf_rows *rows)
{
	struct checkpoint *checkpoint = live->checkpoint;
	struct proc_file file;
	struct bytes line;

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		const struct process *process = &checkpoint->processes.items[i];

		if (is_zombie(process) || !proc_open(live, UNSEEN_TASKS, process->pid, "limits", &file))
			continue;
		while (proc_line(&file, &line))
			take_limit(live, rows, process->pid, line, proc_origin(file.member, file.line));
		proc_close(&file);
	}
}

/* --- the auxiliary vector ---------------------------------------------------------------------------------------- */

/* Pairs of words; only of a program of our own word size. */
void live_fill_auxv(struct live *live, struct leaf_rows *rows)
{
	struct checkpoint *checkpoint = live->checkpoint;

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		const struct process *process = &checkpoint->processes.items[i];
		uint32_t member = NO_ROW, n = 0;
		struct bytes text;
		uint64_t pair[2];

		if (is_zombie(process))
			continue;
		text = proc_text(live, UNSEEN_STRINGS, process->pid, "auxv", &member);
		for (; text.len >= sizeof(pair); text = bytes_from(text, sizeof(pair))) {
			memcpy(pair, text.data, sizeof(pair));
			if (pair[0] == 0)
				break;
			*(struct auxv *)leaf_add(checkpoint, rows) = (struct auxv){
				.origin = { .member = member, .entry = n, .offset = n * sizeof(pair) },
				.pid = process->pid, .type = pair[0], .value = pair[1],
			};
			n++;
		}
	}
}

/* --- signals ----------------------------------------------------------------------------------------------------- */

static void add_pending(struct live *live, struct leaf_rows *rows, uint32_t pid, uint32_t tid, uint64_t mask,
			struct origin origin)
{
	for (uint32_t i = 0; i < 64; i++)
		if (mask >> i & 1)
			*(struct signal *)leaf_add(live->checkpoint, rows) = (struct signal){
				.origin = origin, .pid = pid, .tid = tid, .signal = i + 1,
				.sender_pid = ABSENT_U32, .sender_uid = ABSENT_U32, .timer_id = ABSENT_U32,
				.overrun = ABSENT_U32, .status = ABSENT_U32, .fd = ABSENT_U32,
				.syscall = ABSENT_U32, .address = ABSENT_U64,
			};
}

void live_fill_signals(struct live *live, struct leaf_rows *rows)
{
	struct checkpoint *checkpoint = live->checkpoint;

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		const struct process *process = &checkpoint->processes.items[i];

		if (!is_zombie(process))
			add_pending(live, rows, process->pid, ABSENT_U32, process->pending_signals, process->origin);
	}
	for (size_t i = 0; i < checkpoint->threads.n; i++) {
		const struct thread *thread = &checkpoint->threads.items[i];

		if (strcmp(thread->state, "zombie") != 0)
			add_pending(live, rows, thread->pid, thread->tid, thread->pending_signals, thread->origin);
	}
}

/* Which function handles a signal is known to nobody outside. */
void live_fill_sigactions(struct live *live, struct leaf_rows *rows)
{
	struct checkpoint *checkpoint = live->checkpoint;

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		const struct process *process = &checkpoint->processes.items[i];

		for (uint32_t k = 0; k < 64 && !is_zombie(process); k++) {
			bool is_ignored = process->ignored_signals >> k & 1, is_caught = process->caught_signals >> k & 1;

			if (!is_ignored && !is_caught)
				continue;
			*(struct sigaction_row *)leaf_add(checkpoint, rows) = (struct sigaction_row){
				.origin = process->origin, .pid = process->pid, .signal = k + 1,
				.action = is_caught ? "handler" : "ignore",
				.handler = ABSENT_U64, .flags = ABSENT_U64, .mask = ABSENT_U64,
				.mask_extended = ABSENT_U64, .restorer = ABSENT_U64,
			};
		}
	}
}

/* --- control groups ------------------------------------------------------------------------------------------------ */

/* "0::/path", "5:cpu,cpuacct:/path" */
static void take_cgroup(struct live *live, struct leaf_rows *rows, uint32_t set, struct bytes line, uint32_t number)
{
	struct checkpoint *checkpoint = live->checkpoint;
	size_t first = bytes_find(line, ':');
	struct bytes rest = bytes_from(line, first + 1);
	size_t second = bytes_find(rest, ':');

	if (second >= rest.len)
		return;
	*(struct cgroup *)leaf_add(checkpoint, rows) = (struct cgroup){
		.origin = proc_origin(live->cgroups.items[set].member, number),
		.set_id = set, .root_set_id = ABSENT_U32, .cgns_prefix = ABSENT_U32,
		.controller = bytes_first(rest, second),
		.path = bytes_from(rest, second + 1),
		.processes = live->cgroups.items[set].processes,
	};
}

void live_fill_cgroups(struct live *live, struct leaf_rows *rows)
{
	for (uint32_t set = 0; set < live->cgroups.n; set++) {
		struct bytes rest = live->cgroups.items[set].lines, line;

		for (uint32_t number = 0; text_line(&rest, &line); number++)
			take_cgroup(live, rows, set, line, number);
	}
}
