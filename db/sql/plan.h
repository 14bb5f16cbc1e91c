/*
 * How a table is gone through: which columns are compared with values, and so by which its rows must be
 * sorted. Made by xBestIndex, kept by SQLite as a text, and read again by xFilter.
 */
#pragma once

#include <sqlite3.h>

#include "db/sql/sorted.h"

enum bound {
	BOUND_EQUAL,
	BOUND_FROM,   /* >= */
	BOUND_BEHIND, /* > */
	BOUND_TO,     /* <= */
	BOUND_BEFORE, /* < */
};

/* Comparisons in the order of xFilter's arguments: of equality first, then one or two of a range. */
struct plan {
	struct {
		uint16_t column; /* of the table as declared */
		enum bound bound;
	} items[MOST_KEYS + 1];
	size_t n, n_equal;
};

/* What a column is good for. */
enum usable {
	USABLE_NOT,
	USABLE_EQUAL,
	USABLE_RANGE, /* that too: an address */
};

/* Chooses; N_ROWS of the table tell what it costs. False where SQLite has no memory. */
bool plan_choose(sqlite3_index_info *info, enum usable (*usable)(const void *context, int column),
		 const void *context, size_t n_rows) __attribute__((warn_unused_result));

/* The plan that TEXT is; NULL: all rows. */
void plan_read(const char *text, struct plan *ret);
