#include "decoders/model/mappers.h"

#include <stdlib.h>

#include "decoders/model/address_space.h"

static int by_place(const void *a, const void *b)
{
	const struct mapper *left = a, *right = b;

	if (left->pages != right->pages)
		return left->pages < right->pages ? -1 : 1;
	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	if (left->process != right->process)
		return left->process < right->process ? -1 : 1;
	return (left->address > right->address) - (left->address < right->address);
}

static void add_mappers(struct checkpoint *checkpoint, uint32_t process, struct arena *scratch, struct mappers *ret)
{
	struct address_space space;

	address_space_init(checkpoint, process, scratch, &space);
	for (size_t i = 0; i < space.n; i++) {
		const struct mapped_range *range = &space.ranges[i];

		for (uint64_t at = range->start; at < range->end;) {
			struct span span = address_space_span(&space, at, range->end - at);

			if (span.state == SPAN_PRESENT)
				*vec_push(&checkpoint->arena, ret) = (struct mapper){
					.pages = span.pages, .layer = span.layer, .process = process,
					.vma = span.vma, .offset = span.offset, .len = span.len,
					.address = span.address };
			at += span.len;
		}
	}
	arena_reset(scratch);
}

static void note_reach(struct mapper *mappers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool same = i && mappers[i - 1].pages == mappers[i].pages;

		mappers[i].reach = mappers[i].offset + mappers[i].len;
		if (same && mappers[i - 1].reach > mappers[i].reach)
			mappers[i].reach = mappers[i - 1].reach;
	}
}

void mappers_find(struct checkpoint *checkpoint, struct mappers *ret)
{
	struct arena scratch;

	*ret = (struct mappers){ 0 };
	arena_init(&scratch);
	for (uint32_t i = 0; i < checkpoint->processes.n; i++)
		add_mappers(checkpoint, i, &scratch, ret);
	arena_deinit(&scratch);
	if (ret->n)
		qsort(ret->items, ret->n, sizeof(*ret->items), by_place);
	note_reach(ret->items, ret->n);
}

static bool maps(const struct mapper *mapper, const struct member *pages, uint32_t layer, uint64_t offset)
{
	return mapper->pages == pages && mapper->layer == layer && mapper->offset <= offset &&
	       offset - mapper->offset < mapper->len;
}

const struct mapper *mappers_next(const struct mappers *mappers, const struct member *pages, uint32_t layer,
				  uint64_t offset, size_t *position)
{
	while (*position < mappers->n) {
		const struct mapper *mapper = &mappers->items[(*position)++];

		if (maps(mapper, pages, layer, offset))
			return mapper;
		if (mapper->pages != pages || mapper->offset > offset)
			break;
	}
	*position = mappers->n;
	return NULL;
}

size_t mappers_first(const struct mappers *mappers, const struct member *pages, uint64_t offset)
{
	const struct mapper *items = mappers->items;
	size_t low = 0, high = mappers->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (items[middle].pages < pages || (items[middle].pages == pages && items[middle].offset <= offset))
			low = middle + 1;
		else
			high = middle;
	}
	while (low && items[low - 1].pages == pages && items[low - 1].reach > offset)
		low--;
	return low;
}
