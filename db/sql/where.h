/* The rows of a table that an expression is true of: what --where of a listing asks for. */
#pragma once

#include "db/sql/database.h"
#include "db/tables/table.h"

/*
 * EXPRESSION is over the columns of TABLE, and may have SELECTs of its own in it. *ret has a bool for each row of
 * table_rows(), in ARENA.
 */
struct error *where_rows(struct checkpoint *checkpoint, const struct table *table,
			 struct bytes expression, const struct database_options *options,
			 struct arena *arena, bool **ret) __attribute__((warn_unused_result));
