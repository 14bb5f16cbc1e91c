/* What the schema of a database says, held against what we make: it may be somebody else's, and hostile. */
#include <string.h>

#include "db/index/own_tables.h"
#include "db/index/schema.h"
#include "db/tables/table.h"
#include "decoders/base/arena.h"

/* --- views ----------------------------------------------------------------------------------------------- */

void schema_view_text(const struct named_query *view, struct out *out)
{
	struct bytes sql = bytes_of(view->sql);

	while (sql.len && sql.data[sql.len - 1] == '\n')
		sql.len--;
	out_printf(out, "CREATE VIEW %s AS\n", view->name);
	out_bytes(out, sql);
}

/* Of the schema table of SCHEMA; a name of ours, which needs no quotes. */
static int prepare(sqlite3 *handle, const char *select, const char *schema, const char *where, sqlite3_stmt **ret)
{
	struct out sql;
	int status;

	out_init(&sql, -1);
	out_printf(&sql, "SELECT %s FROM %s.sqlite_schema WHERE %s", select, schema, where);
	status = sqlite3_prepare_v2(handle, sql.buffer, (int)sql.len, ret, NULL);
	out_deinit(&sql);
	return status;
}

enum view_state schema_view_state(sqlite3 *handle, const char *schema, const struct named_query *view)
{
	enum view_state state = VIEW_IS_MISSING;
	sqlite3_stmt *statement = NULL;
	struct out text;

	if (prepare(handle, "sql", schema, "type = 'view' AND name = ?1 COLLATE NOCASE", &statement) != SQLITE_OK)
		return VIEW_IS_MISSING; /* who asks next is told */
	sqlite3_bind_text(statement, 1, view->name, -1, SQLITE_STATIC);
	if (sqlite3_step(statement) == SQLITE_ROW) {
		const struct bytes found = { sqlite3_column_text(statement, 0),
					     (size_t)sqlite3_column_bytes(statement, 0) };

		out_init(&text, -1);
		schema_view_text(view, &text);
		state = found.data && bytes_equal(found, out_held(&text)) ? VIEW_IS_OURS : VIEW_IS_OTHER;
		out_deinit(&text);
	}
	sqlite3_finalize(statement);
	return state;
}

/* --- kinds ----------------------------------------------------------------------------------------------- */

/* What kind of object has NAME in a database that we made; NULL: it is none of ours. */
static const char *kind_of(const char *name)
{
	for (size_t i = 0; i < n_own_tables; i++)
		if (!sqlite3_stricmp(own_tables[i].name, name))
			return "table";
	for (size_t i = 0; i < n_tables; i++)
		if (!sqlite3_stricmp(tables[i]->name, name))
			return "table";
	for (size_t i = 0; i < n_index_views; i++)
		if (!sqlite3_stricmp(index_views[i].name, name))
			return "view";
	return NULL;
}

static struct error *check_kind(const char *kind, const char *name, bool has_root)
{
	const char *ours = kind_of(name);

	if (!strcmp(kind, "trigger"))
		return error_new(ERROR_UNREADABLE, "has a trigger (%s), and no index of coldcase has one", name);
	if (!strcmp(kind, "table") && !has_root)
		return error_new(ERROR_UNREADABLE, "has a virtual table (%s), and no index of coldcase has one", name);
	if (ours && strcmp(kind, ours) != 0)
		return error_new(ERROR_UNREADABLE, "its %s is a %s, and in an index of coldcase it is a %s", name, kind,
				 ours);
	return NULL;
}

struct error *schema_check_kinds(sqlite3 *handle, const char *schema)
{
	sqlite3_stmt *statement = NULL;
	struct error *error = NULL;
	int status;

	if (prepare(handle, "type, name, coalesce(rootpage, 0) > 0", schema, "type <> 'index'", &statement) != SQLITE_OK)
		return schema_error(handle, NULL);
	while ((status = sqlite3_step(statement)) == SQLITE_ROW && !error) {
		const char *kind = (const char *)sqlite3_column_text(statement, 0);
		const char *name = (const char *)sqlite3_column_text(statement, 1);

		error = check_kind(kind ? kind : "", name ? name : "", sqlite3_column_int(statement, 2));
	}
	if (!error && status != SQLITE_DONE)
		error = schema_error(handle, NULL);
	sqlite3_finalize(statement);
	return error;
}

/* --- whether it is whole ---------------------------------------------------------------------------------- */

static struct error *check_table(sqlite3 *handle, const char *schema, const struct table *table)
{
	if (!schema_has(handle, schema, table->name, "checkpoint"))
		return error_new(ERROR_UNREADABLE, "the table %s", table->name);
	for (size_t i = 0; i < table->n_columns; i++)
		if (!schema_has(handle, schema, table->name, table->columns[i].name))
			return error_new(ERROR_UNREADABLE, "the column %s of %s", table->columns[i].name, table->name);
	return NULL;
}

static struct error *check_own_tables(sqlite3 *handle, const char *schema)
{
	for (size_t i = 0; i < n_own_tables; i++)
		for (size_t k = 0; own_tables[i].columns[k].name; k++)
			if (!schema_has(handle, schema, own_tables[i].name, own_tables[i].columns[k].name))
				return error_new(ERROR_UNREADABLE, "is no index of coldcase: %s.%s is not there",
						 own_tables[i].name, own_tables[i].columns[k].name);
	return NULL;
}

struct error *schema_check_whole(sqlite3 *handle, const char *schema)
{
	struct error *error = check_own_tables(handle, schema), *missing = NULL;

	for (size_t i = 0; i < n_tables && !error && !missing; i++)
		missing = check_table(handle, schema, tables[i]);
	for (size_t i = 0; i < n_index_views && !error && !missing; i++)
		if (schema_view_state(handle, schema, &index_views[i]) != VIEW_IS_OURS)
			missing = error_new(ERROR_UNREADABLE, "the view %s, as this version has it,", index_views[i].name);
	if (!missing)
		return error;
	error = error_new(ERROR_UNREADABLE, "%s is not there: \"coldcase index -d FILE\" makes it", missing->message);
	error_free(missing);
	return error;
}
