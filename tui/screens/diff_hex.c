/* Pages that are other than before, byte by byte: both sides of each. What lies between them is left out. */
#include "tui/screens/diff_pages.h"

#include <stdlib.h>

#include "decoders/base/escape.h"
#include "tui/widgets/hexpair.h"

enum { MOST_PAGE_SIZE = 1 << 20, UNDRAWN = 16 /* lines, as long as nobody knows */ };

struct state {
	struct view *view;
	struct arena arena;
	struct page_range *ranges;
	uint64_t *first;        /* of each range, which page of all it begins with; one more: how many there are */
	size_t n_ranges;
	uint32_t page_size;
	struct memory_region region;
	struct page_sides sides;
	uint64_t page;          /* that is in the buffers; UINT64_MAX: none */
	uint8_t *bytes[2];
	size_t got[2];          /* bytes of it that are there, from its beginning on */
	struct hexpair pair;
};

/* --- lines ------------------------------------------------------------------------------------------- */

static size_t range_of(const struct state *state, uint64_t page)
{
	size_t low = 0, high = state->n_ranges;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (state->first[middle] <= page)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static uint64_t lines_a_page(const struct state *state)
{
	return state->page_size / PAIR_LINE;
}

/* Where a page is on a side. */
static uint64_t address_of(const struct state *state, uint64_t page, int side)
{
	const struct page_range *range = &state->ranges[range_of(state, page)];

	return (side ? range->after : range->before) +
	       (page - state->first[range_of(state, page)]) * state->page_size;
}

static void load(struct state *state, uint64_t page)
{
	if (state->page == page)
		return;
	state->page = page;
	for (int side = 0; side < 2; side++) {
		uint64_t address = address_of(state, page, side);
		size_t n;

		state->got[side] = 0;
		do {
			n = page_sides_read(&state->sides, side, address + state->got[side],
					    state->bytes[side] + state->got[side],
					    state->page_size - state->got[side]);
			state->got[side] += n;
		} while (n && state->got[side] < state->page_size);
	}
}

static void line(void *context, uint64_t number, struct pair_line *ret)
{
	struct state *state = context;
	uint64_t page = number / lines_a_page(state);
	size_t at = (size_t)(number % lines_a_page(state)) * PAIR_LINE;

	*ret = (struct pair_line){ .address = address_of(state, page, 1) + at };
	load(state, page);
	for (int side = 0; side < 2; side++) {
		size_t left = state->got[side] > at ? state->got[side] - at : 0;
		struct span span;

		ret->n[side] = left < PAIR_LINE ? (unsigned)left : PAIR_LINE;
		memcpy(ret->bytes[side], state->bytes[side] + at, ret->n[side]);
		if (ret->n[side])
			continue;
		span = page_sides_span(&state->sides, side, address_of(state, page, side) + at, PAIR_LINE);
		ret->absent[side] = span.state == SPAN_PRESENT ? "cannot be read" : span_state_name(span.state);
	}
}

/* --- moving ------------------------------------------------------------------------------------------ */

/* Whether a byte is a change by itself: of a page that is on one side alone only the first is. */
static bool is_change(struct state *state, uint64_t number, unsigned byte)
{
	const struct page_range *range = &state->ranges[range_of(state, number / lines_a_page(state))];
	struct pair_line pair;

	if (range->change != PAGES_CHANGED)
		return number % lines_a_page(state) == 0 && byte == 0;
	line(state, number, &pair);
	return pair_differs(&pair, byte);
}

static bool step(const struct state *state, bool back, uint64_t *number, unsigned *byte)
{
	if (back ? !*byte && !*number : *byte == PAIR_LINE - 1 && *number + 1 >= state->pair.n_lines)
		return false;
	*number += back ? (*byte ? 0 : UINT64_MAX) : *byte == PAIR_LINE - 1;
	*byte = (*byte + (back ? PAIR_LINE - 1 : 1)) % PAIR_LINE;
	return true;
}

/* With lines before it, where it is not on the screen yet. */
static void show(struct state *state, uint64_t number, unsigned byte)
{
	uint64_t height = state->pair.height > 0 ? (uint64_t)state->pair.height : UNDRAWN;

	hexpair_go(&state->pair, number, byte);
	if (number < state->pair.top || number - state->pair.top >= height)
		state->pair.top = number > height / 3 ? number - height / 3 : 0;
}

/* To where the next run of bytes that differ begins, or the one before; no page is without one. */
static void next_change(struct state *state, bool back)
{
	uint64_t number = state->pair.cursor, before;
	unsigned byte = state->pair.byte, before_byte;

	/* Out of the run that the cursor is in; backwards first to its beginning, which may be where it goes. */
	while (!back && is_change(state, number, byte))
		if (!step(state, back, &number, &byte))
			goto none;
	if (back && !step(state, back, &number, &byte))
		goto none;
	while (!is_change(state, number, byte))
		if (!step(state, back, &number, &byte))
			goto none;
	before = number;
	before_byte = byte;
	while (back && step(state, back, &before, &before_byte) && is_change(state, before, before_byte)) {
		number = before;
		byte = before_byte;
	}
	show(state, number, byte);
	return;
none:
	tui_say(state->view->tui, back ? "no change before this one" : "no change behind this one");
}

static void go_to_page(struct state *state, uint64_t page)
{
	hexpair_go(&state->pair, page * lines_a_page(state), 0);
	state->pair.top = state->pair.cursor;
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;
	uint64_t page = state->pair.cursor / lines_a_page(state), n = state->first[state->n_ranges];
	size_t range = range_of(state, page);

	switch (action) {
	case ACTION_NEXT:
	case ACTION_PREVIOUS:
		next_change(state, action == ACTION_PREVIOUS);
		return true;
	case ACTION_NEXT_RUN:
		if (page + 1 < n)
			go_to_page(state, page + 1);
		return true;
	case ACTION_PREVIOUS_RUN:
		go_to_page(state, state->pair.cursor % lines_a_page(state) || !page ? page : page - 1);
		return true;
	case ACTION_NEXT_MAPPING:
		if (range + 1 < state->n_ranges)
			go_to_page(state, state->first[range + 1]);
		return true;
	case ACTION_PREVIOUS_MAPPING:
		go_to_page(state, state->first[page == state->first[range] && range ? range - 1 : range]);
		return true;
	default:
		return hexpair_act(&state->pair, action);
	}
}

/* --- the screen -------------------------------------------------------------------------------------- */

static void take_ranges(struct state *state, const struct page_list *pages)
{
	const struct memory_region *region = &pages->region;
	uint64_t n = 0;

	state->n_ranges = region->n_ranges;
	state->ranges = arena_alloc(&state->arena, (state->n_ranges + 1) * sizeof(*state->ranges));
	state->first = arena_alloc(&state->arena, (state->n_ranges + 1) * sizeof(*state->first));
	memcpy(state->ranges, region->ranges, state->n_ranges * sizeof(*state->ranges));
	for (size_t i = 0; i < state->n_ranges; i++) {
		state->first[i] = n;
		n += region->ranges[i].n;
	}
	state->first[state->n_ranges] = n;
}

static struct error *open_hex(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	const struct page_list *pages = page_list_of(tui_top(view->tui));
	const struct comparing *comparing = NULL;
	struct error *error = diff_ready(view, &comparing);

	if (!error && (!pages || link->number >= pages->region.n_ranges || pages->page_size > MOST_PAGE_SIZE ||
		       pages->page_size < PAIR_LINE))
		error = error_new(ERROR_USAGE, "d leads to the mappings, and from there to their pages");
	if (error)
		return error;
	state->view = view;
	state->page_size = pages->page_size;
	state->region = pages->region;
	state->page = UINT64_MAX;
	arena_init(&state->arena);
	take_ranges(state, pages);
	page_sides_init(comparing_comparison(comparing), &pages->region, &state->sides);
	for (int side = 0; side < 2; side++)
		state->bytes[side] = arena_zalloc(&state->arena, state->page_size);
	state->pair = (struct hexpair){ .line = line, .context = state,
					.n_lines = state->first[state->n_ranges] * lines_a_page(state) };
	go_to_page(state, state->first[link->number]);
	if (!is_change(state, state->pair.cursor, 0))
		next_change(state, false);
	return NULL;
}

static void close_hex(struct view *view)
{
	struct state *state = view->state;

	page_sides_deinit(&state->sides);
	arena_deinit(&state->arena);
}

static void title(struct view *view, struct out *out)
{
	(void)view;
	out_text(out, "bytes compared");
}

static void draw(struct view *view, const struct area *area)
{
	hexpair_draw(&((struct state *)view->state)->pair, area);
}

static uint64_t cursor_on(const struct state *state, int side)
{
	uint64_t page = state->pair.cursor / lines_a_page(state);

	return address_of(state, page, side) + state->pair.cursor % lines_a_page(state) * PAIR_LINE + state->pair.byte;
}

/* The memory of the process, in after; where the page is gone, in before. */
static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	uint64_t page = state->pair.cursor / lines_a_page(state);
	bool is_gone = state->ranges[range_of(state, page)].change == PAGES_GONE;

	*ret = LINK_TO(&screen_memory);
	ret->checkpoint = is_gone ? view->tui->before : view->tui->checkpoint;
	ret->row = is_gone ? state->region.process_before : state->region.process_after;
	ret->address = cursor_on(state, !is_gone);
	return ret->row != NO_ROW;
}

static void where(struct view *view, struct out *out)
{
	struct state *state = view->state;

	for (int side = 0; side < 2; side++) {
		out_text(out, side ? glyph_text(GLYPH_ARROW, !out->utf8) : "");
		put_side_place(&state->sides, side, cursor_on(state, side), out);
	}
}

static void status(struct view *view, struct out *out)
{
	struct state *state = view->state;
	uint64_t before = cursor_on(state, 0), after = cursor_on(state, 1);

	out_hex(out, after);
	if (before != after) {
		out_text(out, " was at ");
		out_hex(out, before);
	}
	out_printf(out, "  page %llu of %llu", (unsigned long long)(state->pair.cursor / lines_a_page(state)) + 1,
		   (unsigned long long)state->first[state->n_ranges]);
}

static void command(struct view *view, struct out *out)
{
	struct state *state = view->state;
	const struct comparison *comparison = comparing_comparison(view->tui->comparing);

	out_printf(out, "diff --tables memory --bytes -p %u", region_task(comparison, &state->region)->pid);
	put_compared(view, out);
}

static uint32_t process(struct view *view)
{
	return ((struct state *)view->state)->region.process_after;
}

const struct screen screen_diff_hex = {
	.name = "versus",
	.help = "the bytes of pages before and after",
	.by_link = true,
	.keys = KEYS_PAIRS,
	.state_size = sizeof(struct state),
	.open = open_hex,
	.close = close_hex,
	.title = title,
	.draw = draw,
	.act = act,
	.follow = follow,
	.where = where,
	.status = status,
	.command = command,
	.process = process,
};
