/* What the kernel told each program when it started: the auxiliary vector. */
#pragma once

#include "decoders/model/leaf.h"

struct auxv {
	struct origin origin;
	uint32_t pid;
	uint64_t type; /* AT_* */
	uint64_t value;
};

extern const struct leaf leaf_auxv;
