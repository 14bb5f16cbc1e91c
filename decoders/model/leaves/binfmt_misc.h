/* Interpreters of foreign executables that the container has registered. */
#pragma once

#include "decoders/model/leaf.h"

struct binfmt_misc {
	struct origin origin;
	struct bytes name, interpreter, flags;
	struct bytes extension;   /* the end of a file's name; or else: */
	struct bytes magic, mask; /* hexadecimal digits, as the kernel prints them */
	uint32_t offset;          /* of the magic; ABSENT_U32: none */
	bool is_enabled;
};

extern const struct leaf leaf_binfmt_misc;
