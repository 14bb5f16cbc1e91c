/*
 * Functions that SQL has beyond SQLite's own: a row of the table each.
 *
 * Also the list of SQLite's own functions that statements may use: all that look at their arguments and
 * nothing else.
 */
#pragma once

#include <sqlite3.h>

#include "db/sql/database.h"

struct sql_function {
	const char *name;
	const char *arguments; /* as help shows them: "ip, net" */
	const char *help;
	int least, most;       /* arguments */
	void (*call)(sqlite3_context *context, int n, sqlite3_value **values);
};

extern const struct sql_function sql_functions[];
extern const size_t n_sql_functions;

/* Whether a statement may call it, whoever wrote it. */
bool function_is_allowed(const char *name);

/* The names of SQLite's own that are allowed. */
extern const char *const builtin_functions[];
extern const size_t n_builtin_functions;

int functions_register(struct database *database);

/* The database that a function was called in. */
struct database *function_database(sqlite3_context *context);

/* The bytes of a blob, or of a text as SQL has it. */
struct bytes function_bytes(sqlite3_value *value);

void call_memory(sqlite3_context *context, int n, sqlite3_value **values);
void call_memory_state(sqlite3_context *context, int n, sqlite3_value **values);
void call_regexp(sqlite3_context *context, int n, sqlite3_value **values);
void call_cidr_match(sqlite3_context *context, int n, sqlite3_value **values);
void call_hex_addr(sqlite3_context *context, int n, sqlite3_value **values);
void call_human_size(sqlite3_context *context, int n, sqlite3_value **values);
void call_unhex(sqlite3_context *context, int n, sqlite3_value **values);
void call_sha256(sqlite3_context *context, int n, sqlite3_value **values);
void call_entropy(sqlite3_context *context, int n, sqlite3_value **values);
