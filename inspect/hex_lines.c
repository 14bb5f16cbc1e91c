#include "inspect/hex_lines.h"

#include <string.h>

/* A line of hexadecimal: [START, END) of those at BASE, which is a multiple of HEX_LINE. */
static void print_line(uint64_t base, const uint8_t *bytes, size_t start, size_t end,
		       struct out *out)
{
	static const char digits[] = "0123456789abcdef";
	char text[3 * HEX_LINE + 3 + HEX_LINE + 2];
	size_t n = 0;

	for (size_t i = 0; i < HEX_LINE; i++) {
		bool is_there = i >= start && i < end;

		text[n++] = is_there ? digits[bytes[i] >> 4] : ' ';
		text[n++] = is_there ? digits[bytes[i] & 15] : ' ';
		text[n++] = ' ';
		if (i == HEX_LINE / 2 - 1)
			text[n++] = ' ';
	}
	text[n++] = '|';
	for (size_t i = 0; i < end; i++)
		text[n++] = i < start				    ? ' '
			    : bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char)bytes[i]
								    : '.';
	text[n++] = '|';
	out_printf(out, "%012llx  ", (unsigned long long)base);
	out_write(out, text, n);
	out_char(out, '\n');
}

/* Lines that are all like the one before them are one "*". */
static void put_line(struct hex_lines *lines, uint64_t base, size_t start, size_t end, struct out *out)
{
	bool whole = start == 0 && end == HEX_LINE;

	if (whole && lines->has_before && !memcmp(lines->bytes, lines->before, HEX_LINE)) {
		out_text(out, lines->starred ? "" : "*\n");
		lines->starred = true;
		return;
	}
	print_line(base, lines->bytes, start, end, out);
	memcpy(lines->before, lines->bytes, HEX_LINE);
	lines->has_before = whole;
	lines->starred = false;
}

void hex_lines_put(struct hex_lines *lines, uint64_t address, const uint8_t *bytes, size_t len, struct out *out)
{
	while (len) {
		size_t start = address % HEX_LINE, part = HEX_LINE - start < len ? HEX_LINE - start : len;

		memcpy(lines->bytes + start, bytes, part);
		put_line(lines, address - start, start, start + part, out);
		address += part;
		bytes += part;
		len -= part;
	}
}

void hex_lines_end(const struct hex_lines *lines, uint64_t end, struct out *out)
{
	if (lines->starred)
		out_printf(out, "%012llx\n", (unsigned long long)end);
}
