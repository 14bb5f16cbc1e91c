/*
 * The memory of two checkpoints, page by page.
 *
 * Tasks are paired as tasks.h says, mappings by where they are: two that share addresses, kind and file are
 * one mapping, which may have grown, shrunk or been cut in pieces. Of those that find no counterpart that way
 * two are one that moved (another run with other addresses) where kind, file, offset and protection are
 * the same and no third one has them. They are compared from their beginnings on, stacks from their ends. Of
 * plain anonymous memory nothing says which is which: it is gone at one place and new at another.
 *
 * Pages are read through the parents on both sides. A page is "held" where its bytes are in the
 * images of its side, in an ancestor's too. Bytes are compared where both sides hold the page, but for pages
 * that are stored in the same place, which need no reading.
 *
 * A pre-dump has no mappings: there every stretch of its page maps is one, the other
 * side's mappings are compared with what it holds at their addresses, and shared memory, which it does
 * not take, is not compared.
 */
#pragma once

#include "db/diff/comparison.h"
#include "decoders/model/address_space.h"

enum page_change {
	PAGES_SAME,    /* held on both sides, the same bytes */
	PAGES_CHANGED, /* held on both sides, other bytes */
	PAGES_NEW,     /* held after; before not mapped, never written, or as the file had it */
	PAGES_GONE,    /* the other way round */
	PAGES_UNKNOWN, /* on one side they are lazy, or in a parent that is not here */
};
enum { N_PAGE_CHANGES = PAGES_UNKNOWN + 1 };
const char *page_change_name(enum page_change change); /* "same", ... */

/* Pages that are alike, one behind the other. */
struct page_range {
	uint64_t before, after; /* address of the first, on either side */
	uint64_t n;
	enum page_change change;
	bool stored_again;      /* same, and the later dump stored them again all the same */
};

struct page_tally {
	uint64_t pages[N_PAGE_CHANGES];
	uint64_t in_parent;     /* of those that are the same: the later dump left them to its parent */
	uint64_t stored_again;  /* of those that are the same: it stored them, though its parent had them */
	uint64_t bytes_changed; /* bytes that differ, in the pages that changed */
	uint64_t one_sided;     /* of those that are unknown: the other side holds them */
};

enum { HEAT_CELLS = 32, MOST_RANGES = 1 << 20 };

/* How much of a part changed, is new or gone. */
enum heat {
	HEAT_NOTHING, /* neither side holds anything */
	HEAT_SAME,
	HEAT_SOME,    /* less than a quarter */
	HEAT_MUCH,
	HEAT_ALL,
};

/* A mapping after, or a stretch of one before that is no more. */
struct memory_region {
	uint32_t process_before, process_after; /* rows; NO_ROW: there is no such task */
	uint32_t vma_before, vma_after; /* rows; NO_ROW: none, or a pre-dump */
	uint64_t before, after;  /* first address on either side; the same where nothing moved */
	uint64_t len;            /* bytes */
	bool is_gone;            /* not mapped after */
	bool moved;
	struct page_tally tally;
	uint8_t heat[HEAT_CELLS]; /* of equal parts of it, in order: enum heat */
	uint32_t n_heat;          /* of these: fewer where it has fewer pages */
	struct page_range *ranges; /* where they are asked for; no PAGES_SAME but those stored again */
	size_t n_ranges;
	bool has_more_ranges;      /* than MOST_RANGES */
};

struct memory_request {
	const uint32_t *pids; /* as of after: only these */
	size_t n_pids;
	bool ranges;
	/* Called now and then with the bytes that have been read of either side; false ends it all. NULL: nobody asks. */
	bool (*passed)(void *context, uint64_t bytes);
	void *context;
};

static inline uint64_t tally_differing(const struct page_tally *tally)
{
	return tally->pages[PAGES_CHANGED] + tally->pages[PAGES_NEW] + tally->pages[PAGES_GONE];
}

/* The process of a region, and its mapping: after, or where it is gone before; NULL where there is none. */
const struct process *region_process(const struct comparison *comparison, const struct memory_region *region,
				     bool is_before);
const struct vma *region_vma(const struct comparison *comparison, const struct memory_region *region,
			     bool *ret_is_before);
/* What is mapped there: a path, "[heap]", ... ; absent where nothing says. */
struct bytes region_name(const struct comparison *comparison, const struct memory_region *region);

struct memory_diff;

/*
 * NULL where nothing can be compared, which *ret_error tells: pages of different sizes, or of one that is not
 * known. What goes wrong on the way goes to the problems of the checkpoint it is about.
 */
struct memory_diff *memory_diff_new(struct comparison *comparison, const struct memory_request *request,
				    struct error **ret_error);
void memory_diff_free(struct memory_diff *diff);

/*
 * The next region, tasks in the order of after and then those that are gone, each by address. Its ranges are
 * valid until the next call. Regions without a page on either side are passed over. Where .passed ended it the
 * region that it was in is not given.
 */
bool memory_diff_next(struct memory_diff *diff, struct memory_region *ret);

/* One region of those, found by its tasks and addresses, again; false where it is not there or it was ended. */
bool memory_diff_again(struct memory_diff *diff, const struct memory_region *region,
		       struct memory_region *ret);

/* The sum over all regions so far. */
const struct page_tally *memory_diff_total(const struct memory_diff *diff);

/* Page number PAGE of a range of the region that was given last, of both sides, each with a page of room. */
struct error *memory_diff_read(struct memory_diff *diff, const struct page_range *range, uint64_t page,
			       uint8_t *before, uint8_t *after) __attribute__((warn_unused_result));
