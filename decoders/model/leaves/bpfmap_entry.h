/* The entries of BPF maps. */
#pragma once

#include "decoders/model/leaf.h"

struct bpfmap_entry {
	struct origin origin;    /* offset: of the image's entry */
	uint32_t map_id, place;  /* place: among the entries of its map, from 0 */
	struct bytes key, value; /* as they lie in memory; absent: cut off */
};

extern const struct leaf leaf_bpfmap_entry;
