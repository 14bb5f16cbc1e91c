#include "db/sql/database.h"

#include <stdlib.h>

#include "db/sql/functions.h"
#include "db/sql/internal.h"

enum { TICK = 1000 }; /* steps between two looks at the budget */

/* --- the budget ------------------------------------------------------------------------------------ */

static int tick(void *context)
{
	struct database *database = context;

	if (database->interrupt && *database->interrupt)
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

/* A single checkpoint is the main schema, so that it has plain names; of several that is "every". */
static struct error *add_checkpoints(struct database *database)
{
	bool is_single = database->n_parts == 1;
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
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
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
	return error_new(ERROR_USAGE, "SQLite takes %d checkpoints at once, not %zu: make an index of them "
				      "and query that", most, n);
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
	database->n_parts = n;
	for (size_t i = 0; i < n; i++)
		database->parts[i] = (struct part){ { (char)('a' + i) }, checkpoints[i] };
	if (!error)
		error = execute(database, "PRAGMA temp_store = memory");
	if (!error && n)
		error = add_checkpoints(database);
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

const char *database_schema(const struct database *database, size_t i)
{
	return database->parts[i].name;
}
