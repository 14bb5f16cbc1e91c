/*
 * Two checkpoints, table by table.
 *
 * Which row is which follows from the keys that stand beside the columns (db/tables/table.h): rows of one key
 * are one thing seen twice, and differ where a column differs that is not noise. Where several rows have
 * one key, those that are alike in everything are counterparts first, the rest in their order. Rows
 * that are left are counterparts where they alone share a second key, all of whose columns have a value; else
 * they were added or removed.
 *
 * Cells are compared as the tables have them, with three exceptions: pids and thread ids of before are
 * translated to those of after (tasks.h), names that the kernel makes out of inode numbers (pipe:[7],
 * socket:[7]) count as their word alone, and columns that cost a pass over the data (sha256) are left out.
 *
 * Nothing here prints, and secrets are compared as they are: whoever shows a cell asks for it with
 * listing_cell, which masks.
 */
#pragma once

#include "db/diff/comparison.h"
#include "db/tables/listing.h"

enum row_change {
	ROW_REMOVED,
	ROW_ADDED,
	ROW_CHANGED,
};

struct row_difference {
	enum row_change change;
	uint32_t before, after; /* rows of the table on either side; NO_ROW where it is not there */
};

struct table_diff {
	const struct table *table;
	struct listing before, after;     /* every row of either side, and its columns: the same of both */
	struct row_difference *differences; /* removed, then added, then changed; each in order of rows */
	size_t n;
	size_t n_changes[3];              /* by enum row_change */
	size_t n_same;
	bool *is_key, *is_noise, *is_pid; /* by column */
};

struct table_request {
	const uint32_t *pids; /* as of after: only rows of these; tables that have no pids have no rows then */
	size_t n_pids;
	bool reveal;          /* what listing_cell does with secrets */
};

/* Loads what the table needs. The result lives in the comparison's arena. */
void table_compare(struct comparison *comparison, const struct table *table,
		   const struct table_request *request, struct table_diff *ret);

/* Whether that column differs between the two rows of a ROW_CHANGED; false for noise. */
bool cell_differs(const struct comparison *comparison, const struct table_diff *diff,
		  const struct row_difference *difference, size_t column, struct arena *arena);

/* Whether NAME is one of WORDS, which are separated by spaces; WORDS may be NULL. */
bool names_word(const char *words, const char *name);
