#include "db/tables/table.h"

#include "decoders/base/size.h"

static struct row_set rows(const struct checkpoint *checkpoint)
{
	return ROW_SET(checkpoint->env);
}

static const struct column columns[] = {
	{ .name = "pid", .help = "its process", COLUMN(env, pid, U32) },
	{ .name = "name", .help = "name of the variable", COLUMN(env, name, BYTES) },
	{ .name = "value", .help = "its value; null where the string has no \"=\"",
	  COLUMN(env, value, BYTES) },
};

const struct table table_env = {
	.name = "env",
	.help = "a variable of a task's initial environment, read from its memory",
	.needs = PART_STRINGS,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.rows = rows,
};
