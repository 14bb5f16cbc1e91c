/* The lines around a screen: the way here, what is selected or was said, the keys. */
#include "decoders/base/escape.h"
#include "tui/internal.h"
#include "tui/widgets/hexdump.h"

/* The first view whose title has room; where that is not the first of all, two dots stand for those before. */
static size_t way_start(struct tui *tui, const struct area *area, int room)
{
	int crumb = area_width(area, bytes_of(glyph_text(GLYPH_CRUMB, area->display->ascii)));
	size_t first = tui->n_views;
	struct out title;

	out_init(&title, -1);
	title.utf8 = !area->display->ascii;
	while (first) {
		out_clear(&title);
		put_title(tui->views[first - 1], &title);
		room -= area_width(area, out_held(&title));
		if (room < (first > 1 ? 2 : 0) && first < tui->n_views)
			break;
		room -= crumb;
		first--;
	}
	out_deinit(&title);
	return first;
}

/* The way from the first view to the last; where it is too long its beginning is left out. */
static void draw_way(struct tui *tui, const struct area *area, int room)
{
	bool ascii = area->display->ascii;
	size_t first = way_start(tui, area, room);
	int column = 1, end = 1 + room;
	struct out title;

	out_init(&title, -1);
	title.utf8 = !ascii;
	for (size_t i = first; i < tui->n_views && column < end; i++) {
		const char *before = i > first ? glyph_text(GLYPH_CRUMB, ascii) : first ? ".." : "";
		int took = area_put(area, 0, column, end - column, LOOK_BAR, bytes_of(before));

		if (i == first && first)
			area_spot(area, 0, column, took, SPOT_VIEW, first - 1);
		column += took;
		out_clear(&title);
		put_title(tui->views[i], &title);
		took = area_put(area, 0, column, end - column, LOOK_BAR, out_held(&title));
		area_spot(area, 0, column, took, SPOT_VIEW, i);
		column += took;
	}
	out_deinit(&title);
}

/* Whatever is known to be wrong by now stands at the end of the first line. */
static void put_problems(struct tui *tui, struct out *out)
{
	const struct checkpoint *checkpoint = tui_top(tui)->checkpoint;
	size_t n = 0;

	if (tui->reveal)
		out_text(out, "secrets shown  ");
	if (checkpoint && !comparing_has_models(tui->comparing))
		n = checkpoint->problems.n + checkpoint->problems.dropped;
	if (n)
		out_printf(out, "! %zu problem%s (P)", n, n == 1 ? "" : "s");
}

static void draw_first(struct tui *tui, const struct area *area)
{
	struct out text;
	int width, column = 0;

	out_init(&text, -1);
	text.utf8 = !tui->display.ascii;
	area_paint(area, 0, LOOK_BAR);
	put_problems(tui, &text);
	width = area_width(area, out_held(&text));
	if (width && width + 10 < area->columns) {
		column = area->columns - width;
		area_put(area, 0, column, -1, LOOK_WARNING, out_held(&text));
		area_spot(area, 0, column, width, SPOT_ACTION, ACTION_PROBLEMS);
	}
	draw_way(tui, area, (column ? column - 2 : area->columns) - 1);
	out_deinit(&text);
}

static void put_where(struct view *view, struct out *out)
{
	struct origin origin;

	if (view->screen->where)
		view->screen->where(view, out);
	else if (view->screen->origin && view->screen->origin(view, &origin))
		put_origin(view->checkpoint, &origin, out);
}

static void put_status(struct view *view, struct out *out)
{
	struct rows *rows = view_rows(view);
	struct list *list = view_list(view);
	struct order *order = view_order(view);
	const struct hexdump *dump = view_dump(view);

	if (view->screen->status)
		view->screen->status(view, out);
	else if (rows)
		rows_status(rows, out);
	else if (order)
		order_status(order, out);
	else if (list)
		out_printf(out, "%zu of %zu", list->model->count(list->context) ? list->cursor + 1 : 0,
			   list->model->count(list->context));
	if (dump && dump->find.searching)
		out_printf(out, "  searching, at 0x%llx, Esc stops", (unsigned long long)dump->find.at);
	if (list && list->searching)
		out_printf(out, "  searching, %zu left, Esc stops", list->left);
}

static enum look message_look(const struct tui *tui)
{
	return tui->is_error ? LOOK_ALARM : LOOK_BAR;
}

/* Bytes of the message that stand on the line of messages; the rest takes the place of the keys. */
static size_t message_break(const struct tui *tui, const struct area *area)
{
	struct bytes text = out_held(&tui->message);

	return area->rows < 4 || area_width(area, text) < area->columns ? text.len
									 : area_fitting(area, text, area->columns - 2);
}

static void draw_status(struct tui *tui, const struct area *area, int row)
{
	struct view *view = tui_top(tui);
	struct out left, right;
	int width, room = area->columns - 1;

	if (tui->prompt.kind) {
		prompt_draw(&tui->prompt, area, row);
		return;
	}
	out_init(&left, -1);
	left.utf8 = !tui->display.ascii;
	out_init(&right, -1);
	area_paint(area, row, LOOK_BAR);
	if (tui->message.len) {
		area_put(area, row, 1, -1, message_look(tui), bytes_first(out_held(&tui->message), message_break(tui, area)));
	} else {
		put_status(view, &right);
		put_where(view, &left);
		width = area_width(area, out_held(&right));
		if (width < room)
			area_put(area, row, area->columns - width - 1, -1, LOOK_BAR, out_held(&right));
		room -= width + 2;
		if (room > 0)
			area_put(area, row, 1, room, LOOK_BAR, out_held(&left));
	}
	out_deinit(&left);
	out_deinit(&right);
}

/* From the first screen there is no way back, and an index has no processes. */
static bool is_idle(const struct tui *tui, const struct key *key)
{
	bool of_checkpoint = key->action == ACTION_TREE || key->action == ACTION_MEMORY || key->action == ACTION_CHECK;
	bool of_index = key->action == ACTION_ORIGINAL;

	return (key->action == ACTION_BACK && tui->n_views == 1) || (of_checkpoint && !tui_top(tui)->checkpoint) ||
	       (of_index && tui_top(tui)->checkpoint);
}

/* A key's name and what it does, where they fit; how many columns they took. */
static int draw_key(const struct key *key, const struct area *area, int row, int column)
{
	struct bytes name = bytes_of(key->names);
	int before = column;

	name = bytes_first(name, bytes_find(name, ' '));
	if (column + (int)name.len + 1 + (int)strlen(key->label) >= area->columns)
		return 0;
	column += area_put(area, row, column, -1, LOOK_KEY, name) + 1;
	column += area_text(area, row, column, LOOK_DIM, key->label);
	area_spot(area, row, before, column - before, SPOT_ACTION, key->action);
	return column + 2 - before;
}

/*
 * Help, the way out, in and back stand first, then what only screens like this one have; of the overview what it leads to,
 * which nobody knows yet.
 */
static int rank(const struct key *key, bool is_overview)
{
	switch (key->action) {
	case ACTION_HELP:
	case ACTION_QUIT:
		return 0;
	case ACTION_FOLLOW:
	case ACTION_BACK:
		return 1;
	default:
		return (key->where & KEYS_EVERYWHERE ? 3 : 2) ^ is_overview;
	}
}

/* As many of the keys as fit. */
static void draw_keys(struct tui *tui, const struct area *area, int row)
{
	unsigned where = tui_top(tui)->screen->keys | KEYS_EVERYWHERE;
	bool is_overview = tui_top(tui)->screen == &screen_overview;
	struct bytes rest;
	int column = 1;

	if (tui->prompt.kind) {
		area_put(area, row, column, -1, LOOK_DIM, out_held(&tui->message));
		if (!tui->message.len && tui->prompt.hint)
			area_text(area, row, column, LOOK_DIM, tui->prompt.hint);
		return;
	}
	rest = bytes_from(out_held(&tui->message), message_break(tui, area));
	if (rest.len) {
		area_paint(area, row, LOOK_BAR);
		area_put(area, row, 1, -1, message_look(tui), rest);
		return;
	}
	for (int pass = 0; pass < 4; pass++)
		for (size_t i = 0; i < n_keys; i++) {
			int took;

			if (!keys[i].label || !(keys[i].where & where) || rank(&keys[i], is_overview) != pass ||
			    is_idle(tui, &keys[i]))
				continue;
			took = draw_key(&keys[i], area, row, column);
			if (!took)
				return;
			column += took;
		}
}

void bars_draw(struct tui *tui, struct area *ret)
{
	struct area all = display_area(&tui->display);
	int above = all.rows >= 3, below = (all.rows >= 2) + (all.rows >= 4);

	if (above)
		draw_first(tui, &all);
	if (below >= 1)
		draw_status(tui, &all, all.rows - below);
	if (below == 2)
		draw_keys(tui, &all, all.rows - 1);
	*ret = area_rows(&all, above, all.rows - above - below);
}
