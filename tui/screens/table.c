/* The rows of any table of the data dictionary. */
#include "tui/references.h"

struct state {
	struct list list;
	struct rows rows;
};

static struct error *open_table(struct view *view, const struct link *link)
{
	const struct rows_only only = { .column = link->column, .number = link->number };
	struct state *state = view->state;
	struct error *error = rows_open(&state->rows, &state->list, view->checkpoint, link->table, &only, NULL,
					tui_kept(view, link->table), &view->tui->reveal);

	if (!error && link->row != NO_ROW)
		(void)rows_select(&state->rows, link->row);
	return error;
}

static void close_table(struct view *view)
{
	rows_close(&((struct state *)view->state)->rows);
}

static void title(struct view *view, struct out *out)
{
	const struct table *table = view->link.table;

	out_text(out, table->plural ? table->plural : table->name);
	if (view->link.column)
		out_printf(out, " of %s %llu", view->link.column->name,
			   (unsigned long long)view->link.number);
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;

	list_draw(&state->list, area);
}

static struct list *list(struct view *view)
{
	struct state *state = view->state;

	return &state->list;
}

static struct rows *rows(struct view *view)
{
	struct state *state = view->state;

	return &state->rows;
}

static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	uint32_t row = rows_selected(&state->rows);

	return row != NO_ROW && row_follow(view->checkpoint, state->rows.table, row, ret);
}

static bool origin(struct view *view, struct origin *ret)
{
	return rows_origin(rows(view), ret);
}

static void command(struct view *view, struct out *out)
{
	rows_command(rows(view), out);
	put_checkpoint(view, out);
}

static uint32_t process(struct view *view)
{
	return rows_process(rows(view));
}

const struct screen screen_table = {
	.name = "table",
	.help = "the rows of a table",
	.by_link = true,
	.keys = KEYS_LIST | KEYS_TABLE,
	.state_size = sizeof(struct state),
	.open = open_table,
	.close = close_table,
	.title = title,
	.draw = draw,
	.list = list,
	.rows = rows,
	.follow = follow,
	.origin = origin,
	.command = command,
	.process = process,
};
