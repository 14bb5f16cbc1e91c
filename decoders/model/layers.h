/*
 * Generations: a checkpoint and those that its memory rests on.
 *
 * An incremental dump keeps only pages that changed since the one before; its image directory has
 * a symbolic link "parent" to that one's. With a page server the pages are in a directory of their
 * own, and nothing in the images says where. Layer 0 is the checkpoint itself.
 *
 * A link is resolved among the members of the same source first. One that leads out of it is
 * looked for in what the user named (checkpoint_add_parent); only for a directory, and only where
 * the link is "../NAME", beside it on disk.
 */
#pragma once

#include "decoders/memory/pagemap.h"
#include "decoders/model/checkpoint.h"

struct layer {
	struct source *source;
	struct bytes images; /* its image directory in there */
	bool is_ours;        /* the source was opened for this layer, and is closed with it */
	struct pagemap **pagemaps; /* by row of process; NULL: not read yet */
	struct map shmem_by_id;    /* id of shared memory to index: */
	ROWS(struct pagemap *) shmem;
};

enum { MOST_LAYERS = 64 };

/* Finds the layers. A parent that is merely elsewhere is no problem: .missing_parent names it. */
void layers_find(struct checkpoint *checkpoint);
void layers_close(struct checkpoint *checkpoint);

/* Whether the target of a link is "../NAME": beside the directory, and no further away. */
bool link_is_beside(struct bytes target);

/* The member NAME of a layer's image directory, or NULL. */
const struct member *layer_image(const struct layer *layer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The pagemap of a process in a layer, read when it is first asked for; one without runs if none. */
const struct pagemap *layer_pagemap(struct checkpoint *checkpoint, uint32_t layer, uint32_t process);

/* The same of shared memory: pagemap-shmem-SHMID.img. */
const struct pagemap *layer_shmem_pagemap(struct checkpoint *checkpoint, uint32_t layer,
					  uint64_t shmid);

/* All of both, of every layer, and old segments: from then on places are found and nothing changes, in any thread. */
void layers_read_pagemaps(struct checkpoint *checkpoint);

/*
 * The place of an address of a process, following the runs that say "in the parent".
 */
enum place_state {
	PLACE_PRESENT,
	PLACE_LAZY,       /* left to a page server */
	PLACE_MISSING,    /* in a parent that is not here, or that does not have it; page size unknown */
	PLACE_NOT_DUMPED, /* no run says anything: never touched, or backed by a file */
};

struct place {
	enum place_state state;
	uint64_t address, len;
	uint32_t layer;              /* PLACE_PRESENT: where the bytes are: */
	const struct member *pages;
	uint64_t offset;
};

/* The place at ADDRESS, no longer than LEN. PROCESS: row of the process. */
struct place memory_place(struct checkpoint *checkpoint, uint32_t process, uint64_t address,
			  uint64_t len);

/* The same in shared memory, by offset from its start. */
struct place shmem_place(struct checkpoint *checkpoint, uint64_t shmid, uint64_t offset,
			 uint64_t len);

/*
 * Reads [address, address + len) of a process. Stops before the first byte that is not there;
 * *ret_got is how many were read.
 */
struct error *memory_read(struct checkpoint *checkpoint, uint32_t process, uint64_t address,
			  void *buffer, size_t len, size_t *ret_got)
	__attribute__((warn_unused_result));
