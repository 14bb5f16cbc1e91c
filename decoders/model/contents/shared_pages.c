#include "decoders/model/contents/shared_pages.h"

#include "decoders/base/size.h"
#include "decoders/model/contents/contents.h"
#include "decoders/model/find.h"
#include "decoders/model/layers.h"
#include "memory.pb-c.h"

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

void shared_pages_keep(struct checkpoint *checkpoint)
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

uint64_t shared_pages_copy(struct checkpoint *checkpoint, const struct content_sink *sink, uint64_t shmid,
			   uint64_t size, const char **ret_why)
{
	struct shared *shared;
	uint64_t missing;
	struct arena arena;
	uint32_t first;

	arena_init(&arena);
	shared = arena_zalloc(&arena, sizeof(*shared));
	shared->checkpoint = checkpoint;
	shared->sink = sink;
	first = read_maps(shared, shmid, &arena);
	if (first < checkpoint->layers.n) {
		shared->page_size = page_size_for(shared, first);
		copy_runs(shared, first, size);
	} else {
		shared->no_map = size;
	}
	tell_missing(shared, shmid);
	*ret_why = why_missing(shared);
	missing = shared->no_map + shared->in_parent + shared->lazy + shared->cut;
	arena_deinit(&arena);
	return missing;
}
