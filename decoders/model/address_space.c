#include "decoders/model/address_space.h"

#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/model/vma.h"

const char *span_state_name(enum span_state state)
{
	static const char *const names[] = {
		[SPAN_PRESENT] = "present", [SPAN_ZERO] = "zero",	[SPAN_FILE] = "file",
		[SPAN_LAZY] = "lazy",	    [SPAN_MISSING] = "missing", [SPAN_KERNEL] = "kernel",
		[SPAN_GUARD] = "guard",	    [SPAN_UNMAPPED] = "unmapped",
	};

	return names[state];
}

uint32_t process_row(const struct checkpoint *checkpoint, uint32_t pid)
{
	uint32_t row = map_get(&checkpoint->process_by_pid, pid);

	return row == MAP_NONE ? NO_ROW : row;
}

const struct vma *span_vma(const struct checkpoint *checkpoint, uint32_t vma)
{
	return vma == NO_ROW ? NULL : &checkpoint->vmas.items[vma];
}

/* --- ranges ------------------------------------------------------------------------------------------- */

static int by_start(const void *a, const void *b)
{
	const struct mapped_range *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

/* Of mappings that overlap, which is damage, the later one counts. */
static void sort_ranges(struct mapped_range *ranges, size_t n)
{
	if (n)
		qsort(ranges, n, sizeof(*ranges), by_start);
	for (size_t i = 0; i + 1 < n; i++)
		if (ranges[i].end > ranges[i + 1].start)
			ranges[i].end = ranges[i + 1].start;
}

static void take_mappings(struct address_space *space, const struct process *owner)
{
	for (uint32_t row = owner->first_vma; row < owner->first_vma + owner->n_vmas; row++) {
		const struct vma *vma = &space->checkpoint->vmas.items[row];
		struct mapped_range range = { vma->start, vma->end, row };

		if (vma->start >= vma->end)
			continue;
		if (vma_is_overlay(vma->status))
			space->guards[space->n_guards++] = range;
		else
			space->ranges[space->n++] = range;
	}
}

static void take_runs(struct address_space *space, const struct pagemap *pagemap)
{
	for (size_t i = 0; i < pagemap->n_runs; i++) {
		const struct page_run *run = &pagemap->runs[i];
		struct mapped_range *last = space->n ? &space->ranges[space->n - 1] : NULL;
		uint64_t len, end;

		if (!size_mul(run->n_pages, (uint64_t)space->checkpoint->page_size, &len) ||
		    !size_add(run->address, len, &end))
			end = UINT64_MAX;
		if (end <= run->address || (last && end <= last->end))
			continue;
		if (last && run->address <= last->end)
			last->end = end;
		else
			space->ranges[space->n++] = (struct mapped_range){ run->address, end, NO_ROW };
	}
}

void address_space_init(struct checkpoint *checkpoint, uint32_t process, struct arena *arena,
			struct address_space *ret)
{
	const struct process *owner = &checkpoint->processes.items[process];
	const struct pagemap *pagemap = checkpoint->pagemaps[process];
	struct address_space space = { .checkpoint = checkpoint, .process = process };
	size_t most = owner->has_mm ? owner->n_vmas : pagemap->n_runs;

	space.ranges = arena_alloc(arena, (most + 1) * sizeof(*space.ranges));
	space.guards = arena_alloc(arena, ((size_t)owner->n_vmas + 1) * sizeof(*space.guards));
	if (owner->has_mm)
		take_mappings(&space, owner);
	else
		take_runs(&space, pagemap);
	sort_ranges(space.ranges, space.n);
	if (space.n_guards)
		qsort(space.guards, space.n_guards, sizeof(*space.guards), by_start);
	*ret = space;
}

size_t ranges_up_to(const struct mapped_range *ranges, size_t n, uint64_t address)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ranges[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* --- spans -------------------------------------------------------------------------------------------- */

static struct span unmapped(uint64_t address, uint64_t len)
{
	return (struct span){ .address = address, .len = len, .state = SPAN_UNMAPPED, .vma = NO_ROW,
			      .file = NO_ROW };
}

static void in_file(const struct vma *vma, uint64_t offset, struct span *span)
{
	span->state = SPAN_FILE;
	span->file = vma->file;
	span->file_offset = offset;
}

/*
 * Of a memfd there is no file but the images: what they do not hold was never written, up to the end of its
 * last page.
 */
static void in_memfd(const struct checkpoint *checkpoint, const struct vma *vma, uint64_t offset,
		     struct span *span)
{
	const struct file *file = checkpoint_file(checkpoint, vma->file);
	uint64_t end;

	if (!file || file->shmid == ABSENT_U64) {
		span->state = SPAN_MISSING;
		return;
	}
	if (!size_round_up(file->size, checkpoint->page_size, &end))
		end = UINT64_MAX;
	if (offset >= end) {
		in_file(vma, offset, span);
	} else {
		span->state = SPAN_ZERO;
		span->len = end - offset < span->len ? end - offset : span->len;
	}
}

/* What is at an address that no run says anything of. */
static void not_dumped(const struct checkpoint *checkpoint, const struct vma *vma, uint64_t within,
		       struct span *span)
{
	uint64_t offset;

	if (!size_add(vma->pgoff, within, &offset))
		offset = UINT64_MAX;
	if (vma->status & VMA_MEMFD)
		in_memfd(checkpoint, vma, offset, span);
	else if (vma->status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED))
		in_file(vma, offset, span);
	else if (vma->status & VMA_OF_KERNEL)
		span->state = SPAN_KERNEL;
	else
		span->state = SPAN_ZERO;
}

void span_cut_off(struct checkpoint *checkpoint, struct span *span)
{
	const struct source *source = checkpoint->layers.items[span->layer].source;
	uint64_t end = span->pages ? member_readable(source, span->pages) : 0;
	struct error *error;

	if (span->state != SPAN_PRESENT || (span->offset < end && span->len <= end - span->offset))
		return;
	error = error_at(error_new(ERROR_DAMAGED, "ends early: pages behind it are missing"), NO_ENTRY,
			 end);
	problems_add(&checkpoint->problems,
		     error_in_source(error_in_image(error, span->pages->name), source->path));
	if (span->offset < end)
		span->len = end - span->offset;
	else
		span->state = SPAN_MISSING;
}

/* What is not dumped may lie under guards. */
static void look_for_guards(const struct address_space *space, struct span *span)
{
	const struct mapped_range *guards = space->guards;
	size_t n = ranges_up_to(guards, space->n_guards, span->address);

	if (n && guards[n - 1].end > span->address) {
		uint64_t left = guards[n - 1].end - span->address;

		span->state = SPAN_GUARD;
		span->file = NO_ROW;
		span->file_offset = 0;
		span->len = left < span->len ? left : span->len;
	} else if (n < space->n_guards && guards[n].start - span->address < span->len) {
		span->len = guards[n].start - span->address;
	}
}

static void take_place(const struct checkpoint *checkpoint, const struct place *place,
		       const struct vma *vma, uint64_t address, struct span *span)
{
	span->len = place->len;
	switch (place->state) {
	case PLACE_PRESENT:
		span->state = SPAN_PRESENT;
		span->layer = place->layer;
		span->pages = place->pages;
		span->offset = place->offset;
		break;
	case PLACE_LAZY:
		span->state = SPAN_LAZY;
		break;
	case PLACE_MISSING:
		span->state = SPAN_MISSING;
		break;
	case PLACE_NOT_DUMPED:
		if (vma)
			not_dumped(checkpoint, vma, address - vma->start, span);
		else
			span->state = SPAN_UNMAPPED;
		break;
	}
}

/*
 * A private mapping of shared memory (a memfd) has pages of its own where it was written to; the others
 * are those of the memory behind it.
 */
static struct place find_place(const struct address_space *space, const struct vma *vma,
			       uint64_t address, uint64_t len)
{
	uint64_t shmid = vma_shmem(space->checkpoint, vma), offset;
	struct place place = { .state = PLACE_NOT_DUMPED, .address = address, .len = len };

	if (shmid == ABSENT_U64 || vma->prot[3] == 'p')
		place = memory_place(space->checkpoint, space->process, address, len);
	if (shmid == ABSENT_U64 || place.state != PLACE_NOT_DUMPED ||
	    !size_add(vma->pgoff, address - vma->start, &offset))
		return place;
	return shmem_place(space->checkpoint, shmid, offset, place.len);
}

static struct span span_of(const struct address_space *space, uint32_t row, uint64_t address,
			   uint64_t len)
{
	struct checkpoint *checkpoint = space->checkpoint;
	const struct vma *vma = span_vma(checkpoint, row);
	struct span span = { .address = address, .len = len, .vma = row, .file = NO_ROW };
	struct place place = vma ? find_place(space, vma, address, len)
				 : memory_place(checkpoint, space->process, address, len);

	if (space->lookups)
		(*space->lookups)++;
	take_place(checkpoint, &place, vma, address, &span);
	span_cut_off(checkpoint, &span);
	if (place.state == PLACE_NOT_DUMPED && space->n_guards)
		look_for_guards(space, &span);
	return span;
}

/* Runs of the same pages file that lie one behind the other are one. */
static bool continues(const struct span *span, const struct span *next)
{
	if (span->state != next->state || span->vma != next->vma)
		return false;
	switch (span->state) {
	case SPAN_PRESENT:
		return span->pages == next->pages && span->layer == next->layer &&
		       span->offset + span->len == next->offset;
	case SPAN_FILE:
		return span->file == next->file && span->file_offset + span->len == next->file_offset;
	default:
		return true;
	}
}

struct span address_space_span(const struct address_space *space, uint64_t address, uint64_t len)
{
	const struct mapped_range *ranges = space->ranges, *range;
	size_t n = ranges_up_to(ranges, space->n, address);
	uint64_t next = n < space->n ? ranges[n].start : UINT64_MAX;
	struct span span;

	if (len > UINT64_MAX - address)
		len = UINT64_MAX - address;
	if (n == 0 || ranges[n - 1].end <= address)
		return unmapped(address, next - address < len ? next - address : len);
	range = &ranges[n - 1];
	if (len > range->end - address)
		len = range->end - address;
	span = span_of(space, range->vma, address, len);
	while (span.len < len) {
		struct span more = span_of(space, range->vma, address + span.len, len - span.len);

		if (!continues(&span, &more))
			break;
		span.len += more.len;
	}
	return span;
}

struct error *span_read(const struct address_space *space, const struct span *span, uint64_t offset,
			void *buffer, size_t len)
{
	struct checkpoint *checkpoint = space->checkpoint;
	unsigned long long at = span->address + offset;

	if (span->state == SPAN_ZERO) {
		memset(buffer, 0, len);
		return NULL;
	}
	if (span->state != SPAN_PRESENT)
		return error_new(ERROR_DAMAGED, "the bytes at 0x%llx are not in the checkpoint: %s", at,
				 span_state_name(span->state));
	return source_read(checkpoint->layers.items[span->layer].source, span->pages,
			   span->offset + offset, buffer, len);
}
