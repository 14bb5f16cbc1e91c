/* The tables of an index, and how many rows they have, of one checkpoint or of all. */
#include "tui/screens/index.h"

#include <stdlib.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "tui/clock.h"
#include "tui/widgets/arranged_list.h"

struct state {
	struct arranged_list shown; /* first */
	struct view *view;
	int64_t *counts; /* by table; -1: not counted yet, -2: it cannot be */
	size_t n_counted;
	bool shows_empty;
	struct arena arena;
	struct bytes path; /* of the checkpoint, escaped */
};

enum { NOT_COUNTED = -1, CANNOT_BE_COUNTED = -2 };

/* --- counting ------------------------------------------------------------------------------------------ */

static int64_t count_rows(struct view *view, const struct table *table)
{
	struct value value;
	struct arena arena;
	struct error *error;
	struct out sql;
	int64_t n;

	out_init(&sql, -1);
	arena_init(&arena);
	out_text(&sql, "SELECT count(*) FROM ");
	put_sql_name(table->name, &sql);
	out_text(&sql, view->link.number ? " WHERE checkpoint = ?1" : "");
	error = index_ask(&view->tui->index, out_held(&sql), (int64_t)view->link.number, &arena, &value, 1);
	n = error ? CANNOT_BE_COUNTED : value.type == VALUE_INT ? value.integer : (int64_t)value.number;
	error_free(error);
	arena_deinit(&arena);
	out_deinit(&sql);
	return n;
}

static void find_path(struct view *view)
{
	struct state *state = view->state;
	struct value value;
	struct arena arena;
	struct out text;

	arena_init(&arena);
	out_init(&text, -1);
	error_free(index_ask(&view->tui->index, BYTES("SELECT path FROM indexed WHERE id = ?1"),
			     (int64_t)view->link.number, &arena, &value, 1));
	if (value.type == VALUE_TEXT)
		escape_text(&text, bytes_basename(value.text));
	state->path = arena_copy(&state->arena, out_held(&text));
	out_deinit(&text);
	arena_deinit(&arena);
}

/* --- as a list ------------------------------------------------------------------------------------------ */

enum { COLUMN_NAME, COLUMN_ROWS, COLUMN_HELP };
static const char *const headings[] = { "table", "rows", "a row is" };

static size_t model_count(void *context)
{
	(void)context;
	return n_tables;
}

static bool model_is_number(void *context, size_t column)
{
	(void)context;
	return column == COLUMN_ROWS;
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct state *state = context;

	switch (column) {
	case COLUMN_NAME:
		out_text(out, tables[row]->name);
		*look = LOOK_LINK;
		break;
	case COLUMN_ROWS:
		if (state->counts[row] >= 0)
			out_u64(out, (uint64_t)state->counts[row]);
		else
			out_text(out, state->counts[row] == NOT_COUNTED ? "..." : "?");
		break;
	default:
		out_text(out, tables[row]->help);
	}
}

static bool model_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	const struct state *state = context;

	(void)arena;
	*ret = value_number(state->counts[row] < 0 ? VALUE_NULL : VALUE_UINT, (uint64_t)state->counts[row]);
	return column == COLUMN_ROWS;
}

static bool hides(void *context, size_t row)
{
	const struct state *state = context;

	return !state->shows_empty && state->counts[row] == 0;
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.is_number = model_is_number,
	.cell = model_cell,
};

/* --- the screen ------------------------------------------------------------------------------------------ */

static struct error *open_tables(struct view *view, const struct link *link)
{
	struct state *state = view->state;

	if (!view->tui->index.path)
		return error_new(ERROR_USAGE, "this is a checkpoint, and no index of several");
	view->checkpoint = NULL;
	state->view = view;
	state->counts = malloc(n_tables * sizeof(*state->counts));
	if (!state->counts)
		out_of_memory();
	for (size_t i = 0; i < n_tables; i++)
		state->counts[i] = NOT_COUNTED;
	arena_init(&state->arena);
	if (link->number)
		find_path(view);
	arranged_init(&state->shown.arranged, &state->shown.list, &model, state);
	state->shown.arranged.value = model_value;
	state->shown.arranged.hides = hides;
	return NULL;
}

static void close_tables(struct view *view)
{
	struct state *state = view->state;

	arranged_deinit(&state->shown.arranged);
	arena_deinit(&state->arena);
	free(state->counts);
}

/* A table at a time. */
static bool work(struct view *view, uint64_t deadline)
{
	struct state *state = view->state;

	if (state->n_counted == n_tables)
		return false;
	while (state->n_counted < n_tables && clock_now() < deadline) {
		state->counts[state->n_counted] = count_rows(view, tables[state->n_counted]);
		state->n_counted++;
	}
	order_again(&state->shown.arranged.order);
	return true;
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;

	if (action != ACTION_HIDE)
		return false;
	state->shows_empty = !state->shows_empty;
	order_again(&state->shown.arranged.order);
	return true;
}

static void title(struct view *view, struct out *out)
{
	const struct state *state = view->state;

	if (view->link.number)
		out_bytes(out, state->path);
	else
		out_text(out, "tables of all");
}

/* Its rows. */
static bool follow(struct view *view, struct link *ret)
{
	size_t row = arranged_selected(&((struct state *)view->state)->shown.arranged);

	*ret = LINK_TO(&screen_index_rows);
	if (row == SIZE_MAX)
		return false;
	ret->table = tables[row];
	ret->number = view->link.number;
	return true;
}

static void where(struct view *view, struct out *out)
{
	(void)view;
	out_text(out, "u shows tables without rows");
}

static int64_t indexed(struct view *view)
{
	return (int64_t)view->link.number;
}

const struct screen screen_index_tables = {
	.name = "index-tables",
	.help = "the tables of an index, of all that is in it",
	.of_index = true,
	.keys = KEYS_LIST | KEYS_ORDER | KEYS_DIFF | KEYS_INDEX,
	.state_size = sizeof(struct state),
	.open = open_tables,
	.close = close_tables,
	.title = title,
	.draw = arranged_list_draw,
	.act = act,
	.list = arranged_list_of,
	.order = arranged_list_order,
	.follow = follow,
	.where = where,
	.indexed = indexed,
	.work = work,
};
