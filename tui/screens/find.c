/*
 * All of memory, searched by a thread of its own while keys are heard.
 *
 * The thread reads the checkpoint, so as long as it runs nothing may be loaded: but for moving in what it has found, every
 * key waits until it is done or Esc has ended it.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/base/human.h"
#include "decoders/model/search.h"
#include "tui/clock.h"
#include "tui/view.h"

enum { MOST_HITS = 100000, BEFORE = 16, CONTEXT = 96, NAP = 2000 /* microseconds */ };

struct found {
	uint32_t process, vma; /* rows */
	uint64_t address;
	struct origin origin;  /* of the match in its file of pages */
	uint8_t n;             /* bytes of context: up to BEFORE of them, the match, and what is behind it */
	uint8_t context[CONTEXT];
};

struct state {
	struct view *view;
	struct pattern *pattern;
	struct problems problems;
	struct scan scan;
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock; /* of what follows */
	struct found *found;
	size_t n, cap;
	uint64_t done; /* bytes */
	bool too_many;
	atomic_bool stop, over;
	struct open_file last;
	struct list list;
};

/* --- the thread ------------------------------------------------------------------------------------- */

static void read_context(struct state *state, const struct scan_block *block, const struct hit *hit,
			 struct found *found)
{
	uint64_t start = hit->address - block->first > BEFORE ? hit->address - BEFORE : block->first;
	uint64_t len = block->last - start < CONTEXT ? block->last - start : CONTEXT;
	size_t got = 0;

	error_free(scan_read(state->view->checkpoint, block, &state->last, start, found->context, (size_t)len, &got));
	found->n = (uint8_t)got;
}

static struct found make_found(struct state *state, const struct scan_block *block, const struct hit *hit)
{
	const struct scan_piece *piece = scan_piece_at(block, hit->address);
	const struct source *source = state->view->checkpoint->layers.items[piece->layer].source;
	struct found found = { .process = block->process, .vma = piece->vma, .address = hit->address };

	found.origin = (struct origin){
		.member = source_index(source, piece->pages), .layer = piece->layer, .entry = NO_ENTRY,
		.offset = piece->offset + (hit->address - piece->address),
	};
	read_context(state, block, hit, &found);
	return found;
}

/* The lock is held. */
static void keep(struct state *state, const struct found *found)
{
	if (state->n == state->cap) {
		state->cap = state->cap ? 2 * state->cap : 64;
		state->found = realloc(state->found, state->cap * sizeof(*state->found));
		if (!state->found)
			out_of_memory();
	}
	state->found[state->n++] = *found;
}

static bool take(void *context, const struct scan_block *block, const struct hit *hits, size_t n)
{
	struct state *state = context;

	for (size_t i = 0; i < n && !state->stop; i++) {
		struct found found = make_found(state, block, &hits[i]);

		pthread_mutex_lock(&state->lock);
		state->too_many = state->n == MOST_HITS;
		if (!state->too_many)
			keep(state, &found);
		pthread_mutex_unlock(&state->lock);
		if (state->too_many)
			return false;
	}
	return !state->stop;
}

static bool passed(void *context, uint64_t done)
{
	struct state *state = context;

	pthread_mutex_lock(&state->lock);
	state->done = done;
	pthread_mutex_unlock(&state->lock);
	return !state->stop;
}

static void *run(void *context)
{
	struct state *state = context;
	const struct search search = { .pattern = state->pattern, .threads = 1, .take = take, .passed = passed,
				       .context = state };

	search_memory(&search, &state->scan, &state->problems);
	state->over = true;
	return NULL;
}

/* What was wrong on the way is the checkpoint's now. */
static void join(struct state *state)
{
	if (!state->has_thread)
		return;
	pthread_join(state->thread, NULL);
	state->has_thread = false;
	problems_move(&state->view->checkpoint->problems, &state->problems);
}

/* --- as a list -------------------------------------------------------------------------------------- */

enum { COLUMN_PID, COLUMN_MAPPING, COLUMN_ADDRESS, COLUMN_CONTEXT };
static const char *const headings[] = { "pid", "mapping", "address", "what is there" };

static size_t model_count(void *context)
{
	struct state *state = context;
	size_t n;

	pthread_mutex_lock(&state->lock);
	n = state->n;
	pthread_mutex_unlock(&state->lock);
	return n;
}

static bool model_is_number(void *context, size_t column)
{
	(void)context;
	return column == COLUMN_PID || column == COLUMN_ADDRESS;
}

static struct found found_at(struct state *state, size_t row)
{
	struct found found;

	pthread_mutex_lock(&state->lock);
	found = state->found[row];
	pthread_mutex_unlock(&state->lock);
	return found;
}

static void put_mapping(const struct state *state, const struct found *found, struct out *out)
{
	const struct vma *vma = span_vma(state->view->checkpoint, found->vma);

	if (vma)
		out_printf(out, "%s %s", vma->prot, vma->kind ? vma->kind : "");
	else
		out_char(out, '-');
}

/* Bytes of memory as text, as they are: what is no printable ASCII is a dot. */
static void put_context(const struct found *found, struct out *out)
{
	for (size_t i = 0; i < found->n; i++)
		out_char(out, found->context[i] >= 0x20 && found->context[i] < 0x7f ? (char)found->context[i] : '.');
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	struct state *state = context;
	struct found found = found_at(state, row);

	(void)look;
	switch (column) {
	case COLUMN_PID:
		out_u64(out, state->view->checkpoint->processes.items[found.process].pid);
		break;
	case COLUMN_MAPPING:
		put_mapping(state, &found, out);
		break;
	case COLUMN_ADDRESS:
		out_hex(out, found.address);
		break;
	default:
		put_context(&found, out);
	}
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.is_number = model_is_number,
	.cell = model_cell,
};

/* --- the screen ------------------------------------------------------------------------------------- */

static struct error *check_readable(const struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->layers.n; i++)
		if (checkpoint->layers.items[i].source->is_streamed)
			return error_new(ERROR_USAGE, "its pages streamed past and were not kept: --spool-dir DIR");
	return NULL;
}

static struct error *open_find(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	struct error *error;

	checkpoint_need(view->checkpoint, PART_PAGES);
	error = check_readable(view->checkpoint);
	if (!error && !link->text[0])
		error = error_new(ERROR_USAGE, "find PATTERN: a regular expression, looked for in all memory");
	if (!error)
		error = pattern_new(bytes_of(link->text), PATTERN_REGEX, false, &state->pattern);
	if (error)
		return error;
	state->view = view;
	state->last = NO_OPEN_FILE;
	problems_init(&state->problems);
	pthread_mutex_init(&state->lock, NULL);
	scan_init(view->checkpoint, &state->scan);
	list_init(&state->list, &model, state);
	state->has_thread = pthread_create(&state->thread, NULL, run, state) == 0;
	if (!state->has_thread)
		run(state);
	return NULL;
}

static void close_find(struct view *view)
{
	struct state *state = view->state;

	state->stop = true;
	join(state);
	problems_deinit(&state->problems);
	scan_deinit(&state->scan);
	pattern_free(state->pattern);
	list_deinit(&state->list);
	pthread_mutex_destroy(&state->lock);
	if (state->last.fd >= 0)
		close(state->last.fd);
	free(state->found);
}

static bool work(struct view *view, uint64_t deadline)
{
	struct state *state = view->state;

	if (!state->has_thread)
		return false;
	while (!state->over && clock_now() < deadline)
		usleep(NAP);
	if (state->over)
		join(state);
	return state->has_thread;
}

static bool cancel(struct view *view)
{
	struct state *state = view->state;

	if (!state->has_thread)
		return false;
	state->stop = true;
	join(state);
	tui_say(view->tui, "ended");
	return true;
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;

	if (!state->has_thread || action == ACTION_BACK)
		return false;
	if (action == ACTION_CLOSE || action == ACTION_QUIT) {
		cancel(view);
		return false;
	}
	if (!list_act(&state->list, action))
		tui_say(view->tui, "still searching: Esc ends it");
	return true;
}

static void title(struct view *view, struct out *out)
{
	out_text(out, "find ");
	escape_text(out, bytes_of(view->link.text));
}

static void draw(struct view *view, const struct area *area)
{
	list_draw(&((struct state *)view->state)->list, area);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	struct found found;

	if (state->list.cursor >= model_count(state))
		return false;
	found = found_at(state, state->list.cursor);
	*ret = LINK_TO(&screen_memory);
	ret->row = found.process;
	ret->address = found.address;
	return true;
}

static bool origin(struct view *view, struct origin *ret)
{
	struct state *state = view->state;

	if (state->list.cursor >= model_count(state))
		return false;
	*ret = found_at(state, state->list.cursor).origin;
	return true;
}

static void status(struct view *view, struct out *out)
{
	struct state *state = view->state;

	pthread_mutex_lock(&state->lock);
	out_printf(out, "%zu of %zu hits in ", state->n ? state->list.cursor + 1 : 0, state->n);
	print_size(state->done, out);
	if (state->has_thread)
		out_text(out, ", Esc ends it");
	else if (state->too_many)
		out_printf(out, ", ended after %d", MOST_HITS);
	else if (state->stop)
		out_text(out, ", ended");
	pthread_mutex_unlock(&state->lock);
}

static void command(struct view *view, struct out *out)
{
	out_text(out, "search --regex");
	put_checkpoint(view, out);
	put_operand(view->link.text, out);
}

static uint32_t process(struct view *view)
{
	struct state *state = view->state;

	return state->list.cursor < model_count(state) ? found_at(state, state->list.cursor).process : NO_ROW;
}

const struct screen screen_find = {
	.name = "find",
	.help = "all of memory, searched: find PATTERN",
	.keys = KEYS_LIST,
	.state_size = sizeof(struct state),
	.open = open_find,
	.close = close_find,
	.title = title,
	.draw = draw,
	.act = act,
	.list = list,
	.follow = follow,
	.origin = origin,
	.status = status,
	.command = command,
	.process = process,
	.work = work,
	.cancel = cancel,
};
