/* All tables of the data dictionary. */
#include "tui/view.h"

enum { COLUMN_NAME, COLUMN_SHORT, COLUMN_COLUMNS, COLUMN_HELP };
static const char *const headings[] = { "table", "short", "columns", "a row is" };

static size_t model_count(void *context)
{
	(void)context;
	return n_tables;
}

static bool model_is_number(void *context, size_t column)
{
	(void)context;
	return column == COLUMN_COLUMNS;
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct table *table = tables[row];

	(void)context;
	switch (column) {
	case COLUMN_NAME:
		out_text(out, table->name);
		*look = LOOK_LINK;
		break;
	case COLUMN_SHORT:
		out_text(out, table->plural ? table->plural : "");
		break;
	case COLUMN_COLUMNS:
		out_u64(out, table->n_columns);
		break;
	default:
		out_text(out, table->help);
	}
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.is_number = model_is_number,
	.cell = model_cell,
};

static struct error *open_tables(struct view *view, const struct link *link)
{
	(void)link;
	list_init(view->state, &model, view);
	return NULL;
}

static void close_tables(struct view *view)
{
	list_deinit(view->state);
}

static void draw(struct view *view, const struct area *area)
{
	list_draw(view->state, area);
}

static struct list *list(struct view *view)
{
	return view->state;
}

static bool follow(struct view *view, struct link *ret)
{
	*ret = LINK_TO(&screen_table);
	ret->table = tables[list(view)->cursor];
	return true;
}

static void where(struct view *view, struct out *out)
{
	(void)view;
	out_text(out, "Enter shows its rows; the name behind : does, too");
}

static void command(struct view *view, struct out *out)
{
	(void)view;
	out_text(out, "tables"); /* which are the same in every checkpoint */
}

const struct screen screen_tables = {
	.name = "tables",
	.help = "all tables",
	.keys = KEYS_LIST,
	.state_size = sizeof(struct list),
	.open = open_tables,
	.close = close_tables,
	.draw = draw,
	.list = list,
	.follow = follow,
	.where = where,
	.command = command,
};
