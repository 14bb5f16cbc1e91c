/*
 * The wire form of protobuf, as far as more than one file here reads it.
 *
 * Which wire type a field's values have, where a number stands in a descriptor, how much room it takes
 * when it is unpacked; and the numbers of the tiny headers inside extras, which are not worth unpacking.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/bytes.h"

struct cursor;

enum wire_type {
	WIRE_VARINT = 0,
	WIRE_FIXED64 = 1,
	WIRE_LENGTH = 2,
	WIRE_FIXED32 = 5,
};

enum { WIRE_NUMBER_MAX = 0x1fffffff }; /* the greatest number that a field can have */

/* How the values of a field are written; those of a packed one stand in a WIRE_LENGTH. */
static inline enum wire_type wire_type_of(const ProtobufCFieldDescriptor *field)
{
	static const uint8_t wire_types[] = {
		[PROTOBUF_C_TYPE_INT32] = WIRE_VARINT,	   [PROTOBUF_C_TYPE_SINT32] = WIRE_VARINT,
		[PROTOBUF_C_TYPE_SFIXED32] = WIRE_FIXED32, [PROTOBUF_C_TYPE_INT64] = WIRE_VARINT,
		[PROTOBUF_C_TYPE_SINT64] = WIRE_VARINT,	   [PROTOBUF_C_TYPE_SFIXED64] = WIRE_FIXED64,
		[PROTOBUF_C_TYPE_UINT32] = WIRE_VARINT,	   [PROTOBUF_C_TYPE_FIXED32] = WIRE_FIXED32,
		[PROTOBUF_C_TYPE_UINT64] = WIRE_VARINT,	   [PROTOBUF_C_TYPE_FIXED64] = WIRE_FIXED64,
		[PROTOBUF_C_TYPE_FLOAT] = WIRE_FIXED32,	   [PROTOBUF_C_TYPE_DOUBLE] = WIRE_FIXED64,
		[PROTOBUF_C_TYPE_BOOL] = WIRE_VARINT,	   [PROTOBUF_C_TYPE_ENUM] = WIRE_VARINT,
		[PROTOBUF_C_TYPE_STRING] = WIRE_LENGTH,	   [PROTOBUF_C_TYPE_BYTES] = WIRE_LENGTH,
		[PROTOBUF_C_TYPE_MESSAGE] = WIRE_LENGTH,
	};

	return wire_types[field->type];
}

/* The index of the field with that number in PB->fields, or SIZE_MAX; slow: where numbers have gaps. */
size_t wire_field_index_slow(const ProtobufCMessageDescriptor *pb, uint32_t number);

static inline size_t wire_field_index(const ProtobufCMessageDescriptor *pb, uint32_t number)
{
	return number - 1 < pb->n_fields && pb->fields[number - 1].id == number
		       ? number - 1
		       : wire_field_index_slow(pb, number);
}

/* The bytes that one value of TYPE takes in protobuf-c's struct. */
size_t wire_element_size(ProtobufCType type);

/* Moves behind a value of that wire type; false where it does not fit, or is none. */
bool wire_skip_value(struct cursor *cursor, unsigned wire_type);

/* The last varint of field NUMBER; false (and *ret untouched) where there is none. */
bool wire_number(struct bytes wire, uint32_t number, uint64_t *ret);
