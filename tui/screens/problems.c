/* What is wrong with the checkpoint, as far as it has been read. */
#include "tui/view.h"

static const struct problems *problems_of(void *context)
{
	return &((struct view *)context)->checkpoint->problems;
}

static size_t model_count(void *context)
{
	return problems_of(context)->n;
}

static const char *const headings[] = { "kind", "what is wrong" };

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	static const char *const kinds[] = {
		[ERROR_DAMAGED] = "damaged",	   [ERROR_LIMIT] = "limit", [ERROR_UNREADABLE] = "unreadable",
		[ERROR_USAGE] = "usage",	   [ERROR_INTERNAL] = "internal",
	};
	const struct error *error = problems_of(context)->items[row];

	if (column) {
		error_print(error, out);
	} else {
		out_text(out, kinds[error->kind]);
		*look = LOOK_ALARM;
	}
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.cell = model_cell,
};

static struct error *open_problems(struct view *view, const struct link *link)
{
	(void)link;
	list_init(view->state, &model, view);
	return NULL;
}

static void close_problems(struct view *view)
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

/* The place in the image that the error names. */
static bool origin(struct view *view, struct origin *ret)
{
	const struct problems *problems = problems_of(view);
	const struct error *error = list(view)->cursor < problems->n ? problems->items[list(view)->cursor] : NULL;
	struct source *source = &view->checkpoint->source;
	const struct member *member;

	if (!error || !error->image)
		return false;
	member = source_find(source, bytes_of(error->image));
	if (!member)
		return false;
	*ret = (struct origin){ .member = source_index(source, member), .entry = error->entry,
				.offset = error->offset };
	return true;
}

static bool follow(struct view *view, struct link *ret)
{
	*ret = LINK_TO(&screen_text);
	ret->row = (uint32_t)list(view)->cursor;
	return ret->row < problems_of(view)->n;
}

static void where(struct view *view, struct out *out)
{
	const struct problems *problems = problems_of(view);
	struct origin from;

	if (origin(view, &from))
		put_origin(view->checkpoint, &from, out);
	else if (!problems->n)
		out_text(out, "in what has been read by now");
	if (problems->dropped)
		out_printf(out, "  and %zu more, only counted", problems->dropped);
}

static void command(struct view *view, struct out *out)
{
	out_text(out, "show");
	put_checkpoint(view, out);
}

const struct screen screen_problems = {
	.name = "problems",
	.help = "what is damaged",
	.keys = KEYS_LIST,
	.state_size = sizeof(struct list),
	.open = open_problems,
	.close = close_problems,
	.draw = draw,
	.list = list,
	.follow = follow,
	.origin = origin,
	.where = where,
	.command = command,
};
