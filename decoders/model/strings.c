/* Arguments and environment, read from the pages at the addresses that mm names. */
#include "decoders/base/size.h"
#include "decoders/model/layers.h"
#include "decoders/model/load.h"

enum {
	MAX_STRINGS = 8 << 20, /* the kernel allows 6 MiB of arguments and environment together */
	MAX_ALL_STRINGS = 128 << 20, /* of all tasks; the next ones are left out */
	MAX_ENV = 1000000,           /* variables of all tasks */
};

/* The ranges of a streamed archive that strings lie in and that the first pass did not keep. */
struct wanted {
	struct want *items;
	size_t n, cap;
};

static bool is_possible(uint64_t start, uint64_t end)
{
	return start < end && end - start <= MAX_STRINGS;
}

static void want(struct checkpoint *checkpoint, uint32_t process, uint64_t start, uint64_t end,
		 struct wanted *by_layer)
{
	while (is_possible(start, end)) {
		struct place place = memory_place(checkpoint, process, start, end - start);
		struct wanted *wanted = &by_layer[place.layer];

		if (place.state != PLACE_PRESENT)
			return;
		*(struct want *)vec_push_raw(&checkpoint->arena, (void **)&wanted->items, &wanted->n,
					     &wanted->cap, sizeof(struct want)) = (struct want){
			.member = source_index(checkpoint->layers.items[place.layer].source, place.pages),
			.range = { place.offset, place.len },
		};
		start += place.len;
	}
}

/*
 * Streamed archives must keep the strings; what the first pass kept is not read again. False, with
 * the reason among the problems, where some cannot be kept.
 */
static bool keep_strings(struct checkpoint *checkpoint)
{
	struct wanted by_layer[MOST_LAYERS] = { 0 };
	bool kept = true;

	for (uint32_t i = 0; i < checkpoint->processes.n; i++) {
		const struct process *process = &checkpoint->processes.items[i];

		want(checkpoint, i, process->arg_start, process->arg_end, by_layer);
		want(checkpoint, i, process->env_start, process->env_end, by_layer);
	}
	for (size_t i = 0; i < checkpoint->layers.n; i++) {
		struct error *error = source_keep(checkpoint->layers.items[i].source,
						  by_layer[i].items, by_layer[i].n);

		kept &= error == NULL;
		problems_add(&checkpoint->problems, error);
	}
	return kept;
}

static bool has_streamed_layer(const struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->layers.n; i++)
		if (checkpoint->layers.items[i].source->is_streamed)
			return true;
	return false;
}

struct reading {
	bool kept;  /* all that is wanted of streamed archives was kept */
	size_t sum; /* bytes so far */
};

/* Counts what is about to be read; false, told once, where it would be too much. */
static bool is_within_limit(struct checkpoint *checkpoint, struct reading *reading, uint64_t len)
{
	if (reading->sum > MAX_ALL_STRINGS)
		return false;
	reading->sum += len;
	if (reading->sum > MAX_ALL_STRINGS)
		problems_add(&checkpoint->problems,
			     error_in_source(error_new(ERROR_LIMIT, "more than %d bytes of arguments and "
								    "environment; the rest is left out",
						       MAX_ALL_STRINGS),
					     checkpoint->source.path));
	return reading->sum <= MAX_ALL_STRINGS;
}

/* A range of a task's memory; absent where any byte of it is not in this checkpoint. */
static struct bytes read_range(struct checkpoint *checkpoint, uint32_t process, uint64_t start,
			       uint64_t end, struct reading *reading, struct origin *ret_origin)
{
	struct error *error;
	struct place place;
	size_t got = 0;
	uint8_t *data;

	if (!is_possible(start, end) || !checkpoint->page_size)
		return NO_BYTES;
	place = memory_place(checkpoint, process, start, 1);
	if (place.state != PLACE_PRESENT || !is_within_limit(checkpoint, reading, end - start))
		return NO_BYTES;
	data = arena_alloc(&checkpoint->arena, end - start + 1);
	error = memory_read(checkpoint, process, start, data, (size_t)(end - start), &got);
	if (error && !reading->kept && error->kind == ERROR_LIMIT) {
		error_free(error); /* that it was not kept has been told */
		return NO_BYTES;
	}
	problems_add(&checkpoint->problems, error);
	if (error || got < end - start)
		return NO_BYTES;
	*ret_origin = (struct origin){
		.member = source_index(checkpoint->layers.items[place.layer].source, place.pages),
		.entry = NO_ENTRY,
		.offset = place.offset,
		.layer = place.layer,
	};
	return (struct bytes){ data, got };
}

/* setproctitle fills what is left with zeroes; one empty string at the end may be an argument. */
static struct bytes trim(struct bytes strings)
{
	size_t len = strings.len;

	while (len > 1 && strings.data[len - 1] == '\0' && strings.data[len - 2] == '\0')
		len--;
	return strings.len - len > 1 ? bytes_first(strings, len) : strings;
}

static void add_env(struct checkpoint *checkpoint, const struct process *process)
{
	struct bytes rest = process->environ.bytes;

	while (rest.len && checkpoint->env.n < MAX_ENV) {
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
	if (rest.len)
		problems_add(&checkpoint->problems,
			     error_in_source(error_new(ERROR_LIMIT, "more than %d variables of environment; "
								    "the rest is left out",
						       MAX_ENV),
					     checkpoint->source.path));
}

void load_strings(struct checkpoint *checkpoint)
{
	struct reading reading = { .kept = !checkpoint->page_size || !has_streamed_layer(checkpoint) ||
					   keep_strings(checkpoint) };

	for (uint32_t i = 0; i < checkpoint->processes.n; i++) {
		struct process *process = &checkpoint->processes.items[i];

		if (!process->has_mm)
			continue;
		process->argv.bytes = trim(read_range(checkpoint, i, process->arg_start,
						      process->arg_end, &reading, &process->argv_origin));
		process->environ.bytes = read_range(checkpoint, i, process->env_start,
						    process->env_end, &reading, &process->environ_origin);
		add_env(checkpoint, process);
	}
}
