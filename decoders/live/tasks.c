/* Tasks and threads: stat, status, and the small files beside them. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/kcmp.h>

#include "decoders/base/size.h"
#include "decoders/live/proc.h"
#include "decoders/live/stat.h"
#include "decoders/model/load.h"

/* --- states ---------------------------------------------------------------------------------------------- */

/* Of a process, as CRIU tells them apart. */
static const char *process_state(char state)
{
	switch (state) {
	case 'T':
	case 't':
		return "stopped";
	case 'Z':
	case 'X':
	case 'x':
		return "zombie";
	default:
		return "alive";
	}
}

/* Of a thread, as the kernel has them. */
static const char *thread_state(char state)
{
	switch (state) {
	case 'R':
		return "running";
	case 'S':
	case 'I':
		return "sleeping";
	case 'D':
		return "uninterruptible";
	case 'T':
		return "stopped";
	case 't':
		return "traced";
	case 'Z':
	case 'X':
	case 'x':
		return "zombie";
	default:
		return "unknown";
	}
}

static const char *seccomp_name(uint64_t mode)
{
	static const char *const names[] = { "disabled", "strict", "filter" };

	return mode < ARRAY_SIZE(names) ? names[mode] : "unknown";
}

/* --- status ------------------------------------------------------------------------------------------------ */

/* What status says, of a process or of one of its threads. */
struct status {
	struct credentials credentials;
	bool has_ids;
	uint32_t umask, tracer_pid;
	uint64_t seccomp, blocked;
	uint64_t pending, shared_pending, ignored, caught;
	uint32_t ns_pid, ns_sid; /* in the innermost pid namespace; ABSENT_U32 */
};

static void take_ids(struct bytes text, uint32_t *ids[4])
{
	uint64_t number;

	for (size_t i = 0; i < 4 && proc_take_number(&text, 10, &number); i++)
		*ids[i] = (uint32_t)number;
}

static void take_groups(struct live *live, struct bytes text, struct credentials *credentials)
{
	size_t room = text.len / 2 + 1;
	uint32_t *groups = arena_alloc(&live->checkpoint->arena, (room + 1) * sizeof(*groups));
	uint32_t n = 0;
	uint64_t number;

	while (n < room && proc_take_number(&text, 10, &number))
		groups[n++] = (uint32_t)number;
	credentials->groups = groups;
	credentials->n_groups = n;
}

static uint64_t number_in(struct bytes text, unsigned base)
{
	uint64_t number;

	(void)proc_take_number(&text, base, &number);
	return number;
}

/* The last number: the one in the innermost namespace. */
static uint32_t last_number(struct bytes text)
{
	uint64_t number, last = ABSENT_U32;

	while (proc_take_number(&text, 10, &number))
		last = number;
	return (uint32_t)last;
}

static void take_status_line(struct live *live, struct bytes line, struct status *ret)
{
	struct credentials *c = &ret->credentials;
	const struct {
		const char *name;
		uint64_t *number;
		unsigned base;
	} numbers[] = {
		{ "CapInh:", &c->cap_inheritable, 16 }, { "CapPrm:", &c->cap_permitted, 16 },
		{ "CapEff:", &c->cap_effective, 16 },	{ "CapBnd:", &c->cap_bounding, 16 },
		{ "CapAmb:", &c->cap_ambient, 16 },	{ "Seccomp:", &ret->seccomp, 10 },
		{ "SigBlk:", &ret->blocked, 16 },	{ "SigPnd:", &ret->pending, 16 },
		{ "ShdPnd:", &ret->shared_pending, 16 }, { "SigIgn:", &ret->ignored, 16 },
		{ "SigCgt:", &ret->caught, 16 },
	};
	struct bytes text;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (proc_field(line, numbers[i].name, &text)) {
			*numbers[i].number = number_in(text, numbers[i].base);
			return;
		}
	if (proc_field(line, "Uid:", &text)) {
		take_ids(text, (uint32_t *[]){ &c->uid, &c->euid, &c->suid, &c->fsuid });
		ret->has_ids = true;
	} else if (proc_field(line, "Gid:", &text)) {
		take_ids(text, (uint32_t *[]){ &c->gid, &c->egid, &c->sgid, &c->fsgid });
	} else if (proc_field(line, "Groups:", &text)) {
		take_groups(live, text, c);
	} else if (proc_field(line, "NoNewPrivs:", &text)) {
		c->no_new_privs = (uint32_t)number_in(text, 10);
	} else if (proc_field(line, "Umask:", &text)) {
		ret->umask = (uint32_t)number_in(text, 8);
	} else if (proc_field(line, "TracerPid:", &text)) {
		ret->tracer_pid = (uint32_t)number_in(text, 10);
	} else if (proc_field(line, "NSpid:", &text)) {
		ret->ns_pid = last_number(text);
	} else if (proc_field(line, "NSsid:", &text)) {
		ret->ns_sid = last_number(text);
	}
}

static bool read_status(struct live *live, uint32_t pid, const char *name, struct status *ret)
{
	struct proc_file file;
	struct bytes line;

	*ret = (struct status){
		.credentials = { .cap_ambient = ABSENT_U64, .no_new_privs = ABSENT_U32, .securebits = ABSENT_U32 },
		.umask = ABSENT_U32, .ns_pid = ABSENT_U32, .ns_sid = ABSENT_U32,
	};
	if (!proc_open(live, UNSEEN_TASKS, pid, name, &file))
		return false;
	while (proc_line(&file, &line))
		take_status_line(live, line, ret);
	proc_close(&file);
	return true;
}

/* --- threads --------------------------------------------------------------------------------------------- */

static void add_thread(struct live *live, struct process *process, uint32_t tid)
{
	struct checkpoint *checkpoint = live->checkpoint;
	struct task_stat stat;
	struct status status;
	struct thread *thread;
	uint32_t member;
	char name[64];

	snprintf(name, sizeof(name), "task/%u/stat", tid);
	if (!stat_read(live, process->pid, name, &stat, &member))
		return;
	snprintf(name, sizeof(name), "task/%u/status", tid);
	if (!read_status(live, process->pid, name, &status) ||
	    !map_put(&checkpoint->arena, &checkpoint->thread_by_tid, tid, (uint32_t)checkpoint->threads.n))
		return;
	thread = vec_push(&checkpoint->arena, &checkpoint->threads);
	*thread = (struct thread){
		.origin = proc_origin(member, NO_ENTRY),
		.pid = process->pid, .tid = tid,
		.comm = stat.comm,
		.state = thread_state(stat.state),
		.ip = ABSENT_U64, .sp = ABSENT_U64, .syscall = ABSENT_U64,
		.blocked_signals = status.blocked,
		.pending_signals = status.pending,
		.sched_policy = stat.policy, .sched_priority = stat.rt_priority, .nice = stat.nice,
		.pdeath_signal = ABSENT_U32,
		.seccomp = seccomp_name(status.seccomp),
		.seccomp_filter = ABSENT_U32,
		.rseq_address = ABSENT_U64, .clear_tid_address = ABSENT_U64, .tls = ABSENT_U64,
		.sigaltstack = ABSENT_U64, .sigaltstack_size = ABSENT_U64,
		.xstate_features = ABSENT_U64,
	};
	process->n_threads++;
}

static int ascending(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static void add_threads(struct live *live, struct process *process)
{
	struct checkpoint *checkpoint = live->checkpoint;
	DIR *directory = proc_directory(live, UNSEEN_TASKS, process->pid, "task");
	VEC(uint32_t) tids = { 0 };
	uint32_t tid;

	while (directory && proc_next_number(directory, &tid)) {
		if (checkpoint->threads.n + tids.n >= MAX_LIVE_THREADS) {
			unseen_limit(live, UNSEEN_TASKS, "threads", MAX_LIVE_THREADS);
			break;
		}
		*vec_push(&checkpoint->scratch, &tids) = tid;
	}
	if (directory)
		closedir(directory);
	if (tids.n)
		qsort(tids.items, tids.n, sizeof(*tids.items), ascending);
	for (size_t i = 0; i < tids.n; i++)
		add_thread(live, process, tids.items[i]);
	arena_reset(&checkpoint->scratch);
}

/* --- processes ------------------------------------------------------------------------------------------- */

/* "net:[4026531840]" */
static uint32_t namespace_of(struct live *live, uint32_t pid, const char *name)
{
	struct bytes link = proc_link(live, UNSEEN_NAMESPACES, pid, name), number;
	uint64_t id;

	number = bytes_from(link, bytes_find(link, '[') + 1);
	return proc_take_number(&number, 10, &id) ? (uint32_t)id : ABSENT_U32;
}

static void take_namespaces(struct live *live, struct process *process)
{
	const struct {
		const char *name;
		uint32_t *id;
	} all[] = {
		{ "ns/pid", &process->pid_ns },	  { "ns/net", &process->net_ns },
		{ "ns/ipc", &process->ipc_ns },	  { "ns/uts", &process->uts_ns },
		{ "ns/mnt", &process->mnt_ns },	  { "ns/user", &process->user_ns },
		{ "ns/cgroup", &process->cgroup_ns }, { "ns/time", &process->time_ns },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		*all[i].id = namespace_of(live, process->pid, all[i].name);
}

/* What a task shares with its parent has the parent's id: a table of descriptors, an address space. */
static uint32_t shared_id(struct live *live, const struct process *process, uint32_t ppid, int what, uint32_t parents)
{
	if (live->is_real && ppid &&
	    syscall(SYS_kcmp, (pid_t)process->pid, (pid_t)ppid, what, 0UL, 0UL) == 0)
		return parents;
	return process->pid;
}

static void take_shared(struct live *live, struct process *process, uint32_t ppid)
{
	struct checkpoint *checkpoint = live->checkpoint;
	uint32_t row = map_get(&checkpoint->process_by_pid, ppid);
	const struct process *parent = row == MAP_NONE ? NULL : &checkpoint->processes.items[row];

	if (!parent) {
		process->files_id = process->fs_id = process->vm_id = process->sighand_id = process->pid;
		return;
	}
	process->files_id = shared_id(live, process, ppid, KCMP_FILES, parent->files_id);
	process->fs_id = shared_id(live, process, ppid, KCMP_FS, parent->fs_id);
	process->vm_id = shared_id(live, process, ppid, KCMP_VM, parent->vm_id);
	process->sighand_id = shared_id(live, process, ppid, KCMP_SIGHAND, parent->sighand_id);
}

/* AppArmor ends its label with a line feed, SELinux with a NUL; without a module there is no such file. */
static struct bytes label_of(struct live *live, uint32_t pid)
{
	uint8_t buffer[4096];
	struct bytes label;

	if (!proc_short(live, UNSEEN_TASKS, pid, "attr/current", buffer, sizeof(buffer), &label))
		return NO_BYTES;
	while (label.len && (label.data[label.len - 1] == '\n' || label.data[label.len - 1] == '\0'))
		label.len--;
	return label.len ? arena_copy(&live->checkpoint->arena, label) : NO_BYTES;
}

/* The number of its set; tasks of a container are in few. */
static uint32_t cgroups_of(struct live *live, uint32_t pid)
{
	struct arena *arena = &live->checkpoint->arena;
	uint8_t buffer[16384];
	struct bytes lines;

	if (!proc_short(live, UNSEEN_TASKS, pid, "cgroup", buffer, sizeof(buffer), &lines))
		return ABSENT_U32;
	for (size_t i = live->cgroups.n; i-- > 0;)
		if (bytes_equal(live->cgroups.items[i].lines, lines)) {
			live->cgroups.items[i].processes++;
			return (uint32_t)i;
		}
	if (live->cgroups.n == MAX_CGROUP_SETS) {
		unseen_limit(live, UNSEEN_TASKS, "sets of control groups", MAX_CGROUP_SETS);
		return ABSENT_U32;
	}
	*vec_push(arena, &live->cgroups) = (struct live_cgroups){
		.lines = arena_copy(arena, lines), .member = proc_member(live, pid, "cgroup"), .processes = 1,
	};
	return (uint32_t)live->cgroups.n - 1;
}

static void take_small_files(struct live *live, struct process *process)
{
	int64_t number;

	if (proc_number(live, UNSEEN_TASKS, process->pid, "personality", true, &number))
		process->personality = (uint32_t)number;
	if (proc_number(live, UNSEEN_TASKS, process->pid, "loginuid", false, &number))
		process->loginuid = (uint32_t)number;
	if (proc_number(live, UNSEEN_TASKS, process->pid, "oom_score_adj", false, &number))
		process->oom_score_adj = (int32_t)number;
	process->credentials.lsm_profile = label_of(live, process->pid);
	process->cgroup_set = cgroups_of(live, process->pid);
}

static struct process new_process(const struct task_stat *stat, const struct status *status, uint32_t pid,
				  uint32_t member)
{
	return (struct process){
		.origin = proc_origin(member, NO_ENTRY),
		.pid = pid, .ppid = stat->ppid, .pgid = stat->pgid, .sid = stat->sid,
		.state = process_state(stat->state),
		.comm = stat->comm,
		.exe_file_id = ABSENT_U32, .cwd_file_id = ABSENT_U32, .root_file_id = ABSENT_U32,
		.exit_code = stat->state == 'Z' ? stat->exit_code : ABSENT_U32,
		.umask = status->umask, .loginuid = ABSENT_U32, .cgroup_set = ABSENT_U32,
		.tracer_pid = status->tracer_pid,
		.ns_pid = status->ns_pid, .ns_sid = status->ns_sid,
		.tty = stat->tty,
		.credentials = status->credentials,
		.has_credentials = status->has_ids && stat->state != 'Z',
		.seccomp = seccomp_name(status->seccomp),
		.pending_signals = status->shared_pending,
		.ignored_signals = status->ignored, .caught_signals = status->caught,
		.old_seccomp = "disabled", .old_seccomp_filter = ABSENT_U32,
		.arg_start = stat->arg_start, .arg_end = stat->arg_end,
		.env_start = stat->env_start, .env_end = stat->env_end, .start_stack = stat->start_stack,
		.started = stat->started,
	};
}

static void add_process(struct live *live, uint32_t pid)
{
	struct checkpoint *checkpoint = live->checkpoint;
	struct process *process;
	struct task_stat stat;
	struct status status;
	uint32_t member;

	if (!stat_read(live, pid, "stat", &stat, &member) || !read_status(live, pid, "status", &status))
		return;
	map_put(&checkpoint->arena, &checkpoint->process_by_pid, pid, (uint32_t)checkpoint->processes.n);
	process = vec_push(&checkpoint->arena, &checkpoint->processes);
	*process = new_process(&stat, &status, pid, member);
	if (pid == live->root)
		process->ppid = 0;
	take_namespaces(live, process);
	take_shared(live, process, stat.ppid);
	take_small_files(live, process);
	add_threads(live, process);
}

/* Which module speaks of a task is not said anywhere, but their labels look different. */
static const char *lsm_of(const struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		struct bytes label = checkpoint->processes.items[i].credentials.lsm_profile;

		if (label.data)
			return bytes_find(label, ':') < label.len ? "selinux" : "apparmor";
	}
	return "none";
}

void live_load_tasks(struct checkpoint *checkpoint)
{
	struct live *live = live_of(checkpoint);

	for (size_t i = 0; i < live->n_pids; i++)
		add_process(live, live->pids[i]);
	checkpoint->lsm = lsm_of(checkpoint);
	unseen_tell(live);
}
