/*
 * The tables process, thread and env against the tasks that were dumped: /proc of each of them
 * just before the dump (proc.json), and what the workload says it did (truth.json).
 */
#pragma once

#include "tests/interop/corpus.h"
#include "tests/interop/tasks.h"

enum { CAP_NET_BIND_SERVICE = 10, CAP_NET_RAW = 13, CAP_SYS_PTRACE = 19 };

static size_t n_processes, n_variables, n_process_truths;

/* --- memory of a task ------------------------------------------------------------------------- */

/*
 * Strings live in the pages of a task. In these cases the pages are elsewhere, all or some of
 * them, so null is right: it says "not here", which the empty list would not. What is not null
 * must be true here too.
 */
static const struct {
	const char *cases, *why;
} pages_elsewhere[] = {
	{ "page-server-*", "they are in the directory of the page server" },
	{ "lazy-pages-*", "the stack was left to a page server that is gone" },
	{ "broken-parent-*", "the stack is in a parent that was removed" },
	{ "podman-pre-*", "the parent is another archive" },
};

static bool may_lack_strings(const char *case_name)
{
	for (size_t i = 0; i < ARRAY_SIZE(pages_elsewhere); i++)
		if (!fnmatch(pages_elsewhere[i].cases, case_name, 0))
			return true;
	return false;
}

/*
 * The arguments as /proc has them, without an empty tail: setproctitle fills what it does not
 * use of its arguments with zeroes, and the table leaves those away.
 */
static struct json_object *wanted_argv(struct json_object *task)
{
	struct json_object *argv = member(task, "cmdline");
	size_t n = length(argv);

	while (n > 1 && !*json_object_get_string(element(argv, n - 1)))
		json_object_array_del_idx(argv, --n, 1);
	return argv;
}

static void compare_argv(const struct case_files *files, struct json_object *row,
			 struct json_object *task)
{
	struct json_object *argv = cell(row, "argv");
	const char *path;

	n_compared++;
	if (!argv)
		holds(may_lack_strings(files->name), "a task has arguments");
	else if (!json_same(wanted_argv(task), argv, &path))
		differs("argv%s is %s, not %s", path, json_object_to_json_string(argv),
			json_object_to_json_string(member(task, "cmdline")));
}

/* "NAME=value" of /proc; a string without "=" has a name only. */
static void compare_variable(struct json_object *row, const char *string)
{
	size_t name_len = strcspn(string, "=");

	same_text("name", make_text("%.*s", (int)name_len, string), cell_text(row, "name"));
	same_text("value", string[name_len] ? string + name_len + 1 : NULL,
		  cell_text(row, "value"));
	n_variables++;
}

/* Empty strings are no variables; setproctitle leaves some where variables were. */
static struct json_object *wanted_variables(struct json_object *task)
{
	struct json_object *strings = hold(json_object_new_array()), *string;

	EACH(string, member(task, "environ"))
		if (*json_object_get_string(string))
			json_object_array_add(strings, json_object_get(string));
	return strings;
}

static void compare_environment(const struct case_files *files, struct json_object *env,
				struct json_object *task, int64_t pid)
{
	struct json_object *strings = wanted_variables(task), *row;
	size_t n = count_rows(env, "pid", pid), i = 0;

	if (n == 0 && may_lack_strings(files->name))
		return;
	same_number("variables", (int64_t)length(strings), (int64_t)n);
	EACH(row, env)
		if (number_of(row, "pid") == pid && i < length(strings))
			compare_variable(row, json_object_get_string(
						      element(strings, i++)));
}

/* --- /proc ------------------------------------------------------------------------------------ */

static const char *state_of(struct json_object *task)
{
	const char *state = text_of(task, "state");

	return !strcmp(state, "Z") ? "zombie" : !strcmp(state, "T") ? "stopped" : "alive";
}

/* "1000\t1000\t1000\t1000" of /proc/PID/status: real, effective, saved, file system. */
static void compare_ids(struct json_object *row, const char *ids, const char *const *columns)
{
	for (size_t i = 0; i < 4; i++) {
		char *end;

		same_number(columns[i], strtol(ids, &end, 10), cell_number(row, columns[i]));
		ids = end;
	}
}

static void compare_groups(struct json_object *row, const char *groups)
{
	struct json_object *group;
	char *end;

	EACH(group, cell(row, "groups")) {
		same_number("group", strtol(groups, &end, 10), json_object_get_int64(group));
		groups = end;
	}
	same_text("groups beyond the last", "", groups + strspn(groups, " "));
}

/*
 * In a user namespace the image has the ids that are seen inside, /proc those of the reader.
 * These cases map 0 to MAPPED and so on.
 */
static int64_t mapped_id(const struct case_files *files)
{
	return !fnmatch("oci-runc-user-*", files->name, 0) ? 100000 : 0;
}

/* CRIU 3.17 knows neither no_new_privs nor ambient capabilities; its images say nothing of them. */
static bool records_privileges(const struct case_files *files)
{
	return fnmatch("*-criu3.17*", files->name, 0) != 0;
}

static void compare_credentials(const struct case_files *files, struct json_object *row,
				struct json_object *task)
{
	static const char *const uids[] = { "uid", "euid", "suid", "fsuid" };
	static const char *const gids[] = { "gid", "egid", "sgid", "fsgid" };
	static const struct {
		const char *column, *status;
	} sets[] = {
		{ "cap_inheritable", "CapInh" }, { "cap_permitted", "CapPrm" },
		{ "cap_effective", "CapEff" },	 { "cap_bounding", "CapBnd" },
	};

	if (mapped_id(files)) {
		same_number("uid", strtol(text_of(task, "Uid"), NULL, 10) - mapped_id(files),
			    cell_number(row, "uid"));
	} else {
		compare_ids(row, text_of(task, "Uid"), uids);
		compare_ids(row, text_of(task, "Gid"), gids);
		compare_groups(row, text_of(task, "Groups"));
	}
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		same_mask(sets[i].column, strtoull(text_of(task, sets[i].status), NULL, 16),
			  cell_mask(row, sets[i].column));
	if (!records_privileges(files)) {
		holds(!cell(row, "no_new_privs"), "no_new_privs, which is not recorded, is null");
		holds(!cell(row, "cap_ambient"), "cap_ambient, which is not recorded, is null");
		return;
	}
	same_number("no_new_privs", strtol(text_of(task, "NoNewPrivs"), NULL, 10),
		    cell_number(row, "no_new_privs"));
	same_mask("cap_ambient", strtoull(text_of(task, "CapAmb"), NULL, 16),
		  cell_mask(row, "cap_ambient"));
}

/* What a zombie has no more. */
static void compare_living(const struct case_files *files, struct json_object *row,
			   struct json_object *task)
{
	static const char *const seccomp[] = { "disabled", "strict", "filter" };
	static const char *const paths[] = { "exe", "cwd", "root" };

	compare_credentials(files, row, task);
	same_number("pgid", last_number(text_of(task, "NSpgid")), cell_number(row, "pgid"));
	same_number("sid", last_number(text_of(task, "NSsid")), cell_number(row, "sid"));
	same_number("threads", (int64_t)length(member(task, "threads")),
		    cell_number(row, "threads"));
	same_number("fds", (int64_t)length(member(task, "fds")), cell_number(row, "fds"));
	same_mask("umask", strtoull(text_of(task, "Umask"), NULL, 8), cell_mask(row, "umask"));
	same_number("oom_score_adj", strtol(text_of(task, "oom_score_adj"), NULL, 10),
		    cell_number(row, "oom_score_adj"));
	same_text("seccomp", seccomp[strtoul(text_of(task, "Seccomp"), NULL, 10) % 3],
		  cell_text(row, "seccomp"));
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		same_text(paths[i], text_of(task, paths[i]), cell_text(row, paths[i]));
}

static void compare_task(const struct case_files *files, struct json_object *row,
			 struct json_object *task)
{
	n_processes++;
	same_text("comm", text_of(task, "comm"), cell_text(row, "comm"));
	same_text("state", state_of(task), cell_text(row, "state"));
	same_number("ppid", image_ppid(files, task), cell_number(row, "ppid"));
	if (strcmp(state_of(task), "zombie") != 0)
		compare_living(files, row, task);
}

/*
 * What /proc does not say of registers: a "sleep" is in clock_nanosleep (some machines keep the
 * number in no register), and the C library has the word that clear_tid_address points to in the
 * block that the thread pointer is about.
 */
static void compare_registers(const char *machine, struct json_object *row)
{
	static const struct {
		const char *machine;
		int64_t clock_nanosleep;
	} machines[] = { { "x86_64", 230 }, { "s390x", 262 } };
	uint64_t tls = cell_mask(row, "tls"), word = cell_mask(row, "clear_tid_address");
	int64_t call = ABSENT;

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (!strcmp(machines[i].machine, machine))
			call = machines[i].clock_nanosleep;
	if (!strcmp(cell_text(row, "comm"), "sleep"))
		same_number("syscall", call, cell_number(row, "syscall"));
	holds(tls && (tls > word ? tls - word : word - tls) < 64 << 10,
	      "tls is near clear_tid_address");
}

static void compare_threads(const char *machine, struct json_object *threads,
			    struct json_object *task, int64_t pid)
{
	struct json_object *thread, *row;

	EACH(thread, member(task, "threads")) {
		/* Only the leader's id is known inside a pid namespace. */
		int64_t tid = number_of(thread, "tid");

		if (tid == number_of(task, "pid"))
			tid = pid;
		row = find_row(threads, "pid", pid, "tid", tid);
		look_at("pid %" PRId64 " tid %" PRId64, pid, tid);
		holds(row != NULL, "the thread is there");
		same_text("comm", text_of(thread, "comm"), cell_text(row, "comm"));
		/* In rt_sigsuspend (130 on x86_64) /proc shows the mask that is in force for the
		 * time of the call, the image the one that comes back after it. */
		if (cell_number(row, "syscall") != 130)
			same_mask("blocked_signals", strtoull(text_of(thread, "SigBlk"), NULL, 16),
				  cell_mask(row, "blocked_signals"));
		compare_registers(machine, row);
	}
}

static void compare_processes(const struct case_files *files, struct json_object *processes,
			      struct json_object *threads, struct json_object *env)
{
	const char *machine = strrchr(text_of(files->proc, "kernel"), ' ') + 1;
	struct json_object *task, *row;

	look_at("%s", files->name);
	same_number("tasks", (int64_t)length(proc_tasks(files)), (int64_t)length(processes));
	EACH(task, proc_tasks(files)) {
		look_at("pid %" PRId64, image_pid(task));
		row = find_task(files, processes, task);
		holds(row != NULL, "the task is there");
		if (!row)
			continue;
		compare_task(files, row, task);
		if (strcmp(state_of(task), "zombie") == 0)
			continue;
		compare_argv(files, row, task);
		compare_environment(files, env, task, number_of(row, "pid"));
		compare_threads(machine, threads, task, number_of(row, "pid"));
	}
}

/* --- the workload ----------------------------------------------------------------------------- */

/* One kind of line of truth.json against the process that it is about. */
struct truth_check {
	const char *kind;
	void (*check)(struct json_object *truth, struct json_object *row);
};

static void check_task(struct json_object *truth, struct json_object *row)
{
	const char *whole = text_of(truth, "comm");
	const char *comm = make_text("%.15s", whole ? whole : ""); /* The kernel keeps 15 bytes. */

	same_text("comm", comm, cell_text(row, "comm"));
	/* The orphan's parent has died since. */
	if (member(truth, "ppid") && strcmp(comm, "orphan") != 0)
		same_number("ppid", number_of(truth, "ppid"), cell_number(row, "ppid"));
}

static void check_zombie(struct json_object *truth, struct json_object *row)
{
	same_text("state", "zombie", cell_text(row, "state"));
	same_number("exit_code", number_of(truth, "wait_status"), cell_number(row, "exit_code"));
}

static void check_stopped(struct json_object *truth, struct json_object *row)
{
	(void)truth;
	same_text("state", "stopped", cell_text(row, "state"));
}

static uint64_t capability_mask(struct json_object *names)
{
	static const struct {
		const char *name;
		unsigned bit;
	} capabilities[] = {
		{ "CAP_NET_BIND_SERVICE", CAP_NET_BIND_SERVICE },
		{ "CAP_NET_RAW", CAP_NET_RAW },
		{ "CAP_SYS_PTRACE", CAP_SYS_PTRACE },
	};
	struct json_object *name;
	uint64_t mask = 0;

	EACH(name, names)
		for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++)
			if (!strcmp(json_object_get_string(name), capabilities[i].name))
				mask |= UINT64_C(1) << capabilities[i].bit;
	return mask;
}

static void check_credentials(struct json_object *truth, struct json_object *row)
{
	static const struct {
		const char *truth, *column;
	} sets[] = {
		{ "cap_eff", "cap_effective" }, { "cap_prm", "cap_permitted" },
		{ "cap_inh", "cap_inheritable" },
	};
	struct json_object *groups = cell(row, "groups");
	const char *path;

	same_number("euid", number_of(truth, "uid"), cell_number(row, "euid"));
	same_number("fsgid", number_of(truth, "gid"), cell_number(row, "fsgid"));
	holds(groups && json_same(member(truth, "groups"), groups, &path), "the groups are these");
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		same_mask(sets[i].column, capability_mask(member(truth, sets[i].truth)),
			  cell_mask(row, sets[i].column));
}

static void check_fs(struct json_object *truth, struct json_object *row)
{
	same_text("cwd", text_of(truth, "cwd"), cell_text(row, "cwd"));
	same_text("root", text_of(truth, "root"), cell_text(row, "root"));
	same_mask("umask", strtoull(text_of(truth, "umask"), NULL, 8), cell_mask(row, "umask"));
}

static void check_oom(struct json_object *truth, struct json_object *row)
{
	same_number("oom_score_adj", number_of(truth, "value"), cell_number(row, "oom_score_adj"));
}

static void check_seccomp(struct json_object *truth, struct json_object *row)
{
	same_text("seccomp", text_of(truth, "mode"), cell_text(row, "seccomp"));
}

static const struct truth_check process_checks[] = {
	{ "task", check_task },
	{ "zombie", check_zombie },
	{ "stopped", check_stopped },
	{ "creds", check_credentials },
	{ "fs", check_fs },
	{ "oom_score_adj", check_oom },
	{ "seccomp", check_seccomp },
};

static void check_thread(struct json_object *truth, struct json_object *row)
{
	same_text("comm", text_of(truth, "comm"), cell_text(row, "comm"));
}

static void check_altstack(struct json_object *truth, struct json_object *row)
{
	same_mask("sigaltstack", strtoull(text_of(truth, "sp"), NULL, 16),
		  cell_mask(row, "sigaltstack"));
	same_number("sigaltstack_size", number_of(truth, "size"),
		    cell_number(row, "sigaltstack_size"));
}

static void check_signals(struct json_object *truth, struct json_object *row)
{
	struct json_object *signal;
	uint64_t mask = 0;

	EACH(signal, member(truth, "blocked"))
		mask |= UINT64_C(1) << (json_object_get_int(signal) - 1);
	same_mask("blocked_signals", mask, cell_mask(row, "blocked_signals"));
	same_number("pdeath_signal", number_of(truth, "pdeathsig"),
		    cell_number(row, "pdeath_signal"));
}

static void check_scheduler(struct json_object *truth, struct json_object *row)
{
	same_number("sched_policy", 1 /* SCHED_FIFO */, cell_number(row, "sched_policy"));
	same_number("sched_priority", number_of(truth, "prio"), cell_number(row, "sched_priority"));
}

static const struct truth_check thread_checks[] = {
	{ "thread", check_thread },
	{ "altstack", check_altstack },
	{ "pending", check_signals },
	{ "sched", check_scheduler },
};

/* The session leader that the workload let end before the dump. */
static bool has_ended(const struct case_files *files, int64_t pid)
{
	return find_row(member(files->truth, "dead_session_leader"), "sid", pid, NULL, 0) != NULL;
}

/* Each line of truth.json of these kinds; lines without "tid" are about the leading thread. */
static void check_process_truth(const struct case_files *files, struct json_object *rows,
				const char *key, const struct truth_check *checks, size_t n)
{
	struct json_object *truth, *row;

	for (size_t i = 0; i < n; i++) {
		EACH(truth, member(files->truth, checks[i].kind)) {
			bool names_thread = !strcmp(key, "tid") && member(truth, "tid");
			int64_t id = number_of(truth, names_thread ? "tid" : "pid");

			if (has_ended(files, id))
				continue;
			look_at("%s %" PRId64 " (truth: %s)", key, id, checks[i].kind);
			row = find_row(rows, key, id, NULL, 0);
			holds(row != NULL, "it is there");
			if (row)
				checks[i].check(truth, row);
			n_process_truths++;
		}
	}
}

static void processes_are_true(const struct case_files *files)
{
	struct json_object *processes, *threads;

	if (files->checkpoint && !is_refused(files)) {
		processes = list_table("process", files);
		threads = list_table("thread", files);
		if (files->proc)
			compare_processes(files, processes, threads, list_table("env", files));
		check_process_truth(files, processes, "pid", process_checks,
				    ARRAY_SIZE(process_checks));
		check_process_truth(files, threads, "tid", thread_checks,
				    ARRAY_SIZE(thread_checks));
	}
}

static void enough_processes_were_compared(void)
{
	enough_was_compared("processes", n_processes, 75);
	enough_was_compared("variables", n_variables, 500);
	enough_was_compared("lines of truth about processes", n_process_truths, 80);
}
