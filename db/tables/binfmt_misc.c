#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/binfmt_misc.h"

static const struct column columns[] = {
	{ .name = "name", .help = "under which it is registered", COLUMN(binfmt_misc, name, BYTES) },
	{ .name = "enabled", .help = "it is asked", COLUMN(binfmt_misc, is_enabled, BOOL) },
	{ .name = "interpreter", .help = "what runs the file", COLUMN(binfmt_misc, interpreter, BYTES) },
	{ .name = "extension", .help = "the end of the file's name; null: the magic decides",
	  COLUMN(binfmt_misc, extension, BYTES) },
	{ .name = "magic", .help = "bytes of the file, hexadecimal", COLUMN(binfmt_misc, magic, BYTES) },
	{ .name = "mask", .help = "bits of the magic that count, hexadecimal", .detail = true,
	  COLUMN(binfmt_misc, mask, BYTES) },
	{ .name = "offset", .help = "of the magic in the file", .unit = "bytes", .detail = true,
	  COLUMN(binfmt_misc, offset, U32) },
	{ .name = "flags",
	  .help = "P: argv[0] is kept, O: the file is opened for it, C: with the file's credentials, "
		  "F: the interpreter is open already",
	  COLUMN(binfmt_misc, flags, BYTES) },
};

const struct table table_binfmt_misc = {
	.name = "binfmt_misc",
	.help = "an interpreter that is registered for a kind of executables",
	.key = "name",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_binfmt_misc,
};
