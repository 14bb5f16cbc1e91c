/* Paths that CRIU found for inodes, and kept for the next dump. */
#pragma once

#include "decoders/model/leaf.h"

struct irmap {
	struct origin origin;
	uint32_t device; /* the C library's form */
	uint64_t inode;
	struct bytes path;
};

extern const struct leaf leaf_irmap;
