/* Which checkpoints the arguments of a command mean: a directory, such as the kubelet's, may hold many. */
#pragma once

#include "decoders/model/collection.h"
#include "inspect/command.h"

/*
 * Adds those that all arguments lead to, in their order; a directory's by name. What cannot be read is an item too, so
 * that opening it says why. With --inside each argument is one.
 */
void collect_checkpoints(struct invocation *invocation, struct arena *arena, struct collection *ret);

/*
 * Opening PATH ended with ERROR: whether that is because it is an archive of several checkpoints, which are added to
 * COLLECTION then. It costs a look through the archive, so it is asked where opening failed, and not before.
 */
bool collect_several(struct invocation *invocation, const char *path, const struct error *error, struct arena *arena,
		     struct collection *collection);

/* "PATH", or "PATH: INSIDE" of one that is not alone in its archive. */
struct bytes collected_name(struct arena *arena, const struct collected *one);

/* Opens it, as open_checkpoint; what a directory has and cannot be read is damage of the whole, not a missing input. */
struct error *collected_open(struct invocation *invocation, const struct collected *one, struct checkpoint *ret)
	__attribute__((warn_unused_result));
