/*
 * The pages of shared memory: those of pagemap-shmem-N, through the chain of parents.
 *
 * What no run of the page map names was never touched: a hole.
 */
#pragma once

#include "decoders/model/contents.h"

/*
 * Of a streamed archive the pages are kept in a pass of their own, all that are shared memory's at once. To
 * be called before they are copied.
 */
void shared_pages_keep(struct checkpoint *checkpoint);

/*
 * Hands the first SIZE bytes to the sink. How many are missing, and *RET_WHY, in words; what is not as it
 * should be is among the problems then. NULL: nothing is missing.
 */
uint64_t shared_pages_copy(struct checkpoint *checkpoint, const struct content_sink *sink, uint64_t shmid,
			   uint64_t size, const char **ret_why);
