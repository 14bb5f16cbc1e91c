#include "decoders/model/leaves/cores.h"

bool core_open(struct checkpoint *checkpoint, uint32_t tid, struct core *ret)
{
	struct image_entry entry;

	if (!load_open_named(checkpoint, "CORE", &ret->reader, "core-%u.img", tid))
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

bool core_is_mips(const struct checkpoint *checkpoint)
{
	return checkpoint->arch && !strcmp(checkpoint->arch, "mips");
}
