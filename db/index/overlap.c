/*
 * How many pages two checkpoints have in common, counted once, when one of them comes in: of a thousand checkpoints
 * with pages in common no statement could count that when it is asked.
 *
 * The pages of the new checkpoint are a set; then all lists of the others are read past it. A page of theirs that is
 * in the set is stamped with the checkpoint, and counted where it has another stamp, so that each counts once.
 */
#include <stdlib.h>
#include <string.h>

#include "db/index/indexed.h"
#include "db/index/pages.h"

struct set {
	uint64_t *keys;   /* the first eight bytes of a hash; 0: the slot is free */
	uint32_t *stamps; /* of the checkpoint that was counted last: its number in the walk over all */
	size_t mask, n;
};

/* 0 for a page of zeroes. */
static uint64_t key_of(const uint8_t *hash)
{
	uint64_t key;

	memcpy(&key, hash, sizeof(key));
	return key;
}

/* The slot of a key, or the free one where it belongs. Hashes are random enough as they are. */
static size_t find(const struct set *set, uint64_t key)
{
	size_t at = key & set->mask;

	while (set->keys[at] && set->keys[at] != key)
		at = (at + 1) & set->mask;
	return at;
}

static void set_init(struct set *set, uint64_t n_pages)
{
	size_t n = 64;

	while (n / 4 * 3 < n_pages && n < MOST_HASHED_PAGES * 2)
		n *= 2;
	*set = (struct set){ .keys = calloc(n, sizeof(*set->keys)), .stamps = calloc(n, sizeof(*set->stamps)),
			     .mask = n - 1 };
	if (!set->keys || !set->stamps)
		out_of_memory();
}

static void add(struct set *set, struct bytes hashes)
{
	for (size_t i = 0; i + PAGE_HASH <= hashes.len; i += PAGE_HASH) {
		uint64_t key = key_of(hashes.data + i);
		size_t at = find(set, key);

		if (!key || set->keys[at] || set->n >= set->mask / 4 * 3)
			continue;
		set->keys[at] = key;
		set->n++;
	}
}

/* How many of them are in the set, and have not been counted for this checkpoint. */
static int64_t count(const struct set *set, struct bytes hashes, uint32_t stamp)
{
	int64_t n = 0;

	for (size_t i = 0; i + PAGE_HASH <= hashes.len; i += PAGE_HASH) {
		size_t at = find(set, key_of(hashes.data + i));

		if (!set->keys[at] || set->stamps[at] == stamp)
			continue;
		set->stamps[at] = stamp;
		n++;
	}
	return n;
}

static struct bytes list_of(sqlite3_stmt *statement, int column)
{
	const uint8_t *data = sqlite3_column_blob(statement, column);

	return (struct bytes){ data, data ? (size_t)sqlite3_column_bytes(statement, column) : 0 };
}

/* SELECT with the checkpoint for ?1. */
static int prepare_of(struct index *index, const char *sql, int64_t id, sqlite3_stmt **ret)
{
	int status = sqlite3_prepare_v2(index->handle, sql, -1, ret, NULL);

	return status == SQLITE_OK ? sqlite3_bind_int64(*ret, 1, id) : status;
}

static int count_own(struct index *index, int64_t id, int64_t *ret)
{
	static const char sql[] = "SELECT coalesce(sum(length(l.hashes)), 0) / 16 FROM page_range r JOIN page_list l ON "
				  "l.id = r.list WHERE r.checkpoint = ?1";
	sqlite3_stmt *statement = NULL;
	int status = prepare_of(index, sql, id, &statement);

	if (status == SQLITE_OK && (status = sqlite3_step(statement)) == SQLITE_ROW) {
		*ret = sqlite3_column_int64(statement, 0);
		status = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	return status;
}

static int read_own(struct index *index, int64_t id, struct set *ret)
{
	static const char sql[] = "SELECT l.hashes FROM page_range r JOIN page_list l ON l.id = r.list WHERE "
				  "r.checkpoint = ?1";
	sqlite3_stmt *statement = NULL;
	int64_t n = 0;
	int status = count_own(index, id, &n);

	set_init(ret, n > 0 ? (uint64_t)n : 0);
	if (status == SQLITE_OK)
		status = prepare_of(index, sql, id, &statement);
	while (status == SQLITE_OK && (status = sqlite3_step(statement)) == SQLITE_ROW) {
		add(ret, list_of(statement, 0));
		status = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	return status == SQLITE_DONE ? SQLITE_OK : status;
}

static int put(sqlite3_stmt *insert, int64_t one, int64_t other, int64_t pages)
{
	int status;

	if (!pages)
		return SQLITE_OK;
	sqlite3_bind_int64(insert, 1, one < other ? one : other);
	sqlite3_bind_int64(insert, 2, one < other ? other : one);
	sqlite3_bind_int64(insert, 3, pages);
	status = sqlite3_step(insert);
	sqlite3_reset(insert);
	return status == SQLITE_DONE ? SQLITE_OK : status;
}

/* Checkpoint by checkpoint, in the order of the index. */
static int count_others(sqlite3_stmt *others, sqlite3_stmt *insert, int64_t id, const struct set *set)
{
	int64_t other = 0, pages = 0;
	int status = SQLITE_OK;
	uint32_t stamp = 0;

	while (status == SQLITE_OK && (status = sqlite3_step(others)) == SQLITE_ROW) {
		int64_t checkpoint = sqlite3_column_int64(others, 0);

		status = SQLITE_OK;
		if (checkpoint != other || !stamp) {
			status = put(insert, id, other, pages);
			other = checkpoint;
			pages = 0;
			stamp++;
		}
		pages += count(set, list_of(others, 1), stamp);
	}
	return status == SQLITE_DONE ? put(insert, id, other, pages) : status;
}

struct error *overlap_write(struct index *index, int64_t id)
{
	static const char insert[] = "INSERT OR REPLACE INTO page_overlap(a, b, pages) VALUES (?1, ?2, ?3)";
	static const char others[] = "SELECT r.checkpoint, l.hashes FROM page_range r INDEXED BY page_range_pid CROSS JOIN "
				     "page_list l ON l.id = r.list WHERE r.checkpoint <> ?1 ORDER BY r.checkpoint";
	sqlite3_stmt *statements[2] = { NULL };
	struct set set = { 0 };
	int status = read_own(index, id, &set);

	if (status == SQLITE_OK)
		status = sqlite3_prepare_v2(index->handle, insert, -1, &statements[0], NULL);
	if (status == SQLITE_OK)
		status = prepare_of(index, others, id, &statements[1]);
	if (status == SQLITE_OK)
		status = put(statements[0], id, id, (int64_t)set.n);
	if (status == SQLITE_OK && set.n)
		status = count_others(statements[1], statements[0], id, &set);
	sqlite3_finalize(statements[0]);
	sqlite3_finalize(statements[1]);
	free(set.keys);
	free(set.stamps);
	return status == SQLITE_OK ? NULL : index_failed(index);
}
