/*
 * One row of a table as a list: a line for each of its columns, where it is from, and what refers to it.
 */
#pragma once

#include "tui/view.h"

struct record {
	struct view *view;
	const struct table *table;
	uint32_t row;
	struct listing listing;  /* of the columns, those of provenance behind them */
	size_t n_sources;        /* how many those are */
	const struct reference **back; /* what refers to it */
	size_t n_back;
	struct arena arena, cells;
	struct list list;
};

/* COLUMNS: as --columns takes them; NULL for all, with provenance and what refers to it. */
struct error *record_open(struct record *record, struct view *view, const struct table *table, uint32_t row,
			  const char *columns) __attribute__((warn_unused_result));
void record_close(struct record *record);

/* Where the selected line leads: to what it refers to, else to its value, however long. */
bool record_follow(struct record *record, struct link *ret);
/* What the selected line is, where there is no room for that beside it, and where the row is from. */
void record_where(const struct record *record, struct out *out);
bool record_origin(const struct record *record, struct origin *ret);
