/* Locks and leases on files. */
#pragma once

#include "decoders/model/leaf.h"

struct lock {
	struct origin origin;
	uint32_t pid, fd;
	const char *kind;    /* flock, posix, ofd, lease */
	const char *mode;    /* flock: shared, exclusive; else read, write; unlock */
	bool is_breaking;    /* a lease that somebody else wants gone */
	uint64_t start;      /* bytes */
	uint64_t length;     /* bytes; ABSENT_U64: to the end of the file, wherever that is */
	uint32_t file;       /* row of file, or NO_ROW */
};

extern const struct leaf leaf_lock;
