/* The processes in the order of their tree, parents before children. */
#pragma once

#include "decoders/model/checkpoint.h"

enum { TREE_DEEPEST = 40 }; /* levels that are drawn; what is deeper stands at the last one */

struct tree_node {
	uint32_t row;   /* of process */
	uint32_t depth; /* 0: of a root */
	bool last;      /* of its siblings */
};

struct tree {
	struct tree_node *nodes; /* every process once, however its parents are */
	size_t n;
};

/* Needs PART_TASKS. Lives in ARENA. */
struct tree tree_build(const struct checkpoint *checkpoint, struct arena *arena);
