/*
 * gzip, taken apart here and not by libarchive, which never looks at the checksums: a bit that fell over
 * in the evidence must not pass.
 *
 * The members of a file follow one another, as gzip has it. What stands behind the last one is no part of
 * it: zeroes are padding, anything else is told. The work itself is done by ISA-L where the build has it,
 * in half of zlib's time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "decoders/base/bytes.h"

enum { GUNZIP_HEAD = 4 }; /* how much of a file tells that it is gzip */

enum gunzip_engine {
	GUNZIP_ZLIB,
	GUNZIP_ISAL,
};

struct gunzip;

bool gunzip_fits(struct bytes head);

/* The best engine of this build, and whether it has that one. */
enum gunzip_engine gunzip_best(void);
const char *gunzip_name(enum gunzip_engine engine);
bool gunzip_has(enum gunzip_engine engine);

struct gunzip *gunzip_new(enum gunzip_engine engine);
void gunzip_free(struct gunzip *gunzip); /* NULL is nothing */

/* The stored bytes that come next, valid until they are used up. None: there are no more. */
void gunzip_give(struct gunzip *gunzip, struct bytes stored);
bool gunzip_wants(const struct gunzip *gunzip); /* ... and whether it is time for them */

/*
 * The next inflated bytes, valid until the next call. 0: it wants more first or, where it does not, this is
 * the end; -1: the rest is damaged.
 */
ssize_t gunzip_next(struct gunzip *gunzip, const uint8_t **ret);

/* What is wrong, and behind how many of the stored bytes; NULL: nothing yet. */
const char *gunzip_trouble(const struct gunzip *gunzip, uint64_t *ret_offset);

/* Whether something else than padding stands behind the last member, and where it begins. */
bool gunzip_has_trailing(const struct gunzip *gunzip, uint64_t *ret_offset);
