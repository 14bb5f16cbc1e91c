/*
 * Page runs: pagemap-N and pagemap-shmem-N.
 *
 * There may be a million of them, so a row is two pointers into what the page maps are anyway,
 * and their number is known before the first row is made.
 */
#include "decoders/base/cursor.h"
#include "decoders/model/layers.h"
#include "decoders/model/leaves/page_run.h"

struct owners {
	struct page_run_owner *items;
	size_t n, cap;
};

/* By the pages file itself where the model has seen no tasks: a page server's directory. */
static uint32_t find_page_size(struct checkpoint *checkpoint, const struct page_run_owner *owner)
{
	const struct member *pages = layer_image(&checkpoint->layers.items[owner->layer],
						 "pages-%u.img", owner->pagemap->pages_id);

	if (checkpoint->page_size || !pages)
		return checkpoint->page_size;
	return page_size_of(pages->size, owner->pagemap->total.present);
}

static void add_owner(struct checkpoint *checkpoint, struct owners *owners,
		      const struct member *member, struct page_run_owner owner)
{
	owner.member = source_index(checkpoint->layers.items[owner.layer].source, member);
	owner.page_size = find_page_size(checkpoint, &owner);
	*(struct page_run_owner *)vec_push_raw(&checkpoint->arena, (void **)&owners->items,
					       &owners->n, &owners->cap, sizeof(owner)) = owner;
}

static const struct pagemap *read_pagemap(struct checkpoint *checkpoint,
					  const struct member *member, const char *kind)
{
	struct pagemap *pagemap = arena_zalloc(&checkpoint->arena, sizeof(*pagemap));
	struct image_reader reader;

	if (load_open(checkpoint, member, kind, &reader)) {
		pagemap_read(&reader, &checkpoint->arena, pagemap);
		load_close(checkpoint, &reader);
	}
	return pagemap;
}

/* What the model has read already is not read again. */
static void add_tasks(struct checkpoint *checkpoint, struct owners *owners)
{
	const struct member *member;
	size_t position = 0;
	uint64_t pid;

	while ((member = load_next(checkpoint, "PAGEMAP", &position, &pid))) {
		uint32_t process = map_get(&checkpoint->process_by_pid, pid);
		struct page_run_owner owner = { .id = (uint32_t)pid };

		owner.pagemap = process == MAP_NONE ? read_pagemap(checkpoint, member, "PAGEMAP")
						    : layer_pagemap(checkpoint, 0, process);
		add_owner(checkpoint, owners, member, owner);
	}
}

/* Tasks whose pages a page server has. */
static void add_served(struct checkpoint *checkpoint, struct owners *owners)
{
	for (uint32_t i = 0; i < checkpoint->processes.n; i++) {
		struct page_run_owner owner = { .id = checkpoint->processes.items[i].pid,
						.layer = checkpoint->pagemap_layers[i],
						.pagemap = checkpoint->pagemaps[i] };
		const struct member *member = layer_image(&checkpoint->layers.items[owner.layer],
							  "pagemap-%u.img", owner.id);

		if (owner.layer && member)
			add_owner(checkpoint, owners, member, owner);
	}
}

static void add_shmem(struct checkpoint *checkpoint, struct owners *owners)
{
	const struct member *member;
	size_t position = 0;
	uint64_t shmid;

	while ((member = load_next(checkpoint, "SHMEM_PAGEMAP", &position, &shmid))) {
		struct page_run_owner owner = { .id = (uint32_t)shmid, .is_shmem = true };

		owner.pagemap = layer_shmem_pagemap(checkpoint, 0, shmid);
		add_owner(checkpoint, owners, member, owner);
	}
}

/* Page maps do not keep where in the image an entry is: it follows from the sizes before it. */
static void find_offsets(struct checkpoint *checkpoint, const struct page_run_owner *owner,
			 struct page_run_row *rows)
{
	const char *kind = owner->is_shmem ? "SHMEM_PAGEMAP" : "PAGEMAP";
	struct source *source = checkpoint->layers.items[owner->layer].source;
	struct image_reader reader;
	struct bytes payload;
	struct cursor cursor;
	uint32_t size, entry = 0;
	size_t i = 0;

	if (!load_open_in(checkpoint, source, &source->members.items[owner->member], kind, &reader))
		return;
	cursor = cursor_over(reader.image, reader.header.big_endian);
	cursor.pos += reader.header.len;
	while (i < owner->pagemap->n_runs) {
		uint64_t offset = cursor_offset(&cursor);

		if (!cursor_u32(&cursor, &size) || !cursor_take(&cursor, size, &payload))
			break;
		if (rows[i].run->entry == entry++)
			rows[i++].origin.offset = offset;
	}
	load_close(checkpoint, &reader);
}

static void add_runs(struct checkpoint *checkpoint, struct leaf_rows *rows,
		     const struct page_run_owner *owner)
{
	struct page_run_row *first = (struct page_run_row *)rows->items + rows->n;

	for (size_t i = 0; i < owner->pagemap->n_runs; i++) {
		const struct page_run *run = &owner->pagemap->runs[i];
		struct origin origin = { .member = owner->member, .entry = run->entry,
					 .offset = NO_OFFSET, .layer = owner->layer };

		first[i] = (struct page_run_row){ origin, owner, run };
	}
	rows->n += owner->pagemap->n_runs;
	if (owner->pagemap->n_runs)
		find_offsets(checkpoint, owner, first);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct owners owners = { 0 };

	add_tasks(checkpoint, &owners);
	add_served(checkpoint, &owners);
	add_shmem(checkpoint, &owners);
	for (size_t i = 0; i < owners.n; i++)
		rows->cap += owners.items[i].pagemap->n_runs;
	rows->items = arena_alloc(&checkpoint->arena,
				  (rows->cap + 1) * sizeof(struct page_run_row));
	for (size_t i = 0; i < owners.n; i++)
		add_runs(checkpoint, rows, &owners.items[i]);
}

const struct leaf leaf_page_run = {
	.name = "page_run",
	.row_size = sizeof(struct page_run_row),
	.needs = PART_PAGES,
	.load = load,
};
