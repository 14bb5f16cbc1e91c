/* Queries that are made already. */
#include "tui/view.h"

#include <stdio.h>

#include "decoders/base/size.h"
#include "tui/widgets/arranged_list.h"

struct state {
	struct arranged_list shown; /* first */
	bool over_index;
	const struct named_query *query; /* that arguments are asked for */
	int n_given;
	char given[MOST_PROMPT + 1];     /* a line each */
	char hint[96];
};

enum { COLUMN_NAME, COLUMN_ARGUMENTS, COLUMN_TITLE };
static const char *const headings[] = { "query", "asks for", "what it shows" };

static size_t model_count(void *context)
{
	(void)context;
	return n_named_queries;
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct named_query *query = &named_queries[row];

	(void)context;
	switch (column) {
	case COLUMN_NAME:
		out_text(out, query->name);
		*look = LOOK_LINK;
		break;
	case COLUMN_ARGUMENTS:
		out_text(out, query->n_arguments ? query->arguments : "-");
		*look = query->n_arguments ? LOOK_PLAIN : LOOK_DIM;
		break;
	default:
		out_text(out, query->title);
	}
}

/* Those of the other kind. */
static bool hides(void *context, size_t row)
{
	struct error *error = named_query_check(&named_queries[row], ((struct state *)context)->over_index ? 0 : 1);
	bool hidden = error != NULL;

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

static const struct named_query *selected(struct view *view)
{
	size_t row = arranged_selected(&((struct state *)view->state)->shown.arranged);

	return row == SIZE_MAX ? NULL : &named_queries[row];
}

/* --- what is put into it ----------------------------------------------------------------------------------- */

/* The next argument, by the word that it is called. */
static void ask(struct view *view)
{
	struct state *state = view->state;
	struct bytes word = NO_BYTES, rest = bytes_of(state->query->arguments);

	for (int i = 0; i <= state->n_given; i++) {
		word = bytes_first(rest, bytes_find(rest, ' '));
		rest = bytes_from(rest, word.len + 1);
	}
	snprintf(state->hint, sizeof(state->hint), "%s asks for %.*s: type it, then Enter", state->query->name,
		 BYTES_FMT(word));
	prompt_begin(&view->tui->prompt, PROMPT_SCREEN, "");
	view->tui->prompt.hint = state->hint;
}

static void typed(struct view *view, const char *text)
{
	struct state *state = view->state;
	struct link link = LINK_TO(&screen_sql);
	size_t len = strlen(state->given);

	if (!*text || len + strlen(text) + 2 > sizeof(state->given)) {
		tui_complain(view->tui, *text ? error_new(ERROR_USAGE, "that is too long")
					      : named_query_arguments(state->query, (size_t)state->n_given));
		return;
	}
	snprintf(state->given + len, sizeof(state->given) - len, "%s%s", len ? "\n" : "", text);
	if (++state->n_given < state->query->n_arguments) {
		ask(view);
		return;
	}
	link.query = state->query;
	snprintf(link.text, sizeof(link.text), "%s", state->given);
	tui_open(view->tui, &link);
}

/* One that takes arguments is followed when they are there. */
static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;
	const struct named_query *query = selected(view);

	if (action != ACTION_FOLLOW || !query || !query->n_arguments)
		return false;
	state->query = query;
	state->n_given = 0;
	state->given[0] = '\0';
	ask(view);
	return true;
}

static bool follow(struct view *view, struct link *ret)
{
	*ret = LINK_TO(&screen_sql);
	ret->query = selected(view);
	return ret->query != NULL;
}

static void command(struct view *view, struct out *out)
{
	const struct named_query *query = selected(view);

	out_printf(out, "query --name %s", query ? query->name : "NAME");
	if (query && query->n_arguments)
		out_printf(out, " --arg %s", query->arguments);
	put_checkpoint(view, out);
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
	.act = act,
	.typed = typed,
	.follow = follow,
	.command = command,
};
