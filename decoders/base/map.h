/*
 * From a number (a pid, a file id, an inode) to the index of a row.
 *
 * Open addressing over 64-bit keys; lives in an arena and is never taken apart. A key that is
 * put twice keeps its first value: evidence may repeat itself, and the first is what CRIU uses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"

#define MAP_NONE UINT32_MAX

struct map {
	uint64_t *keys;
	uint32_t *values; /* MAP_NONE marks a free slot */
	size_t n, cap;
};

/* False where the key was there already. VALUE must not be MAP_NONE. */
bool map_put(struct arena *arena, struct map *map, uint64_t key, uint32_t value);

/* MAP_NONE where there is no such key. */
uint32_t map_get(const struct map *map, uint64_t key);

/* One key of two numbers, such as CRIU's (file type, file id). */
static inline uint64_t map_pair(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

/* One key of a text (FNV-1a). Others may have the same: whoever finds it compares the texts. */
static inline uint64_t map_key(struct bytes text)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ text.data[i]) * 1099511628211u;
	return hash;
}
