/* The archives inside a checkpoint that hold files, and where in the container these were. */
#pragma once

#include "decoders/model/checkpoint.h"

struct rootfs_place {
	const char *from; /* rootfs-diff, layer, volume, shm, tmpfs */
	struct source *source;
	uint32_t member;     /* of that source */
	struct bytes where;  /* in the container: "" is its root */
	bool has_whiteouts;
	bool is_difference;  /* of the root file system; else all that was there */
};

struct rootfs_places {
	struct rootfs_place *items;
	size_t n, cap;
};

/* Needs the mounts, for those of tmpfs. */
void rootfs_find_places(struct checkpoint *checkpoint, struct rootfs_places *ret);

/* WHERE/NAME, with one slash between and one in front. */
struct bytes rootfs_container_path(struct checkpoint *checkpoint, struct bytes where, struct bytes name);

/* Whether the member NAME says that something was deleted. */
bool rootfs_is_whiteout(const struct rootfs_place *place, struct bytes name);

/* The member "deleted.files" beside the images, or NULL. */
const struct member *rootfs_deletions(struct checkpoint *checkpoint);
