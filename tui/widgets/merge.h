/* Sorting in slices: runs are merged a step at a time, so that keys are heard meanwhile. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct merge {
	uint32_t *order, *other; /* merged from one into the other, and back */
	size_t n;
	size_t width;            /* of the runs that are merged; begins with 1 */
	size_t start, left, right, put;
};

/* Whether LEFT, which stands before RIGHT, stays there. */
typedef bool (*merge_order)(const void *context, uint32_t left, uint32_t right);

/* Works until DEADLINE (clock_now); true where .order is sorted. Rows that are alike keep their order. */
bool merge_work(struct merge *merge, merge_order stays, const void *context, uint64_t deadline);
