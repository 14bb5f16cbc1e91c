/* What the schema of a database says, held against what we make: it may be somebody else's, and hostile. */
#include <string.h>

#include "db/index/schema.h"
#include "db/tables/table.h"
#include "decoders/base/arena.h"
#include "decoders/base/size.h"

/* The index's own tables, and the columns that version 3 knows. */
static const struct {
	const char *table, *columns[14];
} own_tables[] = {
	{ "indexed", { "id", "identity", "path", "inside", "sha256", "indexed_at", "tool_version", "status", "revealed",
		       "n_rows", "has_pages", "node", "is_complete" } },
	{ "indexed_problem", { "checkpoint", "position", "message" } },
	{ "page_list", { "id", "digest", "hashes" } },
	{ "page_range", { "checkpoint", "pid", "shmid", "address", "page_size", "list" } },
	{ "page_overlap", { "a", "b", "pages" } },
	{ "page_number", { "i" } },
};

/* --- views ----------------------------------------------------------------------------------------------- */

void schema_view_text(const struct named_query *view, struct out *out)
{
	struct bytes sql = bytes_of(view->sql);

	while (sql.len && sql.data[sql.len - 1] == '\n')
		sql.len--;
	out_printf(out, "CREATE VIEW %s AS\n", view->name);
	out_bytes(out, sql);
}

enum view_state schema_view_state(sqlite3 *handle, const struct named_query *view)
{
	static const char sql[] = "SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = ?1 COLLATE NOCASE";
	enum view_state state = VIEW_IS_MISSING;
	sqlite3_stmt *statement = NULL;
	struct out text;

	if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
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
	for (size_t i = 0; i < ARRAY_SIZE(own_tables); i++)
		if (!sqlite3_stricmp(own_tables[i].table, name))
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

struct error *schema_check_kinds(sqlite3 *handle)
{
	static const char sql[] = "SELECT type, name, coalesce(rootpage, 0) > 0 FROM sqlite_schema WHERE type <> 'index'";
	sqlite3_stmt *statement = NULL;
	struct error *error = NULL;
	int status;

	if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
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

static struct error *check_table(sqlite3 *handle, const struct table *table)
{
	if (!schema_has(handle, table->name, "checkpoint"))
		return error_new(ERROR_UNREADABLE, "the table %s", table->name);
	for (size_t i = 0; i < table->n_columns; i++)
		if (!schema_has(handle, table->name, table->columns[i].name))
			return error_new(ERROR_UNREADABLE, "the column %s of %s", table->columns[i].name, table->name);
	return NULL;
}

static struct error *check_own_tables(sqlite3 *handle)
{
	for (size_t i = 0; i < ARRAY_SIZE(own_tables); i++)
		for (size_t k = 0; own_tables[i].columns[k]; k++)
			if (!schema_has(handle, own_tables[i].table, own_tables[i].columns[k]))
				return error_new(ERROR_UNREADABLE, "is no index of coldcase: %s.%s is not there",
						 own_tables[i].table, own_tables[i].columns[k]);
	return NULL;
}

struct error *schema_check_whole(sqlite3 *handle)
{
	struct error *error = check_own_tables(handle), *missing = NULL;

	for (size_t i = 0; i < n_tables && !error && !missing; i++)
		missing = check_table(handle, tables[i]);
	for (size_t i = 0; i < n_index_views && !error && !missing; i++)
		if (schema_view_state(handle, &index_views[i]) != VIEW_IS_OURS)
			missing = error_new(ERROR_UNREADABLE, "the view %s, as this version has it,", index_views[i].name);
	if (!missing)
		return error;
	error = error_new(ERROR_UNREADABLE, "%s is not there: \"coldcase index -d FILE\" makes it", missing->message);
	error_free(missing);
	return error;
}
