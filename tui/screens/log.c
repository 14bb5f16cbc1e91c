/* CRIU's log, from its first error. */
#include "decoders/model/leaves/log.h"
#include "tui/references.h"

struct state {
	struct list list;
	struct rows rows;
};

static const struct log_line *line_at(const struct state *state, size_t i)
{
	return row_at(&state->rows.listing.rows, state->rows.listing.order[i]);
}

/* To the next line of a level in that direction; false where there is none. */
static bool go_to(struct state *state, bool errors_only, bool back, bool inclusive)
{
	size_t n = state->rows.listing.n, i = state->list.cursor;

	for (size_t left = n; left; left--) {
		const struct log_line *line;

		if (!inclusive)
			i = back ? (i ? i - 1 : n - 1) : (i + 1) % n;
		inclusive = false;
		line = line_at(state, i);
		if (line->level && (!errors_only || !strcmp(line->level, "error"))) {
			state->list.cursor = i;
			return true;
		}
	}
	return false;
}

static struct error *open_log(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	struct error *error;

	(void)link;
	error = rows_open(&state->rows, &state->list, view->checkpoint, table_named("log"), NULL, NULL,
			  tui_kept(view, NULL), &view->tui->reveal);
	if (!error)
		(void)go_to(state, true, false, true);
	return error;
}

static void close_log(struct view *view)
{
	rows_close(&((struct state *)view->state)->rows);
}

static void draw(struct view *view, const struct area *area)
{
	list_draw(&((struct state *)view->state)->list, area);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

static struct rows *rows(struct view *view)
{
	return &((struct state *)view->state)->rows;
}

static bool act(struct view *view, enum action action)
{
	if (action != ACTION_NEXT_ERROR && action != ACTION_PREVIOUS_ERROR)
		return false;
	if (!go_to(view->state, false, action == ACTION_PREVIOUS_ERROR, false))
		tui_say(view->tui, "no line is an error or a warning");
	return true;
}

static bool follow(struct view *view, struct link *ret)
{
	uint32_t row = rows_selected(rows(view));

	return row != NO_ROW && row_follow(view->checkpoint, rows(view)->table, row, ret);
}

static bool origin(struct view *view, struct origin *ret)
{
	return rows_origin(rows(view), ret);
}

static void command(struct view *view, struct out *out)
{
	out_text(out, "log");
	put_checkpoint(view, out);
}

const struct screen screen_log = {
	.name = "log",
	.help = "CRIU's log, from its first error",
	.keys = KEYS_LIST | KEYS_TABLE | KEYS_LOG,
	.state_size = sizeof(struct state),
	.open = open_log,
	.close = close_log,
	.draw = draw,
	.act = act,
	.list = list,
	.rows = rows,
	.follow = follow,
	.origin = origin,
	.command = command,
};
