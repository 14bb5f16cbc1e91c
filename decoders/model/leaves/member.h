/* Members of the source: what each is, and whether it is whole. */
#pragma once

#include "decoders/model/leaf.h"

/* A member of the source, as the image room sees it. */
struct member_row {
	struct origin origin;
	const char *kind;    /* of an image, lower-case type of anything else */
	struct bytes magic;  /* 0x..., or absent */
	const char *state;   /* ok, truncated, unsafe, replaced, unknown, bad magic, empty */
	uint64_t entries;    /* ABSENT_U64: not an image with entries, or not counted */
};

extern const struct leaf leaf_member;
