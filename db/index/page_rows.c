/* Lists of hashes as rows, each list once. */
#include "db/index/indexed.h"
#include "db/index/pages.h"

struct writing {
	struct index *index;
	sqlite3_stmt *find, *insert_list, *insert_range;
};

static struct error *prepare(struct writing *writing, int64_t id, uint32_t page_size)
{
	static const char find[] = "SELECT id FROM page_list WHERE digest = page_list_digest(?1) AND hashes = ?1";
	static const char insert_list[] =
		"INSERT INTO page_list(digest, hashes) VALUES (page_list_digest(?1), ?1)";
	static const char insert_range[] = "INSERT INTO page_range(checkpoint, pid, shmid, address, page_size, list) "
					   "VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	sqlite3 *handle = writing->index->handle;

	if (sqlite3_prepare_v2(handle, find, -1, &writing->find, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(handle, insert_list, -1, &writing->insert_list, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(handle, insert_range, -1, &writing->insert_range, NULL) != SQLITE_OK)
		return index_failed(writing->index);
	sqlite3_bind_int64(writing->insert_range, 1, id);
	sqlite3_bind_int64(writing->insert_range, 5, page_size);
	return NULL;
}

/* The id of a list, which is put in where it is not there yet. */
static struct error *put_list(struct writing *writing, const uint8_t *hashes, size_t len, int64_t *ret)
{
	int status;

	sqlite3_bind_blob64(writing->find, 1, hashes, len, SQLITE_STATIC);
	status = sqlite3_step(writing->find);
	if (status == SQLITE_ROW)
		*ret = sqlite3_column_int64(writing->find, 0);
	sqlite3_reset(writing->find);
	if (status == SQLITE_DONE) {
		sqlite3_bind_blob64(writing->insert_list, 1, hashes, len, SQLITE_STATIC);
		status = sqlite3_step(writing->insert_list);
		*ret = sqlite3_last_insert_rowid(writing->index->handle);
		sqlite3_reset(writing->insert_list);
	}
	return status == SQLITE_ROW || status == SQLITE_DONE ? NULL : index_failed(writing->index);
}

static struct error *put_range(struct writing *writing, const struct page_range *range, int64_t list)
{
	sqlite3_stmt *statement = writing->insert_range;
	int status;

	sqlite3_bind_int64(statement, range->is_shmem ? 3 : 2, range->id);
	sqlite3_bind_null(statement, range->is_shmem ? 2 : 3);
	sqlite3_bind_int64(statement, 4, (int64_t)range->address);
	sqlite3_bind_int64(statement, 6, list);
	status = sqlite3_step(statement);
	sqlite3_reset(statement);
	return status == SQLITE_DONE ? NULL : index_failed(writing->index);
}

static void finish(struct writing *writing)
{
	sqlite3_finalize(writing->find);
	sqlite3_finalize(writing->insert_list);
	sqlite3_finalize(writing->insert_range);
}

struct error *pages_write(struct index *index, int64_t id, const struct page_hashes *pages)
{
	struct writing writing = { .index = index };
	struct bytes hashes = out_held(&pages->hashes);
	struct error *error = prepare(&writing, id, pages->page_size);

	for (size_t i = 0; i < pages->ranges.n && !error; i++) {
		const struct page_range *range = &pages->ranges.items[i];
		size_t len = (size_t)range->n_pages * PAGE_HASH;
		int64_t list = 0;

		error = put_list(&writing, hashes.data, len, &list);
		if (!error)
			error = put_range(&writing, range, list);
		hashes = bytes_from(hashes, len);
	}
	finish(&writing);
	return error ? error : overlap_write(index, id);
}

/* ROWS: pid, shmid, address, page_size, hashes; as they are, the constraints of our tables judge them. */
static struct error *copy_row(struct writing *writing, const struct index *from, sqlite3_stmt *rows)
{
	const uint8_t *hashes = sqlite3_column_blob(rows, 4);
	struct error *error;
	int64_t list = 0;
	int status;

	error = put_list(writing, hashes ? hashes : (const uint8_t *)"", (size_t)sqlite3_column_bytes(rows, 4), &list);
	if (error && (sqlite3_errcode(writing->index->handle) & 0xff) == SQLITE_CONSTRAINT) {
		error_free(error);
		return index_copy_failed(writing->index, from);
	}
	if (error)
		return error;
	for (int i = 0; i < 4; i++)
		sqlite3_bind_value(writing->insert_range, i + 2, sqlite3_column_value(rows, i));
	sqlite3_bind_int64(writing->insert_range, 6, list);
	status = sqlite3_step(writing->insert_range);
	sqlite3_reset(writing->insert_range);
	return status == SQLITE_DONE ? NULL : index_copy_failed(writing->index, from);
}

struct error *pages_copy(struct index *index, int64_t id, const struct index *from, int64_t from_id)
{
	static const char sql[] = "SELECT r.pid, r.shmid, r.address, r.page_size, l.hashes FROM page_range r JOIN "
				  "page_list l ON l.id = r.list WHERE r.checkpoint = ?1 ORDER BY r.rowid";
	struct writing writing = { .index = index };
	struct error *error = prepare(&writing, id, 0);
	sqlite3_stmt *rows = NULL;
	int status = SQLITE_DONE;

	if (!error && sqlite3_prepare_v2(from->handle, sql, -1, &rows, NULL) != SQLITE_OK)
		error = index_failed(from);
	sqlite3_bind_int64(rows, 1, from_id);
	while (!error && (status = sqlite3_step(rows)) == SQLITE_ROW)
		error = copy_row(&writing, from, rows);
	if (!error && status != SQLITE_DONE)
		error = index_failed(from);
	sqlite3_finalize(rows);
	finish(&writing);
	return error ? error : overlap_write(index, id);
}

struct error *pages_remove(struct index *index, int64_t id)
{
	static const char sql[] = "DELETE FROM page_list WHERE id IN (SELECT list FROM page_range WHERE checkpoint = ?1) "
				  "AND NOT EXISTS (SELECT 1 FROM page_range WHERE list = page_list.id AND checkpoint <> "
				  "?1)";
	sqlite3_stmt *statement = NULL;
	int status = sqlite3_prepare_v2(index->handle, sql, -1, &statement, NULL);

	if (status == SQLITE_OK) {
		sqlite3_bind_int64(statement, 1, id);
		status = sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	return status == SQLITE_DONE ? NULL : index_failed(index);
}
