#include "inspect/reports/diff.h"

enum { MOST_PAGE_SIZE = 64 << 10 };

void diff_table(struct diff_step *step, const struct table *table, struct table_diff *ret)
{
	const struct options *options = &step->invocation->options;
	const struct table_request request = { .pids = options->pids, .n_pids = options->n_pids,
					       .reveal = options->reveal };

	table_compare(&step->comparison, table, &request, ret);
	step->differs |= ret->n > 0;
}

struct memory_diff *diff_memory_begin(struct diff_step *step, bool with_ranges)
{
	const struct options *options = &step->invocation->options;
	const struct memory_request request = { .pids = options->pids, .n_pids = options->n_pids,
						.ranges = with_ranges };
	struct error *error = NULL;
	struct memory_diff *memory;

	if (!step->has_memory)
		return NULL;
	memory = memory_diff_new(&step->comparison, &request, &error);
	problems_add(&step->invocation->problems, error_in_source(error, step->after));
	return memory;
}

void diff_memory_end(struct diff_step *step, struct memory_diff *memory)
{
	const struct page_tally *total;

	if (!memory)
		return;
	total = memory_diff_total(memory);
	step->differs |= tally_differing(total) > 0;
	if (total->one_sided)
		problems_add(&step->invocation->problems,
			     error_in_source(error_new(ERROR_DAMAGED,
						       "pages that are not compared: %llu, which one side "
						       "left to a page server or to a parent that is not here",
						       (unsigned long long)total->one_sided),
					     step->after));
	memory_diff_free(memory);
}

void diff_check_ranges(struct diff_step *step, const struct memory_region *region)
{
	if (region->has_more_ranges)
		problems_add(&step->invocation->problems,
			     error_in_source(error_new(ERROR_LIMIT,
						       "the mapping at 0x%llx: pages behind %d stretches that "
						       "differ are counted, and not listed",
						       (unsigned long long)region->after, MOST_RANGES),
					     step->after));
}

void diff_lines(struct diff_step *step, struct memory_diff *memory, const struct page_range *range,
		void (*each)(void *context, uint64_t address, const uint8_t *before,
			     const uint8_t *after, size_t len),
		void *context)
{
	uint32_t page_size = step->comparison.after->page_size;
	uint8_t before[MOST_PAGE_SIZE], after[MOST_PAGE_SIZE];

	for (uint64_t page = 0; range->change == PAGES_CHANGED && page < range->n; page++) {
		struct error *error = memory_diff_read(memory, range, page, before, after);

		problems_add(&step->invocation->problems, error_in_source(error, step->after));
		for (uint32_t i = 0; !error && i < page_size; i += DIFF_LINE)
			if (memcmp(before + i, after + i, DIFF_LINE) != 0)
				each(context, range->after + page * page_size + i, before + i, after + i,
				     DIFF_LINE);
	}
}

void diff_cell(const struct diff_step *step, const struct table_diff *diff, bool is_before, uint32_t row,
	       size_t column, struct arena *arena, struct value *ret)
{
	const struct listing *listing = is_before ? &diff->before : &diff->after;

	listing_cell(is_before ? step->comparison.before : step->comparison.after, listing, column,
		     row_at(&listing->rows, row), arena, ret);
}
