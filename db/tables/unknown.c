#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/unknown.h"

static void get_image(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	uint32_t member = ((const struct unknown *)row)->origin.member;

	(void)arena;
	*ret = value_text(bytes_basename(checkpoint->source.members.items[member].name));
}

static void get_number(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	const struct unknown *unknown = row;

	(void)checkpoint;
	(void)arena;
	if (unknown->wire && strcmp(unknown->wire, "bytes") != 0)
		*ret = value_number(VALUE_UINT, unknown->number);
}

static void get_value(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	struct bytes value = ((const struct unknown *)row)->value;
	char *text = arena_alloc(arena, 2 * UNKNOWN_KEPT + 1);
	size_t len = 0;

	(void)checkpoint;
	for (size_t i = 0; i < value.len && i < UNKNOWN_KEPT; i++) {
		text[len++] = "0123456789abcdef"[value.data[i] >> 4];
		text[len++] = "0123456789abcdef"[value.data[i] & 15];
	}
	*ret = value_text((struct bytes){ (const uint8_t *)text, len });
}

static const struct column columns[] = {
	{ .name = "what", .help = "field or image", COLUMN(unknown, what, NAME) },
	{ .name = "image", .help = "the image that it is, or is in", COMPUTED(TEXT, get_image) },
	{ .name = "entry", .help = "entry of the image, counted from 0",
	  COLUMN(unknown, origin.entry, U32) },
	{ .name = "message", .help = "the innermost message that the field stands in",
	  COLUMN(unknown, message, NAME) },
	{ .name = "field", .help = "number of the field", COLUMN(unknown, field, U32) },
	{ .name = "wire", .help = "varint, fixed32, fixed64 or bytes",
	  COLUMN(unknown, wire, NAME) },
	{ .name = "length", .help = "of the value; of an image its size", .unit = "bytes",
	  COLUMN(unknown, length, U64) },
	{ .name = "number", .help = "the value, where it is a number", COMPUTED(UINT, get_number) },
	{ .name = "magic", .help = "the first word of an image that says what it is",
	  .detail = true, COLUMN(unknown, magic, HEX64) },
	{ .name = "value", .help = "its first 32 bytes as they stand in the image, in hexadecimal",
	  COMPUTED(TEXT, get_value) },
};

const struct table table_unknown = {
	.name = "unknown",
	.plural = "unknowns",
	.help = "a field or an image that this version does not know",
	.key = "what image message field wire",
	.noise = "entry",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_unknown,
};
