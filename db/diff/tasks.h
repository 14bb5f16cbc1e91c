/*
 * Which task of one checkpoint is which task of another.
 *
 * The images record no start time, so the evidence is what a task is: executable, arguments, name. A pid
 * stays what it is between dumps of the same tasks and, inside a pid namespace, after a restore; it means
 * nothing where a program was started again, or where its pids are those of another host.
 *
 *  - Tasks with the same pid are the same where executable, arguments or name are, or where none of them
 *    is known of both. The first task of both is the same with its pid alone: it is the container.
 *  - Of the others those that share executable, arguments and name are the same, in order of their pids, where
 *    there are as many of them before as after.
 *
 * A task that has the pid of another one and nothing else in common is another task.
 */
#pragma once

#include "decoders/model/checkpoint.h"

struct task_pairs {
	uint32_t *after_of, *before_of; /* by row of process, the row of the other side; NO_ROW: none */
	struct map pids;    /* a pid or thread id before, to what it is after, where that is known */
	struct map lost;    /* pids before of tasks that are no more, though another one may have the pid */
};

/* Needs PART_TASKS, PART_FILES and PART_STRINGS of both. Lives in ARENA. */
void tasks_pair(const struct checkpoint *before, const struct checkpoint *after, struct arena *arena,
		struct task_pairs *ret);

/* What a pid or thread id of before is called after; itself where nothing is known of it. */
uint32_t pid_after(const struct task_pairs *pairs, uint32_t pid);
