#include "db/index/schema.h"

#include <string.h>

#include "db/sql/declare.h"
#include "db/tables/listing.h"
#include "decoders/base/size.h"

struct error *schema_error(sqlite3 *handle, const char *path)
{
	int status = sqlite3_errcode(handle) & 0xff, number = sqlite3_system_errno(handle);
	const char *message = sqlite3_errmsg(handle);
	struct error *error;

	switch (status) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		error = error_new(ERROR_UNREADABLE, "another process is writing to it; try again when that is done");
		break;
	case SQLITE_NOTADB:
		error = error_new(ERROR_UNREADABLE, "is no database");
		break;
	case SQLITE_CORRUPT:
		error = error_new(ERROR_DAMAGED, "the database is damaged: %s", message);
		break;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		error = error_new(ERROR_UNREADABLE, "cannot be written, or a file beside it: %s%s%s", message,
				  number ? ": " : "", number ? strerror(number) : "");
		break;
	case SQLITE_FULL:
		error = error_new(ERROR_INTERNAL, "there is no room left for it");
		break;
	default:
		error = error_new(ERROR_INTERNAL, "%s%s%s", message, number ? ": " : "",
				  number ? strerror(number) : "");
	}
	return path ? error_in_source(error, path) : error;
}

/* --- tables of our own --------------------------------------------------------------------------------- */

/* What leads from version I to I + 1. What has been released is not changed, only added to. */
static const char *const steps[INDEX_VERSION] = {
	"CREATE TABLE indexed(\n"
	"  -- what is in this index: a checkpoint, or what was taken for one and could not be read\n"
	"  -- never used again when it is gone\n"
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"  -- the same content has the same: SHA-256 over the digests of its files and INSIDE; NULL: no digest\n"
	"  identity TEXT UNIQUE,\n"
	"  -- absolute, and which of several checkpoints in it\n"
	"  path TEXT NOT NULL,\n"
	"  inside TEXT NOT NULL,\n"
	"  -- of an archive its own SHA-256\n"
	"  sha256 TEXT,\n"
	"  indexed_at TEXT NOT NULL, -- ISO 8601, UTC\n"
	"  tool_version TEXT NOT NULL,\n"
	"  -- whole; damaged: what was intact is here; failed: no rows\n"
	"  status TEXT NOT NULL CHECK(status IN ('whole', 'damaged', 'failed')),\n"
	"  -- 1: secrets are here as they are (--reveal)\n"
	"  revealed INTEGER NOT NULL,\n"
	"  n_rows INTEGER NOT NULL\n"
	") STRICT;\n"
	"CREATE UNIQUE INDEX indexed_path ON indexed(path, inside);\n"
	"CREATE TABLE indexed_problem(\n"
	"  -- what was wrong with it, as it was told\n"
	"  checkpoint_id INTEGER NOT NULL REFERENCES indexed(id) ON DELETE CASCADE,\n"
	"  position INTEGER NOT NULL,\n"
	"  message TEXT NOT NULL,\n"
	"  PRIMARY KEY (checkpoint_id, position)\n"
	") STRICT, WITHOUT ROWID;\n",

	"ALTER TABLE indexed ADD COLUMN has_pages INTEGER NOT NULL DEFAULT 0;\n"
	"CREATE TABLE page_hashes(\n"
	"  -- hashes of pages that follow one another in the memory of a process (--pages)\n"
	"  checkpoint_id INTEGER NOT NULL REFERENCES indexed(id) ON DELETE CASCADE,\n"
	"  pid INTEGER NOT NULL,\n"
	"  address INTEGER NOT NULL, -- of the first, two's complement\n"
	"  n_pages INTEGER NOT NULL,\n"
	"  page_size INTEGER NOT NULL, -- bytes\n"
	"  -- 16 bytes a page: xxh3-128, canonical; zeroes: a page of zeroes\n"
	"  hashes BLOB NOT NULL CHECK(length(hashes) = 16 * n_pages)\n"
	") STRICT;\n"
	"CREATE INDEX page_hashes_pid ON page_hashes(checkpoint_id, pid);\n"
	"CREATE VIEW page AS -- a row is a page\n"
	"  WITH RECURSIVE number(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i < 1023)\n"
	"  SELECT checkpoint_id, pid, address + i * page_size AS address,\n"
	"         substr(hashes, 16 * i + 1, 16) AS hash,\n"
	"         substr(hashes, 16 * i + 1, 16) = x'00000000000000000000000000000000' AS is_zero\n"
	"  FROM page_hashes JOIN number ON i < n_pages;\n"
	"CREATE VIEW pages_shared_by_checkpoints AS -- different pages that two have, those of zeroes aside\n"
	"  WITH one AS MATERIALIZED (SELECT DISTINCT checkpoint_id, hash FROM page WHERE NOT is_zero)\n"
	"  SELECT a.checkpoint_id AS a, b.checkpoint_id AS b, count(*) AS pages\n"
	"  FROM one a JOIN one b ON a.hash = b.hash AND a.checkpoint_id < b.checkpoint_id GROUP BY 1, 2;\n"
	"CREATE VIEW pages_shared_by_processes AS -- the same of two processes, of any checkpoints\n"
	"  WITH one AS MATERIALIZED (SELECT DISTINCT checkpoint_id, pid, hash FROM page WHERE NOT is_zero)\n"
	"  SELECT a.checkpoint_id AS checkpoint_a, a.pid AS pid_a, b.checkpoint_id AS checkpoint_b, b.pid AS pid_b,\n"
	"         count(*) AS pages\n"
	"  FROM one a JOIN one b ON a.hash = b.hash AND (a.checkpoint_id, a.pid) < (b.checkpoint_id, b.pid)\n"
	"  GROUP BY 1, 2, 3, 4;\n",
};

/* --- tables of the data dictionary ------------------------------------------------------------------- */

/* Columns that rows are joined by, each within its checkpoint; or looked for in all of them. */
static const char *const join_columns[] = { "pid", "id", "file_id", "ino" };
static const char *const sought_columns[] = { "sha256", "local_addr", "remote_addr" };

static void put_comment(const char *help, const char *unit, struct out *out)
{
	out_printf(out, "  -- %s%s%s\n", help, unit ? "; unit: " : "", unit ? unit : "");
}

static void put_column(const struct column *column, struct out *out)
{
	put_comment(column->help, column->unit, out);
	out_text(out, "  ");
	declare_column(column, out);
}

static void create_table(const struct table *table, struct out *out)
{
	out_printf(out, "CREATE TABLE \"%s\"(\n", table->name);
	put_comment(table->help, NULL, out);
	out_text(out, "  checkpoint_id INTEGER NOT NULL REFERENCES indexed(id) ON DELETE CASCADE");
	for (size_t i = 0; i < table->n_columns + n_source_columns; i++) {
		out_text(out, ",\n");
		put_column(i < table->n_columns ? &table->columns[i]
						: &source_columns[i - table->n_columns], out);
	}
	out_text(out, "\n);\n");
}

static void create_indices(const struct table *table, struct out *out)
{
	bool has_joined = false;

	for (size_t i = 0; i < ARRAY_SIZE(join_columns); i++) {
		const char *name = join_columns[i];

		if (!table_column(table, name))
			continue;
		has_joined = true;
		out_printf(out, "CREATE INDEX IF NOT EXISTS \"%s_%s\" ON \"%s\"(checkpoint_id, %s);\n", table->name,
			   name, table->name, name);
	}
	if (!has_joined)
		out_printf(out, "CREATE INDEX IF NOT EXISTS \"%s_checkpoint\" ON \"%s\"(checkpoint_id);\n",
			   table->name, table->name);
	for (size_t i = 0; i < ARRAY_SIZE(sought_columns); i++)
		if (table_column(table, sought_columns[i]))
			out_printf(out, "CREATE INDEX IF NOT EXISTS \"%s_%s\" ON \"%s\"(%s);\n", table->name,
				   sought_columns[i], table->name, sought_columns[i]);
}

static bool exists(sqlite3 *handle, const char *table, const char *column)
{
	return sqlite3_table_column_metadata(handle, "main", table, column, NULL, NULL, NULL, NULL, NULL) ==
	       SQLITE_OK;
}

/* What TABLE lacks in the database: all of it, or columns that an older coldcase did not know. */
static void complete_table(sqlite3 *handle, const struct table *table, struct out *out)
{
	if (!exists(handle, table->name, NULL)) {
		create_table(table, out);
	} else {
		for (size_t i = 0; i < table->n_columns; i++) {
			if (exists(handle, table->name, table->columns[i].name))
				continue;
			out_printf(out, "ALTER TABLE \"%s\" ADD COLUMN ", table->name);
			declare_column(&table->columns[i], out);
			out_text(out, ";\n");
		}
	}
	create_indices(table, out);
}

struct error *schema_bring(sqlite3 *handle, int version)
{
	struct error *error = NULL;
	struct out sql;

	out_init(&sql, -1);
	for (int i = version; i < INDEX_VERSION; i++)
		out_text(&sql, steps[i]);
	for (size_t i = 0; i < n_tables; i++)
		complete_table(handle, tables[i], &sql);
	if (version < INDEX_VERSION) /* else nothing is written where nothing is missing */
		out_printf(&sql, "PRAGMA application_id = %d;\nPRAGMA user_version = %d;\n", INDEX_APPLICATION,
			   INDEX_VERSION);
	out_char(&sql, '\0');
	if (sqlite3_exec(handle, sql.buffer, NULL, NULL, NULL) != SQLITE_OK)
		error = schema_error(handle, NULL);
	out_deinit(&sql);
	return error;
}
