#include "tui/widgets/merge.h"

#include "tui/clock.h"

enum { MERGES_A_LOOK = 4096 /* between two looks at the clock */ };

static size_t at_most(size_t n, size_t most)
{
	return n < most ? n : most;
}

/* One element of the two runs that begin at .start; behind their end the next two, then runs of twice their width. */
static void step(struct merge *merge, merge_order stays, const void *context)
{
	size_t middle = at_most(merge->start + merge->width, merge->n);
	size_t end = at_most(middle + merge->width, merge->n);
	uint32_t *swap = merge->order;

	if (merge->put == merge->start)
		merge->left = merge->start, merge->right = middle;
	if (merge->put < end) {
		bool left = merge->left < middle &&
			    (merge->right == end ||
			     stays(context, merge->order[merge->left], merge->order[merge->right]));

		merge->other[merge->put++] = merge->order[left ? merge->left++ : merge->right++];
	}
	if (merge->put == end)
		merge->start = end;
	if (merge->start < merge->n)
		return;
	merge->order = merge->other;
	merge->other = swap;
	merge->width *= 2;
	merge->start = merge->put = 0;
}

bool merge_work(struct merge *merge, merge_order stays, const void *context, uint64_t deadline)
{
	for (size_t steps = 1; merge->width < merge->n; steps++) {
		step(merge, stays, context);
		if (steps % MERGES_A_LOOK == 0 && clock_now() > deadline)
			return merge->width >= merge->n;
	}
	return true;
}
