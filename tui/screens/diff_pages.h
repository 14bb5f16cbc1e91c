/* The pages of one mapping, compared: what its list and its hex dump share. */
#pragma once

#include "db/diff/mappings.h"
#include "tui/screens/diff.h"

/* Where the bytes of both sides are, from any address of a mapping on. */
struct page_sides {
	struct arena arena;
	struct memory_side sides[2];
};

/* The tasks of REGION on either side. */
void page_sides_init(const struct comparison *comparison, const struct memory_region *region,
		     struct page_sides *ret);
void page_sides_deinit(struct page_sides *sides);

/* The span at ADDRESS of a side (0: before), no longer than LEN. */
struct span page_sides_span(const struct page_sides *sides, int side, uint64_t address, uint64_t len);

/* The bytes at ADDRESS of a side; 0 where they are not there. */
size_t page_sides_read(const struct page_sides *sides, int side, uint64_t address, uint8_t *buffer, size_t len);

/* Where the byte at ADDRESS of a side is stored, in words. */
void put_side_place(const struct page_sides *sides, int side, uint64_t address, struct out *out);

/* The stretches of pages that the view below this one lists, and the mapping that they are of. */
struct page_list {
	struct memory_region region; /* with .ranges */
	uint32_t page_size;
};
const struct page_list *page_list_of(const struct view *view);

/* "~" changed, "+" new, "-" gone, "?" unknown, "=" stored again. */
const char *page_sign(const struct page_range *range);
enum look page_look(const struct page_range *range);
