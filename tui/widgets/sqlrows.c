#include "tui/widgets/sqlrows.h"

#include <stdlib.h>
#include <unistd.h>

#include "db/tables/render.h"
#include "tui/clock.h"

enum {
	NAP = 2000,         /* microseconds */
	KEPT = 256,         /* rows of which the cells are kept */
	MOST_KEPT = 4 << 20 /* bytes of them */
};

struct sql_row {
	int64_t id;
	struct value *cells; /* NULL: not kept */
};

/* --- as a list's model ------------------------------------------------------------------------------------ */

static size_t model_count(void *context)
{
	size_t seen;

	return sql_ids_count(((struct sqlrows *)context)->ids, &seen);
}

static size_t model_columns(void *context)
{
	return ((struct sqlrows *)context)->n_columns;
}

static const char *model_heading(void *context, size_t column)
{
	return statement_name(((struct sqlrows *)context)->row, column + 1);
}

static bool model_is_number(void *context, size_t column)
{
	return ((struct sqlrows *)context)->is_number[column];
}

/* Rows that were drawn are drawn again and again, a cell at a time: those are kept for a while. */
static void forget_rows(struct sqlrows *rows)
{
	memset(rows->seen, 0, KEPT * sizeof(*rows->seen));
	arena_reset(&rows->arena);
}

static void take_cells(struct sqlrows *rows, struct value *cells)
{
	struct arena scratch;

	arena_init(&scratch);
	for (size_t i = 0; i < rows->n_columns; i++) {
		struct value value;

		statement_value(rows->row, i + 1, &scratch, &value);
		cells[i] = value_copy(&rows->arena, &value);
		rows->is_number[i] &= value_type_is_number(value.type) || value.type == VALUE_NULL;
	}
	arena_deinit(&scratch);
}

/* A row that went away, or that cannot be read, is one of question marks. */
static const struct value *cells_of(struct sqlrows *rows, size_t i)
{
	int64_t id = sql_ids_at(rows->ids, i);
	struct sql_row *seen = &rows->seen[(uint64_t)id % KEPT];
	struct error *error;
	bool found = false;

	if (seen->cells && seen->id == id)
		return seen->cells;
	if (rows->arena.used > MOST_KEPT)
		forget_rows(rows);
	statement_reset(rows->row);
	statement_bind_integer(rows->row, 1, id);
	error = statement_step(rows->row, &found);
	seen->id = id;
	seen->cells = arena_zalloc(&rows->arena, (rows->n_columns + 1) * sizeof(*seen->cells));
	if (found && !error)
		take_cells(rows, seen->cells);
	for (size_t k = 0; k < rows->n_columns && (!found || error); k++)
		seen->cells[k] = value_text(BYTES("?"));
	error_free(error);
	statement_reset(rows->row);
	return seen->cells;
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct value *value = &cells_of(context, row)[column];

	render_value(value, out);
	if (value->type == VALUE_NULL)
		*look = LOOK_DIM;
	if (value->type == VALUE_TEXT &&
	    (bytes_equal(value->text, BYTES("damaged")) || bytes_equal(value->text, BYTES("failed"))))
		*look = LOOK_ALARM;
}

static bool model_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	*ret = value_copy(arena, &cells_of(context, row)[column]);
	return true;
}

static const struct list_model sqlrows_model = {
	.count = model_count,
	.n_columns = model_columns,
	.heading = model_heading,
	.is_number = model_is_number,
	.cell = model_cell,
	.value = model_value,
};

/* --- the order --------------------------------------------------------------------------------------------- */

/* The SELECT in an order. Rows that are alike stand as their ids do. */
static void put_ordered(const struct sqlrows *rows, size_t sort, bool descending, struct out *out)
{
	out_printf(out, "SELECT * FROM (%s) ORDER BY ", rows->select);
	if (sort < rows->n_columns) {
		put_sql_name(statement_name(rows->row, sort + 1), out);
		out_text(out, descending ? " DESC, " : ", ");
	}
	put_sql_name(statement_name(rows->row, 0), out);
	out_char(out, '\0');
}

static struct error *begin(struct order *order, const char *filter, size_t sort, bool descending)
{
	struct sqlrows *rows = (struct sqlrows *)order;
	struct sql_ids *ids = NULL;
	struct error *error;
	struct out sql;

	out_init(&sql, -1);
	put_ordered(rows, sort, descending, &sql);
	error = sql_ids_new(rows->index->path, sql.buffer, filter, &ids);
	out_deinit(&sql);
	if (error)
		return error;
	sql_ids_free(rows->next);
	rows->next = NULL;
	if (rows->ids)
		rows->next = ids;
	else
		rows->ids = ids;
	return NULL;
}

static void take_next(struct sqlrows *rows)
{
	struct list *list = rows->order.list;
	int64_t selected = 0;
	bool was = sqlrows_selected(rows, &selected);
	char *filter = rows->next->filter;

	rows->next->filter = NULL;
	sql_ids_free(rows->ids);
	rows->ids = rows->next;
	rows->next = NULL;
	order_done(&rows->order, filter);
	list->cursor = list->top = 0;
	for (size_t i = 0; was && i < rows->ids->n; i++)
		if (rows->ids->items[i] == selected) {
			list->cursor = i;
			break;
		}
}

static bool work(struct order *order, uint64_t deadline)
{
	struct sqlrows *rows = (struct sqlrows *)order;
	struct sql_ids *ids = rows->next ? rows->next : rows->ids;

	while (sql_ids_look(ids) && clock_now() < deadline)
		usleep(NAP);
	if (sql_ids_look(ids))
		return true;
	if (ids == rows->next)
		take_next(rows);
	return false;
}

static bool cancel(struct order *order)
{
	struct sqlrows *rows = (struct sqlrows *)order;

	if (rows->next) {
		sql_ids_free(rows->next);
		rows->next = NULL;
		return true;
	}
	if (!sql_ids_look(rows->ids))
		return false;
	sql_ids_stop(rows->ids);
	return true;
}

static void put_count(struct order *order, struct out *out)
{
	struct sqlrows *rows = (struct sqlrows *)order;
	struct sql_ids *ids = rows->next ? rows->next : rows->ids;
	size_t n = model_count(rows), seen;

	out_printf(out, "%zu of %zu", n ? order->list->cursor + 1 : 0, n);
	if (sql_ids_look(ids)) {
		(void)sql_ids_count(ids, &seen);
		out_printf(out, "  %zu looked at, Esc stops", seen);
	} else if (ids->stop) {
		out_text(out, ", ended");
	}
}

static const struct order_kind sqlrows_order = {
	.begin = begin,
	.work = work,
	.cancel = cancel,
	.count = put_count,
};

/* --- beginning and end ---------------------------------------------------------------------------------------- */

static struct error *prepare_row(struct sqlrows *rows)
{
	struct error *error;
	struct out sql;

	/* The id's name is known when the SELECT itself has been prepared. */
	error = statement_prepare(rows->index->database, bytes_of(rows->select), &rows->row);
	if (error)
		return error;
	out_init(&sql, -1);
	out_printf(&sql, "SELECT * FROM (%s) WHERE ", rows->select);
	put_sql_name(statement_name(rows->row, 0), &sql);
	out_text(&sql, " = ?1");
	statement_free(rows->row);
	rows->row = NULL;
	error = statement_prepare(rows->index->database, out_held(&sql), &rows->row);
	out_deinit(&sql);
	return error;
}

struct error *sqlrows_open(struct sqlrows *rows, struct list *list, const struct sql_index *index, const char *select)
{
	struct error *error;
	size_t n;

	*rows = (struct sqlrows){ .index = index, .select = strdup(select) };
	if (!rows->select)
		out_of_memory();
	error = prepare_row(rows);
	if (error) {
		free(rows->select);
		return error;
	}
	n = statement_columns(rows->row) - 1;
	rows->n_columns = n < MOST_LIST_COLUMNS ? n : MOST_LIST_COLUMNS;
	for (size_t i = 0; i < rows->n_columns; i++)
		rows->is_number[i] = true;
	rows->seen = calloc(KEPT, sizeof(*rows->seen));
	if (!rows->seen)
		out_of_memory();
	arena_init(&rows->arena);
	order_init(&rows->order, &sqlrows_order, list);
	list_init(list, &sqlrows_model, rows);
	return begin(&rows->order, NULL, SIZE_MAX, false);
}

void sqlrows_close(struct sqlrows *rows)
{
	sql_ids_free(rows->next);
	sql_ids_free(rows->ids);
	statement_free(rows->row);
	list_deinit(rows->order.list);
	order_deinit(&rows->order);
	arena_deinit(&rows->arena);
	free(rows->seen);
	free(rows->select);
}

bool sqlrows_selected(struct sqlrows *rows, int64_t *ret)
{
	size_t cursor = rows->order.list->cursor;

	if (cursor >= model_count(rows))
		return false;
	*ret = sql_ids_at(rows->ids, cursor);
	return true;
}

struct error *sqlrows_error(struct sqlrows *rows)
{
	struct error *error = NULL;

	if (!sql_ids_look(rows->ids)) {
		error = rows->ids->error;
		rows->ids->error = NULL;
	}
	return error;
}
