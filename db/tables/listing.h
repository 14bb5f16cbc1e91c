/*
 * A listing: some columns and some rows of a table, in some order.
 *
 * What a command line says about a table (--columns, --sort, -p, --provenance) is worked out here
 * once; the forms of output (render.h) only walk the result.
 */
#pragma once

#include "db/tables/table.h"

/* What is asked for; zero everywhere asks for the table as it is. */
struct listing_request {
	const char *columns;       /* "pid,comm"; NULL: all, or with SHORT those that are no detail */
	bool shortened;
	bool provenance;           /* src_image, src_entry, src_offset, src_archive_offset as well */
	const char *sort;          /* "pid,-size": by these columns, "-" for descending */
	const uint32_t *pids;      /* only rows of these processes */
	size_t n_pids;
	bool reveal;               /* secrets as they are, not masked */
	/* Only rows that this wants; NULL: all. */
	bool (*wants)(const void *row, const void *context);
	const void *context;
};

struct listing {
	const struct table *table;
	const struct column **columns;
	size_t n_columns;
	struct row_set rows;
	uint32_t *order; /* indices into rows */
	size_t n;
	bool reveal;
	struct arena *arena;
};

/*
 * Checks the request and chooses the columns. Nothing is loaded yet. Everything of the
 * listing lives in ARENA.
 */
struct error *listing_init(struct arena *arena, const struct table *table,
			   const struct listing_request *request, struct listing *ret)
	__attribute__((warn_unused_result));

/* Loads what the columns need. The rows are there, and in no order. */
void listing_load(struct checkpoint *checkpoint, const struct listing_request *request,
		  struct listing *listing);

/* The same, then chooses and orders the rows. */
void listing_choose(struct checkpoint *checkpoint, const struct listing_request *request,
		    struct listing *listing);

static inline const void *listing_row(const struct listing *listing, size_t i)
{
	return row_at(&listing->rows, listing->order[i]);
}

/*
 * A cell as it may be shown, its secrets masked unless REVEAL says otherwise. COLUMN is one of the table's or of
 * source_columns.
 */
void table_shown(const struct checkpoint *checkpoint, const struct table *table,
		 const struct column *column, const void *row, bool reveal, struct arena *arena,
		 struct value *ret);

/* The columns of provenance, which every table has. */
extern const struct column source_columns[];
extern const size_t n_source_columns;

/*
 * A cell of a listing, its secrets masked unless it reveals them; for source columns the row's origin is what
 * counts.
 */
void listing_cell(const struct checkpoint *checkpoint, const struct listing *listing,
		  size_t column, const void *row, struct arena *arena, struct value *ret);
