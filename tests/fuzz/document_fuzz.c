/* A document for encode, of any shape; what comes of it must decode. */
#include <stdlib.h>

#include "decoders/image/decode.h"
#include "decoders/image/encode.h"

static void decode(struct bytes image)
{
	struct decode_options options = { .readable = true };
	struct image_reader reader;
	struct problems problems;
	struct error *error;
	struct json json;
	struct out out;

	problems_init(&problems);
	error = image_open(image, BYTES("x.img"), NULL, &problems, &reader);
	if (!error) {
		out_init(&out, -1);
		json_init(&json, &out, JSON_ONE_LINE);
		decode_image(&reader, &options, &json);
		out_deinit(&out);
		image_close(&reader);
	}
	error_free(error);
	problems_deinit(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of exactly its size, so that a read past the end is seen. */
	uint8_t *copy = malloc(size ? size : 1);
	struct problems problems;
	struct error *error;
	struct out image;

	memcpy(copy, data, size);
	problems_init(&problems);
	out_init(&image, -1);
	error = encode_image((struct bytes){ copy, size }, &problems, &image);
	if (!error)
		decode(out_held(&image));
	error_free(error);
	out_deinit(&image);
	problems_deinit(&problems);
	free(copy);
	return 0;
}
