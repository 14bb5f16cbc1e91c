/*
 * A search in the bytes of a hexdump, over whatever lies between them: in slices, from the cursor on, and from the other end
 * on where it comes to one.
 */
#pragma once

#include "decoders/memory/pattern.h"

struct hexdump;

struct hexfind {
	char *wanted;
	struct pattern *pattern;
	struct matcher *matcher;
	bool searching, backwards, wrapped;
	uint64_t start, at;  /* where it began; what is looked at next (backwards: what is before it) */
	uint64_t found, len; /* the last match; .len 0: none */
	uint8_t *buffer;
};

void hexfind_deinit(struct hexfind *find);

/* From the cursor on. A regular expression over bytes, "\x7fELF"; an empty TEXT ends the search. */
struct error *hexdump_search(struct hexdump *dump, const char *text) __attribute__((warn_unused_result));
void hexdump_search_again(struct hexdump *dump, bool backwards);

/* Works until DEADLINE (clock_now); true where there is more to do. *ret_found: the cursor is on a match now. */
bool hexdump_search_on(struct hexdump *dump, uint64_t deadline, bool *ret_found);
