/* All values of a row in an index. */
#include "tui/screens/index.h"

#include "db/tables/render.h"
#include "decoders/base/size.h"

struct state {
	struct arena arena;
	const char **names;
	struct bytes *values; /* escaped */
	size_t n;
	struct list list;
};

enum { COLUMN_NAME, COLUMN_VALUE };
static const char *const headings[] = { "column", "value" };

static size_t model_count(void *context)
{
	return ((struct state *)context)->n;
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct state *state = context;

	if (column == COLUMN_NAME) {
		out_text(out, state->names[row]);
		return;
	}
	out_bytes(out, state->values[row]);
	if (bytes_equal(state->values[row], BYTES("-")))
		*look = LOOK_DIM;
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.cell = model_cell,
};

static void take_values(struct state *state, struct statement *statement)
{
	struct arena scratch;
	struct out text;

	state->n = statement_columns(statement);
	state->names = arena_alloc(&state->arena, (state->n + 1) * sizeof(*state->names));
	state->values = arena_alloc(&state->arena, (state->n + 1) * sizeof(*state->values));
	arena_init(&scratch);
	out_init(&text, -1);
	for (size_t i = 0; i < state->n; i++) {
		struct value value;

		out_clear(&text);
		statement_value(statement, i, &scratch, &value);
		render_value(&value, &text);
		state->names[i] = arena_text(&state->arena, bytes_of(statement_name(statement, i)));
		state->values[i] = arena_copy(&state->arena, out_held(&text));
	}
	out_deinit(&text);
	arena_deinit(&scratch);
}

static struct error *read_row(struct view *view)
{
	struct state *state = view->state;
	struct statement *statement = NULL;
	struct error *error;
	bool found = false;
	struct out sql;

	out_init(&sql, -1);
	out_text(&sql, "SELECT * FROM ");
	put_sql_name(view->link.table->name, &sql);
	out_text(&sql, " WHERE rowid = ?1");
	error = statement_prepare(view->tui->index.database, out_held(&sql), &statement);
	out_deinit(&sql);
	if (!error) {
		statement_bind_integer(statement, 1, (int64_t)view->link.number);
		error = statement_step(statement, &found);
	}
	if (!error && !found)
		error = error_new(ERROR_USAGE, "the row is not there any more");
	if (!error)
		take_values(state, statement);
	statement_free(statement);
	return error;
}

static struct error *open_row(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	struct error *error;

	if (!view->tui->index.path || !link->table)
		return error_new(ERROR_USAGE, "this is a checkpoint, and no index of several");
	arena_init(&state->arena);
	error = read_row(view);
	if (error) {
		arena_deinit(&state->arena);
		return error;
	}
	list_init(&state->list, &model, state);
	return NULL;
}

static void close_row(struct view *view)
{
	struct state *state = view->state;

	list_deinit(&state->list);
	arena_deinit(&state->arena);
}

static void title(struct view *view, struct out *out)
{
	out_printf(out, "%s row %llu", view->link.table->name, (unsigned long long)view->link.number);
}

static void draw(struct view *view, const struct area *area)
{
	list_draw(&((struct state *)view->state)->list, area);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

/* What the column is, where the dictionary knows it, and where the row is from. */
static void where(struct view *view, struct out *out)
{
	const struct state *state = view->state;
	const struct column *column = state->list.cursor < state->n
					      ? table_column(view->link.table, state->names[state->list.cursor])
					      : NULL;

	if (column)
		out_printf(out, "%s  ", column->help);
	put_index_origin(&view->tui->index, view->link.table, (int64_t)view->link.number, out);
}

static void command(struct view *view, struct out *out)
{
	struct out sql;

	out_init(&sql, -1);
	out_text(&sql, "SELECT * FROM ");
	put_sql_name(view->link.table->name, &sql);
	out_printf(&sql, " WHERE rowid = %llu", (unsigned long long)view->link.number);
	out_char(&sql, '\0');
	out_text(out, "query -e ");
	put_quoted(sql.buffer, out);
	out_deinit(&sql);
	put_checkpoint(view, out);
}

static int64_t indexed(struct view *view)
{
	return index_of_row(&view->tui->index, view->link.table, (int64_t)view->link.number);
}

const struct screen screen_index_row = {
	.name = "index-row",
	.help = "all values of a row in an index",
	.by_link = true,
	.of_index = true,
	.keys = KEYS_LIST | KEYS_INDEX,
	.state_size = sizeof(struct state),
	.open = open_row,
	.close = close_row,
	.title = title,
	.draw = draw,
	.list = list,
	.where = where,
	.command = command,
	.indexed = indexed,
};
