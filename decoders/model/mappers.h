/*
 * Who has a stored page mapped. One that processes share is stored once and searched once: its bytes are found by where
 * they are stored, and several may have them.
 */
#pragma once

#include "decoders/model/checkpoint.h"

struct mapper {
	const struct member *pages;
	uint32_t layer, process, vma;   /* rows */
	uint64_t offset, len, address;  /* these bytes of PAGES are at the address */
	uint64_t reach; /* the furthest end of those of the same pages up to this one */
};

/* Sorted by pages and offset; in the checkpoint's arena. */
struct mappers {
	VEC(struct mapper);
};

void mappers_find(struct checkpoint *checkpoint, struct mappers *ret);

/* Those of the byte at OFFSET of PAGES, beginning with *position = mappers_first(); NULL: no more. */
size_t mappers_first(const struct mappers *mappers, const struct member *pages, uint64_t offset);
const struct mapper *mappers_next(const struct mappers *mappers, const struct member *pages, uint32_t layer,
				  uint64_t offset, size_t *position);
