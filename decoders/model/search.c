#include "decoders/model/search.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/progress.h"
#include "decoders/base/window.h"

/* A block on its way: given to a worker, searched, handed over. */
struct slot {
	struct scan_block block;
	struct hit *hits;
	size_t n, cap;
	struct problems problems;
	bool is_done;
};

/* What searches: a buffer, a matcher and an open file of its own. */
struct worker {
	struct searching *searching;
	struct matcher *matcher;
	struct open_file last;
	uint8_t *buffer;
	pthread_t thread;
};

struct searching {
	const struct search *search;
	struct scan *scan;
	struct slot *slots; /* block N is in slot N modulo n_slots */
	size_t n_slots;
	pthread_mutex_t lock; /* of what follows, and of the scan */
	pthread_cond_t changed;
	uint64_t issued, taken; /* blocks */
	bool is_over;           /* no more blocks, or no more wanted */
};

/* --- one block --------------------------------------------------------------------------------------- */

static void add_hit(struct slot *slot, uint64_t address, size_t len)
{
	if (slot->n == slot->cap) {
		slot->cap = slot->cap ? 2 * slot->cap : 64;
		slot->hits = realloc(slot->hits, slot->cap * sizeof(*slot->hits));
		if (!slot->hits)
			out_of_memory();
	}
	slot->hits[slot->n++] = (struct hit){ address, (uint32_t)len };
}

static void tell(const struct searching *searching, struct slot *slot, const char *what,
		 uint64_t address)
{
	const struct checkpoint *checkpoint = searching->scan->checkpoint;
	const struct scan_block *block = &slot->block;
	const struct scan_piece *piece = scan_piece_at(block, address);
	const struct source *source = checkpoint->layers.items[piece->layer].source;
	struct error *error;

	if (block->process == NO_ROW)
		error = error_new(ERROR_LIMIT, "%s at 0x%llx", what, (unsigned long long)address);
	else
		error = error_new(ERROR_LIMIT, "%s at 0x%llx of process %u", what,
				  (unsigned long long)address,
				  checkpoint->processes.items[block->process].pid);
	error = error_at(error, NO_ENTRY, piece->offset + (address - piece->address));
	error = error_in_source(error_in_image(error, piece->pages->name), source->path);
	problems_add(&slot->problems, error);
}

/* Looks through a block from the address FROM on, which lies in it. */
static void find_all(struct worker *worker, struct slot *slot, const struct subject *subject,
		     uint64_t from)
{
	const struct scan_block *block = &slot->block;
	size_t limit = (size_t)(block->end - block->first), start, end, limits = 0;
	size_t position = (size_t)(from - block->first);
	enum match match;

	while ((match = matcher_next(worker->matcher, subject, position, limit, &start, &end)) !=
	       MATCH_NONE) {
		if (match != MATCH_LIMITED)
			add_hit(slot, block->first + start, end - start);
		if (match == MATCH_CUT)
			tell(worker->searching, slot, "a match longer than the limit, cut,",
			     block->first + start);
		position = end;
		if (match != MATCH_LIMITED)
			continue;
		if (++limits == LIMITS_A_BLOCK) {
			tell(worker->searching, slot, "limits of matching; the block is not searched on",
			     block->first + start);
			return;
		}
		tell(worker->searching, slot, "a limit of matching; not known whether there is a match",
		     block->first + start);
	}
}

static void search_block(struct worker *worker, struct slot *slot, uint64_t from)
{
	const struct scan_block *block = &slot->block;
	struct subject subject = { .data = worker->buffer, .ends = block->ends };

	slot->n = 0;
	problems_add(&slot->problems,
		     scan_read(worker->searching->scan->checkpoint, block, &worker->last, block->first,
			       worker->buffer, (size_t)(block->last - block->first), &subject.len));
	if (subject.len > from - block->first)
		find_all(worker, slot, &subject, from);
}

/* --- workers ------------------------------------------------------------------------------------------- */

static void worker_init(struct searching *searching, struct worker *worker)
{
	const struct scan *scan = searching->scan;

	*worker = (struct worker){ .searching = searching, .last = NO_OPEN_FILE,
				   .matcher = matcher_new(searching->search->pattern),
				   .buffer = window_new(scan->behind + SCAN_BLOCK + scan->ahead) };
}

static void worker_deinit(struct worker *worker)
{
	matcher_free(worker->matcher);
	if (worker->last.fd >= 0)
		close(worker->last.fd);
	free(worker->buffer);
}

/* The lock is held. */
static struct slot *next_slot(struct searching *searching)
{
	struct slot *slot;

	while (!searching->is_over && searching->issued - searching->taken == searching->n_slots)
		pthread_cond_wait(&searching->changed, &searching->lock);
	slot = &searching->slots[searching->issued % searching->n_slots];
	if (searching->is_over || !scan_next(searching->scan, &slot->block)) {
		searching->is_over = true;
		pthread_cond_broadcast(&searching->changed);
		return NULL;
	}
	slot->is_done = false;
	searching->issued++;
	return slot;
}

static void *work(void *context)
{
	struct worker *worker = context;
	struct searching *searching = worker->searching;
	struct slot *slot;

	pthread_mutex_lock(&searching->lock);
	while ((slot = next_slot(searching))) {
		pthread_mutex_unlock(&searching->lock);
		search_block(worker, slot, slot->block.start);
		pthread_mutex_lock(&searching->lock);
		slot->is_done = true;
		pthread_cond_broadcast(&searching->changed);
	}
	pthread_mutex_unlock(&searching->lock);
	return NULL;
}

/* --- handing over, in order ------------------------------------------------------------------------------ */

struct handing {
	struct worker *worker;   /* for what must be searched again */
	struct problems *problems;
	uint64_t end;            /* of the last match */
	uint64_t done;           /* bytes */
	bool enough;
};

/* A match that began in the block before may reach into this one, and those here begin behind it. */
static void hand_over(struct handing *handing, const struct search *search, struct slot *slot)
{
	const struct scan_block *block = &slot->block;

	if (!block->begins && handing->end > block->start && slot->n &&
	    slot->hits[0].address < handing->end) {
		problems_deinit(&slot->problems);
		problems_init(&slot->problems);
		if (handing->end < block->end)
			search_block(handing->worker, slot, handing->end);
		else
			slot->n = 0;
	}
	if (slot->n)
		handing->end = slot->hits[slot->n - 1].address + slot->hits[slot->n - 1].len;
	else if (block->begins)
		handing->end = 0;
	problems_move(handing->problems, &slot->problems);
	handing->done += block->end - block->start;
	progress_tick(handing->done, 0);
	if (slot->n && !search->take(search->context, block, slot->hits, slot->n))
		handing->enough = true;
	if (search->passed && !search->passed(search->context, handing->done))
		handing->enough = true;
}

static void hand_over_all(struct searching *searching, struct handing *handing)
{
	pthread_mutex_lock(&searching->lock);
	for (;;) {
		struct slot *slot = &searching->slots[searching->taken % searching->n_slots];
		bool is_there = searching->taken < searching->issued;

		if (!is_there && searching->is_over)
			break;
		if (!is_there || !slot->is_done) {
			pthread_cond_wait(&searching->changed, &searching->lock);
			continue;
		}
		pthread_mutex_unlock(&searching->lock);
		if (!handing->enough)
			hand_over(handing, searching->search, slot);
		pthread_mutex_lock(&searching->lock);
		searching->taken++;
		searching->is_over |= handing->enough;
		pthread_cond_broadcast(&searching->changed);
	}
	pthread_mutex_unlock(&searching->lock);
}

static void run_threads(struct searching *searching, struct handing *handing, unsigned n)
{
	struct worker workers[MOST_THREADS];
	unsigned started = 0;

	pthread_mutex_init(&searching->lock, NULL);
	pthread_cond_init(&searching->changed, NULL);
	for (; started < n; started++) {
		worker_init(searching, &workers[started]);
		if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
			continue;
		worker_deinit(&workers[started]);
		break;
	}
	if (started)
		hand_over_all(searching, handing);
	for (unsigned i = 0; i < started; i++) {
		pthread_join(workers[i].thread, NULL);
		worker_deinit(&workers[i]);
	}
	pthread_cond_destroy(&searching->changed);
	pthread_mutex_destroy(&searching->lock);
}

static void run_alone(struct searching *searching, struct handing *handing)
{
	struct slot *slot = &searching->slots[0];

	while (!handing->enough && scan_next(searching->scan, &slot->block)) {
		search_block(handing->worker, slot, slot->block.start);
		hand_over(handing, searching->search, slot);
	}
}

/* What was left out are zeroes: whoever looks for them is told. */
static void tell_left_out(const struct scan *scan, struct worker *worker, struct problems *problems)
{
	size_t len = scan->behind + SCAN_BLOCK + scan->ahead, start, end;
	struct subject subject = { .data = worker->buffer, .len = len };

	memset(worker->buffer, 0, len);
	if (!scan->left_out || matcher_next(worker->matcher, &subject, scan->behind, scan->behind + SCAN_BLOCK, &start,
					    &end) == MATCH_NONE)
		return;
	problems_add(problems,
		     error_in_source(error_new(ERROR_LIMIT, "the pattern matches zeroes, and %llu bytes of holes in "
							    "files of pages are not searched",
					       (unsigned long long)scan->left_out),
				     scan->checkpoint->source.path));
}

void search_memory(const struct search *search, struct scan *scan, struct problems *problems)
{
	struct searching searching = { .search = search, .scan = scan, .n_slots = 4 * search->threads };
	struct worker worker;
	struct handing handing = { .worker = &worker, .problems = problems };

	scan->behind = pattern_behind(search->pattern) + WINDOW_ALIGN - 1;
	scan->behind -= scan->behind % WINDOW_ALIGN;
	scan->ahead = pattern_longest(search->pattern);
	searching.slots = calloc(searching.n_slots, sizeof(*searching.slots));
	if (!searching.slots)
		out_of_memory();
	for (size_t i = 0; i < searching.n_slots; i++)
		problems_init(&searching.slots[i].problems);
	worker_init(&searching, &worker);
	if (search->threads > 1)
		run_threads(&searching, &handing, search->threads);
	run_alone(&searching, &handing); /* all of it, or what could not be given to a thread */
	tell_left_out(scan, &worker, problems);
	worker_deinit(&worker);
	for (size_t i = 0; i < searching.n_slots; i++) {
		scan_block_deinit(&searching.slots[i].block);
		problems_deinit(&searching.slots[i].problems);
		free(searching.slots[i].hits);
	}
	free(searching.slots);
}
