/* Which stretch of memory is compared with which: the plan of a task's comparison, before a byte is read. */
#pragma once

#include "decoders/model/address_space.h"

/* A mapping, as far as no later one lies over it; of a pre-dump pages that lie one behind the other. */
struct extent {
	uint64_t start, end;
	uint32_t vma;      /* row; NO_ROW of a pre-dump: */
	const char *kind;  /* NULL: nothing but its place is known */
	struct bytes path;
	uint64_t pgoff;
	const char *prot;
	bool is_shared;    /* of the kinds that a pre-dump does not take */
	bool is_paired;
	uint32_t moved_to; /* index into the other side's; NO_ROW */
};

struct memory_side {
	struct checkpoint *checkpoint;
	uint32_t process;  /* row; NO_ROW: it has no such task */
	struct address_space space;
	struct extent *extents; /* by address, apart from one another */
	size_t n;
};

/* A stretch of one mapping on either side; NO_ROW: there is none. */
struct plan_piece {
	uint32_t extent_before, extent_after;
	uint64_t before, after, len;
};

struct plan_region {
	uint32_t extent_before, extent_after;
	uint64_t before, after, len;
	bool is_gone, moved;
	size_t first, n; /* pieces */
};

struct plan {
	VEC(struct plan_piece) pieces;
	VEC(struct plan_region) regions; /* by address */
};

/* Needs PART_PAGES. PROCESS: a row, or NO_ROW. Lives in ARENA. */
void memory_side_init(struct checkpoint *checkpoint, uint32_t process, struct arena *arena,
		      struct memory_side *ret);

/* In time that grows with the number of mappings, sorting aside. Lives in ARENA. */
void plan_make(struct memory_side *before, struct memory_side *after, struct arena *arena,
	       struct plan *ret);
