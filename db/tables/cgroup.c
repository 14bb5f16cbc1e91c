#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/cgroup.h"

static void get_is_root(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			struct value *ret)
{
	const struct cgroup *cgroup = row;

	(void)checkpoint;
	(void)arena;
	if (cgroup->root_set_id != ABSENT_U32)
		*ret = (struct value){ .type = VALUE_BOOL,
				       .boolean = cgroup->set_id == cgroup->root_set_id };
}

static const struct column columns[] = {
	{ .name = "set_id", .help = "id of the set, as in process.cgroup_set",
	  COLUMN(cgroup, set_id, U32) },
	{ .name = "is_root",
	  .help = "the set that the dumping criu was in itself, whose path is not recorded; "
		  "null: which one that was is not recorded",
	  COMPUTED(BOOL, get_is_root) },
	{ .name = "controller",
	  .help = "controllers of the hierarchy, or its name; empty: cgroup version 2",
	  COLUMN(cgroup, controller, BYTES) },
	{ .name = "path", .help = "the control group, from the root of the hierarchy",
	  COLUMN(cgroup, path, BYTES) },
	{ .name = "cgns_prefix",
	  .help = "how much of path lies above the root of the tasks' cgroup namespace",
	  .unit = "bytes", COLUMN(cgroup, cgns_prefix, U32) },
	{ .name = "processes", .help = "processes in the set", COLUMN(cgroup, processes, U32) },
};

const struct table table_cgroup = {
	.name = "cgroup",
	.plural = "cgroups",
	.help = "the control group of a set in one hierarchy; a task is in one set",
	.key = "controller path",
	.noise = "set_id processes",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_cgroup,
};
