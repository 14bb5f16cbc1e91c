/*
 * Tables of the data dictionary as SQL declares them: the one place that says which SQL type a column has.
 *
 * SQLite takes a declared type as a hint only, so a type says what the value is as well: HEX INTEGER is an
 * address or a mask, UNSIGNED INTEGER a count that may have all 64 bits, JSON TEXT a list. A result column
 * keeps the type of the table's column that it is, and with it how it is shown.
 */
#pragma once

#include <sqlite3.h>

#include "db/tables/table.h"
#include "decoders/base/out.h"

enum declaration {
	DECLARE_PLAIN,   /* a table of its own: provenance stands behind the other columns */
	DECLARE_VIRTUAL, /* ... and is hidden, as are costly columns: "SELECT *" leaves them out */
	DECLARE_MERGED,  /* the same, with a column "checkpoint" in front */
};

/* "BOOLEAN", "INTEGER", "UNSIGNED INTEGER", "HEX INTEGER", "OCTAL INTEGER", "TEXT" or "JSON TEXT". */
const char *sql_type(const struct column *column);

/* The type of value that a declared type stands for; VALUE_NULL for any other type, and for NULL. */
enum value_type sql_type_meaning(const char *declared);

/* "pid UNSIGNED INTEGER"; a word of SQL's own stands in quotes, also where it could do without. */
void declare_column(const struct column *column, struct out *out);

/* "CREATE TABLE NAME(...)" */
void declare_table(const struct table *table, const char *name, enum declaration how,
		   struct out *out);

/*
 * A cell as SQL has it: text spelled, lists as JSON. ARENA is where what must be made is made. What is in
 * *ret is NULL, an integer or text.
 */
void sql_cell(const struct value *value, struct arena *arena, struct value *ret);

/* Binds what sql_cell gave, to "?PARAMETER" of a statement that is kept no longer than the value. */
int sql_bind(sqlite3_stmt *statement, int parameter, const struct value *cell);
