/* A checkpoint's rows into the index, in one transaction. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/index/index.h"
#include "db/index/pages.h"
#include "db/index/schema.h"
#include "db/sql/declare.h"
#include "db/tables/listing.h"

static struct error *failed(const struct index *index)
{
	return schema_error(index->handle, index->path);
}

static int execute(const struct index *index, const char *sql)
{
	return sqlite3_exec(index->handle, sql, NULL, NULL, NULL);
}

static void bind_text(sqlite3_stmt *statement, int parameter, const char *text)
{
	if (text)
		sqlite3_bind_text(statement, parameter, text, -1, SQLITE_TRANSIENT);
}

/* Runs a statement that is bound already; it is gone then. */
static struct error *finish(const struct index *index, sqlite3_stmt *statement)
{
	int status = sqlite3_step(statement);
	struct error *error = status == SQLITE_DONE || status == SQLITE_ROW ? NULL : failed(index);

	sqlite3_finalize(statement);
	return error;
}

/* --- what is there already ------------------------------------------------------------------------- */

struct error *index_knows(struct index *index, const struct entry *entry, bool *ret)
{
	static const char sql[] = "SELECT 1 FROM indexed WHERE identity = ?1 AND revealed = ?2 AND tool_version = "
				  "?3 AND has_pages >= ?4 AND is_complete AND status <> 'failed'";
	sqlite3_stmt *statement;
	int status;

	*ret = false;
	if (!entry->identity.key[0])
		return NULL;
	if (sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return failed(index);
	bind_text(statement, 1, entry->identity.key);
	sqlite3_bind_int(statement, 2, entry->reveal);
	bind_text(statement, 3, COLDCASE_VERSION);
	sqlite3_bind_int(statement, 4, entry->pages);
	status = sqlite3_step(statement);
	*ret = status == SQLITE_ROW;
	sqlite3_finalize(statement);
	return status == SQLITE_ROW || status == SQLITE_DONE ? NULL : failed(index);
}

static struct error *remove_one(struct index *index, int64_t id)
{
	static const char sql[] = "DELETE FROM indexed WHERE id = ?1";
	struct error *error = pages_remove(index, id);
	sqlite3_stmt *statement;

	if (error)
		return error;
	if (sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return failed(index);
	sqlite3_bind_int64(statement, 1, id);
	return finish(index, statement);
}

/* The same content, wherever it was, and whatever was at the same path; their rows go with them. */
static struct error *remove_old(struct index *index, const struct entry *entry, bool *ret)
{
	static const char sql[] = "SELECT id FROM indexed WHERE identity = ?1 OR (node = ?2 AND path = ?3 AND inside = "
				  "?4) LIMIT 1";
	sqlite3_stmt *statement;
	struct error *error = NULL;
	int status;

	if (sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return failed(index);
	bind_text(statement, 1, entry->identity.key[0] ? entry->identity.key : NULL);
	bind_text(statement, 2, entry->node);
	bind_text(statement, 3, entry->path);
	bind_text(statement, 4, entry->inside);
	*ret = false;
	while ((status = sqlite3_step(statement)) == SQLITE_ROW && !error) {
		int64_t id = sqlite3_column_int64(statement, 0);

		sqlite3_reset(statement);
		error = remove_one(index, id);
		*ret = true;
	}
	if (!error && status != SQLITE_DONE)
		error = failed(index);
	sqlite3_finalize(statement);
	return error;
}

/* --- rows ------------------------------------------------------------------------------------------- */

/* All columns, those too that a listing leaves out. */
static struct error *make_listing(const struct table *table, bool reveal, struct arena *arena,
				  struct checkpoint *checkpoint, struct listing *ret)
{
	struct listing_request request = { .reveal = reveal, .provenance = true };
	struct error *error;
	struct out names;

	out_init(&names, -1);
	for (size_t i = 0; i < table->n_columns; i++)
		out_printf(&names, "%s%s", i ? "," : "", table->columns[i].name);
	request.columns = arena_text(arena, out_held(&names));
	out_deinit(&names);
	error = listing_init(arena, table, &request, ret);
	if (!error)
		listing_choose(checkpoint, &request, ret);
	return error;
}

static int prepare_insert(const struct index *index, const struct listing *listing, sqlite3_stmt **ret)
{
	struct out sql;
	int status;

	out_init(&sql, -1);
	out_printf(&sql, "INSERT INTO main.\"%s\"(checkpoint", listing->table->name);
	for (size_t i = 0; i < listing->n_columns; i++)
		out_printf(&sql, ", \"%s\"", listing->columns[i]->name);
	out_text(&sql, ") VALUES (?1");
	for (size_t i = 0; i < listing->n_columns; i++)
		out_printf(&sql, ", ?%zu", i + 2);
	out_char(&sql, ')');
	status = sqlite3_prepare_v2(index->handle, sql.buffer, (int)sql.len, ret, NULL);
	out_deinit(&sql);
	return status;
}

static int insert_row(sqlite3_stmt *statement, const struct checkpoint *checkpoint,
		      const struct listing *listing, size_t row, struct arena *arena)
{
	int status = SQLITE_OK;

	for (size_t i = 0; i < listing->n_columns && status == SQLITE_OK; i++) {
		struct value value, cell;

		listing_cell(checkpoint, listing, i, listing_row(listing, row), arena, &value);
		sql_cell(&value, arena, &cell);
		status = sql_bind(statement, (int)i + 2, &cell);
	}
	if (status == SQLITE_OK)
		status = sqlite3_step(statement);
	sqlite3_reset(statement);
	return status == SQLITE_DONE ? SQLITE_OK : status;
}

static struct error *insert_rows(struct index *index, int64_t id, const struct checkpoint *checkpoint,
				 const struct listing *listing)
{
	sqlite3_stmt *statement = NULL;
	int status = prepare_insert(index, listing, &statement);
	struct error *error;
	struct arena arena;

	arena_init(&arena);
	if (status == SQLITE_OK)
		status = sqlite3_bind_int64(statement, 1, id);
	for (size_t i = 0; i < listing->n && status == SQLITE_OK; i++) {
		status = insert_row(statement, checkpoint, listing, i, &arena);
		arena_reset(&arena);
	}
	error = status == SQLITE_OK ? NULL : failed(index);
	sqlite3_finalize(statement);
	arena_deinit(&arena);
	return error;
}

/* --- the checkpoint itself --------------------------------------------------------------------------- */

static struct error *insert_entry(struct index *index, const struct entry *entry, const char *status,
				  uint64_t n_rows, int64_t *ret)
{
	static const char sql[] = "INSERT INTO indexed(identity, path, inside, sha256, indexed_at, tool_version, "
				  "status, revealed, n_rows, has_pages, node) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
				  "?8, ?9, ?10, ?11)";
	char now[sizeof("2000-01-01T00:00:00Z") + 8];
	time_t seconds = time(NULL);
	sqlite3_stmt *statement;
	struct error *error;
	struct tm tm;

	strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &tm));
	if (sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return failed(index);
	bind_text(statement, 1, entry->identity.key[0] ? entry->identity.key : NULL);
	bind_text(statement, 2, entry->path);
	bind_text(statement, 3, entry->inside);
	bind_text(statement, 4, entry->identity.sha256[0] ? entry->identity.sha256 : NULL);
	bind_text(statement, 5, now);
	bind_text(statement, 6, COLDCASE_VERSION);
	bind_text(statement, 7, status);
	sqlite3_bind_int(statement, 8, entry->reveal);
	sqlite3_bind_int64(statement, 9, (int64_t)n_rows);
	sqlite3_bind_int(statement, 10, entry->pages);
	bind_text(statement, 11, entry->node);
	error = finish(index, statement);
	*ret = sqlite3_last_insert_rowid(index->handle);
	return error;
}

static struct error *insert_problem(struct index *index, int64_t id, size_t i, const struct error *problem)
{
	static const char sql[] = "INSERT INTO indexed_problem VALUES (?1, ?2, ?3)";
	sqlite3_stmt *statement;
	struct out text;

	if (sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return failed(index);
	out_init(&text, -1);
	error_print(problem, &text);
	sqlite3_bind_int64(statement, 1, id);
	sqlite3_bind_int64(statement, 2, (int64_t)i);
	sqlite3_bind_text64(statement, 3, (const char *)out_held(&text).data, text.len, SQLITE_TRANSIENT,
			    SQLITE_UTF8);
	out_deinit(&text);
	return finish(index, statement);
}

static struct error *insert_all(struct index *index, const struct entry *entry,
				struct checkpoint *checkpoint, const struct problems *problems,
				const struct listing *listings, const struct page_hashes *pages, uint64_t n_rows)
{
	bool is_whole = problems->n == 0 && (!checkpoint || checkpoint->problems.n == 0);
	const char *status = !checkpoint ? "failed" : is_whole ? "whole" : "damaged";
	struct error *error;
	size_t position = 0;
	int64_t id = 0;

	error = insert_entry(index, entry, status, n_rows, &id);
	for (size_t i = 0; i < n_tables && checkpoint && !error; i++)
		error = insert_rows(index, id, checkpoint, &listings[i]);
	if (checkpoint && entry->pages && !error)
		error = pages_write(index, id, pages);
	for (size_t i = 0; i < problems->n && !error; i++)
		error = insert_problem(index, id, position++, problems->items[i]);
	for (size_t i = 0; checkpoint && i < checkpoint->problems.n && !error; i++)
		error = insert_problem(index, id, position++, checkpoint->problems.items[i]);
	return error;
}

static struct error *write_in_transaction(struct index *index, const struct entry *entry,
					  struct checkpoint *checkpoint, const struct problems *problems,
					  const struct listing *listings, const struct page_hashes *pages,
					  uint64_t n_rows, enum outcome_of_entry *ret)
{
	bool known = false, replaced = false;
	struct error *error;

	if (execute(index, "BEGIN IMMEDIATE") != SQLITE_OK)
		return failed(index);
	error = index_knows(index, entry, &known); /* another writer may have been faster */
	if (!error && !known)
		error = remove_old(index, entry, &replaced);
	if (!error && !known)
		error = insert_all(index, entry, checkpoint, problems, listings, pages, n_rows);
	if (!error && execute(index, "COMMIT") != SQLITE_OK)
		error = failed(index);
	if (error)
		execute(index, "ROLLBACK");
	*ret = known ? INDEX_UNCHANGED : !checkpoint ? INDEX_FAILED : replaced ? INDEX_REPLACED : INDEX_ADDED;
	return error;
}

struct error *index_write(struct index *index, const struct entry *entry, struct checkpoint *checkpoint,
			  const struct problems *problems, enum outcome_of_entry *ret, uint64_t *ret_rows)
{
	struct error *error = NULL;
	struct listing *listings;
	struct page_hashes pages = { 0 };
	uint64_t n_rows = 0;
	struct arena arena;

	arena_init(&arena);
	listings = arena_zalloc(&arena, n_tables * sizeof(*listings));
	/* Everything is read before others are kept from writing, and before anything points to it. */
	if (checkpoint)
		checkpoint_need(checkpoint, PART_EVERYTHING | PART_DIGESTS);
	for (size_t i = 0; i < n_tables && checkpoint && !error; i++) {
		error = make_listing(tables[i], entry->reveal, &arena, checkpoint, &listings[i]);
		n_rows += listings[i].n;
	}
	if (checkpoint && entry->pages && !error)
		pages_take(checkpoint, &arena, &pages);
	if (!error)
		error = write_in_transaction(index, entry, checkpoint, problems, listings, &pages, n_rows, ret);
	if (checkpoint && entry->pages)
		pages_free(&pages);
	arena_deinit(&arena);
	*ret_rows = n_rows;
	return error;
}
