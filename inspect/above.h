/*
 * The directories that a place on disk is in, up to the root: whoever writes there asks whether one of them is read.
 * They are known by device and number, so that links and ".." hide nothing.
 */
#pragma once

#include <sys/stat.h>

#include "decoders/base/arena.h"

struct above {
	struct arena arena;
	VEC(struct stat) directories;
};

/* The open DIRECTORY and all above it; what cannot be looked at ends the way. above_deinit in any case. */
void above_find(int directory, struct above *ret);
void above_deinit(struct above *above);

bool above_has(const struct above *above, const struct stat *file);

/* Whether both are of the same file. */
bool is_same_file(const struct stat *a, const struct stat *b);
