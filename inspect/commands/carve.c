/* carve: what the images hold of files, queues and shared memory, as files. */
#include <unistd.h>

#include "decoders/base/nearest.h"
#include "inspect/command.h"
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

struct error *command_carve(struct invocation *invocation)
{
	struct checkpoint checkpoint;
	struct error *error;
	unsigned chosen;

	error = choose(invocation->options.what, &chosen);
	if (!error)
		error = open_checkpoint(invocation, invocation->arguments[0], &checkpoint);
	if (error)
		return error;
	error = carve(invocation, &checkpoint, chosen);
	finish_checkpoint(invocation, &checkpoint);
	close(invocation->directory);
	return error_in_source(error, invocation->options.directory);
}
