/*
 * Which pages of an address space a checkpoint holds, and where their bytes are.
 *
 * A pagemap image is a list of runs. Only runs that are PRESENT have bytes in the pages file,
 * one behind the other in the order of the runs. A run that is not present is in the parent
 * checkpoint, or will be fetched lazily by a page server; present and lazy together is the
 * ordinary case of a dump made with lazy pages in mind, and its bytes are here.
 *
 * The size of a page is not recorded anywhere. It follows from the size of the pages file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/arena.h"
#include "decoders/image/image.h"
#include "decoders/source/source.h"

/* The flags of a run, as in pagemap_entry. */
enum {
	PAGE_IN_PARENT = 1,
	PAGE_LAZY = 2,
	PAGE_PRESENT = 4,
};

enum { MOST_RUNS = 8 << 20 }; /* of one pagemap; the largest run that CRIU writes is 4 MiB */

struct page_counts {
	uint64_t present, parent, lazy;
};

struct page_run {
	uint64_t address;          /* of the first page; an offset for shared memory */
	uint64_t n_pages;
	struct page_counts before; /* pages of earlier runs; .present is its place in the pages file */
	uint32_t flags;
	uint32_t entry;            /* of the pagemap image */
};

struct pagemap {
	bool is_there;         /* false: there was no such image, and nothing is known */
	uint32_t pages_id;     /* its bytes are in pages-<pages_id>.img */
	struct page_counts total; /* .present: pages with bytes in that file */
	struct page_run *runs; /* by address */
	size_t n_runs;
};

/*
 * Reads a pagemap image. Runs that overlap an earlier one or wrap around the address space are
 * reported to the reader's problems and left out of the address lookup, yet keep their place in
 * the pages file.
 */
void pagemap_read(struct image_reader *reader, struct arena *arena, struct pagemap *ret);

/* Pages of the range [start, end), which begins and ends on a page. */
struct page_counts pagemap_count(const struct pagemap *pagemap, uint64_t start, uint64_t end,
				 uint32_t page_size);

/* The run that holds ADDRESS, or NULL. */
const struct page_run *pagemap_find(const struct pagemap *pagemap, uint64_t address,
				    uint64_t page_size);

/* Bytes in a page of a file of SIZE bytes with N_PRESENT pages; 0 where no page size fits. */
uint32_t page_size_of(uint64_t size, uint64_t n_present);

/* A part of an address range that lies in one run, and so in one place of the pages file. */
struct page_slice {
	uint64_t address, len;
	uint64_t offset;     /* in the pages file; of present slices only */
	bool present;        /* else the checkpoint has no bytes for it: */
	bool known;          /* ... it is in a run (parent, lazy), else in none */
	bool in_parent;
};

/* The slice at ADDRESS, no longer than LEN: a run's, or up to the next run. */
struct page_slice pagemap_slice(const struct pagemap *pagemap, uint64_t address, uint64_t len,
				uint32_t page_size);
