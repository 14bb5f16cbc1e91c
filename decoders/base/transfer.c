#include "decoders/base/transfer.h"

/* 0 to 63; 64: no digit of base64. */
static unsigned base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - (unsigned)'A';
	if (c >= 'a' && c <= 'z')
		return c - (unsigned)'a' + 26;
	if (c >= '0' && c <= '9')
		return c - (unsigned)'0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/* At most two "=" at the very end, as many as fill the last group of four. */
static bool is_padding(struct bytes text, size_t n_digits)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '=')
			n++;
		else if (text.data[i] != '\n' && text.data[i] != '\r')
			return false;
	}
	return n_digits % 4 == 0 ? n == 0 : n_digits % 4 != 1 && n == 4 - n_digits % 4;
}

bool base64_decode(struct arena *arena, struct bytes text, struct bytes *ret)
{
	uint8_t *data = arena_alloc(arena, text.len / 4 * 3 + 3);
	size_t len = 0, n_digits = 0, i;
	uint32_t bits = 0;

	for (i = 0; i < text.len; i++) {
		unsigned digit = base64_digit(text.data[i]);

		if (text.data[i] == '\n' || text.data[i] == '\r')
			continue;
		if (digit == 64)
			break;
		bits = bits << 6 | digit;
		if (n_digits++ % 4)
			data[len++] = (uint8_t)(bits >> (6 - 2 * ((n_digits - 1) % 4)));
	}
	if (!is_padding(bytes_from(text, i), n_digits))
		return false;
	*ret = (struct bytes){ data, len };
	return true;
}

/* 0 to 15; 16: no hexadecimal digit. */
static unsigned hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - (unsigned)'0';
	if (c >= 'A' && c <= 'F')
		return c - (unsigned)'A' + 10;
	return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 16;
}

bool quoted_printable_decode(struct arena *arena, struct bytes text, struct bytes *ret)
{
	uint8_t *data = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned high, low;

		if (text.data[i] != '=') {
			data[len++] = text.data[i];
			continue;
		}
		if (i + 1 < text.len && text.data[i + 1] == '\n') {
			i++;
			continue;
		}
		if (i + 2 >= text.len)
			return false;
		high = hex_digit(text.data[i + 1]);
		low = hex_digit(text.data[i + 2]);
		if (high == 16 || low == 16)
			return false;
		data[len++] = (uint8_t)(high << 4 | low);
		i += 2;
	}
	*ret = (struct bytes){ data, len };
	return true;
}
