#include "decoders/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/size.h"

struct arena_block {
	struct arena_block *older;
	size_t used, cap;
	_Alignas(max_align_t) uint8_t data[];
};

enum {
	FIRST_BLOCK = 4096 - sizeof(struct arena_block),
	LARGEST_BLOCK = 1 << 20,
};

_Noreturn void out_of_memory(void)
{
	static const char message[] = "coldcase: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);

	(void)ignored;
	_exit(5);
}

void arena_init(struct arena *arena)
{
	*arena = (struct arena){ .budget = SIZE_MAX };
}

static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *older = block->older;

		free(block);
		block = older;
	}
}

void arena_deinit(struct arena *arena)
{
	free_blocks(arena->block);
	arena_init(arena);
}

void arena_reset(struct arena *arena)
{
	if (arena->block) {
		free_blocks(arena->block->older);
		arena->block->older = NULL;
		arena->block->used = 0;
	}
	arena->used = 0;
}

/* A new block with room for SIZE, twice as large as the last within reason. */
static bool add_block(struct arena *arena, size_t size)
{
	size_t cap = arena->block ? arena->block->cap * 2 : FIRST_BLOCK, total;
	struct arena_block *block;

	if (cap > LARGEST_BLOCK)
		cap = LARGEST_BLOCK;
	if (cap < size)
		cap = size;
	if (!size_add(cap, sizeof(*block), &total))
		return false;
	block = malloc(total);
	if (!block)
		return false;
	*block = (struct arena_block){ .older = arena->block, .cap = cap };
	arena->block = block;
	return true;
}

static void *take(struct arena *arena, size_t size)
{
	uint64_t rounded;
	void *piece;

	if (!size_round_up(size ? size : 1, _Alignof(max_align_t), &rounded) || rounded > SIZE_MAX / 2)
		return NULL;
	if (!arena->block || arena->block->cap - arena->block->used < rounded) {
		if (!add_block(arena, rounded))
			return NULL;
	}
	piece = arena->block->data + arena->block->used;
	arena->block->used += rounded;
	arena->used += rounded;
	return piece;
}

void *arena_try_alloc(struct arena *arena, size_t size)
{
	if (arena->used > arena->budget || size > arena->budget - arena->used)
		return NULL;
	return take(arena, size);
}

bool arena_has_room(const struct arena *arena)
{
	return arena->used < arena->budget;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *piece = take(arena, size);

	if (!piece)
		out_of_memory();
	return piece;
}

void *arena_zalloc(struct arena *arena, size_t size)
{
	return memset(arena_alloc(arena, size), 0, size);
}

char *arena_text(struct arena *arena, struct bytes bytes)
{
	char *text = arena_alloc(arena, bytes.len + 1);

	if (bytes.len)
		memcpy(text, bytes.data, bytes.len);
	text[bytes.len] = '\0';
	return text;
}

struct bytes arena_copy(struct arena *arena, struct bytes bytes)
{
	if (!bytes.data)
		return bytes;
	return (struct bytes){ (uint8_t *)arena_text(arena, bytes), bytes.len };
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		out_of_memory();
	text = arena_alloc(arena, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

void *vec_push_raw(struct arena *arena, void **items, size_t *n, size_t *cap, size_t size)
{
	if (*n == *cap) {
		size_t larger = *cap ? *cap * 2 : 8, total;
		void *moved;

		if (!size_mul(larger, size, &total))
			out_of_memory();
		moved = arena_alloc(arena, total);
		if (*n)
			memcpy(moved, *items, *n * size);
		*items = moved;
		*cap = larger;
	}
	return memset((uint8_t *)*items + (*n)++ * size, 0, size);
}
