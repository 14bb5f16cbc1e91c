/*
 * What many checkpoints are known by, found by threads ahead of whoever takes them one by one: where little is new, that
 * is nearly all of the work.
 */
#pragma once

#include "db/index/index.h"
#include "decoders/model/collection.h"

enum { MOST_INDEX_THREADS = 64 };

/* Everything stays the caller's. */
struct identities_request {
	const struct collected *items;
	size_t n;
	const char *const *parents;
	size_t n_parents;
	unsigned threads; /* up to MOST_INDEX_THREADS; 1 or 0: none beside the caller's */
};

struct identities;
struct identities *identities_begin(const struct identities_request *request) __attribute__((returns_nonnull));

/* identity_take of item I, at PATH: waits for who is at it, where anybody is. The items are taken in their order. */
struct error *identities_take(struct identities *identities, size_t i, const char *path, const char *inside,
			      struct problems *problems, struct identity *ret) __attribute__((warn_unused_result));

/* Ends the threads, each behind the item that it is at. */
void identities_end(struct identities *identities);
