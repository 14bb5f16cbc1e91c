/* Rows of file: one for each open file description, and one for each file that is only mapped or named. */
#pragma once

#include "decoders/live/state.h"

/* What is known of a file before it has a row. */
struct found {
	struct bytes link;    /* as /proc shows it */
	const char *stat_path; /* below /proc, what stat follows: "7/fd/3"; NULL: it cannot be asked */
	uint32_t pid, fd;     /* fd ABSENT_U32: it is no descriptor */
	struct origin origin;
	uint32_t flags;       /* ABSENT_U32 */
	uint64_t pos;         /* ABSENT_U64 */
	int32_t mnt_id;       /* -1 */
};

struct known_file {
	uint32_t file;      /* row */
	uint32_t pid, fd;
	uint32_t below[2];  /* those that the kernel puts before and behind it, or NO_ROW */
};

/* Descriptions that were found before, to know them again where tasks share them. */
struct known_files {
	struct map first;   /* hash of what all descriptors of a description have in common, to the root of a tree */
	VEC(struct known_file) items;
};

/* A new row. */
uint32_t file_add(struct live *live, const struct found *found);

/* The row of that description, a new one where it was not met before. */
uint32_t file_of_descriptor(struct live *live, struct known_files *known, const struct found *found);
