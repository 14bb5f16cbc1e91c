#include "db/diff/memory.h"

#include <stdlib.h>
#include <unistd.h>

#include "db/diff/pages.h"
#include "decoders/base/window.h"

const char *page_change_name(enum page_change change)
{
	static const char *const names[] = {
		[PAGES_SAME] = "same", [PAGES_CHANGED] = "changed", [PAGES_NEW] = "new",
		[PAGES_GONE] = "gone", [PAGES_UNKNOWN] = "unknown",
	};

	return names[change];
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
	pages_begin(diff, ret);
	for (size_t i = 0; i < planned->n; i++)
		pages_compare(diff, &diff->plan.pieces.items[planned->first + i]);
	pages_end(diff);
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
		if (diff->is_ended)
			return false;
	} while (!has_pages(&ret->tally));
	add_tally(&diff->total, &ret->tally);
	return true;
}

bool memory_diff_again(struct memory_diff *diff, const struct memory_region *region, struct memory_region *ret)
{
	begin_tasks(diff, region->process_before, region->process_after);
	for (size_t i = 0; i < diff->plan.regions.n; i++) {
		const struct plan_region *planned = &diff->plan.regions.items[i];

		if (planned->before != region->before || planned->after != region->after ||
		    planned->is_gone != region->is_gone)
			continue;
		compare_region(diff, planned, ret);
		diff->region = diff->plan.regions.n;
		return !diff->is_ended;
	}
	return false;
}

const struct page_tally *memory_diff_total(const struct memory_diff *diff)
{
	return &diff->total;
}

/* --- what a region is of --------------------------------------------------------------------------------- */

const struct process *region_process(const struct comparison *comparison, const struct memory_region *region,
				     bool is_before)
{
	uint32_t row = is_before ? region->process_before : region->process_after;
	const struct checkpoint *checkpoint = is_before ? comparison->before
							: comparison->after;

	return row == NO_ROW ? NULL : &checkpoint->processes.items[row];
}

const struct vma *region_vma(const struct comparison *comparison, const struct memory_region *region,
			     bool *ret_is_before)
{
	bool is_before = region->vma_after == NO_ROW;
	uint32_t row = is_before ? region->vma_before : region->vma_after;
	const struct checkpoint *checkpoint = is_before ? comparison->before
							: comparison->after;

	*ret_is_before = is_before;
	return row == NO_ROW ? NULL : &checkpoint->vmas.items[row];
}

struct bytes region_name(const struct comparison *comparison, const struct memory_region *region)
{
	bool is_before;
	const struct vma *vma = region_vma(comparison, region, &is_before);
	const struct file *file;

	if (!vma)
		return NO_BYTES;
	file = checkpoint_file(is_before ? comparison->before : comparison->after, vma->file);
	return file && file->path.data ? file->path : bytes_of(vma->kind);
}

/* --- one page -------------------------------------------------------------------------------------------- */

static struct error *read_page(struct memory_diff *diff, int side, uint64_t address, uint8_t *page)
{
	struct reader *reader = side ? &diff->after : &diff->before;

	for (uint64_t at = 0; at < diff->page_size;) {
		struct span span = address_space_span(&diff->sides[side].space, address + at,
						    diff->page_size - at);
		struct error *error;

		if (span.state != SPAN_PRESENT || !span.len)
			return error_new(ERROR_DAMAGED, "the page at 0x%llx is not there whole",
					 (unsigned long long)address);
		error = pages_read(reader, &span, 0, page + at, (size_t)span.len);
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
		.before = { before, NO_OPEN_FILE, window_new(WINDOW) },
		.after = { after, NO_OPEN_FILE, window_new(WINDOW) },
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
