#include "tui/widgets/hexdump.h"

#include "decoders/base/escape.h"
#include "decoders/base/human.h"

/* Sixteen bytes and their address of twelve digits fill a line of 80 columns; longer addresses shift their lines. */
enum {
	BYTES_AT = 14,
	TEXT_AT = BYTES_AT + 3 * HEX_LINE + 1,
};

static void line_at(const struct hexdump *dump, uint64_t address, struct hex_line *ret)
{
	*ret = (struct hex_line){ .address = address, .next = address };
	dump->source->line(dump->context, address, ret);
}

void hexdump_go(struct hexdump *dump, uint64_t address)
{
	struct hex_line line;

	dump->cursor = address < dump->first ? dump->first : address > dump->last ? dump->last : address;
	line_at(dump, dump->cursor, &line);
	dump->top = line.address;
}

/* --- moving ------------------------------------------------------------------------------------- */

static bool line_before(const struct hexdump *dump, uint64_t address, struct hex_line *ret)
{
	if (address <= dump->first)
		return false;
	line_at(dump, address - 1, ret);
	return ret->address < address;
}

static bool line_behind(const struct hexdump *dump, const struct hex_line *line, struct hex_line *ret)
{
	if (line->next <= line->address || line->next > dump->last)
		return false;
	line_at(dump, line->next, ret);
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

	line_at(dump, dump->cursor, &line);
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

	line_at(dump, dump->cursor, &line);
	if (back && line.n && dump->cursor > line.address)
		dump->cursor--;
	else if (back && line_before(dump, line.address, &other))
		put_cursor(dump, &other, HEX_LINE);
	else if (!back && line.n && dump->cursor + 1 < line.address + line.n)
		dump->cursor++;
	else if (!back && line_behind(dump, &line, &other))
		dump->cursor = other.address;
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

	line_at(dump, dump->cursor, &line);
	if (line.address < dump->top)
		dump->top = line.address;
	line_at(dump, dump->top, &top);
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
			  here && dump->cursor == line->address + i ? LOOK_SELECTED : LOOK_PLAIN);
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
	line_at(dump, dump->top, &line);
	for (int row = 0; row < area->rows; row++) {
		struct hex_line next;

		draw_line(dump, area, row, &line);
		if (!line_behind(dump, &line, &next))
			break;
		line = next;
	}
}

/* --- types -------------------------------------------------------------------------------------- */

static uint64_t number_of(const uint8_t *bytes, unsigned n, bool big_endian)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < n; i++)
		number = number << 8 | bytes[big_endian ? i : n - 1 - i];
	return number;
}

void hexdump_draw_types(struct hexdump *dump, const struct area *area, int row)
{
	uint8_t bytes[48];
	size_t n = dump->source->read(dump->context, dump->cursor, bytes, sizeof(bytes)), text = 0;
	struct out out;

	out_init(&out, -1);
	for (unsigned size = 1; size <= 8 && size <= n; size *= 2) {
		uint64_t number = number_of(bytes, size, dump->big_endian);

		out_printf(&out, "u%u %llu  ", size * 8, (unsigned long long)number);
		if (size >= 4)
			out_printf(&out, "0x%llx  ", (unsigned long long)number);
	}
	while (text < n && bytes[text] >= 0x20 && bytes[text] < 0x7f)
		text++;
	if (text >= 4) {
		out_text(&out, "\"");
		escape_text(&out, (struct bytes){ bytes, text });
		out_text(&out, text == n ? "..." : "\"");
	}
	area_put(area, row, 1, -1, LOOK_PLAIN, out_held(&out));
	out_deinit(&out);
}
