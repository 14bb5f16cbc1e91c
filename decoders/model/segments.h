/*
 * System V shared memory of old dumps: the bytes of a segment follow its entry in ipcns-shm-N.img, where
 * newer dumps have them in pagemap-shmem-ID (in_pagemaps).
 */
#pragma once

#include "decoders/model/checkpoint.h"

struct segment {
	uint64_t id;                 /* that a mapping's shmid names */
	const struct member *member; /* the image, */
	uint64_t offset, len;        /* ... and where the bytes are in it */
};

/* The segment of that id whose bytes are in the image; NULL where there is none. Reads the images once. */
const struct segment *segment_find(struct checkpoint *checkpoint, uint64_t id);
