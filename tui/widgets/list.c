#include "tui/widgets/list.h"

#include <stdlib.h>

#include "decoders/base/escape.h"
#include "tui/clock.h"

enum {
	GAP = 2,
	MARGIN = 2,    /* columns before the first: the cursor and the tag */
	NARROWEST = 8, /* a column of text is not cut to less */
	CUT_COLUMN = 120, /* no column is wider, unless it is the last */
	ROWS_A_LOOK = 64, /* rows that are searched between two looks at the clock */
};

void list_init(struct list *list, const struct list_model *model, void *context)
{
	*list = (struct list){ .model = model, .context = context, .sorted = SIZE_MAX };
}

static void forget_pattern(struct list *list)
{
	matcher_free(list->matcher);
	pattern_free(list->pattern);
	free(list->wanted);
	list->matcher = NULL;
	list->pattern = NULL;
	list->wanted = NULL;
	list->searching = false;
}

void list_deinit(struct list *list)
{
	forget_pattern(list);
}

void list_forget_widths(struct list *list)
{
	memset(list->widths, 0, sizeof(list->widths));
}

static size_t count_columns(const struct list *list)
{
	size_t n = list_n_columns(list->model, list->context);

	return n < MOST_LIST_COLUMNS ? n : MOST_LIST_COLUMNS;
}

static bool is_number(const struct list *list, size_t column)
{
	return list->model->is_number && list->model->is_number(list->context, column);
}

/* --- moving ------------------------------------------------------------------------------------- */

void list_go(struct list *list, size_t row)
{
	size_t n = list->model->count(list->context);

	list->cursor = row < n ? row : n ? n - 1 : 0;
}

static void move(struct list *list, size_t by, bool up)
{
	if (up)
		list_go(list, list->cursor > by ? list->cursor - by : 0);
	else
		list_go(list, by < SIZE_MAX - list->cursor ? list->cursor + by : SIZE_MAX);
}

bool list_act(struct list *list, enum action action)
{
	size_t screen = list->height > 1 ? (size_t)list->height - 1 : 1;

	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		move(list, 1, action == ACTION_UP);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		move(list, screen, action == ACTION_PAGE_UP);
		return true;
	case ACTION_HALF_UP:
	case ACTION_HALF_DOWN:
		move(list, screen / 2 + 1, action == ACTION_HALF_UP);
		return true;
	case ACTION_FIRST:
	case ACTION_LAST:
		list_go(list, action == ACTION_FIRST ? 0 : SIZE_MAX);
		return true;
	case ACTION_LEFT:
		list->first_column -= list->first_column > 0;
		return true;
	case ACTION_RIGHT:
		list->first_column += list->first_column + 1 < count_columns(list);
		return true;
	default:
		return false;
	}
}

void list_scroll(struct list *list, size_t by, bool up)
{
	size_t n = list->model->count(list->context), height = list->height > 0 ? (size_t)list->height : 1;
	size_t lowest = n > height ? n - height : 0;

	if (up)
		list->top -= by < list->top ? by : list->top;
	else
		list->top = by < lowest - list->top ? list->top + by : lowest;
	if (list->cursor < list->top)
		list->cursor = list->top;
	if (list->cursor - list->top >= height)
		list->cursor = list->top + height - 1;
}

/* The cursor is on the screen, and no room is left empty that rows could fill. */
static void settle(struct list *list, size_t height)
{
	size_t n = list->model->count(list->context);

	list_go(list, list->cursor);
	if (height == 0)
		return;
	if (list->cursor < list->top)
		list->top = list->cursor;
	if (list->cursor - list->top >= height)
		list->top = list->cursor - height + 1;
	if (n <= height)
		list->top = 0;
	else if (list->top > n - height)
		list->top = n - height;
}

/* --- drawing ------------------------------------------------------------------------------------ */

struct drawing {
	struct list *list;
	const struct area *area;
	size_t n_columns;
	int widths[MOST_LIST_COLUMNS];
	struct out cell;
};

static struct bytes cell_text(struct drawing *drawing, size_t row, size_t column, enum look *look)
{
	struct list *list = drawing->list;

	out_clear(&drawing->cell);
	*look = LOOK_PLAIN;
	list->model->cell(list->context, row, column, &drawing->cell, look);
	return out_held(&drawing->cell);
}

/* Widths grow with what comes onto the screen and never shrink, so that columns stand still. */
static void measure(struct drawing *drawing, size_t n_rows)
{
	struct list *list = drawing->list;

	for (size_t column = 0; column < drawing->n_columns; column++) {
		int *width = &list->widths[column];
		int heading = (int)strlen(list_heading(list->model, list->context, column)) +
			      (list->sorted == column);

		if (!list->no_headings && heading > *width)
			*width = heading;
		for (size_t row = list->top; row < list->top + n_rows; row++) {
			enum look look;
			int this = area_width(drawing->area, cell_text(drawing, row, column, &look));

			if (this > CUT_COLUMN && column + 1 < drawing->n_columns)
				this = CUT_COLUMN;
			if (this > *width)
				*width = this;
		}
		drawing->widths[column] = *width;
	}
}

/* Takes what is too much from the columns of text, always from the widest. */
static void fit(struct drawing *drawing)
{
	struct list *list = drawing->list;
	int total = MARGIN - GAP;

	for (size_t i = list->first_column; i < drawing->n_columns; i++)
		total += drawing->widths[i] + GAP;
	for (; total > drawing->area->columns; total--) {
		int *widest = NULL;

		for (size_t i = list->first_column; i < drawing->n_columns; i++)
			if (!is_number(list, i) && drawing->widths[i] > (widest ? *widest : NARROWEST))
				widest = &drawing->widths[i];
		if (!widest)
			return;
		--*widest;
	}
}

/* What was searched for, where a cell has it. */
static void paint_match(struct drawing *drawing, struct bytes text, int row, int column, int width)
{
	struct list *list = drawing->list;
	const struct subject subject = { text.data, text.len, true };
	size_t start, end;
	int before, inside;

	if (!list->matcher || width <= 0 ||
	    matcher_next(list->matcher, &subject, 0, text.len, &start, &end) != MATCH_FOUND)
		return;
	before = area_width(drawing->area, bytes_first(text, start));
	inside = area_width(drawing->area, bytes_first(bytes_from(text, start), end - start));
	if (before < width)
		area_paint_part(drawing->area, row, column + before,
				inside < width - before ? inside : width - before, LOOK_MATCH);
}

static void draw_row(struct drawing *drawing, size_t row, int at)
{
	struct list *list = drawing->list;
	const struct area *area = drawing->area;
	bool selected = row == list->cursor;
	int column = MARGIN;

	area_spot(area, at, 0, area->columns, SPOT_ROW, row);
	if (selected)
		area_paint(area, at, LOOK_SELECTED);
	if (selected)
		area_text(area, at, 0, LOOK_SELECTED, glyph_text(GLYPH_CURSOR, area->display->ascii));
	if (list->model->is_tagged && list->model->is_tagged(list->context, row))
		area_text(area, at, 1, selected ? LOOK_SELECTED : LOOK_STRONG,
			  glyph_text(GLYPH_TAGGED, area->display->ascii));
	for (size_t i = list->first_column; i < drawing->n_columns && column < area->columns; i++) {
		enum look look;
		struct bytes text = cell_text(drawing, row, i, &look);
		int width = i + 1 == drawing->n_columns ? area->columns - column : drawing->widths[i];
		int takes = area_width(area, text);
		int shift = is_number(list, i) && takes < drawing->widths[i] ? drawing->widths[i] - takes : 0;

		if (selected)
			look = LOOK_SELECTED;
		if (width - shift > 0) {
			int took = area_put(area, at, column + shift, width - shift, look, text);

			paint_match(drawing, text, at, column + shift, took);
		}
		column += drawing->widths[i] + GAP;
	}
}

static void draw_headings(struct drawing *drawing)
{
	struct list *list = drawing->list;
	const struct area *area = drawing->area;
	int column = MARGIN;

	area_paint(area, 0, LOOK_HEADING);
	for (size_t i = list->first_column; i < drawing->n_columns && column < area->columns; i++) {
		const char *name = list_heading(list->model, list->context, i);
		int width = (int)strlen(name) + (list->sorted == i);
		int shift = is_number(list, i) && width < drawing->widths[i] ? drawing->widths[i] - width : 0;

		out_clear(&drawing->cell);
		for (; *name; name++)
			out_char(&drawing->cell, (char)(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name));
		if (list->sorted == i)
			out_text(&drawing->cell, glyph_text(list->descending ? GLYPH_DOWN : GLYPH_UP,
							    area->display->ascii));
		if (drawing->widths[i] > shift)
			area_put(area, 0, column + shift, drawing->widths[i] - shift, LOOK_HEADING,
				 out_held(&drawing->cell));
		area_spot(area, 0, column, drawing->widths[i] + GAP, SPOT_HEADING, i);
		column += drawing->widths[i] + GAP;
	}
}

void list_draw(struct list *list, const struct area *area)
{
	struct area body = list->no_headings ? *area : area_rows(area, 1, -1);
	struct drawing drawing = { .list = list, .area = area, .n_columns = count_columns(list) };
	size_t n = list->model->count(list->context), shown;

	list->height = body.rows;
	settle(list, (size_t)body.rows);
	if (list->first_column >= drawing.n_columns)
		list->first_column = 0;
	shown = n - list->top < (size_t)body.rows ? n - list->top : (size_t)body.rows;
	out_init(&drawing.cell, -1);
	drawing.cell.utf8 = !area->display->ascii;
	measure(&drawing, shown);
	fit(&drawing);
	if (!list->no_headings && area->rows > 0)
		draw_headings(&drawing);
	drawing.area = &body;
	for (size_t i = 0; i < shown; i++)
		draw_row(&drawing, list->top + i, (int)i);
	if (n == 0)
		area_text(&body, 0, MARGIN, LOOK_DIM, "nothing");
	out_deinit(&drawing.cell);
}

/* --- searching ---------------------------------------------------------------------------------- */

struct error *list_pattern(const char *text, struct pattern **ret)
{
	bool capital = false;

	for (const char *p = text; *p; p++)
		capital |= *p >= 'A' && *p <= 'Z' && (p == text || p[-1] != '\\');
	return pattern_new(bytes_of(text), PATTERN_REGEX, !capital, ret);
}

static void begin_search(struct list *list, bool inclusive)
{
	size_t n = list->model->count(list->context);

	list->searching = n > 0;
	list->left = n;
	list->at = list->cursor;
	if (!inclusive && n)
		list->at = list->backwards ? (list->cursor ? list->cursor : n) - 1 : (list->cursor + 1) % n;
}

struct error *list_search(struct list *list, const char *text, bool inclusive)
{
	struct pattern *pattern = NULL;
	struct error *error = NULL;

	if (*text)
		error = list_pattern(text, &pattern);
	if (error)
		return error;
	forget_pattern(list);
	if (!pattern)
		return NULL;
	list->pattern = pattern;
	list->matcher = matcher_new(pattern);
	list->wanted = strdup(text);
	if (!list->wanted)
		out_of_memory();
	list->backwards = false;
	begin_search(list, inclusive);
	return NULL;
}

void list_search_again(struct list *list, bool backwards)
{
	if (!list->matcher)
		return;
	list->backwards = backwards;
	begin_search(list, false);
}

bool list_row_matches(const struct list_model *model, void *context, size_t row, struct matcher *matcher,
		      struct out *room)
{
	size_t n = list_n_columns(model, context), start, end;
	struct subject subject;
	enum look look;

	out_clear(room);
	for (size_t i = 0; i < n; i++) {
		out_text(room, i ? "  " : "");
		model->cell(context, row, i, room, &look);
	}
	subject = (struct subject){ (const uint8_t *)room->buffer, room->len, true };
	return room->len && matcher_next(matcher, &subject, 0, room->len, &start, &end) == MATCH_FOUND;
}

bool list_work(struct list *list, uint64_t deadline, bool *ret_found)
{
	size_t n = list->model->count(list->context);
	struct out room;

	*ret_found = false;
	if (!list->searching)
		return false;
	out_init(&room, -1);
	room.utf8 = true;
	while (list->left && !*ret_found && n) {
		if (list->at >= n)
			list->at = 0;
		if (list_row_matches(list->model, list->context, list->at, list->matcher, &room)) {
			list->cursor = list->at;
			*ret_found = true;
		}
		list->at = list->backwards ? (list->at ? list->at : n) - 1 : (list->at + 1) % n;
		list->left--;
		if (list->left % ROWS_A_LOOK == 0 && clock_now() > deadline)
			break;
	}
	out_deinit(&room);
	list->searching = !*ret_found && list->left && n;
	return list->searching;
}
