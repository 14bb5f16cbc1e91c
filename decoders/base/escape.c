#include "decoders/base/escape.h"

#include <wchar.h>

#include "decoders/base/size.h"

struct range {
	uint32_t first, last;
};

/* Unicode: Bidi_Control, Default_Ignorable_Code_Point as far as it hides text, separators. */
static const struct range unsafe[] = {
	{ 0x00, 0x1f },       { 0x7f, 0x9f },       { 0x61c, 0x61c },     { 0x180e, 0x180e },
	{ 0x200b, 0x200f },   { 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb },   { 0xe0000, 0xe0fff },
};

/* Unicode East_Asian_Width W and F, the blocks that occur in practice. */
static const struct range wide[] = {
	{ 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },   { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

/* Combining marks: drawn over the character before. */
static const struct range combining[] = {
	{ 0x300, 0x36f },   { 0x483, 0x489 },   { 0x591, 0x5bd },   { 0x610, 0x61a },
	{ 0x64b, 0x65f },   { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff },
	{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
};

static bool in_ranges(const struct range *ranges, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n && ranges[i].first <= c; i++)
		if (c <= ranges[i].last)
			return true;
	return false;
}

bool character_is_unsafe(uint32_t character)
{
	return in_ranges(unsafe, ARRAY_SIZE(unsafe), character);
}

static bool multibyte_next(struct bytes *rest, uint32_t *ret)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t first = rest->data[0];
	unsigned len = first >= 0xf0 && first < 0xf8 ? 4
		     : first >= 0xe0 && first < 0xf0 ? 3
		     : first >= 0xc2 && first < 0xe0 ? 2
						     : 0;
	uint32_t c;

	if (len == 0 || rest->len < len)
		return false;
	c = first & (0x7f >> len);
	for (unsigned i = 1; i < len; i++) {
		if ((rest->data[i] & 0xc0) != 0x80)
			return false;
		c = c << 6 | (rest->data[i] & 0x3f);
	}
	if (c < smallest[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return false;
	*rest = bytes_from(*rest, len);
	*ret = c;
	return true;
}

bool utf8_next(struct bytes *rest, uint32_t *ret)
{
	if (rest->len == 0)
		return false;
	if (rest->data[0] >= 0x80)
		return multibyte_next(rest, ret);
	*ret = rest->data[0];
	*rest = bytes_from(*rest, 1);
	return true;
}

bool utf8_valid(struct bytes text)
{
	uint32_t c;

	while (text.len)
		if (!utf8_next(&text, &c))
			return false;
	return true;
}

/* How far TEXT goes in characters that need no thought: printable ASCII but for ESCAPED. */
static size_t plain_run(struct bytes text, const char *escaped)
{
	size_t i = 0;

	while (i < text.len && text.data[i] >= 0x20 && text.data[i] < 0x7f &&
	       text.data[i] != (uint8_t)escaped[0] && text.data[i] != (uint8_t)escaped[1])
		i++;
	return i;
}

static void spell_byte(struct out *out, const char *prefix, uint8_t byte)
{
	out_text(out, prefix);
	out_char(out, "0123456789abcdef"[byte >> 4]);
	out_char(out, "0123456789abcdef"[byte & 15]);
}

void escape_text(struct out *out, struct bytes text)
{
	while (text.len) {
		size_t run = plain_run(text, "\\\\");
		struct bytes before = bytes_from(text, run);
		uint32_t c;

		out_write(out, text.data, run);
		text = before;
		if (text.len == 0)
			return;
		if (!utf8_next(&text, &c))
			text = bytes_from(text, 1), c = 0;
		before.len -= text.len;
		if (c == '\\')
			out_text(out, "\\\\");
		else if (character_is_unsafe(c))
			for (size_t i = 0; i < before.len; i++)
				spell_byte(out, "\\x", before.data[i]);
		else
			out_bytes(out, before);
	}
}

/* 0 to 15; 16: no hexadecimal digit. */
static unsigned hex_value(uint8_t c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

	return at && (c >= 'A' || c <= '9') ? (unsigned)(at - digits) : 16;
}

struct bytes escape_undo(struct arena *arena, struct bytes text)
{
	uint8_t *plain = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		struct bytes rest = bytes_from(text, i);

		if (rest.len >= 4 && bytes_start_with(rest, BYTES("\\x")) && hex_value(rest.data[2]) < 16 &&
		    hex_value(rest.data[3]) < 16) {
			plain[len++] = (uint8_t)(hex_value(rest.data[2]) << 4 | hex_value(rest.data[3]));
			i += 3;
			continue;
		}
		plain[len++] = rest.data[0];
		i += bytes_start_with(rest, BYTES("\\\\"));
	}
	plain[len] = '\0';
	return (struct bytes){ plain, len };
}

/* The C library knows, where its locale is UTF-8; the ranges above where it is not. */
static size_t character_width(uint32_t c)
{
	int width;

	if (c < 0x300)
		return 1;
	width = wcwidth((wchar_t)c);
	if (width >= 0)
		return (size_t)width;
	if (in_ranges(wide, ARRAY_SIZE(wide), c))
		return 2;
	return !in_ranges(combining, ARRAY_SIZE(combining), c);
}

/* How many bytes of TEXT take up to *WIDTH columns; *width is what they take. */
static size_t fitting(struct bytes text, size_t *width)
{
	struct bytes rest = text;
	size_t taken = 0, len = 0;

	while (rest.len) {
		uint32_t c;

		if (!utf8_next(&rest, &c))
			rest = bytes_from(rest, 1), c = '?';
		if (character_width(c) > *width - taken)
			break;
		taken += character_width(c);
		len = text.len - rest.len;
	}
	*width = taken;
	return len;
}

size_t text_width(struct bytes text)
{
	size_t width = SIZE_MAX;

	fitting(text, &width);
	return width;
}

void text_cut(struct out *out, struct bytes text, size_t width)
{
	struct bytes ellipsis = bytes_of(out->utf8 ? "\u2026" : "...");
	size_t dots = out->utf8 ? 1 : ellipsis.len, taken = width;

	if (width == 0 || fitting(text, &taken) == text.len) {
		out_bytes(out, text);
		return;
	}
	taken = width > dots ? width - dots : 0;
	out_write(out, text.data, fitting(text, &taken));
	out_bytes(out, bytes_first(ellipsis, width >= dots ? ellipsis.len : width));
}

static void json_character(struct out *out, uint32_t c)
{
	if (c >= 0x10000)
		out_printf(out, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
	else if (c == '\n')
		out_text(out, "\\n");
	else if (c == '\t')
		out_text(out, "\\t");
	else if (c == '\r')
		out_text(out, "\\r");
	else
		out_printf(out, "\\u%04x", c);
}

static void json_string(struct out *out, struct bytes text, const char *backslash)
{
	out_char(out, '"');
	while (text.len) {
		size_t run = plain_run(text, "\"\\");
		struct bytes before = bytes_from(text, run);
		uint32_t c;

		out_write(out, text.data, run);
		text = before;
		if (text.len == 0)
			break;
		if (!utf8_next(&text, &c)) {
			spell_byte(out, "\\\\x", text.data[0]);
			text = bytes_from(text, 1);
			continue;
		}
		before.len -= text.len;
		if (c == '"')
			out_text(out, "\\\"");
		else if (c == '\\')
			out_text(out, backslash);
		else if (character_is_unsafe(c))
			json_character(out, c);
		else
			out_bytes(out, before);
	}
	out_char(out, '"');
}

void escape_json(struct out *out, struct bytes text)
{
	json_string(out, text, "\\\\\\\\");
}

void escape_json_exact(struct out *out, struct bytes text)
{
	json_string(out, text, "\\\\");
}
