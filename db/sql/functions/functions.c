#include "db/sql/functions.h"

#include "db/sql/internal.h"
#include "decoders/base/size.h"

const struct sql_function sql_functions[] = {
	{ "memory", "pid, addr, len [, checkpoint]",
	  "bytes of a process's memory, from parents too, secrets in them as they are; NULL where the checkpoint "
	  "does not hold them all. "
	  "The checkpoint is its letter, where there are several",
	  3, 4, call_memory },
	{ "memory_state", "pid, addr [, checkpoint]",
	  "what there is at an address: present, zero, file, guard, lazy, missing, kernel, unmapped", 2, 3,
	  call_memory_state },
	{ "regexp", "pattern, text",
	  "whether a regular expression (PCRE2) matches somewhere in it; also: text REGEXP pattern", 2, 2,
	  call_regexp },
	{ "cidr_match", "ip, net",
	  "whether an address is in a network, as in '10.0.0.0/8', 'fd00::/8'; IPv4 in IPv6 counts as IPv4", 2,
	  2, call_cidr_match },
	{ "hex_addr", "n", "an address or mask as '0x...'", 1, 1, call_hex_addr },
	{ "human_size", "n", "bytes as '1.5 MiB'", 1, 1, call_human_size },
	{ "unhex", "digits", "the bytes that hexadecimal digits stand for; null: they are none", 1, 1, call_unhex },
	{ "sha256", "blob or text", "SHA-256 as hexadecimal digits", 1, 1, call_sha256 },
	{ "entropy", "blob or text", "bits of information in a byte of it, from 0.0 to 8.0", 1, 1,
	  call_entropy },
};
const size_t n_sql_functions = ARRAY_SIZE(sql_functions);

/*
 * Not here: what reads files or loads code, what tells of SQLite rather than of the checkpoint, what is
 * random.
 */
const char *const builtin_functions[] = {
	"->", "->>", "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "avg", "ceil",
	"ceiling", "char", "coalesce", "concat", "concat_ws", "cos", "cosh", "count", "cume_dist", "date",
	"datetime", "degrees", "dense_rank", "exp", "first_value", "floor", "format", "glob",
	"group_concat", "hex", "ifnull", "iif", "instr", "json", "json_array", "json_array_length",
	"json_each", "json_extract", "json_group_array", "json_group_object", "json_object", "json_quote",
	"json_tree", "json_type", "json_valid", "julianday", "lag", "last_value", "lead", "length", "like",
	"likelihood", "likely", "ln", "log", "log10", "log2", "lower", "ltrim", "max", "min", "mod",
	"nth_value", "ntile", "nullif", "octet_length", "percent_rank", "pi", "pow", "power", "printf",
	"quote", "radians", "rank", "replace", "round", "row_number", "rtrim", "sign", "sin", "sinh", "sqrt",
	"strftime", "string_agg", "substr", "substring", "sum", "tan", "tanh", "time", "total", "trim",
	"trunc", "typeof", "unicode", "unixepoch", "unlikely", "upper",
};
const size_t n_builtin_functions = ARRAY_SIZE(builtin_functions);

bool function_is_allowed(const char *name)
{
	for (size_t i = 0; i < n_sql_functions; i++)
		if (!sqlite3_stricmp(sql_functions[i].name, name))
			return true;
	for (size_t i = 0; i < n_builtin_functions; i++)
		if (!sqlite3_stricmp(builtin_functions[i], name))
			return true;
	return false;
}

int functions_register(struct database *database)
{
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, status = SQLITE_OK;

	for (size_t i = 0; i < n_sql_functions; i++)
		for (int n = sql_functions[i].least; n <= sql_functions[i].most && status == SQLITE_OK; n++)
			status = sqlite3_create_function_v2(database->handle, sql_functions[i].name, n, flags,
							    database, sql_functions[i].call, NULL, NULL, NULL);
	return status;
}

struct database *function_database(sqlite3_context *context)
{
	return sqlite3_user_data(context);
}

void function_fail(sqlite3_context *context, struct database *database, struct error *error)
{
	error_free(database->failure);
	database->failure = error;
	sqlite3_result_error(context, error->message, -1);
}

struct bytes function_bytes(sqlite3_value *value)
{
	const uint8_t *data = sqlite3_value_type(value) == SQLITE_BLOB ? sqlite3_value_blob(value)
								       : sqlite3_value_text(value);

	return (struct bytes){ data ? data : (const uint8_t *)"", (size_t)sqlite3_value_bytes(value) };
}
