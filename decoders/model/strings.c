/* Arguments and environment, read from the pages at the addresses that mm names. */
#include "decoders/base/size.h"
#include "decoders/model/load.h"

enum {
	MAX_STRINGS = 8 << 20, /* the kernel allows 6 MiB of arguments and environment together */
};

/* A range of a task's memory; absent where any byte of it is not in this checkpoint. */
static struct bytes read_range(struct checkpoint *checkpoint, size_t task, uint64_t start,
			       uint64_t end, struct origin *ret_origin)
{
	const struct pagemap *pagemap = &checkpoint->pagemaps[task];
	const struct member *pages = checkpoint_image(checkpoint, "pages-%u.img", pagemap->pages_id);
	uint32_t page_size = checkpoint->page_size;
	struct error *error;
	size_t got = 0;
	uint8_t *data;

	if (!pages || !page_size || end <= start || end - start > MAX_STRINGS)
		return NO_BYTES;
	data = arena_alloc(&checkpoint->arena, end - start + 1);
	error = pagemap_copy(pagemap, &checkpoint->source, pages, page_size, start, data,
			     (size_t)(end - start), &got);
	if (error) {
		problems_add(&checkpoint->problems, error);
		return NO_BYTES;
	}
	if (got < end - start)
		return NO_BYTES;
	*ret_origin = (struct origin){
		.member = source_index(&checkpoint->source, pages),
		.entry = NO_ENTRY,
		.offset = pagemap_slice(pagemap, start, 1, page_size).offset,
	};
	return (struct bytes){ data, got };
}

/* setproctitle leaves zeroes behind: an empty tail is no argument. */
static struct bytes trim(struct bytes strings)
{
	while (strings.len > 1 && strings.data[strings.len - 1] == '\0' &&
	       strings.data[strings.len - 2] == '\0')
		strings.len--;
	return strings;
}

static void add_env(struct checkpoint *checkpoint, const struct process *process)
{
	struct bytes rest = process->environ.bytes;

	while (rest.len) {
		struct bytes item = bytes_first(rest, bytes_find(rest, '\0'));
		size_t equals = bytes_find(item, '=');
		struct env *env;

		if (item.len) {
			env = vec_push(&checkpoint->arena, &checkpoint->env);
			env->origin = process->environ_origin;
			env->origin.offset += (uint64_t)(item.data - process->environ.bytes.data);
			env->pid = process->pid;
			env->name = bytes_first(item, equals);
			env->value = equals < item.len ? bytes_from(item, equals + 1) : NO_BYTES;
		}
		rest = bytes_from(rest, item.len + 1);
	}
}

void load_strings(struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		struct process *process = &checkpoint->processes.items[i];

		if (!process->has_mm)
			continue;
		process->argv.bytes = trim(read_range(checkpoint, i, process->arg_start,
						      process->arg_end, &process->argv_origin));
		process->environ.bytes = read_range(checkpoint, i, process->env_start,
						    process->env_end, &process->environ_origin);
		add_env(checkpoint, process);
	}
}
