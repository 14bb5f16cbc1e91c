#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/cgroup_property.h"

static void get_path(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	const struct cgroup_directory *first = ((const struct cgroup_property *)row)->directory;
	size_t length = 0;
	uint8_t *text;

	(void)checkpoint;
	for (const struct cgroup_directory *one = first; one; one = one->parent)
		length += one->name.len + 1;
	text = arena_alloc(arena, length);
	*ret = value_text((struct bytes){ text, length });
	for (const struct cgroup_directory *one = first; one; one = one->parent) {
		length -= one->name.len;
		if (one->name.len)
			memcpy(text + length, one->name.data, one->name.len);
		text[--length] = '/';
	}
}

static void get_mode(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	uint32_t mode = ((const struct cgroup_property *)row)->mode;

	(void)checkpoint;
	if (mode != ABSENT_U32)
		*ret = value_text(bytes_of(arena_printf(arena, "%04o", mode & 07777)));
}

static const struct column columns[] = {
	{ .name = "controller",
	  .help = "controllers of the hierarchy, or its name; empty: cgroup version 2",
	  COLUMN(cgroup_property, controller, BYTES) },
	{ .name = "path", .help = "the control group, from the root of the hierarchy",
	  COMPUTED(TEXT, get_path) },
	{ .name = "name", .help = "the setting; null: the directory itself",
	  COLUMN(cgroup_property, name, BYTES) },
	{ .name = "value", .help = "what the file of that name said",
	  COLUMN(cgroup_property, value, BYTES) },
	{ .name = "mode", .help = "permissions, octal", .detail = true, COMPUTED(TEXT, get_mode) },
	{ .name = "uid", .help = "owner", .detail = true, COLUMN(cgroup_property, uid, U32) },
	{ .name = "gid", .help = "group", .detail = true, COLUMN(cgroup_property, gid, U32) },
};

const struct table table_cgroup_property = {
	.name = "cgroup_property",
	.plural = "cgroup_properties",
	.help = "a setting of a control group, or the control group itself",
	.key = "controller path name",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_cgroup_property,
};
