/* Rows that are on the screen as what "coldcase list --where" takes. */
#pragma once

#include "db/tables/table.h"
#include "decoders/base/out.h"

/* " --where 'id = 7'" of one row, by its id, else by what tells it from others; nothing where there is only one. */
void put_where_row(const struct checkpoint *checkpoint, const struct table *table, uint32_t row, bool reveal,
		   struct out *out);

/* The same of rows that have a number in a column. */
void put_where_number(const struct column *column, uint64_t number, struct out *out);
