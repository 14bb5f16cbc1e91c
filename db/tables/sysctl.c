#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/sysctl.h"

/* As sysctl(8) has it: dots for slashes, and a slash for a dot in the name of a device. */
static void get_name(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	const struct sysctl *sysctl = row;
	size_t directory = strlen(sysctl->directory);
	char *text;

	(void)checkpoint;
	if (!sysctl->name)
		return;
	text = arena_printf(arena, "%s%s%.*s.%s", sysctl->directory, sysctl->device.data ? "." : "",
			    BYTES_FMT(sysctl->device), sysctl->name);
	for (char *p = text; *p; p++)
		if (*p == '/' && p < text + directory)
			*p = '.';
		else if (*p == '.' && p > text + directory && p < text + directory + sysctl->device.len)
			*p = '/';
	*ret = value_text(bytes_of(text));
}

static const struct column columns[] = {
	{ .name = "ns_type", .help = "net or ipc", COLUMN(sysctl, ns_type, NAME) },
	{ .name = "ns_id", .help = "CRIU's id of its namespace", COLUMN(sysctl, ns_id, U32) },
	{ .name = "name",
	  .help = "as sysctl(8) has it; null: newer than this program, see directory and place",
	  COMPUTED(TEXT, get_name) },
	{ .name = "value", .help = "what the file of that name in /proc/sys said",
	  COLUMN(sysctl, value, BYTES) },
	{ .name = "device",
	  .help = "the device it is for; all: those that are there, default: those to come",
	  .detail = true, COLUMN(sysctl, device, BYTES) },
	{ .name = "setting", .help = "the last part of its name", .detail = true,
	  COLUMN(sysctl, name, NAME) },
	{ .name = "directory", .help = "below /proc/sys", .detail = true,
	  COLUMN(sysctl, directory, NAME) },
	{ .name = "place", .help = "in CRIU's list of those, from 0", .detail = true,
	  COLUMN(sysctl, place, U32) },
};

const struct table table_sysctl = {
	.name = "sysctl",
	.plural = "sysctls",
	.help = "a setting of a network or IPC namespace",
	.key = "ns_type name device",
	.noise = "ns_id place",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_sysctl,
};
