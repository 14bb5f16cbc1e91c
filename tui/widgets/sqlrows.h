/*
 * The rows of a SELECT over an index, as a list: SQLite has them, and they are asked for when they are drawn.
 *
 * The SELECT's first column is an id that is a row's alone, such as its rowid, and all that is held of rows that are not on
 * the screen. Ids come from a thread (sqlids.h), which also filters and sorts (ORDER BY), so keys are heard meanwhile and
 * Esc ends it. Rows are looked up by id.
 */
#pragma once

#include "tui/widgets/order.h"
#include "tui/widgets/sqlids.h"

struct sql_row;

struct sqlrows {
	struct order order;         /* first */
	const struct sql_index *index;
	char *select;
	struct statement *row;      /* by its id */
	size_t n_columns;           /* without the id */
	bool is_number[MOST_LIST_COLUMNS]; /* as far as rows have been seen */
	struct sql_ids *ids, *next; /* that are shown, and that are being made; NULL */
	struct sql_row *seen;       /* rows that were drawn */
	struct arena arena;         /* of their texts */
};

/* The list's model is this. An error says what is wrong with the SELECT. */
struct error *sqlrows_open(struct sqlrows *rows, struct list *list, const struct sql_index *index, const char *select)
	__attribute__((warn_unused_result));
void sqlrows_close(struct sqlrows *rows);

/* The id of the row under the cursor; false where there is none. */
bool sqlrows_selected(struct sqlrows *rows, int64_t *ret);

/* Why rows are missing, which is told once; NULL: they are not. */
struct error *sqlrows_error(struct sqlrows *rows);
