/*
 * decode: images as JSON. One image is a document; several are an object of them, by name. With
 * --offsets, where each field is.
 */
#include "decoders/base/escape.h"
#include "decoders/image/decode.h"
#include "decoders/image/offsets.h"
#include "inspect/images.h"
#include "inspect/options.h"

struct decoding {
	struct decode_options options;
	struct json json;
	bool offsets;
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
	if (decoding->offsets)
		decode_offsets(reader, &decoding->json, NULL);
	else
		decode_image(reader, &decoding->options, &decoding->json);
	decoding->n++;
}

/* Blocks of lines, each behind the name of its image where there are several. */
static void list_offsets(struct image_reader *reader, void *context)
{
	struct decoding *decoding = context;

	if (decoding->several) {
		out_text(decoding->json.out, decoding->n++ ? "\n" : "");
		escape_text(decoding->json.out, reader->name);
		out_text(decoding->json.out, ":\n");
	}
	decode_offsets(reader, NULL, decoding->json.out);
}

static struct error *decode_text(struct invocation *invocation, struct decoding *decoding)
{
	return visit_images(invocation, list_offsets, decoding, &decoding->several);
}

static struct error *decode_json(struct invocation *invocation, struct decoding *decoding)
{
	struct error *error = visit_images(invocation, decode, decoding, &decoding->several);

	if (decoding->several && decoding->n)
		json_object_end(&decoding->json);
	if (decoding->n)
		out_char(&invocation->out, '\n');
	return error;
}

static struct error *run_decode(struct invocation *invocation)
{
	const struct options *options = &invocation->options;
	struct decoding decoding = {
		.options = { .readable = options->pretty, .no_payload = options->no_payload },
		.offsets = options->offsets,
	};

	json_init(&decoding.json, &invocation->out, options->pretty ? JSON_INDENTED : JSON_ONE_LINE);
	return options->offsets && options->format == FORMAT_TEXT ? decode_text(invocation, &decoding)
								  : decode_json(invocation, &decoding);
}

/* --- the command line ----------------------------------------------------------------------------------- */

static const struct option decode_options[] = {
	{ 0, "pretty", NULL, "numbers as people read them", SETS(pretty) },
	{ 0, "no-payload", NULL, "sizes of contents, not the contents", SETS(no_payload) },
	{ 0, "offsets", NULL, "where each field is, as a tree", SETS(offsets) },
	{ 0 },
};

const struct command command_decode = {
	.name = "decode",
	.arguments = "IMAGE... | CHECKPOINT [MEMBER...]",
	.help = "images as JSON, as CRIU's decoder has it",
	.about = "One image is a document, several are an object of them by name. \"coldcase\n"
		 "encode\" has the way back. --offsets lists instead where each header word, size\n"
		 "word, field and content is: offset, length, number, wire type, name, value; as\n"
		 "text, or with --format json as rows.\n",
	.formats = FORMATS_PLAIN,
	.options = { decode_options, inside_options, output_options },
	.least_arguments = 1,
	.most_arguments = MANY_ARGUMENTS,
	.needs_images = true,
	.run = run_decode,
};
