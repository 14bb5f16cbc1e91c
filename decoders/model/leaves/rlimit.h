/* Resource limits of tasks. */
#pragma once

#include "decoders/model/leaf.h"

struct rlimit_row {
	struct origin origin;
	uint32_t pid;
	uint32_t resource;   /* RLIMIT_*, as the kernel of its architecture counts */
	const char *name;    /* nofile, ...; NULL: a resource this version does not know */
	const char *unit;
	uint64_t soft, hard; /* ABSENT_U64, which is RLIM_INFINITY: no limit */
};

extern const struct leaf leaf_rlimit;
