/* Core images, one at a time: what several leaves read from them, or from images beside them. */
#pragma once

#include "decoders/model/leaf.h"
#include "task.pb-c.h"

struct core {
	struct image_reader reader;
	const CoreEntry *entry; /* valid until core_close */
	struct origin origin;
};

/* False where the thread has no core image that can be read. */
bool core_open(struct checkpoint *checkpoint, uint32_t tid, struct core *ret);
void core_close(struct checkpoint *checkpoint, struct core *core);

/*
 * Something that is in the core of each task, and in old dumps in images beside it: only where the
 * core has none of it are these looked at.
 */
struct core_part {
	/* False where the core has none. */
	bool (*take_core)(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
			  const struct core *core);
	struct {
		const char *kind; /* has the pid in its name; NULL: no more of them */
		void (*take)(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
			     const struct image_entry *entry, struct origin origin);
	} beside[2];
};

/* Takes it of every task. */
void core_part_load(struct checkpoint *checkpoint, struct leaf_rows *rows,
		    const struct core_part *part);

/* MIPS counts limits and signals in an order of its own, and swaps two words of a siginfo. */
bool core_is_mips(const struct checkpoint *checkpoint);
