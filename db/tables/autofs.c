#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/autofs.h"

static const struct name mode_names[] = { { 0, "direct" }, { 1, "indirect" }, { 2, "offset" } };
static const struct name_table modes = { mode_names, ARRAY_SIZE(mode_names) };

static void get_mode(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	(void)checkpoint;
	*ret = named_value(arena, &modes, ((const struct autofs *)row)->mode);
}

static void get_device(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	(void)checkpoint;
	*ret = device_value(arena, ((const struct autofs *)row)->device);
}

static void get_read_fd(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			struct value *ret)
{
	const struct autofs *autofs = row;

	(void)checkpoint;
	(void)arena;
	if (autofs->has_read_fd)
		*ret = (struct value){ .type = VALUE_INT, .integer = autofs->read_fd };
}

static const struct column columns[] = {
	{ .name = "mountpoint", .help = "where it is mounted; null: no mount has its device",
	  COLUMN(autofs, mountpoint, BYTES) },
	{ .name = "device", .help = "major:minor, as in mount.device", COMPUTED(TEXT, get_device) },
	{ .name = "mode", .help = "direct, indirect or offset", COMPUTED(TEXT, get_mode) },
	{ .name = "pgrp", .help = "process group of the daemon, whose accesses mount nothing",
	  COLUMN(autofs, pgrp, I32) },
	{ .name = "fd", .help = "the daemon's end of the pipe; -1: the daemon is gone",
	  COLUMN(autofs, fd, I32) },
	{ .name = "read_fd", .help = "the end that is read from", COMPUTED(INT, get_read_fd) },
	{ .name = "timeout_s", .help = "seconds until what is unused is unmounted", .unit = "s",
	  COLUMN(autofs, timeout_s, I32) },
	{ .name = "minproto", .help = "lowest version of the protocol", .detail = true,
	  COLUMN(autofs, minproto, I32) },
	{ .name = "maxproto", .help = "highest version of the protocol", .detail = true,
	  COLUMN(autofs, maxproto, I32) },
	{ .name = "uid", .help = "owner", .detail = true, COLUMN(autofs, uid, U32) },
	{ .name = "gid", .help = "group", .detail = true, COLUMN(autofs, gid, U32) },
};

const struct table table_autofs = {
	.name = "autofs",
	.help = "a mount of the automounter",
	.key = "mountpoint",
	.noise = "device",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_autofs,
};
