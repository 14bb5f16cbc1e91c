/* Pipes and named pipes. */
#pragma once

#include "decoders/model/leaf.h"

struct pipe {
	struct origin origin;
	uint32_t id;        /* file.inode of its ends */
	uint32_t pid;       /* the lowest that has an end open, or ABSENT_U32 */
	const char *kind;   /* pipe, fifo */
	uint64_t bytes;     /* written and not read; ABSENT_U64: not recorded */
	uint64_t size;      /* capacity, bytes */
	uint32_t readers, writers; /* open files; one that can do both is both */
	struct bytes path;  /* of a named pipe; else as /proc shows it */
};

extern const struct leaf leaf_pipe;
