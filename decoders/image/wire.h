/*
 * The wire form of protobuf, as far as more than one file here reads it.
 *
 * Which wire type a field's values have, where a number stands in a descriptor, and what is done
 * with messages straight on the wire, where unpacking them costs more: numbers of the tiny headers
 * inside extras; and messages without the parts that are most of them and that nobody has asked for.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"

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

/* The index of the field with that number in PB->fields, or SIZE_MAX. */
size_t wire_field_index(const ProtobufCMessageDescriptor *pb, uint32_t number);

/* The bytes that one value of TYPE takes in protobuf-c's struct. */
size_t wire_element_size(ProtobufCType type);

/* The last varint of field NUMBER; false (and *ret untouched) where there is none. */
bool wire_number(struct bytes wire, uint32_t number, uint64_t *ret);

/* A field, by the numbers of the messages that it is in, outermost first, and its own; 0 ends it. */
struct wire_path {
	uint32_t numbers[6];
};

struct wire_paths {
	const struct wire_path *items;
	size_t n; /* no more than 32 */
};

/*
 * The message without the fields that PATHS lead to. WIRE must have passed the pre-scan, which has seen
 * whether required ones are there. The result is WIRE itself where it has none of them, else in ARENA.
 */
struct bytes wire_without(struct bytes wire, struct wire_paths paths, struct arena *arena);
