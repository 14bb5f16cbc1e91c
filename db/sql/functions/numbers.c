/* Numbers as people read them. */
#include <stdlib.h>

#include "db/sql/functions.h"
#include "decoders/base/human.h"

void call_hex_addr(sqlite3_context *context, int n, sqlite3_value **values)
{
	char text[32];

	(void)n;
	if (sqlite3_value_numeric_type(values[0]) != SQLITE_INTEGER)
		return;
	sqlite3_snprintf(sizeof(text), text, "0x%llx", sqlite3_value_int64(values[0]));
	sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

void call_human_size(sqlite3_context *context, int n, sqlite3_value **values)
{
	struct out out;

	(void)n;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL)
		return;
	out_init(&out, -1);
	if (sqlite3_value_int64(values[0]) < 0)
		out_char(&out, '-');
	print_size((uint64_t)llabs(sqlite3_value_int64(values[0])), &out);
	sqlite3_result_text64(context, out.buffer, out.len, SQLITE_TRANSIENT, SQLITE_UTF8);
	out_deinit(&out);
}
