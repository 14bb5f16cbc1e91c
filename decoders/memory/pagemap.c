#include "decoders/memory/pagemap.h"

#include "decoders/base/cursor.h"
#include "decoders/base/size.h"
#include "memory.pb-c.h"

static void note(struct image_reader *reader, const struct image_entry *entry,
		 enum error_kind kind, const char *what)
{
	struct error *error = error_at(error_new(kind, "%s", what), entry->index, entry->offset);

	error = error_in_image(error_damage(error, DAMAGE_RUNS), reader->name);
	if (reader->source)
		error = error_in_source(error, reader->source);
	problems_add(reader->problems, error);
}

/* Old dumps have in_parent where newer ones have flags. */
static uint32_t flags_of(const PagemapEntry *entry)
{
	if (entry->has_flags)
		return entry->flags;
	return entry->in_parent ? PAGE_IN_PARENT : PAGE_PRESENT;
}

/* CRIU 4.2 moved the count of pages to a 64-bit field and left 0 in the old one. */
static uint64_t count_of(const PagemapEntry *entry)
{
	return entry->nr_pages ? entry->nr_pages : entry->compat_nr_pages;
}

/* The counter that a run's pages belong to; NULL where its flags say nothing of bytes. */
static uint64_t *counter_of(struct page_counts *counts, uint32_t flags)
{
	return flags & PAGE_PRESENT   ? &counts->present
	       : flags & PAGE_IN_PARENT ? &counts->parent
	       : flags & PAGE_LAZY      ? &counts->lazy
					: NULL;
}

static void add_run(struct image_reader *reader, const struct image_entry *entry,
		    struct pagemap *pagemap)
{
	const PagemapEntry *message = (const PagemapEntry *)entry->message;
	struct page_run run = { .address = message->vaddr, .n_pages = count_of(message),
				.before = pagemap->total, .flags = flags_of(message),
				.entry = entry->index };
	const struct page_run *last =
		pagemap->n_runs ? &pagemap->runs[pagemap->n_runs - 1] : NULL;
	uint64_t *counter = counter_of(&pagemap->total, run.flags);
	uint64_t sum, bytes, end;

	if (counter && !size_add(*counter, run.n_pages, &sum)) {
		*counter = UINT64_MAX; /* nothing behind it has a place */
		note(reader, entry, ERROR_DAMAGED, "more pages than any file can hold");
		return;
	}
	if (counter)
		*counter = sum;
	/* 4 KiB is the smallest page there is: what wraps with it wraps with every other. */
	if (!size_mul(run.n_pages, 4096, &bytes) || !size_add(run.address, bytes, &end)) {
		note(reader, entry, ERROR_DAMAGED, "the run wraps around the address space");
		return;
	}
	if (last && run.address < last->address + last->n_pages * 4096) {
		note(reader, entry, ERROR_DAMAGED, "the run lies before the end of the one before it");
		return;
	}
	if (run.n_pages)
		pagemap->runs[pagemap->n_runs++] = run;
}

/* No more runs than this: each entry has a size word, and a field of two bytes at least. */
static size_t most_runs(const struct image_reader *reader)
{
	struct cursor cursor = cursor_over(reader->image, reader->header.big_endian);
	struct bytes entry;
	uint32_t size;
	size_t n = 0;

	cursor.pos += reader->pos;
	while (n < MOST_RUNS && cursor_u32(&cursor, &size) && cursor_take(&cursor, size, &entry))
		n += entry.len >= 2;
	return n;
}

void pagemap_read(struct image_reader *reader, struct arena *arena, struct pagemap *ret)
{
	struct pagemap pagemap = { .is_there = true };
	struct image_entry entry;
	size_t room = most_runs(reader);

	pagemap.runs = arena_alloc(arena, (room + 1) * sizeof(*pagemap.runs));
	while (image_next(reader, &entry)) {
		if (entry.index == 0)
			pagemap.pages_id = ((const PagemapHead *)entry.message)->pages_id;
		else if (pagemap.n_runs < room)
			add_run(reader, &entry, &pagemap);
		else if (count_of((const PagemapEntry *)entry.message)) {
			note(reader, &entry, ERROR_LIMIT, "more runs than the limit");
			break;
		}
	}
	*ret = pagemap;
}

/* Pages below ADDRESS. */
static struct page_counts count_below(const struct pagemap *pagemap, uint64_t address,
				      uint32_t page_size)
{
	size_t low = 0, high = pagemap->n_runs;
	struct page_counts counts = { 0 };
	const struct page_run *run;
	uint64_t within, *counter;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pagemap->runs[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return counts;
	run = &pagemap->runs[low - 1];
	within = (address - run->address) / page_size;
	counts = run->before;
	counter = counter_of(&counts, run->flags);
	if (counter)
		*counter += within < run->n_pages ? within : run->n_pages;
	return counts;
}

struct page_counts pagemap_count(const struct pagemap *pagemap, uint64_t start, uint64_t end,
				 uint32_t page_size)
{
	struct page_counts below = count_below(pagemap, start, page_size);
	struct page_counts counts = count_below(pagemap, end, page_size);

	return (struct page_counts){ counts.present - below.present, counts.parent - below.parent,
				     counts.lazy - below.lazy };
}

const struct page_run *pagemap_find(const struct pagemap *pagemap, uint64_t address,
				    uint64_t page_size)
{
	size_t low = 0, high = pagemap->n_runs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct page_run *run = &pagemap->runs[middle];

		if (address < run->address)
			high = middle;
		else if ((address - run->address) / page_size >= run->n_pages)
			low = middle + 1;
		else
			return run;
	}
	return NULL;
}

uint32_t page_size_of(uint64_t size, uint64_t n_present)
{
	static const uint32_t sizes[] = { 4096, 16384, 65536 };
	uint64_t total;

	for (size_t i = 0; n_present && i < ARRAY_SIZE(sizes); i++)
		if (size_mul(n_present, sizes[i], &total) && total == size)
			return sizes[i];
	return 0;
}

/* Of LEN bytes at ADDRESS, which is in no run, those before the next run. */
static uint64_t gap_at(const struct pagemap *pagemap, uint64_t address, uint64_t len)
{
	size_t low = 0, high = pagemap->n_runs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pagemap->runs[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < pagemap->n_runs && pagemap->runs[low].address - address < len)
		return pagemap->runs[low].address - address;
	return len;
}

struct page_slice pagemap_slice(const struct pagemap *pagemap, uint64_t address, uint64_t len,
				uint32_t page_size)
{
	const struct page_run *run = pagemap_find(pagemap, address, page_size);
	struct page_slice slice = { .address = address, .len = len };
	uint64_t within, left;

	if (!run) {
		slice.len = gap_at(pagemap, address, len);
		return slice;
	}
	within = address - run->address;
	/* A run that wraps with this page size ends with the address space. */
	if (!size_mul(run->n_pages, (uint64_t)page_size, &left) || left > UINT64_MAX - run->address)
		left = UINT64_MAX - run->address;
	left -= within;
	slice.known = true;
	slice.present = run->flags & PAGE_PRESENT;
	slice.in_parent = run->flags & PAGE_IN_PARENT;
	slice.len = len < left ? len : left;
	/* Pages that no file can hold: reading there says so. */
	if (!size_mul(run->before.present, (uint64_t)page_size, &slice.offset) ||
	    !size_add(slice.offset, within, &slice.offset))
		slice.offset = INT64_MAX;
	return slice;
}
