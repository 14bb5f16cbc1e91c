/* The wire form of any message: the first byte says of which kind of image. */
#include <stdlib.h>

#include "decoders/base/arena.h"
#include "decoders/image/decode.h"
#include "decoders/image/prescan.h"
#include "decoders/image/unpack.h"

/*
 * What passed the pre-scan must unpack within its budget, as protobuf-c unpacks it, and print. A packed list that is
 * cut is for both no message.
 */
static void unpack(const struct schema_message *schema, struct bytes wire)
{
	ProtobufCMessage *theirs = protobuf_c_message_unpack(schema->pb, NULL, wire.len, wire.data);
	const ProtobufCMessage *message;
	struct arena arena;
	struct json json;
	struct out out;

	arena_init(&arena);
	arena.budget = prescan_budget(wire.len);
	message = unpack_message(schema, wire, (struct field_paths){ NULL, 0 }, &arena);
	if (theirs && (!message || protobuf_c_message_get_packed_size(message) !=
					   protobuf_c_message_get_packed_size(theirs)))
		abort();
	if (message) {
		out_init(&out, -1);
		json_init(&json, &out, JSON_INDENTED);
		decode_message(message, schema, true, &json);
		out_deinit(&out);
	}
	arena_deinit(&arena);
	if (theirs)
		protobuf_c_message_free_unpacked(theirs, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct image_kind *kind;
	const struct schema_message *schema;
	struct prescan scan;
	struct error *error;
	struct bytes wire;
	uint8_t *copy;

	if (size == 0)
		return 0;
	kind = &image_kinds[data[0] % n_image_kinds];
	schema = data[0] & 0x80 && kind->later ? kind->later : kind->message;
	if (!schema)
		return 0;
	copy = malloc(size);
	memcpy(copy, data + 1, size - 1);
	wire = (struct bytes){ copy, size - 1 };
	error = prescan_message(schema, wire, 0, &scan);
	if (!error)
		unpack(schema, wire);
	error_free(error);
	free(copy);
	return 0;
}
