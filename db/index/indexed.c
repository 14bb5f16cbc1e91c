#include "db/index/indexed.h"

#include "db/index/pages.h"
#include "db/index/schema.h"

struct error *index_failed(const struct index *index)
{
	return schema_error(index->handle, index->path);
}

struct error *index_copy_failed(const struct index *index, const struct index *from)
{
	int status = sqlite3_errcode(index->handle) & 0xff;

	return schema_error(index->handle, status == SQLITE_CONSTRAINT || status == SQLITE_MISMATCH ? from->path : index->path);
}

void bind_text(sqlite3_stmt *statement, int parameter, const char *text)
{
	if (text)
		sqlite3_bind_text(statement, parameter, text, -1, SQLITE_TRANSIENT);
}

void indexed_bind_place(sqlite3_stmt *statement, const struct indexed *row)
{
	bind_text(statement, 1, row->identity);
	bind_text(statement, 2, row->node);
	bind_text(statement, 3, row->path);
	bind_text(statement, 4, row->inside);
}

struct error *statement_finish(const struct index *index, sqlite3_stmt *statement)
{
	int status = sqlite3_step(statement);
	struct error *error = status == SQLITE_DONE || status == SQLITE_ROW ? NULL : index_failed(index);

	sqlite3_finalize(statement);
	return error;
}

struct error *indexed_insert(struct index *index, const struct indexed *row, int64_t *ret)
{
	static const char sql[] = "INSERT INTO indexed(identity, node, path, inside, sha256, indexed_at, tool_version, "
				  "status, revealed, n_rows, has_pages, is_complete) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
				  "?8, ?9, ?10, ?11, ?12)";
	sqlite3_stmt *statement;
	struct error *error;

	if (sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return index_failed(index);
	indexed_bind_place(statement, row);
	bind_text(statement, 5, row->sha256);
	bind_text(statement, 6, row->indexed_at);
	bind_text(statement, 7, row->tool_version);
	bind_text(statement, 8, row->status);
	sqlite3_bind_int64(statement, 9, row->revealed);
	sqlite3_bind_int64(statement, 10, row->n_rows);
	sqlite3_bind_int64(statement, 11, row->has_pages);
	sqlite3_bind_int64(statement, 12, row->is_complete);
	error = statement_finish(index, statement);
	*ret = sqlite3_last_insert_rowid(index->handle);
	return error;
}

static struct error *remove_one(struct index *index, int64_t id)
{
	static const char sql[] = "DELETE FROM indexed WHERE id = ?1";
	struct error *error = pages_remove(index, id);
	sqlite3_stmt *statement;

	if (error)
		return error;
	if (sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return index_failed(index);
	sqlite3_bind_int64(statement, 1, id);
	return statement_finish(index, statement);
}

struct error *indexed_remove(struct index *index, const struct indexed *row, bool *ret)
{
	static const char sql[] = "SELECT id FROM indexed WHERE identity = ?1 OR (node = ?2 AND path = ?3 AND inside = "
				  "?4) LIMIT 1";
	sqlite3_stmt *statement;
	struct error *error = NULL;
	int status;

	if (sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		return index_failed(index);
	indexed_bind_place(statement, row);
	*ret = false;
	while (!error && (status = sqlite3_step(statement)) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(statement, 0);

		sqlite3_reset(statement);
		error = remove_one(index, id);
		*ret = true;
	}
	if (!error && status != SQLITE_DONE)
		error = index_failed(index);
	sqlite3_finalize(statement);
	return error;
}
