/*
 * Checkpoints that are compared, opened: with their memory found, and each with the one before it, or the one that it
 * was dumped on top of.
 */
#pragma once

#include "inspect/command.h"

struct opened {
	struct checkpoint checkpoint;
	const char *name; /* what the user calls it */
	bool is_open;
};

struct error *opened_one(struct invocation *invocation, const char *path, struct opened *ret)
	__attribute__((warn_unused_result));
void opened_close(struct invocation *invocation, struct opened *opened);

/*
 * Opens PATHS[AT]. Where its parent is not here but goes by the name of the one before it, which is an archive
 * elsewhere, then that one is its parent, with those before it in turn.
 */
struct error *opened_next(struct invocation *invocation, const char *const *paths, int at,
			  const struct opened *before, struct opened *ret) __attribute__((warn_unused_result));

/* Opens the parent of CHILD, whose pages are loaded; an error where it has none or that is not here. */
struct error *opened_parent(struct invocation *invocation, struct opened *child, struct opened *ret)
	__attribute__((warn_unused_result));
