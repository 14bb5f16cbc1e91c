/* What the comparing of memory keeps while it runs: its two files' own. */
#pragma once

#include "db/diff/mappings.h"
#include "db/diff/memory.h"

enum { WINDOW = 256 << 10 }; /* bytes of either side that are in memory at once; at least a page */

/* Whether a layer before and one after are the same bytes on disk. */
enum { NOT_ASKED, SAME_SOURCE, OTHER_SOURCE };

struct reader {
	struct checkpoint *checkpoint;
	struct open_file last;
	uint8_t *window;
};

struct memory_diff {
	struct reader before, after;
	const struct task_pairs *pairs;
	struct memory_request request;
	uint32_t page_size, page_shift; /* a power of two, and which */
	uint8_t *is_same_source; /* by layer before and after */
	struct page_tally total;
	uint64_t passed;         /* bytes read of either side */
	bool is_ended;           /* as request.passed said */
	struct arena arena;      /* of the tasks that are being compared */
	struct memory_side sides[2];
	struct plan plan;
	size_t region;           /* the next one of the plan */
	uint32_t next_after, next_before; /* rows of process */
	/* of the region that is being compared: */
	struct memory_region *current;
	uint64_t heat[HEAT_CELLS], held[HEAT_CELLS]; /* pages: that differ, and all */
	struct arena ranges_arena;
	VEC(struct page_range) ranges;
};

/* How many pages LEN bytes lie on, from the beginning of one. */
static inline uint64_t pages_of(const struct memory_diff *diff, uint64_t len)
{
	return (len >> diff->page_shift) + ((len & (diff->page_size - 1)) != 0);
}

/* Makes .current, cleared but for its place, the region that pages are counted in; and ends with it. */
void pages_begin(struct memory_diff *diff, struct memory_region *region);
void pages_end(struct memory_diff *diff);

/* Counts the pages of a piece of .current. */
void pages_compare(struct memory_diff *diff, const struct plan_piece *piece);

struct error *pages_read(struct reader *reader, const struct span *span, uint64_t offset, uint8_t *buffer,
			 size_t len) __attribute__((warn_unused_result));
