/* Memory of two checkpoints: which mapping is which, and page by page. */
#include "tests/support/two_checkpoints.h"

#include <unistd.h>

#include "db/diff/memory.h"
#include "decoders/base/size.h"

/* --- two sides -------------------------------------------------------------------------------------------- */

/* A character for each page of the mapping: a letter fills it, and '<' is in the parent, '?' lazy, '.' not there. */
struct drawn {
	uint64_t start, status;
	const char *pages;
};

static uint64_t flags_of(char page)
{
	return page == '.' ? 0 : page == '<' ? PAGE_IN_PARENT : page == '?' ? PAGE_LAZY : PAGE_PRESENT;
}

/* Pages of one kind that follow each other are one run. */
static void add_drawn(const struct drawn *drawn)
{
	size_t n_pages = strlen(drawn->pages), n;

	add_mapping(drawn->start, n_pages, drawn->status);
	for (size_t i = 0; i < n_pages; i += n) {
		const char *first = drawn->pages + i;
		uint64_t start = drawn->start + i * PAGE, flags = flags_of(*first);
		char letters[32];

		for (n = 1; i + n < n_pages && flags_of(first[n]) == flags; n++)
			;
		if (flags == PAGE_PRESENT) {
			assert_in_range(n, 1, sizeof(letters) - 1);
			snprintf(letters, sizeof(letters), "%.*s", (int)n, first);
			add_pages(start, letters);
		} else if (flags) {
			add_run(start, n, flags);
		}
	}
}

/* A checkpoint of one task, which has these mappings. */
static void draw(const char *name, const struct drawn *mappings, size_t n)
{
	begin(name);
	begin_task(1, 0, "init");
	for (size_t i = 0; i < n; i++)
		add_drawn(&mappings[i]);
	end_task(1);
	finish();
}
#define DRAW(name, ...)                                                                                     \
	draw(name, (const struct drawn[]){ __VA_ARGS__ },                                                   \
	     sizeof((const struct drawn[]){ __VA_ARGS__ }) / sizeof(struct drawn))
#define BEFORE(...) DRAW("before", __VA_ARGS__)
#define AFTER(...) DRAW("after", __VA_ARGS__)

/* --- what became of their memory -------------------------------------------------------------------------- */

static struct memory_diff *memory;
static struct memory_region region;

static void begin_memory(void)
{
	const struct memory_request request = { .ranges = true };
	struct error *error = NULL;

	compare();
	memory = memory_diff_new(&comparison, &request, &error);
	assert_null(error);
}

static void end_memory(void)
{
	assert_false(memory_diff_next(memory, &region));
	memory_diff_free(memory);
	done();
}

/* The next region begins there, and has so many pages: same, changed, new, gone, unknown. */
static void assert_region(uint64_t after, const uint64_t pages_of[N_PAGE_CHANGES])
{
	assert_true(memory_diff_next(memory, &region));
	assert_true(region.after == after);
	for (int i = 0; i < N_PAGE_CHANGES; i++)
		if (region.tally.pages[i] != pages_of[i])
			fail_msg("at 0x%llx: %llu pages are %s, not %llu", (unsigned long long)after,
				 (unsigned long long)region.tally.pages[i],
				 page_change_name((enum page_change)i),
				 (unsigned long long)pages_of[i]);
}
#define PAGES(...) ((const uint64_t[N_PAGE_CHANGES]){ __VA_ARGS__ })

static void pages_are_same_changed_new_or_gone(void **state)
{
	(void)state;
	BEFORE({ 0x100000, STATUS_ANON, "aabb...." });
	AFTER({ 0x100000, STATUS_ANON, ".acb..d." });
	begin_memory();
	assert_region(0x100000, PAGES(2, 1, 1, 1, 0));
	assert_int_equal(region.tally.bytes_changed, PAGE);
	assert_int_equal(region.n_ranges, 3);
	assert_true(region.ranges[0].change == PAGES_GONE && region.ranges[0].before == 0x100000);
	assert_true(region.ranges[1].change == PAGES_CHANGED && region.ranges[1].after == 0x102000);
	assert_true(region.ranges[2].change == PAGES_NEW && region.ranges[2].after == 0x106000);
	assert_int_equal(region.n_heat, 8);
	assert_int_equal(region.heat[0], HEAT_ALL);
	assert_int_equal(region.heat[1], HEAT_SAME);
	assert_int_equal(region.heat[4], HEAT_NOTHING);
	end_memory();
}

static void a_mapping_that_was_cut_in_two_is_still_one(void **state)
{
	(void)state;
	BEFORE({ 0x100000, STATUS_ANON, "abcdefgh" });
	AFTER({ 0x100000, STATUS_ANON, "ab" },
	      { 0x104000, STATUS_ANON, "efghij" }); /* and it has grown */
	begin_memory();
	assert_region(0x100000, PAGES(2, 0, 0, 0, 0));
	assert_region(0x102000, PAGES(0, 0, 0, 2, 0));
	assert_true(region.is_gone);
	assert_region(0x104000, PAGES(4, 0, 2, 0, 0));
	end_memory();
}

static void another_kind_at_the_same_place_is_another_mapping(void **state)
{
	(void)state;
	BEFORE({ 0x100000, STATUS_ANON, "ab" });
	AFTER({ 0x100000, STATUS_HEAP, "ab" });
	begin_memory();
	assert_region(0x100000, PAGES(0, 0, 2, 0, 0));
	assert_region(0x100000, PAGES(0, 0, 0, 2, 0));
	assert_true(region.is_gone);
	end_memory();
}

static void a_mapping_that_has_no_other_like_it_is_found_where_it_went(void **state)
{
	(void)state;
	BEFORE({ 0x100000, STATUS_HEAP, "abc" }, { 0x200000, STATUS_ANON, "x" });
	AFTER({ 0x500000, STATUS_HEAP, "aXcd" }, { 0x600000, STATUS_ANON, "x" });
	begin_memory();
	assert_region(0x200000, PAGES(0, 0, 0, 1, 0)); /* plain memory could be any */
	assert_region(0x500000, PAGES(2, 1, 1, 0, 0));
	assert_true(region.moved && region.before == 0x100000);
	assert_true(region.ranges[0].before == 0x101000 && region.ranges[0].after == 0x501000);
	assert_region(0x600000, PAGES(0, 0, 1, 0, 0));
	end_memory();
}

static void two_like_it_leave_doubt(void **state)
{
	(void)state;
	BEFORE({ 0x100000, STATUS_HEAP, "a" });
	AFTER({ 0x500000, STATUS_HEAP, "a" }, { 0x600000, STATUS_HEAP, "a" });
	begin_memory();
	assert_region(0x100000, PAGES(0, 0, 0, 1, 0));
	assert_region(0x500000, PAGES(0, 0, 1, 0, 0));
	assert_region(0x600000, PAGES(0, 0, 1, 0, 0));
	end_memory();
}

/* "after" is incremental to "before": what it left there, what it stored again, what it changed. */
static void what_an_incremental_dump_did_is_told(void **state)
{
	(void)state;
	BEFORE({ 0x100000, STATUS_ANON, "abcd" });
	AFTER({ 0x100000, STATUS_ANON, "<<cX" });
	assert_int_equal(symlink("../before", scratch_path("%s/parent", directory)), 0);
	begin_memory();
	assert_region(0x100000, PAGES(3, 1, 0, 0, 0));
	assert_int_equal(region.tally.in_parent, 2);
	assert_int_equal(region.tally.stored_again, 1);
	assert_int_equal(region.n_ranges, 2);
	assert_true(region.ranges[0].stored_again && region.ranges[0].after == 0x102000);
	end_memory();
}

static void pages_that_are_not_here_are_unknown(void **state)
{
	(void)state;
	BEFORE({ 0x100000, STATUS_ANON, "ab<." });
	AFTER({ 0x100000, STATUS_ANON, "a<<?" });
	begin_memory();
	assert_region(0x100000, PAGES(1, 0, 1, 0, 2)); /* a lazy page is one, where none was */
	assert_int_equal(region.tally.one_sided, 1);   /* of the two unknown, one is known before */
	end_memory();
}

/* Page maps alone; the mapping after lies over two stretches of them. */
static void a_predump_has_pages_where_others_have_mappings(void **state)
{
	(void)state;
	begin("before");
	begin_task(1, 0, "init");
	add_pages(0x100000, "ab");
	add_pages(0x103000, "d");
	add_pages(0x900000, "z");
	end_pages(1);
	assert_int_equal(unlink(scratch_path("%s/core-1.img", directory)), 0);
	write_predump_inventory(directory);
	AFTER({ 0x100000, STATUS_ANON, "aXcd...." }, { 0x200000, STATUS_SHARED, "." });
	begin_memory();
	assert_true(comparison.has_predump);
	assert_region(0x100000, PAGES(2, 1, 1, 0, 0));
	assert_region(0x200000, PAGES(0, 0, 0, 0, 1)); /* shared memory is not in it */
	assert_int_equal(region.tally.one_sided, 0);
	assert_region(0x900000, PAGES(0, 0, 0, 1, 0));
	assert_int_equal(region.vma_before, NO_ROW);
	end_memory();
}

/* Mappings over one another: damage, and every address is compared once. */
static void mappings_that_overlap_are_compared_once(void **state)
{
	uint64_t n = 0;

	(void)state;
	for (int side = 0; side < 2; side++) {
		begin(side ? "after" : "before");
		begin_task(1, 0, "init");
		for (uint64_t i = 0; i < 50; i++)
			add_mapping(0x100000 + i * PAGE, 60 - side, STATUS_ANON);
		add_mapping(0x100000, 0, STATUS_ANON);
		add_mapping(UINT64_MAX - 3 * PAGE, 2, STATUS_ANON);
		add_pages(0x100000, "abcdefghijklmnopqrstuvwxyz");
		end_task(1);
		finish();
	}
	begin_memory();
	while (memory_diff_next(memory, &region))
		n += region.tally.pages[PAGES_SAME];
	assert_int_equal(n, 26);
	end_memory();
}

#define COMPARING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		COMPARING(pages_are_same_changed_new_or_gone),
		COMPARING(a_mapping_that_was_cut_in_two_is_still_one),
		COMPARING(another_kind_at_the_same_place_is_another_mapping),
		COMPARING(a_mapping_that_has_no_other_like_it_is_found_where_it_went),
		COMPARING(two_like_it_leave_doubt),
		COMPARING(what_an_incremental_dump_did_is_told),
		COMPARING(pages_that_are_not_here_are_unknown),
		COMPARING(a_predump_has_pages_where_others_have_mappings),
		COMPARING(mappings_that_overlap_are_compared_once),
	};

	return run_all(tests);
}
