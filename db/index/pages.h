/*
 * Hashes of pages: which of them are the same, in one checkpoint or in many, without keeping what is in them.
 *
 * A row a page would cost more than the hashing. So a row has the hashes of up to PAGES_IN_ROW pages that follow one
 * another, as one blob, and the view "page" takes it apart.
 */
#pragma once

#include "db/index/index.h"

enum { PAGES_IN_ROW = 1024, PAGE_HASH = 16 /* bytes: xxh3-128, canonical; zeroes: a page of zeroes */ };

/* Of all pages of CHECKPOINT that are there, here or in an ancestor; a part of the transaction that writes it. */
struct error *pages_write(struct index *index, int64_t id, struct checkpoint *checkpoint)
	__attribute__((warn_unused_result));
