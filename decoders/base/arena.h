/*
 * Memory that is freed whole.
 *
 * A checkpoint's model, a decoded message, a listing: each is built piece by piece and dies at
 * once. An arena hands out pieces and takes all of them back in one call; nothing in this
 * project frees a field. An arena may have a budget, for the case that the evidence decides how
 * much is asked for.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoders/base/bytes.h"

struct arena {
	struct arena_block *block; /* the one in use; older ones hang behind it */
	size_t used;               /* bytes handed out since init or reset */
	size_t budget;             /* of arena_try_alloc, and of who asks arena_has_room; SIZE_MAX: none */
};

void arena_init(struct arena *arena);
void arena_deinit(struct arena *arena);

/* Forgets everything handed out and keeps one block for the next use. */
void arena_reset(struct arena *arena);

/* Aligned for any type, not cleared. Never NULL: see out_of_memory(). */
void *arena_alloc(struct arena *arena, size_t size)
	__attribute__((returns_nonnull, malloc, alloc_size(2)));
void *arena_zalloc(struct arena *arena, size_t size)
	__attribute__((returns_nonnull, malloc, alloc_size(2)));

/* NULL where the budget or the machine has no more. */
void *arena_try_alloc(struct arena *arena, size_t size) __attribute__((alloc_size(2)));

/* Whether the budget is not used up: asked where the evidence repeats itself, before the next piece. */
bool arena_has_room(const struct arena *arena);

/* Copies; text ends in a NUL byte that its length does not count. */
struct bytes arena_copy(struct arena *arena, struct bytes bytes);
char *arena_text(struct arena *arena, struct bytes bytes) __attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

/*
 * A growing array in an arena. Doubling leaves the old halves behind, so it costs at most
 * twice its final size. The item that vec_push returns is cleared and valid until the next push.
 */
#define VEC(type)           \
	struct {            \
		type *items; \
		size_t n, cap; \
	}

#define vec_push(arena, vec)                                                              \
	((__typeof__((vec)->items))vec_push_raw((arena), (void **)&(vec)->items, &(vec)->n, \
						&(vec)->cap, sizeof(*(vec)->items)))

void *vec_push_raw(struct arena *arena, void **items, size_t *n, size_t *cap, size_t size)
	__attribute__((returns_nonnull));

/*
 * Where ordinary allocation ends. Memory that the evidence can ask for is bounded by budgets
 * and reported; what is left are small pieces of our own, and a process that cannot get those
 * says so on stderr and exits with status 5.
 */
_Noreturn void out_of_memory(void);
