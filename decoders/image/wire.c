#include "decoders/image/wire.h"

#include <string.h>

#include "decoders/base/cursor.h"

size_t wire_field_index(const ProtobufCMessageDescriptor *pb, uint32_t number)
{
	const ProtobufCFieldDescriptor *field;

	if (number <= pb->n_fields && pb->fields[number - 1].id == number)
		return number - 1;
	field = protobuf_c_message_descriptor_get_field(pb, number);
	return field ? (size_t)(field - pb->fields) : SIZE_MAX;
}

size_t wire_element_size(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return 8;
	case PROTOBUF_C_TYPE_MESSAGE:
	case PROTOBUF_C_TYPE_STRING:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	default:
		return 4;
	}
}

static bool skip_value(struct cursor *cursor, unsigned wire_type)
{
	struct bytes skipped;
	uint64_t len;

	switch (wire_type) {
	case WIRE_VARINT:
		return cursor_varint(cursor, &len);
	case WIRE_FIXED64:
		return cursor_take(cursor, 8, &skipped);
	case WIRE_LENGTH:
		return cursor_varint(cursor, &len) && cursor_take(cursor, len, &skipped);
	case WIRE_FIXED32:
		return cursor_take(cursor, 4, &skipped);
	default:
		return false;
	}
}

bool wire_number(struct bytes wire, uint32_t number, uint64_t *ret)
{
	struct cursor cursor = cursor_over(wire, false);
	bool found = false;
	uint64_t key;

	while (cursor_left(&cursor) && cursor_varint(&cursor, &key)) {
		if (key == (uint64_t)number << 3 && cursor_varint(&cursor, ret))
			found = true;
		else if (!skip_value(&cursor, key & 7))
			break;
	}
	return found;
}

/* --- leaving out ----------------------------------------------------------------------------------- */

struct copying {
	struct wire_paths paths;
	uint8_t *to;
	bool left_out; /* anything */
};

/* Which of the paths in WHICH, a bit each, lead through NUMBER at DEPTH; none: 0. */
static uint32_t follow(const struct copying *copying, uint32_t which, unsigned depth, uint64_t number)
{
	uint32_t followed = 0;

	for (; which; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);

		if (copying->paths.items[i].numbers[depth] == number)
			followed |= UINT32_C(1) << i;
	}
	return followed;
}

static bool ends_here(const struct copying *copying, uint32_t which, unsigned depth)
{
	return follow(copying, which, depth, 0) != 0;
}

static void put_bytes(struct copying *copying, const uint8_t *from, const uint8_t *end)
{
	if (end > from)
		memcpy(copying->to, from, (size_t)(end - from));
	copying->to += end - from;
}

static size_t varint_len(uint64_t value)
{
	size_t len = 1;

	for (; value >= 0x80; value >>= 7)
		len++;
	return len;
}

static void put_varint(uint8_t *to, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*to++ = (uint8_t)(value | 0x80);
	*to = (uint8_t)value;
}

static void copy_without(struct copying *copying, struct bytes message, uint32_t which,
			 unsigned depth);

/* A message behind its tag: what is left of it, behind a length that takes no more room than before. */
static bool copy_inner(struct copying *copying, struct cursor *cursor, uint32_t which, unsigned depth)
{
	uint8_t *length = copying->to, *start;
	const uint8_t *before = cursor->pos;
	struct bytes content;
	size_t room, len;
	uint64_t value;

	if (!cursor_varint(cursor, &value) || !cursor_take(cursor, value, &content))
		return false;
	room = (size_t)(content.data - before);
	start = copying->to = length + room;
	copy_without(copying, content, which, depth);
	len = (size_t)(copying->to - start);
	memmove(length + varint_len(len), start, len);
	put_varint(length, len);
	copying->to = length + varint_len(len) + len;
	return true;
}

/* The numbers, as bits, that the paths in WHICH have at DEPTH; those from 63 on share one. */
static uint64_t numbers_at(const struct copying *copying, uint32_t which, unsigned depth)
{
	uint64_t numbers = 0;

	for (; which; which &= which - 1) {
		uint32_t number = copying->paths.items[__builtin_ctz(which)].numbers[depth];

		numbers |= UINT64_C(1) << (number < 63 ? number : 63);
	}
	return numbers;
}

/* A value that is left out, and those behind it that have the same tag. */
static bool skip_values(struct cursor *cursor, uint64_t key)
{
	do {
		if (!skip_value(cursor, key & 7))
			return false;
	} while (key < 0x80 && cursor->pos < cursor->end && *cursor->pos == key && cursor->pos++);
	return true;
}

/* Recursion goes as deep as the paths. WHICH: those that lead into this message. */
static void copy_without(struct copying *copying, struct bytes message, uint32_t which, unsigned depth)
{
	struct cursor cursor = cursor_over(message, false);
	const uint8_t *kept = cursor.pos; /* from here on nothing is copied yet */
	uint64_t numbers = numbers_at(copying, which, depth), key;

	while (cursor_left(&cursor)) {
		const uint8_t *field = cursor.pos;
		uint32_t followed;

		if (!cursor_varint(&cursor, &key))
			break;
		followed = numbers >> (key >> 3 < 63 ? key >> 3 : 63) & 1
				   ? follow(copying, which, depth, key >> 3)
				   : 0;
		if (followed && ends_here(copying, followed, depth + 1)) {
			put_bytes(copying, kept, field);
			if (!skip_values(&cursor, key))
				return;
			copying->left_out = true;
			kept = cursor.pos;
		} else if (followed && (key & 7) == WIRE_LENGTH) {
			put_bytes(copying, kept, cursor.pos);
			if (!copy_inner(copying, &cursor, followed, depth + 1))
				return;
			kept = cursor.pos;
		} else if (!skip_value(&cursor, key & 7)) {
			break;
		}
	}
	put_bytes(copying, kept, cursor.end);
}

struct bytes wire_without(struct bytes wire, struct wire_paths paths, struct arena *arena)
{
	struct copying copying = { .paths = paths };
	uint8_t *start;

	if (paths.n == 0 || wire.len == 0)
		return wire;
	start = copying.to = arena_alloc(arena, wire.len);
	copy_without(&copying, wire, (uint32_t)((UINT64_C(1) << paths.n) - 1), 0);
	return copying.left_out ? (struct bytes){ start, (size_t)(copying.to - start) } : wire;
}
