#include <stdlib.h>

#include "db/sql/declare.h"
#include "db/sql/internal.h"
#include "db/sql/list.h"
#include "decoders/base/escape.h"

struct statement {
	struct database *database;
	sqlite3_stmt *handle;
	enum value_type *types; /* of the columns that are a table's; VALUE_NULL: of others */
	size_t n;
	bool is_running;
};

/* --- preparing ------------------------------------------------------------------------------------- */

/* Behind a statement may come a semicolon, blanks and comments. */
static struct error *check_tail(struct database *database, struct bytes sql, const char *tail)
{
	size_t left = sql.len - (size_t)(tail - (const char *)sql.data);
	sqlite3_stmt *more = NULL;
	int status = SQLITE_OK;

	while (left && status == SQLITE_OK && !more) {
		const char *start = tail;

		status = sqlite3_prepare_v2(database->handle, tail, (int)left, &more, &tail);
		left -= (size_t)(tail - start);
		if (tail == start)
			break;
	}
	sqlite3_finalize(more);
	if (more || status != SQLITE_OK)
		return error_new(ERROR_USAGE, "one SELECT at a time: more follows behind character %zu",
				 sql.len - left);
	return NULL;
}

static struct statement *statement_new(struct database *database, sqlite3_stmt *handle)
{
	struct statement *statement = calloc(1, sizeof(*statement));
	size_t n = (size_t)sqlite3_column_count(handle);

	if (!statement)
		out_of_memory();
	*statement = (struct statement){ .database = database, .handle = handle, .n = n };
	statement->types = calloc(n + 1, sizeof(*statement->types));
	if (!statement->types)
		out_of_memory();
	for (size_t i = 0; i < n; i++)
		statement->types[i] = sql_type_meaning(sqlite3_column_decltype(handle, (int)i));
	return statement;
}

struct error *statement_prepare(struct database *database, struct bytes sql, struct statement **ret)
{
	sqlite3_stmt *handle = NULL;
	struct error *error = NULL;
	const char *tail;

	if (sql.len > SQL_STATEMENT_MOST)
		return error_new(ERROR_USAGE, "a statement has at most %d bytes", SQL_STATEMENT_MOST);
	database->steps_left = database->steps_most;
	database->interrupted = false;
	database->refused[0] = '\0';
	if (sqlite3_prepare_v2(database->handle, (const char *)sql.data, (int)sql.len, &handle, &tail) !=
	    SQLITE_OK)
		return database_error(database, sql);
	if (!handle)
		error = error_new(ERROR_USAGE, "there is no statement in it");
	else if (!sqlite3_stmt_readonly(handle) || !sqlite3_column_count(handle))
		error = error_new(ERROR_USAGE, "only SELECT is allowed");
	else
		error = check_tail(database, sql, tail);
	if (error)
		sqlite3_finalize(handle);
	else
		*ret = statement_new(database, handle);
	return error;
}

void statement_bind_integer(struct statement *statement, int parameter, int64_t value)
{
	sqlite3_bind_int64(statement->handle, parameter, value);
}

void statement_bind_text(struct statement *statement, int parameter, struct bytes text)
{
	sqlite3_bind_text64(statement->handle, parameter, (const char *)text.data, text.len,
			    SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* --- running --------------------------------------------------------------------------------------- */

struct error *statement_step(struct statement *statement, bool *ret)
{
	struct database *database = statement->database;
	int status;

	if (!statement->is_running) {
		database->steps_left = database->steps_most;
		database->interrupted = false;
		statement->is_running = true;
	}
	status = sqlite3_step(statement->handle);
	if (status != SQLITE_ROW && status != SQLITE_DONE)
		return database_error(database, NO_BYTES);
	*ret = status == SQLITE_ROW;
	return NULL;
}

void statement_reset(struct statement *statement)
{
	sqlite3_reset(statement->handle);
	statement->is_running = false;
}

void statement_free(struct statement *statement)
{
	if (!statement)
		return;
	sqlite3_finalize(statement->handle);
	free(statement->types);
	free(statement);
}

/* --- what comes out -------------------------------------------------------------------------------- */

size_t statement_columns(const struct statement *statement)
{
	return statement->n;
}

int statement_parameters(const struct statement *statement)
{
	return sqlite3_bind_parameter_count(statement->handle);
}

const char *statement_name(const struct statement *statement, size_t column)
{
	const char *name = sqlite3_column_name(statement->handle, (int)column);

	return name ? name : "";
}

size_t statement_column(const struct statement *statement, const char *name)
{
	for (size_t i = 0; i < statement->n; i++)
		if (!sqlite3_stricmp(statement_name(statement, i), name))
			return i;
	return SIZE_MAX;
}

static struct value integer_value(int64_t integer, enum value_type type)
{
	if (type == VALUE_HEX || type == VALUE_OCTAL || type == VALUE_UINT)
		return value_number(type, (uint64_t)integer);
	if (type == VALUE_BOOL && (integer == 0 || integer == 1))
		return (struct value){ .type = VALUE_BOOL, .boolean = integer };
	return (struct value){ .type = VALUE_INT, .integer = integer };
}

static struct value text_value(struct bytes text, enum value_type type, struct arena *arena)
{
	struct value list;

	if ((type == VALUE_STRINGS || type == VALUE_NUMBERS) && list_parse(text, arena, &list))
		return list;
	return value_text(escape_undo(arena, text));
}

void statement_value(const struct statement *statement, size_t column, struct arena *arena,
		     struct value *ret)
{
	sqlite3_stmt *handle = statement->handle;
	int i = (int)column;
	enum value_type type = statement->types[column];

	*ret = (struct value){ .type = VALUE_NULL };
	switch (sqlite3_column_type(handle, i)) {
	case SQLITE_INTEGER:
		*ret = integer_value(sqlite3_column_int64(handle, i), type);
		break;
	case SQLITE_FLOAT:
		*ret = (struct value){ .type = VALUE_REAL, .real = sqlite3_column_double(handle, i) };
		break;
	case SQLITE_TEXT:
		*ret = text_value((struct bytes){ sqlite3_column_text(handle, i),
						  (size_t)sqlite3_column_bytes(handle, i) },
				  type, arena);
		break;
	case SQLITE_BLOB:
		ret->type = VALUE_TEXT;
		ret->text.data = sqlite3_column_blob(handle, i);
		ret->text.len = (size_t)sqlite3_column_bytes(handle, i);
		if (!ret->text.data)
			ret->text = BYTES("");
		break;
	}
}
