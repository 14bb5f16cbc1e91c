/* Resource limits: in core, or in rlimit-PID.img of old dumps; their position is the resource. */
#include "decoders/base/size.h"
#include "decoders/model/leaves/cores.h"
#include "decoders/model/leaves/rlimit.h"

/* include/uapi/asm-generic/resource.h; units as in getrlimit(2). */
static const struct resource {
	const char *name, *unit;
} resources[] = {
	{ "cpu", "s" },		{ "fsize", "bytes" },  { "data", "bytes" },
	{ "stack", "bytes" },	{ "core", "bytes" },   { "rss", "bytes" },
	{ "nproc", "processes" }, { "nofile", "files" }, { "memlock", "bytes" },
	{ "as", "bytes" },	{ "locks", "locks" },  { "sigpending", "signals" },
	{ "msgqueue", "bytes" }, { "nice", "priority" }, { "rtprio", "priority" },
	{ "rttime", "us" },
};

/* arch/mips/include/uapi/asm/resource.h: 5 to 9 are others there. */
static const uint8_t mips_order[] = { 0, 1, 2, 3, 4, 7, 9, 5, 6, 8, 10, 11, 12, 13, 14, 15 };

static const struct resource *resource_of(const struct checkpoint *checkpoint, uint32_t number)
{
	static const struct resource unknown = { NULL, NULL };

	if (number >= ARRAY_SIZE(resources))
		return &unknown;
	return &resources[core_is_mips(checkpoint) ? mips_order[number] : number];
}

static void add_limit(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
		      uint32_t number, const RlimitEntry *from, struct origin origin)
{
	const struct resource *resource = resource_of(checkpoint, number);
	struct rlimit_row *limit = leaf_add(checkpoint, rows);

	*limit = (struct rlimit_row){
		.origin = origin,
		.pid = pid,
		.resource = number,
		.name = resource->name, .unit = resource->unit,
		.soft = from->cur, .hard = from->max,
	};
}

static bool take_core(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
		      const struct core *core)
{
	const TaskRlimitsEntry *limits = core->entry->tc ? core->entry->tc->rlimits : NULL;

	for (size_t i = 0; limits && i < limits->n_rlimits; i++)
		add_limit(checkpoint, rows, pid, (uint32_t)i, limits->rlimits[i], core->origin);
	return limits && limits->n_rlimits;
}

static void take_beside(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
			const struct image_entry *entry, struct origin origin)
{
	add_limit(checkpoint, rows, pid, entry->index, (const RlimitEntry *)entry->message, origin);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	static const struct core_part limits = { take_core, { { "RLIMIT", take_beside } } };

	core_part_load(checkpoint, rows, &limits);
}

const struct leaf leaf_rlimit = {
	.name = "rlimit",
	.row_size = sizeof(struct rlimit_row),
	.needs = PART_TASKS,
	.load = load,
};
