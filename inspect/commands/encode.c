/* encode: a document of decode back into the image, and single values of an image changed. */
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/image/encode.h"
#include "inspect/images.h"
#include "inspect/options.h"

/* Nothing is changed in place: what -o names must not be what is read. */
static struct error *check_output(const struct invocation *invocation, const char *input)
{
	const char *output = invocation->options.output;
	struct stat in, out;

	if (!output && invocation->options.n_edits)
		return error_new(ERROR_USAGE, "--set needs -o FILE: nothing is changed in place");
	if (!output && isatty(STDOUT_FILENO))
		return error_new(ERROR_USAGE, "an image is nothing for a terminal: -o FILE, or > FILE");
	if ((strcmp(input, "-") ? stat(input, &in) : fstat(STDIN_FILENO, &in)) < 0)
		return NULL; /* reading it will tell */
	if ((output ? stat(output, &out) : fstat(STDOUT_FILENO, &out)) == 0 && S_ISREG(out.st_mode) &&
	    in.st_dev == out.st_dev && in.st_ino == out.st_ino)
		return error_new(ERROR_USAGE, "%s is what is read: nothing is changed in place",
				 output ? output : "standard output");
	return NULL;
}

static struct error *edit(struct invocation *invocation, const char *name, struct bytes image)
{
	struct image_reader reader;
	struct error *error;

	error = image_open(image, bytes_of(name), NULL, &invocation->problems, &reader);
	if (error)
		return error;
	error = image_edit(&reader, invocation->options.edits, invocation->options.n_edits,
			   &invocation->out);
	image_close(&reader);
	return error;
}

/* The document in TEXT, and the edits in what comes of it. */
static struct error *encode(struct invocation *invocation, const char *name, struct bytes text)
{
	struct error *error;
	struct out image;

	out_init(&image, -1);
	error = error_in_source(encode_image(text, &invocation->problems, &image), name);
	if (!error && invocation->options.n_edits)
		error = edit(invocation, name, out_held(&image));
	else if (!error)
		out_bytes(&invocation->out, out_held(&image));
	out_deinit(&image);
	return error;
}

static struct error *run_encode(struct invocation *invocation)
{
	const char *path = invocation->n_arguments ? invocation->arguments[0] : "-";
	const char *name = strcmp(path, "-") ? path : "standard input";
	struct error *error;
	struct out input;

	error = check_output(invocation, path);
	if (!error)
		error = read_whole(path, ENCODE_TEXT_MAX, &input);
	if (error)
		return error;
	if (encode_is_document(out_held(&input)))
		error = encode(invocation, name, out_held(&input));
	else if (invocation->options.n_edits)
		error = edit(invocation, name, out_held(&input));
	else
		error = error_new(ERROR_UNREADABLE, "%s is no JSON document; images are changed by --set",
				  name);
	out_deinit(&input);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

/* "entries[3].pid=7" */
static struct error *set_edit(struct options *options, const char *value)
{
	const char *equals = strchr(value, '=');
	struct edit *edit = &options->edits[options->n_edits];

	if (!equals || equals == value)
		return error_new(ERROR_USAGE, "--set takes PATH=VALUE, not \"%s\"", value);
	if (options->n_edits == MOST_EDITS)
		return error_new(ERROR_USAGE, "more than %d changes", MOST_EDITS);
	edit->path = bytes_first(bytes_of(value), (size_t)(equals - value));
	edit->value = bytes_of(equals + 1);
	options->n_edits++;
	return NULL;
}

static const struct option encode_options[] = {
	{ 0, "set", "PATH=VALUE", "change entries[0].pid and the like; again for more", .set = set_edit },
	{ 0 },
};

const struct command command_encode = {
	.name = "encode",
	.arguments = "[DOCUMENT | IMAGE]",
	.help = "what decode prints, plain or --pretty, back into the image",
	.about = "A DOCUMENT (without one, or \"-\": standard input) is what decode or CRIU's\n"
		 "decoder printed of one image, plain or readable, edited or not; of an intact\n"
		 "image it gives the same bytes. What is wrong with it is told with its line,\n"
		 "column and path.\n"
		 "\n"
		 "--set changes single values, of a document or of an IMAGE itself, and keeps\n"
		 "every other byte:\n"
		 "\n"
		 "  coldcase encode files.img -o new.img --set 'entries[3].isk.src_port=8080'\n"
		 "\n"
		 "VALUE is as decode shows it: a number, 0x..., a name, flags \"A | B\", an address,\n"
		 "text, base64 for bytes. Lists keep their length, and messages that are absent\n"
		 "stay so; what says how many bytes of content follow is changed in a document,\n"
		 "together with them.\n"
		 "\n"
		 "Without -o the image goes to standard output, unless that is a terminal.\n",
	.options = { encode_options, output_options },
	.most_arguments = 1,
	.needs_images = true,
	.run = run_encode,
};
