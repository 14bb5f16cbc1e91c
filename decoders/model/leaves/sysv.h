/* System V IPC: segments of shared memory, sets of semaphores, message queues. */
#pragma once

#include "decoders/model/leaf.h"

struct sysv {
	struct origin origin;
	const char *kind; /* shm, sem, msg */
	uint32_t ns_id;
	uint32_t id;
	uint64_t key; /* a u32; ABSENT_U64 */
	uint32_t uid, gid, cuid, cgid;
	uint32_t mode; /* permission bits */
	uint64_t size; /* of a segment, in bytes; ABSENT_U64 */
	bool in_pagemaps;
	uint32_t nsems;
	const uint32_t *values; /* of the semaphores; NULL: not a set */
	uint32_t n_values;
	uint32_t qnum, qbytes;
	uint64_t held_bytes; /* content that the images hold; ABSENT_U64 */
};

extern const struct leaf leaf_sysv;
