/*
 * A pattern, looked for in all of memory (scan.h), by one thread or several.
 *
 * The result does not depend on how many: blocks are searched side by side and handed over in order. Matches do
 * not overlap.
 */
#pragma once

#include "decoders/memory/pattern.h"
#include "decoders/model/scan.h"

struct hit {
	uint64_t address;
	uint32_t len;
};

enum { MOST_THREADS = 64, LIMITS_A_BLOCK = 16 };

struct search {
	const struct pattern *pattern;
	unsigned threads; /* 1 to MOST_THREADS */
	/* Called in order, by the caller's thread, for each block with hits; false: it is enough. */
	bool (*take)(void *context, const struct scan_block *block, const struct hit *hits, size_t n);
	/* May be NULL. Called by that thread as well, behind each block: bytes so far; false: it is enough. */
	bool (*passed)(void *context, uint64_t done);
	void *context;
};

/*
 * SCAN: as it was set up; .behind and .ahead are set here. Limits and damage go to PROBLEMS, in order. Until it
 * returns .take must not touch the checkpoint's problems, nor load anything.
 */
void search_memory(const struct search *search, struct scan *scan, struct problems *problems);
