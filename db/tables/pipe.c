#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/pipe.h"

static const struct column columns[] = {
	{ .name = "id", .help = "its number, as in pipe:[N]; file.inode of its ends",
	  COLUMN(pipe, id, U32) },
	{ .name = "kind", .help = "pipe, or fifo where it has a name", COLUMN(pipe, kind, NAME) },
	{ .name = "pid", .help = "the lowest pid that has an end open", COLUMN(pipe, pid, U32) },
	{ .name = "bytes", .help = "written and not yet read; null: not recorded", .unit = "bytes",
	  COLUMN(pipe, bytes, U64) },
	{ .name = "size", .help = "how much it takes", .unit = "bytes", COLUMN(pipe, size, U64) },
	{ .name = "readers", .help = "open files that can read it", COLUMN(pipe, readers, U32) },
	{ .name = "writers", .help = "open files that can write to it",
	  COLUMN(pipe, writers, U32) },
	{ .name = "path", .help = "path of a fifo, or what /proc/PID/fd shows",
	  COLUMN(pipe, path, BYTES) },
};

const struct table table_pipe = {
	.name = "pipe",
	.plural = "pipes",
	.help = "a pipe, with or without a name",
	.key = "kind pid path",
	.noise = "id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_pipe,
};
