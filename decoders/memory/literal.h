/*
 * Bytes, looked for at the speed of memory: two of them that are rare in memory are compared at many places
 * at once (AVX2, SSE2, or plain C), and only where both fit is the rest.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct literal {
	const uint8_t *value, *mask; /* a byte b fits at i where (b & mask[i]) == value[i] */
	size_t len;
	bool is_exact;               /* every mask is 0xff */
	size_t first, second;        /* the places of the two */
};

/* How to look: the fastest that this machine has, or one of them for tests. */
enum literal_way {
	LITERAL_FASTEST,
	LITERAL_PLAIN,
	LITERAL_SSE2, /* as LITERAL_PLAIN where there is none; so is */
	LITERAL_AVX2,
};

/* Chooses the two places; false where no byte is fixed at all. */
bool literal_prepare(struct literal *literal);

/* The first place in [FROM, LIMIT) where it begins, whole inside LEN; SIZE_MAX: none. */
size_t literal_find(const struct literal *literal, enum literal_way way, const uint8_t *data,
		    size_t len, size_t from, size_t limit);

/* Whether it stands at DATA, where its LEN bytes are to be had. */
bool literal_fits(const struct literal *literal, const uint8_t *data);
