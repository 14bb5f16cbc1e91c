#include "db/diff/comparison.h"

#include "decoders/model/predump.h"

void comparison_init(struct checkpoint *before, struct checkpoint *after, struct comparison *ret)
{
	struct comparison comparison = { .before = before, .after = after };

	comparison.has_predump = checkpoint_is_predump(before) || checkpoint_is_predump(after);
	checkpoint_name_tasks(before);
	checkpoint_name_tasks(after);
	checkpoint_need(before, PART_STRINGS);
	checkpoint_need(after, PART_STRINGS);
	arena_init(&comparison.arena);
	tasks_pair(before, after, &comparison.arena, &comparison.pairs);
	*ret = comparison;
}

void comparison_deinit(struct comparison *comparison)
{
	arena_deinit(&comparison->arena);
}
