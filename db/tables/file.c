#include "db/tables/table.h"

#include "decoders/base/size.h"

static struct row_set rows(const struct checkpoint *checkpoint)
{
	return ROW_SET(checkpoint->files);
}

static const struct column columns[] = {
	{ .name = "id", .help = "unique in the checkpoint", COLUMN(file, id, U32) },
	{ .name = "image_id", .help = "CRIU's id; two files of different types can share one",
	  .detail = true, COLUMN(file, image_id, U32) },
	{ .name = "type", .help = "reg, pipe, fifo, inetsk, unixsk, tty, memfd, ...",
	  COLUMN(file, type, NAME) },
	{ .name = "fds", .help = "descriptors that refer to it", .needs = PART_FDS,
	  COLUMN(file, n_fds, U32) },
	{ .name = "pid", .help = "the lowest pid that has it open", .needs = PART_FDS,
	  COLUMN(file, first_pid, U32) },
	{ .name = "flags", .help = "of open(2)", .detail = true, COLUMN(file, flags, HEX32) },
	{ .name = "pos", .help = "position", .unit = "bytes", .detail = true,
	  COLUMN(file, pos, U64) },
	{ .name = "mode", .help = "file type and permission bits", .detail = true,
	  COLUMN(file, mode, OCTAL32) },
	{ .name = "size", .help = "size when it was dumped", .unit = "bytes",
	  COLUMN(file, size, U64) },
	{ .name = "deleted", .help = "it has no name any more", COLUMN(file, deleted, BOOL) },
	{ .name = "remap", .help = "how a deleted file comes back: ghost, linked, procfs",
	  .detail = true, COLUMN(file, remap, NAME) },
	{ .name = "remap_id", .help = "id of the ghost image, of the linked file, or the pid",
	  .detail = true, COLUMN(file, remap_id, U32) },
	{ .name = "held_bytes", .help = "content of it that the images hold", .unit = "bytes",
	  COLUMN(file, held_bytes, U64) },
	{ .name = "path", .help = "path, or what /proc/PID/fd shows", COLUMN(file, path, BYTES) },
	{ .name = "detail", .help = "what it is, in words", .detail = true,
	  COLUMN(file, detail, BYTES) },
	{ .name = "mnt_id", .help = "mount it was opened on; -1: not recorded", .detail = true,
	  COLUMN(file, mnt_id, I32) },
	{ .name = "device", .help = "number of an open device, of a running process: major * 256 + minor",
	  .detail = true, COLUMN(file, device, U32) },
	{ .name = "links", .help = "names that the file of a running process has", .detail = true,
	  COLUMN(file, links, U32) },
	{ .name = "inode", .help = "id of the pipe, socket, memfd or terminal behind it",
	  .detail = true, COLUMN(file, inode, U64) },
};

const struct table table_file = {
	.name = "file",
	.plural = "files",
	.help = "an open file description; several descriptors may share it",
	.key = "type path pid",
	.noise = "id image_id remap_id mnt_id device links inode",
	.needs = PART_FILES,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.rows = rows,
};
