/* The rows of a SELECT, typed ("sql SELECT pid, comm FROM process") or made already. */
#include "db/sql/database.h"
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "tui/clock.h"
#include "tui/widgets/arranged_list.h"

enum { MOST_RESULT = 100000, MOST_CELLS = 64 << 20 /* bytes of text */, STEPS = 100 << 20 };

struct state {
	struct arranged_list shown; /* first */
	const char *sql;
	struct arena arena;
	struct database *database; /* its own; NULL: that of the index */
	struct statement *statement; /* NULL: all rows are here */
	size_t n_columns;
	VEC(struct value *) rows;
	bool too_many;
	const char *names[MOST_LIST_COLUMNS];
	bool is_number[MOST_LIST_COLUMNS];
};

static size_t model_count(void *context)
{
	return ((struct state *)context)->rows.n;
}

static size_t model_columns(void *context)
{
	return ((struct state *)context)->n_columns;
}

static const char *model_heading(void *context, size_t column)
{
	return ((struct state *)context)->names[column];
}

static bool model_is_number(void *context, size_t column)
{
	return ((struct state *)context)->is_number[column];
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct value *value = &((struct state *)context)->rows.items[row][column];

	render_value(value, out);
	if (value->type == VALUE_NULL)
		*look = LOOK_DIM;
}

static bool model_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	(void)arena;
	*ret = ((struct state *)context)->rows.items[row][column];
	return true;
}

static const struct list_model model = {
	.count = model_count,
	.n_columns = model_columns,
	.heading = model_heading,
	.is_number = model_is_number,
	.cell = model_cell,
	.value = model_value,
};

static void forget_statement(struct state *state)
{
	statement_free(state->statement);
	database_close(state->database);
	state->statement = NULL;
	state->database = NULL;
}

/* Those of a query that is made already, as query --arg gives them. */
static void bind_arguments(struct state *state, const struct link *link)
{
	struct bytes rest = bytes_of(link->text);

	for (int i = 0; i < link->query->n_arguments; i++) {
		struct bytes line = bytes_first(rest, bytes_find(rest, '\n'));

		statement_bind_text(state->statement, i + 1, line);
		rest = bytes_from(rest, line.len + 1);
	}
}

static struct error *prepare(struct view *view, const char *sql)
{
	struct state *state = view->state;
	struct checkpoint *const one[] = { view->checkpoint };
	const struct database_options options = { .reveal = view->tui->reveal, .steps = STEPS };
	struct error *error = NULL;

	if (view->checkpoint)
		error = database_open(one, 1, &options, &state->database);
	if (!error)
		error = statement_prepare(view->checkpoint ? state->database : view->tui->index.database,
					  bytes_of(sql), &state->statement);
	return error;
}

static struct error *open_sql(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	struct error *error;

	state->sql = link->query ? link->query->sql : view->link.text;
	if (!*state->sql)
		return error_new(ERROR_USAGE, "sql SELECT ...: what to ask, as in sql SELECT pid, comm FROM process");
	error = prepare(view, state->sql);
	if (error) {
		database_close(state->database);
		return error;
	}
	if (link->query)
		bind_arguments(state, &view->link);
	arena_init(&state->arena);
	state->n_columns = statement_columns(state->statement);
	if (state->n_columns > MOST_LIST_COLUMNS)
		state->n_columns = MOST_LIST_COLUMNS;
	for (size_t i = 0; i < state->n_columns; i++) {
		struct out name;

		out_init(&name, -1);
		escape_text(&name, bytes_of(statement_name(state->statement, i)));
		state->names[i] = arena_text(&state->arena, out_held(&name));
		state->is_number[i] = true;
		out_deinit(&name);
	}
	arranged_init(&state->shown.arranged, &state->shown.list, &model, state);
	return NULL;
}

static void close_sql(struct view *view)
{
	struct state *state = view->state;

	forget_statement(state);
	arranged_deinit(&state->shown.arranged);
	arena_deinit(&state->arena);
}

static void keep_row(struct state *state)
{
	struct value *cells = arena_alloc(&state->arena, (state->n_columns + 1) * sizeof(*cells));
	struct arena scratch;

	arena_init(&scratch);
	for (size_t i = 0; i < state->n_columns; i++) {
		struct value value;

		statement_value(state->statement, i, &scratch, &value);
		cells[i] = value_copy(&state->arena, &value);
		state->is_number[i] &= value_type_is_number(value.type) || value.type == VALUE_NULL;
	}
	*vec_push(&state->arena, &state->rows) = cells;
	arena_deinit(&scratch);
}

static bool work(struct view *view, uint64_t deadline)
{
	struct state *state = view->state;
	struct error *error = NULL;
	bool more = true;

	while (state->statement && more && !error && clock_now() < deadline) {
		error = statement_step(state->statement, &more);
		if (error || !more)
			break;
		keep_row(state);
		state->too_many = state->rows.n == MOST_RESULT || state->arena.used > MOST_CELLS;
		more = !state->too_many;
	}
	if (state->statement && (error || !more))
		forget_statement(state);
	tui_complain(view->tui, error);
	return state->statement != NULL;
}

static bool cancel(struct view *view)
{
	struct state *state = view->state;

	if (!state->statement)
		return false;
	forget_statement(state);
	tui_say(view->tui, "ended");
	return true;
}

/* What each argument is put behind, and what follows it. */
static void put_arguments(const struct link *link, const char *before, void (*put)(const char *text, struct out *out),
			  struct out *out)
{
	char text[sizeof(link->text)], *rest = text, *line;

	memcpy(text, link->text, sizeof(text));
	for (int i = 0; i < link->query->n_arguments && (line = strsep(&rest, "\n")); i++) {
		out_text(out, before);
		put(line, out);
	}
}

static void put_escaped(const char *text, struct out *out)
{
	escape_text(out, bytes_of(text));
}

static void title(struct view *view, struct out *out)
{
	const struct named_query *query = view->link.query;

	out_text(out, query ? query->name : "sql");
	if (query)
		put_arguments(&view->link, " ", put_escaped, out);
}

/* The number in a column of the selected row; NULL: there is none. */
static const struct value *number_in(const struct state *state, const char *name)
{
	size_t row = arranged_selected(&state->shown.arranged);

	for (size_t i = 0; i < state->n_columns && row != SIZE_MAX; i++) {
		const struct value *cell = &state->rows.items[row][i];

		if (!strcmp(state->names[i], name) && (cell->type == VALUE_UINT || cell->type == VALUE_INT))
			return cell;
	}
	return NULL;
}

/* The row of the process in a column "pid". */
static uint32_t process(struct view *view)
{
	const struct value *pid = number_in(view->state, "pid");
	uint32_t row = pid && view->checkpoint ? map_get(&view->checkpoint->process_by_pid, pid->number) : MAP_NONE;

	return row == MAP_NONE ? NO_ROW : row;
}

/* Of an index that in a column "checkpoint". */
static int64_t indexed(struct view *view)
{
	const struct value *id = number_in(view->state, "checkpoint");

	return id ? id->integer : 0;
}

static bool follow(struct view *view, struct link *ret)
{
	*ret = LINK_TO(&screen_process);
	ret->row = process(view);
	return ret->row != NO_ROW;
}

/* On one line, however many were typed. */
static void where(struct view *view, struct out *out)
{
	struct out line;

	if (view->link.query) {
		out_text(out, view->link.query->title);
		return;
	}
	out_init(&line, -1);
	for (const char *p = ((struct state *)view->state)->sql; *p; p++)
		out_char(&line, *p == '\n' || *p == '\t' ? ' ' : *p);
	escape_text(out, out_held(&line));
	out_deinit(&line);
}

static void status(struct view *view, struct out *out)
{
	struct state *state = view->state;

	order_status(&state->shown.arranged.order, out);
	if (state->statement)
		out_text(out, ", more to come, Esc ends it");
	else if (state->too_many)
		out_text(out, ", and more that are not kept");
}

static void command(struct view *view, struct out *out)
{
	const struct named_query *query = view->link.query;

	if (query) {
		out_printf(out, "query --name %s", query->name);
		put_arguments(&view->link, " --arg ", put_quoted, out);
	} else {
		out_text(out, "query -e ");
		put_quoted(((struct state *)view->state)->sql, out);
	}
	if (view->checkpoint)
		put_reveal(view, out);
	put_checkpoint(view, out);
}

const struct screen screen_sql = {
	.name = "sql",
	.of_index = true,
	.help = "the rows of a SELECT: sql SELECT pid, comm FROM process",
	.keys = KEYS_LIST | KEYS_ORDER | KEYS_INDEX,
	.state_size = sizeof(struct state),
	.open = open_sql,
	.close = close_sql,
	.title = title,
	.draw = arranged_list_draw,
	.list = arranged_list_of,
	.order = arranged_list_order,
	.follow = follow,
	.where = where,
	.status = status,
	.command = command,
	.indexed = indexed,
	.process = process,
	.work = work,
	.cancel = cancel,
};
