/* The control groups that tasks are in: each set of them, hierarchy by hierarchy. */
#pragma once

#include "decoders/model/leaf.h"

struct cgroup {
	struct origin origin;
	uint32_t set_id;
	uint32_t root_set_id;    /* of the set that criu was in itself; ABSENT_U32 */
	struct bytes controller; /* "": the unified hierarchy; absent: cgroup.img has no such set */
	struct bytes path;
	uint32_t cgns_prefix;    /* bytes of path above the root of the cgroup namespace */
	uint32_t processes;
};

extern const struct leaf leaf_cgroup;
