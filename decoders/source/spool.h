/*
 * A file for what compressed archives inflate to.
 *
 * What is asked of memory is spread over all of a checkpoint's pages, and a compressed archive gives them
 * only in order. So for those questions it is inflated once, into a temporary file without a name, and
 * read from there like a plain one. Several archives lie in it one behind the other.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct spool {
	int fd;        /* open for reading and writing, and nobody else's; positioned at its end */
	uint64_t used; /* bytes */
	bool is_full;  /* writing failed: what lies behind used is of no use, and nothing more is added */
};

/* Nothing that lies in it is needed any more. NULL is passed over. */
void spool_empty(struct spool *spool);
