/* The pages of a mapping that are other than before: a line for each stretch of them. */
#include "tui/screens/diff_pages.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/base/human.h"
#include "decoders/base/size.h"
#include "tui/widgets/arranged_list.h"

enum { NAP = 2000 /* microseconds */ };

struct state {
	struct arranged_list shown; /* first */
	struct view *view;
	const struct comparing *comparing;
	const struct comparison *comparison;
	struct comparing_copy copy;
	bool has_copy;
	struct memory_diff *diff; /* whose the ranges are */
	struct memory_region wanted;
	struct page_list pages;   /* once it is over */
	struct page_sides sides;
	pthread_t thread;
	bool has_thread, is_found;
	atomic_bool over, stop;
	atomic_ullong bytes;
};

/* --- shared -------------------------------------------------------------------------------------------- */

void page_sides_init(const struct comparison *comparison, const struct memory_region *region, struct page_sides *ret)
{
	arena_init(&ret->arena);
	memory_side_init(comparison->before, region->process_before, &ret->arena, &ret->sides[0]);
	memory_side_init(comparison->after, region->process_after, &ret->arena, &ret->sides[1]);
}

void page_sides_deinit(struct page_sides *sides)
{
	arena_deinit(&sides->arena);
}

struct span page_sides_span(const struct page_sides *sides, int side, uint64_t address, uint64_t len)
{
	const struct span none = { .address = address, .len = len, .state = SPAN_UNMAPPED, .vma = NO_ROW,
				   .file = NO_ROW };
	struct span span;

	if (sides->sides[side].process == NO_ROW || !len)
		return none;
	span = address_space_span(&sides->sides[side].space, address, len);
	return span.len ? span : none;
}

size_t page_sides_read(const struct page_sides *sides, int side, uint64_t address, uint8_t *buffer, size_t len)
{
	struct span span = page_sides_span(sides, side, address, len);
	struct open_file last = NO_OPEN_FILE;
	struct error *error;

	if (span.state != SPAN_PRESENT)
		return 0;
	error = source_read_with(&last, sides->sides[side].checkpoint->layers.items[span.layer].source, span.pages,
				 span.offset, buffer, (size_t)span.len);
	if (last.fd >= 0)
		close(last.fd);
	if (!error)
		return (size_t)span.len;
	error_free(error);
	return 0;
}

void put_side_place(const struct page_sides *sides, int side, uint64_t address, struct out *out)
{
	struct span span = page_sides_span(sides, side, address, 1);
	const struct checkpoint *checkpoint = sides->sides[side].checkpoint;
	struct origin origin;

	if (span.state != SPAN_PRESENT) {
		out_text(out, span_state_name(span.state));
		return;
	}
	origin = (struct origin){ .member = source_index(checkpoint->layers.items[span.layer].source, span.pages),
				  .layer = span.layer, .entry = NO_ENTRY, .offset = span.offset };
	put_origin(checkpoint, &origin, out);
}

const char *page_sign(const struct page_range *range)
{
	static const char *const signs[] = { [PAGES_SAME] = "=", [PAGES_CHANGED] = "~", [PAGES_NEW] = "+",
					     [PAGES_GONE] = "-", [PAGES_UNKNOWN] = "?" };

	return signs[range->change];
}

enum look page_look(const struct page_range *range)
{
	static const enum look looks[] = { [PAGES_SAME] = LOOK_PLAIN, [PAGES_CHANGED] = LOOK_WARNING,
					   [PAGES_NEW] = LOOK_GOOD, [PAGES_GONE] = LOOK_ALARM,
					   [PAGES_UNKNOWN] = LOOK_DIM };

	return looks[range->change];
}

const struct page_list *page_list_of(const struct view *view)
{
	const struct state *state = view->state;

	return view->screen == &screen_diff_pages && state->is_found ? &state->pages : NULL;
}

/* --- the thread ---------------------------------------------------------------------------------------- */

static bool passed(void *context, uint64_t bytes)
{
	struct state *state = context;

	state->bytes = bytes;
	return !state->stop;
}

static void *run(void *context)
{
	struct state *state = context;

	state->is_found = memory_diff_again(state->diff, &state->wanted, &state->pages.region);
	state->over = true;
	return NULL;
}

static void join(struct state *state)
{
	if (state->has_thread)
		pthread_join(state->thread, NULL);
	state->has_thread = false;
	if (state->has_copy)
		comparing_copy_end(state->comparing, &state->copy);
	state->has_copy = false;
}

/* --- as a list ----------------------------------------------------------------------------------------- */

enum { COLUMN_SIGN, COLUMN_CHANGE, COLUMN_ADDRESS, COLUMN_PAGES, COLUMN_BEFORE, COLUMN_AFTER };
static const char *const headings[] = { "", "change", "address", "pages", "stored before in", "and after in" };

static size_t model_count(void *context)
{
	const struct state *state = context;

	return state->has_thread || !state->is_found ? 0 : state->pages.region.n_ranges;
}

static bool model_is_number(void *context, size_t column)
{
	(void)context;
	return column == COLUMN_ADDRESS || column == COLUMN_PAGES;
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct state *state = context;
	const struct page_range *range = &state->pages.region.ranges[row];

	switch (column) {
	case COLUMN_SIGN:
		out_text(out, page_sign(range));
		*look = page_look(range);
		break;
	case COLUMN_CHANGE:
		out_text(out, range->change == PAGES_SAME ? "stored again" : page_change_name(range->change));
		break;
	case COLUMN_ADDRESS:
		out_printf(out, "%llx", (unsigned long long)range->after);
		break;
	case COLUMN_PAGES:
		out_u64(out, range->n);
		break;
	default:
		put_side_place(&state->sides, column == COLUMN_AFTER,
			       column == COLUMN_AFTER ? range->after : range->before, out);
	}
}

static bool model_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	const struct state *state = context;
	const struct page_range *range = &state->pages.region.ranges[row];

	(void)arena;
	*ret = value_number(column == COLUMN_ADDRESS ? VALUE_HEX : VALUE_UINT,
			    column == COLUMN_PAGES				     ? range->n
			    : column == COLUMN_BEFORE				     ? range->before
			    : column == COLUMN_ADDRESS || column == COLUMN_AFTER ? range->after
										     : range->change);
	return true;
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.is_number = model_is_number,
	.cell = model_cell,
};

/* --- the screen ---------------------------------------------------------------------------------------- */

static struct error *open_pages(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	const struct comparing *comparing = NULL;
	struct memory_request request = { .ranges = true, .passed = passed, .context = state };
	struct error *error = diff_ready(view, &comparing);

	if (!error && link->number >= comparing_n_regions(view->tui->comparing))
		error = error_new(ERROR_USAGE, "there is no such mapping");
	if (error)
		return error;
	state->view = view;
	state->comparing = comparing;
	state->comparison = comparing_comparison(comparing);
	state->wanted = comparing_region(view->tui->comparing, link->number);
	comparing_copy(comparing, &state->copy);
	state->has_copy = true;
	state->diff = memory_diff_new(&state->copy.comparison, &request, &error);
	if (!state->diff) {
		join(state);
		return error;
	}
	state->pages.page_size = view->checkpoint->page_size ? view->checkpoint->page_size : 4096;
	page_sides_init(state->comparison, &state->wanted, &state->sides);
	arranged_init(&state->shown.arranged, &state->shown.list, &model, state);
	state->shown.arranged.value = model_value;
	state->has_thread = pthread_create(&state->thread, NULL, run, state) == 0;
	if (!state->has_thread)
		run(state);
	return NULL;
}

static void close_pages(struct view *view)
{
	struct state *state = view->state;

	state->stop = true;
	join(state);
	memory_diff_free(state->diff);
	page_sides_deinit(&state->sides);
	arranged_deinit(&state->shown.arranged);
}

static bool work(struct view *view, uint64_t deadline)
{
	struct state *state = view->state;

	(void)deadline;
	if (state->has_thread && !state->over)
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

static void title(struct view *view, struct out *out)
{
	struct state *state = view->state;

	out_printf(out, "pages of %u at %llx", region_task(state->comparison, &state->wanted)->pid,
		   (unsigned long long)state->wanted.after);
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;
	struct area below = area_rows(area, area->rows > 3, -1);
	struct bytes name = region_name(state->comparison, &state->wanted);
	struct out out;

	out_init(&out, -1);
	out.utf8 = !area->display->ascii;
	out_printf(&out, "%s ", region_prot(state->comparison, &state->wanted));
	print_size(state->wanted.len, &out);
	out_char(&out, ' ');
	escape_text(&out, name);
	out_text(&out, " [");
	put_heat(&state->wanted, false, &out);
	out_char(&out, ']');
	if (area->rows > 3)
		area_put(area, 0, 1, -1, LOOK_STRONG, out_held(&out));
	out_deinit(&out);
	list_draw(&state->shown.list, &below);
}

/* Their bytes, side by side. */
static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	size_t row = arranged_selected(&state->shown.arranged);

	*ret = LINK_TO(&screen_diff_hex);
	ret->number = row;
	return row != SIZE_MAX;
}

static void where(struct view *view, struct out *out)
{
	struct state *state = view->state;

	if (state->has_thread) {
		out_text(out, "comparing, ");
		print_size(state->bytes, out);
		out_text(out, " read, Esc ends it");
	} else if (!state->is_found) {
		out_text(out, "ended before it was compared");
	} else if (state->pages.region.has_more_ranges) {
		out_printf(out, "pages behind %d stretches are not listed", MOST_RANGES);
	} else {
		out_text(out, "Enter shows the bytes");
	}
}

static void command(struct view *view, struct out *out)
{
	struct state *state = view->state;

	out_printf(out, "diff --tables memory --pages -p %u", region_task(state->comparison, &state->wanted)->pid);
	put_compared(view, out);
}

static uint32_t process(struct view *view)
{
	return ((struct state *)view->state)->wanted.process_after;
}

const struct screen screen_diff_pages = {
	.name = "pages",
	.help = "the pages of a mapping that are other than before",
	.by_link = true,
	.keys = KEYS_LIST | KEYS_ORDER,
	.state_size = sizeof(struct state),
	.open = open_pages,
	.close = close_pages,
	.title = title,
	.draw = draw,
	.list = arranged_list_of,
	.order = arranged_list_order,
	.follow = follow,
	.where = where,
	.command = command,
	.process = process,
	.work = work,
	.cancel = cancel,
};
