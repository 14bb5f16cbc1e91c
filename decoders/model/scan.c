#include "decoders/model/scan.h"

#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/model/find.h"
#include "decoders/model/load.h"

void scan_init(struct checkpoint *checkpoint, struct scan *ret)
{
	*ret = (struct scan){ .checkpoint = checkpoint, .last = NO_OPEN_FILE };
	arena_init(&ret->arena);
}

void scan_deinit(struct scan *scan)
{
	if (scan->last.fd >= 0)
		close(scan->last.fd);
	arena_deinit(&scan->arena);
}

void scan_block_deinit(struct scan_block *block)
{
	free(block->pieces);
	*block = (struct scan_block){ 0 };
}

/* --- regions: mappings, or page maps ----------------------------------------------------------------- */

static bool is_wanted(const struct scan *scan, uint32_t pid)
{
	for (size_t i = 0; i < scan->n_pids; i++)
		if (scan->pids[i] == pid)
			return true;
	return scan->n_pids == 0;
}

/* The next mapping and those that follow without a gap, of the next task where this one has no more. */
static bool next_mappings(struct scan *scan)
{
	struct checkpoint *checkpoint = scan->checkpoint;
	const struct mapped_range *range;

	while (scan->range == scan->space.n) {
		if (scan->process == checkpoint->processes.n)
			return false;
		arena_reset(&scan->arena);
		scan->space.n = scan->range = 0;
		if (is_wanted(scan, checkpoint->processes.items[scan->process].pid))
			address_space_init(checkpoint, scan->process, &scan->arena, &scan->space);
		scan->process++;
	}
	range = &scan->space.ranges[scan->range++];
	scan->at = range->start;
	scan->region_end = range->end;
	for (; scan->range < scan->space.n; scan->range++) {
		range = &scan->space.ranges[scan->range];
		if (range->start != scan->region_end)
			break;
		scan->region_end = range->end;
	}
	return true;
}

static void open_pagemap(struct scan *scan, const struct layer *layer)
{
	struct checkpoint *checkpoint = scan->checkpoint;
	struct image_reader reader;

	arena_reset(&scan->arena);
	scan->pagemap = (struct pagemap){ 0 };
	if (!load_open_in(checkpoint, layer->source, scan->pagemap_member,
			  scan->is_shmem ? "SHMEM_PAGEMAP" : "PAGEMAP", &reader))
		return;
	pagemap_read(&reader, &scan->arena, &scan->pagemap);
	load_close(checkpoint, &reader);
}

/* The next page map of a layer: those of tasks, then of shared memory, then the next layer's. */
static bool next_pagemap(struct scan *scan)
{
	struct checkpoint *checkpoint = scan->checkpoint;
	uint64_t id;

	while (scan->layer < checkpoint->layers.n) {
		const struct layer *layer = &checkpoint->layers.items[scan->layer];

		scan->pagemap_member = find_next_image(layer->source, layer->images,
						       scan->is_shmem ? "SHMEM_PAGEMAP" : "PAGEMAP",
						       &scan->position, &id);
		if (scan->pagemap_member) {
			open_pagemap(scan, layer);
			scan->at = 0;
			scan->region_end = UINT64_MAX;
			return true;
		}
		scan->position = 0;
		scan->layer += scan->is_shmem;
		scan->is_shmem = !scan->is_shmem;
	}
	return false;
}

/* What is stored at an address of the page map that is open. */
static struct span stored_span(struct scan *scan, uint64_t address, uint64_t len)
{
	struct checkpoint *checkpoint = scan->checkpoint;
	const struct layer *layer = &checkpoint->layers.items[scan->layer];
	struct page_slice slice = { .len = len };
	struct span span = { .address = address, .state = SPAN_UNMAPPED, .vma = NO_ROW,
			     .layer = scan->layer };

	if (checkpoint->page_size)
		slice = pagemap_slice(&scan->pagemap, address, len, checkpoint->page_size);
	span.len = slice.len;
	if (!slice.present)
		return span;
	span.pages = layer_image(layer, "pages-%u.img", scan->pagemap.pages_id);
	span.offset = slice.offset;
	span.state = span.pages ? SPAN_PRESENT : SPAN_MISSING;
	span_cut_off(checkpoint, &span);
	return span;
}

static struct span span_at(struct scan *scan, uint64_t address, uint64_t len)
{
	if (len > scan->region_end - address)
		len = scan->region_end - address;
	return scan->by_storage ? stored_span(scan, address, len)
				: address_space_span(&scan->space, address, len);
}

/* --- blocks -------------------------------------------------------------------------------------------- */

static void add_piece(struct scan_block *block, const struct span *span)
{
	if (block->n == block->cap) {
		block->cap = block->cap ? 2 * block->cap : 16;
		block->pieces = realloc(block->pieces, block->cap * sizeof(*block->pieces));
		if (!block->pieces)
			out_of_memory();
	}
	block->pieces[block->n++] = (struct scan_piece){ span->address, span->len, span->vma,
							 span->layer, span->pages, span->offset };
}

/* [first, up to WANTED bytes behind .start), as far as the stretch goes. */
static void take_pieces(struct scan *scan, uint64_t wanted, struct scan_block *block)
{
	uint64_t room = scan->region_end - block->start;
	uint64_t target = block->start + (wanted < room ? wanted : room);

	block->last = block->first;
	while (block->last < target) {
		struct span span = span_at(scan, block->last, target - block->last);

		if (span.state != SPAN_PRESENT)
			break;
		add_piece(block, &span);
		block->last += span.len;
	}
	block->ends = block->last < target || target == scan->region_end;
}

static void make_block(struct scan *scan, struct scan_block *block)
{
	uint64_t back = scan->at - scan->stretch;

	block->process = scan->by_storage ? NO_ROW : scan->process - 1;
	block->pagemap = scan->by_storage ? scan->pagemap_member : NULL;
	block->start = scan->at;
	block->first = scan->at - (back < scan->behind ? back : scan->behind);
	block->begins = back == 0;
	block->n = 0;
	take_pieces(scan, SCAN_BLOCK + scan->ahead, block);
	block->end = block->last - block->start < SCAN_BLOCK ? block->last
							     : block->start + SCAN_BLOCK;
	scan->at = block->end;
	if (block->end == block->last && block->ends)
		scan->in_stretch = false;
}

/* Goes to the next byte that is stored. */
static bool find_stretch(struct scan *scan)
{
	for (;;) {
		struct span span;

		if (!scan->in_region || scan->at >= scan->region_end) {
			scan->in_region = scan->by_storage ? next_pagemap(scan) : next_mappings(scan);
			if (!scan->in_region)
				return false;
			continue;
		}
		span = span_at(scan, scan->at, UINT64_MAX);
		if (span.state == SPAN_PRESENT)
			break;
		scan->at += span.len;
	}
	scan->in_stretch = true;
	scan->stretch = scan->at;
	return true;
}

/* Where the block before this one is all hole, goes on to the last one that is. */
static void pass_hole(struct scan *scan)
{
	uint64_t before = scan->at - SCAN_BLOCK, hole;
	struct span span;

	if (scan->at - scan->stretch < SCAN_BLOCK)
		return;
	span = span_at(scan, before, 3 * SCAN_BLOCK);
	if (span.state != SPAN_PRESENT || span.len < 3 * SCAN_BLOCK)
		return;
	hole = source_hole(&scan->last, scan->checkpoint->layers.items[span.layer].source, span.pages,
			   span.offset, UINT64_MAX);
	if (hole < 3 * SCAN_BLOCK)
		return;
	hole = span_at(scan, before, hole).len / SCAN_BLOCK * SCAN_BLOCK - 2 * SCAN_BLOCK;
	scan->at += hole;
	scan->left_out += hole;
}

bool scan_next(struct scan *scan, struct scan_block *ret)
{
	if (!scan->in_stretch && !find_stretch(scan))
		return false;
	pass_hole(scan);
	make_block(scan, ret);
	return true;
}

/* --- reading --------------------------------------------------------------------------------------------- */

const struct scan_piece *scan_piece_at(const struct scan_block *block, uint64_t address)
{
	size_t low = 0, high = block->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct scan_piece *piece = &block->pieces[middle];

		if (address < piece->address)
			high = middle;
		else if (address - piece->address >= piece->len)
			low = middle + 1;
		else
			return piece;
	}
	return NULL;
}

struct error *scan_read(const struct checkpoint *checkpoint, const struct scan_block *block,
			struct open_file *last, uint64_t address, uint8_t *buffer, size_t len,
			size_t *ret_got)
{
	const struct scan_piece *piece = scan_piece_at(block, address);

	*ret_got = 0;
	for (; len && piece && piece < block->pieces + block->n; piece++) {
		uint64_t within = address - piece->address;
		size_t part = piece->len - within < len ? (size_t)(piece->len - within) : len;
		struct error *error = source_read_with(last, checkpoint->layers.items[piece->layer].source,
						       piece->pages, piece->offset + within, buffer,
						       part);

		if (error)
			return error;
		address += part;
		buffer += part;
		len -= part;
		*ret_got += part;
	}
	return NULL;
}
