#include "db/index/pages.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "db/index/schema.h"
#include "decoders/base/out.h"
#include "decoders/base/progress.h"
#include "decoders/model/layers.h"

enum { WINDOW = 256 << 10 };

struct hashing {
	struct index *index;
	struct checkpoint *checkpoint;
	sqlite3_stmt *insert;
	uint32_t process;
	uint64_t address, n_pages; /* of the hashes that are not written yet */
	struct out hashes;
	uint8_t *window;
	uint64_t done, total;      /* bytes */
};

static struct error *flush(struct hashing *hashing)
{
	struct bytes hashes = out_held(&hashing->hashes);
	int status;

	if (!hashing->n_pages)
		return NULL;
	sqlite3_bind_int64(hashing->insert, 2, hashing->checkpoint->processes.items[hashing->process].pid);
	sqlite3_bind_int64(hashing->insert, 3, (int64_t)hashing->address);
	sqlite3_bind_int64(hashing->insert, 4, (int64_t)hashing->n_pages);
	sqlite3_bind_blob64(hashing->insert, 6, hashes.data, hashes.len, SQLITE_STATIC);
	status = sqlite3_step(hashing->insert);
	sqlite3_reset(hashing->insert);
	hashing->n_pages = 0;
	out_clear(&hashing->hashes);
	return status == SQLITE_DONE ? NULL : schema_error(hashing->index->handle, hashing->index->path);
}

static bool is_zero(const uint8_t *page, size_t size)
{
	return page[0] == 0 && memcmp(page, page + 1, size - 1) == 0;
}

static struct error *take_page(struct hashing *hashing, uint64_t address, const uint8_t *page)
{
	uint32_t size = hashing->checkpoint->page_size;
	XXH128_canonical_t hash = { { 0 } };
	struct error *error = NULL;

	if (hashing->n_pages == PAGES_IN_ROW || hashing->address + hashing->n_pages * size != address)
		error = flush(hashing);
	if (error)
		return error;
	if (!hashing->n_pages)
		hashing->address = address;
	if (!is_zero(page, size))
		XXH128_canonicalFromHash(&hash, XXH3_128bits(page, size));
	out_write(&hashing->hashes, hash.digest, PAGE_HASH);
	hashing->n_pages++;
	return NULL;
}

/* What is not there is passed over, a page at a time; damage is the checkpoint's. */
static struct error *take_range(struct hashing *hashing, uint64_t address, uint64_t len)
{
	uint32_t size = hashing->checkpoint->page_size;
	struct error *error = NULL;

	for (uint64_t at = 0, step; at < len && !error; at += step) {
		size_t wanted = len - at < WINDOW ? (size_t)(len - at) : WINDOW, got = 0;

		problems_add(&hashing->checkpoint->problems,
			     memory_read(hashing->checkpoint, hashing->process, address + at, hashing->window,
					 wanted, &got));
		for (size_t i = 0; i + size <= got && !error; i += size)
			error = take_page(hashing, address + at + i, hashing->window + i);
		step = got >= size ? got - got % size : size;
		progress_tick(hashing->done += step, hashing->total);
	}
	return error;
}

static struct error *take_process(struct hashing *hashing)
{
	const struct checkpoint *checkpoint = hashing->checkpoint;
	const struct pagemap *pagemap = checkpoint->pagemaps[hashing->process];
	struct error *error = NULL;

	for (size_t i = 0; i < pagemap->n_runs && !error; i++) {
		const struct page_run *run = &pagemap->runs[i];

		if (run->flags & (PAGE_PRESENT | PAGE_IN_PARENT))
			error = take_range(hashing, run->address, run->n_pages * checkpoint->page_size);
	}
	return error ? error : flush(hashing);
}

static uint64_t bytes_of_all(const struct checkpoint *checkpoint)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < checkpoint->processes.n; i++)
		pages += checkpoint->pagemaps[i]->total.present + checkpoint->pagemaps[i]->total.parent;
	return pages * checkpoint->page_size;
}

struct error *pages_write(struct index *index, int64_t id, struct checkpoint *checkpoint)
{
	static const char sql[] = "INSERT INTO page_hashes(checkpoint_id, pid, address, n_pages, page_size, hashes) "
				  "VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	struct hashing hashing = { .index = index, .checkpoint = checkpoint };
	struct error *error = NULL;

	if (!checkpoint->page_size || !checkpoint->pagemaps || checkpoint->page_size > WINDOW)
		return NULL;
	if (sqlite3_prepare_v2(index->handle, sql, -1, &hashing.insert, NULL) != SQLITE_OK)
		return schema_error(index->handle, index->path);
	sqlite3_bind_int64(hashing.insert, 1, id);
	sqlite3_bind_int64(hashing.insert, 5, checkpoint->page_size);
	hashing.window = malloc(WINDOW);
	if (!hashing.window)
		out_of_memory();
	hashing.total = bytes_of_all(checkpoint);
	out_init(&hashing.hashes, -1);
	for (size_t i = 0; i < checkpoint->processes.n && !error; i++) {
		hashing.process = (uint32_t)i;
		error = take_process(&hashing);
	}
	out_deinit(&hashing.hashes);
	free(hashing.window);
	sqlite3_finalize(hashing.insert);
	return error;
}
