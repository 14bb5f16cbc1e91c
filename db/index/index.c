#include "db/index/index.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/index/schema.h"
#include "decoders/base/digest.h"
#include "decoders/base/out.h"
#include "decoders/source/manifest.h"

/* --- opening --------------------------------------------------------------------------------------- */

static int pragma_number(sqlite3 *handle, const char *sql, int *ret)
{
	sqlite3_stmt *statement = NULL;
	int status = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL);

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
	if (status == SQLITE_OK)
		status = sqlite3_exec(handle, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;", NULL,
				      NULL, NULL);
	return status;
}

/* An index, or with MAY_BE_EMPTY a database without anything in it, of a version that is known. */
static struct error *check_versions(sqlite3 *handle, const char *path, bool may_be_empty, int *ret)
{
	int application = 0, version = 0, objects = 0;

	if (pragma_number(handle, "PRAGMA application_id", &application) != SQLITE_OK ||
	    pragma_number(handle, "PRAGMA user_version", &version) != SQLITE_OK ||
	    pragma_number(handle, "SELECT count(*) FROM sqlite_schema", &objects) != SQLITE_OK)
		return schema_error(handle, path);
	*ret = version;
	if (may_be_empty && !application && !version && !objects)
		return NULL;
	if (application != INDEX_APPLICATION || version < 1)
		return error_in_source(error_new(ERROR_UNREADABLE, "is a database, but no index of coldcase"),
				       path);
	if (version > INDEX_VERSION)
		return error_in_source(error_new(ERROR_UNREADABLE, "is an index of version %d, made by a newer "
						 "coldcase; this one knows %d", version, INDEX_VERSION),
				       path);
	return NULL;
}

static struct error *bring(sqlite3 *handle, const char *path)
{
	struct error *error;
	int version = 0;

	if (sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return schema_error(handle, path);
	error = check_versions(handle, path, true, &version);
	if (!error)
		error = error_in_source(schema_bring(handle, version), path);
	if (!error && sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		error = schema_error(handle, path);
	if (error)
		sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
	return error;
}

struct error *index_open(const char *path, struct index *ret)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	struct error *error = NULL;
	sqlite3 *handle = NULL;

	if (sqlite3_open_v2(path, &handle, flags, NULL) != SQLITE_OK) {
		error = handle ? schema_error(handle, path) : error_new(ERROR_INTERNAL, "SQLite has no memory");
		sqlite3_close(handle);
		return error;
	}
	sqlite3_busy_timeout(handle, INDEX_BUSY_MS);
	if (distrust(handle) != SQLITE_OK ||
	    sqlite3_exec(handle, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
				 "PRAGMA journal_mode = DELETE; PRAGMA cache_size = -65536;",
			 NULL, NULL, NULL) != SQLITE_OK)
		error = schema_error(handle, path);
	if (!error)
		error = bring(handle, path);
	if (error) {
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

bool index_recognise(const char *path)
{
	static const uint8_t id[] = { INDEX_APPLICATION >> 24, INDEX_APPLICATION >> 16 & 0xff,
				      INDEX_APPLICATION >> 8 & 0xff, INDEX_APPLICATION & 0xff };
	uint8_t head[100];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)sizeof(head) && memcmp(head, "SQLite format 3", 16) == 0 &&
	       memcmp(head + 68, id, sizeof(id)) == 0;
}

/* The rows of a table with a name of ours may not come from anything but a table. */
static struct error *check_objects(sqlite3 *handle, const char *path)
{
	int odd = 0;

	if (pragma_number(handle, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' OR (type = 'table' "
				  "AND (rootpage IS NULL OR rootpage < 1))", &odd) != SQLITE_OK)
		return schema_error(handle, path);
	if (odd)
		return error_in_source(error_new(ERROR_UNREADABLE, "has triggers or virtual tables: no index of "
						 "coldcase has"), path);
	return NULL;
}

struct error *index_open_reading(const char *path, sqlite3 **ret)
{
	struct error *error = NULL;
	sqlite3 *handle = NULL;
	int version = 0;

	if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		error = handle ? schema_error(handle, path) : error_new(ERROR_INTERNAL, "SQLite has no memory");
		sqlite3_close(handle);
		return error;
	}
	sqlite3_busy_timeout(handle, INDEX_BUSY_MS);
	if (distrust(handle) != SQLITE_OK)
		error = schema_error(handle, path);
	if (!error)
		error = check_versions(handle, path, false, &version);
	if (error && sqlite3_errcode(handle) == SQLITE_CANTOPEN) {
		error_free(error);
		error = error_in_source(error_new(ERROR_UNREADABLE, "its writer was killed: \"coldcase index -d "
						  "%s\" brings back the state before", path), path);
	}
	if (!error && version < INDEX_VERSION)
		error = error_in_source(error_new(ERROR_UNREADABLE, "is an index of version %d: \"coldcase index "
						  "-d %s\" brings it to version %d", version, path,
						  INDEX_VERSION), path);
	if (!error)
		error = check_objects(handle, path);
	if (error)
		sqlite3_close(handle);
	else
		*ret = handle;
	return error;
}

/* --- identity -------------------------------------------------------------------------------------- */

static int compare_entries(const void *a, const void *b)
{
	const struct manifest_entry *left = a, *right = b;
	int order = bytes_compare(left->name, right->name);

	return order ? order : strcmp(left->sha256, right->sha256);
}

/* Name, size and digest of each, each with its length in front so that no two lists look the same. */
static void add_entries(struct digest *digest, const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->entries.n; i++) {
		const struct manifest_entry *entry = &manifest->entries.items[i];
		struct out line;

		out_init(&line, -1);
		out_printf(&line, "%zu:", entry->name.len);
		out_bytes(&line, entry->name);
		out_printf(&line, ":%llu:%s\n", (unsigned long long)entry->size, entry->sha256);
		digest_add(digest, out_held(&line));
		out_deinit(&line);
	}
}

struct error *identity_take(const char *path, const char *inside, struct problems *problems,
			    struct identity *ret)
{
	struct identity identity = { 0 };
	struct manifest manifest = { 0 };
	struct digest *digest;
	struct arena arena;
	struct error *error;

	arena_init(&arena);
	error = manifest_take(path, &arena, problems, &manifest);
	if (error) {
		arena_deinit(&arena);
		return error;
	}
	digest = digest_new();
	if (!manifest.is_directory && manifest.entries.n && manifest.entries.items[0].sha256[0]) {
		memcpy(identity.sha256, manifest.entries.items[0].sha256, sizeof(identity.sha256));
		digest_add(digest, bytes_of(identity.sha256));
	} else {
		if (manifest.entries.n)
			qsort(manifest.entries.items, manifest.entries.n, sizeof(*manifest.entries.items),
			      compare_entries);
		add_entries(digest, &manifest);
	}
	digest_add(digest, BYTES("\n"));
	digest_add(digest, bytes_of(inside));
	digest_end(digest, identity.key);
	arena_deinit(&arena);
	*ret = identity;
	return NULL;
}
