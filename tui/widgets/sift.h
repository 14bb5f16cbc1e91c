/*
 * An order of rows that is being made, a slice between keys: those that a filter lets through, sorted by a column.
 *
 * What shows the rows keeps its old order until this one is complete, or is ended.
 */
#pragma once

#include "db/tables/value.h"
#include "tui/widgets/list.h"

/* Whose rows they are. */
struct sift_kind {
	bool (*wants)(void *context, uint32_t row); /* whatever the filter is */
	bool (*matches)(void *context, uint32_t row, struct matcher *matcher, struct out *room);
	/* What a row is sorted by. Text goes to ARENA. */
	void (*value)(void *context, uint32_t row, size_t column, struct arena *arena, struct value *ret);
};

struct sift;

/*
 * Begins one of N_ROWS rows. FILTER: "x", or "!x" for rows that do not fit; NULL or "": all. SORT: a column, or SIZE_MAX: as
 * they are. An error where the filter is no regular expression.
 */
struct error *sift_begin(const struct sift_kind *kind, void *context, size_t n_rows, const char *filter,
			 size_t sort, bool descending, struct sift **ret) __attribute__((warn_unused_result));

/* Works until DEADLINE (clock_now); true where it is complete. */
bool sift_work(struct sift *sift, uint64_t deadline);

/* What came out, which is the caller's to free from now on: the rows, and the filter (NULL: none). */
uint32_t *sift_take(struct sift *sift, size_t *ret_n, char **ret_filter);
void sift_free(struct sift *sift); /* NULL is none */

/* Of how many rows it is, and by what they will be sorted. */
size_t sift_n_rows(const struct sift *sift);
size_t sift_sort(const struct sift *sift, bool *ret_descending);

/* "  sorting 40%, Esc stops" */
void sift_put_progress(const struct sift *sift, struct out *out);
