/* The auxiliary vector: pairs of a type and a value in mm, ended by AT_NULL. */
#include "decoders/model/leaves/auxv.h"
#include "memory.pb-c.h"

static void add_pairs(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
		      const MmEntry *mm, struct origin origin)
{
	const uint64_t *words = mm->mm_saved_auxv;

	for (size_t i = 0; i + 1 < mm->n_mm_saved_auxv; i += 2) {
		struct auxv *auxv;

		if (words[i] == 0) /* AT_NULL */
			return;
		auxv = leaf_add(checkpoint, rows);
		*auxv = (struct auxv){ origin, pid, words[i], words[i + 1] };
	}
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		uint32_t pid = checkpoint->processes.items[i].pid;
		struct image_reader reader;
		struct image_entry entry;

		if (!load_open_named(checkpoint, "MM", &reader, "mm-%u.img", pid))
			continue;
		if (image_next(&reader, &entry))
			add_pairs(checkpoint, rows, pid, (const MmEntry *)entry.message,
				  load_origin(&reader, &entry));
		load_close(checkpoint, &reader);
	}
}

const struct leaf leaf_auxv = {
	.name = "auxv",
	.row_size = sizeof(struct auxv),
	.needs = PART_TASKS,
	.load = load,
};
