/*
 * What to keep of a compressed archive while it streams past.
 *
 * Images and documents are small and are kept whole. Pages are not; but argv and environ lie in
 * them, at addresses that mm and pagemap name, and those come earlier in every archive whose
 * names are in order. So their ranges are known when the pages pass.
 */
#pragma once

#include "decoders/source/source.h"

struct capture_state;

struct capture_state *capture_new(struct arena *arena) __attribute__((returns_nonnull));

/* The plan of struct capture; CONTEXT is a struct capture_state. */
enum capture_plan capture_plan(void *context, const struct source *source,
			       const struct member *member, struct bytes head, struct arena *arena,
			       const struct range **ret_ranges, size_t *ret_n);
