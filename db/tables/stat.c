#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/stat.h"

static const struct column columns[] = {
	{ .name = "phase", .help = "dump or restore", COLUMN(stat_row, phase, NAME) },
	{ .name = "name", .help = "as CRIU calls it", COLUMN(stat_row, name, NAME) },
	{ .name = "value", .help = "the number", COLUMN(stat_row, value, U64) },
	{ .name = "unit", .help = "us, pages or count", COLUMN(stat_row, unit, NAME) },
};

const struct table table_stat = {
	.name = "stat",
	.plural = "stats",
	.help = "a number that CRIU kept about the dump or the restore",
	.key = "phase name",
	.about_dump = true,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_stat,
};
