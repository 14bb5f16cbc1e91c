/* The cache of inodes: irmap-cache, which a pre-dump leaves. */
#include "decoders/model/leaves/irmap.h"
#include "notify.pb-c.h"

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "IRMAP_CACHE", &reader, "irmap-cache"))
		return;
	while (image_next(&reader, &entry)) {
		const IrmapCacheEntry *from = (const IrmapCacheEntry *)entry.message;
		struct irmap *irmap = leaf_add(checkpoint, rows);

		*irmap = (struct irmap){
			.origin = load_origin(&reader, &entry),
			.device = from->dev,
			.inode = from->inode,
			.path = load_text(checkpoint, from->has_path, from->path),
		};
	}
	load_close(checkpoint, &reader);
}

const struct leaf leaf_irmap = {
	.name = "irmap",
	.row_size = sizeof(struct irmap),
	.needs = PART_INVENTORY,
	.load = load,
};
