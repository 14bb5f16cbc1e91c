/* Bytes on the screen: found on both sides of gaps and of the pieces that are read, and shown in all their meanings. */
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

#include "tui/clock.h"
#include "tui/widgets/hexdump.h"

/* --- memory of stretches, with gaps between ----------------------------------------------------------- */

enum { MOST_STRETCHES = 8, LONGEST = 200 << 10 };

static struct stretch {
	uint64_t address, len;
	uint8_t bytes[LONGEST];
} stretches[MOST_STRETCHES];
static size_t n_stretches;

static const struct stretch *stretch_at(uint64_t address)
{
	for (size_t i = 0; i < n_stretches; i++)
		if (address >= stretches[i].address && address - stretches[i].address < stretches[i].len)
			return &stretches[i];
	return NULL;
}

static size_t read_bytes(void *context, uint64_t address, uint8_t *buffer, size_t len)
{
	const struct stretch *stretch = stretch_at(address);
	uint64_t within = stretch ? address - stretch->address : 0;

	(void)context;
	if (!stretch)
		return 0;
	if (len > stretch->len - within)
		len = (size_t)(stretch->len - within);
	memcpy(buffer, stretch->bytes + within, len);
	return len;
}

static void line(void *context, uint64_t address, struct hex_line *ret)
{
	const struct stretch *stretch = stretch_at(address);

	ret->address = address - address % HEX_LINE;
	if (stretch) {
		ret->n = (unsigned)read_bytes(context, ret->address, ret->bytes, HEX_LINE);
		ret->next = ret->address + ret->n;
		return;
	}
	ret->what = "a gap";
	ret->address = 0;
	ret->next = UINT64_MAX;
	for (size_t i = 0; i < n_stretches; i++) {
		uint64_t end = stretches[i].address + stretches[i].len;

		if (end <= address && end > ret->address)
			ret->address = end;
		if (stretches[i].address > address && stretches[i].address < ret->next)
			ret->next = stretches[i].address;
	}
}

static const struct hex_source source = { .line = line, .read = read_bytes };

static uint32_t random_below(uint32_t n)
{
	static uint64_t seed = 5;

	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

/* Words, mostly where a piece that is read may begin or end. */
static void plant(struct stretch *stretch, const char *text)
{
	size_t len = strlen(text);

	for (int i = 0; i < 16; i++) {
		uint64_t edge = (uint64_t)random_below(4) << 16, at = edge + random_below(7) - 3;

		if (random_below(2))
			at = stretch->len - at - len;
		if (random_below(8) == 0)
			at = random_below((uint32_t)stretch->len);
		if (at < stretch->len && stretch->len - at >= len)
			memcpy(stretch->bytes + at, text, len);
	}
}

/* A gap may be of terabytes. */
static struct hexdump make_memory(const char *text)
{
	uint64_t address = 16 * (uint64_t)(1 + random_below(1000));

	n_stretches = 1 + random_below(MOST_STRETCHES);
	for (size_t i = 0; i < n_stretches; i++) {
		struct stretch *stretch = &stretches[i];

		*stretch = (struct stretch){ .address = address, .len = 16 * (uint64_t)(1 + random_below(random_below(2) ? LONGEST / 16 : 4)) };
		for (size_t k = 0; k < stretch->len; k++)
			stretch->bytes[k] = (uint8_t)('0' + random_below(40));
		plant(stretch, text);
		address += stretch->len + 16 * (uint64_t)(1 + random_below(10)) * (random_below(2) ? 1 : (uint64_t)1 << 36);
	}
	return (struct hexdump){ .source = &source, .first = stretches[0].address, .cursor = stretches[0].address,
				 .top = stretches[0].address, .height = 20,
				 .last = stretches[n_stretches - 1].address + stretches[n_stretches - 1].len - 1 };
}

/* Where the text is, one place after the other: what a simple loop finds. */
static size_t find_all(const char *text, uint64_t *ret, size_t most)
{
	size_t len = strlen(text), n = 0;

	for (size_t i = 0; i < n_stretches; i++)
		for (uint64_t k = 0; k + len <= stretches[i].len && n < most; k++)
			if (!memcmp(stretches[i].bytes + k, text, len))
				ret[n++] = stretches[i].address + k;
	return n;
}

static bool search_on(struct hexdump *dump)
{
	bool found = false;

	while (hexdump_search_on(dump, clock_now() + 1000, &found))
		;
	return found;
}

/* No match is missed, none is told twice; forwards and backwards, and round the ends. */
static void searches_find_all(void **state)
{
	static uint64_t should[1000];

	(void)state;
	for (int round = 0; round < 200; round++) {
		const char *text = "xyz";
		struct hexdump dump = make_memory(text);
		size_t n = find_all(text, should, 1000);

		assert_null(hexdump_search(&dump, text));
		assert_int_equal(search_on(&dump), n > 0);
		for (size_t i = 0; n && i < n + 2; i++) {
			assert_int_equal(dump.cursor, should[i % n]);
			assert_int_equal(dump.find.len, 3);
			hexdump_search_again(&dump, false);
			assert_true(search_on(&dump));
		}
		for (size_t i = n ? n + 2 : 0; i-- > 0;) {
			hexdump_search_again(&dump, true);
			assert_true(search_on(&dump));
			assert_int_equal(dump.cursor, should[i % n]);
		}
		hexdump_deinit(&dump);
	}
}

/* A match across the pieces that are read at a time, and one that ends where a stretch does. */
static void searches_reach_across_pieces(void **state)
{
	struct hexdump dump;
	struct error *error;

	(void)state;
	n_stretches = 1;
	stretches[0] = (struct stretch){ .address = 0x1000, .len = LONGEST };
	memcpy(stretches[0].bytes + (64 << 10) - 3, "needle", 6);
	memcpy(stretches[0].bytes + LONGEST - 6, "needle", 6);
	dump = (struct hexdump){ .source = &source, .first = 0x1000, .cursor = 0x1000, .top = 0x1000, .height = 10,
				 .last = 0x1000 + LONGEST - 1 };
	assert_null(hexdump_search(&dump, "needle"));
	assert_true(search_on(&dump));
	assert_int_equal(dump.cursor, 0x1000 + (64 << 10) - 3);
	hexdump_search_again(&dump, false);
	assert_true(search_on(&dump));
	assert_int_equal(dump.cursor, 0x1000 + LONGEST - 6);
	hexdump_search_again(&dump, true);
	assert_true(search_on(&dump));
	assert_int_equal(dump.cursor, 0x1000 + (64 << 10) - 3);
	assert_null(hexdump_search(&dump, "\\x00{2}needle$"));
	assert_true(search_on(&dump));
	assert_null(hexdump_search(&dump, "noodle"));
	assert_false(search_on(&dump));
	error = hexdump_search(&dump, "(");
	assert_non_null(error);
	error_free(error);
	hexdump_deinit(&dump);
}

/* --- what bytes mean ------------------------------------------------------------------------------------- */

static const char *types(const void *bytes, size_t n, bool big_endian)
{
	static struct out text;
	struct display display;
	struct area area;
	struct hexdump dump = { .source = &source, .big_endian = big_endian, .all_types = true };

	n_stretches = 1;
	stretches[0] = (struct stretch){ .len = n };
	memcpy(stretches[0].bytes, bytes, n);
	display_init(&display, 5, 200, false);
	area = display_area(&display);
	assert_int_equal(hexdump_type_rows(&dump, 24), 5);
	hexdump_draw_types(&dump, &area, 0);
	out_deinit(&text);
	out_init(&text, -1);
	display_dump(&display, &text);
	out_char(&text, '\0');
	display_deinit(&display);
	return text.buffer;
}

static void assert_says(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("\"%s\" is not in:\n%s", what, text);
}

static void bytes_mean_much(void **state)
{
	static const uint8_t ones[8] = { 255, 255, 255, 255, 255, 255, 255, 255 };
	static const uint8_t address[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
	static const uint8_t local[4] = { 127, 0, 0, 1 };
	const float one_half = 1.5f;
	const double third = 0.25;
	const uint32_t moment = 1000000000;
	const uint64_t nanoseconds = 1700000000000000000u;
	const char *text;

	(void)state;
	text = types(ones, sizeof(ones), false);
	assert_says(text, "u8 255  u16 65535  u32 4294967295  0xffffffff  u64 18446744073709551615");
	assert_says(text, "i8 -1  i16 -1  i32 -1  i64 -1");
	assert_says(text, "no time");
	assert_says(types(&one_half, sizeof(one_half), false), "f32 1.5");
	assert_says(types(&third, sizeof(third), false), "f64 0.25");
	assert_says(types(&moment, sizeof(moment), false), "time32 in s 2001-09-09T01:46:40Z");
	assert_says(types(&nanoseconds, sizeof(nanoseconds), false), "time64 in ns 2023-11-14T22:13:20Z");
	assert_says(types(local, sizeof(local), false), "IP 127.0.0.1");
	text = types(address, sizeof(address), false);
	assert_says(text, "IPv6 2001:db8::1");
	assert_says(text, "port 8193");
	assert_says(types("w\0o\0r\0d\0s\0\0\0", 12, false), "UTF-16 \"words\"");
	assert_says(types("\0w\0o\0r\0d\0s\0\0", 12, true), "UTF-16 \"words\"");
	assert_says(types("\0\0\1\2", 4, true), "u32 258");
	assert_says(types("just text\0", 10, false), "\"just text\"");
	(void)types("", 0, false); /* nothing is there */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(searches_find_all),
		cmocka_unit_test(searches_reach_across_pieces),
		cmocka_unit_test(bytes_mean_much),
	};

	return run_all(tests);
}
