/* The wire form of any message: the first byte says of which kind of image. */
#include <stdlib.h>

#include "decoders/base/arena.h"
#include "decoders/image/decode.h"
#include "decoders/image/prescan.h"

static void *allocate(void *arena, size_t size)
{
	return arena_try_alloc(arena, size);
}

static void release(void *arena, void *piece)
{
	(void)arena;
	(void)piece;
}

/* What passed the pre-scan must unpack within its budget, and print. */
static void unpack(const struct schema_message *schema, struct bytes wire)
{
	struct arena arena;
	ProtobufCAllocator allocator = { allocate, release, &arena };
	const ProtobufCMessage *message;
	struct json json;
	struct out out;

	arena_init(&arena);
	arena.budget = prescan_budget(wire.len);
	message = protobuf_c_message_unpack(schema->pb, &allocator, wire.len, wire.data);
	if (message) {
		out_init(&out, -1);
		json_init(&json, &out, JSON_INDENTED);
		decode_message(message, schema, true, &json);
		out_deinit(&out);
	}
	arena_deinit(&arena);
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
