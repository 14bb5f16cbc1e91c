/* The rows of a table in an index, of one checkpoint or of all. */
#include "tui/screens/index.h"

#include "db/tables/listing.h"

struct state {
	struct sqlrows rows;
	struct list list;
	bool all; /* columns */
};

void put_index_select(const struct table *table, int64_t checkpoint, bool all, struct out *out)
{
	out_text(out, "SELECT rowid AS \"rowid\"");
	if (!checkpoint)
		out_text(out, ", checkpoint AS \"checkpoint\"");
	for (size_t i = 0; i < table->n_columns; i++) {
		if (!all && (table->columns[i].detail || table->columns[i].on_demand))
			continue;
		out_text(out, ", ");
		put_sql_name(table->columns[i].name, out);
	}
	for (size_t i = 0; i < n_source_columns && all; i++) {
		out_text(out, ", ");
		put_sql_name(source_columns[i].name, out);
	}
	out_text(out, " FROM ");
	put_sql_name(table->name, out);
	if (checkpoint)
		out_printf(out, " WHERE checkpoint = %lld", (long long)checkpoint);
}

static struct error *open_sql(struct view *view)
{
	struct state *state = view->state;
	struct error *error;
	struct out sql;

	out_init(&sql, -1);
	put_index_select(view->link.table, (int64_t)view->link.number, state->all, &sql);
	out_char(&sql, '\0');
	error = sqlrows_open(&state->rows, &state->list, &view->tui->index, sql.buffer);
	out_deinit(&sql);
	return error;
}

static struct error *open_rows(struct view *view, const struct link *link)
{
	if (!view->tui->index.path || !link->table)
		return error_new(ERROR_USAGE, "this is a checkpoint, and no index of several");
	view->checkpoint = NULL;
	((struct state *)view->state)->all = tui_kept(view, link->table)->all;
	return open_sql(view);
}

static void close_rows(struct view *view)
{
	struct state *state = view->state;

	tui_kept(view, view->link.table)->all = state->all;
	sqlrows_close(&state->rows);
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;
	struct link link = LINK_TO(&screen_index_row);
	struct error *error;
	int64_t id;

	switch (action) {
	case ACTION_ALL_COLUMNS:
		sqlrows_close(&state->rows);
		state->all = !state->all;
		error = open_sql(view);
		if (error) { /* a column is not there, as it was made by another version */
			tui_complain(view->tui, error);
			state->all = !state->all;
			error_free(open_sql(view));
		}
		return true;
	case ACTION_RECORD:
		if (!sqlrows_selected(&state->rows, &id))
			return true;
		link.table = view->link.table;
		link.number = (uint64_t)id;
		tui_open(view->tui, &link);
		return true;
	default:
		return false;
	}
}

static bool work(struct view *view, uint64_t deadline)
{
	(void)deadline;
	tui_complain(view->tui, sqlrows_error(&((struct state *)view->state)->rows));
	return false;
}

static void title(struct view *view, struct out *out)
{
	const struct table *table = view->link.table;

	out_text(out, table->plural ? table->plural : table->name);
	out_text(out, view->link.number ? "" : " of all");
}

static void draw(struct view *view, const struct area *area)
{
	list_draw(&((struct state *)view->state)->list, area);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

static struct order *order(struct view *view)
{
	return &((struct state *)view->state)->rows.order;
}

/* All values of the row. */
static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	int64_t id;

	*ret = LINK_TO(&screen_index_row);
	if (!sqlrows_selected(&state->rows, &id))
		return false;
	ret->table = view->link.table;
	ret->number = (uint64_t)id;
	return true;
}

static void where(struct view *view, struct out *out)
{
	int64_t id;

	if (sqlrows_selected(&((struct state *)view->state)->rows, &id))
		put_index_origin(&view->tui->index, view->link.table, id, out);
}

static int64_t indexed(struct view *view)
{
	int64_t id;

	if (view->link.number)
		return (int64_t)view->link.number;
	return sqlrows_selected(&((struct state *)view->state)->rows, &id)
		       ? index_of_row(&view->tui->index, view->link.table, id)
		       : 0;
}

static void command(struct view *view, struct out *out)
{
	struct out sql;

	out_init(&sql, -1);
	put_index_select(view->link.table, (int64_t)view->link.number, ((struct state *)view->state)->all, &sql);
	out_char(&sql, '\0');
	out_text(out, "query -e ");
	put_quoted(sql.buffer, out);
	out_deinit(&sql);
	put_checkpoint(view, out);
}

const struct screen screen_index_rows = {
	.name = "index-rows",
	.help = "the rows of a table in an index",
	.by_link = true,
	.of_index = true,
	.keys = KEYS_LIST | KEYS_ORDER | KEYS_COLUMNS | KEYS_INDEX,
	.state_size = sizeof(struct state),
	.open = open_rows,
	.close = close_rows,
	.title = title,
	.draw = draw,
	.act = act,
	.list = list,
	.order = order,
	.follow = follow,
	.where = where,
	.indexed = indexed,
	.command = command,
	.work = work,
};
