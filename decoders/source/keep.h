/*
 * Ranges of one member, kept in memory while its bytes stream past.
 */
#pragma once

#include "decoders/source/source.h"

struct keep {
	struct arena *arena;
	const struct range *ranges; /* sorted, disjoint */
	struct piece *pieces;       /* pieces[i]: what has come of ranges[i] */
	size_t n;
	size_t next;                /* ranges[next] is the first that is not complete */
};

void keep_init(struct arena *arena, const struct range *ranges, size_t n, struct keep *ret);

/* The bytes of the ranges together; UINT64_MAX where they overflow. */
uint64_t keep_total(const struct keep *keep);

/* Copies what the ranges ask for of DATA, which stands at START of the member. */
void keep_block(struct keep *keep, uint64_t start, const uint8_t *data, size_t len);

/*
 * Gives the member what was kept, beside the pieces that it has already. COMPLETE: all of it has
 * passed, so that what did not come of a range is a hole, which reads as zeroes.
 */
void keep_settle(struct keep *keep, struct member *member, bool complete);
