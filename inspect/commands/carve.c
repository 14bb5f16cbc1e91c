/* carve: what the images hold of files, queues and shared memory, as files. */
#include <unistd.h>

#include "decoders/base/nearest.h"
#include "inspect/help.h"
#include "inspect/memory.h"
#include "inspect/options.h"
#include "inspect/export/carver.h"

static const struct content_kind *kind_named(struct bytes name)
{
	for (size_t i = 0; i < n_content_kinds; i++)
		if (bytes_equal(name, bytes_of(content_kinds[i].name)))
			return &content_kinds[i];
	return NULL;
}

static struct error *unknown_kind(struct bytes name)
{
	struct nearest nearest = nearest_to(name);

	for (size_t i = 0; i < n_content_kinds; i++)
		nearest_try(&nearest, bytes_of(content_kinds[i].name));
	return nearest_hint(&nearest, error_new(ERROR_USAGE, "there is no kind of contents \"%.*s\"",
						BYTES_FMT(name)),
			    "\"coldcase carve --help\" lists them");
}

/* Bits of content_kinds: those that "ghost,memfd" names. */
static struct error *choose(const char *what, unsigned *ret)
{
	struct bytes rest = bytes_of(what);
	unsigned chosen = 0;

	while (rest.len) {
		struct bytes name = bytes_first(rest, bytes_find(rest, ','));
		const struct content_kind *kind = kind_named(name);

		if (!kind)
			return unknown_kind(name);
		chosen |= 1u << (kind - content_kinds);
		rest = bytes_from(rest, name.len + 1);
	}
	*ret = what ? chosen : ~0u;
	return NULL;
}

static void tell(struct out *out, const char *kind, size_t n, uint64_t bytes)
{
	out_printf(out, "%-8s %6zu files %14llu bytes\n", kind, n, (unsigned long long)bytes);
}

static struct error *carve(struct invocation *invocation, struct checkpoint *checkpoint, unsigned chosen)
{
	const struct options *options = &invocation->options;
	struct carver carver = {
		.directory = invocation->directory,
		.max_size = options->max_size ? options->max_size : CARVED_MOST,
		.pids = options->pids, .n_pids = options->n_pids,
		.problems = &checkpoint->problems,
	};
	struct content_sink sink = carver_sink(&carver);
	struct error *error = carver_begin(&carver);

	if (error)
		return error;
	for (size_t i = 0; i < n_content_kinds; i++) {
		size_t files = carver.n_files;
		uint64_t written = carver.written;

		if (chosen & 1u << i)
			content_kinds[i].each(checkpoint, &sink);
		if (carver.n_files > files)
			tell(&invocation->out, content_kinds[i].name, carver.n_files - files,
			     carver.written - written);
	}
	tell(&invocation->out, "all", carver.n_files, carver.written);
	return carver_end(&carver);
}

static struct error *run_carve(struct invocation *invocation)
{
	struct checkpoint checkpoint;
	struct error *error;
	unsigned chosen;

	error = choose(invocation->options.what, &chosen);
	if (!error)
		error = open_checkpoint(invocation, invocation->arguments[0], &checkpoint);
	if (error)
		return error;
	error = pids_are_there(&invocation->options, &checkpoint);
	if (!error)
		error = error_in_source(carve(invocation, &checkpoint, chosen), invocation->options.directory);
	finish_checkpoint(invocation, &checkpoint);
	close(invocation->directory);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static const struct option carve_options[] = {
	{ 'o', "output", "DIR", "where the files go, and nowhere else", KEEPS(directory) },
	{ 0, "what", "LIST", "only these kinds of contents", KEEPS(what) },
	{ 0, "max-size", "SIZE", "bytes that are written at most; 4G", .set = option_max_size },
	{ 0 },
};

static void print_kinds(struct out *out)
{
	out_text(out, "\nKinds of contents, for --what:\n");
	for (size_t i = 0; i < n_content_kinds; i++) {
		out_printf(out, "  %-8s ", content_kinds[i].name);
		help_fold(out, content_kinds[i].help, 11);
	}
}

const struct command command_carve = {
	.name = "carve",
	.arguments = "CHECKPOINT",
	.help = "what deleted files, queues, shared memory and the like held, as files",
	.about = "DIR is made, or must be empty. The files in it are called by kind and id, as\n"
		 "ghost-1a; what was their path or socket, who had them, from where in which image\n"
		 "they are and what is missing of them stands in DIR/manifest.tsv, the pieces of\n"
		 "those that have several or holes in DIR/parts.tsv. Holes stay holes. With --pid\n"
		 "only what these processes had open or mapped.\n",
	.options = { carve_options, pid_options, parent_options },
	.makes_directory = true,
	.print_more = print_kinds,
	.least_arguments = 1,
	.most_arguments = 1,
	.needs_images = true,
	.run = run_carve,
};
