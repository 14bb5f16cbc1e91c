#include "decoders/model/tree.h"

#include <stdlib.h>

struct links {
	const struct checkpoint *checkpoint;
	uint32_t *first_child, *next_sibling; /* by row; NO_ROW at the end */
	bool *placed; /* by row: it stands among the nodes */
};

static int by_pid_descending(const void *a, const void *b, void *context)
{
	const struct process *processes = context;
	uint32_t left = processes[*(const uint32_t *)a].pid, right = processes[*(const uint32_t *)b].pid;

	return (left < right) - (left > right);
}

/* Hangs every process below its parent; a parent that is not there or is itself counts as none. */
static void link_children(struct links *links, struct arena *arena, uint32_t *ret_first_root)
{
	const struct checkpoint *checkpoint = links->checkpoint;
	size_t n = checkpoint->processes.n;
	uint32_t *order = arena_alloc(arena, (n + 1) * sizeof(*order));

	for (uint32_t i = 0; i < n; i++) {
		order[i] = i;
		links->first_child[i] = NO_ROW;
	}
	qsort_r(order, n, sizeof(*order), by_pid_descending, checkpoint->processes.items);
	*ret_first_root = NO_ROW;
	for (size_t i = 0; i < n; i++) {
		uint32_t row = order[i];
		uint32_t parent = map_get(&checkpoint->process_by_pid,
					  checkpoint->processes.items[row].ppid);
		uint32_t *head = parent == MAP_NONE || parent == row ? ret_first_root
								     : &links->first_child[parent];

		links->next_sibling[row] = *head;
		*head = row;
	}
}

/* Appends the trees that begin at FIRST and its siblings, parents before children. */
static void append(struct tree *tree, struct links *links, struct arena *arena, uint32_t first)
{
	VEC(struct tree_node) stack = { 0 };

	*vec_push(arena, &stack) = (struct tree_node){ .row = first };
	while (stack.n) {
		struct tree_node node = stack.items[--stack.n];
		uint32_t sibling;

		if (node.row == NO_ROW || links->placed[node.row])
			continue;
		links->placed[node.row] = true;
		sibling = links->next_sibling[node.row];
		node.last = sibling == NO_ROW;
		tree->nodes[tree->n++] = node;
		*vec_push(arena, &stack) = (struct tree_node){ .row = sibling, .depth = node.depth };
		*vec_push(arena, &stack) = (struct tree_node){ .row = links->first_child[node.row],
							       .depth = node.depth + 1 };
	}
}

struct tree tree_build(const struct checkpoint *checkpoint, struct arena *arena)
{
	size_t n = checkpoint->processes.n + 1;
	struct links links = { .checkpoint = checkpoint };
	struct tree tree = { .nodes = arena_alloc(arena, n * sizeof(struct tree_node)) };
	uint32_t first_root;

	links.first_child = arena_alloc(arena, n * sizeof(uint32_t));
	links.next_sibling = arena_alloc(arena, n * sizeof(uint32_t));
	links.placed = arena_zalloc(arena, n);
	link_children(&links, arena, &first_root);
	append(&tree, &links, arena, first_root);
	/* Parents that go in a circle hang on no root: each circle is cut where it is met first. */
	for (uint32_t i = 0; i < checkpoint->processes.n; i++) {
		if (links.placed[i])
			continue;
		links.next_sibling[i] = NO_ROW;
		append(&tree, &links, arena, i);
	}
	return tree;
}
