#include "db/diff/memory.h"

#include <stdlib.h>
#include <unistd.h>

#include "db/diff/mappings.h"

enum { WINDOW = 256 << 10 }; /* bytes of either side that are in memory at once; at least a page */

/* Whether a layer before and one after are the same bytes on disk. */
enum { NOT_ASKED, SAME_SOURCE, OTHER_SOURCE };

struct reader {
	struct checkpoint *checkpoint;
	struct open_file last;
	uint8_t *window;
};

struct memory_diff {
	struct reader before, after;
	const struct task_pairs *pairs;
	struct memory_request request;
	uint32_t page_size, page_shift; /* a power of two, and which */
	uint8_t *is_same_source; /* by layer before and after */
	struct page_tally total;
	struct arena arena;      /* of the tasks that are being compared */
	struct memory_side sides[2];
	struct plan plan;
	size_t region;           /* the next one of the plan */
	uint32_t next_after, next_before; /* rows of process */
	/* of the region that is being compared: */
	struct memory_region *current;
	uint64_t heat[HEAT_CELLS], held[HEAT_CELLS]; /* pages: that differ, and all */
	struct arena ranges_arena;
	VEC(struct page_range) ranges;
};

const char *page_change_name(enum page_change change)
{
	static const char *const names[] = {
		[PAGES_SAME] = "same", [PAGES_CHANGED] = "changed", [PAGES_NEW] = "new",
		[PAGES_GONE] = "gone", [PAGES_UNKNOWN] = "unknown",
	};

	return names[change];
}

/* --- what is found ------------------------------------------------------------------------------------ */

static uint64_t pages_of(const struct memory_diff *diff, uint64_t len)
{
	return (len >> diff->page_shift) + ((len & (diff->page_size - 1)) != 0);
}

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

static struct error *read_span(struct reader *reader, const struct span *span, uint64_t offset,
			       uint8_t *buffer, size_t len)
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

static void compare_bytes(struct memory_diff *diff, const struct stretch *stretch)
{
	for (uint64_t at = 0, n; at < stretch->len; at += n) {
		struct error *error;

		n = stretch->len - at < WINDOW ? stretch->len - at : WINDOW;
		error = read_span(&diff->before, &stretch->before, at, diff->before.window, (size_t)n);
		problems_add(&diff->before.checkpoint->problems, error);
		if (!error) {
			error = read_span(&diff->after, &stretch->after, at, diff->after.window, (size_t)n);
			problems_add(&diff->after.checkpoint->problems, error);
		}
		if (!error)
			compare_pages(diff, stretch, at, (size_t)n);
		else
			take(diff, &(struct page_range){ stretch->before.address + at,
							 stretch->after.address + at,
							 pages_of(diff, n),
							 PAGES_UNKNOWN, false });
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
	if (own->is_predump && other_extent != NO_ROW && other->extents[other_extent].is_shared)
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
	span = memory_side_span(&diff->sides[side], address, len);
	return span.len ? span : none;
}

static void compare_piece(struct memory_diff *diff, const struct plan_piece *piece)
{
	for (uint64_t at = 0; at < piece->len;) {
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

/* --- regions --------------------------------------------------------------------------------------------- */

static uint32_t vma_of(const struct memory_side *side, uint32_t extent)
{
	return extent == NO_ROW ? NO_ROW : side->extents[extent].vma;
}

static void compare_region(struct memory_diff *diff, const struct plan_region *planned,
			   struct memory_region *ret)
{
	*ret = (struct memory_region){
		.process_before = diff->sides[0].process, .process_after = diff->sides[1].process,
		.vma_before = vma_of(&diff->sides[0], planned->extent_before),
		.vma_after = vma_of(&diff->sides[1], planned->extent_after),
		.before = planned->before, .after = planned->after, .len = planned->len,
		.is_gone = planned->is_gone, .moved = planned->moved,
	};
	diff->current = ret;
	ret->n_heat = planned->len >> diff->page_shift < HEAT_CELLS ? (uint32_t)pages_of(diff, planned->len)
								  : HEAT_CELLS;
	arena_reset(&diff->ranges_arena);
	diff->ranges.items = NULL;
	diff->ranges.n = diff->ranges.cap = 0;
	memset(diff->heat, 0, sizeof(diff->heat));
	memset(diff->held, 0, sizeof(diff->held));
	for (size_t i = 0; i < planned->n; i++)
		compare_piece(diff, &diff->plan.pieces.items[planned->first + i]);
	for (int i = 0; i < HEAT_CELLS; i++)
		ret->heat[i] = (uint8_t)heat_of(diff->heat[i], diff->held[i]);
	ret->ranges = diff->ranges.items;
	ret->n_ranges = diff->ranges.n;
}

static void add_tally(struct page_tally *sum, const struct page_tally *tally)
{
	for (int i = 0; i < N_PAGE_CHANGES; i++)
		sum->pages[i] += tally->pages[i];
	sum->in_parent += tally->in_parent;
	sum->stored_again += tally->stored_again;
	sum->bytes_changed += tally->bytes_changed;
	sum->one_sided += tally->one_sided;
}

static bool has_pages(const struct page_tally *tally)
{
	for (int i = 0; i < N_PAGE_CHANGES; i++)
		if (tally->pages[i])
			return true;
	return false;
}

static bool is_wanted(const struct memory_diff *diff, uint32_t pid)
{
	for (size_t i = 0; i < diff->request.n_pids; i++)
		if (diff->request.pids[i] == pid)
			return true;
	return diff->request.n_pids == 0;
}

static void begin_tasks(struct memory_diff *diff, uint32_t before, uint32_t after)
{
	arena_reset(&diff->arena);
	memory_side_init(diff->before.checkpoint, before, &diff->arena, &diff->sides[0]);
	memory_side_init(diff->after.checkpoint, after, &diff->arena, &diff->sides[1]);
	plan_make(&diff->sides[0], &diff->sides[1], &diff->arena, &diff->plan);
	diff->region = 0;
}

/* The next tasks: those of after, then those that are gone. */
static bool next_tasks(struct memory_diff *diff)
{
	const struct checkpoint *before = diff->before.checkpoint, *after = diff->after.checkpoint;

	while (diff->next_after < after->processes.n) {
		uint32_t row = diff->next_after++;

		if (!is_wanted(diff, after->processes.items[row].pid))
			continue;
		begin_tasks(diff, diff->pairs->before_of[row], row);
		return true;
	}
	while (diff->next_before < before->processes.n) {
		uint32_t row = diff->next_before++;

		if (diff->pairs->after_of[row] != NO_ROW ||
		    !is_wanted(diff, before->processes.items[row].pid))
			continue;
		begin_tasks(diff, row, NO_ROW);
		return true;
	}
	return false;
}

bool memory_diff_next(struct memory_diff *diff, struct memory_region *ret)
{
	do {
		while (diff->region == diff->plan.regions.n)
			if (!next_tasks(diff))
				return false;
		compare_region(diff, &diff->plan.regions.items[diff->region++], ret);
	} while (!has_pages(&ret->tally));
	add_tally(&diff->total, &ret->tally);
	return true;
}

const struct page_tally *memory_diff_total(const struct memory_diff *diff)
{
	return &diff->total;
}

/* --- one page -------------------------------------------------------------------------------------------- */

static struct error *read_page(struct memory_diff *diff, int side, uint64_t address, uint8_t *page)
{
	struct reader *reader = side ? &diff->after : &diff->before;

	for (uint64_t at = 0; at < diff->page_size;) {
		struct span span = memory_side_span(&diff->sides[side], address + at,
						    diff->page_size - at);
		struct error *error;

		if (span.state != SPAN_PRESENT || !span.len)
			return error_new(ERROR_DAMAGED, "the page at 0x%llx is not there whole",
					 (unsigned long long)address);
		error = read_span(reader, &span, 0, page + at, (size_t)span.len);
		if (error)
			return error;
		at += span.len;
	}
	return NULL;
}

struct error *memory_diff_read(struct memory_diff *diff, const struct page_range *range, uint64_t page,
			       uint8_t *before, uint8_t *after)
{
	uint64_t offset = page * diff->page_size;
	struct error *error = read_page(diff, 0, range->before + offset, before);

	return error ? error : read_page(diff, 1, range->after + offset, after);
}

/* --- beginning and end ------------------------------------------------------------------------------------ */

static uint8_t *new_window(void)
{
	uint8_t *window = malloc(WINDOW);

	if (!window)
		out_of_memory();
	return window;
}

static bool has_pagemaps(const struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->processes.n; i++)
		if (checkpoint->pagemaps[i]->n_runs)
			return true;
	return false;
}

static struct error *check_page_sizes(const struct checkpoint *before, const struct checkpoint *after)
{
	if (!before->page_size || !after->page_size)
		return error_new(ERROR_DAMAGED, "memory is not compared: the size of a page is unknown");
	if (before->page_size != after->page_size)
		return error_new(ERROR_DAMAGED, "memory is not compared: pages of %u bytes and of %u",
				 before->page_size, after->page_size);
	return NULL;
}

struct memory_diff *memory_diff_new(struct comparison *comparison, const struct memory_request *request,
				    struct error **ret_error)
{
	struct checkpoint *before = comparison->before, *after = comparison->after;
	struct memory_diff *diff;
	struct error *error = NULL;

	if (has_pagemaps(before) || has_pagemaps(after))
		error = check_page_sizes(before, after);
	*ret_error = error;
	if (error)
		return NULL;
	diff = calloc(1, sizeof(*diff));
	if (!diff)
		out_of_memory();
	*diff = (struct memory_diff){
		.before = { before, NO_OPEN_FILE, new_window() },
		.after = { after, NO_OPEN_FILE, new_window() },
		.pairs = &comparison->pairs, .request = *request,
		.page_size = after->page_size ? after->page_size : 4096,
	};
	diff->page_shift = (uint32_t)__builtin_ctz(diff->page_size);
	diff->is_same_source = calloc(before->layers.n * after->layers.n + 1, 1);
	if (!diff->is_same_source)
		out_of_memory();
	arena_init(&diff->arena);
	arena_init(&diff->ranges_arena);
	return diff;
}

static void close_reader(struct reader *reader)
{
	if (reader->last.fd >= 0)
		close(reader->last.fd);
	free(reader->window);
}

void memory_diff_free(struct memory_diff *diff)
{
	if (!diff)
		return;
	close_reader(&diff->before);
	close_reader(&diff->after);
	free(diff->is_same_source);
	arena_deinit(&diff->arena);
	arena_deinit(&diff->ranges_arena);
	free(diff);
}
