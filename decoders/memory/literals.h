/*
 * Several literals, looked for at once, whichever comes first.
 *
 * Each is in one of eight buckets. For each of its first three bytes a table says in which buckets a byte can
 * stand there; a place where all three have a bucket in common is looked at closely. AVX2 looks both halves of
 * a byte up for 32 places at once; plain C has tables of 256.
 */
#pragma once

#include "decoders/memory/literal.h"

enum { LITERALS_HEAD = 3 /* bytes that each has at least */, MOST_LITERALS = 64, N_BUCKETS = 8 };

struct literals {
	const struct literal *items; /* prepared */
	size_t n;
	uint8_t tables[LITERALS_HEAD][256];
	uint8_t low[LITERALS_HEAD][16], high[LITERALS_HEAD][16]; /* the same by halves of a byte, looser */
	uint8_t in_bucket[N_BUCKETS][MOST_LITERALS / N_BUCKETS];
	uint8_t n_in_bucket[N_BUCKETS];
};

/* 1 to MOST_LITERALS items, which must outlive RET. */
void literals_init(const struct literal *items, size_t n, struct literals *ret);

/* The first place in [FROM, LIMIT) where any of them begins, whole inside LEN; SIZE_MAX: none. */
size_t literals_find(const struct literals *literals, enum literal_way way, const uint8_t *data,
		     size_t len, size_t from, size_t limit);

/*
 * Which of them stand at PLACE: the first item from *ITEM on that does; false: no more. For a place that
 * literals_find returned.
 */
bool literals_at(const struct literals *literals, const uint8_t *data, size_t len, size_t place, size_t *item);
