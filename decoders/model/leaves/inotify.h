/* What inotify and fanotify files watch. */
#pragma once

#include "decoders/model/leaf.h"

struct inotify {
	struct origin origin;
	uint32_t file_id, pid; /* of the inotify or fanotify file */
	const char *kind;      /* inotify, fanotify */
	const char *target;    /* inode, mount */
	uint32_t wd;           /* of inotify: the number of the watch */
	uint32_t mask, ignored_mask; /* IN_*, or FAN_* */
	uint32_t mark_flags;   /* of fanotify */
	uint32_t device;       /* the kernel's form */
	uint64_t inode;
	uint32_t mnt_id;
	struct bytes path;     /* where CRIU knew one */
	uint32_t handle_type;  /* of name_to_handle_at(2); ABSENT_U32: no handle was saved */
	struct bytes handle;
};

extern const struct leaf leaf_inotify;
