/*
 * Several checkpoints in one place: a directory of archives, as the kubelet keeps it, a directory of image
 * directories, or an archive that holds more than one.
 */
#pragma once

#include "decoders/base/arena.h"
#include "decoders/base/error.h"

/* What checkpoint_open_as takes. */
struct collected {
	const char *path;
	const char *inside; /* "": nothing needs to be said */
	bool is_found;      /* in a directory that somebody named: not named itself */
};

struct collection {
	struct collected *items; /* in order of names */
	size_t n, cap;
};

/*
 * What lies at PATH; of a checkpoint that is alone there one item, itself. Archives in a directory are
 * told by their first bytes and not opened, so that an item may turn out to hold no checkpoint. Those
 * that belong to a checkpoint, such as the one of its root file system, are passed over.
 */
struct error *collection_find(const char *path, struct arena *arena, struct problems *problems,
			      struct collection *ret) __attribute__((warn_unused_result));

void collection_add(struct arena *arena, struct collection *collection, const char *path,
		    const char *inside);
