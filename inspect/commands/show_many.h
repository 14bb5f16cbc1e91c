/* show of several checkpoints: a row for each. */
#pragma once

#include "decoders/model/collection.h"
#include "inspect/command.h"

/* What cannot be opened is a row with its error, and a problem. */
struct error *show_many(struct invocation *invocation, const struct collection *collection)
	__attribute__((warn_unused_result));
