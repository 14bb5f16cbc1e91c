/*
 * What refers to what: columns whose numbers are ids of rows elsewhere.
 *
 * One table of references serves both ways: from a value to the row that it means, and from a row to those that mean it.
 */
#pragma once

#include "tui/view.h"

struct reference {
	const char *table;         /* that has the column; NULL: any table */
	const char *column;
	const char *target;        /* the table whose rows are meant, */
	const char *target_column; /* ... by this column */
};
extern const struct reference references[];
extern const size_t n_references;

/* The reference that a column of a table is; NULL where it is none. */
const struct reference *reference_of(const struct table *table, const struct column *column);

/* Where the value of a column of a row leads. False where it is no reference, null, or of a row that is not there. */
bool reference_follow(struct checkpoint *checkpoint, const struct table *table, const struct column *column,
		      const void *row, struct link *ret);

/* Where a row of a table leads to by itself, and by which screen it is best looked at. */
bool row_follow(struct checkpoint *checkpoint, const struct table *table, uint32_t row, struct link *ret);

/* Rows of a table with a number in a column: how many, up to 2, and the first of them. Loads the table. */
size_t rows_with_number(struct checkpoint *checkpoint, const struct table *table, const struct column *column,
			uint64_t number, uint32_t *ret_row);

/* The number in a column of a row; false where it is null or no number. */
bool row_number(const struct checkpoint *checkpoint, const struct column *column, const void *row,
		uint64_t *ret);
