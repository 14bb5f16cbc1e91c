/* What the screens of an index share. */
#pragma once

#include "tui/view.h"
#include "tui/widgets/sqlrows.h"

/* The first N values of the first row of a SELECT, whose ?1 is a number; nulls where it has none. Text goes to ARENA. */
struct error *index_ask(const struct sql_index *index, struct bytes sql, int64_t parameter, struct arena *arena,
			struct value *ret, size_t n) __attribute__((warn_unused_result));

/* The checkpoint, by its id in the index, that a row of a table is of; 0: the row is not there. */
int64_t index_of_row(const struct sql_index *index, const struct table *table, int64_t rowid);

/* Where a row of a table was read from: "files.img #17 @0x3a2". */
void put_index_origin(const struct sql_index *index, const struct table *table, int64_t rowid, struct out *out);

/* The columns of a table in the index: those that a listing shows, or ALL; as a SELECT whose first is the rowid. */
void put_index_select(const struct table *table, int64_t checkpoint, bool all, struct out *out);
