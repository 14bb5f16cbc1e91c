#include "db/diff/tasks.h"

#include <stdlib.h>

#include "db/tables/reference.h"

/* What a task is, apart from its pid. */
struct identity {
	struct bytes exe, argv, comm;
	uint32_t pid, row;
};

struct side {
	const struct checkpoint *checkpoint;
	struct identity *identities; /* by row of process */
	uint32_t *partner;
	size_t n;
};

static void take_side(const struct checkpoint *checkpoint, struct arena *arena, struct side *ret)
{
	struct side side = { .checkpoint = checkpoint, .n = checkpoint->processes.n };

	side.identities = arena_zalloc(arena, (side.n + 1) * sizeof(*side.identities));
	side.partner = arena_alloc(arena, (side.n + 1) * sizeof(*side.partner));
	for (uint32_t row = 0; row < side.n; row++) {
		const struct process *process = &checkpoint->processes.items[row];
		const struct file *exe = referenced_file(checkpoint, process->exe_file_id);

		side.identities[row] = (struct identity){ .exe = exe ? exe->path : NO_BYTES,
							  .argv = process->argv.bytes,
							  .comm = process->comm,
							  .pid = process->pid, .row = row };
		side.partner[row] = NO_ROW;
	}
	*ret = side;
}

static void pair(struct side *before, struct side *after, uint32_t row_before, uint32_t row_after)
{
	before->partner[row_before] = row_after;
	after->partner[row_after] = row_before;
}

/* --- by pid ----------------------------------------------------------------------------------- */

static bool both_known(struct bytes a, struct bytes b)
{
	return a.data && b.data;
}

static bool both_same(struct bytes a, struct bytes b)
{
	return both_known(a, b) && bytes_equal(a, b);
}

static bool agree(const struct identity *a, const struct identity *b)
{
	if (both_same(a->exe, b->exe) || both_same(a->argv, b->argv) || both_same(a->comm, b->comm))
		return true;
	return !both_known(a->exe, b->exe) && !both_known(a->argv, b->argv) &&
	       !both_known(a->comm, b->comm);
}

static void pair_by_pid(struct side *before, struct side *after)
{
	for (uint32_t row = 0; row < before->n; row++) {
		uint32_t other = map_get(&after->checkpoint->process_by_pid, before->identities[row].pid);

		if (other == MAP_NONE || after->partner[other] != NO_ROW)
			continue;
		if ((row == 0 && other == 0) ||
		    agree(&before->identities[row], &after->identities[other]))
			pair(before, after, row, other);
	}
}

/* --- by what they are ------------------------------------------------------------------------- */

static int compare_kind(const struct identity *a, const struct identity *b)
{
	int order = bytes_compare(a->exe, b->exe);

	if (!order)
		order = bytes_compare(a->argv, b->argv);
	return order ? order : bytes_compare(a->comm, b->comm);
}

static int by_kind(const void *a, const void *b)
{
	const struct identity *left = a, *right = b;
	int order = compare_kind(left, right);

	return order ? order : (left->pid > right->pid) - (left->pid < right->pid);
}

/* Those without a partner, sorted. */
static struct identity *rest_of(const struct side *side, struct arena *arena, size_t *ret_n)
{
	struct identity *rest = arena_alloc(arena, (side->n + 1) * sizeof(*rest));
	size_t n = 0;

	for (uint32_t row = 0; row < side->n; row++)
		if (side->partner[row] == NO_ROW)
			rest[n++] = side->identities[row];
	qsort(rest, n, sizeof(*rest), by_kind);
	*ret_n = n;
	return rest;
}

/* How many of the first ones are alike. */
static size_t n_alike(const struct identity *identities, size_t n)
{
	size_t alike = 1;

	while (alike < n && compare_kind(&identities[0], &identities[alike]) == 0)
		alike++;
	return alike;
}

static void pair_by_kind(struct side *before, struct side *after, struct arena *arena)
{
	size_t n_before, n_after, i = 0, k = 0;
	struct identity *left = rest_of(before, arena, &n_before);
	struct identity *right = rest_of(after, arena, &n_after);

	while (i < n_before && k < n_after) {
		size_t alike = n_alike(&left[i], n_before - i), others = n_alike(&right[k], n_after - k);
		int order = compare_kind(&left[i], &right[k]);

		if (order == 0 && alike == others && (left[i].exe.data || left[i].comm.data))
			for (size_t m = 0; m < alike; m++)
				pair(before, after, left[i + m].row, right[k + m].row);
		i += order <= 0 ? alike : 0;
		k += order >= 0 ? others : 0;
	}
}

/* --- pids --------------------------------------------------------------------------------------- */

/* Threads of each process in a row, the leading one first. */
struct threads {
	uint32_t *first, *n; /* by row of process */
};

static struct threads threads_of(const struct checkpoint *checkpoint, struct arena *arena)
{
	size_t size = (checkpoint->processes.n + 1) * sizeof(uint32_t);
	struct threads threads = { arena_zalloc(arena, size), arena_zalloc(arena, size) };

	for (uint32_t i = checkpoint->threads.n; i-- > 0;) {
		uint32_t row = map_get(&checkpoint->process_by_pid, checkpoint->threads.items[i].pid);

		if (row == MAP_NONE)
			continue;
		threads.first[row] = i;
		threads.n[row]++;
	}
	return threads;
}

/* Where a task has another pid, its threads are told apart by their order. */
static void map_pids(const struct side *before, const struct side *after, struct arena *arena,
		     struct task_pairs *ret)
{
	struct threads left = threads_of(before->checkpoint, arena);
	struct threads right = threads_of(after->checkpoint, arena);

	for (uint32_t row = 0; row < before->n; row++) {
		uint32_t other = before->partner[row], pid = before->identities[row].pid;

		if (other == NO_ROW) {
			map_put(arena, &ret->lost, pid, row);
			continue;
		}
		map_put(arena, &ret->pids, pid, after->identities[other].pid);
		if (pid == after->identities[other].pid)
			continue;
		for (uint32_t i = 0; i < left.n[row] && i < right.n[other]; i++)
			map_put(arena, &ret->pids, before->checkpoint->threads.items[left.first[row] + i].tid,
				after->checkpoint->threads.items[right.first[other] + i].tid);
	}
}

void tasks_pair(const struct checkpoint *before, const struct checkpoint *after, struct arena *arena,
		struct task_pairs *ret)
{
	struct task_pairs pairs = { 0 };
	struct side left, right;

	take_side(before, arena, &left);
	take_side(after, arena, &right);
	pair_by_pid(&left, &right);
	pair_by_kind(&left, &right, arena);
	map_pids(&left, &right, arena, &pairs);
	pairs.after_of = left.partner;
	pairs.before_of = right.partner;
	*ret = pairs;
}

uint32_t pid_after(const struct task_pairs *pairs, uint32_t pid)
{
	uint32_t found = map_get(&pairs->pids, pid);

	return found == MAP_NONE ? pid : found;
}
