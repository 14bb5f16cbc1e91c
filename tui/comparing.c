#include "tui/comparing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "decoders/base/out.h"
#include "decoders/model/layers.h"

struct compared_table {
	const struct table *table;
	struct table_diff diff; /* once it is done */
};

struct comparing {
	struct comparison comparison;
	struct compared_table *tables;
	atomic_size_t n_tables, n_done;
	pthread_t thread;
	bool has_thread;
	atomic_int stage;
	atomic_bool stop;
	bool has_copy;
	struct comparing_copy copy;
	struct error *no_memory; /* set before .stage is COMPARING_MEMORY */
	pthread_mutex_t lock;    /* of what follows */
	struct memory_region *regions;
	size_t n_regions, room;
	struct page_tally total;
	uint64_t bytes;
};

/* --- copies ----------------------------------------------------------------------------------------- */

/* With its own memory, and problems; the rest is looked at only. */
static void copy(const struct checkpoint *checkpoint, struct checkpoint *ret)
{
	*ret = *checkpoint;
	arena_init(&ret->arena);
	arena_init(&ret->scratch);
	problems_init(&ret->problems);
}

static void copy_end(struct checkpoint *checkpoint, struct checkpoint *copy)
{
	problems_move(&checkpoint->problems, &copy->problems);
	arena_deinit(&copy->arena);
	arena_deinit(&copy->scratch);
}

void comparing_copy(const struct comparing *comparing, struct comparing_copy *ret)
{
	copy(comparing->comparison.before, &ret->before);
	copy(comparing->comparison.after, &ret->after);
	ret->comparison = comparing->comparison;
	ret->comparison.before = &ret->before;
	ret->comparison.after = &ret->after;
}

void comparing_copy_end(const struct comparing *comparing, struct comparing_copy *copy)
{
	copy_end(comparing->comparison.before, &copy->before);
	copy_end(comparing->comparison.after, &copy->after);
}

/* --- the thread ------------------------------------------------------------------------------------- */

static struct error *check_readable(const struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->layers.n; i++)
		if (checkpoint->layers.items[i].source->is_streamed)
			return error_new(ERROR_USAGE, "pages streamed past and were not kept: --spool-dir DIR");
	return NULL;
}

static void compare_tables(struct comparing *comparing)
{
	struct comparison *comparison = &comparing->comparison;
	const struct table_request request = { 0 };

	if (comparison->has_predump)
		comparing->n_tables = 0;
	for (size_t i = 0; i < comparing->n_tables && !comparing->stop; i++) {
		table_compare(comparison, comparing->tables[i].table, &request, &comparing->tables[i].diff);
		comparing->n_done++;
	}
	/* Whatever is looked at from now on: no part of the models is loaded while the memory is read. */
	checkpoint_need(comparison->before, PART_EVERYTHING);
	checkpoint_need(comparison->after, PART_EVERYTHING);
	layers_read_pagemaps(comparison->before);
	layers_read_pagemaps(comparison->after);
	comparing->no_memory = check_readable(comparison->before);
	if (!comparing->no_memory)
		comparing->no_memory = check_readable(comparison->after);
}

static bool passed(void *context, uint64_t bytes)
{
	struct comparing *comparing = context;

	pthread_mutex_lock(&comparing->lock);
	comparing->bytes = bytes;
	pthread_mutex_unlock(&comparing->lock);
	return !comparing->stop;
}

static void keep(struct comparing *comparing, const struct memory_region *region, const struct page_tally *total)
{
	pthread_mutex_lock(&comparing->lock);
	if (comparing->n_regions == comparing->room) {
		comparing->room = comparing->room ? 2 * comparing->room : 64;
		comparing->regions = realloc(comparing->regions, comparing->room * sizeof(*comparing->regions));
		if (!comparing->regions)
			out_of_memory();
	}
	comparing->regions[comparing->n_regions++] = *region;
	comparing->total = *total;
	pthread_mutex_unlock(&comparing->lock);
}

static void compare_memory(struct comparing *comparing, struct memory_diff *diff)
{
	struct memory_region region;

	while (!comparing->stop && memory_diff_next(diff, &region))
		keep(comparing, &region, memory_diff_total(diff));
	memory_diff_free(diff);
}

static void *run(void *context)
{
	struct comparing *comparing = context;
	const struct memory_request request = { .passed = passed, .context = comparing };
	struct memory_diff *diff = NULL;

	comparison_init(comparing->comparison.before, comparing->comparison.after, &comparing->comparison);
	compare_tables(comparing);
	comparing_copy(comparing, &comparing->copy);
	comparing->has_copy = true;
	if (!comparing->no_memory)
		diff = memory_diff_new(&comparing->copy.comparison, &request, &comparing->no_memory);
	comparing->stage = COMPARING_MEMORY;
	if (diff)
		compare_memory(comparing, diff);
	comparing->stage = COMPARING_OVER;
	return NULL;
}

/* --- beginning and end ------------------------------------------------------------------------------ */

struct comparing *comparing_new(struct checkpoint *before, struct checkpoint *after)
{
	struct comparing *comparing = calloc(1, sizeof(*comparing));

	if (!comparing)
		out_of_memory();
	comparing->comparison.before = before;
	comparing->comparison.after = after;
	comparing->tables = calloc(n_tables + 1, sizeof(*comparing->tables));
	if (!comparing->tables)
		out_of_memory();
	for (size_t i = 0; i < n_tables; i++)
		if (is_compared(tables[i]))
			comparing->tables[comparing->n_tables++].table = tables[i];
	pthread_mutex_init(&comparing->lock, NULL);
	comparing->has_thread = pthread_create(&comparing->thread, NULL, run, comparing) == 0;
	if (!comparing->has_thread)
		run(comparing);
	return comparing;
}

static void join(struct comparing *comparing)
{
	if (comparing->has_thread)
		pthread_join(comparing->thread, NULL);
	comparing->has_thread = false;
	if (comparing->has_copy)
		comparing_copy_end(comparing, &comparing->copy);
	comparing->has_copy = false;
}

void comparing_free(struct comparing *comparing)
{
	if (!comparing)
		return;
	comparing->stop = true;
	join(comparing);
	comparison_deinit(&comparing->comparison);
	pthread_mutex_destroy(&comparing->lock);
	error_free(comparing->no_memory);
	free(comparing->tables);
	free(comparing->regions);
	free(comparing);
}

enum comparing_stage comparing_look(struct comparing *comparing)
{
	enum comparing_stage stage = (enum comparing_stage)comparing->stage;

	if (stage == COMPARING_OVER)
		join(comparing);
	return stage;
}

bool comparing_has_models(struct comparing *comparing)
{
	return comparing && comparing_look(comparing) == COMPARING_TABLES;
}

void comparing_stop(struct comparing *comparing)
{
	comparing->stop = true;
}

bool comparing_is_stopped(const struct comparing *comparing)
{
	return comparing->stop;
}

/* --- what is known ---------------------------------------------------------------------------------- */

size_t comparing_n_tables(const struct comparing *comparing)
{
	return comparing->n_tables;
}

size_t comparing_n_done(const struct comparing *comparing)
{
	return comparing->n_done;
}

const struct table *comparing_table(const struct comparing *comparing, size_t i)
{
	return comparing->tables[i].table;
}

struct comparing_counts comparing_counts(const struct comparing *comparing, size_t i)
{
	const struct table_diff *diff = &comparing->tables[i].diff;

	if (i >= comparing->n_done)
		return (struct comparing_counts){ 0 };
	return (struct comparing_counts){ diff->n_changes[ROW_REMOVED], diff->n_changes[ROW_ADDED],
					  diff->n_changes[ROW_CHANGED], diff->n_same };
}

size_t comparing_n_regions(struct comparing *comparing)
{
	size_t n;

	pthread_mutex_lock(&comparing->lock);
	n = comparing->n_regions;
	pthread_mutex_unlock(&comparing->lock);
	return n;
}

struct memory_region comparing_region(struct comparing *comparing, size_t i)
{
	struct memory_region region;

	pthread_mutex_lock(&comparing->lock);
	region = comparing->regions[i];
	pthread_mutex_unlock(&comparing->lock);
	return region;
}

struct page_tally comparing_total(struct comparing *comparing)
{
	struct page_tally total;

	pthread_mutex_lock(&comparing->lock);
	total = comparing->total;
	pthread_mutex_unlock(&comparing->lock);
	return total;
}

uint64_t comparing_bytes(struct comparing *comparing)
{
	uint64_t bytes;

	pthread_mutex_lock(&comparing->lock);
	bytes = comparing->bytes;
	pthread_mutex_unlock(&comparing->lock);
	return bytes;
}

const char *comparing_no_memory(const struct comparing *comparing)
{
	return comparing->stage != COMPARING_TABLES && comparing->no_memory ? comparing->no_memory->message : NULL;
}

const struct comparison *comparing_comparison(const struct comparing *comparing)
{
	return &comparing->comparison;
}

const struct table_diff *comparing_table_diff(const struct comparing *comparing, const struct table *table)
{
	for (size_t i = 0; i < comparing->n_done; i++)
		if (comparing->tables[i].table == table)
			return &comparing->tables[i].diff;
	return NULL;
}
