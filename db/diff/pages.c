/* Page against page: which are held on both sides, and whether their bytes are the same. */
#include "db/diff/pages.h"

/* --- what is found ------------------------------------------------------------------------------------ */

/* Adds N pages to the cells that they lie in. */
static void warm(struct memory_diff *diff, uint64_t cells[HEAT_CELLS], uint64_t offset, uint64_t n)
{
	uint64_t pages = pages_of(diff, diff->current->len), page = offset >> diff->page_shift;
	uint64_t n_cells = diff->current->n_heat;

	while (n) {
		/* The cell of a page, and the page that the next cell begins with. */
		uint64_t cell = (uint64_t)((__uint128_t)page * n_cells / pages);
		uint64_t next = (uint64_t)(((__uint128_t)(cell + 1) * pages + n_cells - 1) / n_cells);
		uint64_t part = next > page && next - page < n ? next - page : n;

		cells[cell < n_cells ? cell : n_cells - 1] += part;
		page += part;
		n -= part;
	}
}

static enum heat heat_of(uint64_t differing, uint64_t all)
{
	if (!all)
		return HEAT_NOTHING;
	if (!differing)
		return HEAT_SAME;
	return differing == all ? HEAT_ALL : differing < all / 4 ? HEAT_SOME : HEAT_MUCH;
}

static void add_range(struct memory_diff *diff, const struct page_range *range)
{
	struct page_range *last = diff->ranges.n ? &diff->ranges.items[diff->ranges.n - 1] : NULL;
	uint64_t step = last ? last->n * diff->page_size : 0;

	if (last && last->change == range->change && last->stored_again == range->stored_again &&
	    last->before + step == range->before && last->after + step == range->after)
		last->n += range->n;
	else if (diff->ranges.n < MOST_RANGES)
		*vec_push(&diff->ranges_arena, &diff->ranges) = *range;
	else
		diff->current->has_more_ranges = true;
}

static void take(struct memory_diff *diff, const struct page_range *range)
{
	struct memory_region *region = diff->current;
	uint64_t offset = range->after - region->after;

	region->tally.pages[range->change] += range->n;
	if (range->stored_again)
		region->tally.stored_again += range->n;
	warm(diff, diff->held, offset, range->n);
	if (range->change != PAGES_SAME && range->change != PAGES_UNKNOWN)
		warm(diff, diff->heat, offset, range->n);
	if (diff->request.ranges && (range->change != PAGES_SAME || range->stored_again))
		add_range(diff, range);
}

/* --- bytes ------------------------------------------------------------------------------------------- */

/* How many of the bytes differ, eight at a time: a byte that is not zero sets the highest bit of its place. */
static uint64_t count_differing(const uint8_t *a, const uint8_t *b, size_t len)
{
	const uint64_t low = 0x7f7f7f7f7f7f7f7f;
	uint64_t n = 0;
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		uint64_t left, right, x;

		memcpy(&left, a + i, 8);
		memcpy(&right, b + i, 8);
		x = left ^ right;
		x = (((x & low) + low) | x) & ~low;
		n += (uint64_t)__builtin_popcountll(x);
	}
	for (; i < len; i++)
		n += a[i] != b[i];
	return n;
}

struct error *pages_read(struct reader *reader, const struct span *span, uint64_t offset, uint8_t *buffer,
			 size_t len)
{
	return source_read_with(&reader->last, reader->checkpoint->layers.items[span->layer].source,
				span->pages, span->offset + offset, buffer, len);
}

/* A part of a piece that is in one place on either side. */
struct stretch {
	struct span before, after;
	uint64_t len;
	bool can_be_again; /* the later dump is incremental, and this is in its own files */
};

/* Pages in the windows, of LEN bytes; the last one may be cut. */
static void compare_pages(struct memory_diff *diff, const struct stretch *stretch, uint64_t at, size_t len)
{
	const uint8_t *left = diff->before.window, *right = diff->after.window;
	struct page_range range = { stretch->before.address + at, stretch->after.address + at, 0,
				    PAGES_SAME, stretch->can_be_again };

	if (memcmp(left, right, len) == 0) {
		range.n = pages_of(diff, len);
		take(diff, &range);
		return;
	}
	for (size_t i = 0; i < len; i += diff->page_size) {
		size_t part = len - i < diff->page_size ? len - i : diff->page_size;
		bool is_same = memcmp(left + i, right + i, part) == 0;

		range = (struct page_range){ stretch->before.address + at + i,
					     stretch->after.address + at + i, 1,
					     is_same ? PAGES_SAME : PAGES_CHANGED,
					     is_same && stretch->can_be_again };
		if (!is_same)
			diff->current->tally.bytes_changed +=
				count_differing(left + i, right + i, part);
		take(diff, &range);
	}
}

static uint64_t hole_at(struct reader *reader, const struct span *span, uint64_t at, uint64_t len)
{
	return source_hole(&reader->last, reader->checkpoint->layers.items[span->layer].source, span->pages,
			   span->offset + at, len);
}

/* Whole pages that are holes on either side, and no less than is read at once: they need not be compared. */
static uint64_t pass_holes(struct memory_diff *diff, const struct stretch *stretch, uint64_t at)
{
	uint64_t hole = hole_at(&diff->before, &stretch->before, at, stretch->len - at);
	struct page_range range = { stretch->before.address + at, stretch->after.address + at, 0, PAGES_SAME,
				    stretch->can_be_again };

	if (hole >= WINDOW)
		hole = hole_at(&diff->after, &stretch->after, at, hole);
	hole -= hole % diff->page_size;
	if (hole < WINDOW)
		return 0;
	range.n = pages_of(diff, hole);
	take(diff, &range);
	return hole;
}

static void read_and_compare(struct memory_diff *diff, const struct stretch *stretch, uint64_t at, size_t len)
{
	struct error *error = pages_read(&diff->before, &stretch->before, at, diff->before.window, len);

	problems_add(&diff->before.checkpoint->problems, error);
	if (!error) {
		error = pages_read(&diff->after, &stretch->after, at, diff->after.window, len);
		problems_add(&diff->after.checkpoint->problems, error);
	}
	if (!error)
		compare_pages(diff, stretch, at, len);
	else
		take(diff, &(struct page_range){ stretch->before.address + at, stretch->after.address + at,
						 pages_of(diff, len), PAGES_UNKNOWN, false });
}

static void compare_bytes(struct memory_diff *diff, const struct stretch *stretch)
{
	for (uint64_t at = 0, n; at < stretch->len && !diff->is_ended; at += n) {
		n = pass_holes(diff, stretch, at);
		if (!n) {
			n = stretch->len - at < WINDOW ? stretch->len - at : WINDOW;
			read_and_compare(diff, stretch, at, (size_t)n);
		}
		diff->passed += n;
		diff->is_ended = diff->request.passed && !diff->request.passed(diff->request.context, diff->passed);
	}
}

/* --- places -------------------------------------------------------------------------------------------- */

static bool is_same_source(struct memory_diff *diff, uint32_t before, uint32_t after)
{
	const struct checkpoint *left = diff->before.checkpoint, *right = diff->after.checkpoint;
	uint8_t *known = &diff->is_same_source[before * right->layers.n + after];

	if (*known == NOT_ASKED)
		*known = source_is_same(left->layers.items[before].source,
					right->layers.items[after].source)
				 ? SAME_SOURCE
				 : OTHER_SOURCE;
	return *known == SAME_SOURCE;
}

static bool is_same_place(struct memory_diff *diff, const struct span *before, const struct span *after)
{
	return before->offset == after->offset && is_same_source(diff, before->layer, after->layer) &&
	       before->pages->archive_offset == after->pages->archive_offset &&
	       bytes_equal(before->pages->name, after->pages->name);
}

enum held {
	HELD_NOT,
	HELD,
	HELD_ELSEWHERE, /* lazy, or missing: there was a page */
	HELD_UNTOLD,    /* shared memory of a pre-dump */
};

static enum held held_by(const struct memory_diff *diff, int side, const struct span *span,
			 uint32_t other_extent)
{
	const struct memory_side *own = &diff->sides[side], *other = &diff->sides[!side];

	if (span->state == SPAN_PRESENT)
		return HELD;
	if (span->state == SPAN_LAZY || span->state == SPAN_MISSING)
		return HELD_ELSEWHERE;
	if (own->checkpoint->is_predump && other_extent != NO_ROW && other->extents[other_extent].is_shared)
		return HELD_UNTOLD;
	return HELD_NOT;
}

static enum page_change change_of(enum held before, enum held after)
{
	if (before == HELD_NOT)
		return PAGES_NEW;
	if (after == HELD_NOT)
		return PAGES_GONE;
	return PAGES_UNKNOWN;
}

/* The first layer that tells of the process: what it holds itself, behind which its ancestors are. */
static uint32_t own_layer(const struct memory_diff *diff)
{
	const struct checkpoint *checkpoint = diff->after.checkpoint;
	uint32_t process = diff->sides[1].process;

	return process == NO_ROW ? 0 : checkpoint->pagemap_layers[process];
}

static void take_stretch(struct memory_diff *diff, struct stretch *stretch, enum held before,
			 enum held after)
{
	struct page_range range = { stretch->before.address, stretch->after.address,
				    pages_of(diff, stretch->len), PAGES_SAME,
				    false };
	uint64_t same = diff->current->tally.pages[PAGES_SAME];
	uint32_t own = own_layer(diff);

	if ((before == HELD_NOT || before == HELD_UNTOLD) && (after == HELD_NOT || after == HELD_UNTOLD))
		return;
	if (before != HELD || after != HELD) {
		range.change = change_of(before, after);
		if (before != after && before != HELD_UNTOLD && after != HELD_UNTOLD &&
		    range.change == PAGES_UNKNOWN)
			diff->current->tally.one_sided += range.n;
		take(diff, &range);
		return;
	}
	stretch->can_be_again = stretch->after.layer == own &&
				own + 1 < diff->after.checkpoint->layers.n;
	if (is_same_place(diff, &stretch->before, &stretch->after))
		take(diff, &range);
	else
		compare_bytes(diff, stretch);
	if (stretch->after.layer > own)
		diff->current->tally.in_parent += diff->current->tally.pages[PAGES_SAME] - same;
}

static struct span span_on(const struct memory_diff *diff, int side, uint32_t extent, uint64_t address,
			   uint64_t len)
{
	const struct span none = { .address = address, .len = len, .state = SPAN_UNMAPPED, .vma = NO_ROW,
				   .file = NO_ROW };
	struct span span;

	/* A pre-dump may hold pages where the other side alone has a mapping, and the other way round. */
	if (extent == NO_ROW)
		return none;
	span = address_space_span(&diff->sides[side].space, address, len);
	return span.len ? span : none;
}

void pages_compare(struct memory_diff *diff, const struct plan_piece *piece)
{
	for (uint64_t at = 0; at < piece->len && !diff->is_ended;) {
		uint64_t left = piece->len - at;
		struct stretch stretch = {
			.before = span_on(diff, 0, piece->extent_before, piece->before + at, left),
			.after = span_on(diff, 1, piece->extent_after, piece->after + at, left),
		};

		stretch.len = stretch.before.len < stretch.after.len ? stretch.before.len
								     : stretch.after.len;
		take_stretch(diff, &stretch,
			     held_by(diff, 0, &stretch.before, piece->extent_after),
			     held_by(diff, 1, &stretch.after, piece->extent_before));
		at += stretch.len;
	}
}

/* --- a region ------------------------------------------------------------------------------------------ */

void pages_begin(struct memory_diff *diff, struct memory_region *region)
{
	diff->current = region;
	region->n_heat = region->len >> diff->page_shift < HEAT_CELLS
				 ? (uint32_t)pages_of(diff, region->len)
				 : HEAT_CELLS;
	arena_reset(&diff->ranges_arena);
	diff->ranges.items = NULL;
	diff->ranges.n = diff->ranges.cap = 0;
	memset(diff->heat, 0, sizeof(diff->heat));
	memset(diff->held, 0, sizeof(diff->held));
}

void pages_end(struct memory_diff *diff)
{
	struct memory_region *region = diff->current;

	for (int i = 0; i < HEAT_CELLS; i++)
		region->heat[i] = (uint8_t)heat_of(diff->heat[i], diff->held[i]);
	region->ranges = diff->ranges.items;
	region->n_ranges = diff->ranges.n;
}
