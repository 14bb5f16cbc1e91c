/*
 * An image as JSON, value for value what CRIU's own decoder prints:
 * {"magic": KIND, "entries": [...]}, only the fields that are set, in the order of their numbers.
 *
 * Where the reference decoder gives up this one goes on: unknown fields stand under "$unknown",
 * text that is not UTF-8 is {"$bytes": base64}, a raw image is {"magic": KIND, "raw": base64}.
 *
 * encode.h has the way back. Where an image is not in the ordinary form, and only there, keys that
 * CRIU's own tools ignore say so: "$header" beside "entries" ({"first": "none"} in the v1.0 layout,
 * {"byte_order": "big"} for s390x), and "$wire" in an entry that its fields would not give back
 * byte for byte: its size word, message and extra as they stand in the image.
 */
#pragma once

#include "decoders/base/json.h"
#include "decoders/image/image.h"

struct decode_options {
	bool readable;   /* numbers as people read them: hex, names of flags, addresses */
	bool no_payload; /* the size of extras instead of their bytes */
};

/* Prints the whole image; damage goes to the reader's problems. */
void decode_image(struct image_reader *reader, const struct decode_options *options,
		  struct json *json);

/* The list of the entries that are left, as it stands under "entries". */
void decode_entries(struct image_reader *reader, const struct decode_options *options,
		    struct json *json);

/* One value on the wire, of a field that is no message; HEX: a message around it is shown so. */
void decode_wire_value(struct bytes wire, const ProtobufCFieldDescriptor *field,
		       const struct schema_field *facts, bool hex, struct json *json);

/* Just the message. */
void decode_message(const ProtobufCMessage *message, const struct schema_message *schema,
		    bool readable, struct json *json);
