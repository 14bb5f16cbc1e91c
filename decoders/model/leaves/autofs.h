/* Automounter mounts. */
#pragma once

#include "decoders/model/leaf.h"

struct autofs {
	struct origin origin;
	uint32_t device;         /* of the mount, the kernel's form */
	struct bytes mountpoint; /* of the first mount of that device; absent: there is none */
	uint32_t mode;           /* AUTOFS_MODE_* of criu/autofs.c */
	int32_t fd, read_fd;     /* ends of the daemon's pipe; negative: it has none */
	bool has_read_fd;
	int32_t pgrp, timeout_s, minproto, maxproto;
	uint32_t uid, gid;       /* ABSENT_U32: not recorded */
};

extern const struct leaf leaf_autofs;
