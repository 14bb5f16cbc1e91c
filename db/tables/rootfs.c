#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/rootfs.h"

static void get_mtime(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	(void)checkpoint;
	*ret = value_time(arena, ((const struct rootfs *)row)->mtime);
}

static void get_sha256(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	const struct rootfs *rootfs = row;

	(void)checkpoint;
	(void)arena;
	if (rootfs->sha256[0])
		*ret = value_text(bytes_of(rootfs->sha256));
}

static const struct column columns[] = {
	{ .name = "change", .help = "added, modified, deleted", COLUMN(rootfs, change, NAME) },
	{ .name = "certain",
	  .help = "false: taken for added, but the archive does not tell that from modified",
	  COLUMN(rootfs, is_certain, BOOL) },
	{ .name = "type", .help = "file, directory, symlink, hardlink, fifo, chardev, blockdev; opaque: "
				  "all that was below is deleted; null: unknown",
	  COLUMN(rootfs, type, NAME) },
	{ .name = "size", .help = "of a file", .unit = "bytes", COLUMN(rootfs, size, U64) },
	{ .name = "mode", .help = "permission bits", .detail = true,
	  COLUMN(rootfs, mode, OCTAL32) },
	{ .name = "uid", .help = "owner", .detail = true, COLUMN(rootfs, uid, U32) },
	{ .name = "gid", .help = "group", .detail = true, COLUMN(rootfs, gid, U32) },
	{ .name = "mtime", .help = "last change, ISO 8601 UTC", COMPUTED(TEXT, get_mtime) },
	{ .name = "source", .help = "rootfs-diff, deleted.files, layer, volume, shm, tmpfs",
	  COLUMN(rootfs, from, NAME) },
	{ .name = "path", .help = "in the container", COLUMN(rootfs, path, BYTES) },
	{ .name = "link", .help = "target of a link", .detail = true, COLUMN(rootfs, link, BYTES) },
	{ .name = "sha256", .help = "SHA-256 of a file's content, made when it is asked for by name",
	  .detail = true, .on_demand = true, .needs = PART_DIGESTS, COMPUTED(TEXT, get_sha256) },
};

const struct table table_rootfs = {
	.name = "rootfs",
	.help = "a file that the container changed, or had in a volume, in /dev/shm or in a tmpfs",
	.key = "source path",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_rootfs,
};
