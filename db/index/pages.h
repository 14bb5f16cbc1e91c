/*
 * Hashes of pages: which of them are the same, in one checkpoint or in many, without keeping what is in them.
 *
 * A row a page would cost more than the hashing. So the hashes of pages that follow one another are a list, one blob,
 * and a list that is there already is not kept again: the table page_range says where it is, the view "page" takes
 * it apart. Lists end where addresses are a multiple of PAGES_IN_LIST pages, so that a container's next checkpoint,
 * which has most pages in the same places, has most lists in common with this one.
 */
#pragma once

#include "db/index/index.h"
#include "decoders/base/out.h"

enum {
	PAGES_IN_LIST = 62,          /* four lists fill a page of SQLite's, where 64 would leave a quarter free */
	PAGE_HASH = 16,              /* bytes: XXH3-128, canonical; zeroes: a page of zeroes */
	MOST_HASHED_PAGES = 16 << 20, /* of a checkpoint; 256 MiB of hashes */
};

struct page_range {
	uint32_t id; /* a pid, or a shmid */
	bool is_shmem;
	uint64_t address;
	uint32_t n_pages;
};

struct page_hashes {
	VEC(struct page_range) ranges;
	struct out hashes; /* of all ranges, one behind the other */
	uint32_t page_size;
};

/*
 * Hashes all pages that are there, here or in an ancestor. Reads for as long as it takes and needs no database;
 * damage, and what is above the limit, goes to the checkpoint's problems. ARENA: for the ranges.
 */
void pages_take(struct checkpoint *checkpoint, struct arena *arena, struct page_hashes *ret);
void pages_free(struct page_hashes *pages);

/* Writes them as those of the checkpoint ID; a part of the transaction that writes it. */
struct error *pages_write(struct index *index, int64_t id, const struct page_hashes *pages)
	__attribute__((warn_unused_result));

/* Those of a checkpoint of another index. */
struct error *pages_copy(struct index *index, int64_t id, const struct index *from, int64_t from_id)
	__attribute__((warn_unused_result));

/* Takes away the lists that checkpoint ID alone has; it must be deleted in the same transaction. */
struct error *pages_remove(struct index *index, int64_t id) __attribute__((warn_unused_result));

/* Counts which pages checkpoint ID has in common with each other one: the table page_overlap. */
struct error *overlap_write(struct index *index, int64_t id) __attribute__((warn_unused_result));
