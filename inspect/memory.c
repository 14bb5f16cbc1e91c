#include "inspect/memory.h"

#include "decoders/base/escape.h"

struct error *pids_are_there(const struct options *options, struct checkpoint *checkpoint)
{
	checkpoint_need(checkpoint, options->n_pids ? PART_TASKS : 0);
	for (size_t i = 0; i < options->n_pids; i++)
		if (process_row(checkpoint, options->pids[i]) == NO_ROW)
			return error_new(ERROR_USAGE, "there is no process %u in it", options->pids[i]);
	return NULL;
}

/* Pages of an archive that streams past are not kept. */
struct error *memory_is_readable(const struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->layers.n; i++) {
		const struct source *source = checkpoint->layers.items[i].source;

		if (source->is_streamed)
			return error_in_source(error_new(ERROR_UNREADABLE,
							 "it must be inflated into a temporary file, and none "
							 "could be made: --spool-dir DIR"),
					       source->path);
	}
	return NULL;
}

static struct error *why_no_size(const struct checkpoint *checkpoint)
{
	bool has_map = false;

	for (size_t i = 0; i < checkpoint->processes.n; i++)
		has_map |= checkpoint->pagemaps[i]->is_there;
	return error_new(ERROR_DAMAGED, has_map ? "the size of a page is unknown: no file of pages fits its page map"
						: "there is no page map of a task: no memory to look at");
}

struct error *need_memory(struct invocation *invocation, const char *path, struct checkpoint *checkpoint)
{
	struct error *error;

	checkpoint_need(checkpoint, PART_PAGES);
	error = memory_is_readable(checkpoint);
	if (!error)
		error = pids_are_there(&invocation->options, checkpoint);
	if (!error && !checkpoint->page_size)
		problems_add(&checkpoint->problems, error_in_source(why_no_size(checkpoint), path));
	if (error)
		finish_checkpoint(invocation, checkpoint);
	return error;
}

struct error *open_memory(struct invocation *invocation, struct checkpoint *ret)
{
	const char *path = invocation->arguments[0];
	struct error *error = open_checkpoint(invocation, path, ret);

	return error ? error : need_memory(invocation, path, ret);
}

void memory_place_values(uint32_t layer, const struct member *pages, uint64_t offset,
			 struct value *values)
{
	values[0] = value_text(pages ? pages->name : NO_BYTES);
	values[1] = pages ? value_number(VALUE_UINT, offset) : (struct value){ 0 };
	values[2] = pages ? value_number(VALUE_UINT, layer) : (struct value){ 0 };
}

void print_memory_place(uint32_t layer, const struct member *pages, uint64_t offset,
			struct out *out)
{
	escape_text(out, pages->name);
	out_char(out, '+');
	out_hex(out, offset);
	if (layer)
		out_printf(out, " (ancestor %u)", layer);
}
