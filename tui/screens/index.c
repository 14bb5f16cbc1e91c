/* An index: the checkpoints that are in it. */
#include "tui/screens/index.h"

#include "db/tables/render.h"
#include "decoders/base/escape.h"

/* "name" is what stands behind the last slash of the path. */
#define COLUMNS "SELECT i.id, replace(i.path, rtrim(i.path, replace(i.path, '/', '')), '') AS name, c.pod, c.container," \
		" substr(c.checkpointed, 1, 19) AS checkpointed, c.size, i.status"
#define MORE_COLUMNS ", i.n_rows AS rows, c.namespace, c.image, c.producer, c.processes, c.pages, i.inside, i.path," \
		     " i.indexed_at"
#define FROM " FROM indexed AS i LEFT JOIN checkpoint AS c ON c.checkpoint = i.id"

struct state {
	struct sqlrows rows;
	struct list list;
	bool all; /* columns */
};

/* --- shared --------------------------------------------------------------------------------------------- */

struct error *index_ask(const struct sql_index *index, struct bytes sql, int64_t parameter, struct arena *arena,
			struct value *ret, size_t n)
{
	struct statement *statement = NULL;
	struct error *error = statement_prepare(index->database, sql, &statement);
	bool found = false;

	for (size_t i = 0; i < n; i++)
		ret[i] = (struct value){ .type = VALUE_NULL };
	if (!error) {
		statement_bind_integer(statement, 1, parameter);
		error = statement_step(statement, &found);
	}
	for (size_t i = 0; i < n && !error && found; i++) {
		statement_value(statement, i, arena, &ret[i]);
		if (ret[i].type == VALUE_TEXT)
			ret[i].text = arena_copy(arena, ret[i].text);
	}
	statement_free(statement);
	return error;
}

int64_t index_of_row(const struct sql_index *index, const struct table *table, int64_t rowid)
{
	struct value value;
	struct arena arena;
	struct out sql;

	arena_init(&arena);
	out_init(&sql, -1);
	out_text(&sql, "SELECT checkpoint FROM ");
	put_sql_name(table->name, &sql);
	out_text(&sql, " WHERE rowid = ?1");
	error_free(index_ask(index, out_held(&sql), rowid, &arena, &value, 1));
	out_deinit(&sql);
	arena_deinit(&arena);
	return value.type == VALUE_INT || value.type == VALUE_UINT ? value.integer : 0;
}

void put_index_origin(const struct sql_index *index, const struct table *table, int64_t rowid, struct out *out)
{
	struct value values[3];
	struct arena arena;
	struct out sql;

	arena_init(&arena);
	out_init(&sql, -1);
	out_text(&sql, "SELECT src_image, src_entry, src_offset FROM ");
	put_sql_name(table->name, &sql);
	out_text(&sql, " WHERE rowid = ?1");
	error_free(index_ask(index, out_held(&sql), rowid, &arena, values, 3));
	if (values[0].type == VALUE_TEXT)
		render_value(&values[0], out);
	for (int i = 1; i < 3; i++)
		if (values[i].type != VALUE_NULL) {
			out_text(out, i == 1 ? " #" : " @");
			render_value(&values[i], out);
		}
	out_deinit(&sql);
	arena_deinit(&arena);
}

/* --- the screen ----------------------------------------------------------------------------------------- */

static struct error *open_rows(struct view *view)
{
	struct state *state = view->state;

	return sqlrows_open(&state->rows, &state->list, &view->tui->index,
			    state->all ? COLUMNS MORE_COLUMNS FROM : COLUMNS FROM);
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;
	struct link link = LINK_TO(&screen_index_rows);
	struct error *error;
	int64_t id;

	if (action == ACTION_RECORD && sqlrows_selected(&state->rows, &id)) {
		link.table = table_named("checkpoint");
		link.number = (uint64_t)id;
		tui_open(view->tui, &link);
		return true;
	}
	if (action != ACTION_ALL_COLUMNS)
		return false;
	sqlrows_close(&state->rows);
	state->all = !state->all;
	error = open_rows(view);
	if (error) {
		tui_complain(view->tui, error);
		state->all = !state->all;
		error_free(open_rows(view));
	}
	return true;
}

static struct error *open_index(struct view *view, const struct link *link)
{
	(void)link;
	if (!view->tui->index.path)
		return error_new(ERROR_USAGE, "this is a checkpoint, and no index of several");
	view->checkpoint = NULL; /* also where it is called from one */
	((struct state *)view->state)->all = tui_kept(view, NULL)->all;
	return open_rows(view);
}

static void close_index(struct view *view)
{
	struct state *state = view->state;

	tui_kept(view, NULL)->all = state->all;
	sqlrows_close(&state->rows);
}

static void title(struct view *view, struct out *out)
{
	out_text(out, "coldcase ");
	escape_text(out, bytes_basename(bytes_of(view->tui->index.path)));
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

static bool work(struct view *view, uint64_t deadline)
{
	(void)deadline;
	tui_complain(view->tui, sqlrows_error(&((struct state *)view->state)->rows));
	return false;
}

static int64_t indexed(struct view *view)
{
	int64_t id = 0;

	return sqlrows_selected(&((struct state *)view->state)->rows, &id) ? id : 0;
}

/* Its tables. */
static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	int64_t id;

	*ret = LINK_TO(&screen_index_tables);
	if (!sqlrows_selected(&state->rows, &id))
		return false;
	ret->number = (uint64_t)id;
	return true;
}

/* The path, and of several in one place which. */
static void where(struct view *view, struct out *out)
{
	static const char path[] = "SELECT path || CASE inside WHEN '' THEN '' ELSE ': ' || inside END FROM indexed"
				   " WHERE id = ?1";
	struct value value;
	struct arena arena;
	int64_t id;

	if (!sqlrows_selected(&((struct state *)view->state)->rows, &id))
		return;
	arena_init(&arena);
	error_free(index_ask(&view->tui->index, bytes_of(path), id, &arena, &value, 1));
	if (value.type == VALUE_TEXT)
		escape_text(out, value.text);
	arena_deinit(&arena);
}

static void command(struct view *view, struct out *out)
{
	out_text(out, "query -e 'SELECT * FROM indexed'");
	put_checkpoint(view, out);
}

const struct screen screen_index = {
	.name = "index",
	.help = "the checkpoints of an index",
	.of_index = true,
	.keys = KEYS_LIST | KEYS_ORDER | KEYS_COLUMNS | KEYS_INDEX,
	.state_size = sizeof(struct state),
	.open = open_index,
	.close = close_index,
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
