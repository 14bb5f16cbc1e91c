/*
 * Messages from JSON: the counterpart of decode_message, along the same descriptors and schema.
 *
 * Both forms of decode are understood. A key that is no field is an error, "$unknown" gives the
 * fields that the schema does not know, and a required field that is missing is told as when
 * decoding. Messages are built in the reading's arena, nested no deeper than decode accepts.
 */
#pragma once

#include "decoders/image/values.h"

struct error *build_message(const struct reading *reading, const struct json_place *place,
			    struct json_object *object, const struct schema_message *schema,
			    ProtobufCMessage **ret) __attribute__((warn_unused_result));

/* The value of a whole field, into MESSAGE. INDEX is that of the schema's field. */
struct error *build_field(const struct reading *reading, const struct json_place *place,
			  struct json_object *value, const struct schema_message *schema,
			  size_t index, ProtobufCMessage *message)
	__attribute__((warn_unused_result));

/* KEY is no field of the message. */
struct error *build_no_such_field(const struct reading *reading, const struct json_place *place,
				  const char *key, const struct schema_message *schema)
	__attribute__((returns_nonnull, warn_unused_result));
