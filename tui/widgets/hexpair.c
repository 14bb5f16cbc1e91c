#include "tui/widgets/hexpair.h"

/* Columns. An address of more than twelve digits shifts its line. */
enum {
	SIGN_AT = 14,
	BYTES_AT = SIGN_AT + 1,           /* each three columns: its mark, then two digits */
	SIDE = 3 * PAIR_LINE + 1,
	TEXT_AT = BYTES_AT + SIDE,
	AFTER_AT = BYTES_AT + SIDE + 3,   /* of the second side, where both are in one line: */
	TEXTS_AT = AFTER_AT + SIDE + 1,
	TEXTS = 2 * PAIR_LINE + 3,
};

/* --- moving ------------------------------------------------------------------------------------------ */

bool pair_differs(const struct pair_line *line, unsigned byte)
{
	if (byte >= line->n[0] || byte >= line->n[1])
		return byte < line->n[0] || byte < line->n[1];
	return line->bytes[0][byte] != line->bytes[1][byte];
}

void hexpair_go(struct hexpair *pair, uint64_t line, unsigned byte)
{
	pair->cursor = line < pair->n_lines ? line : pair->n_lines ? pair->n_lines - 1 : 0;
	pair->byte = byte % PAIR_LINE;
}

static void move(struct hexpair *pair, uint64_t by, bool up)
{
	if (up)
		hexpair_go(pair, pair->cursor > by ? pair->cursor - by : 0, pair->byte);
	else
		hexpair_go(pair, by < UINT64_MAX - pair->cursor ? pair->cursor + by : UINT64_MAX, pair->byte);
}

static void move_byte(struct hexpair *pair, bool back)
{
	if (back && pair->byte)
		pair->byte--;
	else if (back && pair->cursor)
		hexpair_go(pair, pair->cursor - 1, PAIR_LINE - 1);
	else if (!back && pair->byte + 1 < PAIR_LINE)
		pair->byte++;
	else if (!back && pair->cursor + 1 < pair->n_lines)
		hexpair_go(pair, pair->cursor + 1, 0);
}

bool hexpair_act(struct hexpair *pair, enum action action)
{
	uint64_t screen = pair->height > 1 ? (uint64_t)pair->height - 1 : 1;

	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		move(pair, 1, action == ACTION_UP);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		move(pair, screen, action == ACTION_PAGE_UP);
		return true;
	case ACTION_HALF_UP:
	case ACTION_HALF_DOWN:
		move(pair, screen / 2 + 1, action == ACTION_HALF_UP);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		move_byte(pair, action == ACTION_LEFT);
		return true;
	case ACTION_FIRST:
	case ACTION_LAST:
		hexpair_go(pair, action == ACTION_FIRST ? 0 : UINT64_MAX, 0);
		return true;
	default:
		return false;
	}
}

/* --- drawing ----------------------------------------------------------------------------------------- */

struct drawing {
	const struct hexpair *pair;
	const struct area *area;
	bool is_wide;
};

static bool has_difference(const struct pair_line *line)
{
	for (unsigned i = 0; i < PAIR_LINE; i++)
		if (pair_differs(line, i))
			return true;
	return false;
}

static bool is_on_both(const struct pair_line *line)
{
	return line->n[0] && line->n[1];
}

/* Rows that a line takes: two where either side needs one of its own. */
static int rows_of(const struct drawing *drawing, const struct pair_line *line)
{
	return !drawing->is_wide && is_on_both(line) && has_difference(line) ? 2 : 1;
}

static enum look look_of(const struct pair_line *line, unsigned byte)
{
	if (!pair_differs(line, byte))
		return LOOK_PLAIN;
	return byte >= line->n[0] ? LOOK_GOOD : byte >= line->n[1] ? LOOK_ALARM : LOOK_WARNING;
}

static const char *sign_of(const struct pair_line *line)
{
	if (!line->n[0] && !line->n[1])
		return "?";
	if (!is_on_both(line))
		return line->n[0] ? "-" : "+";
	return has_difference(line) ? "~" : "=";
}

static void draw_byte(const struct area *area, int row, int column, const struct pair_line *line, unsigned i, int side,
		      bool here)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t byte = line->bytes[side][i];
	const char hex[] = { digits[byte >> 4], digits[byte & 15], '\0' };
	enum look look = look_of(line, i);

	if (look != LOOK_PLAIN)
		area_text(area, row, column, look, look == LOOK_GOOD ? "+" : look == LOOK_ALARM ? "-" : "~");
	area_text(area, row, column + 1, here ? LOOK_SELECTED : look == LOOK_PLAIN && !byte ? LOOK_DIM : look, hex);
}

static void draw_side(const struct drawing *drawing, int row, int column, const struct pair_line *line, int side,
		      bool here)
{
	if (!line->n[side] && line->absent[side])
		area_text(drawing->area, row, column + 1, LOOK_DIM, line->absent[side]);
	for (unsigned i = 0; i < line->n[side]; i++)
		draw_byte(drawing->area, row, column + 3 * (int)i, line, i, side, here && drawing->pair->byte == i);
}

static void draw_text(const struct drawing *drawing, int row, int column, const struct pair_line *line, int side)
{
	for (unsigned i = 0; i < line->n[side]; i++) {
		uint8_t byte = line->bytes[side][i];
		const char text[] = { byte >= 0x20 && byte < 0x7f ? (char)byte : '.', '\0' };
		enum look look = look_of(line, i);

		area_text(drawing->area, row, column + (int)i, look == LOOK_PLAIN && !byte ? LOOK_DIM : look, text);
	}
}

static int draw_address(const struct drawing *drawing, int row, const struct pair_line *line, bool here)
{
	struct out out;
	int shift;

	out_init(&out, -1);
	out_printf(&out, "%012llx", (unsigned long long)line->address);
	shift = (int)out.len - (SIGN_AT - 2);
	if (here)
		area_text(drawing->area, row, 0, LOOK_STRONG, glyph_text(GLYPH_CURSOR, drawing->area->display->ascii));
	area_put(drawing->area, row, 1, -1, here ? LOOK_STRONG : LOOK_DIM, out_held(&out));
	out_deinit(&out);
	return shift;
}

static void draw_sign(const struct drawing *drawing, int row, int column, const char *sign)
{
	area_text(drawing->area, row, column,
		  *sign == '-'	 ? LOOK_ALARM
		  : *sign == '+' ? LOOK_GOOD
		  : *sign == '~' ? LOOK_WARNING
				 : LOOK_DIM,
		  sign);
}

static void draw_wide(const struct drawing *drawing, int row, const struct pair_line *line, bool here)
{
	int shift = draw_address(drawing, row, line, here);
	bool has_room = drawing->area->columns >= TEXTS_AT + TEXTS;

	draw_side(drawing, row, shift + BYTES_AT, line, 0, here);
	draw_sign(drawing, row, shift + AFTER_AT - 2, sign_of(line));
	draw_side(drawing, row, shift + AFTER_AT, line, 1, here);
	for (int side = 0; side < 2 && has_room; side++)
		draw_text(drawing, row, shift + TEXTS_AT + side * (PAIR_LINE + 3), line, side);
}

/* A side a row where they differ; what is the same, or there on one side alone, takes one. */
static void draw_narrow(const struct drawing *drawing, int row, const struct pair_line *line, bool here)
{
	int shift = draw_address(drawing, row, line, here), n = rows_of(drawing, line);

	for (int i = 0; i < n; i++) {
		int side = n == 2 ? i : line->n[0] ? 0 : 1;

		draw_sign(drawing, row + i, shift + SIGN_AT, n == 1 ? sign_of(line) : side ? "+" : "-");
		draw_side(drawing, row + i, shift + BYTES_AT, line, side, here);
		draw_text(drawing, row + i, shift + TEXT_AT, line, side);
	}
}

/* Scrolls so that all rows of the cursor's line are among those that are drawn. */
static void settle(struct hexpair *pair, const struct drawing *drawing)
{
	uint64_t height = (uint64_t)drawing->area->rows, used = 0;
	struct pair_line line;

	if (pair->cursor < pair->top)
		pair->top = pair->cursor;
	if (pair->cursor - pair->top >= height)
		pair->top = pair->cursor - height + 1;
	for (uint64_t at = pair->cursor + 1; at > pair->top; at--) {
		pair->line(pair->context, at - 1, &line);
		used += (uint64_t)rows_of(drawing, &line);
		if (used > height && at <= pair->cursor) {
			pair->top = at;
			return;
		}
	}
}

void hexpair_draw(struct hexpair *pair, const struct area *area)
{
	const struct drawing drawing = { pair, area, area->columns >= PAIR_WIDE };
	struct pair_line line;
	uint64_t at;

	if (area->rows < 1)
		return;
	settle(pair, &drawing);
	at = pair->top;
	for (int row = 0; row < area->rows && at < pair->n_lines; at++) {
		bool here = at == pair->cursor;

		pair->line(pair->context, at, &line);
		if (drawing.is_wide)
			draw_wide(&drawing, row, &line, here);
		else
			draw_narrow(&drawing, row, &line, here);
		row += rows_of(&drawing, &line);
	}
	pair->height = (int)(at - pair->top);
}
