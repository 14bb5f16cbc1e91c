/* What SQLite complains of, as one of our errors: with its place, and what may have been meant. */
#include "db/sql/functions.h"
#include "db/sql/internal.h"
#include "db/tables/listing.h"
#include "decoders/base/nearest.h"
#include "decoders/base/size.h"

static void try_columns(struct nearest *nearest, const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		nearest_try(nearest, bytes_of(columns[i].name));
}

static void try_all_columns(const struct database *database, struct nearest *nearest)
{
	(void)database;
	for (size_t i = 0; i < n_tables; i++)
		try_columns(nearest, tables[i]->columns, tables[i]->n_columns);
	try_columns(nearest, source_columns, n_source_columns);
}

static void try_tables(const struct database *database, struct nearest *nearest)
{
	for (size_t i = 0; i < database->readable.n; i++)
		nearest_try(nearest, bytes_of(database->readable.items[i]));
}

static void try_functions(const struct database *database, struct nearest *nearest)
{
	(void)database;
	for (size_t i = 0; i < n_sql_functions; i++)
		nearest_try(nearest, bytes_of(sql_functions[i].name));
	for (size_t i = 0; i < n_builtin_functions; i++)
		nearest_try(nearest, bytes_of(builtin_functions[i]));
}

static const struct {
	const char *complaint; /* the beginning of SQLite's message; a name follows */
	void (*try)(const struct database *database, struct nearest *nearest);
	const char *otherwise;
	const char *elsewhere; /* where the name is right */
} hints[] = {
	{ "no such column: ", try_all_columns, NULL, "other tables have one" },
	{ "no such table: ", try_tables, "\"coldcase tables\" lists them",
	  "a is the schema of the first checkpoint, b of the second" },
	{ "no such function: ", try_functions, "\"coldcase query --functions\" lists them", NULL },
};

/* What stands behind the last point: a.process is the table process. */
static struct bytes last_name(struct bytes name)
{
	size_t point = bytes_find_last(name, '.');

	return point == name.len ? name : bytes_from(name, point + 1);
}

/* A short name of the command line: "fds". */
static const char *meant_table(struct bytes name)
{
	for (size_t i = 0; i < n_tables; i++)
		if (tables[i]->plural && bytes_equal(bytes_of(tables[i]->plural), name))
			return tables[i]->name;
	return NULL;
}

static struct error *add_hint(const struct database *database, struct error *error,
			      const char *message, bool is_quoted)
{
	for (size_t i = 0; i < ARRAY_SIZE(hints); i++) {
		size_t len = strlen(hints[i].complaint);
		struct nearest nearest;
		const char *table;
		struct bytes rest;

		if (strncmp(message, hints[i].complaint, len) != 0)
			continue;
		rest = last_name(bytes_of(message + len));
		if (is_quoted)
			return nearest_hint(&(struct nearest){ 0 }, error, "texts stand in single quotes: 'x'");
		nearest = nearest_to(rest);
		hints[i].try(database, &nearest);
		table = hints[i].try == try_tables ? meant_table(rest) : NULL;
		if (table)
			nearest.best = bytes_of(table);
		if (nearest.best.data && bytes_equal(nearest.best, rest))
			return nearest_hint(&(struct nearest){ 0 }, error, hints[i].elsewhere);
		return nearest_hint(&nearest, error, hints[i].otherwise);
	}
	return error;
}

/* Where in SQL; SQLite counts bytes, from 0. */
static struct error *syntax_error(const struct database *database, struct bytes sql)
{
	const char *message = sqlite3_errmsg(database->handle);
	int offset = sql.data ? sqlite3_error_offset(database->handle) : -1;
	bool is_quoted = offset >= 0 && (size_t)offset < sql.len && sql.data[offset] == '"';
	size_t before = database->before;
	struct error *error;

	if (database->refused[0])
		error = error_new(ERROR_USAGE, "SQL: %s is not allowed", database->refused);
	else if (offset > 0 && (size_t)offset >= before)
		error = error_new(ERROR_USAGE, "SQL at character %zu: %s", (size_t)offset - before + 1,
				  message);
	else
		error = error_new(ERROR_USAGE, "SQL: %s", message);
	return add_hint(database, error, message, is_quoted);
}

struct error *database_error(struct database *database, struct bytes sql)
{
	int status = sqlite3_errcode(database->handle) & 0xff;
	struct error *error = database->failure;

	database->failure = NULL;
	if (error)
		return error;
	if (database->interrupted)
		return error_new(ERROR_LIMIT, "interrupted");
	if (status == SQLITE_INTERRUPT)
		return error_new(ERROR_LIMIT, "the statement was stopped after %llu steps",
				 (unsigned long long)database->steps_most);
	if (status == SQLITE_NOMEM)
		return error_new(ERROR_LIMIT, "the statement took more than %d MiB of memory",
				 SQL_HEAP_MOST >> 20);
	if (status == SQLITE_TOOBIG)
		return error_new(ERROR_LIMIT, "a value or the statement is larger than %d MiB allows",
				 SQL_VALUE_MOST >> 20);
	if (status == SQLITE_CORRUPT || status == SQLITE_NOTADB || status == SQLITE_IOERR)
		return error_new(ERROR_DAMAGED, "the database is damaged: %s",
				 sqlite3_errmsg(database->handle));
	if (status == SQLITE_BUSY || status == SQLITE_LOCKED)
		return error_new(ERROR_UNREADABLE, "another process is writing to the database");
	return syntax_error(database, sql);
}
