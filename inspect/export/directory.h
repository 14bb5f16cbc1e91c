/*
 * A directory that files are written into, and nothing anywhere else.
 */
#pragma once

#include "decoders/base/error.h"

/*
 * Makes PATH, where it is not there, and opens it: a directory that is empty, no link, and not beneath
 * EVIDENCE, where that is a directory. NULL and what cannot be are errors of the user's.
 */
struct error *directory_open(const char *path, const char *evidence, int *ret)
	__attribute__((warn_unused_result));

/*
 * A new regular file in it, open for writing, readable to its owner alone: never one that is there, and
 * through no link. -1 with errno where it cannot be. NAME is our own and has no slash.
 */
int directory_make_file(int directory, const char *name);
