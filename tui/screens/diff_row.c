#include "tui/screens/diff_row.h"

#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "decoders/base/size.h"

struct state {
	struct tui *tui;
	const struct comparison *comparison;
	const struct table_diff *diff;
	const struct row_difference *difference;
	struct arena cells;
	struct list list;
};

/* --- a row that changed ------------------------------------------------------------------------------- */

void change_cell(const struct comparison *comparison, const struct table_diff *diff, bool is_before,
		 const struct row_difference *difference, size_t column, bool reveal, struct arena *arena,
		 struct value *ret)
{
	struct listing listing = is_before ? diff->before : diff->after;
	uint32_t row = is_before ? difference->before : difference->after;

	listing.reveal = reveal;
	listing_cell(is_before ? comparison->before : comparison->after, &listing, column,
		     row_at(&listing.rows, row), arena, ret);
}

uint32_t change_process(const struct comparison *comparison, const struct table_diff *diff,
			const struct row_difference *difference)
{
	bool is_before = difference->change == ROW_REMOVED;
	const struct checkpoint *checkpoint = is_before ? comparison->before : comparison->after;
	const struct row_set *rows = is_before ? &diff->before.rows : &diff->after.rows;
	const struct column *pid = table_column(diff->table, "pid");
	uint32_t process = MAP_NONE;
	struct arena arena;
	struct value value;

	if (!pid)
		return NO_ROW;
	arena_init(&arena);
	table_cell(checkpoint, pid, row_at(rows, is_before ? difference->before : difference->after), &arena, &value);
	if (value.type == VALUE_UINT)
		process = map_get(&checkpoint->process_by_pid, value.number);
	arena_deinit(&arena);
	return process == MAP_NONE ? NO_ROW : process;
}

static const struct origin *origin_of(const struct table_diff *diff, const struct row_set *rows, uint32_t row)
{
	return (const struct origin *)((const char *)row_at(rows, row) + diff->table->origin);
}

void put_change_origins(const struct comparison *comparison, const struct table_diff *diff,
			const struct row_difference *difference, struct out *out)
{
	if (difference->change != ROW_ADDED)
		put_origin(comparison->before, origin_of(diff, &diff->before.rows, difference->before), out);
	out_text(out, difference->change == ROW_REMOVED ? ", before" : "");
	if (difference->change == ROW_CHANGED)
		out_text(out, glyph_text(GLYPH_ARROW, !out->utf8));
	if (difference->change != ROW_REMOVED)
		put_origin(comparison->after, origin_of(diff, &diff->after.rows, difference->after), out);
}

/* --- as a list: a line for each column ------------------------------------------------------------------ */

enum { COLUMN_SIGN, COLUMN_NAME, COLUMN_BEFORE, COLUMN_AFTER };
static const char *const headings[] = { "", "column", "before", "after" };

static size_t model_count(void *context)
{
	return ((struct state *)context)->diff->after.n_columns;
}

static void put_side(struct state *state, bool is_before, size_t line, struct out *out)
{
	struct value value;

	if ((is_before ? state->difference->before : state->difference->after) == NO_ROW)
		return;
	change_cell(state->comparison, state->diff, is_before, state->difference, line, state->tui->reveal,
		    &state->cells, &value);
	render_value(&value, out);
}

static void model_cell(void *context, size_t line, size_t column, struct out *out, enum look *look)
{
	struct state *state = context;
	enum row_change change = state->difference->change;
	bool differs = change != ROW_CHANGED ||
		       cell_differs(state->comparison, state->diff, state->difference, line, &state->cells);

	if (differs)
		*look = change_look(change);
	switch (column) {
	case COLUMN_SIGN:
		out_text(out, differs ? change_sign(change) : state->diff->is_noise[line] ? "" : "=");
		break;
	case COLUMN_NAME:
		out_text(out, state->diff->after.columns[line]->name);
		break;
	default:
		put_side(state, column == COLUMN_BEFORE, line, out);
	}
	arena_reset(&state->cells);
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.cell = model_cell,
};

/* --- the screen ----------------------------------------------------------------------------------------- */

static struct error *open_row(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	const struct comparing *comparing = NULL;
	struct error *error = diff_ready(view, &comparing);

	if (error)
		return error;
	state->tui = view->tui;
	state->comparison = comparing_comparison(comparing);
	state->diff = comparing_table_diff(comparing, link->table);
	if (!state->diff || link->number >= state->diff->n)
		return error_new(ERROR_USAGE, "there is no such change");
	state->difference = &state->diff->differences[link->number];
	arena_init(&state->cells);
	list_init(&state->list, &model, state);
	return NULL;
}

static void close_row(struct view *view)
{
	struct state *state = view->state;

	list_deinit(&state->list);
	arena_deinit(&state->cells);
}

static void title(struct view *view, struct out *out)
{
	static const char *const words[] = { "removed", "added", "changed" };
	struct state *state = view->state;

	out_printf(out, "%s %s", state->diff->table->name, words[state->difference->change]);
}

static void draw(struct view *view, const struct area *area)
{
	list_draw(&((struct state *)view->state)->list, area);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

/* All that is known of the row in after, or where it was removed in before. */
static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	bool is_before = state->difference->change == ROW_REMOVED;

	*ret = LINK_TO(&screen_record);
	ret->checkpoint = is_before ? state->comparison->before : state->comparison->after;
	ret->table = state->diff->table;
	ret->row = is_before ? state->difference->before : state->difference->after;
	return true;
}

static void where(struct view *view, struct out *out)
{
	struct state *state = view->state;

	put_change_origins(state->comparison, state->diff, state->difference, out);
}

static uint32_t process(struct view *view)
{
	struct state *state = view->state;

	return state->difference->change == ROW_REMOVED
		       ? NO_ROW
		       : change_process(state->comparison, state->diff, state->difference);
}

static void command(struct view *view, struct out *out)
{
	put_diff_command(view, ((struct state *)view->state)->diff->table->name, out);
}

const struct screen screen_diff_row = {
	.name = "change",
	.help = "all values of a row that changed",
	.by_link = true,
	.keys = KEYS_LIST,
	.state_size = sizeof(struct state),
	.open = open_row,
	.close = close_row,
	.title = title,
	.draw = draw,
	.list = list,
	.follow = follow,
	.where = where,
	.command = command,
	.process = process,
};
