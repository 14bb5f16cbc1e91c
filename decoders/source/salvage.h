/* Members behind a header that is damaged, and behind the end of the archive: found by their own headers. */
#pragma once

#include "decoders/source/feed.h"

/*
 * Looks through the bytes from START on, which lies in the block that came last or behind it, for
 * the header of a member: at a multiple of 512 from START, with the right checksum and the magic of
 * POSIX or GNU. At most LIMIT bytes are looked at.
 */
struct found_header {
	bool has_content;  /* there is more than zeroes; the first of it: */
	uint64_t content;
	bool has_header;   /* feed_read goes on with it */
	uint64_t header;
	bool is_cut_short; /* the limit ended the search, */
	bool is_damaged;   /* ... or bytes that cannot be had: feed_trouble */
};
void salvage_header(struct feed *feed, uint64_t start, uint64_t limit, struct found_header *ret);
