/*
 * One image of any kind: framing, pre-scan, unpacking, extras, JSON in every form, offsets. What
 * decodes without a complaint must come back from its document byte for byte.
 */
#include <stdlib.h>

#include "decoders/image/decode.h"
#include "decoders/image/encode.h"
#include "decoders/image/offsets.h"

static void encode(struct bytes document, struct bytes image)
{
	struct problems problems;
	struct error *error;
	struct out again;

	problems_init(&problems);
	out_init(&again, -1);
	error = encode_image(document, &problems, &again);
	if (error || !bytes_equal(out_held(&again), image))
		abort();
	out_deinit(&again);
	problems_deinit(&problems);
}

static void list_offsets(struct bytes image, struct bytes name)
{
	struct image_reader reader;
	struct problems problems;
	struct error *error;
	struct out out;

	problems_init(&problems);
	error = image_open(image, name, "fuzz", &problems, &reader);
	if (!error) {
		out_init(&out, -1);
		decode_offsets(&reader, NULL, &out);
		out_deinit(&out);
		image_close(&reader);
	}
	error_free(error);
	problems_deinit(&problems);
}

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
	if (problems.n == 0 && !options->no_payload)
		encode(out_held(&out), image);
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
	decode(image, BYTES("x.img"), &(struct decode_options){ 0 });
	list_offsets(image, BYTES("x.img"));
	free(copy);
	return 0;
}
