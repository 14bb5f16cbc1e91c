#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/namespace.h"

static void get_image(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	uint32_t image = ((const struct namespace *)row)->image;

	(void)arena;
	if (image != NO_ROW)
		*ret = value_text(bytes_basename(checkpoint->source.members.items[image].name));
}

static void get_is_host(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			struct value *ret)
{
	const struct namespace *namespace = row;

	(void)checkpoint;
	(void)arena;
	if (namespace->host_id != ABSENT_U32)
		*ret = (struct value){ .type = VALUE_BOOL,
				       .boolean = namespace->id == namespace->host_id };
}

static const struct column columns[] = {
	{ .name = "type", .help = "pid, net, ipc, uts, mnt, user, cgroup, time",
	  COLUMN(namespace, type, NAME) },
	{ .name = "id", .help = "CRIU's id of it, as in process.net_ns and the like",
	  COLUMN(namespace, id, U32) },
	{ .name = "processes", .help = "processes in it", COLUMN(namespace, processes, U32) },
	{ .name = "is_host",
	  .help = "the one that the dumping criu was in itself, and so not restored; "
		  "null: not recorded",
	  COMPUTED(BOOL, get_is_host) },
	{ .name = "image", .help = "the image that describes it", COMPUTED(TEXT, get_image) },
	{ .name = "ext_key", .help = "name under which an external namespace is given at restore",
	  COLUMN(namespace, ext_key, BYTES) },
	{ .name = "nodename", .help = "host name; of uts", COLUMN(namespace, nodename, BYTES) },
	{ .name = "domainname", .help = "NIS domain name; of uts", .detail = true,
	  COLUMN(namespace, domainname, BYTES) },
	{ .name = "uid_map",
	  .help = "of user: first id inside, first id outside, count, as in /proc/PID/uid_map",
	  COLUMN(namespace, uid_map, BYTES) },
	{ .name = "gid_map", .help = "the same for groups", .detail = true,
	  COLUMN(namespace, gid_map, BYTES) },
	{ .name = "monotonic", .help = "CLOCK_MONOTONIC inside at the dump; of time", .unit = "ns",
	  .detail = true, COLUMN(namespace, monotonic, U64) },
	{ .name = "boottime", .help = "CLOCK_BOOTTIME inside at the dump; of time", .unit = "ns",
	  .detail = true, COLUMN(namespace, boottime, U64) },
};

const struct table table_namespace = {
	.name = "namespace",
	.plural = "namespaces",
	.help = "a namespace that a task is in or an image tells of",
	.key = "type",
	.noise = "id processes monotonic boottime",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_namespace,
};
