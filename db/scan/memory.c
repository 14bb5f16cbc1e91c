/* Memory, as each task saw it; or page by page, as it is stored. */
#include "db/scan/sources.h"

#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/window.h"
#include "decoders/model/scan.h"
#include "decoders/model/vma.h"

/* A part of shared memory that some task has mapped already. */
struct shared {
	uint64_t start, end;
	uint32_t next; /* of the same memory; MAP_NONE */
};

struct walk {
	struct scanner *scanner;
	struct scan_block block;
	bool *is_repeated; /* by row of vma: what it shows was looked at in another one */
	uint8_t *buffer;
};

/* --- shared memory ------------------------------------------------------------------------------------------ */

struct sharing {
	struct arena *arena;
	VEC(struct shared) list;
	struct map first; /* by the id of the memory */
};

/* Whether all of it was mapped before; else it is now. */
static bool was_mapped(struct sharing *sharing, const struct vma *vma, uint64_t id)
{
	uint64_t start = vma->pgoff, end = vma->pgoff + (vma->end - vma->start);
	uint32_t index = map_get(&sharing->first, id);
	struct shared *shared;

	for (uint32_t i = index; i != MAP_NONE; i = sharing->list.items[i].next)
		if (sharing->list.items[i].start <= start && sharing->list.items[i].end >= end)
			return true;
	if (index == MAP_NONE)
		map_put(sharing->arena, &sharing->first, id, (uint32_t)sharing->list.n);
	shared = vec_push(sharing->arena, &sharing->list);
	*shared = (struct shared){ start, end, MAP_NONE };
	if (index == MAP_NONE)
		return false;
	shared->next = sharing->list.items[index].next;
	sharing->list.items[index].next = (uint32_t)(sharing->list.n - 1);
	return false;
}

static void find_repeated(struct walk *walk, const struct scan_request *request, struct arena *arena)
{
	struct checkpoint *checkpoint = walk->scanner->checkpoint;
	struct sharing sharing = { .arena = arena };

	walk->is_repeated = arena_zalloc(arena, checkpoint->vmas.n + 1);
	for (size_t i = 0; i < checkpoint->vmas.n; i++) {
		const struct vma *vma = &checkpoint->vmas.items[i];
		uint64_t id = vma_shmem(checkpoint, vma);

		if (id != ABSENT_U64 && scan_wants(request, vma->pid))
			walk->is_repeated[i] = was_mapped(&sharing, vma, id);
	}
}

/* --- blocks --------------------------------------------------------------------------------------------------- */

static void locate_mapped(const struct checkpoint *checkpoint, const struct vma *vma, uint64_t address,
			  struct find_place *ret)
{
	const struct file *file = checkpoint_file(checkpoint, vma->file);

	ret->where = "memory";
	ret->pid = vma->pid;
	ret->address = address;
	ret->mapping = vma->kind;
	ret->path = file ? file->path : NO_BYTES;
}

/* Whose addresses those of a page map are; ABSENT_U32 of shared memory. */
static uint32_t pid_of_pagemap(const struct member *pagemap)
{
	uint64_t pid;

	return image_name_fits(image_kind_named("PAGEMAP"), pagemap->name, &pid) && pid < ABSENT_U32 ? (uint32_t)pid
												       : ABSENT_U32;
}

static void locate_in_pagemap(const struct member *pagemap, uint64_t address, struct find_place *ret)
{
	ret->pid = pid_of_pagemap(pagemap);
	ret->address = ret->pid == ABSENT_U32 ? ABSENT_U64 : address;
}

static void locate(void *context, size_t position, struct find_place *ret)
{
	const struct walk *walk = context;
	const struct checkpoint *checkpoint = walk->scanner->checkpoint;
	uint64_t address = walk->block.first + position;
	const struct scan_piece *piece = scan_piece_at(&walk->block, address);

	ret->where = "pages";
	ret->source = checkpoint->layers.items[piece->layer].source->path;
	ret->image = piece->pages->name;
	ret->offset = piece->offset + (address - piece->address);
	if (piece->vma != NO_ROW) {
		locate_mapped(checkpoint, &checkpoint->vmas.items[piece->vma], address, ret);
	} else if (walk->block.pagemap) {
		locate_in_pagemap(walk->block.pagemap, address, ret);
	} else {
		ret->pid = checkpoint->processes.items[walk->block.process].pid;
		ret->address = address;
	}
}

/* Whether it is asked for, and was not looked at in another mapping. */
static bool is_wanted(const struct walk *walk, const struct scan_request *request)
{
	if (walk->block.process == NO_ROW)
		return scan_wants(request, pid_of_pagemap(walk->block.pagemap));
	for (size_t i = 0; i < walk->block.n; i++) {
		uint32_t vma = walk->block.pieces[i].vma;

		if (vma == NO_ROW || !walk->is_repeated[vma])
			return true;
	}
	return false;
}

static void look_at_block(struct walk *walk, struct open_file *last)
{
	const struct scan_block *block = &walk->block;
	const struct locator locator = { locate, walk };
	struct subject subject = { .data = walk->buffer, .ends = block->ends };
	size_t from = (size_t)(block->start - block->first), limit = (size_t)(block->end - block->first);

	problems_add(walk->scanner->problems,
		     scan_read(walk->scanner->checkpoint, block, last, block->first, walk->buffer,
			       (size_t)(block->last - block->first), &subject.len));
	scanner_look(walk->scanner, &subject, from, limit < subject.len ? limit : subject.len, &locator);
}

void scan_memory(struct scanner *scanner, const struct scan_request *request)
{
	struct walk walk = { .scanner = scanner, .buffer = window_new(SCAN_BEHIND + SCAN_BLOCK + SCAN_AHEAD) };
	struct open_file last = NO_OPEN_FILE;
	struct arena arena;
	struct scan scan;

	arena_init(&arena);
	find_repeated(&walk, request, &arena);
	scan_init(scanner->checkpoint, &scan);
	scan.pids = request->pids;
	scan.n_pids = request->n_pids;
	scan.by_storage = request->by_storage;
	scan.behind = SCAN_BEHIND;
	scan.ahead = SCAN_AHEAD;
	while (scan_next(&scan, &walk.block))
		if (is_wanted(&walk, request))
			look_at_block(&walk, &last);
	if (last.fd >= 0)
		close(last.fd);
	scan_block_deinit(&walk.block);
	scan_deinit(&scan);
	arena_deinit(&arena);
	free(walk.buffer);
}
