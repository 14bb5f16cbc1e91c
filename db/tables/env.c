#include "db/tables/secret.h"
#include "db/tables/table.h"

#include "decoders/base/size.h"

static struct row_set rows(const struct checkpoint *checkpoint)
{
	return ROW_SET(checkpoint->env);
}

static void mark_value(const void *row, struct arena *arena, struct value *value)
{
	secret_mark_variable(((const struct env *)row)->name, arena, value);
}

static const struct column columns[] = {
	{ .name = "pid", .help = "its process", COLUMN(env, pid, U32) },
	{ .name = "name", .help = "name of the variable", COLUMN(env, name, BYTES) },
	{ .name = "value", .help = "its value; null where the string has no \"=\"; secrets are masked",
	  .mark = mark_value, COLUMN(env, value, BYTES) },
};

const struct table table_env = {
	.name = "env",
	.help = "a variable of a task's initial environment, read from its memory",
	.key = "pid name",
	.needs = PART_STRINGS,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.rows = rows,
};
