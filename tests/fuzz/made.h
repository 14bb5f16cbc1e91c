/*
 * Images of kinds that no sample has, made by the schema: each field once, and messages in them.
 * What the numbers mean is for the fuzzer to find out.
 */
#pragma once

#include <stdio.h>
#include <string.h>

#include "decoders/image/kinds.h"
#include "tests/support/wire.h"

enum { DEEPEST_MADE = 4, BYTES_BEHIND = 64 };

static void make_message(struct out *wire, const ProtobufCMessageDescriptor *message, unsigned depth);

static void make_field(struct out *wire, const ProtobufCFieldDescriptor *field, unsigned depth)
{
	struct out inner;

	switch (field->type) {
	case PROTOBUF_C_TYPE_MESSAGE:
		out_init(&inner, -1);
		make_message(&inner, (const ProtobufCMessageDescriptor *)field->descriptor, depth + 1);
		put_message(wire, field->id, &inner);
		out_deinit(&inner);
		break;
	case PROTOBUF_C_TYPE_BYTES:
	case PROTOBUF_C_TYPE_STRING:
		put_text(wire, field->id, "seed");
		break;
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		put_varint(wire, (uint64_t)field->id << 3 | 1);
		put_u32(wire, 1, false);
		put_u32(wire, 0, false);
		break;
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
		put_varint(wire, (uint64_t)field->id << 3 | 5);
		put_u32(wire, 1, false);
		break;
	default:
		put_number(wire, field->id, 1);
	}
}

static void make_message(struct out *wire, const ProtobufCMessageDescriptor *message, unsigned depth)
{
	for (unsigned i = 0; depth < DEEPEST_MADE && i < message->n_fields; i++)
		make_field(wire, &message->fields[i], depth);
}

/* "core-%u.img" with a number in it. */
static void make_name(const struct image_kind *kind, char *name, size_t len)
{
	const char *percent = strchr(kind->pattern, '%');
	size_t before = percent ? (size_t)(percent - kind->pattern) : strlen(kind->pattern);

	snprintf(name, len, "%.*s%s%s", (int)before, kind->pattern, percent ? "1" : "",
		 percent ? percent + 2 : "");
}

/* Two entries, with bytes behind them where the kind has some. */
static void make_image(struct out *image, const struct image_kind *kind)
{
	const struct schema_message *messages[] = { kind->message,
						    kind->later ? kind->later : kind->message };
	struct out payload;

	out_init(&payload, -1);
	if (kind->first == FIRST_COMMON)
		put_u32(image, MAGIC_COMMON, false);
	if (kind->first == FIRST_SERVICE)
		put_u32(image, MAGIC_SERVICE, false);
	if (kind->first != FIRST_RAW)
		put_u32(image, kind->magic, false);
	for (unsigned i = 0; i < 2 && messages[i]; i++) {
		make_message(&payload, messages[i]->pb, 0);
		put_entry(image, &payload);
		if (kind->extra)
			out_repeat(image, '\1', 1);
	}
	if (kind->extra || kind->first == FIRST_RAW)
		out_repeat(image, '\0', BYTES_BEHIND);
	out_deinit(&payload);
}
