/*
 * Room for bytes that are read from files a window at a time.
 *
 * The kernel copies out of its cache a third faster where what is read and where it is read to are aligned alike,
 * and malloc puts large pieces sixteen bytes behind such a place.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { WINDOW_ALIGN = 64 };

/* Not cleared; never NULL: see out_of_memory(). Freed by free(). */
uint8_t *window_new(size_t size) __attribute__((returns_nonnull, malloc, alloc_size(1)));
