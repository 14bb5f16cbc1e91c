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

/* The next field of that number: where its tag and its content begin and end. False at the end. */
static bool find_message(struct cursor *cursor, uint32_t number, struct bytes *ret_before,
			 struct bytes *ret_content)
{
	uint64_t key, len;

	while (cursor_varint(cursor, &key)) {
		*ret_before = (struct bytes){ cursor->start, (size_t)(cursor->pos - cursor->start) };
		if (key == ((uint64_t)number << 3 | 2))
			return cursor_varint(cursor, &len) && cursor_take(cursor, len, ret_content);
		if (!skip_value(cursor, key & 7))
			return false;
	}
	return false;
}

static uint8_t *put_bytes(uint8_t *to, struct bytes bytes)
{
	if (bytes.len)
		memcpy(to, bytes.data, bytes.len);
	return to + bytes.len;
}

static uint8_t *put_varint(uint8_t *to, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*to++ = (uint8_t)(value | 0x80);
	*to++ = (uint8_t)value;
	return to;
}

/* The fields of a message that have another number, one behind the other. */
static struct bytes others(struct bytes message, uint32_t number, struct arena *arena)
{
	struct cursor cursor = cursor_over(message, false);
	uint8_t *start = arena_alloc(arena, message.len + 1), *end = start;
	uint64_t key;

	while (cursor_left(&cursor)) {
		const uint8_t *field = cursor.pos;

		if (!cursor_varint(&cursor, &key) || !skip_value(&cursor, key & 7))
			return message;
		if (key >> 3 != number)
			end = put_bytes(end, (struct bytes){ field, (size_t)(cursor.pos - field) });
	}
	return (struct bytes){ start, (size_t)(end - start) };
}

struct bytes wire_without(struct bytes wire, struct wire_path path, struct arena *arena)
{
	enum { LONGEST_VARINT = 10 };
	struct cursor cursor = cursor_over(wire, false);
	struct bytes before, content, kept;
	uint8_t *start, *end;

	if (!path.message || !find_message(&cursor, path.message, &before, &content))
		return wire;
	kept = others(content, path.field, arena);
	if (kept.len == content.len)
		return wire;
	start = arena_alloc(arena, wire.len + LONGEST_VARINT);
	end = put_bytes(start, before);
	end = put_varint(end, kept.len);
	end = put_bytes(end, kept);
	end = put_bytes(end, (struct bytes){ cursor.pos, cursor_left(&cursor) });
	return (struct bytes){ start, (size_t)(end - start) };
}
