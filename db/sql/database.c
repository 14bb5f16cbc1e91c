#include "db/sql/database.h"

#include <stdlib.h>

#include "db/sql/functions.h"
#include "db/sql/internal.h"

enum { TICK = 1000 }; /* steps between two looks at the budget */

/* --- the budget ------------------------------------------------------------------------------------ */

static int tick(void *context)
{
	struct database *database = context;

	if (database->interrupt && __atomic_load_n(database->interrupt, __ATOMIC_RELAXED))
		database->interrupted = true;
	if (database->interrupted || database->steps_left < TICK)
		return 1;
	database->steps_left -= TICK;
	return 0;
}

bool database_interrupted(const struct database *database)
{
	return database->interrupted;
}

/* --- opening --------------------------------------------------------------------------------------- */

static struct error *database_new(const struct database_options *options, sqlite3 *handle,
				  struct database **ret)
{
	struct database *database = calloc(1, sizeof(*database));
	int status;

	if (!database)
		out_of_memory();
	arena_init(&database->arena);
	arena_init(&database->sorted);
	arena_init(&database->last.arena);
	database->sorted.budget = SQL_SORTED_MOST;
	database->handle = handle;
	database->reveal = options->reveal;
	database->steps_most = options->steps ? options->steps : SQL_STEPS_USUAL;
	database->interrupt = options->interrupt;
	*ret = database;
	sqlite3_hard_heap_limit64(SQL_HEAP_MOST);
	status = functions_register(database);
	if (status == SQLITE_OK)
		status = module_register(database);
	if (status != SQLITE_OK)
		return database_error(database, NO_BYTES);
	sqlite3_progress_handler(handle, TICK, tick, database);
	return NULL;
}

/* What is executed here is our own, and nothing that the evidence had a hand in. */
static struct error *execute(struct database *database, const char *sql)
{
	database->steps_left = UINT64_MAX;
	return sqlite3_exec(database->handle, sql, NULL, NULL, NULL) == SQLITE_OK
		       ? NULL
		       : database_error(database, NO_BYTES);
}

/* All tables of a schema. */
static struct error *add_tables(struct database *database, const char *schema)
{
	struct error *error = NULL;
	struct out sql;

	out_init(&sql, -1);
	out_text(&sql, "BEGIN;");
	for (size_t i = 0; i < n_tables; i++)
		out_printf(&sql, "CREATE VIRTUAL TABLE %s.%s USING coldcase;", schema, tables[i]->name);
	out_write(&sql, "COMMIT;", sizeof("COMMIT;"));
	error = execute(database, sql.buffer);
	out_deinit(&sql);
	return error;
}

static struct error *attach(struct database *database, const char *schema)
{
	struct error *error;
	char sql[64];

	sqlite3_snprintf(sizeof(sql), sql, "ATTACH ':memory:' AS %s", schema);
	error = execute(database, sql);
	return error ? error : add_tables(database, schema);
}

/* For reading only, whatever lies beside it: as a URI, in which few characters stand for themselves. */
static struct error *attach_file(struct database *database, const char *path, const char *schema)
{
	sqlite3_stmt *statement = NULL;
	int status = SQLITE_NOMEM;
	struct out uri;
	char sql[64];

	out_init(&uri, -1);
	out_text(&uri, "file:");
	for (const char *at = path; *at; at++)
		out_printf(&uri, strchr("%?#", *at) ? "%%%02x" : "%c", (unsigned char)*at);
	out_text(&uri, "?mode=ro");
	sqlite3_snprintf(sizeof(sql), sql, "ATTACH ?1 AS %s", schema);
	database->steps_left = UINT64_MAX;
	status = sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL);
	if (status == SQLITE_OK)
		status = sqlite3_bind_text(statement, 1, uri.buffer, (int)uri.len, SQLITE_STATIC);
	if (status == SQLITE_OK)
		status = sqlite3_step(statement);
	sqlite3_finalize(statement);
	out_deinit(&uri);
	return status == SQLITE_DONE ? NULL : error_in_source(database_error(database, NO_BYTES), path);
}

static void name_schema(size_t i, char ret[SCHEMA_NAME])
{
	ret[0] = (char)('a' + i);
	ret[1] = '\0';
}

/* What stands among the checkpoints and is none, by the letter of its place: "every" does not have its rows. */
static struct error *add_files(struct database *database, struct checkpoint *const *checkpoints, size_t n,
			       const struct database_options *options)
{
	struct error *error = NULL;

	for (size_t i = 0; i < n && !error; i++) {
		char schema[SCHEMA_NAME];

		if (checkpoints[i])
			continue;
		name_schema(i, schema);
		if (!*database->index)
			memcpy(database->index, schema, sizeof(schema));
		error = attach_file(database, options->files[i], schema);
		if (!error)
			error = error_in_source(options->check(database->handle, schema, options->files[i]), options->files[i]);
	}
	return error;
}

/* A single checkpoint is the main schema, so that it has plain names; of several that is "every". */
static struct error *add_checkpoints(struct database *database, size_t n)
{
	bool is_single = n == 1;
	const char *main = is_single ? database->parts[0].name : "every";
	struct error *error;

	if (sqlite3_db_config(database->handle, SQLITE_DBCONFIG_MAINDBNAME, main) != SQLITE_OK)
		return database_error(database, NO_BYTES);
	error = add_tables(database, main);
	if (!error)
		error = is_single ? attach(database, "every") : add_tables(database, "temp");
	for (size_t i = 0; i < database->n_parts && !is_single && !error; i++)
		error = attach(database, database->parts[i].name);
	return error;
}

static struct error *open_handle(sqlite3 **ret)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
	sqlite3 *handle = NULL;

	if (sqlite3_open_v2(":memory:", &handle, flags, NULL) != SQLITE_OK) {
		struct error *error = error_new(ERROR_INTERNAL, "SQLite: %s",
						handle ? sqlite3_errmsg(handle) : "no memory");

		sqlite3_close(handle);
		return error;
	}
	*ret = handle;
	return NULL;
}

static struct error *check_number(sqlite3 *handle, size_t n)
{
	int most = sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, -1);

	if (n <= (size_t)most)
		return NULL;
	return error_new(ERROR_USAGE, "SQLite takes %d checkpoints at once, not %zu: \"coldcase index -d FILE "
				      "CHECKPOINT...\" makes an index of them, and \"coldcase query FILE SQL\" asks that",
			 most, n);
}

struct error *database_open(struct checkpoint *const *checkpoints, size_t n,
			    const struct database_options *options, struct database **ret)
{
	struct database *database = NULL;
	sqlite3 *handle = NULL;
	struct error *error = open_handle(&handle);

	if (error)
		return error;
	error = check_number(handle, n);
	if (error) {
		sqlite3_close(handle);
		return error;
	}
	error = database_new(options, handle, &database);
	database->parts = arena_zalloc(&database->arena, (n + 1) * sizeof(*database->parts));
	for (size_t i = 0; i < n; i++) {
		struct part *part = &database->parts[database->n_parts];

		name_schema(i, part->name);
		part->checkpoint = checkpoints[i];
		database->n_parts += checkpoints[i] != NULL;
	}
	if (!error)
		error = execute(database, "PRAGMA temp_store = memory");
	if (!error && n)
		error = add_checkpoints(database, n);
	if (!error)
		error = add_files(database, checkpoints, n, options);
	if (!error)
		error = database_seal(database);
	if (error)
		database_close(database);
	else
		*ret = database;
	return error;
}

struct error *database_adopt(sqlite3 *handle, const struct database_options *options,
			     struct database **ret)
{
	struct database *database = NULL;
	struct error *error = database_new(options, handle, &database);

	if (!error)
		error = database_seal(database);
	if (error)
		database_close(database);
	else
		*ret = database;
	return error;
}

void database_close(struct database *database)
{
	if (!database)
		return;
	sqlite3_close(database->handle);
	error_free(database->failure);
	arena_deinit(&database->last.arena);
	arena_deinit(&database->sorted);
	arena_deinit(&database->arena);
	free(database);
}
