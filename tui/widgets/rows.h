/*
 * The rows of a table, as a list's model: which of them, in which order, which columns.
 *
 * Filtering and sorting make a new order beside the one that is shown, in slices, so that keys are heard meanwhile
 * and Esc ends it. Until it is complete the old order stays on the screen.
 */
#pragma once

#include "db/tables/listing.h"
#include "tui/widgets/sift.h"

/* Which rows, whatever is filtered: those with this number in this column, and that .wants wants. */
struct rows_only {
	const struct column *column; /* NULL: any */
	uint64_t number;
	bool (*wants)(const struct checkpoint *checkpoint, const void *row, uint64_t number); /* NULL: all */
};

/* Columns that were chosen, for the next list of the kind; who has it frees .columns. */
struct kept_columns {
	char *columns; /* as --columns takes them; NULL: the usual ones, or .all */
	bool all;
};

struct rows {
	struct checkpoint *checkpoint;
	const struct table *table;
	const bool *reveal;
	struct list *list;       /* whose model this is */
	struct arena arena;      /* of the listing's columns */
	struct arena cells;      /* of one row's computed text */
	const char *usual;       /* columns, as --columns takes them; NULL: those of the table */
	char *columns;           /* that were chosen; NULL: the usual ones, or .all */
	bool all;
	struct kept_columns *kept; /* where they go at the end; NULL: nowhere */
	struct listing listing;  /* .order and .n: what is shown */
	struct rows_only only;
	char *filter;            /* NULL: none */
	size_t sort;             /* column of the listing; SIZE_MAX: none */
	bool descending;
	uint8_t *tagged;         /* by row of the table; NULL: none is */
	size_t n_tagged;
	struct sift *work;       /* NULL: the order is complete */
};

extern const struct list_model rows_model;

/*
 * Loads what the columns need. ONLY may be NULL. USUAL: columns, unless KEPT (NULL: nothing is) has others; it must
 * outlive ROWS, and NULL is those of the table. LIST is set up with this as its model; REVEAL is looked at whenever a cell
 * is drawn.
 */
struct error *rows_open(struct rows *rows, struct list *list, struct checkpoint *checkpoint,
			const struct table *table, const struct rows_only *only, const char *usual,
			struct kept_columns *kept, const bool *reveal) __attribute__((warn_unused_result));
void rows_close(struct rows *rows);

/* The row under the cursor, as an index into the table; NO_ROW where there is none. */
uint32_t rows_selected(const struct rows *rows);

/* Where that row was read from, and the row of the process that its pid means; false, NO_ROW: nothing says. */
bool rows_origin(const struct rows *rows, struct origin *ret);
uint32_t rows_process(const struct rows *rows);

/* Puts the cursor on a row of the table; false where it is not shown. */
bool rows_select(struct rows *rows, uint32_t row);

/* "x", or "!x" for rows that do not fit; NULL or "": all. */
struct error *rows_filter(struct rows *rows, const char *filter) __attribute__((warn_unused_result));

/* By a column of the listing; SIZE_MAX: as the table has them. */
void rows_sort(struct rows *rows, size_t column, bool descending);

/* As --columns takes them; NULL: the usual ones, or ALL. */
struct error *rows_choose_columns(struct rows *rows, const char *columns, bool all)
	__attribute__((warn_unused_result));

void rows_tag(struct rows *rows);

/* Works on the order until DEADLINE; true where there is more to do. */
bool rows_work(struct rows *rows, uint64_t deadline);
void rows_cancel(struct rows *rows);

/* "4 of 12", and what narrows or orders them. */
void rows_status(const struct rows *rows, struct out *out);

/* The options of "coldcase list" that give the same rows as far as it can tell them. */
void rows_command(const struct rows *rows, struct out *out);

/* Keys that every table has; false where the action is none of them. */
bool rows_act(struct rows *rows, enum action action);
