/* info: the kind of images and the number of their entries. */
#include "decoders/base/escape.h"
#include "inspect/images.h"
#include "inspect/options.h"

struct counting {
	struct json json;
	bool several;
	size_t n;
};

static void count(struct image_reader *reader, void *context)
{
	const struct image_kind *kind = reader->header.kind;
	struct counting *counting = context;
	struct json *json = &counting->json;
	struct image_entry entry;
	uint64_t entries = 0;

	while (image_next(reader, &entry))
		entries++;
	if (counting->several && counting->n++ == 0)
		json_object_begin(json);
	if (counting->several)
		json_key_bytes(json, reader->name);
	json_object_begin(json);
	json_key_text(json, "magic", kind->label ? kind->label : kind->name);
	if (kind->message)
		json_key_u64(json, "count", entries);
	else
		json_key_u64(json, "bytes", reader->image.len);
	json_object_end(json);
}

static struct error *run_info(struct invocation *invocation)
{
	struct counting counting = { 0 };
	struct error *error;

	json_init(&counting.json, &invocation->out, JSON_INDENTED);
	error = visit_images(invocation, count, &counting, &counting.several);
	if (counting.several && counting.n)
		json_object_end(&counting.json);
	if (invocation->out.len)
		out_char(&invocation->out, '\n');
	return error;
}

const struct command command_info = {
	.name = "info",
	.arguments = "IMAGE... | CHECKPOINT [MEMBER...]",
	.help = "kind and number of entries of images",
	.options = { output_options },
	.least_arguments = 1,
	.most_arguments = MANY_ARGUMENTS,
	.needs_images = true,
	.run = run_info,
};
