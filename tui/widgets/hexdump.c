#include "tui/widgets/hexdump.h"

#include "decoders/base/escape.h"
#include "decoders/base/human.h"

/* Sixteen bytes and their address of twelve digits fill a line of 80 columns; longer addresses shift their lines. */
enum {
	BYTES_AT = 14,
	TEXT_AT = BYTES_AT + 3 * HEX_LINE + 1,
};

void hexdump_line(const struct hexdump *dump, uint64_t address, struct hex_line *ret)
{
	*ret = (struct hex_line){ .address = address, .next = address };
	dump->source->line(dump->context, address, ret);
}

void hexdump_deinit(struct hexdump *dump)
{
	hexfind_deinit(&dump->find);
}

void hexdump_go(struct hexdump *dump, uint64_t address)
{
	struct hex_line line;

	dump->cursor = address < dump->first ? dump->first : address > dump->last ? dump->last : address;
	hexdump_line(dump, dump->cursor, &line);
	dump->top = line.address;
}

static bool line_before(const struct hexdump *dump, uint64_t address, struct hex_line *ret)
{
	if (address <= dump->first)
		return false;
	hexdump_line(dump, address - 1, ret);
	return ret->address < address;
}

/* Where the line of an address is among those of the screen; HEIGHT where it is not. */
static int row_of(const struct hexdump *dump, uint64_t address)
{
	struct hex_line line;
	int row = 0;

	if (address < dump->top)
		return dump->height;
	for (hexdump_line(dump, dump->top, &line); row < dump->height && line.next <= address; row++) {
		if (line.next <= line.address)
			return dump->height;
		hexdump_line(dump, line.next, &line);
	}
	return row;
}

void hexdump_show(struct hexdump *dump, uint64_t address)
{
	struct hex_line line, before;

	if (row_of(dump, address) < dump->height) {
		dump->cursor = address;
		return;
	}
	hexdump_go(dump, address);
	hexdump_line(dump, dump->top, &line);
	for (int i = 0; i < dump->height / 2 && line_before(dump, line.address, &before); i++)
		line = before;
	dump->top = line.address;
}

/* --- moving ------------------------------------------------------------------------------------- */

static bool line_behind(const struct hexdump *dump, const struct hex_line *line, struct hex_line *ret)
{
	if (line->next <= line->address || line->next > dump->last)
		return false;
	hexdump_line(dump, line->next, ret);
	return true;
}

/* The cursor keeps its place in the line, as far as the line goes. */
static void put_cursor(struct hexdump *dump, const struct hex_line *line, uint64_t within)
{
	uint64_t most = line->n ? line->n - 1 : 0;

	dump->cursor = line->address + (within < most ? within : most);
}

static void move_lines(struct hexdump *dump, int n, bool up)
{
	struct hex_line line, other;
	uint64_t within;

	hexdump_line(dump, dump->cursor, &line);
	within = line.n ? dump->cursor - line.address : 0;
	for (int i = 0; i < n; i++) {
		if (!(up ? line_before(dump, line.address, &other) : line_behind(dump, &line, &other)))
			break;
		line = other;
	}
	put_cursor(dump, &line, within);
}

static void move_byte(struct hexdump *dump, bool back)
{
	struct hex_line line, other;

	hexdump_line(dump, dump->cursor, &line);
	if (back && line.n && dump->cursor > line.address)
		dump->cursor--;
	else if (back && line_before(dump, line.address, &other))
		put_cursor(dump, &other, HEX_LINE);
	else if (!back && line.n && dump->cursor + 1 < line.address + line.n)
		dump->cursor++;
	else if (!back && line_behind(dump, &line, &other))
		dump->cursor = other.address;
}

/* There, and back again. */
static void mark(struct hexdump *dump)
{
	uint64_t before = dump->mark;

	dump->mark = dump->cursor;
	if (dump->has_mark && before != dump->cursor)
		hexdump_go(dump, before);
	dump->has_mark = true;
}

bool hexdump_act(struct hexdump *dump, enum action action)
{
	int screen = dump->height > 1 ? dump->height - 1 : 1;

	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		move_lines(dump, 1, action == ACTION_UP);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		move_lines(dump, screen, action == ACTION_PAGE_UP);
		return true;
	case ACTION_HALF_UP:
	case ACTION_HALF_DOWN:
		move_lines(dump, screen / 2 + 1, action == ACTION_HALF_UP);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		move_byte(dump, action == ACTION_LEFT);
		return true;
	case ACTION_MARK:
		mark(dump);
		return true;
	case ACTION_TYPES:
		dump->all_types = !dump->all_types;
		return true;
	case ACTION_FIRST:
		hexdump_go(dump, dump->first);
		return true;
	case ACTION_LAST:
		hexdump_go(dump, dump->last);
		return true;
	default:
		return false;
	}
}

/* Scrolls so that the cursor's line is among the HEIGHT that are drawn. */
static void settle(struct hexdump *dump, int height)
{
	struct hex_line line, top;

	hexdump_line(dump, dump->cursor, &line);
	if (line.address < dump->top)
		dump->top = line.address;
	hexdump_line(dump, dump->top, &top);
	for (int i = 1; i < height && top.address < line.address; i++)
		if (!line_behind(dump, &top, &top))
			break;
	if (top.address >= line.address)
		return;
	top = line;
	for (int i = 1; i < height && line_before(dump, top.address, &line); i++)
		top = line;
	dump->top = top.address;
}

/* --- drawing ------------------------------------------------------------------------------------ */

static int hex_column(unsigned i)
{
	return BYTES_AT + 3 * (int)i + (i >= HEX_LINE / 2);
}

static void draw_byte(const struct area *area, int row, int shift, unsigned i, uint8_t byte, enum look look)
{
	static const char digits[] = "0123456789abcdef";
	const char hex[] = { digits[byte >> 4], digits[byte & 15], '\0' };
	const char text[] = { byte >= 0x20 && byte < 0x7f ? (char)byte : '.', '\0' };
	enum look dim = byte ? LOOK_PLAIN : LOOK_DIM;

	area_text(area, row, shift + hex_column(i), look == LOOK_PLAIN ? dim : look, hex);
	area_text(area, row, shift + TEXT_AT + (int)i, look == LOOK_PLAIN ? dim : look, text);
}

static enum look look_at(const struct hexdump *dump, uint64_t address)
{
	const struct hexfind *find = &dump->find;

	if (address == dump->cursor)
		return LOOK_SELECTED;
	return find->len && address >= find->found && address - find->found < find->len ? LOOK_MATCH : LOOK_PLAIN;
}

static void draw_line(const struct hexdump *dump, const struct area *area, int row, const struct hex_line *line)
{
	bool here = dump->cursor >= line->address &&
		    (line->n ? dump->cursor < line->address + line->n
			     : dump->cursor < line->next || line->next == line->address);
	struct out out;
	int shift;

	out_init(&out, -1);
	out_printf(&out, "%012llx", (unsigned long long)line->address);
	shift = (int)out.len - (BYTES_AT - 2);
	if (here)
		area_text(area, row, 0, LOOK_STRONG, glyph_text(GLYPH_CURSOR, area->display->ascii));
	area_put(area, row, 1, -1, here ? LOOK_STRONG : LOOK_DIM, out_held(&out));
	area_spot(area, row, 0, area->columns, SPOT_BYTE, line->address);
	if (!line->n) {
		out_clear(&out);
		print_size(line->next > line->address ? line->next - line->address : 0, &out);
		out_printf(&out, " %s", line->what ? line->what : "");
		area_put(area, row, shift + BYTES_AT, -1, here ? LOOK_SELECTED : line->is_bad ? LOOK_ALARM : LOOK_DIM,
			 out_held(&out));
	}
	for (unsigned i = 0; i < line->n; i++) {
		area_spot(area, row, shift + hex_column(i), 2, SPOT_BYTE, line->address + i);
		area_spot(area, row, shift + TEXT_AT + (int)i, 1, SPOT_BYTE, line->address + i);
		draw_byte(area, row, shift, i, line->bytes[i],
			  look_at(dump, line->address + i));
	}
	out_deinit(&out);
}

void hexdump_draw(struct hexdump *dump, const struct area *area)
{
	struct hex_line line;

	dump->height = area->rows;
	if (area->rows < 1)
		return;
	settle(dump, area->rows);
	hexdump_line(dump, dump->top, &line);
	for (int row = 0; row < area->rows; row++) {
		struct hex_line next;

		draw_line(dump, area, row, &line);
		if (!line_behind(dump, &line, &next))
			break;
		line = next;
	}
}
