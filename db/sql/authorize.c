/*
 * The guard: statements read tables and call functions that are known, and do nothing else.
 *
 * Everything that is not named here is refused: writing, ATTACH, PRAGMA. The tables that SQLite makes of
 * its own insides go with the modules that make them. One connection has one guard, which cannot be taken off.
 */
#include "db/sql/functions.h"
#include "db/sql/internal.h"
#include "decoders/base/size.h"

/* Of SQLite itself: the schema, and what takes JSON apart. */
static const char *const readable_always[] = {
	"sqlite_schema", "sqlite_master", "sqlite_temp_schema", "sqlite_temp_master", "json_each",
	"json_tree",
};

static bool is_readable(const struct database *database, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(readable_always); i++)
		if (!sqlite3_stricmp(readable_always[i], name))
			return true;
	for (size_t i = 0; i < database->readable.n; i++)
		if (!sqlite3_stricmp(database->readable.items[i], name))
			return true;
	return false;
}

static int refuse(struct database *database, const char *what, const char *name)
{
	sqlite3_snprintf(sizeof(database->refused), database->refused, "%s%s%.50s", what,
			 name ? " " : "", name ? name : "");
	return SQLITE_DENY;
}

static const struct {
	int action;
	const char *what;
} refusals[] = {
	{ SQLITE_ATTACH, "ATTACH" },   { SQLITE_DETACH, "DETACH" },
	{ SQLITE_PRAGMA, "PRAGMA" },   { SQLITE_TRANSACTION, "a transaction" },
	{ SQLITE_SAVEPOINT, "SAVEPOINT" }, { SQLITE_ANALYZE, "ANALYZE" },
	{ SQLITE_REINDEX, "REINDEX" }, { SQLITE_INSERT, "writing to" },
	{ SQLITE_UPDATE, "writing to" }, { SQLITE_DELETE, "deleting from" },
};

static int authorize(void *context, int action, const char *first, const char *second, const char *schema,
		     const char *trigger)
{
	struct database *database = context;

	(void)schema;
	(void)trigger;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_READ:
		/* Without a column it may be the name of a WITH, and there is nothing to be read. */
		return !*second || is_readable(database, first) ? SQLITE_OK
								 : refuse(database, "the table", first);
	case SQLITE_FUNCTION:
		return function_is_allowed(second) ? SQLITE_OK
						   : refuse(database, "the function", second);
	}
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].action == action)
			return refuse(database, refusals[i].what, first);
	return refuse(database, "anything but SELECT", NULL);
}

/* Names out of the schema tables: the guard is asked by name only. */
static int learn_tables(struct database *database, const char *schema)
{
	char *sql = sqlite3_mprintf("SELECT name FROM \"%w\".sqlite_schema WHERE type IN "
				    "('table', 'view') AND name NOT LIKE 'sqlite\\_%%' ESCAPE '\\'",
				    schema);
	sqlite3_stmt *statement = NULL;
	int status = sql ? sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL)
			 : SQLITE_NOMEM;

	while (status == SQLITE_OK && (status = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(statement, 0);

		*vec_push(&database->arena, &database->readable) =
			arena_text(&database->arena, bytes_of(name ? name : ""));
		status = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	sqlite3_free(sql);
	return status == SQLITE_DONE ? SQLITE_OK : status;
}

static const struct {
	int limit, most;
} limits[] = {
	{ SQLITE_LIMIT_LENGTH, SQL_VALUE_MOST },
	{ SQLITE_LIMIT_SQL_LENGTH, SQL_STATEMENT_MOST },
	{ SQLITE_LIMIT_COLUMN, 500 },
	{ SQLITE_LIMIT_EXPR_DEPTH, 200 },
	{ SQLITE_LIMIT_COMPOUND_SELECT, 100 },
	{ SQLITE_LIMIT_VDBE_OP, 100000 },
	{ SQLITE_LIMIT_FUNCTION_ARG, 64 },
	{ SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
	{ SQLITE_LIMIT_VARIABLE_NUMBER, 100 },
	{ SQLITE_LIMIT_TRIGGER_DEPTH, 0 },
	{ SQLITE_LIMIT_WORKER_THREADS, 0 },
};

static const struct {
	int option, value;
} settings[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
	{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
	{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
	{ SQLITE_DBCONFIG_DQS_DML, 0 }, /* "x" is a name, never a text */
	{ SQLITE_DBCONFIG_DQS_DDL, 0 },
};

/*
 * Modules that stay. JSON's are asked for once: SQLite makes such a table when it is first used, and the guard
 * would not let it.
 */
static int keep_modules(sqlite3 *handle)
{
	static const char *keep[] = { "coldcase", "json_each", "json_tree", NULL };
	int status = sqlite3_exec(handle, "SELECT 1 FROM json_each('[]'), json_tree('[]')", NULL, NULL, NULL);

	return status == SQLITE_OK ? sqlite3_drop_modules(handle, keep) : status;
}

struct error *database_seal(struct database *database)
{
	sqlite3 *handle = database->handle;
	const char *schema;
	int status = SQLITE_OK;

	for (int i = 0; status == SQLITE_OK && (schema = sqlite3_db_name(handle, i)); i++)
		status = learn_tables(database, schema);
	if (status == SQLITE_OK)
		status = keep_modules(handle);
	for (size_t i = 0; i < ARRAY_SIZE(settings) && status == SQLITE_OK; i++)
		status = sqlite3_db_config(handle, settings[i].option, settings[i].value, NULL);
	if (status == SQLITE_OK)
		status = sqlite3_set_authorizer(handle, authorize, database);
	if (status != SQLITE_OK)
		return database_error(database, NO_BYTES);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		sqlite3_limit(handle, limits[i].limit, limits[i].most);
	return NULL;
}
