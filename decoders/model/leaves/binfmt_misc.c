/* binfmt_misc: binfmt-misc.img, and binfmt-misc-N of old dumps. */
#include "decoders/base/size.h"
#include "decoders/model/leaves/binfmt_misc.h"
#include "mounts.pb-c.h"

static void add(struct checkpoint *checkpoint, struct leaf_rows *rows, const BinfmtMiscEntry *from,
		struct origin origin)
{
	struct binfmt_misc *binfmt = leaf_add(checkpoint, rows);

	*binfmt = (struct binfmt_misc){
		.origin = origin,
		.name = load_text(checkpoint, from->has_name, from->name),
		.interpreter = load_text(checkpoint, from->has_interpreter, from->interpreter),
		.flags = load_text(checkpoint, from->has_flags, from->flags),
		.extension = load_text(checkpoint, from->has_extension, from->extension),
		.magic = load_text(checkpoint, from->has_magic, from->magic),
		.mask = load_text(checkpoint, from->has_mask, from->mask),
		.offset = from->has_offset ? (uint32_t)from->offset : ABSENT_U32,
		.is_enabled = from->enabled,
	};
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	static const char *const kinds[] = { "BINFMT_MISC", "BINFMT_MISC_OLD" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct member *member;
		size_t position = 0;
		uint64_t id;

		while ((member = load_next(checkpoint, kinds[i], &position, &id))) {
			struct image_reader reader;
			struct image_entry entry;

			if (!load_open(checkpoint, member, kinds[i], &reader))
				continue;
			while (image_next(&reader, &entry))
				add(checkpoint, rows, (const BinfmtMiscEntry *)entry.message,
				    load_origin(&reader, &entry));
			load_close(checkpoint, &reader);
		}
	}
}

const struct leaf leaf_binfmt_misc = {
	.name = "binfmt_misc",
	.row_size = sizeof(struct binfmt_misc),
	.needs = PART_INVENTORY,
	.load = load,
};
