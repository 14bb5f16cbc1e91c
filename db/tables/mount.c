#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/mount.h"

static void get_device(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	uint32_t device = ((const struct mount *)row)->device;

	(void)checkpoint;
	*ret = value_text(bytes_of(arena_printf(arena, "%u:%u", device >> 20, device & 0xfffff)));
}

static const struct column columns[] = {
	{ .name = "ns_id", .help = "CRIU's id of its mount namespace", COLUMN(mount, ns_id, U32) },
	{ .name = "mnt_id", .help = "mount id", COLUMN(mount, mnt_id, U32) },
	{ .name = "parent_id", .help = "id of the mount it stands on", .detail = true,
	  COLUMN(mount, parent_id, U32) },
	{ .name = "fstype", .help = "file system type", COLUMN(mount, fstype, BYTES) },
	{ .name = "mountpoint", .help = "where it is mounted", COLUMN(mount, mountpoint, BYTES) },
	{ .name = "source", .help = "what is mounted", COLUMN(mount, source, BYTES) },
	{ .name = "ext_key", .help = "name under which an external mount is given at restore",
	  COLUMN(mount, ext_key, BYTES) },
	{ .name = "root", .help = "the directory of the file system that is mounted",
	  .detail = true, COLUMN(mount, root, BYTES) },
	{ .name = "options", .help = "options of the file system", .detail = true,
	  COLUMN(mount, options, BYTES) },
	{ .name = "device", .help = "major:minor", .detail = true, COMPUTED(TEXT, get_device) },
	{ .name = "flags", .help = "flags of the mount", .detail = true,
	  COLUMN(mount, flags, HEX32) },
	{ .name = "sb_flags", .help = "flags of the file system", .detail = true,
	  COLUMN(mount, sb_flags, HEX32) },
	{ .name = "shared_id", .help = "peer group it propagates to", .detail = true,
	  COLUMN(mount, shared_id, U32) },
	{ .name = "master_id", .help = "peer group it is a slave of", .detail = true,
	  COLUMN(mount, master_id, U32) },
	{ .name = "external", .help = "not part of the checkpoint: given again at restore",
	  .detail = true, COLUMN(mount, is_external, BOOL) },
	{ .name = "deleted", .help = "its root was removed", .detail = true,
	  COLUMN(mount, is_deleted, BOOL) },
};

const struct table table_mount = {
	.name = "mount",
	.plural = "mounts",
	.help = "a mount of a mount namespace",
	.key = "mountpoint fstype",
	.noise = "ns_id mnt_id parent_id device shared_id master_id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_mount,
};
