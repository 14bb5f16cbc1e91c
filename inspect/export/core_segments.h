/*
 * The address space of a process as the segments of a core file.
 *
 * The kernel has a program header for each mapping, and either all of its bytes or none: of private mappings
 * that were written to and of shared memory all, of mappings of files none. A checkpoint holds page by page
 * what a mapping of a file had been changed to, and some pages it may not hold at all. So a mapping is cut
 * where that changes:
 *
 *   bytes in the file      pages of the checkpoint, and pages that were never touched (holes)
 *   a header alone         what the file had there (debuggers read it from the file, which NT_FILE names), the
 *                          kernel's own pages, mappings and vast stretches that were never touched: a
 *                          segment without bytes reads as zeroes
 *   nothing                what is lost: lazy pages, pages of a parent that is not here; and guard pages. To
 *                          read them in a debugger fails, as it should (where a file was mapped, and the
 *                          debugger has it, it reads that)
 */
#pragma once

#include "decoders/model/address_space.h"

/*
 * What is mapped often is written often, and looked up: by how much evidence can multiply itself. Without a size
 * of the user's, all cores of a run together have as many bytes as all pages, so often. Of lookups there are as
 * many as page maps and lists of mappings have bytes, and some: real ones take a few for each run of a dozen.
 */
enum { MOST_COPIES = 64, SOME_LOOKUPS = 1 << 20 };
#define VAST_HOLE ((uint64_t)64 << 20) /* bytes of zeroes that get no room: not all who copy files keep holes */

struct core_segment {
	uint64_t start, end;
	bool has_bytes;
	uint32_t vma; /* row */
};

/* Bytes of the process that are not in the core and should be. */
struct core_lack {
	uint64_t lazy, missing, behind, copies; /* behind: the end of 32-bit addresses; copies: over the limit */
	uint64_t overlaps; /* mappings that begin in another one */
	bool too_many_lookups;
};

/* What is left of them. */
struct core_limits {
	uint64_t bytes, lookups;
};
/* MAX_SIZE: bytes; 0: the usual limit. */
struct core_limits core_limits_of(const struct checkpoint *checkpoint, uint64_t max_size);

struct core_segments {
	const struct address_space *space;
	bool is_wide;
	struct core_limits limits;
	/* so far: */
	size_t i;          /* of space->ranges */
	uint64_t at;       /* in that mapping; 0: at its start */
	uint64_t bytes;
	struct core_lack lack;
};

/*
 * Of one process, from the start. Going through them again gives the same, unless others look something up in
 * SPACE meanwhile, which must count lookups.
 */
struct core_segments core_segments_of(const struct address_space *space, bool is_wide,
				      const struct core_limits *limits);
bool core_segments_next(struct core_segments *segments, struct core_segment *ret);
