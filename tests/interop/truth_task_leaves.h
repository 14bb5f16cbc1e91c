/*
 * The tables of what a task has without a descriptor: auxv, rlimit, sigaction, signal, timer.
 * Against /proc of the tasks just before the dump (proc.json), and against what the workload
 * says it did (truth.json).
 */
#pragma once

#include "tests/interop/corpus.h"
#include "tests/interop/tasks.h"

static size_t n_vectors, n_limits, n_masks, n_pending, n_timerfds, n_task_truths;

/* --- limits --------------------------------------------------------------------------------- */

/* What /proc/PID/limits calls them, in the order of the table. */
static const struct {
	const char *proc, *name;
} limit_names[] = {
	{ "Max cpu time", "cpu" },	     { "Max file size", "fsize" },
	{ "Max data size", "data" },	     { "Max stack size", "stack" },
	{ "Max core file size", "core" },    { "Max resident set", "rss" },
	{ "Max processes", "nproc" },	     { "Max open files", "nofile" },
	{ "Max locked memory", "memlock" },  { "Max address space", "as" },
	{ "Max file locks", "locks" },	     { "Max pending signals", "sigpending" },
	{ "Max msgqueue size", "msgqueue" }, { "Max nice priority", "nice" },
	{ "Max realtime priority", "rtprio" }, { "Max realtime timeout", "rttime" },
};

/* "unlimited" is null beside a flag. */
static void compare_limit(struct json_object *row, const char *column, const char *flag,
			  const char *wanted)
{
	bool unlimited = !strcmp(wanted, "unlimited");

	same_text(column, unlimited ? NULL : wanted, cell_text(row, column));
	holds(cell_true(row, flag) == unlimited, flag);
}

static struct json_object *find_limit(struct json_object *rows, int64_t pid, const char *name)
{
	struct json_object *row;

	EACH(row, rows)
		if (number_of(row, "pid") == pid && !strcmp(text_of(row, "name"), name))
			return row;
	return NULL;
}

static const char *nth_text(struct json_object *list, size_t i)
{
	return json_object_get_string(json_object_array_get_idx(list, i));
}

static void compare_pair(struct json_object *rows, int64_t pid, const char *name,
			 struct json_object *pair)
{
	struct json_object *row = find_limit(rows, pid, name);

	look_at("pid %" PRId64 " limit %s", pid, name);
	holds(row != NULL, "the limit is there");
	if (!row)
		return;
	compare_limit(row, "soft", "soft_unlimited", nth_text(pair, 0));
	compare_limit(row, "hard", "hard_unlimited", nth_text(pair, 1));
	n_limits++;
}

static void compare_limits(struct json_object *rows, struct json_object *task, int64_t pid)
{
	struct json_object *wanted = member(task, "limits"), *pair;

	for (size_t i = 0; i < ARRAY_SIZE(limit_names); i++)
		if ((pair = member(wanted, limit_names[i].proc)))
			compare_pair(rows, pid, limit_names[i].name, pair);
	look_at("pid %" PRId64, pid);
	same_number("limits", json_object_object_length(wanted), count_rows(rows, "pid", pid));
}

static void check_limits(const struct case_files *files, struct json_object *rows)
{
	static const char *const names[][2] = { { "NOFILE", "nofile" }, { "MEMLOCK", "memlock" },
						{ "CORE", "core" } };
	struct json_object *truth;

	EACH(truth, member(files->truth, "limits"))
		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			compare_pair(rows, number_of(truth, "pid"), names[i][1],
				     member(truth, names[i][0]));
}

/* --- signals -------------------------------------------------------------------------------- */

static uint64_t hex_of(struct json_object *object, const char *key)
{
	return strtoull(text_of(object, key), NULL, 16);
}

static void compare_actions(struct json_object *rows, struct json_object *task, int64_t pid)
{
	const uint64_t kill = 1 << 8, stop = 1 << 18; /* these have no action */
	uint64_t seen = 0, ignored = 0, caught = 0;
	struct json_object *row;
	size_t n = 0;

	look_at("pid %" PRId64 " actions", pid);
	EACH(row, rows) {
		const char *action = cell_text(row, "action");
		uint64_t bit = 1ull << (cell_number(row, "signal") - 1);

		if (number_of(row, "pid") != pid)
			continue;
		n++;
		seen |= bit;
		ignored |= !strcmp(action, "ignore") ? bit : 0;
		caught |= !strcmp(action, "handler") ? bit : 0;
		holds(!strcmp(action, "handler") == (cell(row, "handler") != NULL),
		      "a handler has an address");
	}
	same_number("actions", 62, (int64_t)n);
	same_mask("signals", ~(kill | stop), seen);
	same_mask("ignored", hex_of(task, "SigIgn"), ignored);
	same_mask("caught", hex_of(task, "SigCgt"), caught);
	n_masks++;
}

static void check_actions(const struct case_files *files, struct json_object *rows)
{
	struct json_object *truth, *row, *flag, *signal;

	EACH(truth, member(files->truth, "sigaction")) {
		bool ignore = !strcmp(text_of(truth, "handler"), "SIG_IGN");
		uint64_t mask = 0;

		look_at("signal %" PRId64 " (truth)", number_of(truth, "signo"));
		row = find_row(rows, "pid", number_of(truth, "pid"), "signal",
			       number_of(truth, "signo"));
		same_text("action", ignore ? "ignore" : "handler", cell_text(row, "action"));
		same_text("handler", ignore ? NULL : text_of(truth, "handler"),
			  cell_text(row, "handler"));
		EACH(flag, member(truth, "flags_has"))
			holds(strstr(cell_text(row, "flag_names"), json_object_get_string(flag)),
			      json_object_get_string(flag));
		EACH(signal, member(truth, "mask"))
			mask |= 1ull << (json_object_get_int64(signal) - 1);
		if (member(truth, "mask"))
			same_mask("mask", mask, cell_mask(row, "mask"));
		n_task_truths++;
	}
}

/* The pending signals as /proc has them: a mask of the process, and one of its first thread. */
static void compare_pending(struct json_object *rows, struct json_object *task, int64_t pid)
{
	uint64_t shared = 0, own = 0;
	struct json_object *row;

	EACH(row, rows) {
		uint64_t bit = 1ull << (cell_number(row, "signal") - 1);

		if (number_of(row, "pid") != pid)
			continue;
		if (!cell(row, "tid"))
			shared |= bit;
		else if (cell_number(row, "tid") == pid)
			own |= bit;
	}
	look_at("pid %" PRId64 " pending", pid);
	same_mask("to the process", hex_of(task, "ShdPnd"), shared);
	same_mask("to the thread", hex_of(task, "SigPnd"), own);
	n_pending++;
}

/* The N-th signal that waits for the process, or for a thread of it. */
static struct json_object *nth_signal(struct json_object *rows, int64_t pid, bool shared, size_t n)
{
	struct json_object *row;

	EACH(row, rows)
		if (number_of(row, "pid") == pid && shared == !cell(row, "tid") && n-- == 0)
			return row;
	return NULL;
}

/* Sent to itself: with sigqueue where it has a value, else with tgkill. */
static void check_queue(struct json_object *rows, int64_t pid, bool shared,
			struct json_object *queue)
{
	struct json_object *truth, *row;

	EACH(truth, queue) {
		bool has_value = member(truth, "sival");

		look_at("pid %" PRId64 " pending %zu (truth)", pid, truth_at);
		row = nth_signal(rows, pid, shared, truth_at);
		same_number("signal", number_of(truth, "signo"), cell_number(row, "signal"));
		same_text("code_name", has_value ? "SI_QUEUE" : "SI_TKILL",
			  cell_text(row, "code_name"));
		same_number("sender_pid", pid, cell_number(row, "sender_pid"));
		same_number("sender_uid", 0, cell_number(row, "sender_uid"));
		same_number("errno", 0, cell_number(row, "errno"));
		same_number("value_int", has_value ? number_of(truth, "sival") : ABSENT,
			    cell_number(row, "value_int"));
		n_task_truths++;
	}
}

static void check_pending(const struct case_files *files, struct json_object *rows)
{
	struct json_object *truth;

	EACH(truth, member(files->truth, "pending")) {
		struct json_object *shared = member(truth, "shared");
		struct json_object *own = member(truth, "thread");
		int64_t pid = number_of(truth, "pid");

		same_number("pending", (int64_t)(length(shared) + length(own)),
			    (int64_t)count_rows(rows, "pid", pid));
		check_queue(rows, pid, true, shared);
		check_queue(rows, pid, false, own);
	}
}

/* --- timers --------------------------------------------------------------------------------- */

enum { NS_PER_S = 1000000000 };

/* Nanoseconds, as exactly as the truth has them. */
static int64_t ns_of(struct json_object *object, const char *key)
{
	return (int64_t)(json_object_get_double(member(object, key)) * 1e9 + 0.5);
}

/*
 * A timer ran on between the moment of the truth and the dump. Those of CPU time go by ticks,
 * and the kernel adds one when it is asked (4 ms at 250 Hz, 10 ms at 100 Hz).
 */
static void close_below(int64_t wanted, int64_t found, int64_t most_s)
{
	holds(found <= wanted + NS_PER_S / 100 && found >= wanted - most_s * NS_PER_S,
	      "what is left is a little less than what was set");
}

static void check_run(struct json_object *truth, struct json_object *row)
{
	bool armed = !member(truth, "armed") && !member(truth, "expired_unread");

	holds(cell_true(row, "armed") == armed, "armed as the truth says");
	same_number("interval_ns", ns_of(truth, "interval_s"), cell_number(row, "interval_ns"));
	if (member(truth, "value_s"))
		close_below(ns_of(truth, "value_s"), cell_number(row, "remaining_ns"), 300);
	else if (!armed)
		same_number("remaining_ns", 0, cell_number(row, "remaining_ns"));
	n_task_truths++;
}

static struct json_object *find_timer(struct json_object *rows, int64_t pid, const char *kind,
				      const char *name)
{
	struct json_object *row;

	EACH(row, rows)
		if (number_of(row, "pid") == pid && !strcmp(text_of(row, "kind"), kind) &&
		    (!name || !strcmp(text_of(row, "name"), name)))
			return row;
	return NULL;
}

static void check_itimers(const struct case_files *files, struct json_object *rows)
{
	static const char *const names[][2] = { { "real", "real" }, { "virt", "virtual" },
						{ "prof", "prof" } };
	struct json_object *truth;

	EACH(truth, member(files->truth, "itimer"))
		for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
			look_at("itimer %s", names[i][1]);
			check_run(member(truth, names[i][0]),
				  find_timer(rows, number_of(truth, "pid"), "itimer", names[i][1]));
		}
}

static struct json_object *find_posix(struct json_object *rows, int64_t pid, int64_t id)
{
	struct json_object *row;

	EACH(row, rows)
		if (number_of(row, "pid") == pid && cell_number(row, "id") == id)
			return row;
	return NULL;
}

static void check_posix(const struct case_files *files, struct json_object *rows)
{
	struct json_object *truth, *row;

	EACH(truth, member(files->truth, "posix_timer")) {
		look_at("posix timer %" PRId64, number_of(truth, "id"));
		row = find_posix(rows, number_of(truth, "pid"), number_of(truth, "id"));
		check_run(truth, row);
		same_text("kind", "posix", cell_text(row, "kind"));
		same_text("clock", text_of(truth, "clock"), cell_text(row, "clock"));
		same_number("clock_id", number_of(truth, "clockid"), cell_number(row, "clock_id"));
		same_text("notify", text_of(truth, "notify"), cell_text(row, "notify"));
		same_number("signal", member(truth, "signo") ? number_of(truth, "signo") : ABSENT,
			    cell_number(row, "signal"));
		if (member(truth, "sival"))
			same_text("value", text_of(truth, "sival"), cell_text(row, "value"));
	}
}

struct timer_tables {
	struct json_object *timers, *fds;
};

static struct json_object *timer_of(const struct timer_tables *tables, int64_t pid, int64_t fd)
{
	struct json_object *row = find_row(tables->fds, "pid", pid, "fd", fd);

	return row ? find_row(tables->timers, "file_id", number_of(row, "file_id"), NULL, 0) : NULL;
}

static void check_timerfds(const struct case_files *files, const struct timer_tables *tables)
{
	struct json_object *truth, *row;

	EACH(truth, member(files->truth, "timerfd")) {
		look_at("timerfd %" PRId64, number_of(truth, "fd"));
		row = timer_of(tables, number_of(truth, "pid"), number_of(truth, "fd"));
		check_run(truth, row);
		same_text("clock", text_of(truth, "clock"), cell_text(row, "clock"));
		if (member(truth, "abs"))
			holds(json_object_get_boolean(member(truth, "abs")) ==
				      cell_true(row, "absolute"), "absolute as the truth says");
		same_number("missed", number_of(truth, "expired_unread"),
			    cell_number(row, "missed"));
	}
}

/* The value behind "KEY: " in the lines of a descriptor; "" where there is none. */
static const char *line_of(struct json_object *descriptor, const char *key)
{
	struct json_object *line;

	EACH(line, member(descriptor, "info"))
		if (!strncmp(json_object_get_string(line), key, strlen(key)))
			return json_object_get_string(line) + strlen(key);
	return "";
}

static void compare_timerfd(struct json_object *row, struct json_object *descriptor)
{
	int64_t s = 0, ns = 0, interval_s = 0, interval_ns = 0;

	holds(row != NULL, "the timer is there");
	if (!row)
		return;
	sscanf(line_of(descriptor, "it_value:"), " (%" SCNd64 ", %" SCNd64 ")", &s, &ns);
	sscanf(line_of(descriptor, "it_interval:"), " (%" SCNd64 ", %" SCNd64 ")", &interval_s,
	       &interval_ns);
	same_number("clock_id", strtoll(line_of(descriptor, "clockid:"), NULL, 10),
		    cell_number(row, "clock_id"));
	same_number("missed", strtoll(line_of(descriptor, "ticks:"), NULL, 10),
		    cell_number(row, "missed"));
	same_number("interval_ns", interval_s * NS_PER_S + interval_ns,
		    cell_number(row, "interval_ns"));
	close_below(s * NS_PER_S + ns, cell_number(row, "remaining_ns"), 60);
	holds(cell_true(row, "absolute") == (line_of(descriptor, "settime flags:")[2] == '1'),
	      "absolute as /proc says");
	n_timerfds++;
}

static void compare_timerfds(const struct timer_tables *tables, struct json_object *task,
			     int64_t pid)
{
	struct json_object *descriptor;

	EACH(descriptor, member(task, "fds")) {
		if (strcmp(text_of(descriptor, "link"), "anon_inode:[timerfd]") != 0)
			continue;
		look_at("pid %" PRId64 " timerfd %" PRId64, pid, number_of(descriptor, "fd"));
		compare_timerfd(timer_of(tables, pid, number_of(descriptor, "fd")), descriptor);
	}
}

/* --- the auxiliary vector ------------------------------------------------------------------- */

static uint64_t aux_of(struct json_object *rows, int64_t pid, const char *name)
{
	struct json_object *row;

	EACH(row, rows)
		if (number_of(row, "pid") == pid && text_of(row, "name") &&
		    !strcmp(text_of(row, "name"), name))
			return cell_mask(row, "value");
	return 0;
}

/* Whether ADDRESS is in a mapping of the task whose line ends in NAME; *ret_start is its start. */
static bool is_in(struct json_object *task, const char *name, uint64_t address, uint64_t *ret_start)
{
	struct json_object *line;
	uint64_t end;

	EACH(line, member(task, "maps")) {
		const char *text = json_object_get_string(line);
		size_t len = strlen(text), tail = strlen(name);

		if (len > tail && !strcmp(text + len - tail, name) &&
		    sscanf(text, "%" SCNx64 "-%" SCNx64, ret_start, &end) == 2 &&
		    *ret_start <= address && address < end)
			return true;
	}
	return false;
}

/* The kernel filled the vector when it mapped the program: its addresses are in those mappings. */
static void compare_auxv(const struct case_files *files, struct json_object *rows,
			 struct json_object *task, int64_t pid)
{
	uint64_t vdso = aux_of(rows, pid, "AT_SYSINFO_EHDR"), start;
	bool is_16k = strstr(files->name, "16k") != NULL; /* the others' kernels have 4k */

	look_at("pid %" PRId64 " auxv", pid);
	same_number("page size", is_16k ? 16384 : 4096,
		    (int64_t)aux_of(rows, pid, "AT_PAGESZ"));
	same_number("clock ticks", 100, (int64_t)aux_of(rows, pid, "AT_CLKTCK"));
	holds(is_in(task, "[vdso]", vdso, &start) && start == vdso, "AT_SYSINFO_EHDR is the vdso");
	holds(is_in(task, text_of(task, "exe"), aux_of(rows, pid, "AT_ENTRY"), &start),
	      "AT_ENTRY is in the program");
	holds(is_in(task, text_of(task, "exe"), aux_of(rows, pid, "AT_PHDR"), &start),
	      "AT_PHDR is in the program");
	holds(is_in(task, "[stack]", aux_of(rows, pid, "AT_RANDOM"), &start),
	      "AT_RANDOM is on the stack");
	holds(aux_of(rows, pid, "AT_NULL") == 0 && !find_row(rows, "pid", pid, "type", 0),
	      "the end is no entry");
	n_vectors++;
}

/* --- all of it ------------------------------------------------------------------------------ */

struct task_tables {
	struct json_object *processes, *auxv, *limits, *actions, *signals;
	struct timer_tables timers;
};

static void compare_task(const struct case_files *files, const struct task_tables *tables,
			 struct json_object *task)
{
	struct json_object *row = find_task(files, tables->processes, task);
	int64_t pid = row ? number_of(row, "pid") : 0;

	/* Of a zombie nothing of this is left, and proc.json has no limits. */
	if (!row || !member(task, "limits") || !json_object_object_length(member(task, "limits")))
		return;
	compare_limits(tables->limits, task, pid);
	compare_actions(tables->actions, task, pid);
	compare_pending(tables->signals, task, pid);
	compare_timerfds(&tables->timers, task, pid);
	/* Another sleep than the one of proc.json lies elsewhere. */
	if (pid == image_pid(task))
		compare_auxv(files, tables->auxv, task, pid);
}

static void task_leaves_are_true(const struct case_files *files)
{
	struct json_object *task;
	struct task_tables tables;

	if (!files->checkpoint || is_refused(files))
		return;
	tables = (struct task_tables){
		.processes = list_table("process", files),
		.auxv = list_table("auxv", files),
		.limits = list_table("rlimit", files),
		.actions = list_table("sigaction", files),
		.signals = list_table("signal", files),
		.timers = { list_table("timer", files), list_table("fd", files) },
	};
	check_limits(files, tables.limits);
	check_actions(files, tables.actions);
	check_pending(files, tables.signals);
	check_itimers(files, tables.timers.timers);
	check_posix(files, tables.timers.timers);
	check_timerfds(files, &tables.timers);
	EACH(task, proc_tasks(files))
		compare_task(files, &tables, task);
}

static void task_leaves_were_enough(void)
{
	enough_was_compared("auxiliary vectors", n_vectors, 70);
	enough_was_compared("limits", n_limits, 1200);
	enough_was_compared("masks of actions", n_masks, 70);
	enough_was_compared("masks of pending signals", n_pending, 70);
	enough_was_compared("timerfds", n_timerfds, 30);
	enough_was_compared("truths of limits, signals and timers", n_task_truths, 30);
}

static const struct subject task_leaves_subject = {
	"task leaves", task_leaves_are_true, task_leaves_were_enough
};
