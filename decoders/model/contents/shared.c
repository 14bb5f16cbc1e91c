/*
 * Shared memory: memfds, anonymous memory that tasks share, System V segments.
 *
 * CRIU keeps all of them as memfds where the kernel can, under the names that the kernel gives their files.
 */
#include "decoders/model/contents/contents.h"
#include "decoders/model/contents/shared_pages.h"
#include "decoders/model/leaves/memfd.h"
#include "decoders/model/leaves/sysv.h"
#include "decoders/model/vma.h"
#include "fdinfo.pb-c.h"
#include "namespaces.pb-c.h"

/* --- one content ------------------------------------------------------------------------------------------ */

static void give(struct checkpoint *checkpoint, const struct content_sink *sink, uint64_t shmid,
		 struct content *content)
{
	const struct member *map = checkpoint_image(checkpoint, "pagemap-shmem-%llu.img",
						    (unsigned long long)shmid);
	const char *why = NULL;
	uint64_t missing;

	content->from = (struct content_place){ checkpoint->source.path, map ? map->name : NO_BYTES, NO_OFFSET };
	if (!sink->begin(sink->context, content))
		return;
	missing = shared_pages_copy(checkpoint, sink, shmid, content->size, &why);
	sink->end(sink->context, missing, why);
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
	shared_pages_keep(checkpoint);
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
