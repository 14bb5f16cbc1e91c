/* decode: images as JSON. One image is a document; several are an object of them, by name. */
#include "decoders/image/decode.h"
#include "inspect/images.h"

struct decoding {
	struct decode_options options;
	struct json json;
	bool several;
	size_t n;
};

static void decode(struct image_reader *reader, void *context)
{
	struct decoding *decoding = context;

	if (decoding->several && decoding->n == 0)
		json_object_begin(&decoding->json);
	if (decoding->several)
		json_key_bytes(&decoding->json, reader->name);
	decode_image(reader, &decoding->options, &decoding->json);
	decoding->n++;
}

struct error *command_decode(struct invocation *invocation)
{
	struct decoding decoding = {
		.options = { .readable = invocation->options.pretty,
			     .no_payload = invocation->options.no_payload },
	};
	struct error *error;

	json_init(&decoding.json, &invocation->out,
		  invocation->options.pretty ? JSON_INDENTED : JSON_ONE_LINE);
	error = visit_images(invocation, decode, &decoding, &decoding.several);
	if (decoding.several && decoding.n)
		json_object_end(&decoding.json);
	if (decoding.n)
		out_char(&invocation->out, '\n');
	return error;
}
