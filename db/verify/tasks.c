/* Tasks: the tree of pstree.img, and what each of them needs. */
#include "db/verify/internal.h"
#include "decoders/proto/names.h"
#include "task.pb-c.h"

static const struct core_fact *core_of(const struct verifier *verifier, uint32_t tid)
{
	uint32_t i = map_get(&verifier->facts.core_by_tid, tid);

	return i == MAP_NONE ? NULL : &verifier->facts.cores.items[i];
}

/* 2 in real dumps, 6 in CRIU's sources. */
static bool is_dead(const struct verifier *verifier, uint32_t pid)
{
	const struct core_fact *core = core_of(verifier, pid);

	return core && core->has_task && (core->state == 2 || core->state == 6);
}

/* --- the tree ------------------------------------------------------------------------------------------------ */

/* From a pid to the first entry that has it. */
static struct map tasks_by_pid(struct verifier *verifier)
{
	struct map by_pid = { 0 };

	for (size_t i = 0; i < verifier->facts.tasks.n; i++)
		map_put(&verifier->checkpoint->arena, &by_pid, verifier->facts.tasks.items[i].pid, (uint32_t)i);
	return by_pid;
}

static void pid_twice(struct verifier *verifier)
{
	struct map by_pid = tasks_by_pid(verifier);

	for (size_t i = 0; i < verifier->facts.tasks.n; i++) {
		const struct task_fact *task = &verifier->facts.tasks.items[i];
		struct finding *finding;
		uint32_t first = map_get(&by_pid, task->pid);

		if (first == i)
			continue;
		finding = found(verifier, task->origin, task->pid, "pid %u", task->pid);
		says(verifier, finding, "entry %u of pstree.img has that pid too",
		     verifier->facts.tasks.items[first].origin.entry);
	}
}

/* CRIU makes the tree while it reads: who comes before its parent has none. */
static void parent_missing(struct verifier *verifier)
{
	struct map before = { 0 };

	for (size_t i = 0; i < verifier->facts.tasks.n; i++) {
		const struct task_fact *task = &verifier->facts.tasks.items[i];
		bool is_root = i == 0 && task->ppid == 0;
		struct finding *finding;

		if (!is_root && map_get(&before, task->ppid) == MAP_NONE) {
			finding = found(verifier, task->origin, task->pid, "pid %u", task->pid);
			if (task->ppid == 0)
				says(verifier, finding, "it has no parent, as the first task has none: a second root");
			else
				says(verifier, finding, "its parent %u is not listed before it", task->ppid);
			with_number(verifier, finding, "ppid", task->ppid);
		}
		map_put(&verifier->checkpoint->arena, &before, task->pid, (uint32_t)i);
	}
}

/* A thread's id is used once, and by no task; what a zombie lists is garbage. */
static void thread_twice(struct verifier *verifier)
{
	struct map by_pid = tasks_by_pid(verifier), seen = { 0 };

	for (size_t i = 0; i < verifier->facts.tasks.n; i++) {
		const struct task_fact *task = &verifier->facts.tasks.items[i];

		if (is_dead(verifier, task->pid) || map_get(&by_pid, task->pid) != i)
			continue;
		for (uint32_t k = 0; k < task->n_threads; k++) {
			uint32_t tid = task->threads[k];
			struct finding *finding;

			if (map_put(&verifier->checkpoint->arena, &seen, tid, (uint32_t)i) &&
			    (tid == task->pid || map_get(&by_pid, tid) == MAP_NONE))
				continue;
			finding = found(verifier, task->origin, task->pid, "thread %u of pid %u", tid, task->pid);
			says(verifier, finding, "another task or thread has that id");
		}
	}
}

/* A group lies in one session, and its leader is in it, as long as it lives. */
static void group_torn(struct verifier *verifier)
{
	struct map by_pid = tasks_by_pid(verifier);

	for (size_t i = 0; i < verifier->facts.tasks.n; i++) {
		const struct task_fact *task = &verifier->facts.tasks.items[i], *leader;
		uint32_t row = map_get(&by_pid, task->pgid);
		struct finding *finding;

		if (task->sid == task->pid && task->pgid != task->pid) {
			finding = found(verifier, task->origin, task->pid, "pid %u", task->pid);
			says(verifier, finding, "it leads session %u, and is in the group of %u", task->sid,
			     task->pgid);
			continue;
		}
		if (row == MAP_NONE)
			continue;
		leader = &verifier->facts.tasks.items[row];
		if (leader->pgid != leader->pid || leader->sid == task->sid)
			continue;
		finding = found(verifier, task->origin, task->pid, "pid %u", task->pid);
		says(verifier, finding, "it is in session %u, the leader of its group %u in session %u", task->sid,
		     task->pgid, leader->sid);
	}
}

/* --- what each task needs --------------------------------------------------------------------------------------- */

static void missing(struct verifier *verifier, const struct task_fact *task, const char *name, uint32_t number)
{
	struct finding *finding =
		found(verifier, task->origin, task->pid, "%s-%u.img of pid %u", name, number, task->pid);

	says(verifier, finding, "is not in the checkpoint");
}

/* The page map may be a page server's. */
static bool has_pagemap(const struct verifier *verifier, uint32_t pid)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	uint32_t row = map_get(&checkpoint->process_by_pid, pid);

	return row != MAP_NONE && checkpoint->pagemaps[row]->is_there;
}

static void check_members(struct verifier *verifier, const struct task_fact *task)
{
	struct checkpoint *checkpoint = verifier->checkpoint;
	uint32_t row = map_get(&checkpoint->process_by_pid, task->pid);
	uint32_t files_id = row == MAP_NONE ? ABSENT_U32 : checkpoint->processes.items[row].files_id;

	if (!checkpoint_image(checkpoint, "mm-%u.img", task->pid))
		missing(verifier, task, "mm", task->pid);
	if (!checkpoint_image(checkpoint, "fs-%u.img", task->pid))
		missing(verifier, task, "fs", task->pid);
	if (!has_pagemap(verifier, task->pid) && !checkpoint_image(checkpoint, "pagemap-%u.img", task->pid) &&
	    !are_pages_elsewhere(verifier))
		missing(verifier, task, "pagemap", task->pid);
	if (!checkpoint->fdinfo_per_id)
		files_id = task->pid;
	if (files_id != ABSENT_U32 && !checkpoint_image(checkpoint, "fdinfo-%u.img", files_id))
		missing(verifier, task, "fdinfo", files_id);
	for (uint32_t i = 0; i < task->n_threads; i++)
		if (task->threads[i] != task->pid &&
		    !checkpoint_image(checkpoint, "core-%u.img", task->threads[i]))
			missing(verifier, task, "core", task->threads[i]);
}

static void member_missing(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.tasks.n; i++) {
		const struct task_fact *task = &verifier->facts.tasks.items[i];

		if (!checkpoint_image(verifier->checkpoint, "core-%u.img", task->pid))
			missing(verifier, task, "core", task->pid);
		else if (!is_dead(verifier, task->pid))
			check_members(verifier, task);
	}
}

/* Whether tasks share files, memory, namespaces. */
static void ids_missing(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < verifier->facts.tasks.n; i++) {
		const struct task_fact *task = &verifier->facts.tasks.items[i];
		uint32_t row = map_get(&checkpoint->process_by_pid, task->pid);
		struct finding *finding;

		if (row == MAP_NONE || is_dead(verifier, task->pid) || !core_of(verifier, task->pid) ||
		    checkpoint->processes.items[row].files_id != ABSENT_U32)
			continue;
		finding = found(verifier, task->origin, task->pid, "pid %u", task->pid);
		says(verifier, finding, "neither ids-%u.img nor its core has the ids of its files and namespaces",
		     task->pid);
	}
}

/* --- cores ------------------------------------------------------------------------------------------------------- */

static void state_unknown(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.cores.n; i++) {
		const struct core_fact *core = &verifier->facts.cores.items[i];
		struct finding *finding;

		if (!core->has_task || core->state == 1 || core->state == 2 || core->state == 3 ||
		    core->state == 6)
			continue;
		finding = found(verifier, core->origin, core->tid, "pid %u", core->tid);
		says(verifier, finding, "state %u is neither alive, stopped nor dead", core->state);
		with_number(verifier, finding, "task_state", core->state);
	}
}

/* A leader's core says what the task is, each thread's where it goes on. */
static void core_incomplete(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.tasks.n; i++) {
		const struct task_fact *task = &verifier->facts.tasks.items[i];
		const struct core_fact *core = core_of(verifier, task->pid);
		struct finding *finding;

		if (!core || core->march != verifier->facts.cores.items[0].march ||
		    (core->has_task && (is_dead(verifier, task->pid) ||
					(core->has_thread && core->has_registers))))
			continue;
		finding = found(verifier, core->origin, task->pid, "core-%u.img", task->pid);
		says(verifier, finding, "it has no %s", !core->has_task	    ? "tc, which says what the task is"
							: !core->has_thread ? "thread_core"
									    : "registers of its architecture");
	}
}

static void arch_differs(struct verifier *verifier)
{
	const struct core_fact *items = verifier->facts.cores.items;

	for (size_t i = 0; i < verifier->facts.cores.n; i++) {
		struct finding *finding;

		if (items[i].march == items[0].march && items[i].march >= CORE_ENTRY__MARCH__X86_64 &&
		    items[i].march <= CORE_ENTRY__MARCH__RISCV64)
			continue;
		finding = found(verifier, items[i].origin, items[i].tid, "core-%u.img", items[i].tid);
		if (items[i].march != items[0].march)
			says(verifier, finding, "architecture %u, and core-%u.img has %u", items[i].march,
			     items[0].tid, items[0].march);
		else
			says(verifier, finding, "architecture %u is not known", items[i].march);
		with_number(verifier, finding, "mtype", items[i].march);
	}
}

static const char whole[] = "copy all images of the checkpoint, and take it once more if they are not there";

static const struct verify_check checks[] = {
	{ "pstree-pid-twice", SEVERITY_BLOCKER, "two tasks with one pid",
	  "CRIU stops while it reads pstree.img", take_again, FINDS_CONTRADICTION, pid_twice },
	{ "pstree-broken", SEVERITY_BLOCKER, "the tree of tasks does not hold together",
	  "CRIU ends with \"Can't find a parent for\" or \"Parent missed on non-root task\"", take_again,
	  FINDS_CONTRADICTION, parent_missing },
	{ "pstree-thread-twice", SEVERITY_BLOCKER, "two threads with one id",
	  "CRIU ends with \"Unexpected task in a tree\"", take_again, FINDS_CONTRADICTION, thread_twice },
	{ "pstree-group", SEVERITY_BLOCKER, "a process group in two sessions",
	  "setpgid fails when the group is restored", take_again, FINDS_CONTRADICTION, group_torn },
	{ "img-missing-member", SEVERITY_BLOCKER, "an image that a task needs is missing",
	  "CRIU cannot open it", whole, FINDS_ABSENCE, member_missing },
	{ "kids-missing", SEVERITY_BLOCKER, "nothing says what a task shares with others",
	  "CRIU ends with \"No IDS for root task\" or \"No kIDs provided\"", whole, FINDS_ABSENCE, ids_missing },
	{ "task-state-unknown", SEVERITY_BLOCKER, "a task in a state that CRIU does not know",
	  "CRIU ends with \"Unknown state in code\"", take_again, FINDS_CONTRADICTION, state_unknown },
	{ "core-incomplete", SEVERITY_BLOCKER, "the core of a task lacks a part",
	  "CRIU has nothing to make the task from", take_again, FINDS_CONTRADICTION, core_incomplete },
	{ "core-arch", SEVERITY_BLOCKER, "a core of another architecture",
	  "CRIU ends with \"Core march mismatch\"", take_again, FINDS_CONTRADICTION, arch_differs },
};

const struct check_group task_checks = { checks, ARRAY_SIZE(checks), true };
