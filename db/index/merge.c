/* The checkpoints of another index, row by row. */
#include <string.h>

#include "db/index/indexed.h"
#include "db/index/pages.h"
#include "db/tables/listing.h"

/* --- one row of it -------------------------------------------------------------------------------------- */

static const char *text_at(sqlite3_stmt *statement, int column, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return text ? arena_text(arena, bytes_of(text)) : NULL;
}

static const char *text_or_empty(sqlite3_stmt *statement, int column, struct arena *arena)
{
	const char *text = text_at(statement, column, arena);

	return text ? text : "";
}

/* *RET is false where another writer has taken it away. */
static struct error *read_row(const struct index *from, int64_t id, struct arena *arena, struct indexed *row, bool *ret)
{
	static const char sql[] = "SELECT identity, node, path, inside, sha256, indexed_at, tool_version, status, revealed, "
				  "n_rows, has_pages, is_complete FROM indexed WHERE id = ?1";
	sqlite3_stmt *statement;
	int status;

	if (sqlite3_prepare_v2(from->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return index_failed(from);
	sqlite3_bind_int64(statement, 1, id);
	status = sqlite3_step(statement);
	*ret = status == SQLITE_ROW;
	if (*ret)
		*row = (struct indexed){
			.identity = text_at(statement, 0, arena),
			.node = text_or_empty(statement, 1, arena),
			.path = text_or_empty(statement, 2, arena),
			.inside = text_or_empty(statement, 3, arena),
			.sha256 = text_at(statement, 4, arena),
			.indexed_at = text_or_empty(statement, 5, arena),
			.tool_version = text_or_empty(statement, 6, arena),
			.status = text_or_empty(statement, 7, arena),
			.revealed = sqlite3_column_int64(statement, 8) != 0,
			.n_rows = sqlite3_column_int64(statement, 9),
			.has_pages = sqlite3_column_int64(statement, 10) != 0,
			.is_complete = sqlite3_column_int64(statement, 11) != 0,
		};
	sqlite3_finalize(statement);
	return status == SQLITE_ROW || status == SQLITE_DONE ? NULL : index_failed(from);
}

/* Whether as much is known of this content already, or what is at its place is later. */
static struct error *knows(const struct index *index, const struct indexed *row, bool *ret)
{
	static const char sql[] =
		"SELECT 1 FROM indexed WHERE (identity IS ?1 AND (?1 IS NOT NULL OR (node = ?2 AND path = ?3 AND inside = ?4)) "
		"AND has_pages >= ?5 AND is_complete >= ?6 AND (status <> 'failed' OR ?7 = 'failed')) "
		"OR (node = ?2 AND path = ?3 AND inside = ?4 AND identity IS NOT ?1 AND indexed_at > ?8)";
	sqlite3_stmt *statement;
	int status;

	if (sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return index_failed(index);
	indexed_bind_place(statement, row);
	sqlite3_bind_int64(statement, 5, row->has_pages);
	sqlite3_bind_int64(statement, 6, row->is_complete);
	bind_text(statement, 7, row->status);
	bind_text(statement, 8, row->indexed_at);
	status = sqlite3_step(statement);
	*ret = status == SQLITE_ROW;
	sqlite3_finalize(statement);
	return status == SQLITE_ROW || status == SQLITE_DONE ? NULL : index_failed(index);
}

/* --- its rows in the tables ------------------------------------------------------------------------------- */

/* READ: its rows, column by column as WRITE takes them behind the checkpoint's id. */
static struct error *copy_rows(struct index *index, sqlite3_stmt *write, const struct index *from, sqlite3_stmt *read)
{
	int n = sqlite3_column_count(read), status;

	while ((status = sqlite3_step(read)) == SQLITE_ROW) {
		for (int i = 0; i < n; i++)
			sqlite3_bind_value(write, i + 2, sqlite3_column_value(read, i));
		status = sqlite3_step(write);
		sqlite3_reset(write);
		if (status != SQLITE_DONE)
			return index_copy_failed(index, from);
	}
	return status == SQLITE_DONE ? NULL : index_failed(from);
}

/* COLUMNS: N names, one behind the other with commas; ORDER: in which their rows were written. */
static struct error *copy_table(struct index *index, int64_t id, const struct index *from, int64_t from_id,
				const char *table, const char *columns, size_t n, const char *order)
{
	sqlite3_stmt *read = NULL, *write = NULL;
	struct error *error = NULL;
	struct out select, insert;

	out_init(&select, -1);
	out_init(&insert, -1);
	out_printf(&select, "SELECT %s FROM \"%s\" WHERE checkpoint = ?1 ORDER BY %s", columns, table,
		   order);
	out_printf(&insert, "INSERT INTO \"%s\"(checkpoint, %s) VALUES (?1", table, columns);
	for (size_t i = 0; i < n; i++)
		out_printf(&insert, ", ?%zu", i + 2);
	out_char(&insert, ')');
	if (sqlite3_prepare_v2(from->handle, select.buffer, (int)select.len, &read, NULL) != SQLITE_OK)
		error = index_failed(from);
	else if (sqlite3_prepare_v2(index->handle, insert.buffer, (int)insert.len, &write, NULL) != SQLITE_OK)
		error = index_failed(index);
	sqlite3_bind_int64(read, 1, from_id);
	sqlite3_bind_int64(write, 1, id);
	if (!error)
		error = copy_rows(index, write, from, read);
	sqlite3_finalize(read);
	sqlite3_finalize(write);
	out_deinit(&select);
	out_deinit(&insert);
	return error;
}

static struct error *copy_dictionary_table(struct index *index, int64_t id, const struct index *from, int64_t from_id,
					   const struct table *table)
{
	size_t n = table->n_columns + n_source_columns;
	struct error *error;
	struct out columns;

	out_init(&columns, -1);
	for (size_t i = 0; i < n; i++)
		out_printf(&columns, "%s\"%s\"", i ? ", " : "",
			   i < table->n_columns ? table->columns[i].name : source_columns[i - table->n_columns].name);
	out_char(&columns, '\0');
	error = copy_table(index, id, from, from_id, table->name, columns.buffer, n, "rowid");
	out_deinit(&columns);
	return error;
}

static struct error *copy_all(struct index *index, const struct indexed *row, const struct index *from, int64_t from_id)
{
	int64_t id = 0;
	struct error *error = indexed_insert(index, row, &id);

	for (size_t i = 0; i < n_tables && !error; i++)
		error = copy_dictionary_table(index, id, from, from_id, tables[i]);
	if (!error)
		error = copy_table(index, id, from, from_id, "indexed_problem", "position, message", 2,
				   "position");
	if (!error && row->has_pages)
		error = pages_copy(index, id, from, from_id);
	return error;
}

/* --- one checkpoint --------------------------------------------------------------------------------------- */

static int execute(const struct index *index, const char *sql)
{
	return sqlite3_exec(index->handle, sql, NULL, NULL, NULL);
}

static struct error *copy_in_transaction(struct index *index, const struct indexed *row, const struct index *from,
					 int64_t from_id, enum outcome_of_entry *ret)
{
	bool known = false, replaced = false;
	struct error *error;

	if (execute(index, "BEGIN IMMEDIATE") != SQLITE_OK)
		return index_failed(index);
	error = knows(index, row, &known);
	if (!error && !known)
		error = indexed_remove(index, row, &replaced);
	if (!error && !known)
		error = copy_all(index, row, from, from_id);
	if (!error && execute(index, "COMMIT") != SQLITE_OK)
		error = index_failed(index);
	if (error)
		execute(index, "ROLLBACK");
	*ret = known ? INDEX_UNCHANGED : replaced ? INDEX_REPLACED : INDEX_ADDED;
	return error;
}

static struct error *merge_one(struct index *index, const struct index *from, int64_t from_id,
			       const struct merging *merging, struct arena *arena)
{
	enum outcome_of_entry outcome = INDEX_UNCHANGED;
	struct indexed row = { 0 };
	struct error *error;
	bool is_there = false;

	if (execute(from, "BEGIN") != SQLITE_OK) /* so that nobody changes it between its tables */
		return index_failed(from);
	error = read_row(from, from_id, arena, &row, &is_there);
	if (!error && is_there) {
		row.node = *row.node ? row.node : merging->node;
		error = copy_in_transaction(index, &row, from, from_id, &outcome);
	}
	execute(from, "COMMIT");
	if (!error && is_there)
		merging->tell(merging->context, outcome, (uint64_t)row.n_rows, row.path, row.inside);
	return error;
}

/* --- all of them ------------------------------------------------------------------------------------------ */

typedef VEC(int64_t) ids_t;

static struct error *list_ids(const struct index *from, struct arena *arena, ids_t *ret)
{
	sqlite3_stmt *statement;
	int status;

	if (sqlite3_prepare_v2(from->handle, "SELECT id FROM indexed ORDER BY id", -1, &statement, NULL) != SQLITE_OK)
		return index_failed(from);
	while ((status = sqlite3_step(statement)) == SQLITE_ROW)
		*vec_push(arena, ret) = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return status == SQLITE_DONE ? NULL : index_failed(from);
}

static struct error *check_revealed(const struct index *from)
{
	sqlite3_stmt *statement;
	int status;

	if (sqlite3_prepare_v2(from->handle, "SELECT 1 FROM indexed WHERE revealed LIMIT 1", -1, &statement, NULL) !=
	    SQLITE_OK)
		return index_failed(from);
	status = sqlite3_step(statement);
	sqlite3_finalize(statement);
	if (status != SQLITE_ROW)
		return status == SQLITE_DONE ? NULL : index_failed(from);
	return error_in_source(error_new(ERROR_USAGE, "it has secrets as they are: --reveal takes them too"), from->path);
}

struct error *index_merge(struct index *index, const struct index *from, const struct merging *merging)
{
	struct error *error = merging->reveal ? NULL : check_revealed(from);
	struct arena arena, row;
	ids_t ids = { 0 };

	arena_init(&arena);
	arena_init(&row);
	if (!error)
		error = list_ids(from, &arena, &ids);
	for (size_t i = 0; i < ids.n && !error; i++) {
		error = merge_one(index, from, ids.items[i], merging, &row);
		arena_reset(&row);
	}
	arena_deinit(&row);
	arena_deinit(&arena);
	return error;
}
