#include "db/index/schema.h"

#include <xxhash.h>

#include "db/index/views.h"
#include "db/sql/declare.h"
#include "db/tables/listing.h"
#include "decoders/base/size.h"

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
	"CREATE INDEX page_hashes_pid ON page_hashes(checkpoint_id, pid);\n",

	"-- where it was indexed, as merge names it; '': here\n"
	"ALTER TABLE indexed ADD COLUMN node TEXT NOT NULL DEFAULT '';\n"
	"-- 0: tables or columns came later, and it is read again when it is indexed again\n"
	"ALTER TABLE indexed ADD COLUMN is_complete INTEGER NOT NULL DEFAULT 1;\n"
	"DROP INDEX indexed_path;\n"
	"CREATE UNIQUE INDEX indexed_path ON indexed(node, path, inside);\n"
	"ALTER TABLE indexed_problem RENAME COLUMN checkpoint_id TO checkpoint;\n"
	"CREATE TABLE page_list(\n"
	"  -- hashes of pages that follow one another, once, however often they do\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  digest INTEGER NOT NULL, -- XXH3 of the hashes, by which they are found\n"
	"  -- 16 bytes a page: XXH3-128, canonical; zeroes: a page of zeroes\n"
	"  hashes BLOB NOT NULL CHECK(length(hashes) % 16 = 0 AND length(hashes) BETWEEN 16 AND 16384)\n"
	") STRICT;\n"
	"CREATE INDEX page_list_digest ON page_list(digest);\n"
	"CREATE TABLE page_range(\n"
	"  -- where such pages are: in a process, or in memory that several share (--pages)\n"
	"  checkpoint INTEGER NOT NULL REFERENCES indexed(id) ON DELETE CASCADE,\n"
	"  pid INTEGER,\n"
	"  shmid INTEGER CHECK((pid IS NULL) <> (shmid IS NULL)),\n"
	"  address INTEGER NOT NULL, -- of the first, two's complement; of shared memory the place in it\n"
	"  page_size INTEGER NOT NULL, -- bytes\n"
	"  list INTEGER NOT NULL REFERENCES page_list(id) DEFERRABLE INITIALLY DEFERRED\n"
	") STRICT;\n"
	"CREATE INDEX page_range_pid ON page_range(checkpoint, pid);\n"
	"CREATE INDEX page_range_list ON page_range(list);\n"
	"CREATE TABLE page_overlap(\n"
	"  -- how many different pages two checkpoints have in common, those of zeroes aside; a = b: how many one has\n"
	"  a INTEGER NOT NULL REFERENCES indexed(id) ON DELETE CASCADE,\n"
	"  b INTEGER NOT NULL REFERENCES indexed(id) ON DELETE CASCADE,\n"
	"  pages INTEGER NOT NULL,\n"
	"  PRIMARY KEY (a, b)\n"
	") STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX page_overlap_b ON page_overlap(b);\n"
	"CREATE TABLE page_number(i INTEGER PRIMARY KEY) STRICT; -- 0 to 1023, to take lists apart\n"
	"WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 1023)\n"
	"  INSERT INTO page_number SELECT i FROM n;\n"
	"INSERT INTO page_list(digest, hashes) SELECT DISTINCT page_list_digest(hashes), hashes FROM page_hashes;\n"
	"INSERT INTO page_range(checkpoint, pid, address, page_size, list)\n"
	"  SELECT h.checkpoint_id, h.pid, h.address, h.page_size, l.id FROM page_hashes h JOIN page_list l\n"
	"  ON l.digest = page_list_digest(h.hashes) AND l.hashes = h.hashes ORDER BY h.checkpoint_id, h.rowid;\n"
	"DROP TABLE page_hashes;\n",
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
	out_text(out, "  checkpoint INTEGER NOT NULL REFERENCES indexed(id) ON DELETE CASCADE");
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
		out_printf(out, "CREATE INDEX IF NOT EXISTS \"%s_%s\" ON \"%s\"(checkpoint, %s);\n", table->name,
			   name, table->name, name);
	}
	if (!has_joined)
		out_printf(out, "CREATE INDEX IF NOT EXISTS \"%s_checkpoint\" ON \"%s\"(checkpoint);\n",
			   table->name, table->name);
	for (size_t i = 0; i < ARRAY_SIZE(sought_columns); i++)
		if (table_column(table, sought_columns[i]))
			out_printf(out, "CREATE INDEX IF NOT EXISTS \"%s_%s\" ON \"%s\"(%s);\n", table->name,
				   sought_columns[i], table->name, sought_columns[i]);
}

bool schema_has(sqlite3 *handle, const char *schema, const char *table, const char *column)
{
	return sqlite3_table_column_metadata(handle, schema, table, column, NULL, NULL, NULL, NULL, NULL) ==
	       SQLITE_OK;
}

static void note_missing(struct problems *notes, const char *table, const char *column)
{
	problems_add(notes, error_new(ERROR_UNREADABLE, "%s%s%s was not in it: what is in it is read again when it is "
				      "indexed again", table, column ? "." : "", column ? column : ""));
}

static void complete_columns(sqlite3 *handle, const struct table *table, struct problems *notes, struct out *out)
{
	if (schema_has(handle, "main", table->name, "checkpoint_id")) /* until version 2 */
		out_printf(out, "ALTER TABLE \"%s\" RENAME COLUMN checkpoint_id TO checkpoint;\n", table->name);
	for (size_t i = 0; i < table->n_columns; i++) {
		if (schema_has(handle, "main", table->name, table->columns[i].name))
			continue;
		note_missing(notes, table->name, table->columns[i].name);
		out_printf(out, "ALTER TABLE \"%s\" ADD COLUMN ", table->name);
		declare_column(&table->columns[i], out);
		out_text(out, ";\n");
	}
}

/* What TABLE lacks in the database: all of it, or columns that an older coldcase did not know. */
static void complete_table(sqlite3 *handle, const struct table *table, struct problems *notes, struct out *out)
{
	if (schema_has(handle, "main", table->name, NULL)) {
		complete_columns(handle, table, notes, out);
	} else {
		note_missing(notes, table->name, NULL);
		create_table(table, out);
	}
	create_indices(table, out);
}

/* --- all of it ------------------------------------------------------------------------------------------ */

/* By which equal lists of hashes are found: an index over eight bytes, not over the lists. */
static void list_digest(sqlite3_context *context, int n, sqlite3_value **values)
{
	const void *hashes = sqlite3_value_blob(values[0]);

	(void)n;
	sqlite3_result_int64(context, (sqlite3_int64)XXH3_64bits(hashes ? hashes : "",
								 (size_t)sqlite3_value_bytes(values[0])));
}

int schema_functions(sqlite3 *handle)
{
	return sqlite3_create_function_v2(handle, "page_list_digest", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
					  list_digest, NULL, NULL, NULL);
}

/* SQLite would not rename a column that a view speaks of which names another one that is not there. */
static void drop_views(sqlite3 *handle, struct out *out)
{
	for (size_t i = 0; i < n_index_views; i++)
		if (schema_view_state(handle, "main", &index_views[i]) == VIEW_IS_OTHER)
			out_printf(out, "DROP VIEW \"%s\";\n", index_views[i].name);
}

static void create_views(sqlite3 *handle, struct out *out)
{
	for (size_t i = 0; i < n_index_views; i++) {
		if (schema_view_state(handle, "main", &index_views[i]) == VIEW_IS_OURS)
			continue;
		schema_view_text(&index_views[i], out);
		out_text(out, ";\n");
	}
}

struct error *schema_bring(sqlite3 *handle, int version, struct problems *notes)
{
	struct error *error = NULL;
	struct problems missing;
	struct out sql;

	out_init(&sql, -1);
	problems_init(&missing);
	drop_views(handle, &sql);
	for (int i = version; i < INDEX_VERSION; i++)
		out_text(&sql, steps[i]);
	for (size_t i = 0; i < n_tables; i++)
		complete_table(handle, tables[i], &missing, &sql);
	create_views(handle, &sql);
	if (version < INDEX_VERSION) /* else nothing is written where nothing is missing */
		out_printf(&sql, "PRAGMA application_id = %d;\nPRAGMA user_version = %d;\n", INDEX_APPLICATION,
			   INDEX_VERSION);
	if (version && missing.n)
		out_text(&sql, "UPDATE indexed SET is_complete = 0;\n");
	out_char(&sql, '\0');
	if (sqlite3_exec(handle, sql.buffer, NULL, NULL, NULL) != SQLITE_OK)
		error = schema_error(handle, NULL);
	if (!error && version)
		problems_move(notes, &missing);
	problems_deinit(&missing);
	out_deinit(&sql);
	return error;
}
