/* Page maps: which pages are here, and where. */
#include "tests/support/wire.h"

#include "decoders/memory/pagemap.h"

static struct out image, payload;
static struct problems problems;
static struct arena arena;
static struct pagemap pagemap;

static int begin(void **state)
{
	(void)state;
	out_init(&image, -1);
	out_init(&payload, -1);
	problems_init(&problems);
	arena_init(&arena);
	put_magic(&image, MAGIC_PAGEMAP);
	put_number(&payload, 1, 5); /* pages-5.img */
	put_entry(&image, &payload);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	out_deinit(&image);
	out_deinit(&payload);
	problems_deinit(&problems);
	arena_deinit(&arena);
	return 0;
}

/* As CRIU 4.2 writes it: the count in field 5, and 0 in field 2. */
static void put_run(uint64_t address, uint64_t n, uint64_t flags)
{
	put_number(&payload, 1, address);
	put_number(&payload, 2, 0);
	put_number(&payload, 4, flags);
	put_number(&payload, 5, n);
	put_entry(&image, &payload);
}

static void read_pagemap(void)
{
	struct image_reader reader;

	assert_null(image_open(out_held(&image), BYTES("pagemap-1.img"), "ck", &problems, &reader));
	pagemap_read(&reader, &arena, &pagemap);
	image_close(&reader);
}

static void assert_run(size_t i, uint64_t address, uint64_t n, uint32_t flags, uint64_t before)
{
	assert_true(i < pagemap.n_runs);
	assert_true(pagemap.runs[i].address == address);
	assert_true(pagemap.runs[i].n_pages == n);
	assert_int_equal(pagemap.runs[i].flags, flags);
	assert_true(pagemap.runs[i].before.present == before);
}

static void runs_take_bytes_only_where_present(void **state)
{
	(void)state;
	put_run(0x1000, 2, PAGE_PRESENT);
	put_run(0x8000, 10, PAGE_IN_PARENT);
	put_run(0x20000, 1, PAGE_LAZY);
	put_run(0x30000, 3, PAGE_PRESENT | PAGE_LAZY);
	read_pagemap();
	assert_int_equal(problems.n, 0);
	assert_int_equal(pagemap.pages_id, 5);
	assert_int_equal(pagemap.total.present, 5);
	assert_run(0, 0x1000, 2, PAGE_PRESENT, 0);
	assert_run(1, 0x8000, 10, PAGE_IN_PARENT, 2);
	assert_run(2, 0x20000, 1, PAGE_LAZY, 2);
	assert_run(3, 0x30000, 3, PAGE_PRESENT | PAGE_LAZY, 2);
	assert_int_equal(pagemap.runs[3].entry, 4);
}

static void old_dumps_have_in_parent_and_a_small_count(void **state)
{
	(void)state;
	put_number(&payload, 1, 0x1000);
	put_number(&payload, 2, 3); /* compat_nr_pages */
	put_entry(&image, &payload);
	put_number(&payload, 1, 0x8000);
	put_number(&payload, 2, 4);
	put_number(&payload, 3, 1); /* in_parent */
	put_entry(&image, &payload);
	read_pagemap();
	assert_run(0, 0x1000, 3, PAGE_PRESENT, 0);
	assert_run(1, 0x8000, 4, PAGE_IN_PARENT, 3);
	assert_int_equal(pagemap.total.present, 3);
	assert_int_equal(problems.n, 0);
}

static void flags_count_more_than_in_parent(void **state)
{
	(void)state;
	put_number(&payload, 1, 0x1000);
	put_number(&payload, 2, 3);
	put_number(&payload, 3, 1);
	put_number(&payload, 4, PAGE_PRESENT);
	put_entry(&image, &payload);
	read_pagemap();
	assert_run(0, 0x1000, 3, PAGE_PRESENT, 0);
}

static void the_large_count_counts_more_than_the_small_one(void **state)
{
	(void)state;
	put_number(&payload, 1, 0x1000);
	put_number(&payload, 2, 3);
	put_number(&payload, 4, PAGE_PRESENT);
	put_number(&payload, 5, 7);
	put_entry(&image, &payload);
	read_pagemap();
	assert_run(0, 0x1000, 7, PAGE_PRESENT, 0);
}

static void assert_told(uint32_t entry, const char *words)
{
	assert_int_equal(problems.n, 1);
	assert_int_equal(problems.items[0]->entry, entry);
	assert_string_equal(problems.items[0]->image, "pagemap-1.img");
	if (!strstr(problems.items[0]->message, words))
		fail_msg("\"%s\" does not say \"%s\"", problems.items[0]->message, words);
}

static void a_run_over_another_is_told_and_keeps_its_place(void **state)
{
	(void)state;
	put_run(0x1000, 4, PAGE_PRESENT);
	put_run(0x3000, 2, PAGE_PRESENT); /* over the last two */
	put_run(0x8000, 1, PAGE_PRESENT);
	read_pagemap();
	assert_told(2, "before the end");
	assert_int_equal(pagemap.n_runs, 2);
	assert_run(1, 0x8000, 1, PAGE_PRESENT, 6);
	assert_int_equal(pagemap.total.present, 7);
}

static void a_run_out_of_order_is_told(void **state)
{
	(void)state;
	put_run(0x8000, 1, PAGE_PRESENT);
	put_run(0x1000, 1, PAGE_PRESENT);
	read_pagemap();
	assert_told(2, "");
	assert_int_equal(pagemap.n_runs, 1);
}

static void a_run_that_wraps_is_told(void **state)
{
	(void)state;
	put_run(UINT64_MAX - 0xfff, 2, PAGE_IN_PARENT);
	read_pagemap();
	assert_told(1, "wraps");
	assert_int_equal(pagemap.n_runs, 0);
}

static void a_count_of_2_to_the_63_is_told(void **state)
{
	(void)state;
	put_run(0x1000, (uint64_t)1 << 63, PAGE_IN_PARENT);
	put_run(0x2000, 1, PAGE_PRESENT);
	read_pagemap();
	assert_told(1, "wraps");
	assert_run(0, 0x2000, 1, PAGE_PRESENT, 0);
}

/* Two counts whose sum is 2^64: what follows them has no place, least of all the first one. */
static void counts_whose_sum_wraps_do_not_give_a_false_place(void **state)
{
	(void)state;
	put_run(0x1000, (uint64_t)1 << 63, PAGE_PRESENT);
	put_run(0x1000, (uint64_t)1 << 63, PAGE_PRESENT);
	put_run(0x8000, 1, PAGE_PRESENT);
	read_pagemap();
	assert_true(problems.n >= 2);
	for (size_t i = 0; i < pagemap.n_runs; i++)
		assert_true(pagemap.runs[i].before.present >= (uint64_t)1 << 63);
}

static void an_empty_run_holds_nothing(void **state)
{
	(void)state;
	put_run(0x1000, 0, PAGE_PRESENT);
	put_run(0x1000, 1, PAGE_PRESENT);
	read_pagemap();
	assert_int_equal(pagemap.total.present, 1);
	assert_int_equal(pagemap_find(&pagemap, 0x1000, 4096)->n_pages, 1);
}

static void pages_are_found_by_address(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= 100; i++)
		put_run(i * 0x10000, 2, PAGE_PRESENT);
	read_pagemap();
	for (uint64_t i = 1; i <= 100; i++) {
		assert_null(pagemap_find(&pagemap, i * 0x10000 - 1, 4096));
		assert_int_equal(pagemap_find(&pagemap, i * 0x10000, 4096)->before.present, 2 * (i - 1));
		assert_non_null(pagemap_find(&pagemap, i * 0x10000 + 0x1fff, 4096));
		assert_null(pagemap_find(&pagemap, i * 0x10000 + 0x2000, 4096));
	}
	assert_null(pagemap_find(&pagemap, 0, 4096));
	assert_null(pagemap_find(&pagemap, UINT64_MAX, 4096));
}

static void a_map_of_nothing_has_no_pages(void **state)
{
	(void)state;
	read_pagemap();
	assert_null(pagemap_find(&pagemap, 0, 4096));
	assert_false(pagemap_slice(&pagemap, 0x1000, 10, 4096).known);
}

static void a_slice_ends_with_its_run(void **state)
{
	struct page_slice slice;

	(void)state;
	put_run(0x1000, 2, PAGE_PRESENT);
	put_run(0x3000, 1, PAGE_PRESENT);
	put_run(0x5000, 1, PAGE_IN_PARENT);
	read_pagemap();
	slice = pagemap_slice(&pagemap, 0x1800, 0x10000, 4096);
	assert_true(slice.present && slice.known);
	assert_int_equal(slice.offset, 0x800);
	assert_int_equal(slice.len, 0x1800);
	slice = pagemap_slice(&pagemap, 0x3001, 5, 4096);
	assert_int_equal(slice.offset, 0x2001);
	assert_int_equal(slice.len, 5);
	slice = pagemap_slice(&pagemap, 0x4000, 5, 4096);
	assert_false(slice.present || slice.known);
	slice = pagemap_slice(&pagemap, 0x5000, 5, 4096);
	assert_true(slice.known && !slice.present);
}

/* A page of 64 KiB: what fits with 4 KiB may wrap with it, and a slice must still get on. */
static void a_slice_of_a_huge_run_is_not_empty(void **state)
{
	(void)state;
	put_run(0x10000, (uint64_t)1 << 48, PAGE_PRESENT);
	read_pagemap();
	if (pagemap_find(&pagemap, 0x10000, 65536))
		assert_int_equal(pagemap_slice(&pagemap, 0x10000, 256, 65536).len, 256);
	else
		assert_true(problems.n > 0);
}

static void the_page_size_follows_from_the_file(void **state)
{
	(void)state;
	assert_int_equal(page_size_of(4096 * 7, 7), 4096);
	assert_int_equal(page_size_of(16384 * 7, 7), 16384);
	assert_int_equal(page_size_of(65536 * 7, 7), 65536);
	assert_int_equal(page_size_of(4096 * 7 - 1, 7), 0);
	assert_int_equal(page_size_of(8192 * 7, 7), 0);
	assert_int_equal(page_size_of(0, 0), 0);
	assert_int_equal(page_size_of(4096, 0), 0);
	assert_int_equal(page_size_of(0, (uint64_t)1 << 52), 0); /* 2^52 pages of 4 KiB wrap to 0 */
}

/* --- counting --------------------------------------------------------------------------------- */

static void assert_counts(uint64_t start, uint64_t end, uint64_t present, uint64_t parent,
			  uint64_t lazy)
{
	struct page_counts counts = pagemap_count(&pagemap, start, end, 4096);

	assert_int_equal(counts.present, present);
	assert_int_equal(counts.parent, parent);
	assert_int_equal(counts.lazy, lazy);
}

static void pages_of_a_range_are_counted_by_where_they_are(void **state)
{
	(void)state;
	put_run(0x1000, 4, PAGE_PRESENT);
	put_run(0x5000, 2, PAGE_IN_PARENT);
	put_run(0x10000, 1, PAGE_LAZY);
	put_run(0x20000, 3, PAGE_PRESENT | PAGE_LAZY);
	read_pagemap();
	assert_counts(0, 0x100000, 7, 2, 1);
	assert_counts(0x1000, 0x5000, 4, 0, 0);
	assert_counts(0x3000, 0x6000, 2, 1, 0);
	assert_counts(0x7000, 0x10000, 0, 0, 0);
	assert_counts(0x7000, 0x11000, 0, 0, 1);
	assert_counts(0x21000, 0x22000, 1, 0, 0);
	assert_counts(0, 0x1000, 0, 0, 0);
	assert_counts(0x3000, 0x3000, 0, 0, 0);
	assert_counts(0x23000, UINT64_MAX & ~0xfffull, 0, 0, 0);
	assert_int_equal(pagemap.total.present, 7);
	assert_int_equal(pagemap.total.parent, 2);
	assert_int_equal(pagemap.total.lazy, 1);
}

/* In each range the counts are those of its pages, one by one. */
static void counts_agree_with_looking_at_each_page(void **state)
{
	uint64_t seed = 5, address = 0x1000;

	(void)state;
	for (int i = 0; i < 40; i++) {
		uint64_t n = 1 + next_random(&seed) % 5;

		put_run(address, n, (uint64_t)1 << next_random(&seed) % 3);
		address += (n + next_random(&seed) % 3) * 0x1000;
	}
	read_pagemap();
	for (int i = 0; i < 2000; i++) {
		uint64_t start = next_random(&seed) % 200 * 0x1000;
		uint64_t end = start + next_random(&seed) % 50 * 0x1000;
		uint64_t counted[3] = { 0 };

		for (uint64_t page = start; page < end; page += 0x1000) {
			const struct page_run *run = pagemap_find(&pagemap, page, 4096);

			if (run)
				counted[run->flags == PAGE_PRESENT	 ? 0
					: run->flags == PAGE_IN_PARENT ? 1
								       : 2]++;
		}
		assert_counts(start, end, counted[0], counted[1], counted[2]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(runs_take_bytes_only_where_present),
		TEST(old_dumps_have_in_parent_and_a_small_count),
		TEST(flags_count_more_than_in_parent),
		TEST(the_large_count_counts_more_than_the_small_one),
		TEST(a_run_over_another_is_told_and_keeps_its_place),
		TEST(a_run_out_of_order_is_told),
		TEST(a_run_that_wraps_is_told),
		TEST(a_count_of_2_to_the_63_is_told),
		TEST(counts_whose_sum_wraps_do_not_give_a_false_place),
		TEST(an_empty_run_holds_nothing),
		TEST(pages_are_found_by_address),
		TEST(a_map_of_nothing_has_no_pages),
		TEST(a_slice_ends_with_its_run),
		TEST(a_slice_of_a_huge_run_is_not_empty),
		TEST(the_page_size_follows_from_the_file),
		TEST(pages_of_a_range_are_counted_by_where_they_are),
		TEST(counts_agree_with_looking_at_each_page),
	};

	return run_all(tests);
}
