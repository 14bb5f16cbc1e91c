#include "db/diff/comparison.h"

void comparison_init(struct checkpoint *before, struct checkpoint *after, struct comparison *ret)
{
	struct comparison comparison = { .before = before, .after = after };

	checkpoint_need(before, PART_STRINGS);
	checkpoint_need(after, PART_STRINGS);
	comparison.has_predump = before->is_predump || after->is_predump;
	arena_init(&comparison.arena);
	tasks_pair(before, after, &comparison.arena, &comparison.pairs);
	*ret = comparison;
}

void comparison_deinit(struct comparison *comparison)
{
	arena_deinit(&comparison->arena);
}
