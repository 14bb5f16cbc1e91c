/* What changed in a table: a line for each row that was removed, added or changed, before and after in one cell. */
#include "tui/screens/diff.h"

#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "tui/screens/diff_row.h"
#include "tui/widgets/arranged_list.h"

enum {
	MOST_LOOKED_AT = 1000, /* rows by which is decided which columns are shown */
	COLUMN_SIGN = 0,
};

struct state {
	struct arranged_list shown; /* first */
	struct tui *tui;
	const struct comparison *comparison;
	struct table_diff diff; /* a copy of the listings: whether they reveal is looked up at each cell */
	size_t columns[MOST_LIST_COLUMNS];
	size_t n_columns;
	bool all;
	struct arena cells;
};

/* --- which columns ------------------------------------------------------------------------------------ */

static void add_column(struct state *state, size_t column)
{
	for (size_t i = 0; i < state->n_columns; i++)
		if (state->columns[i] == column)
			return;
	if (state->n_columns + 1 < MOST_LIST_COLUMNS)
		state->columns[state->n_columns++] = column;
}

static bool differs_somewhere(struct state *state, size_t column)
{
	const struct table_diff *diff = &state->diff;
	bool differs = false;

	for (size_t i = 0, n = 0; i < diff->n && n < MOST_LOOKED_AT && !differs; i++)
		if (diff->differences[i].change == ROW_CHANGED) {
			differs = cell_differs(state->comparison, diff, &diff->differences[i], column,
					       &state->cells);
			n++;
		}
	arena_reset(&state->cells);
	return differs;
}

/*
 * What a row is known by, and what is other; where rows came or went, what a listing shows of them. With .all everything.
 */
static void choose_columns(struct state *state)
{
	const struct table_diff *diff = &state->diff;
	size_t n = diff->after.n_columns;
	bool lists = diff->n_changes[ROW_REMOVED] || diff->n_changes[ROW_ADDED];

	state->n_columns = 0;
	for (size_t i = 0; i < n; i++)
		if (diff->is_key[i])
			add_column(state, i);
	for (size_t i = 0; i < n; i++)
		if (differs_somewhere(state, i))
			add_column(state, i);
	for (size_t i = 0; i < n; i++)
		if (state->all || (lists && !diff->is_noise[i] && !diff->after.columns[i]->detail))
			add_column(state, i);
}

/* --- as a list ---------------------------------------------------------------------------------------- */

static size_t model_count(void *context)
{
	return ((struct state *)context)->diff.n;
}

static size_t model_columns(void *context)
{
	return ((struct state *)context)->n_columns + 1;
}

static const char *model_heading(void *context, size_t column)
{
	const struct state *state = context;

	return column == COLUMN_SIGN ? "" : state->diff.after.columns[state->columns[column - 1]]->name;
}

/* Nothing: where "before -> after" stands among numbers they line up with it no more. */
static bool model_is_number(void *context, size_t column)
{
	(void)context;
	(void)column;
	return false;
}

static void put_side(struct state *state, bool is_before, const struct row_difference *difference, size_t column,
		     struct out *out)
{
	struct value value;

	change_cell(state->comparison, &state->diff, is_before, difference, column, state->tui->reveal,
		    &state->cells, &value);
	render_value(&value, out);
}

static bool has_changed(struct state *state, const struct row_difference *difference, size_t column)
{
	return difference->change == ROW_CHANGED &&
	       cell_differs(state->comparison, &state->diff, difference, column, &state->cells);
}

static void put_cell(struct state *state, const struct row_difference *difference, size_t column, struct out *out,
		     enum look *look)
{
	if (has_changed(state, difference, column)) {
		out_text(out, change_sign(ROW_CHANGED));
		put_side(state, true, difference, column, out);
		out_text(out, glyph_text(GLYPH_ARROW, !out->utf8));
		*look = change_look(ROW_CHANGED);
	}
	put_side(state, difference->change == ROW_REMOVED, difference, column, out);
	arena_reset(&state->cells);
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	struct state *state = context;
	const struct row_difference *difference = &state->diff.differences[row];

	if (column != COLUMN_SIGN) {
		put_cell(state, difference, state->columns[column - 1], out, look);
		return;
	}
	out_text(out, change_sign(difference->change));
	*look = change_look(difference->change);
}

static bool sort_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	struct state *state = context;
	const struct row_difference *difference = &state->diff.differences[row];

	if (column == COLUMN_SIGN)
		*ret = value_number(VALUE_UINT, difference->change);
	else
		change_cell(state->comparison, &state->diff, difference->change == ROW_REMOVED, difference,
			    state->columns[column - 1], state->tui->reveal, arena, ret);
	return true;
}

/* What changed is two values, which the cell says. */
static bool model_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	struct state *state = context;
	bool is_one = column != COLUMN_SIGN &&
		      !has_changed(state, &state->diff.differences[row], state->columns[column - 1]);

	arena_reset(&state->cells);
	return is_one && sort_value(state, row, column, arena, ret);
}

static const struct list_model model = {
	.count = model_count,
	.n_columns = model_columns,
	.heading = model_heading,
	.is_number = model_is_number,
	.cell = model_cell,
	.value = model_value,
};

/* --- the screen --------------------------------------------------------------------------------------- */

static struct error *open_rows(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	const struct comparing *comparing = NULL;
	struct error *error = diff_ready(view, &comparing);
	const struct table_diff *diff = error ? NULL : comparing_table_diff(comparing, link->table);

	if (!error && !diff)
		error = error_new(ERROR_USAGE, "%s was not compared", link->table->name);
	if (error)
		return error;
	state->tui = view->tui;
	state->comparison = comparing_comparison(comparing);
	state->diff = *diff;
	arena_init(&state->cells);
	state->all = tui_kept(view, link->table)->all;
	choose_columns(state);
	arranged_init(&state->shown.arranged, &state->shown.list, &model, state);
	state->shown.arranged.value = sort_value;
	return NULL;
}

static void close_rows(struct view *view)
{
	struct state *state = view->state;

	tui_kept(view, view->link.table)->all = state->all;
	arranged_deinit(&state->shown.arranged);
	arena_deinit(&state->cells);
}

static void title(struct view *view, struct out *out)
{
	const struct table *table = view->link.table;

	out_printf(out, "changes of %s", table->plural ? table->plural : table->name);
}

static const struct row_difference *selected(struct view *view)
{
	struct state *state = view->state;
	size_t row = arranged_selected(&state->shown.arranged);

	return row == SIZE_MAX ? NULL : &state->diff.differences[row];
}

/* All values of it, before and after. */
static struct link link_to_row(struct view *view)
{
	struct link link = LINK_TO(&screen_diff_row);

	link.table = view->link.table;
	link.number = (uint64_t)(selected(view) - ((struct state *)view->state)->diff.differences);
	return link;
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;
	struct link link;

	switch (action) {
	case ACTION_ALL_COLUMNS:
		state->all = !state->all;
		choose_columns(state);
		list_forget_widths(&state->shown.list);
		state->shown.list.first_column = 0;
		order_sort(&state->shown.arranged.order, SIZE_MAX, false);
		return true;
	case ACTION_RECORD:
		if (!selected(view))
			return true;
		link = link_to_row(view);
		tui_open(view->tui, &link);
		return true;
	default:
		return false;
	}
}

/* Into the process that it is of: in after, or where it was removed in before. */
static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	const struct row_difference *difference = selected(view);
	uint32_t process;

	if (!difference)
		return false;
	*ret = link_to_row(view);
	process = change_process(state->comparison, &state->diff, difference);
	if (process == NO_ROW)
		return true;
	*ret = difference->change == ROW_REMOVED ? link_to_task(state->comparison, process, NO_ROW)
						 : link_to_task(state->comparison, NO_ROW, process);
	return true;
}

static void where(struct view *view, struct out *out)
{
	struct state *state = view->state;
	const struct row_difference *difference = selected(view);

	if (difference)
		put_change_origins(state->comparison, &state->diff, difference, out);
}

static void command(struct view *view, struct out *out)
{
	put_diff_command(view, view->link.table->name, out);
}

static uint32_t process(struct view *view)
{
	struct state *state = view->state;
	const struct row_difference *difference = selected(view);

	return difference && difference->change != ROW_REMOVED
		       ? change_process(state->comparison, &state->diff, difference)
		       : NO_ROW;
}

const struct screen screen_diff_rows = {
	.name = "changes",
	.help = "what changed in a table",
	.by_link = true,
	.keys = KEYS_LIST | KEYS_ORDER | KEYS_COLUMNS,
	.state_size = sizeof(struct state),
	.open = open_rows,
	.close = close_rows,
	.title = title,
	.draw = arranged_list_draw,
	.act = act,
	.list = arranged_list_of,
	.order = arranged_list_order,
	.follow = follow,
	.where = where,
	.command = command,
	.process = process,
};
