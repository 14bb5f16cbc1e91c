#include "decoders/source/keep.h"

#include <stdlib.h>

#include "decoders/base/size.h"

void keep_init(struct arena *arena, const struct range *ranges, size_t n, struct keep *ret)
{
	*ret = (struct keep){ .arena = arena, .ranges = ranges, .n = n };
	ret->pieces = arena_zalloc(arena, (n + 1) * sizeof(*ret->pieces));
}

uint64_t keep_total(const struct keep *keep)
{
	uint64_t total = 0;

	for (size_t i = 0; i < keep->n; i++)
		if (!size_add(total, keep->ranges[i].len, &total))
			return UINT64_MAX;
	return total;
}

static struct piece *piece_of(struct keep *keep, size_t i)
{
	const struct range *range = &keep->ranges[i];
	struct piece *piece = &keep->pieces[i];

	if (!piece->memory)
		*piece = (struct piece){ .start = range->start,
					 .memory = arena_zalloc(keep->arena, (size_t)range->len + 1) };
	return piece;
}

static void keep_part(struct keep *keep, size_t i, uint64_t start, const uint8_t *data, size_t len)
{
	const struct range *range = &keep->ranges[i];
	struct piece *piece = piece_of(keep, i);

	memcpy(piece->memory + (start - range->start), data, len);
	piece->len = start - range->start + len;
}

void keep_block(struct keep *keep, uint64_t start, const uint8_t *data, size_t len)
{
	uint64_t end = start + len;

	for (; keep->next < keep->n; keep->next++) {
		const struct range *range = &keep->ranges[keep->next];
		uint64_t range_end = range->start + range->len;
		uint64_t from = range->start > start ? range->start : start;
		uint64_t to = range_end < end ? range_end : end;

		if (from < to)
			keep_part(keep, keep->next, from, data + (from - start), (size_t)(to - from));
		if (range_end > end)
			return;
	}
}

static int by_start(const void *a, const void *b)
{
	const struct piece *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

/* A range's end behind the last byte that came is a hole. */
static void fill_hole(struct keep *keep, size_t i, uint64_t size)
{
	const struct range *range = &keep->ranges[i];
	uint64_t len = range->start < size ? size - range->start : 0;

	if (len > range->len)
		len = range->len;
	if (len)
		piece_of(keep, i)->len = len;
}

void keep_settle(struct keep *keep, struct member *member, bool complete)
{
	struct piece *pieces = arena_alloc(keep->arena,
					   (member->n_pieces + keep->n + 1) * sizeof(*pieces));
	size_t n = 0;

	for (size_t i = 0; i < member->n_pieces; i++)
		pieces[n++] = member->pieces[i];
	for (size_t i = 0; i < keep->n; i++) {
		if (complete)
			fill_hole(keep, i, member->size);
		if (keep->pieces[i].len)
			pieces[n++] = keep->pieces[i];
	}
	if (n)
		qsort(pieces, n, sizeof(*pieces), by_start);
	member->pieces = pieces;
	member->n_pieces = n;
}
