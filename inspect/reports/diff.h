/* What two checkpoints differ in, shown: one step of a diff, in each format. */
#pragma once

#include "db/diff/memory.h"
#include "db/diff/rows.h"
#include "inspect/command.h"

struct diff_step {
	struct invocation *invocation;
	struct comparison comparison;
	const char *before, *after; /* what the user calls them */
	const struct table **tables; /* to compare */
	size_t n_tables;
	bool has_memory;            /* compared too */
	bool differs;               /* whether anything did; what renders it finds out */
};

void diff_render_text(struct diff_step *step);
void diff_render_markdown(struct diff_step *step);
void diff_render_json(struct diff_step *step, struct json *json);

/* --- what the formats share --------------------------------------------------------------------- */

/* Compares a table as the options say. */
void diff_table(struct diff_step *step, const struct table *table, struct table_diff *ret);

/* Begins with the memory; NULL where it cannot be compared, which has become a problem. */
struct memory_diff *diff_memory_begin(struct diff_step *step, bool with_ranges);

/* Ends with it, and takes over what there is to say of it as a whole. */
void diff_memory_end(struct diff_step *step, struct memory_diff *memory);

/* Says that not all ranges of a region are shown. */
void diff_check_ranges(struct diff_step *step, const struct memory_region *region);

/* Each DIFF_LINE bytes of a range that changed which differ, with their address after. */
enum { DIFF_LINE = 16 };
void diff_lines(struct diff_step *step, struct memory_diff *memory, const struct page_range *range,
		void (*each)(void *context, uint64_t address, const uint8_t *before,
			     const uint8_t *after, size_t len),
		void *context);

/* The cell of a column of a difference on one side, its secrets masked unless they are revealed. */
void diff_cell(const struct diff_step *step, const struct table_diff *diff, bool is_before, uint32_t row,
	       size_t column, struct arena *arena, struct value *ret);

/* The side that a difference is told by: after, but for rows that are gone. */
static inline bool is_told_by_before(const struct row_difference *difference)
{
	return difference->change == ROW_REMOVED;
}

static inline uint32_t told_row(const struct row_difference *difference)
{
	return is_told_by_before(difference) ? difference->before : difference->after;
}
