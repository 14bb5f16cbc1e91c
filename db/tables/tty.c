#include "db/tables/table.h"

#include <sys/sysmacros.h>

#include "decoders/base/size.h"
#include "decoders/model/leaves/tty.h"

static void get_device(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	uint32_t device = ((const struct tty *)row)->device;

	(void)checkpoint;
	*ret = value_text(bytes_of(arena_printf(arena, "%u:%u", major(device), minor(device))));
}

static const struct column columns[] = {
	{ .name = "id", .help = "CRIU's id; file.inode of its files", COLUMN(tty, id, U32) },
	{ .name = "type", .help = "pty, console, vt, ctty, ext_tty or serial",
	  COLUMN(tty, type, NAME) },
	{ .name = "index", .help = "N of /dev/pts/N", COLUMN(tty, index, U32) },
	{ .name = "sid", .help = "the session it controls; null: none", COLUMN(tty, sid, U32) },
	{ .name = "pgrp", .help = "process group in the foreground", COLUMN(tty, pgrp, U32) },
	{ .name = "rows", .help = "height of the window", .unit = "characters",
	  COLUMN(tty, rows, U32) },
	{ .name = "columns", .help = "width of the window", .unit = "characters",
	  COLUMN(tty, columns, U32) },
	{ .name = "files", .help = "open files of it", COLUMN(tty, n_files, U32) },
	{ .name = "unread_bytes", .help = "input that waits; null: none was saved", .unit = "bytes",
	  COLUMN(tty, unread_bytes, U64) },
	{ .name = "device", .help = "major:minor; 5:2 is the master of a pty", .detail = true,
	  COMPUTED(TEXT, get_device) },
	{ .name = "iflag", .help = "c_iflag of termios(3)", .detail = true,
	  COLUMN(tty, iflag, HEX32) },
	{ .name = "oflag", .help = "c_oflag", .detail = true, COLUMN(tty, oflag, HEX32) },
	{ .name = "cflag", .help = "c_cflag", .detail = true, COLUMN(tty, cflag, HEX32) },
	{ .name = "lflag", .help = "c_lflag", .detail = true, COLUMN(tty, lflag, HEX32) },
	{ .name = "locked", .help = "a pty that unlockpt(3) has not opened yet", .detail = true,
	  COLUMN(tty, is_locked, BOOL) },
	{ .name = "exclusive", .help = "nobody else may open it", .detail = true,
	  COLUMN(tty, is_exclusive, BOOL) },
	{ .name = "packet_mode", .help = "reads of the master tell what happened", .detail = true,
	  COLUMN(tty, is_packet_mode, BOOL) },
	{ .name = "uid", .help = "owner", .detail = true, COLUMN(tty, uid, U32) },
	{ .name = "gid", .help = "group", .detail = true, COLUMN(tty, gid, U32) },
};

const struct table table_tty = {
	.name = "tty",
	.plural = "ttys",
	.help = "a terminal; a pty is two of them, the master and the slave",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_tty,
};
