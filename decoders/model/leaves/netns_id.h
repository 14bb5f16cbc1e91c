/* The numbers by which network namespaces know one another. */
#pragma once

#include "decoders/model/leaf.h"

struct netns_id {
	struct origin origin;
	uint32_t ns_id, target_ns_id; /* CRIU's ids: of the one that has the number, of the one it means */
	int32_t number;
};

extern const struct leaf leaf_netns_id;
