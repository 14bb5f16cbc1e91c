/* What the bytes at the cursor may mean. */
#include <arpa/inet.h>
#include <string.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/engine/timestamp.h"
#include "tui/widgets/hexdump.h"

enum { MOST_BYTES = 48, SHORTEST_TEXT = 4 };

/* Seconds of the years in which programs have run. */
#define EARLIEST 631152000u  /* 1990 */
#define LATEST 4102444800u   /* 2100 */

struct bytes_here {
	const struct hexdump *dump;
	uint8_t bytes[MOST_BYTES];
	size_t n;
};

static uint64_t number_of(const struct bytes_here *here, unsigned size)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < size; i++)
		number = number << 8 | here->bytes[here->dump->big_endian ? i : size - 1 - i];
	return number;
}

static void put_unsigned(const struct bytes_here *here, struct out *out)
{
	size_t text = 0;

	for (unsigned size = 1; size <= 8 && size <= here->n; size *= 2) {
		uint64_t number = number_of(here, size);

		out_printf(out, "u%u %llu  ", size * 8, (unsigned long long)number);
		if (size >= 4)
			out_printf(out, "0x%llx  ", (unsigned long long)number);
	}
	while (text < here->n && here->bytes[text] >= 0x20 && here->bytes[text] < 0x7f)
		text++;
	if (text < SHORTEST_TEXT)
		return;
	out_text(out, "\"");
	escape_text(out, (struct bytes){ here->bytes, text });
	out_text(out, text == here->n ? "..." : "\"");
}

static void put_signed(const struct bytes_here *here, struct out *out)
{
	for (unsigned size = 1; size <= 8 && size <= here->n; size *= 2) {
		uint64_t number = number_of(here, size), sign = (uint64_t)1 << (size * 8 - 1);

		out_printf(out, "i%u %lld  ", size * 8, (long long)((number ^ sign) - sign));
	}
	if (here->n >= 4) {
		uint32_t bits = (uint32_t)number_of(here, 4);
		float number;

		memcpy(&number, &bits, sizeof(number));
		out_printf(out, "f32 %g  ", (double)number);
	}
	if (here->n >= 8) {
		uint64_t bits = number_of(here, 8);
		double number;

		memcpy(&number, &bits, sizeof(number));
		out_printf(out, "f64 %g", number);
	}
}

/* Where it is one that somebody may have meant: seconds, or parts of them. */
static void put_time(const struct bytes_here *here, struct out *out)
{
	static const struct {
		unsigned size;
		uint64_t per_second;
		const char *name;
	} units[] = { { 4, 1, "s" }, { 8, 1, "s" }, { 8, 1000, "ms" }, { 8, 1000000, "us" }, { 8, 1000000000, "ns" } };
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		uint64_t seconds = units[i].size <= here->n ? number_of(here, units[i].size) / units[i].per_second : 0;

		if (seconds < EARLIEST || seconds > LATEST)
			continue;
		out_printf(out, "time%u in %s ", units[i].size * 8, units[i].name);
		out_bytes(out, timestamp_from_seconds(&arena, (int64_t)seconds));
		out_text(out, "  ");
	}
	if (!out->len)
		out_text(out, "no time");
	arena_deinit(&arena);
}

static void put_addresses(const struct bytes_here *here, struct out *out)
{
	char text[INET6_ADDRSTRLEN];

	if (here->n >= 4 && inet_ntop(AF_INET, here->bytes, text, sizeof(text)))
		out_printf(out, "IP %s  ", text);
	if (here->n >= 2)
		out_printf(out, "port %u  ", here->bytes[0] << 8 | here->bytes[1]);
	if (here->n >= 16 && inet_ntop(AF_INET6, here->bytes, text, sizeof(text)))
		out_printf(out, "IPv6 %s", text);
}

/* UTF-16 as far as it is text. */
static void put_utf16(const struct bytes_here *here, struct out *out)
{
	size_t n = 0, before = out->len;

	for (; 2 * n + 1 < here->n; n++) {
		uint32_t c = here->bytes[2 * n + here->dump->big_endian] |
			     (uint32_t)here->bytes[2 * n + !here->dump->big_endian] << 8;

		if (c < 0x20 || c >= 0x7f)
			break;
		out_char(out, (char)c);
	}
	if (n < SHORTEST_TEXT)
		out->len = before;
}

static void put_meaning(const struct bytes_here *here, struct out *out)
{
	const struct hex_source *source = here->dump->source;
	struct out text;

	if (source->target && here->n >= 8) {
		out_text(out, "pointer to ");
		source->target(here->dump->context, number_of(here, 8), out);
		out_text(out, "  ");
	}
	out_init(&text, -1);
	put_utf16(here, &text);
	if (text.len) {
		out_text(out, "UTF-16 \"");
		escape_text(out, out_held(&text));
		out_char(out, '"');
	}
	out_deinit(&text);
}

/* The first is always shown. */
static void (*const ways[])(const struct bytes_here *here, struct out *out) = {
	put_unsigned, put_signed, put_time, put_addresses, put_meaning,
};

int hexdump_type_rows(const struct hexdump *dump, int height)
{
	int n = dump->all_types ? (int)ARRAY_SIZE(ways) : 1;

	return height > 3 + n ? n : height > 3;
}

void hexdump_draw_types(struct hexdump *dump, const struct area *area, int row)
{
	struct bytes_here here = { .dump = dump };
	struct out out;

	here.n = dump->source->read(dump->context, dump->cursor, here.bytes, sizeof(here.bytes));
	if (!here.n && dump->all_types) {
		area_text(area, row, 1, LOOK_DIM, "no byte is here");
		return;
	}
	out_init(&out, -1);
	for (size_t i = 0; i < ARRAY_SIZE(ways) && row + (int)i < area->rows; i++) {
		out_clear(&out);
		ways[i](&here, &out);
		area_put(area, row + (int)i, 1, -1, LOOK_PLAIN, out_held(&out));
	}
	out_deinit(&out);
}
