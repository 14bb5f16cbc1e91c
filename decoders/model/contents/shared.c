/*
 * Shared memory: the pages of pagemap-shmem-N, through the chain of parents.
 *
 * CRIU keeps memfds so, anonymous memory that tasks share, and System V segments; all of them as memfds
 * where the kernel can, under the names that the kernel gives their files. What no run of the page map names
 * was never touched: a hole.
 */
#include "decoders/base/size.h"
#include "decoders/model/contents/contents.h"
#include "decoders/model/find.h"
#include "decoders/model/layers.h"
#include "decoders/model/leaves/memfd.h"
#include "decoders/model/leaves/sysv.h"
#include "decoders/model/vma.h"
#include "fdinfo.pb-c.h"
#include "memory.pb-c.h"
#include "namespaces.pb-c.h"

/* --- pages ---------------------------------------------------------------------------------------------- */

struct shared {
	struct checkpoint *checkpoint;
	const struct content_sink *sink;
	struct pagemap maps[MOST_LAYERS]; /* by layer; without runs where there is none */
	uint32_t page_size;
	uint64_t no_map, in_parent, lazy, cut; /* bytes that are missing, and why */
	bool stopped;
};

static uint32_t page_size_for(const struct shared *shared, uint32_t first)
{
	const struct layer *layer = &shared->checkpoint->layers.items[first];
	const struct pagemap *map = &shared->maps[first];
	const struct member *pages = layer_image(layer, "pages-%u.img", map->pages_id);
	uint32_t size = pages ? page_size_of(pages->size, map->total.present) : 0;

	return shared->checkpoint->page_size ? shared->checkpoint->page_size : size ? size : 4096;
}

/* The first layer that has a page map; the number of layers where none has. */
static uint32_t read_maps(struct shared *shared, uint64_t shmid, struct arena *arena)
{
	struct checkpoint *checkpoint = shared->checkpoint;
	uint32_t first = (uint32_t)checkpoint->layers.n;

	for (uint32_t i = (uint32_t)checkpoint->layers.n; i-- > 0;) {
		const struct layer *layer = &checkpoint->layers.items[i];
		const struct member *member = layer_image(layer, "pagemap-shmem-%llu.img",
							  (unsigned long long)shmid);
		struct image_reader reader;

		if (!member || !load_open_in(checkpoint, layer->source, member, "SHMEM_PAGEMAP", &reader))
			continue;
		pagemap_read(&reader, arena, &shared->maps[i]);
		load_close(checkpoint, &reader);
		first = i;
	}
	return first;
}

/* Bytes from ADDRESS to the next run; UINT64_MAX where there is none. */
static uint64_t distance(const struct pagemap *map, uint64_t address)
{
	size_t low = 0, high = map->n_runs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (map->runs[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < map->n_runs ? map->runs[low].address - address : UINT64_MAX;
}

static void copy_present(struct shared *shared, uint32_t index, const struct page_slice *slice)
{
	const struct layer *layer = &shared->checkpoint->layers.items[index];
	const struct member *pages = layer_image(layer, "pages-%u.img", shared->maps[index].pages_id);

	shared->cut += pages ? contents_copy(shared->checkpoint, shared->sink, slice->address, layer->source,
					     pages, slice->offset, slice->len, &shared->stopped)
			     : slice->len;
}

/* [START, START + LEN) as layer INDEX has it, or those below. */
static void copy_range(struct shared *shared, uint32_t index, uint64_t start, uint64_t len)
{
	while (len && !shared->stopped) {
		const struct pagemap *map = &shared->maps[index];
		struct page_slice slice = { .len = len };

		if (index < shared->checkpoint->layers.n)
			slice = pagemap_slice(map, start, len, shared->page_size);
		if (!slice.known) {
			uint64_t gap = index < shared->checkpoint->layers.n ? distance(map, start) : len;

			slice.len = gap < len ? gap : len;
			shared->in_parent += slice.len;
		} else if (slice.present) {
			copy_present(shared, index, &slice);
		} else if (slice.in_parent) {
			copy_range(shared, index + 1, start, slice.len);
		} else {
			shared->lazy += slice.len;
		}
		start += slice.len;
		len -= slice.len;
	}
}

static void copy_runs(struct shared *shared, uint32_t first, uint64_t size)
{
	const struct pagemap *map = &shared->maps[first];

	for (size_t i = 0; i < map->n_runs && !shared->stopped; i++) {
		const struct page_run *run = &map->runs[i];
		uint64_t len;

		if (run->address >= size)
			return;
		if (!size_mul(run->n_pages, (uint64_t)shared->page_size, &len) || len > size - run->address)
			len = size - run->address;
		copy_range(shared, first, run->address, len);
	}
}

static const char *why_missing(const struct shared *shared)
{
	return shared->no_map	   ? "its page map is not here: in a page server's directory, or the dump failed"
	       : shared->in_parent ? "pages are in a parent that is not here"
	       : shared->cut	   ? "the pages image ends early or cannot be read"
	       : shared->lazy	   ? "pages were left to a page server"
				   : NULL;
}

static void tell_missing(const struct shared *shared, uint64_t shmid)
{
	uint64_t missing = shared->no_map + shared->in_parent;

	if (!missing)
		return; /* what else is missing was told where it was read, or is where it should be */
	problems_add(&shared->checkpoint->problems,
		     error_in_source(error_new(ERROR_DAMAGED, "shared memory %llu: %llu bytes are missing: %s",
					       (unsigned long long)shmid, (unsigned long long)missing,
					       why_missing(shared)),
				     shared->checkpoint->source.path));
}

/* Of a streamed archive the pages are kept in a pass of their own, all that are shared memory's at once. */
static void keep_pages(struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->layers.n; i++) {
		const struct layer *layer = &checkpoint->layers.items[i];
		VEC(struct want) wants = { 0 };
		const struct member *member;
		size_t position = 0;
		uint64_t id;

		while (layer->source->is_streamed &&
		       (member = find_next_image(layer->source, layer->images, "SHMEM_PAGEMAP", &position, &id))) {
			struct image_reader reader;
			struct image_entry entry;

			if (!load_open_in(checkpoint, layer->source, member, "SHMEM_PAGEMAP", &reader))
				continue;
			member = image_next(&reader, &entry)
					 ? layer_image(layer, "pages-%u.img",
						       ((const PagemapHead *)entry.message)->pages_id)
					 : NULL;
			load_close(checkpoint, &reader);
			if (member)
				*vec_push(&checkpoint->arena, &wants) =
					(struct want){ source_index(layer->source, member), { 0, member->size } };
		}
		problems_add(&checkpoint->problems, source_keep(layer->source, wants.items, wants.n));
	}
}

/* --- one content ------------------------------------------------------------------------------------------ */

static void give(struct checkpoint *checkpoint, const struct content_sink *sink, uint64_t shmid,
		 struct content *content)
{
	const struct member *map = checkpoint_image(checkpoint, "pagemap-shmem-%llu.img",
						    (unsigned long long)shmid);
	struct shared *shared;
	struct arena arena;
	uint32_t first;

	content->from = (struct content_place){ checkpoint->source.path, map ? map->name : NO_BYTES, NO_OFFSET };
	if (!sink->begin(sink->context, content))
		return;
	arena_init(&arena);
	shared = arena_zalloc(&arena, sizeof(*shared));
	shared->checkpoint = checkpoint;
	shared->sink = sink;
	first = read_maps(shared, shmid, &arena);
	if (first < checkpoint->layers.n) {
		shared->page_size = page_size_for(shared, first);
		copy_runs(shared, first, content->size);
	} else {
		shared->no_map = content->size;
	}
	tell_missing(shared, shmid);
	sink->end(sink->context, shared->no_map + shared->in_parent + shared->lazy + shared->cut,
		  why_missing(shared));
	arena_deinit(&arena);
}

/* --- memfds, and what is kept as such ------------------------------------------------------------------------ */

static uint64_t key_of_memfd(const struct file *file)
{
	return file->fd_type == FD_TYPES__MEMFD ? file->shmid : ABSENT_U64;
}

static const char *kind_of(const struct memfd *memfd)
{
	return bytes_equal(memfd->name, BYTES("/dev/zero"))	? "shmem"
	       : bytes_start_with(memfd->name, BYTES("/SYSV")) ? "sysv"
							       : "memfd";
}

/* Memfds of a kind; *DONE gets the ids of all: of one that is named twice the first counts. */
static void give_memfds(struct checkpoint *checkpoint, const struct content_sink *sink, const char *kind,
			struct map *done)
{
	struct leaf_rows rows;
	struct owners owners;

	checkpoint_need(checkpoint, PART_PAGES);
	checkpoint_need_leaf(checkpoint, &leaf_memfd);
	keep_pages(checkpoint);
	rows = checkpoint_leaf(checkpoint, &leaf_memfd);
	owners_by_file(checkpoint, key_of_memfd, &owners);
	for (uint32_t i = 0; i < rows.n; i++) {
		const struct memfd *memfd = (const struct memfd *)rows.items + i;
		struct content content = { .kind = kind_of(memfd), .size = memfd->size };

		if (!map_put(&checkpoint->arena, done, memfd->shmid, i) || strcmp(content.kind, kind) != 0)
			continue;
		content.id = arena_printf(&checkpoint->arena, "%u", memfd->shmid);
		owners_of(checkpoint, &owners, memfd->shmid, &content);
		if (!content.path.data)
			content.path = memfd->name;
		give(checkpoint, sink, memfd->shmid, &content);
	}
}

void contents_of_memfds(struct checkpoint *checkpoint, const struct content_sink *sink)
{
	struct map done = { 0 };

	give_memfds(checkpoint, sink, "memfd", &done);
}

/* --- anonymous memory ------------------------------------------------------------------------------------------ */

/* The end of what is mapped of it; where nobody has it mapped, of its page map. */
static uint64_t end_of(struct checkpoint *checkpoint, const struct member *member, uint64_t shmid,
		       const struct map *ends)
{
	uint32_t vma = map_get(ends, shmid);
	struct pagemap map = { 0 };
	struct image_reader reader;
	struct arena arena;
	uint64_t end = 0;

	if (vma != MAP_NONE)
		return checkpoint->vmas.items[vma].pgoff + checkpoint->vmas.items[vma].end -
		       checkpoint->vmas.items[vma].start;
	arena_init(&arena);
	if (load_open(checkpoint, member, "SHMEM_PAGEMAP", &reader)) {
		pagemap_read(&reader, &arena, &map);
		load_close(checkpoint, &reader);
	}
	if (map.n_runs)
		end = map.runs[map.n_runs - 1].address +
		      map.runs[map.n_runs - 1].n_pages * (checkpoint->page_size ? checkpoint->page_size : 4096);
	arena_deinit(&arena);
	return end;
}

/* The mapping of each id that reaches furthest into it. */
static struct map find_ends(struct checkpoint *checkpoint)
{
	struct map slots = { 0 }, ends = { 0 };
	uint32_t *furthest = arena_alloc(&checkpoint->arena, (checkpoint->vmas.n + 1) * sizeof(*furthest));
	uint32_t n = 0;

	for (uint32_t i = 0; i < checkpoint->vmas.n; i++) {
		const struct vma *vma = &checkpoint->vmas.items[i], *other;
		uint32_t slot;

		if (!(vma->status & VMA_ANON_SHARED) || vma->end < vma->start)
			continue;
		if (map_put(&checkpoint->arena, &slots, vma->shmid, n)) {
			furthest[n++] = i;
			continue;
		}
		slot = map_get(&slots, vma->shmid);
		other = &checkpoint->vmas.items[furthest[slot]];
		if (vma->pgoff + vma->end - vma->start > other->pgoff + other->end - other->start)
			furthest[slot] = i;
	}
	for (uint32_t i = 0; i < n; i++)
		map_put(&checkpoint->arena, &ends, checkpoint->vmas.items[furthest[i]].shmid, furthest[i]);
	return ends;
}

/* Segments that have their pages there are known by their own ids. */
static void pass_over_segments(struct checkpoint *checkpoint, struct map *done)
{
	struct leaf_rows rows;

	checkpoint_need_leaf(checkpoint, &leaf_sysv);
	rows = checkpoint_leaf(checkpoint, &leaf_sysv);
	for (uint32_t i = 0; i < rows.n; i++) {
		const struct sysv *sysv = (const struct sysv *)rows.items + i;

		if (sysv->in_pagemaps)
			map_put(&checkpoint->arena, done, sysv->id, i);
	}
}

void contents_of_shmem(struct checkpoint *checkpoint, const struct content_sink *sink)
{
	struct map done = { 0 }, ends;
	const struct member *member;
	struct owners owners;
	size_t position = 0;
	uint64_t shmid;

	give_memfds(checkpoint, sink, "shmem", &done);
	pass_over_segments(checkpoint, &done);
	owners_by_shmid(checkpoint, &owners);
	ends = find_ends(checkpoint);
	while ((member = load_next(checkpoint, "SHMEM_PAGEMAP", &position, &shmid))) {
		struct content content = { .kind = "shmem" };

		if (!map_put(&checkpoint->arena, &done, shmid, 0))
			continue;
		content.id = arena_printf(&checkpoint->arena, "%llu", (unsigned long long)shmid);
		content.size = end_of(checkpoint, member, shmid, &ends);
		owners_of(checkpoint, &owners, shmid, &content);
		give(checkpoint, sink, shmid, &content);
	}
}

/* --- System V -------------------------------------------------------------------------------------------------- */

/* Segments whose bytes stand behind their entries. */
static void give_inline(struct checkpoint *checkpoint, const struct content_sink *sink,
			const struct owners *owners)
{
	const struct member *member;
	size_t position = 0;
	uint32_t ns_id;

	while ((member = load_next_namespace(checkpoint, "IPCNS_SHM", offsetof(struct process, ipc_ns),
					     &position, &ns_id))) {
		struct image_reader reader;
		struct image_entry entry;

		if (!load_open(checkpoint, member, "IPCNS_SHM", &reader))
			continue;
		while (image_next(&reader, &entry)) {
			const IpcShmEntry *shm = (const IpcShmEntry *)entry.message;
			uint32_t id = shm->desc ? shm->desc->id : entry.index;
			struct content content = { .kind = "sysv", .size = shm->size };

			if (shm->in_pagemaps)
				continue;
			content.id = arena_printf(&checkpoint->arena, "%u-%u", ns_id, id);
			owners_of(checkpoint, owners, id, &content);
			contents_give(sink, &content, &reader, bytes_first(entry.extra, shm->size));
		}
		load_close(checkpoint, &reader);
	}
}

void contents_of_sysv(struct checkpoint *checkpoint, const struct content_sink *sink)
{
	struct map done = { 0 };
	struct leaf_rows rows;
	struct owners owners;

	give_memfds(checkpoint, sink, "sysv", &done);
	checkpoint_need_leaf(checkpoint, &leaf_sysv);
	owners_by_shmid(checkpoint, &owners);
	rows = checkpoint_leaf(checkpoint, &leaf_sysv);
	for (uint32_t i = 0; i < rows.n; i++) {
		const struct sysv *sysv = (const struct sysv *)rows.items + i;
		struct content content = { .kind = "sysv", .size = sysv->size };

		if (!sysv->in_pagemaps)
			continue;
		content.id = arena_printf(&checkpoint->arena, "%u-%u", sysv->ns_id, sysv->id);
		owners_of(checkpoint, &owners, sysv->id, &content);
		give(checkpoint, sink, sysv->id, &content);
	}
	give_inline(checkpoint, sink, &owners);
}
