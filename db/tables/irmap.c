#include "db/tables/table.h"

#include <sys/sysmacros.h>

#include "decoders/base/size.h"
#include "decoders/model/leaves/irmap.h"

static void get_device(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	uint32_t device = ((const struct irmap *)row)->device;

	(void)checkpoint;
	*ret = value_text(bytes_of(arena_printf(arena, "%u:%u", major(device), minor(device))));
}

static const struct column columns[] = {
	{ .name = "device", .help = "major:minor", COMPUTED(TEXT, get_device) },
	{ .name = "inode", .help = "inode number", COLUMN(irmap, inode, U64) },
	{ .name = "path", .help = "where it was found", COLUMN(irmap, path, BYTES) },
};

const struct table table_irmap = {
	.name = "irmap",
	.help = "a path that CRIU found for an inode and kept for the next dump",
	.key = "path",
	.about_dump = true,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_irmap,
};
