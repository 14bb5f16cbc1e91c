/*
 * Two checkpoints, before and after, ready to be compared.
 *
 * What they differ in comes in two kinds: rows of tables (rows.h) and pages of memory (memory.h). Both rest on
 * knowing which task is which (tasks.h), which is found out here, once.
 */
#pragma once

#include "db/diff/tasks.h"
#include "db/tables/table.h"

struct comparison {
	struct checkpoint *before, *after;
	struct task_pairs pairs;
	bool has_predump; /* one of them holds pages and nothing else: tables say nothing then */
	struct arena arena; /* of the pairs; and for whoever compares, as long as the comparison lives */
};

/* Loads tasks and pages of both; they must outlive the comparison, and nothing may have needed pages yet. */
void comparison_init(struct checkpoint *before, struct checkpoint *after, struct comparison *ret);
void comparison_deinit(struct comparison *comparison);

/* Whether a table is compared without being named: it has a key, and is not about the dump itself. */
static inline bool is_compared(const struct table *table)
{
	return table->key && !table->about_dump;
}
