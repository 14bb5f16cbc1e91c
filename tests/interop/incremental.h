/*
 * What the workload of the incremental cases wrote into its pages, step by step, as truth.json has it.
 * Included by the tests that compare memory.
 */
#pragma once

#include "tests/interop/corpus.h"

/* A page of the workload: word W of page INDEX of REGION, as it was at generation G. */
struct page {
	uint64_t address, region, index, generation;
	bool is_there;
};

static struct page *pages;
static size_t n_pages;

static struct page *page_at(uint64_t address)
{
	for (size_t i = 0; i < n_pages; i++)
		if (pages[i].address == address)
			return &pages[i];
	pages = reallocarray(pages, n_pages + 1, sizeof(*pages));
	pages[n_pages] = (struct page){ .address = address };
	return &pages[n_pages++];
}

static void write_pages(uint64_t base, uint64_t first, uint64_t n, uint64_t region,
			uint64_t generation)
{
	for (uint64_t i = first; i < first + n; i++)
		*page_at(base + i * 4096) = (struct page){ base + i * 4096, region, i, generation, true };
}

static void forget_pages(uint64_t base, uint64_t first, uint64_t n)
{
	for (uint64_t i = first; i < first + n; i++)
		page_at(base + i * 4096)->is_there = false;
}

static void move_pages(uint64_t from, uint64_t to, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		struct page page = *page_at(from + i * 4096);

		page_at(from + i * 4096)->is_there = false;
		page.address = to + i * 4096;
		*page_at(page.address) = page;
	}
}

/* One line of what the workload wrote down. */
static void replay(struct json_object *step)
{
	const char *op = text_of(step, "op");
	uint64_t base = strtoull(text_of(step, "addr"), NULL, 16);
	uint64_t region = (uint64_t)number_of(step, "rid"), n = 0;
	struct json_object *page;

	if (member(step, "npages"))
		n = (uint64_t)number_of(step, "npages");
	if (is_one_of("map_write_all map_write_all_then_prot_none brk_grow_write_all", op))
		write_pages(base, 0, n, region, 0);
	else if (is_one_of("write rewrite_same", op))
		EACH(page, member(step, "pages"))
			write_pages(base, json_object_get_uint64(page), 1, region,
				    (uint64_t)number_of(step, "gen"));
	else if (is_one_of("munmap munmap_part dontneed", op))
		forget_pages(base, member(step, "first") ? (uint64_t)number_of(step, "first") : 0, n);
	else if (is_one_of("brk_shrink", op))
		forget_pages(base, n, 64 - n);
	else if (is_one_of("mremap", op))
		move_pages(base, strtoull(text_of(step, "new_addr"), NULL, 16), n);
}

static void replay_until(struct json_object *steps, int64_t last)
{
	struct json_object *step;

	n_pages = 0;
	for (int64_t number = 0; number <= last; number++)
		EACH(step, steps)
			if (number_of(step, "step") == number && !strchr(text_of(step, "region"), '('))
				replay(step);
}

/* Word W of it. */
static inline uint64_t word_of(const struct page *page, uint64_t w)
{
	return page->is_there ? page->region << 56 | page->index << 32 | page->generation << 16 | w : 0;
}

/* COMPARE is called for each dump of a case, with the last step before it. */
static inline void each_incremental_dump(const struct case_files *files,
				  void (*compare)(const struct case_files *files, const char *checkpoint,
						  int64_t last))
{
	struct json_object *step;
	int64_t last = 0;

	if (is_refused(files) || !member(files->truth, "layout") || !member(files->truth, "step"))
		return;
	EACH(step, member(files->truth, "step"))
		if (number_of(step, "step") > last)
			last = number_of(step, "step");
	compare(files, files->checkpoint, last);
	for (int64_t i = 0; strstr(files->name, "incr-full") && i < last; i++)
		compare(files, make_text("%s/%" PRId64, files->directory, i + 1), i);
}
