/* Pages: page maps against the files that hold their bytes, and against their parents. */
#include "db/verify/internal.h"
#include "decoders/model/leaves/memfd.h"
#include "decoders/model/leaves/stat.h"
#include "decoders/model/leaves/sysv.h"
#include "decoders/model/vma.h"

static struct bytes image_name(const struct verifier *verifier, const struct map_fact *map)
{
	const struct source *source = verifier->checkpoint->layers.items[map->layer].source;

	return bytes_basename(source->members.items[map->member].name);
}

static struct finding *found_map(struct verifier *verifier, const struct map_fact *map, uint32_t entry)
{
	return found_run(verifier, map, entry, "%.*s", BYTES_FMT(image_name(verifier, map)));
}

/* About the file with the bytes, from OFFSET on. */
static struct finding *found_pages(struct verifier *verifier, const struct map_fact *map, uint64_t offset)
{
	const struct source *source = verifier->checkpoint->layers.items[map->layer].source;
	struct origin origin = { source_index(source, map->pages), NO_ENTRY, offset, map->layer };
	struct finding *finding =
		found(verifier, origin, map->is_shmem ? ABSENT_U32 : (uint32_t)map->id, "%.*s",
		      BYTES_FMT(bytes_basename(map->pages->name)));

	with_text(verifier, finding, "page_map", image_name(verifier, map));
	return finding;
}

/* A pages file, of which several page maps could be. */
static uint64_t wanted_bytes(const struct map_fact *map)
{
	uint64_t bytes;

	return size_mul(map->pagemap->total.present, (uint64_t)map->page_size, &bytes) ? bytes : UINT64_MAX;
}

/* --- statistics --------------------------------------------------------------------------------------------------- */

/* Pages of the generation that was dumped here, or by a page server: of tasks, and of them and shared memory. */
struct tally {
	const struct stat_row *written; /* as CRIU counted; NULL: it is not told, or the pages are elsewhere */
	uint64_t tasks, all;            /* listed by page maps */
	uint64_t stored_tasks, stored;  /* in files of pages */
};

static struct tally tally_of(const struct verifier *verifier)
{
	const struct map_fact *maps = verifier->facts.maps.items;
	struct tally tally = { 0 };

	if (are_pages_elsewhere(verifier))
		return tally;
	tally.written = dump_stat(verifier->checkpoint, "pages_written");
	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		uint64_t listed = maps[i].pagemap->total.present, stored;

		if (maps[i].layer != maps[0].layer)
			continue;
		stored = maps[i].pages && maps[i].page_size ? maps[i].pages->size / maps[i].page_size : listed;
		tally.all += listed;
		tally.stored += stored;
		tally.tasks += maps[i].is_shmem ? 0 : listed;
		tally.stored_tasks += maps[i].is_shmem ? 0 : stored;
	}
	return tally;
}

/* The page maps list fewer pages than CRIU wrote, and those are in the files: it is the page maps that lost some. */
static bool is_unlisted(const struct tally *tally)
{
	return tally->written && ((tally->written->value == tally->stored_tasks && tally->stored_tasks > tally->tasks) ||
				  (tally->written->value == tally->stored && tally->stored > tally->all));
}

/* --- page maps and pages files -------------------------------------------------------------------------------- */

static void pages_missing(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];
		struct finding *finding;

		if (map->pages || map->pagemap->total.present == 0)
			continue;
		finding = found_map(verifier, map, 0);
		says(verifier, finding, "pages-%u.img, which holds its pages, is not %s", map->pagemap->pages_id,
		     verifier->checkpoint->source.is_cut ? "in what is left of the archive, which is cut" : "there");
		with_number(verifier, finding, "pages", map->pagemap->total.present);
	}
}

static void pages_short(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];
		struct finding *finding;

		if (!map->pages || !map->page_size || map->pages->size >= wanted_bytes(map))
			continue;
		finding = found_pages(verifier, map, map->pages->size);
		says(verifier, finding, "it ends before the pages do that it should hold");
		with_number(verifier, finding, "expected", wanted_bytes(map));
		with_number(verifier, finding, "found", map->pages->size);
	}
}

/* Runs that say otherwise where their pages are, which is told of them: lazy ones, and those that do not say. */
static uint64_t pages_of_others(const struct map_fact *map)
{
	uint64_t n = 0;

	for (size_t i = 0; i < map->pagemap->n_runs; i++)
		if (!(map->pagemap->runs[i].flags & (PAGE_PRESENT | PAGE_IN_PARENT)))
			n += map->pagemap->runs[i].n_pages;
	return n;
}

static void pages_unlisted(struct verifier *verifier)
{
	struct tally tally = tally_of(verifier);

	for (size_t i = 0; is_unlisted(&tally) && i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];
		struct finding *finding;

		if (map->layer != verifier->facts.maps.items[0].layer || !map->pages || !map->page_size ||
		    map->pages->size <= wanted_bytes(map) ||
		    pages_of_others(map) >= map->pages->size / map->page_size - map->pagemap->total.present)
			continue;
		finding = found_map(verifier, map, NO_ENTRY);
		says(verifier, finding, "it lists %llu pages, %.*s holds %llu, and CRIU counted as many as are held",
		     (unsigned long long)map->pagemap->total.present, BYTES_FMT(bytes_basename(map->pages->name)),
		     (unsigned long long)(map->pages->size / map->page_size));
		with_number(verifier, finding, "pages_written", tally.written->value);
	}
}

static void pages_surplus(struct verifier *verifier)
{
	struct tally tally = tally_of(verifier);

	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];
		struct finding *finding;

		if (!map->pages || !map->page_size || map->pages->size <= wanted_bytes(map) ||
		    (is_unlisted(&tally) && map->layer == verifier->facts.maps.items[0].layer))
			continue;
		finding = found_pages(verifier, map, wanted_bytes(map));
		says(verifier, finding, "it holds more than the pages that are listed");
		with_number(verifier, finding, "expected", wanted_bytes(map));
		with_number(verifier, finding, "found", map->pages->size);
	}
}

static void stats_differ(struct verifier *verifier)
{
	struct tally tally = tally_of(verifier);
	struct finding *finding;

	if (!tally.written || tally.written->value == tally.tasks || tally.written->value == tally.all ||
	    is_unlisted(&tally))
		return;
	finding = found(verifier, tally.written->origin, ABSENT_U32, "stats-dump");
	says(verifier, finding, "CRIU counted %llu pages that it wrote, the page maps list %llu",
	     (unsigned long long)tally.written->value, (unsigned long long)tally.tasks);
	with_number(verifier, finding, "pages_written", tally.written->value);
	with_number(verifier, finding, "pages_present", tally.tasks);
}

/* A pages file with holes: what auto-dedup did to a parent must not have been done to this one. */
static void pages_holes(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];
		struct finding *finding;

		if (map->layer || !map->pages || !map->pages->is_sparse)
			continue;
		finding = found_pages(verifier, map, NO_OFFSET);
		says(verifier, finding, "it has holes, which read as zeroes");
	}
}

static void runs_unsorted(struct verifier *verifier)
{
	found_damage(verifier, DAMAGE_RUNS);
}

static void runs_unaligned(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];

		for (size_t k = 0; k < map->pagemap->n_runs && map->page_size; k++) {
			const struct page_run *run = &map->pagemap->runs[k];
			struct finding *finding;

			if (run->address % map->page_size == 0)
				continue;
			finding = found_map(verifier, map, run->entry);
			says(verifier, finding, "0x%llx is not the beginning of a page of %u bytes",
			     (unsigned long long)run->address, map->page_size);
			with_address(verifier, finding, "vaddr", run->address);
		}
	}
}

static void flags_unknown(struct verifier *verifier)
{
	const uint32_t known = PAGE_IN_PARENT | PAGE_LAZY | PAGE_PRESENT;

	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];

		for (size_t k = 0; k < map->pagemap->n_runs; k++) {
			const struct page_run *run = &map->pagemap->runs[k];
			struct finding *finding;

			if (run->flags && !(run->flags & ~known))
				continue;
			finding = found_map(verifier, map, run->entry);
			says(verifier, finding, "flags 0x%x do not say where the pages at 0x%llx are", run->flags,
			     (unsigned long long)run->address);
			with_address(verifier, finding, "flags", run->flags);
		}
	}
}

static void pages_elsewhere(struct verifier *verifier)
{
	if (are_pages_elsewhere(verifier))
		says(verifier, found(verifier, NO_ORIGIN, ABSENT_U32, "the memory"),
		     "no page map and no file of pages is here: a page server received them");
}

static void pages_lazy(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];
		struct finding *finding;

		if (map->layer || map->pagemap->total.lazy == 0)
			continue;
		finding = found_map(verifier, map, NO_ENTRY);
		says(verifier, finding, "%llu pages were left with the task, to be fetched from it",
		     (unsigned long long)map->pagemap->total.lazy);
		with_number(verifier, finding, "pages", map->pagemap->total.lazy);
	}
}

/* --- parents --------------------------------------------------------------------------------------------------- */

/* Pages that this checkpoint leaves to its parent, in all page maps together. */
static uint64_t pages_of_parents(const struct verifier *verifier, uint32_t layer)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];

		if (map->layer == layer && !size_add(sum, map->pagemap->total.parent, &sum))
			return UINT64_MAX;
	}
	return sum;
}

/* The last generation that is here; its pages of parents are nowhere. */
static uint32_t last_layer(const struct verifier *verifier)
{
	return (uint32_t)verifier->checkpoint->layers.n - 1;
}

static bool has_link(const struct verifier *verifier)
{
	const struct layer *last = &verifier->checkpoint->layers.items[last_layer(verifier)];

	return layer_image(last, "parent");
}

static uint32_t first_of_parent(const struct map_fact *map)
{
	for (size_t i = 0; i < map->pagemap->n_runs; i++)
		if ((map->pagemap->runs[i].flags & (PAGE_IN_PARENT | PAGE_PRESENT)) == PAGE_IN_PARENT)
			return map->pagemap->runs[i].entry;
	return NO_ENTRY;
}

static void found_without_parent(struct verifier *verifier, uint64_t pages, const char *what)
{
	const struct bytes target = verifier->checkpoint->missing_parent;
	const struct map_fact *map = verifier->facts.maps.items;
	struct finding *finding;

	while (map->layer != last_layer(verifier) || !map->pagemap->total.parent)
		map++; /* there is one: PAGES of them all are not 0 */
	finding = found_run(verifier, map, first_of_parent(map), "the parent");
	says(verifier, finding, "%llu pages are in it, and %s", (unsigned long long)pages, what);
	with_number(verifier, finding, "pages", pages);
	if (target.data)
		with_text(verifier, finding, "target", target);
	if (last_layer(verifier))
		with_number(verifier, finding, "generation", last_layer(verifier));
}

static void parent_missing(struct verifier *verifier)
{
	uint64_t pages = pages_of_parents(verifier, last_layer(verifier));

	if (pages && !has_link(verifier))
		found_without_parent(verifier, pages, "there is no link to it");
}

static void parent_outside(struct verifier *verifier)
{
	uint64_t pages = pages_of_parents(verifier, last_layer(verifier));

	if (pages && has_link(verifier) && verifier->checkpoint->missing_parent.data)
		found_without_parent(verifier, pages, "the link to it leads to nothing that is here");
}

static void parent_not_here(struct verifier *verifier)
{
	const struct bytes target = verifier->checkpoint->missing_parent;
	struct finding *finding;

	if (pages_of_parents(verifier, last_layer(verifier)) || !has_link(verifier) || !target.data)
		return;
	finding = found(verifier, NO_ORIGIN, ABSENT_U32, "the parent");
	says(verifier, finding, "the link to it leads to nothing that is here, and no page was left to it");
	with_text(verifier, finding, "target", target);
}

static void parent_absolute(struct verifier *verifier)
{
	const struct member *link = checkpoint_image(verifier->checkpoint, "parent");
	struct finding *finding;

	if (!link || link->type != MEMBER_SYMLINK || !bytes_start_with(link->link, BYTES("/")))
		return;
	finding = found(verifier,
			(struct origin){ source_index(&verifier->checkpoint->source, link), NO_ENTRY, NO_OFFSET, 0 },
			ABSENT_U32, "the parent");
	says(verifier, finding, "the link to it is absolute: another host has something else there");
	with_text(verifier, finding, "target", link->link);
}

static void parent_loop(struct verifier *verifier)
{
	found_damage(verifier, DAMAGE_CIRCLE);
}

/* Where in the ancestors the pages of a run are looked for. */
struct descent {
	struct verifier *verifier;
	const struct map_fact *map;
	const struct page_run *run;
};

static const struct pagemap *ancestor(const struct descent *descent, uint32_t layer)
{
	struct checkpoint *checkpoint = descent->verifier->checkpoint;

	return descent->map->is_shmem ? layer_shmem_pagemap(checkpoint, layer, descent->map->id)
				      : layer_pagemap(checkpoint, layer, descent->map->process);
}

static void found_page_missing(const struct descent *descent, uint64_t address, uint64_t len, uint32_t layer)
{
	struct verifier *verifier = descent->verifier;
	struct finding *finding = found_map(verifier, descent->map, descent->run->entry);
	uint64_t end = address + len;

	says(verifier, finding, "the parent should have 0x%llx-0x%llx, and ancestor %u has no such page",
	     (unsigned long long)address, (unsigned long long)end, layer);
	with_address(verifier, finding, "address", address);
	with_number(verifier, finding, "pages", len / descent->map->page_size);
	with_number(verifier, finding, "generation", layer);
}

/*
 * How many bytes from ADDRESS on fare alike, and whether an ancestor from LAYER on has them; *ret_layer is who
 * should. Ancestors that are not here at all are told by other checks.
 */
static uint64_t descend(const struct descent *descent, uint32_t layer, uint64_t address, uint64_t len,
			bool *ret_found, uint32_t *ret_layer)
{
	const struct checkpoint *checkpoint = descent->verifier->checkpoint;

	*ret_found = true;
	for (; layer < checkpoint->layers.n; layer++) {
		struct page_slice slice =
			pagemap_slice(ancestor(descent, layer), address, len, descent->map->page_size);

		len = slice.len;
		if (slice.present)
			return len;
		if (!slice.known || !slice.in_parent) {
			*ret_found = false;
			*ret_layer = layer;
			return len;
		}
	}
	return len;
}

static void check_run(struct descent *descent)
{
	uint64_t address = descent->run->address, end, bytes, missing = 0, missing_from = 0;
	uint32_t layer = 0, missing_layer = 0;

	if (!size_mul(descent->run->n_pages, (uint64_t)descent->map->page_size, &bytes) ||
	    !size_add(address, bytes, &end))
		return;
	while (address < end) {
		bool is_found;
		uint64_t len = descend(descent, descent->map->layer + 1, address, end - address, &is_found, &layer);

		if (missing && (is_found || layer != missing_layer)) {
			found_page_missing(descent, missing_from, missing, missing_layer);
			missing = 0;
		}
		if (!is_found) {
			missing_from = missing ? missing_from : address;
			missing_layer = layer;
			missing += len;
		}
		address += len;
	}
	if (missing)
		found_page_missing(descent, missing_from, missing, missing_layer);
}

static void parent_page_missing(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];
		bool is_own = map->process != NO_ROW ? map->layer == checkpoint->pagemap_layers[map->process]
						     : map->layer == 0;

		if (!is_own || !map->page_size || (map->process == NO_ROW && !map->is_shmem))
			continue;
		for (size_t k = 0; k < map->pagemap->n_runs; k++) {
			const struct page_run *run = &map->pagemap->runs[k];
			struct descent descent = { verifier, map, run };

			if ((run->flags & (PAGE_IN_PARENT | PAGE_PRESENT)) == PAGE_IN_PARENT)
				check_run(&descent);
		}
	}
}

/* --- shared memory ----------------------------------------------------------------------------------------------- */

/* In the first generation that has one: a page server's is not the checkpoint's own. */
static bool has_shmem(struct verifier *verifier, uint64_t shmid)
{
	for (uint32_t i = 0; i < verifier->checkpoint->layers.n; i++)
		if (layer_shmem_pagemap(verifier->checkpoint, i, shmid)->is_there)
			return true;
	return false;
}

static void found_without_shmem(struct verifier *verifier, struct map *told, struct origin origin,
				uint32_t pid, uint64_t shmid, const char *what)
{
	struct finding *finding;

	if (are_pages_elsewhere(verifier) || has_shmem(verifier, shmid) || !map_put(&verifier->checkpoint->arena, told, shmid, 0))
		return;
	finding = found(verifier, origin, pid, "pagemap-shmem-%llu.img", (unsigned long long)shmid);
	says(verifier, finding, "is not in the checkpoint; %s has its content there", what);
	with_number(verifier, finding, "shmid", shmid);
}

static void shmem_missing(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	struct leaf_rows memfds = checkpoint_leaf(checkpoint, &leaf_memfd);
	struct leaf_rows segments = checkpoint_leaf(checkpoint, &leaf_sysv);
	struct map told = { 0 };

	for (size_t i = 0; i < checkpoint->vmas.n; i++) {
		const struct vma *vma = &checkpoint->vmas.items[i];

		if ((vma->status & VMA_ANON_SHARED) && !(vma->status & (VMA_MEMFD | VMA_SYSVIPC)))
			found_without_shmem(verifier, &told, vma->origin, vma->pid, vma->shmid, "shared memory");
	}
	for (size_t i = 0; i < memfds.n; i++) {
		const struct memfd *memfd = &((const struct memfd *)memfds.items)[i];

		found_without_shmem(verifier, &told, memfd->origin, ABSENT_U32, memfd->shmid, "a memfd");
	}
	for (size_t i = 0; i < segments.n; i++) {
		const struct sysv *segment = &((const struct sysv *)segments.items)[i];

		if (!strcmp(segment->kind, "shm") && segment->in_pagemaps)
			found_without_shmem(verifier, &told, segment->origin, ABSENT_U32, segment->id,
					    "a System V segment");
	}
}

static const char give[] = "name the directory or archive of the dump before it with --parent, and restore it with "
			   "that one (podman: --import-previous)";

static const struct verify_check checks[] = {
	{ "pages-missing", SEVERITY_BLOCKER, "a file of pages is missing",
	  "CRIU cannot open the file of pages", take_again, FINDS_ABSENCE, pages_missing },
	{ "pages-short", SEVERITY_BLOCKER, "a file of pages ends too early",
	  "CRIU ends with \"Reached EOF unexpectedly while reading page from image\"; CRIU 4.2 may read on for ever",
	  take_again, FINDS_DAMAGE, pages_short },
	{ "pages-unlisted", SEVERITY_BLOCKER, "a page map lost pages that were written",
	  "the task goes on without them: zeroes in their place", take_again, FINDS_CONTRADICTION, pages_unlisted },
	{ "pages-surplus", SEVERITY_NOTE, "a file of pages is longer than its page map says",
	  "nothing: nobody reads what is behind", "mem and search show what the page map lists only", FINDS_NOTICE,
	  pages_surplus },
	{ "pages-holes", SEVERITY_WARNING, "a file of pages has holes",
	  "pages that were punched out read as zeroes",
	  "after a restore or dump with --auto-dedup only the newest generation is whole: keep that", FINDS_NOTICE,
	  pages_holes },
	{ "pagemap-unsorted", SEVERITY_BLOCKER, "the runs of a page map are not in order",
	  "pages are put at wrong places, or the restore stops", take_again, FINDS_DAMAGE, runs_unsorted },
	{ "pagemap-unaligned", SEVERITY_BLOCKER, "a run that does not begin on a page",
	  "reading its pages fails", take_again, FINDS_DAMAGE, runs_unaligned },
	{ "pagemap-flags", SEVERITY_BLOCKER, "a run that does not say where its pages are",
	  "its pages are left out, and the task goes on without them", take_again, FINDS_DAMAGE, flags_unknown },
	{ "pages-elsewhere", SEVERITY_ERROR, "the memory of all tasks is in another directory",
	  "a restore needs it beside the other images",
	  "name the page server's directory with --parent, and copy its images beside these", FINDS_ABSENCE,
	  pages_elsewhere },
	{ "pages-lazy", SEVERITY_ERROR, "pages were left to a page server",
	  "they are fetched from the task that was dumped, which must still be there",
	  "restore with criu lazy-pages while it waits; or dump without --lazy-pages", FINDS_NOTICE, pages_lazy },
	{ "parent-missing", SEVERITY_BLOCKER, "pages are in a parent, and there is no link to one",
	  "CRIU ends with \"No parent for snapshot pagemap\"", give, FINDS_ABSENCE, parent_missing },
	{ "parent-outside-archive", SEVERITY_ERROR, "the parent is not here",
	  "CRIU ends with \"No parent for snapshot pagemap\"", give, FINDS_ABSENCE, parent_outside },
	{ "parent-not-here", SEVERITY_NOTE, "a link to a parent that is not here",
	  "nothing: all pages are here", "nothing to do", FINDS_NOTICE, parent_not_here },
	{ "parent-absolute", SEVERITY_WARNING, "the link to the parent is absolute",
	  "on another host it leads nowhere, or elsewhere", "make it a relative link", FINDS_NOTICE,
	  parent_absolute },
	{ "parent-loop", SEVERITY_BLOCKER, "the parents lead back to where they began",
	  "CRIU follows them without end", "point the link to the dump that came before", FINDS_DAMAGE,
	  parent_loop },
	{ "parent-page-missing", SEVERITY_BLOCKER, "the parent lacks pages that it should have",
	  "CRIU ends with \"Missing page in parent pagemap\"",
	  "this is another parent, or it was deduplicated: use the one that the dump was made with",
	  FINDS_CONTRADICTION, parent_page_missing },
	{ "shmem-missing", SEVERITY_BLOCKER, "the content of shared memory is missing",
	  "CRIU cannot open its page map", take_again, FINDS_ABSENCE, shmem_missing },
	{ "stats-inconsistent", SEVERITY_NOTE, "CRIU's own count of pages is another one",
	  "nothing", "look whether page maps were replaced after the dump", FINDS_NOTICE, stats_differ },
};

const struct check_group pages_checks = { checks, ARRAY_SIZE(checks), false };
