#include "tui/display.h"

#include <stdlib.h>

#include "decoders/base/arena.h"
#include "decoders/base/escape.h"

static int within(int value, int most)
{
	return value < 1 ? 1 : value > most ? most : value;
}

void display_init(struct display *display, int rows, int columns, bool ascii)
{
	*display = (struct display){ .ascii = ascii };
	display_resize(display, rows, columns);
}

void display_deinit(struct display *display)
{
	free(display->cells);
	free(display->spots);
	display->cells = NULL;
	display->spots = NULL;
}

void display_resize(struct display *display, int rows, int columns)
{
	display->rows = within(rows, MOST_ROWS);
	display->columns = within(columns, MOST_COLUMNS);
	free(display->cells);
	display->cells = calloc((size_t)display->rows * (size_t)display->columns, sizeof(struct cell));
	if (!display->cells)
		out_of_memory();
	display_clear(display);
}

void display_clear(struct display *display)
{
	size_t n = (size_t)display->rows * (size_t)display->columns;

	for (size_t i = 0; i < n; i++)
		display->cells[i] = (struct cell){ .characters = { ' ' }, .n = 1 };
	display->cursor_row = display->cursor_column = -1;
	display->n_spots = 0;
}

/* --- as text ------------------------------------------------------------------------------------ */

static void put_character(uint32_t c, struct out *out)
{
	if (c < 0x80) {
		out_char(out, (char)c);
		return;
	}
	if (c < 0x800) {
		out_char(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			out_char(out, (char)(0xe0 | c >> 12));
		} else {
			out_char(out, (char)(0xf0 | c >> 18));
			out_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		out_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	out_char(out, (char)(0x80 | (c & 0x3f)));
}

static bool is_blank(const struct cell *cell)
{
	return cell->n == 1 && cell->characters[0] == ' ';
}

void display_dump(const struct display *display, struct out *out)
{
	for (int row = 0; row < display->rows; row++) {
		int last = display->columns;

		while (last > 0 && is_blank(display_cell(display, row, last - 1)))
			last--;
		for (int column = 0; column < last; column++) {
			const struct cell *cell = display_cell(display, row, column);

			for (int i = 0; i < cell->n; i++)
				put_character(cell->characters[i], out);
		}
		out_char(out, '\n');
	}
}

void display_dump_looks(const struct display *display, struct out *out)
{
	static const char letters[N_LOOKS] = {
		[LOOK_PLAIN] = '.',  [LOOK_STRONG] = 'B',   [LOOK_DIM] = 'd',	[LOOK_HEADING] = 'H',
		[LOOK_BAR] = '=',    [LOOK_KEY] = 'k',	    [LOOK_SELECTED] = 'S', [LOOK_LINK] = 'l',
		[LOOK_GOOD] = 'g',   [LOOK_WARNING] = 'w', [LOOK_ALARM] = 'A', [LOOK_MATCH] = 'm',
	};

	for (int row = 0; row < display->rows; row++) {
		for (int column = 0; column < display->columns; column++)
			out_char(out, letters[display_cell(display, row, column)->look]);
		out_char(out, '\n');
	}
}

/* --- areas -------------------------------------------------------------------------------------- */

struct area display_area(struct display *display)
{
	return (struct area){ display, 0, 0, display->rows, display->columns };
}

struct area area_rows(const struct area *area, int row, int rows)
{
	struct area part = *area;

	row = row < 0 ? 0 : row > area->rows ? area->rows : row;
	part.row += row;
	part.rows = rows < 0 || rows > area->rows - row ? area->rows - row : rows;
	return part;
}

/* A character as it is drawn: marks take no column of their own. */
static void set_cell(struct display *display, int row, int column, int width, enum look look, uint32_t c)
{
	struct cell *cell = display_cell(display, row, column);

	/* Half of a wide one that was there before would stand alone. */
	if (!cell->characters[0] && column > 0)
		cell[-1] = (struct cell){ .characters = { ' ' }, .n = 1, .look = cell[-1].look };
	if (column + width < display->columns && !cell[width].characters[0])
		cell[width] = (struct cell){ .characters = { ' ' }, .n = 1, .look = cell[width].look };
	*cell = (struct cell){ .characters = { c }, .n = 1, .look = (uint8_t)look };
	if (width == 2)
		cell[1] = (struct cell){ .look = (uint8_t)look };
}

static void add_mark(struct display *display, int row, int column, uint32_t c)
{
	struct cell *cell;

	if (column < 1)
		return;
	cell = display_cell(display, row, column - 1);
	if (!cell->characters[0] && column > 1)
		cell--;
	if (cell->n && cell->n < CELL_CHARACTERS)
		cell->characters[cell->n++] = c;
}

/* The next character of TEXT and its width; bytes that are no character, which none should be, are "?". */
static uint32_t next_character(struct bytes *text, int *ret_width)
{
	struct bytes before = *text;
	uint32_t c;

	*ret_width = 1;
	if (!utf8_next(text, &c)) {
		*text = bytes_from(*text, 1);
		return '?';
	}
	before.len -= text->len;
	if (character_is_unsafe(c))
		return '?';
	*ret_width = c < 0x80 ? 1 : (int)text_width(before);
	return c;
}

/* What is not ASCII, spelled. */
static struct bytes spell(struct out *out, struct bytes text)
{
	out_clear(out);
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < 0x80)
			out_char(out, (char)text.data[i]);
		else
			out_printf(out, "\\x%02x", text.data[i]);
	}
	return out_held(out);
}

static int put(const struct area *area, int row, int column, int width, enum look look, struct bytes text)
{
	int at = column;

	while (text.len && width > 0) {
		int columns;
		uint32_t c = next_character(&text, &columns);

		if (columns == 0) {
			if (at > column)
				add_mark(area->display, area->row + row, area->column + at, c);
			continue;
		}
		if (columns > width)
			break;
		set_cell(area->display, area->row + row, area->column + at, columns, look, c);
		at += columns;
		width -= columns;
	}
	return at - column;
}

int area_width(const struct area *area, struct bytes text)
{
	size_t width = 0;

	if (!area->display->ascii)
		return text.len > MOST_COLUMNS * CELL_CHARACTERS * 4 ? MOST_COLUMNS : (int)text_width(text);
	for (size_t i = 0; i < text.len && width < MOST_COLUMNS; i++)
		width += text.data[i] < 0x80 ? 1 : strlen("\\xNN");
	return (int)width;
}

size_t area_fitting(const struct area *area, struct bytes text, int width)
{
	struct bytes rest = text;
	size_t blank = 0; /* behind the last one */
	int used = 0;
	uint32_t c;

	while (rest.len) {
		struct bytes before = rest;
		int columns;

		if (!utf8_next(&rest, &c))
			rest = bytes_from(rest, 1);
		columns = area_width(area, bytes_first(before, before.len - rest.len));
		if (used && used + columns > width) {
			size_t fits = text.len - before.len;

			return blank > fits / 2 ? blank : fits;
		}
		used += columns;
		if (before.data[0] == ' ')
			blank = text.len - rest.len;
	}
	return text.len;
}

int area_put(const struct area *area, int row, int column, int width, enum look look, struct bytes text)
{
	struct out spelled, cut;
	int took;

	if (row < 0 || row >= area->rows || column < 0 || column >= area->columns)
		return 0;
	if (width < 0 || width > area->columns - column)
		width = area->columns - column;
	out_init(&spelled, -1);
	out_init(&cut, -1);
	cut.utf8 = !area->display->ascii;
	text = bytes_first(text, (size_t)MOST_COLUMNS * CELL_CHARACTERS * 4);
	if (area->display->ascii)
		text = spell(&spelled, text);
	if (width > 0)
		text_cut(&cut, text, (size_t)width);
	took = put(area, row, column, width, look, out_held(&cut));
	out_deinit(&spelled);
	out_deinit(&cut);
	return took;
}

int area_text(const struct area *area, int row, int column, enum look look, const char *text)
{
	return area_put(area, row, column, -1, look, bytes_of(text));
}

void area_paint_part(const struct area *area, int row, int column, int width, enum look look)
{
	if (row < 0 || row >= area->rows || column < 0)
		return;
	for (int at = column; at < area->columns && at < column + width; at++)
		display_cell(area->display, area->row + row, area->column + at)->look = (uint8_t)look;
}

void area_paint(const struct area *area, int row, enum look look)
{
	area_paint_part(area, row, 0, area->columns, look);
}

/* --- what can be pointed at --------------------------------------------------------------------- */

void area_spot(const struct area *area, int row, int column, int width, enum spot_kind kind, uint64_t value)
{
	struct display *display = area->display;

	if (row < 0 || row >= area->rows || column < 0 || column >= area->columns || width < 1)
		return;
	if (display->n_spots == display->cap_spots) {
		display->cap_spots = display->cap_spots ? 2 * display->cap_spots : 64;
		display->spots = reallocarray(display->spots, display->cap_spots, sizeof(*display->spots));
		if (!display->spots)
			out_of_memory();
	}
	display->spots[display->n_spots++] = (struct spot){
		.row = area->row + row, .column = area->column + column,
		.width = width < area->columns - column ? width : area->columns - column,
		.kind = kind, .value = value,
	};
}

struct spot display_spot(const struct display *display, int row, int column)
{
	for (size_t i = display->n_spots; i-- > 0;) {
		const struct spot *spot = &display->spots[i];

		if (spot->row == row && column >= spot->column && column - spot->column < spot->width)
			return *spot;
	}
	return (struct spot){ .kind = SPOT_NONE };
}

/* --- signs -------------------------------------------------------------------------------------- */

const char *glyph_text(enum glyph glyph, bool ascii)
{
	static const struct {
		const char *utf8, *ascii;
	} glyphs[N_GLYPHS] = {
		[GLYPH_BRANCH] = { "├─ ", "|- " },  [GLYPH_LAST] = { "└─ ", "`- " },
		[GLYPH_LINE] = { "│  ", "|  " },    [GLYPH_SPACE] = { "   ", "   " },
		[GLYPH_FOLDED] = { "▸ ", "+ " },    [GLYPH_UNFOLDED] = { "▾ ", "- " },
		[GLYPH_CURSOR] = { ">", ">" },	    [GLYPH_TAGGED] = { "*", "*" },
		[GLYPH_UP] = { "▲", "^" },	    [GLYPH_DOWN] = { "▼", "v" },
		[GLYPH_CRUMB] = { " › ", " > " },   [GLYPH_RULE] = { "─", "-" },
		[GLYPH_PRESENT] = { "█", "#" },	    [GLYPH_SOME] = { "▓", "+" },
		[GLYPH_PARENT] = { "p", "p" },	    [GLYPH_ZERO] = { "·", "." },
		[GLYPH_FILE] = { "f", "f" },	    [GLYPH_LAZY] = { "l", "l" },
		[GLYPH_MISSING] = { "?", "?" },	    [GLYPH_GUARD] = { "x", "x" },
		[GLYPH_KERNEL] = { "k", "k" },	    [GLYPH_HEAT_SAME] = { "·", "." },
		[GLYPH_HEAT_SOME] = { "░", "-" },   [GLYPH_HEAT_MUCH] = { "▓", "+" },
		[GLYPH_HEAT_ALL] = { "█", "#" },    [GLYPH_ARROW] = { " → ", " -> " },
	};

	return ascii ? glyphs[glyph].ascii : glyphs[glyph].utf8;
}

void area_rule(const struct area *area, int row, const char *title)
{
	for (int column = 0; column < area->columns; column++)
		area_text(area, row, column, LOOK_DIM, glyph_text(GLYPH_RULE, area->display->ascii));
	area_text(area, row, 2, LOOK_STRONG, title);
}
