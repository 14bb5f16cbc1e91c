/*
 * Files that the checkpoint holds beside its memory: what the container changed in its root file
 * system, and what was in its volumes, its tmpfs mounts and /dev/shm.
 *
 * Producers keep them as archives inside the archive: podman and CRI-O a "rootfs-diff.tar" with a list
 * of deletions, containerd a layer with whiteouts; podman each volume and /dev/shm, CRIU each tmpfs.
 * None of them says whether a file is new or was changed. A directory that something was deleted from
 * was there before; with podman and CRI-O a directory is listed because it is new, and so is all below
 * it; and ctr's layouts have the layers of the container's image to look into. Otherwise it is taken for
 * new, and .is_certain is false.
 */
#pragma once

#include "decoders/base/digest.h"
#include "decoders/model/leaf.h"

struct rootfs {
	struct origin origin; /* the archive that it is in, and where in there */
	struct bytes path;    /* in the container, from "/" */
	const char *change;   /* added, modified, deleted */
	const char *type;     /* as of member; "opaque": all that was below is deleted; NULL: unknown */
	const char *from;     /* rootfs-diff, deleted.files, layer, volume, shm, tmpfs */
	bool is_certain;
	uint64_t size, mtime; /* ABSENT_U64 */
	uint32_t mode, uid, gid; /* ABSENT_U32 */
	struct bytes link;
	char sha256[DIGEST_TEXT + 1]; /* empty: not a file, or not asked for: PART_DIGESTS */
};

extern const struct leaf leaf_rootfs;
