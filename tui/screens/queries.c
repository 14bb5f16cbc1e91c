/* Queries that are made already. */
#include "tui/view.h"

#include "db/sql/queries.h"
#include "decoders/base/size.h"
#include "tui/widgets/arranged_list.h"

struct state {
	struct arranged_list shown; /* first */
	bool over_index;
};

enum { COLUMN_NAME, COLUMN_TITLE };
static const char *const headings[] = { "query", "what it shows" };

static size_t model_count(void *context)
{
	(void)context;
	return n_named_queries;
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	(void)context;
	out_text(out, column == COLUMN_NAME ? named_queries[row].name : named_queries[row].title);
	if (column == COLUMN_NAME)
		*look = LOOK_LINK;
}

/* Those of the other kind, and those that something must be put into. */
static bool hides(void *context, size_t row)
{
	struct error *error = named_query_check(&named_queries[row], ((struct state *)context)->over_index);
	bool hidden = error || named_queries[row].n_arguments;

	error_free(error);
	return hidden;
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.cell = model_cell,
};

static struct error *open_queries(struct view *view, const struct link *link)
{
	struct state *state = view->state;

	(void)link;
	state->over_index = !view->checkpoint;
	arranged_init(&state->shown.arranged, &state->shown.list, &model, state);
	state->shown.arranged.hides = hides;
	return NULL;
}

static void close_queries(struct view *view)
{
	arranged_deinit(&((struct state *)view->state)->shown.arranged);
}

static bool follow(struct view *view, struct link *ret)
{
	size_t row = arranged_selected(&((struct state *)view->state)->shown.arranged);

	*ret = LINK_TO(&screen_sql);
	if (row == SIZE_MAX)
		return false;
	ret->sql = named_queries[row].sql;
	return true;
}

static void command(struct view *view, struct out *out)
{
	size_t row = arranged_selected(&((struct state *)view->state)->shown.arranged);

	out_printf(out, "query --name %s", row == SIZE_MAX ? "NAME" : named_queries[row].name);
}

const struct screen screen_queries = {
	.name = "queries",
	.help = "queries that are made already",
	.of_index = true,
	.keys = KEYS_LIST | KEYS_ORDER,
	.state_size = sizeof(struct state),
	.open = open_queries,
	.close = close_queries,
	.draw = arranged_list_draw,
	.list = arranged_list_of,
	.order = arranged_list_order,
	.follow = follow,
	.command = command,
};
