/* One image of any kind: framing, pre-scan, unpacking, extras, JSON in every form. */
#include <stdlib.h>

#include "decoders/image/decode.h"

static void decode(struct bytes image, struct bytes name, const struct decode_options *options)
{
	struct image_reader reader;
	struct problems problems;
	struct error *error;
	struct json json;
	struct out out;

	problems_init(&problems);
	error = image_open(image, name, "fuzz", &problems, &reader);
	if (error) {
		error_free(error);
		problems_deinit(&problems);
		return;
	}
	out_init(&out, -1);
	json_init(&json, &out, JSON_ONE_LINE);
	decode_image(&reader, options, &json);
	out_deinit(&out);
	image_close(&reader);
	problems_deinit(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of exactly its size, so that a read past the end is seen. */
	uint8_t *copy = malloc(size ? size : 1);
	struct bytes image = { copy, size };

	memcpy(copy, data, size);
	decode(image, BYTES("x.img"), &(struct decode_options){ .readable = true });
	decode(image, BYTES("x.img"), &(struct decode_options){ .no_payload = true });
	free(copy);
	return 0;
}
