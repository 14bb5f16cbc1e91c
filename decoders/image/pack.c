#include "decoders/image/pack.h"

#include "decoders/image/wire.h"

enum { VARINT_MAX = 10 };

static void pack_fixed(struct out *out, uint64_t value, unsigned width, bool big_endian)
{
	for (unsigned i = 0; i < width; i++)
		out_char(out, (char)(value >> 8 * (big_endian ? width - 1 - i : i)));
}

void pack_u16(struct out *out, uint16_t value, bool big_endian)
{
	pack_fixed(out, value, 2, big_endian);
}

void pack_u32(struct out *out, uint32_t value, bool big_endian)
{
	pack_fixed(out, value, 4, big_endian);
}

static size_t varint(uint64_t value, uint8_t *ret)
{
	size_t len = 0;

	for (; value >= 0x80; value >>= 7)
		ret[len++] = (uint8_t)(value | 0x80);
	ret[len++] = (uint8_t)value;
	return len;
}

static void pack_varint(struct out *out, uint64_t value)
{
	uint8_t bytes[VARINT_MAX];

	out_write(out, bytes, varint(value, bytes));
}

static void pack_tag(struct out *out, uint32_t number, enum wire_type wire)
{
	pack_varint(out, (uint64_t)number << 3 | wire);
}

void pack_number(struct out *out, uint32_t number, uint64_t value)
{
	pack_tag(out, number, WIRE_VARINT);
	pack_varint(out, value);
}

/* Puts the length of what stands behind START in front of it. */
static void pack_length(struct out *out, size_t start)
{
	uint8_t bytes[VARINT_MAX];
	size_t content = out->len - start, len = varint(content, bytes);

	out_write(out, bytes, len);
	memmove(out->buffer + start + len, out->buffer + start, content);
	memcpy(out->buffer + start, bytes, len);
}

static uint64_t zigzag(int64_t value)
{
	return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static void pack_value(struct out *out, ProtobufCType type, const void *value)
{
	const ProtobufCBinaryData *bytes = value;
	size_t start;

	switch (type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_ENUM:
		pack_varint(out, (uint64_t)(int64_t)*(const int32_t *)value);
		break;
	case PROTOBUF_C_TYPE_SINT32:
		pack_varint(out, zigzag(*(const int32_t *)value));
		break;
	case PROTOBUF_C_TYPE_SINT64:
		pack_varint(out, zigzag(*(const int64_t *)value));
		break;
	case PROTOBUF_C_TYPE_UINT32:
		pack_varint(out, *(const uint32_t *)value);
		break;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
		pack_varint(out, *(const uint64_t *)value);
		break;
	case PROTOBUF_C_TYPE_BOOL:
		pack_varint(out, *(const protobuf_c_boolean *)value != 0);
		break;
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
		pack_fixed(out, *(const uint32_t *)value, 4, false);
		break;
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		pack_fixed(out, *(const uint64_t *)value, 8, false);
		break;
	case PROTOBUF_C_TYPE_BYTES:
		pack_varint(out, bytes->len);
		out_write(out, bytes->data, bytes->len);
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		start = out->len;
		pack_message(out, *(const ProtobufCMessage *const *)value);
		pack_length(out, start);
		break;
	case PROTOBUF_C_TYPE_STRING: /* the schema has none */
		break;
	}
}

static void pack_repeated(struct out *out, const ProtobufCFieldDescriptor *field,
			  const uint8_t *items, size_t n)
{
	bool packed = field->flags & PROTOBUF_C_FIELD_FLAG_PACKED;
	size_t start;

	if (n == 0)
		return;
	if (packed)
		pack_tag(out, field->id, WIRE_LENGTH);
	start = out->len;
	for (size_t i = 0; i < n; i++) {
		if (!packed)
			pack_tag(out, field->id, wire_type_of(field));
		pack_value(out, field->type, items + i * wire_element_size(field->type));
	}
	if (packed)
		pack_length(out, start);
}

static void pack_field(struct out *out, const ProtobufCFieldDescriptor *field,
		       const uint8_t *message)
{
	const void *value = message + field->offset;
	const void *quantifier = message + field->quantifier_offset;

	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		pack_repeated(out, field, *(const uint8_t *const *)value,
			      *(const size_t *)quantifier);
		return;
	}
	if (field->type == PROTOBUF_C_TYPE_MESSAGE ? *(const void *const *)value == NULL
						   : !*(const protobuf_c_boolean *)quantifier)
		return;
	pack_tag(out, field->id, wire_type_of(field));
	pack_value(out, field->type, value);
}

/* The value of an unknown field is kept as it stands in the image, its length included. */
static void pack_unknown(struct out *out, const ProtobufCMessageUnknownField *field)
{
	pack_tag(out, field->tag, (enum wire_type)field->wire_type);
	out_write(out, field->data, field->len);
}

void pack_message(struct out *out, const ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *pb = message->descriptor;
	unsigned next = 0; /* of the unknown fields */

	for (unsigned i = 0; i < pb->n_fields; i++) {
		while (next < message->n_unknown_fields &&
		       message->unknown_fields[next].tag < pb->fields[i].id)
			pack_unknown(out, &message->unknown_fields[next++]);
		pack_field(out, &pb->fields[i], (const uint8_t *)message);
	}
	while (next < message->n_unknown_fields)
		pack_unknown(out, &message->unknown_fields[next++]);
}
