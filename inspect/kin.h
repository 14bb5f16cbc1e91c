/*
 * Which of several checkpoints is another one's parent, where each lies in an archive of its own: podman's
 * pre-checkpoint beside the checkpoint that came after it. A link says no more than the name of a directory, so the
 * container must be the same, the archives lie in one place, and of several the latest before it counts. Nothing is
 * asked of the others but where a checkpoint lacks its parent, or is a pre-dump and may be one; then each of them is
 * opened once more.
 */
#pragma once

#include "inspect/checkpoints.h"

struct relative;

struct kin {
	struct invocation *invocation;
	const struct collection *collection;
	struct relative *relatives; /* of its items; NULL: not asked yet */
	struct arena arena;
};

void kin_init(struct kin *kin, struct invocation *invocation, const struct collection *collection);
void kin_deinit(struct kin *kin);

/*
 * Opens the item with that index as collected_open does, with those of the others that its memory rests on for
 * parents, unless the user named some; .has_child is set where another one rests on it.
 */
struct error *kin_open(struct kin *kin, size_t item, struct checkpoint *ret) __attribute__((warn_unused_result));
