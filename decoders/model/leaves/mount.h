/* Mounts, of every mount namespace in the checkpoint. */
#pragma once

#include "decoders/model/leaf.h"

struct mount {
	struct origin origin;
	uint32_t ns_id, mnt_id, parent_id;
	struct bytes mountpoint, root, source, options, ext_key;
	struct bytes fstype;
	uint32_t device;      /* the kernel's form: 20 minor bits */
	uint32_t flags, sb_flags;
	uint32_t shared_id, master_id;
	bool is_external, is_deleted;
};

extern const struct leaf leaf_mount;
