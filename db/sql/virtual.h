/* A table of the data dictionary as a virtual table: what module.c and match.c share. */
#pragma once

#include "db/sql/internal.h"
#include "db/sql/plan.h"

struct virtual_table {
	sqlite3_vtab base;
	struct database *database;
	const struct table *table;
	const struct part *parts;
	size_t n_parts;
	bool is_merged;    /* its first column is the checkpoint */
	bool is_ambiguous; /* a plain name where there are several checkpoints */
	struct row_set *sets;  /* of the parts */
	size_t n_rows;         /* of all of them; a row is known by its number */
	struct key_column **keys; /* by column; NULL: not made yet */
	VEC(struct sorted *) sorted;
};

struct cursor {
	sqlite3_vtab_cursor base;
	const uint32_t *rows; /* NULL: all */
	size_t at, end;
	struct arena arena;   /* of the cell that is being made */
};

/* The column as declared; NULL: the checkpoint's name. */
const struct column *virtual_column(const struct virtual_table *virtual, int i);

/* The cell of a row by its number, as SQL has it: masked, spelled. */
void virtual_cell(const struct virtual_table *virtual, int i, size_t row, struct arena *arena,
		  struct value *ret);

/* Sets CURSOR to the rows that PLAN and its VALUES ask for, or more; a status of SQLite's. */
int match_rows(struct virtual_table *virtual, const struct plan *plan, sqlite3_value **values,
	       size_t n_values, struct cursor *cursor);
