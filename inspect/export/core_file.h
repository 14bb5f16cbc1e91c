/*
 * An ELF core file of one process, as the kernel would have written it.
 *
 * Written from front to back: headers, notes (core_notes.h), then the bytes of the segments (core_segments.h),
 * straight from where they are stored. Zeroes are holes where the output can have them, so that it may be a
 * pipe too.
 */
#pragma once

#include "decoders/base/out.h"
#include "inspect/export/core_segments.h"

struct core_summary {
	size_t n_threads, n_segments;
	uint64_t bytes;       /* of memory, without holes */
	uint16_t machine;     /* EM_* */
};

/*
 * Writes it to OUT, and takes what it took from LIMITS. An error where there is nothing to write: a
 * zombie, no registers. What is missing in it goes to the checkpoint's problems.
 */
struct error *core_file_write(struct checkpoint *checkpoint, uint32_t process,
			      struct core_limits *limits, struct out *out, struct core_summary *ret)
	__attribute__((warn_unused_result));
