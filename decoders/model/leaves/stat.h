/* What CRIU counted and timed. */
#pragma once

#include "decoders/model/leaf.h"

/* One number of stats-dump or stats-restore. */
struct stat_row {
	struct origin origin;
	const char *phase; /* dump, restore */
	const char *name;  /* as CRIU calls it */
	const char *unit;  /* us, pages, ... */
	uint64_t value;
};

extern const struct leaf leaf_stat;

/* That of the dump with CRIU's name for it; NULL: it is not told. The leaf is loaded. */
const struct stat_row *dump_stat(const struct checkpoint *checkpoint, const char *name);
