#include "decoders/base/map.h"

/* Spreads keys that differ in few bits; the constant is 2^64 over the golden ratio. */
static size_t slot_of(uint64_t key, size_t cap)
{
	key ^= key >> 32;
	key *= 0x9e3779b97f4a7c15;
	return (key >> 32) & (cap - 1);
}

static size_t find_slot(const struct map *map, uint64_t key)
{
	size_t slot = slot_of(key, map->cap);

	while (map->values[slot] != MAP_NONE && map->keys[slot] != key)
		slot = (slot + 1) & (map->cap - 1);
	return slot;
}

static void grow(struct arena *arena, struct map *map)
{
	struct map old = *map;

	map->cap = old.cap ? old.cap * 2 : 16;
	map->keys = arena_alloc(arena, map->cap * sizeof(*map->keys));
	map->values = arena_alloc(arena, map->cap * sizeof(*map->values));
	memset(map->values, 0xff, map->cap * sizeof(*map->values));
	for (size_t i = 0; i < old.cap; i++) {
		if (old.values[i] == MAP_NONE)
			continue;
		size_t slot = find_slot(map, old.keys[i]);

		map->keys[slot] = old.keys[i];
		map->values[slot] = old.values[i];
	}
}

bool map_put(struct arena *arena, struct map *map, uint64_t key, uint32_t value)
{
	size_t slot;

	if (2 * (map->n + 1) > map->cap)
		grow(arena, map);
	slot = find_slot(map, key);
	if (map->values[slot] != MAP_NONE)
		return false;
	map->keys[slot] = key;
	map->values[slot] = value;
	map->n++;
	return true;
}

uint32_t map_get(const struct map *map, uint64_t key)
{
	return map->cap ? map->values[find_slot(map, key)] : MAP_NONE;
}
