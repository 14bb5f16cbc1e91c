/* What columns refer to, in other tables and their own: by these tables join. */
#pragma once

#include "db/tables/table.h"

struct column_target {
	const char *table;  /* NULL: every table that has such a column */
	const char *column;
	const char *to_table, *to_column;
};

/* What COLUMN refers to; NULL: nothing. */
const struct column_target *target_of(const struct table *table, const struct column *column);

extern const struct column_target column_targets[];
extern const size_t n_column_targets;
