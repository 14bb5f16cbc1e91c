#include "db/index/index.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/index/pages.h"
#include "db/index/schema.h"
#include "db/sql/database.h"
#include "decoders/base/size.h"

/* --- what lies there --------------------------------------------------------------------------------- */

enum { HEAD = 100 /* bytes in front of the first page's content */, WRITE_AHEAD = 2 };

/* The first bytes of the file at PATH; false: it has fewer, or cannot be read. */
static bool read_head(const char *path, uint8_t head[HEAD])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : pread(fd, head, HEAD, 0);

	if (fd >= 0)
		close(fd);
	return n == HEAD;
}

bool index_recognise(const char *path)
{
	static const uint8_t id[] = { INDEX_APPLICATION >> 24, INDEX_APPLICATION >> 16 & 0xff,
				      INDEX_APPLICATION >> 8 & 0xff, INDEX_APPLICATION & 0xff };
	uint8_t head[HEAD];

	return read_head(path, head) && memcmp(head, "SQLite format 3", 16) == 0 &&
	       memcmp(head + 68, id, sizeof(id)) == 0;
}

/*
 * A journal that ends with the name of another one. SQLite would look into the file of that name and may delete it.
 * It is written only where a transaction spans several databases, and none of ours does.
 */
static struct error *check_journal(const char *path)
{
	static const uint8_t end[] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7 };
	uint8_t last[sizeof(end)] = { 0 };
	char *journal;
	off_t size;
	int fd;

	if (asprintf(&journal, "%s-journal", path) < 0)
		out_of_memory();
	fd = open(journal, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	free(journal);
	if (fd < 0)
		return NULL; /* there is none, or SQLite says what is wrong with it */
	size = lseek(fd, 0, SEEK_END);
	if (size < (off_t)sizeof(end) || pread(fd, last, sizeof(last), size - (off_t)sizeof(end)) < 0)
		memset(last, 0, sizeof(last));
	close(fd);
	if (memcmp(last, end, sizeof(end)) != 0)
		return NULL;
	return error_in_source(error_new(ERROR_UNREADABLE, "the journal beside it names other files, which none of "
					 "coldcase does: it is left alone"), path);
}

/* --- opening --------------------------------------------------------------------------------------- */

/* FORMAT: a statement with the name of the schema. */
static int read_number(sqlite3 *handle, const char *format, const char *schema, int *ret)
{
	sqlite3_stmt *statement = NULL;
	char sql[128];
	int status;

	sqlite3_snprintf(sizeof(sql), sql, format, schema);
	status = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL);
	if (status == SQLITE_OK)
		status = sqlite3_step(statement);
	if (status == SQLITE_ROW)
		*ret = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return status == SQLITE_ROW ? SQLITE_OK : status;
}

/* Of any database: nothing that its schema says is trusted. */
static int distrust(sqlite3 *handle)
{
	int status = sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

	if (status == SQLITE_OK)
		status = sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (status == SQLITE_OK)
		status = sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_hard_heap_limit64(SQL_HEAP_MOST);
	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, SQL_VALUE_MOST);
	if (status == SQLITE_OK)
		status = sqlite3_exec(handle, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;", NULL,
				      NULL, NULL);
	return status;
}

/* An index, or with MAY_BE_EMPTY a database without anything in it, of a version that is known. */
static struct error *check_versions(sqlite3 *handle, const char *schema, bool may_be_empty, int *ret)
{
	int application = 0, version = 0, objects = 0;

	if (read_number(handle, "PRAGMA %s.application_id", schema, &application) != SQLITE_OK ||
	    read_number(handle, "PRAGMA %s.user_version", schema, &version) != SQLITE_OK ||
	    read_number(handle, "SELECT count(*) FROM %s.sqlite_schema", schema, &objects) != SQLITE_OK)
		return schema_error(handle, NULL);
	*ret = version;
	if (may_be_empty && !application && !version && !objects)
		return NULL;
	if (application != INDEX_APPLICATION || version < 1)
		return error_new(ERROR_UNREADABLE, "is a database, but no index of coldcase");
	if (version > INDEX_VERSION)
		return error_new(ERROR_UNREADABLE, "is an index of version %d, made by a newer coldcase; this one "
				 "knows %d", version, INDEX_VERSION);
	return NULL;
}

/* Version 2 had hashes, and nothing that was counted of them. */
static struct error *count_pages(struct index *index)
{
	static const char sql[] = "SELECT id FROM indexed WHERE has_pages ORDER BY id";
	sqlite3_stmt *statement = NULL;
	struct error *error = NULL;
	int status = sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL);

	while (status == SQLITE_OK && !error && (status = sqlite3_step(statement)) == SQLITE_ROW) {
		error = overlap_write(index, sqlite3_column_int64(statement, 0));
		status = SQLITE_OK;
	}
	if (!error && status != SQLITE_DONE)
		error = schema_error(index->handle, index->path);
	sqlite3_finalize(statement);
	return error;
}

static struct error *bring(sqlite3 *handle, const char *path, struct problems *notes)
{
	struct error *error;
	int version = 0;

	if (sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return schema_error(handle, path);
	error = check_versions(handle, "main", true, &version);
	if (!error)
		error = schema_check_kinds(handle, "main");
	if (!error)
		error = schema_bring(handle, version, notes);
	if (!error)
		error = schema_check_whole(handle, "main");
	if (!error && version == 2)
		error = count_pages(&(struct index){ handle, path });
	if (!error && sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		error = schema_error(handle, path);
	if (error)
		sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
	return error_in_source(error, path);
}

/* Whether there was none, and now there is one without a byte. */
static bool make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* One that could not be begun is none, unless somebody else is just writing it. */
static void remove_empty(sqlite3 *handle, const char *path)
{
	struct stat st;

	sqlite3_busy_timeout(handle, 0);
	if (sqlite3_exec(handle, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_BUSY && stat(path, &st) == 0 &&
	    st.st_size == 0)
		unlink(path);
}

struct error *index_open(const char *path, struct problems *notes, struct index *ret)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	struct error *error = check_journal(path);
	sqlite3 *handle = NULL;
	bool is_new;

	if (error)
		return error;
	is_new = make_file(path);
	if (sqlite3_open_v2(path, &handle, flags, NULL) != SQLITE_OK) {
		error = handle ? schema_error(handle, path) : error_new(ERROR_INTERNAL, "SQLite has no memory");
		sqlite3_close(handle);
		return error;
	}
	sqlite3_busy_timeout(handle, INDEX_BUSY_MS);
	if (distrust(handle) != SQLITE_OK || schema_functions(handle) != SQLITE_OK ||
	    sqlite3_exec(handle, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
				 "PRAGMA journal_mode = DELETE; PRAGMA cache_size = -65536;",
			 NULL, NULL, NULL) != SQLITE_OK)
		error = schema_error(handle, path);
	if (!error)
		error = bring(handle, path, notes);
	if (error) {
		if (is_new)
			remove_empty(handle, path);
		sqlite3_close(handle);
		return error;
	}
	*ret = (struct index){ handle, path };
	return NULL;
}

void index_close(struct index *index)
{
	sqlite3_close(index->handle);
	index->handle = NULL;
}

/* --- for reading ------------------------------------------------------------------------------------- */

/* Where a file that would have to be written lies beside it, SQLite only says that it cannot open it. */
static struct error *explain_unopened(const char *path)
{
	uint8_t head[HEAD];

	if (read_head(path, head) && (head[18] == WRITE_AHEAD || head[19] == WRITE_AHEAD))
		return error_new(ERROR_UNREADABLE, "has a write-ahead log: \"coldcase index -d %s\" gives it a "
				 "journal again", path);
	return error_new(ERROR_UNREADABLE, "its writer was killed: \"coldcase index -d %s\" brings back the state "
			 "before", path);
}

struct error *index_check(sqlite3 *handle, const char *schema, const char *path)
{
	struct error *error;
	int version = 0;

	error = check_versions(handle, schema, false, &version);
	if (error && sqlite3_errcode(handle) == SQLITE_CANTOPEN) {
		error_free(error);
		return explain_unopened(path);
	}
	if (!error && version < INDEX_VERSION)
		error = error_new(ERROR_UNREADABLE, "is an index of version %d: \"coldcase index -d %s\" brings it to "
				  "version %d", version, path, INDEX_VERSION);
	if (!error)
		error = schema_check_kinds(handle, schema);
	if (!error)
		error = schema_check_whole(handle, schema);
	return error;
}

struct error *index_open_reading(const char *path, struct index *ret)
{
	struct error *error = NULL;
	sqlite3 *handle = NULL;

	if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		error = handle ? schema_error(handle, path) : error_new(ERROR_INTERNAL, "SQLite has no memory");
		sqlite3_close(handle);
		return error;
	}
	sqlite3_busy_timeout(handle, INDEX_BUSY_MS);
	if (distrust(handle) != SQLITE_OK)
		error = schema_error(handle, path);
	if (!error)
		error = error_in_source(index_check(handle, "main", path), path);
	if (error)
		sqlite3_close(handle);
	else
		*ret = (struct index){ handle, path };
	return error;
}

bool index_has_pages(const struct index *index)
{
	int has_some = 0;

	/* that it cannot be read is told by whoever reads it */
	return read_number(index->handle, "SELECT EXISTS(SELECT 1 FROM %s.page_list)", "main", &has_some) != SQLITE_OK ||
	       has_some;
}
