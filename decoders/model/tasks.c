/* Tasks and threads: pstree, core, ids, fs, creds. */
#include "decoders/base/size.h"
#include "decoders/model/load.h"
#include "decoders/model/registers.h"
#include "decoders/model/unlisted.h"
#include "files.pb-c.h"
#include "security.pb-c.h"
#include "task.pb-c.h"

/*
 * The states CRIU writes. Zombies are 6 in its sources and 2 in real dumps; the reference
 * decoder's names for 3 and 6 are swapped.
 */
static const char *state_name(uint32_t state)
{
	switch (state) {
	case 1:
		return "alive";
	case 3:
		return "stopped";
	case 2:
	case 6:
		return "zombie";
	default:
		return "unknown";
	}
}

static bool is_zombie(const struct process *process)
{
	return process->state && !strcmp(process->state, "zombie");
}

static const char *seccomp_name(bool present, SeccompMode mode)
{
	if (!present)
		return "disabled";
	return mode == SECCOMP_MODE__disabled ? "disabled"
	       : mode == SECCOMP_MODE__strict ? "strict"
	       : mode == SECCOMP_MODE__filter ? "filter"
					      : "unknown";
}

/* Capability sets are lists of 32-bit words, the low one first. */
static uint64_t capabilities(const uint32_t *words, size_t n)
{
	return (n > 0 ? words[0] : 0) | (uint64_t)(n > 1 ? words[1] : 0) << 32;
}

static void take_creds(struct checkpoint *checkpoint, const CredsEntry *from,
		       struct credentials *to)
{
	uint32_t *groups = arena_alloc(&checkpoint->arena, (from->n_groups + 1) * sizeof(*groups));

	for (size_t i = 0; i < from->n_groups; i++)
		groups[i] = from->groups[i];
	/* CRIU 4 always writes the ambient set, and no_new_privs where it is set; older ones neither. */
	bool records_all = from->n_cap_amb > 0;

	*to = (struct credentials){
		.uid = from->uid, .euid = from->euid, .suid = from->suid, .fsuid = from->fsuid,
		.gid = from->gid, .egid = from->egid, .sgid = from->sgid, .fsgid = from->fsgid,
		.groups = groups,
		.n_groups = (uint32_t)from->n_groups,
		.cap_inheritable = capabilities(from->cap_inh, from->n_cap_inh),
		.cap_permitted = capabilities(from->cap_prm, from->n_cap_prm),
		.cap_effective = capabilities(from->cap_eff, from->n_cap_eff),
		.cap_bounding = capabilities(from->cap_bnd, from->n_cap_bnd),
		.cap_ambient = records_all ? capabilities(from->cap_amb, from->n_cap_amb) : ABSENT_U64,
		.securebits = from->secbits,
		.no_new_privs = from->has_no_new_privs ? from->no_new_privs
				: records_all	       ? 0
						       : ABSENT_U32,
		.lsm_profile = load_text(checkpoint, from->has_lsm_profile, from->lsm_profile),
	};
}

static void take_ids(const TaskKobjIdsEntry *ids, struct process *process)
{
	process->vm_id = ids->vm_id;
	process->files_id = ids->files_id;
	process->fs_id = ids->fs_id;
	process->sighand_id = ids->sighand_id;
#define NAMESPACE(field) (ids->has_##field##_ns_id ? ids->field##_ns_id : ABSENT_U32)
	process->pid_ns = NAMESPACE(pid);
	process->net_ns = NAMESPACE(net);
	process->ipc_ns = NAMESPACE(ipc);
	process->uts_ns = NAMESPACE(uts);
	process->mnt_ns = NAMESPACE(mnt);
	process->user_ns = NAMESPACE(user);
	process->cgroup_ns = NAMESPACE(cgroup);
	process->time_ns = NAMESPACE(time);
#undef NAMESPACE
}

static void take_task(struct checkpoint *checkpoint, const TaskCoreEntry *task,
		      struct process *process)
{
	process->state = state_name(task->task_state);
	process->comm = load_text(checkpoint, task->has_comm, task->comm);
	if (is_zombie(process))
		process->exit_code = task->exit_code;
	process->personality = task->personality;
	process->child_subreaper = task->child_subreaper;
	if (task->has_loginuid)
		process->loginuid = task->loginuid;
	if (task->has_oom_score_adj)
		process->oom_score_adj = task->oom_score_adj;
	if (task->has_cg_set)
		process->cgroup_set = task->cg_set;
	process->old_seccomp = seccomp_name(task->has_old_seccomp_mode, task->old_seccomp_mode);
	if (task->has_old_seccomp_filter)
		process->old_seccomp_filter = task->old_seccomp_filter;
	process->seccomp = process->old_seccomp;
}

static void take_seccomp(const ThreadCoreEntry *core, const struct process *process,
			 struct thread *thread)
{
	thread->seccomp = core->has_seccomp_mode
				  ? seccomp_name(true, core->seccomp_mode)
				  : process->old_seccomp;
	thread->seccomp_filter = core->has_seccomp_filter ? core->seccomp_filter
							  : process->old_seccomp_filter;
}

static void take_thread_core(struct checkpoint *checkpoint, const ThreadCoreEntry *core,
			     struct thread *thread)
{
	if (core->has_comm)
		thread->comm = load_text(checkpoint, true, core->comm);
	if (core->has_blk_sigset)
		thread->blocked_signals = core->blk_sigset;
	thread->sched_policy = core->has_sched_policy ? core->sched_policy : ABSENT_U32;
	thread->sched_priority = core->has_sched_prio ? core->sched_prio : ABSENT_U32;
	thread->nice = core->sched_nice;
	thread->pdeath_signal = core->pdeath_sig;
	if (core->rseq_entry)
		thread->rseq_address = core->rseq_entry->rseq_abi_pointer;
	thread->sigaltstack = core->sas ? core->sas->ss_sp : 0;
	thread->sigaltstack_size = core->sas ? core->sas->ss_size : 0;
}

static struct thread new_thread(uint32_t pid, uint32_t tid)
{
	return (struct thread){
		.origin = NO_ORIGIN,
		.pid = pid,
		.tid = tid,
		.ip = ABSENT_U64, .sp = ABSENT_U64, .syscall = ABSENT_U64,
		.blocked_signals = ABSENT_U64, .pdeath_signal = ABSENT_U32,
		.sigaltstack = ABSENT_U64, .sigaltstack_size = ABSENT_U64,
		.sched_policy = ABSENT_U32, .sched_priority = ABSENT_U32,
		.seccomp_filter = ABSENT_U32,
		.rseq_address = ABSENT_U64,
		.clear_tid_address = ABSENT_U64, .tls = ABSENT_U64,
		.xstate_features = ABSENT_U64,
	};
}

/* Fills a thread, and its process where it is the leader. */
static void take_core(struct checkpoint *checkpoint, const CoreEntry *core, struct process *process,
		      struct thread *thread)
{
	bool leader = thread->tid == process->pid;
	const ThreadCoreEntry *thread_core = core->thread_core;

	if (!checkpoint->arch)
		checkpoint->arch = registers_arch(core->mtype);
	if (leader && core->tc)
		take_task(checkpoint, core->tc, process);
	if (leader && core->ids)
		take_ids(core->ids, process);
	thread->comm = process->comm;
	thread->blocked_signals = core->tc ? core->tc->blk_sigset : 0;
	registers_read(core, thread);
	if (!thread_core)
		return;
	take_thread_core(checkpoint, thread_core, thread);
	take_seccomp(thread_core, process, thread);
	if (!leader)
		return;
	if (thread_core->has_seccomp_mode)
		process->seccomp = thread->seccomp;
	if (thread_core->has_cg_set)
		process->cgroup_set = thread_core->cg_set;
	if (thread_core->creds) {
		take_creds(checkpoint, thread_core->creds, &process->credentials);
		process->has_credentials = true;
	}
}

/* Nine tenths of the fields in a core: what nobody asks for, or one leaf that reads it itself. */
static const struct field_path bulk[] = {
	{ { 3 /* tc */, 7 /* timers */ } },
	{ { 3, 8 /* rlimits */ } },
	{ { 3, 10 /* signals_s */ } },
	{ { 3, 15 /* sigactions */ } },
	{ { 2 /* thread_info */, 3 /* fpregs */, 9 /* st_space */ } },
	{ { 2, 3, 10 /* xmm_space */ } },
	{ { 2, 3, 11 /* padding */ } },
	{ { 2, 3, 13 /* xsave */, 2 /* ymmh_space */ } },
	{ { 2, 3, 13, 5 /* opmask_reg */ } },
	{ { 2, 3, 13, 6 /* zmm_upper */ } },
	{ { 2, 3, 13, 7 /* hi16_zmm */ } },
	{ { 8 /* ti_aarch64 */, 4 /* fpsimd */ } },
	{ { 9 /* ti_ppc64 */, 3 /* fpstate */ } },
	{ { 9, 4 /* vrstate */ } },
	{ { 9, 5 /* vsxstate */ } },
	{ { 10 /* ti_s390 */, 3 /* fpregs */ } },
	{ { 10, 4 /* vxrs_low */ } },
	{ { 10, 5 /* vxrs_high */ } },
};

/* Damage seen while rows were joined, at the entry that PROCESS is from. */
static void tell(struct checkpoint *checkpoint, const struct process *process, struct error *error)
{
	const struct origin *origin = &process->origin;

	load_problem(checkpoint, &checkpoint->source.members.items[origin->member], origin->entry,
		     origin->offset, error_damage(error, DAMAGE_JOINED));
}

static void load_thread(struct checkpoint *checkpoint, struct process *process, uint32_t tid)
{
	struct image_reader reader;
	struct image_entry entry;
	struct thread *thread;

	if (!map_put(&checkpoint->arena, &checkpoint->thread_by_tid, tid,
		     (uint32_t)checkpoint->threads.n)) {
		tell(checkpoint, process, error_new(ERROR_DAMAGED, "thread %u is there twice", tid));
		return;
	}
	thread = vec_push(&checkpoint->arena, &checkpoint->threads);
	*thread = new_thread(process->pid, tid);
	process->n_threads++;
	if (!load_open_numbered(checkpoint, "CORE", tid, &reader))
		return;
	reader.leaves_out = (struct field_paths){ bulk, ARRAY_SIZE(bulk) };
	if (image_next(&reader, &entry)) {
		thread->origin = load_origin(&reader, &entry);
		take_core(checkpoint, (const CoreEntry *)entry.message, process, thread);
		if (process->is_unlisted && tid == process->pid)
			process->origin = thread->origin; /* tells more than the name of another image */
	}
	load_close(checkpoint, &reader);
}

/* What old dumps keep outside of core, and what all keep beside it. */
static void load_beside(struct checkpoint *checkpoint, struct process *process)
{
	struct image_reader reader;
	struct image_entry entry;

	if (load_open_named(checkpoint, "IDS", &reader, "ids-%u.img", process->pid)) {
		if (image_next(&reader, &entry))
			take_ids((const TaskKobjIdsEntry *)entry.message, process);
		load_close(checkpoint, &reader);
	}
	if (load_open_named(checkpoint, "FS", &reader, "fs-%u.img", process->pid)) {
		if (image_next(&reader, &entry)) {
			const FsEntry *fs = (const FsEntry *)entry.message;

			process->cwd_file_id = fs->cwd_id;
			process->root_file_id = fs->root_id;
			process->umask = fs->has_umask ? fs->umask : ABSENT_U32;
		}
		load_close(checkpoint, &reader);
	}
	if (!process->has_credentials &&
	    load_open_named(checkpoint, "CREDS", &reader, "creds-%u.img", process->pid)) {
		if (image_next(&reader, &entry)) {
			take_creds(checkpoint, (const CredsEntry *)entry.message,
				   &process->credentials);
			process->has_credentials = true;
		}
		load_close(checkpoint, &reader);
	}
}

/* Of which no more is known than its pid, and where that was read. */
static struct process new_process(uint32_t pid, struct origin origin)
{
	return (struct process){
		.origin = origin,
		.pid = pid, .ppid = ABSENT_U32, .pgid = ABSENT_U32, .sid = ABSENT_U32,
		.exe_file_id = ABSENT_U32, .cwd_file_id = ABSENT_U32, .root_file_id = ABSENT_U32,
		.exit_code = ABSENT_U32, .personality = ABSENT_U32, .umask = ABSENT_U32,
		.loginuid = ABSENT_U32, .cgroup_set = ABSENT_U32,
		.files_id = ABSENT_U32, .fs_id = ABSENT_U32, .vm_id = ABSENT_U32,
		.sighand_id = ABSENT_U32,
		.old_seccomp = "disabled", .old_seccomp_filter = ABSENT_U32,
		.credentials = { .cap_ambient = ABSENT_U64, .no_new_privs = ABSENT_U32 },
		.pid_ns = ABSENT_U32, .net_ns = ABSENT_U32, .ipc_ns = ABSENT_U32,
		.uts_ns = ABSENT_U32, .mnt_ns = ABSENT_U32, .user_ns = ABSENT_U32,
		.cgroup_ns = ABSENT_U32, .time_ns = ABSENT_U32,
		.tracer_pid = ABSENT_U32, .ns_pid = ABSENT_U32, .ns_sid = ABSENT_U32,
		.argv_origin = NO_ORIGIN, .environ_origin = NO_ORIGIN,
	};
}

/* A task in pstree.img: its thread ids wait in the arena until its cores are read. */
struct listed {
	struct process process;
	uint32_t *threads;
	size_t n_threads;
};

static void list_task(struct checkpoint *checkpoint, const struct image_reader *reader,
		      const struct image_entry *entry, struct listed *ret)
{
	const PstreeEntry *task = (const PstreeEntry *)entry->message;

	ret->process = new_process(task->pid, load_origin(reader, entry));
	ret->process.ppid = task->ppid;
	ret->process.pgid = task->pgid;
	ret->process.sid = task->sid;
	ret->n_threads = task->n_threads;
	ret->threads = arena_alloc(&checkpoint->arena, (task->n_threads + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < task->n_threads; i++)
		ret->threads[i] = task->threads[i];
}

/* Entries are few and small, what is made of them is not: a number of two bytes is a thread. */
static bool has_room(struct checkpoint *checkpoint, const struct listed *listed)
{
	const struct origin *origin = &listed->process.origin;

	if (arena_has_room(&checkpoint->arena))
		return true;
	load_problem(checkpoint, &checkpoint->source.members.items[origin->member], origin->entry,
		     origin->offset,
		     error_new(ERROR_LIMIT, "more than %zu bytes of rows; the rest is left out",
			       checkpoint->arena.budget));
	return false;
}

static void load_task(struct checkpoint *checkpoint, const struct listed *listed)
{
	uint32_t pid = listed->process.pid;
	struct process *process;

	if (!map_put(&checkpoint->arena, &checkpoint->process_by_pid, pid,
		     (uint32_t)checkpoint->processes.n)) {
		tell(checkpoint, &listed->process,
		     error_new(ERROR_DAMAGED, "pid %u is there twice", pid));
		return;
	}
	process = vec_push(&checkpoint->arena, &checkpoint->processes);
	*process = listed->process;
	if (checkpoint->is_predump)
		return; /* nothing is known but its pages */
	load_thread(checkpoint, process, pid);
	/* A zombie has no threads left, and pstree lists a garbage number for it. */
	if (is_zombie(process))
		return;
	for (size_t i = 0; i < listed->n_threads && has_room(checkpoint, listed); i++)
		if (listed->threads[i] != pid)
			load_thread(checkpoint, process, listed->threads[i]);
	load_beside(checkpoint, process);
}

static void load_unlisted(struct checkpoint *checkpoint)
{
	struct unlisted unlisted;

	unlisted_find(checkpoint, &unlisted);
	for (size_t i = 0; i < unlisted.tasks.n; i++) {
		const struct unlisted_id *task = &unlisted.tasks.items[i];
		struct listed listed = { .process = new_process(task->id, task->origin) };

		listed.process.is_unlisted = true;
		if (!has_room(checkpoint, &listed))
			return;
		load_task(checkpoint, &listed);
	}
	for (size_t i = 0; i < unlisted.threads.n; i++) {
		const struct unlisted_id *thread = &unlisted.threads.items[i];
		struct listed nobody = { .process = new_process(ABSENT_U32, thread->origin) };

		if (!has_room(checkpoint, &nobody))
			return;
		load_thread(checkpoint, &nobody.process, thread->id);
	}
}

void load_tasks(struct checkpoint *checkpoint)
{
	VEC(struct listed) tasks = { 0 };
	struct image_reader reader;
	struct image_entry entry;

	if (load_open_named(checkpoint, "PSTREE", &reader, "pstree.img")) {
		while (image_next(&reader, &entry))
			list_task(checkpoint, &reader, &entry, vec_push(&checkpoint->arena, &tasks));
		load_close(checkpoint, &reader);
	}
	for (size_t i = 0; i < tasks.n && has_room(checkpoint, &tasks.items[i]); i++)
		load_task(checkpoint, &tasks.items[i]);
	load_unlisted(checkpoint);
}
