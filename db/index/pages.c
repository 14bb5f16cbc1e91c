#include "db/index/pages.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "db/index/schema.h"
#include "decoders/base/progress.h"
#include "decoders/model/layers.h"
#include "decoders/model/leaves/page_run.h"

/* --- reading --------------------------------------------------------------------------------------------- */

enum { WINDOW = 256 << 10 };

struct hashing {
	struct checkpoint *checkpoint;
	struct arena *arena;
	struct page_hashes *to;
	const struct page_run_owner *owner;
	uint32_t process;     /* the row of the owner, where that is a task */
	uint8_t *window;
	uint64_t done, total; /* bytes */
};

static bool is_zero(const uint8_t *page, size_t size)
{
	return page[0] == 0 && memcmp(page, page + 1, size - 1) == 0;
}

/* The range that ADDRESS goes on, or a new one. */
static struct page_range *range_at(struct hashing *hashing, uint64_t address)
{
	struct page_hashes *to = hashing->to;
	uint64_t size = to->page_size;
	struct page_range *last = to->ranges.n ? &to->ranges.items[to->ranges.n - 1] : NULL;

	if (last && last->id == hashing->owner->id && last->is_shmem == hashing->owner->is_shmem &&
	    last->address + last->n_pages * size == address && address % (PAGES_IN_LIST * size) != 0)
		return last;
	last = vec_push(hashing->arena, &to->ranges);
	*last = (struct page_range){ hashing->owner->id, hashing->owner->is_shmem, address, 0 };
	return last;
}

static void take_page(struct hashing *hashing, uint64_t address, const uint8_t *page)
{
	XXH128_canonical_t hash = { { 0 } };

	if (!is_zero(page, hashing->to->page_size))
		XXH128_canonicalFromHash(&hash, XXH3_128bits(page, hashing->to->page_size));
	range_at(hashing, address)->n_pages++;
	out_write(&hashing->to->hashes, hash.digest, PAGE_HASH);
}

static struct place place_at(const struct hashing *hashing, uint64_t address, uint64_t len)
{
	return hashing->owner->is_shmem ? shmem_place(hashing->checkpoint, hashing->owner->id, address, len)
					: memory_place(hashing->checkpoint, hashing->process, address, len);
}

/* The pages of a place, or of the beginning of one; whole ones. How many bytes that was. */
static uint64_t take_place(struct hashing *hashing, const struct place *place)
{
	struct checkpoint *checkpoint = hashing->checkpoint;
	uint32_t size = hashing->to->page_size;
	size_t len = place->len < WINDOW ? (size_t)place->len : WINDOW - WINDOW % size;
	struct error *error = source_read(checkpoint->layers.items[place->layer].source, place->pages, place->offset,
					  hashing->window, len);

	problems_add(&checkpoint->problems, error);
	for (size_t i = 0; !error && i + size <= len; i += size)
		take_page(hashing, place->address + i, hashing->window + i);
	return len;
}

/* What is not there is passed over. */
static void take_run(struct hashing *hashing, const struct page_run *run)
{
	uint64_t size = hashing->to->page_size, end = run->address + run->n_pages * size;

	for (uint64_t at = run->address, len; at < end; at += len) {
		struct place place = place_at(hashing, at, end - at);

		len = place.state == PLACE_PRESENT ? take_place(hashing, &place) : place.len;
		if (!len)
			break;
		progress_tick(hashing->done += len, hashing->total);
	}
}

static bool has_bytes(const struct page_run *run)
{
	return run->flags & (PAGE_PRESENT | PAGE_IN_PARENT);
}

static uint64_t count_pages(const struct page_run_row *rows, size_t n)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < n; i++)
		if (has_bytes(rows[i].run) && pages <= MOST_HASHED_PAGES)
			pages += rows[i].run->n_pages;
	return pages;
}

static void take_rows(struct hashing *hashing, const struct page_run_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		hashing->owner = rows[i].owner;
		hashing->process = map_get(&hashing->checkpoint->process_by_pid, rows[i].owner->id);
		if (has_bytes(rows[i].run) && (rows[i].owner->is_shmem || hashing->process != MAP_NONE))
			take_run(hashing, rows[i].run);
	}
}

void pages_take(struct checkpoint *checkpoint, struct arena *arena, struct page_hashes *ret)
{
	struct leaf_rows rows;
	struct hashing hashing = { .checkpoint = checkpoint, .arena = arena, .to = ret };
	uint64_t pages;

	*ret = (struct page_hashes){ .page_size = checkpoint->page_size };
	out_init(&ret->hashes, -1);
	checkpoint_need_leaf(checkpoint, &leaf_page_run);
	rows = checkpoint_leaf(checkpoint, &leaf_page_run);
	pages = count_pages(rows.items, rows.n);
	if (pages > MOST_HASHED_PAGES) {
		problems_add(&checkpoint->problems,
			     error_new(ERROR_LIMIT, "has more than %d pages: none is hashed", MOST_HASHED_PAGES));
		return;
	}
	if (!checkpoint->page_size || checkpoint->page_size > WINDOW)
		return;
	hashing.window = malloc(WINDOW);
	if (!hashing.window)
		out_of_memory();
	hashing.total = pages * checkpoint->page_size;
	take_rows(&hashing, rows.items, rows.n);
	free(hashing.window);
}

void pages_free(struct page_hashes *pages)
{
	out_deinit(&pages->hashes);
}

/* --- writing --------------------------------------------------------------------------------------------- */

struct writing {
	struct index *index;
	sqlite3_stmt *find, *insert_list, *insert_range;
};

static struct error *failed(const struct index *index)
{
	return schema_error(index->handle, index->path);
}

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
		return failed(writing->index);
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
	return status == SQLITE_ROW || status == SQLITE_DONE ? NULL : failed(writing->index);
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
	return status == SQLITE_DONE ? NULL : failed(writing->index);
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
	sqlite3_finalize(writing.find);
	sqlite3_finalize(writing.insert_list);
	sqlite3_finalize(writing.insert_range);
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
	return status == SQLITE_DONE ? NULL : failed(index);
}
