/*
 * From the wire to protobuf-c's structs, for messages that have passed the pre-scan.
 *
 * protobuf-c's own way notes each field before it stores it, and asks for memory piece by piece; this
 * takes from an arena what the structs themselves need. It goes as deep as the message is nested,
 * which the pre-scan bounds, and can pass over parts that are most of a message and that nobody has
 * asked for. The result is what protobuf_c_message_unpack would give.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"
#include "decoders/proto/schema.h"

/* A field, by the numbers of the messages that it is in, outermost first, and its own; 0 ends it. */
struct field_path {
	uint8_t numbers[6]; /* each below 64 */
};

struct field_paths {
	const struct field_path *items;
	size_t n; /* no more than 32 */
};

/*
 * WIRE without the fields that PATHS lead to, in ARENA. NULL where the arena's budget is spent, or where
 * WIRE is no such message after all.
 */
const ProtobufCMessage *unpack_message(const struct schema_message *schema, struct bytes wire,
				       struct field_paths paths, struct arena *arena);
