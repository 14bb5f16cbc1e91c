#include "decoders/image/wire.h"

#include "decoders/base/cursor.h"

size_t wire_field_index_slow(const ProtobufCMessageDescriptor *pb, uint32_t number)
{
	const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(pb, number);

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

bool wire_skip_value(struct cursor *cursor, unsigned wire_type)
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
		else if (!wire_skip_value(&cursor, key & 7))
			break;
	}
	return found;
}
