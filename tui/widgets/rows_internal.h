/* What rows.c, the table as it is shown, and rows_order.c, which makes the order, know of each other. */
#pragma once

#include "tui/widgets/rows.h"

/* --- rows.c --- */

void rows_cell_value(struct rows *rows, uint32_t row, size_t column, struct arena *arena, struct value *ret);

/* As it is shown. */
void rows_put_cell(struct rows *rows, uint32_t row, size_t column, struct out *out);

/* --- rows_order.c --- */

/* A new order, from the beginning; FILTER as of rows_filter. */
struct error *rows_order(struct rows *rows, const char *filter, size_t sort, bool descending)
	__attribute__((warn_unused_result));

/* The column that the rows are or will be sorted by; SIZE_MAX: none. */
size_t rows_next_sort(const struct rows *rows);

/* How far the next order is, where one is being made. */
void rows_put_progress(const struct rows *rows, struct out *out);
