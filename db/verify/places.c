/* Where in its image an entry of a page map is: a map of a million runs keeps no offsets. */
#include <stdlib.h>

#include "db/verify/internal.h"
#include "decoders/base/cursor.h"

struct finding *found_run(struct verifier *verifier, const struct map_fact *map, uint32_t entry,
			  const char *subject, ...)
{
	struct origin origin = { map->member, entry, NO_OFFSET, map->layer };
	uint32_t pid = map->is_shmem || map->id > UINT32_MAX ? ABSENT_U32 : (uint32_t)map->id;
	struct finding *finding;
	va_list args;

	va_start(args, subject);
	finding = vfound(verifier, origin, pid, subject, args);
	va_end(args);
	if (finding && entry != NO_ENTRY)
		*vec_push(&verifier->checkpoint->arena, &verifier->places) =
			(struct run_place){ verifier->findings->list.n - 1, map, entry };
	return finding;
}

static int compare_places(const void *left, const void *right)
{
	const struct run_place *a = left, *b = right;

	if (a->map != b->map)
		return (a->map > b->map) - (a->map < b->map);
	return (a->entry > b->entry) - (a->entry < b->entry);
}

/* Walks over the entries of one map by their sizes; all N places are in it. */
static void find_in_map(struct verifier *verifier, const struct run_place *places, size_t n)
{
	const struct map_fact *map = places[0].map;
	struct source *source = verifier->checkpoint->layers.items[map->layer].source;
	const char *kind = map->is_shmem ? "SHMEM_PAGEMAP" : "PAGEMAP";
	struct image_reader reader;
	struct cursor cursor;
	uint32_t entry = 0, size;
	size_t i = 0;

	if (!load_open_in(verifier->checkpoint, source, &source->members.items[map->member], kind, &reader))
		return;
	cursor = cursor_over(reader.image, reader.header.big_endian);
	cursor.pos += reader.header.len;
	while (i < n) {
		uint64_t offset = cursor_offset(&cursor);
		struct bytes payload;

		if (!cursor_u32(&cursor, &size) || !cursor_take(&cursor, size, &payload))
			break;
		for (; i < n && places[i].entry == entry; i++)
			verifier->findings->list.items[places[i].finding].offset = offset;
		entry++;
	}
	load_close(verifier->checkpoint, &reader);
}

void find_places(struct verifier *verifier)
{
	struct run_place *items = verifier->places.items;
	size_t n = verifier->places.n, end;

	if (n)
		qsort(items, n, sizeof(*items), compare_places);
	for (size_t i = 0; i < n; i = end) {
		for (end = i; end < n && items[end].map == items[i].map;)
			end++;
		find_in_map(verifier, items + i, end - i);
	}
}
