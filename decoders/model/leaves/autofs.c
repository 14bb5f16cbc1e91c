/* Automounts: autofs-N, N the device of the mount. */
#include "decoders/model/leaves/autofs.h"
#include "decoders/model/leaves/mount.h"
#include "mounts.pb-c.h"

/* From a device to the first mount of it. */
static struct map mounts_by_device(struct checkpoint *checkpoint)
{
	const struct mount *mounts;
	struct leaf_rows rows;
	struct map map = { 0 };

	checkpoint_need_leaf(checkpoint, &leaf_mount);
	rows = checkpoint_leaf(checkpoint, &leaf_mount);
	mounts = rows.items;
	for (size_t i = 0; i < rows.n; i++)
		map_put(&checkpoint->arena, &map, mounts[i].device, (uint32_t)i);
	return map;
}

static struct bytes mountpoint(struct checkpoint *checkpoint, const struct map *mounts, uint32_t device)
{
	struct leaf_rows rows = checkpoint_leaf(checkpoint, &leaf_mount);
	uint32_t row = map_get(mounts, device);

	return row == MAP_NONE ? NO_BYTES : ((const struct mount *)rows.items)[row].mountpoint;
}

static void add(struct checkpoint *checkpoint, struct leaf_rows *rows, const AutofsEntry *from,
		uint32_t device, struct bytes path, struct origin origin)
{
	struct autofs *autofs = leaf_add(checkpoint, rows);

	*autofs = (struct autofs){
		.origin = origin,
		.device = device,
		.mountpoint = path,
		.mode = (uint32_t)from->mode,
		.fd = from->fd,
		.read_fd = from->read_fd, .has_read_fd = from->has_read_fd,
		.pgrp = from->pgrp, .timeout_s = from->timeout,
		.minproto = from->minproto, .maxproto = from->maxproto,
		.uid = from->has_uid ? (uint32_t)from->uid : ABSENT_U32,
		.gid = from->has_gid ? (uint32_t)from->gid : ABSENT_U32,
	};
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct map mounts = mounts_by_device(checkpoint);
	const struct member *member;
	size_t position = 0;
	uint64_t device;

	while ((member = load_next(checkpoint, "AUTOFS", &position, &device))) {
		struct image_reader reader;
		struct image_entry entry;

		if (!load_open(checkpoint, member, "AUTOFS", &reader))
			continue;
		while (image_next(&reader, &entry))
			add(checkpoint, rows, (const AutofsEntry *)entry.message, (uint32_t)device,
			    mountpoint(checkpoint, &mounts, (uint32_t)device),
			    load_origin(&reader, &entry));
		load_close(checkpoint, &reader);
	}
}

const struct leaf leaf_autofs = {
	.name = "autofs",
	.row_size = sizeof(struct autofs),
	.needs = PART_INVENTORY,
	.load = load,
};
