#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/rlimit.h"

static void get_soft_unlimited(const struct checkpoint *checkpoint, const void *row,
			       struct arena *arena, struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = value_bool(((const struct rlimit_row *)row)->soft == ABSENT_U64);
}

static void get_hard_unlimited(const struct checkpoint *checkpoint, const void *row,
			       struct arena *arena, struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = value_bool(((const struct rlimit_row *)row)->hard == ABSENT_U64);
}

static const struct column columns[] = {
	{ .name = "pid", .help = "its process", COLUMN(rlimit_row, pid, U32) },
	{ .name = "resource", .help = "number of the resource", .detail = true,
	  COLUMN(rlimit_row, resource, U32) },
	{ .name = "name", .help = "the resource, as getrlimit(2) names it: nofile, stack, ...",
	  COLUMN(rlimit_row, name, NAME) },
	{ .name = "soft", .help = "what is enforced; null: no limit",
	  COLUMN(rlimit_row, soft, U64) },
	{ .name = "hard", .help = "up to where it may raise the soft limit; null: no limit",
	  COLUMN(rlimit_row, hard, U64) },
	{ .name = "unit", .help = "of both limits", COLUMN(rlimit_row, unit, NAME) },
	{ .name = "soft_unlimited", .help = "there is no soft limit",
	  COMPUTED(BOOL, get_soft_unlimited) },
	{ .name = "hard_unlimited", .help = "there is no hard limit",
	  COMPUTED(BOOL, get_hard_unlimited) },
};

const struct table table_rlimit = {
	.name = "rlimit",
	.plural = "rlimits",
	.help = "a resource limit of a task",
	.key = "pid resource",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_rlimit,
};
