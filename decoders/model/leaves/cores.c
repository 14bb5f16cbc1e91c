#include "decoders/model/leaves/cores.h"

#include "decoders/base/size.h"

bool core_open(struct checkpoint *checkpoint, uint32_t tid, struct core *ret)
{
	struct image_entry entry;

	if (!load_open_numbered(checkpoint, "CORE", tid, &ret->reader))
		return false;
	if (!image_next(&ret->reader, &entry)) {
		load_close(checkpoint, &ret->reader);
		return false;
	}
	ret->entry = (const CoreEntry *)entry.message;
	ret->origin = load_origin(&ret->reader, &entry);
	return true;
}

void core_close(struct checkpoint *checkpoint, struct core *core)
{
	load_close(checkpoint, &core->reader);
}

static bool take_core(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
		      const struct core_part *part)
{
	struct core core;
	bool found;

	if (!core_open(checkpoint, pid, &core))
		return false;
	found = part->take_core(checkpoint, rows, pid, &core);
	core_close(checkpoint, &core);
	return found;
}

static void take_beside(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
			const struct core_part *part)
{
	struct image_reader reader;
	struct image_entry entry;

	for (size_t i = 0; i < ARRAY_SIZE(part->beside) && part->beside[i].kind; i++) {
		if (!load_open_numbered(checkpoint, part->beside[i].kind, pid, &reader))
			continue;
		while (image_next(&reader, &entry))
			part->beside[i].take(checkpoint, rows, pid, &entry,
					     load_origin(&reader, &entry));
		load_close(checkpoint, &reader);
	}
}

void core_part_load(struct checkpoint *checkpoint, struct leaf_rows *rows,
		    const struct core_part *part)
{
	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		uint32_t pid = checkpoint->processes.items[i].pid;

		if (!take_core(checkpoint, rows, pid, part))
			take_beside(checkpoint, rows, pid, part);
	}
}

bool core_is_mips(const struct checkpoint *checkpoint)
{
	return checkpoint->arch && !strcmp(checkpoint->arch, "mips");
}
