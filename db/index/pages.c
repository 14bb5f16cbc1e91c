#include "db/index/pages.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "decoders/base/progress.h"
#include "decoders/base/window.h"
#include "decoders/model/layers.h"
#include "decoders/model/leaves/page_run.h"

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
	hashing.window = window_new(WINDOW);
	hashing.total = pages * checkpoint->page_size;
	take_rows(&hashing, rows.items, rows.n);
	free(hashing.window);
}

void pages_free(struct page_hashes *pages)
{
	out_deinit(&pages->hashes);
}
