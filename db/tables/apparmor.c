#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/apparmor.h"

/* The names of namespaces joined by "//", as apparmor(7) has them. */
static void get_namespace(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			  struct value *ret)
{
	const struct apparmor_namespace *first = ((const struct apparmor *)row)->namespace;
	size_t length = 0;
	uint8_t *text;

	(void)checkpoint;
	for (const struct apparmor_namespace *one = first; one; one = one->parent)
		length += one->name.len + (one->parent ? 2 : 0);
	text = arena_alloc(arena, length + 1);
	*ret = value_text((struct bytes){ text, length });
	for (const struct apparmor_namespace *one = first; one; one = one->parent) {
		length -= one->name.len;
		if (one->name.len)
			memcpy(text + length, one->name.data, one->name.len);
		if (one->parent) {
			length -= 2;
			memset(text + length, '/', 2);
		}
	}
}

static const struct column columns[] = {
	{ .name = "namespace", .help = "policy namespace, below those that it is in",
	  COMPUTED(TEXT, get_namespace) },
	{ .name = "profile", .help = "name of the profile; null: the namespace itself",
	  COLUMN(apparmor, profile, BYTES) },
	{ .name = "size", .help = "of the profile, as the kernel loads it", .unit = "bytes",
	  COLUMN(apparmor, size, U64) },
};

const struct table table_apparmor = {
	.name = "apparmor",
	.help = "an AppArmor profile that the container has loaded, or a policy namespace",
	.key = "namespace profile",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_apparmor,
};
