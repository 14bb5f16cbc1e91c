/* One value, or what one problem says, from its beginning to its end, however long it is. */
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "tui/view.h"

enum { MOST_TEXT = 1 << 20 }; /* bytes that are shown */

struct text_line {
	size_t start, len;
};

struct state {
	struct out text;     /* a line feed between items of a list; else there is none in it */
	struct arena arena;
	VEC(struct text_line) lines;
	int width;           /* that they were cut for */
	bool is_cut;
	struct list list;
};

static size_t model_count(void *context)
{
	return ((struct state *)context)->lines.n;
}

static const char *const headings[] = { "" };

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct state *state = context;
	struct text_line line = state->lines.items[row];

	(void)column;
	(void)look;
	out_bytes(out, bytes_first(bytes_from(out_held(&state->text), line.start), line.len));
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.cell = model_cell,
};

/* --- lines ------------------------------------------------------------------------------------------ */

static void cut_lines(struct state *state, const struct area *area)
{
	struct bytes rest = out_held(&state->text);

	state->width = area->columns;
	arena_reset(&state->arena);
	state->lines.items = NULL;
	state->lines.n = state->lines.cap = 0;
	do {
		struct bytes item = bytes_first(rest, bytes_find(rest, '\n'));
		size_t start = state->text.len - rest.len;

		rest = bytes_from(rest, item.len + 1);
		do {
			size_t len = area_fitting(area, item, area->columns > 6 ? area->columns - 4 : 2);

			*vec_push(&state->arena, &state->lines) = (struct text_line){ start, len };
			item = bytes_from(item, len);
			start += len;
		} while (item.len);
	} while (rest.len);
}

/* --- the screen ------------------------------------------------------------------------------------- */

static void put_cell(struct view *view, const struct link *link, struct out *out)
{
	struct listing listing = { .table = link->table, .columns = (const struct column *[]){ link->column },
				   .n_columns = 1, .reveal = view->tui->reveal };
	struct row_set rows = table_rows(view->checkpoint, link->table);
	struct bytes rest, item;
	struct arena arena;
	struct value value;

	arena_init(&arena);
	listing_cell(view->checkpoint, &listing, 0, row_at(&rows, link->row), &arena, &value);
	rest = value.text;
	if (value.type == VALUE_STRINGS)
		while (strings_next(&rest, &item)) {
			escape_text(out, item);
			out_char(out, '\n');
		}
	else
		render_value(&value, out);
	arena_deinit(&arena);
}

static struct error *open_text(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	const struct problems *problems = &view->checkpoint->problems;

	out_init(&state->text, -1);
	arena_init(&state->arena);
	if (link->table)
		put_cell(view, link, &state->text);
	else if (link->row < problems->n)
		error_print(problems->items[link->row], &state->text);
	state->is_cut = state->text.len > MOST_TEXT;
	if (state->is_cut)
		state->text.len = MOST_TEXT;
	list_init(&state->list, &model, state);
	state->list.no_headings = true;
	return NULL;
}

static void close_text(struct view *view)
{
	struct state *state = view->state;

	list_deinit(&state->list);
	out_deinit(&state->text);
	arena_deinit(&state->arena);
}

static void title(struct view *view, struct out *out)
{
	out_text(out, view->link.table ? view->link.column->name : "problem");
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;

	if (state->width != area->columns)
		cut_lines(state, area);
	list_draw(&state->list, area);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

static void where(struct view *view, struct out *out)
{
	const struct state *state = view->state;

	if (view->link.table)
		out_text(out, view->link.column->help);
	if (state->is_cut)
		out_printf(out, "  only the first %d bytes", MOST_TEXT);
}

const struct screen screen_text = {
	.name = "text",
	.help = "a value, to its end",
	.by_link = true,
	.keys = KEYS_LIST,
	.state_size = sizeof(struct state),
	.open = open_text,
	.close = close_text,
	.title = title,
	.draw = draw,
	.list = list,
	.where = where,
};
