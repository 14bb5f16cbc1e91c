/* A checkpoint's rows into the index, in one transaction. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/index/indexed.h"
#include "db/index/pages.h"
#include "db/index/schema.h"
#include "db/sql/declare.h"
#include "db/tables/listing.h"

static int execute(const struct index *index, const char *sql)
{
	return sqlite3_exec(index->handle, sql, NULL, NULL, NULL);
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
		return index_failed(index);
	bind_text(statement, 1, entry->identity.key);
	sqlite3_bind_int(statement, 2, entry->reveal);
	bind_text(statement, 3, COLDCASE_VERSION);
	sqlite3_bind_int(statement, 4, entry->pages);
	status = sqlite3_step(statement);
	*ret = status == SQLITE_ROW;
	sqlite3_finalize(statement);
	return status == SQLITE_ROW || status == SQLITE_DONE ? NULL : index_failed(index);
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
	error = status == SQLITE_OK ? NULL : index_failed(index);
	sqlite3_finalize(statement);
	arena_deinit(&arena);
	return error;
}

/* --- the checkpoint itself --------------------------------------------------------------------------- */

static const char *now(struct arena *arena)
{
	char text[sizeof("2000-01-01T00:00:00Z") + 8];
	time_t seconds = time(NULL);
	struct tm tm;

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &tm));
	return arena_text(arena, bytes_of(text));
}

static struct indexed row_of(const struct entry *entry, uint64_t n_rows, struct arena *arena)
{
	return (struct indexed){
		.identity = entry->identity.key[0] ? entry->identity.key : NULL,
		.node = entry->node,
		.path = entry->path,
		.inside = entry->inside,
		.sha256 = entry->identity.sha256[0] ? entry->identity.sha256 : NULL,
		.indexed_at = now(arena),
		.tool_version = COLDCASE_VERSION,
		.revealed = entry->reveal,
		.n_rows = (int64_t)n_rows,
		.has_pages = entry->pages,
		.is_complete = 1,
	};
}

static struct error *insert_problem(struct index *index, int64_t id, size_t i, const struct error *problem)
{
	static const char sql[] = "INSERT INTO indexed_problem VALUES (?1, ?2, ?3)";
	sqlite3_stmt *statement;
	struct out text;

	if (sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return index_failed(index);
	out_init(&text, -1);
	error_print(problem, &text);
	sqlite3_bind_int64(statement, 1, id);
	sqlite3_bind_int64(statement, 2, (int64_t)i);
	sqlite3_bind_text64(statement, 3, (const char *)out_held(&text).data, text.len, SQLITE_TRANSIENT,
			    SQLITE_UTF8);
	out_deinit(&text);
	return statement_finish(index, statement);
}

/* What is read of a checkpoint before others are kept from writing. */
struct content {
	struct checkpoint *checkpoint; /* NULL: it could not be opened */
	const struct problems *problems;
	struct listing *listings;
	struct page_hashes pages;
	struct arena arena;
};

static struct error *insert_all(struct index *index, const struct entry *entry, struct indexed *row,
				const struct content *content)
{
	struct checkpoint *checkpoint = content->checkpoint;
	bool is_whole = content->problems->n == 0 && (!checkpoint || checkpoint->problems.n == 0);
	struct error *error;
	size_t position = 0;
	int64_t id = 0;

	row->status = !checkpoint ? "failed" : is_whole ? "whole" : "damaged";
	error = indexed_insert(index, row, &id);
	for (size_t i = 0; i < n_tables && checkpoint && !error; i++)
		error = insert_rows(index, id, checkpoint, &content->listings[i]);
	if (checkpoint && entry->pages && !error)
		error = pages_write(index, id, &content->pages);
	for (size_t i = 0; i < content->problems->n && !error; i++)
		error = insert_problem(index, id, position++, content->problems->items[i]);
	for (size_t i = 0; checkpoint && i < checkpoint->problems.n && !error; i++)
		error = insert_problem(index, id, position++, checkpoint->problems.items[i]);
	return error;
}

static struct error *write_in_transaction(struct index *index, const struct entry *entry, struct indexed *row,
					  const struct content *content, enum outcome_of_entry *ret)
{
	bool known = false, replaced = false;
	struct error *error;

	if (execute(index, "BEGIN IMMEDIATE") != SQLITE_OK)
		return index_failed(index);
	error = index_knows(index, entry, &known); /* another writer may have been faster */
	if (!error && !known)
		error = indexed_remove(index, row, &replaced);
	if (!error && !known)
		error = insert_all(index, entry, row, content);
	if (!error && execute(index, "COMMIT") != SQLITE_OK)
		error = index_failed(index);
	if (error)
		execute(index, "ROLLBACK");
	*ret = known ? INDEX_UNCHANGED : !content->checkpoint ? INDEX_FAILED : replaced ? INDEX_REPLACED : INDEX_ADDED;
	return error;
}

/* Everything, before anything points to it. */
static struct error *read_content(const struct entry *entry, struct content *content, uint64_t *ret_rows)
{
	struct checkpoint *checkpoint = content->checkpoint;
	struct error *error = NULL;

	checkpoint_need(checkpoint, PART_EVERYTHING | PART_DIGESTS);
	for (size_t i = 0; i < n_tables && !error; i++) {
		error = make_listing(tables[i], entry->reveal, &content->arena, checkpoint, &content->listings[i]);
		*ret_rows += content->listings[i].n;
	}
	if (entry->pages && !error)
		pages_take(checkpoint, &content->arena, &content->pages);
	return error;
}

struct error *index_write(struct index *index, const struct entry *entry, struct checkpoint *checkpoint,
			  const struct problems *problems, enum outcome_of_entry *ret, uint64_t *ret_rows)
{
	struct content content = { .checkpoint = checkpoint, .problems = problems };
	struct error *error = NULL;
	struct indexed row;

	*ret_rows = 0;
	arena_init(&content.arena);
	content.listings = arena_zalloc(&content.arena, n_tables * sizeof(*content.listings));
	if (checkpoint)
		error = read_content(entry, &content, ret_rows);
	row = row_of(entry, *ret_rows, &content.arena);
	if (!error)
		error = write_in_transaction(index, entry, &row, &content, ret);
	pages_free(&content.pages);
	arena_deinit(&content.arena);
	return error;
}
