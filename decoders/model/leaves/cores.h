/* Core images, one at a time: what several leaves read from them. */
#pragma once

#include "decoders/model/load.h"
#include "task.pb-c.h"

struct core {
	struct image_reader reader;
	const CoreEntry *entry; /* valid until core_close */
	struct origin origin;
};

/* False where the thread has no core image that can be read. */
bool core_open(struct checkpoint *checkpoint, uint32_t tid, struct core *ret);
void core_close(struct checkpoint *checkpoint, struct core *core);

/* MIPS counts limits and signals in an order of its own, and swaps two words of a siginfo. */
bool core_is_mips(const struct checkpoint *checkpoint);
