/* The directories of the control group trees, and the settings of each. */
#pragma once

#include "decoders/model/leaf.h"

/* A directory is in every row of its settings: it is kept once, and its path is put together when shown. */
struct cgroup_directory {
	struct bytes name; /* below its parent; of the topmost: below the root of the hierarchy */
	const struct cgroup_directory *parent;
};

enum { CGROUP_PATH_MOST = 4096 }; /* bytes of a path; longer ones cannot be */

struct cgroup_property {
	struct origin origin;
	struct bytes controller; /* controllers of the hierarchy, joined by ","; empty: version 2 */
	const struct cgroup_directory *directory;
	struct bytes name;       /* absent: the directory itself */
	struct bytes value;
	uint32_t mode, uid, gid; /* ABSENT_U32: not recorded */
};

extern const struct leaf leaf_cgroup_property;
