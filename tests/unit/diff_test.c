/* Rules of comparing: which row, task and mapping is which, on checkpoints built by hand. */
#include "tests/support/handmade.h"

#include <stdlib.h>
#include <unistd.h>

#include "db/diff/memory.h"
#include "db/diff/rows.h"
#include "decoders/base/size.h"

enum { PAGE = 4096, STATUS_ANON = 0x201, STATUS_HEAP = 0x221, STATUS_SHARED = 0x101 };

/* --- what stands beside the tables ------------------------------------------------------------------ */

static void assert_columns(const struct table *table, const char *words)
{
	char *copy = strdup(words ? words : ""), *rest = copy, *word;

	while ((word = strsep(&rest, " ")))
		if (*word && !table_column(table, word))
			fail_msg("%s has no column %s", table->name, word);
	free(copy);
}

static void keys_and_noise_name_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_tables; i++) {
		if (!tables[i]->key)
			fail_msg("%s has no key", tables[i]->name);
		assert_columns(tables[i], tables[i]->key);
		assert_columns(tables[i], tables[i]->second_key);
		assert_columns(tables[i], tables[i]->noise);
		for (size_t k = 0; k < tables[i]->n_columns; k++)
			assert_false(names_word(tables[i]->key, tables[i]->columns[k].name) &&
				     names_word(tables[i]->noise, tables[i]->columns[k].name));
	}
}

static void words_are_whole(void **state)
{
	(void)state;
	assert_true(names_word("pid fd", "pid"));
	assert_true(names_word("pid fd", "fd"));
	assert_false(names_word("pid fd", "p"));
	assert_false(names_word("pid fd", "pid fd"));
	assert_false(names_word("file_id", "id"));
	assert_false(names_word("", "pid"));
	assert_false(names_word(NULL, "pid"));
}

/* --- two checkpoints ---------------------------------------------------------------------------------- */

/* The directory that is being built: its tree of tasks, and the task that is being built. */
static char directory[32];
static unsigned scenario; /* each test has directories of its own */
static struct out pstree, mm, pagemap, pages, payload, files, fdinfo;
static uint32_t pages_id;

static struct checkpoint checkpoints[2];
static struct comparison comparison;

static int set_up(void **state)
{
	struct out *outs[] = { &pstree, &mm, &pagemap, &pages, &payload, &files, &fdinfo };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(outs); i++)
		out_init(outs[i], -1);
	scenario++;
	return 0;
}

static int tear_down(void **state)
{
	struct out *outs[] = { &pstree, &mm, &pagemap, &pages, &payload, &files, &fdinfo };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(outs); i++)
		out_deinit(outs[i]);
	return 0;
}

static void begin(const char *name)
{
	snprintf(directory, sizeof(directory), "%u/%s", scenario, name);
	pages_id = 0;
	out_clear(&pstree);
	put_magic(&pstree, MAGIC_PSTREE);
	out_clear(&files);
	put_magic(&files, MAGIC_FILES);
	out_clear(&fdinfo);
	put_magic(&fdinfo, MAGIC_FDINFO);
	write_inventory(directory);
}

static void begin_task(uint32_t pid, uint32_t ppid, const char *comm)
{
	put_pstree(&pstree, pid, ppid);
	write_core(directory, pid, bytes_of(comm));
	out_clear(&mm);
	put_mm(&mm, 0, 0);
	out_clear(&pagemap);
	put_magic(&pagemap, MAGIC_PAGEMAP);
	put_number(&payload, 1, ++pages_id);
	put_entry(&pagemap, &payload);
	out_clear(&pages);
}

static void add_mapping(uint64_t start, uint64_t n_pages, uint64_t status)
{
	struct out vma;

	out_init(&vma, -1);
	put_number(&vma, 1, start);
	put_number(&vma, 2, start + n_pages * PAGE);
	put_number(&vma, 3, 0);
	put_number(&vma, 4, 0);
	put_number(&vma, 5, 3);
	put_number(&vma, 6, 0x22);
	put_number(&vma, 7, status);
	put_number(&vma, 8, 1);
	put_message(&mm, 14, &vma);
	out_deinit(&vma);
}

static void add_run(uint64_t start, uint64_t n_pages, uint64_t flags)
{
	put_number(&payload, 1, start);
	put_number(&payload, 2, 0);
	put_number(&payload, 4, flags);
	put_number(&payload, 5, n_pages);
	put_entry(&pagemap, &payload);
}

/* A page for each letter, filled with it. */
static void add_pages(uint64_t start, const char *letters)
{
	add_run(start, strlen(letters), PAGE_PRESENT);
	for (; *letters; letters++)
		out_repeat(&pages, *letters, PAGE);
}

static void end_pages(uint32_t pid)
{
	char name[32];

	snprintf(name, sizeof(name), "pagemap-%u.img", pid);
	write_image(directory, name, &pagemap);
	snprintf(name, sizeof(name), "pages-%u.img", pages_id);
	write_image(directory, name, &pages);
}

static void end_task(uint32_t pid)
{
	write_mm(directory, pid, &mm);
	end_pages(pid);
}

static void finish(void)
{
	write_image(directory, "pstree.img", &pstree);
	write_image(directory, "files.img", &files);
}

/* A task without memory worth a word. */
static void add_task(uint32_t pid, uint32_t ppid, const char *comm)
{
	begin_task(pid, ppid, comm);
	end_task(pid);
}

/* Opens what was built as "before" and "after". */
static void compare(void)
{
	assert_null(checkpoint_open(scratch_path("%u/before", scenario), &checkpoints[0]));
	assert_null(checkpoint_open(scratch_path("%u/after", scenario), &checkpoints[1]));
	comparison_init(&checkpoints[0], &checkpoints[1], &comparison);
}

static void done(void)
{
	comparison_deinit(&comparison);
	checkpoint_close(&checkpoints[0]);
	checkpoint_close(&checkpoints[1]);
}

/* --- tasks ---------------------------------------------------------------------------------------------- */

/* The pid after of the task that had PID before; 0: it is gone. */
static uint32_t partner(uint32_t pid)
{
	uint32_t row = map_get(&checkpoints[0].process_by_pid, pid);
	uint32_t other = comparison.pairs.after_of[row];

	return other == NO_ROW ? 0 : checkpoints[1].processes.items[other].pid;
}

static void a_pid_and_a_name_are_a_task(void **state)
{
	(void)state;
	begin("before");
	add_task(1, 0, "init");
	add_task(7, 1, "worker");
	add_task(8, 1, "logger");
	finish();
	begin("after");
	add_task(1, 0, "other");
	add_task(7, 1, "worker");
	add_task(8, 1, "shell");
	finish();
	compare();
	assert_int_equal(partner(1), 1); /* the first of both, whatever it is called now */
	assert_int_equal(partner(7), 7);
	assert_int_equal(partner(8), 0); /* somebody else has its pid */
	done();
}

static void tasks_are_known_again_by_another_pid(void **state)
{
	(void)state;
	begin("before");
	add_task(100, 0, "init");
	add_task(101, 100, "worker");
	add_task(102, 100, "worker");
	add_task(103, 100, "timer");
	add_task(104, 100, "timer");
	finish();
	begin("after");
	add_task(200, 0, "init");
	add_task(201, 200, "worker");
	add_task(202, 200, "worker");
	add_task(203, 200, "timer");
	finish();
	compare();
	assert_int_equal(partner(100), 200);
	assert_int_equal(partner(101), 201); /* as many before as after: in order */
	assert_int_equal(partner(102), 202);
	assert_int_equal(partner(103), 0);   /* two before, one after: nobody knows which */
	assert_int_equal(partner(104), 0);
	assert_int_equal(pid_after(&comparison.pairs, 102), 202);
	assert_int_equal(pid_after(&comparison.pairs, 999), 999);
	done();
}

/* --- rows ------------------------------------------------------------------------------------------------ */

static struct table_diff diff_of(const char *table)
{
	const struct table_request request = { 0 };
	struct table_diff diff;

	table_compare(&comparison, table_named(table), &request, &diff);
	return diff;
}

static void assert_changes(const char *table, size_t removed, size_t added, size_t changed)
{
	struct table_diff diff = diff_of(table);

	assert_int_equal(diff.n_changes[ROW_REMOVED], removed);
	assert_int_equal(diff.n_changes[ROW_ADDED], added);
	assert_int_equal(diff.n_changes[ROW_CHANGED], changed);
	assert_int_equal(diff.n, removed + added + changed);
}

static size_t n_columns_that_differ(const struct table_diff *diff, const char *wanted)
{
	size_t n = 0;

	for (size_t i = 0; i < diff->after.n_columns; i++) {
		if (!cell_differs(&comparison, diff, &diff->differences[0], i, &comparison.arena))
			continue;
		assert_string_equal(diff->after.columns[i]->name, wanted);
		n++;
	}
	return n;
}

static void pids_of_before_are_translated(void **state)
{
	(void)state;
	begin("before");
	add_task(100, 0, "init");
	add_task(101, 100, "worker");
	finish();
	begin("after");
	add_task(200, 0, "init");
	add_task(201, 200, "worker");
	finish();
	compare();
	assert_changes("process", 0, 0, 0); /* pid, ppid, pgid, sid are other numbers, and the same */
	assert_changes("thread", 0, 0, 0);
	done();
}

static void a_task_that_took_a_pid_over_is_another(void **state)
{
	(void)state;
	begin("before");
	add_task(1, 0, "init");
	add_task(8, 1, "logger");
	finish();
	begin("after");
	add_task(1, 0, "init");
	add_task(8, 1, "shell");
	finish();
	compare();
	assert_changes("process", 1, 1, 0);
	assert_changes("thread", 1, 1, 0);
	done();
}

static void put_file(uint32_t id, uint64_t position, const char *name)
{
	struct out inner, owner;

	out_init(&inner, -1);
	out_init(&owner, -1);
	for (uint64_t field = 1; field <= 5; field++)
		put_number(&owner, field, 0);
	put_number(&inner, 1, id);
	put_number(&inner, 2, 0x8000);
	put_number(&inner, 3, position);
	put_message(&inner, 5, &owner);
	put_text(&inner, 6, name);
	put_number(&payload, 1, 1);
	put_number(&payload, 2, id);
	put_message(&payload, 3, &inner);
	put_entry(&files, &payload);
	out_deinit(&inner);
	out_deinit(&owner);
}

static void put_pipe(uint32_t id, uint32_t inode)
{
	struct out inner, owner;

	out_init(&inner, -1);
	out_init(&owner, -1);
	for (uint64_t field = 1; field <= 5; field++)
		put_number(&owner, field, 0);
	put_number(&inner, 1, id);
	put_number(&inner, 2, inode);
	put_number(&inner, 3, 1);
	put_message(&inner, 4, &owner);
	put_number(&payload, 1, 2);
	put_number(&payload, 2, id);
	put_message(&payload, 18, &inner);
	put_entry(&files, &payload);
	out_deinit(&inner);
	out_deinit(&owner);
}

static void put_fd(uint32_t id, uint32_t type, uint32_t fd)
{
	put_number(&payload, 1, id);
	put_number(&payload, 2, 0);
	put_number(&payload, 3, type);
	put_number(&payload, 4, fd);
	put_entry(&fdinfo, &payload);
}

static void a_column_that_differs_is_named_and_ids_are_not(void **state)
{
	(void)state;
	for (int side = 0; side < 2; side++) {
		begin(side ? "after" : "before");
		add_task(1, 0, "init");
		put_file(side ? 70 : 7, side ? 20 : 10, "/data");
		put_pipe(side ? 80 : 8, side ? 4444 : 3333);
		put_fd(side ? 70 : 7, 1, 3);
		put_fd(side ? 80 : 8, 2, 4);
		finish();
		write_image(directory, "fdinfo-1.img", &fdinfo);
	}
	compare();
	{
		struct table_diff diff = diff_of("fd");

		assert_int_equal(diff.n, 1);
		assert_int_equal(diff.n_same, 1); /* pipe:[3333] and pipe:[4444] */
		assert_int_equal(n_columns_that_differ(&diff, "pos"), 1);
	}
	done();
}

/* Five open files of one path, of which one is closed: that one is told, and no other. */
static void of_rows_that_share_a_key_those_that_are_alike_are_one(void **state)
{
	static const uint64_t before[] = { 10, 20, 30, 40, 50 }, after[] = { 50, 10, 30, 40 };

	(void)state;
	begin("before");
	add_task(1, 0, "init");
	for (uint32_t i = 0; i < 5; i++) {
		put_file(i + 1, before[i], "/data");
		put_fd(i + 1, 1, i + 3);
	}
	finish();
	write_image(directory, "fdinfo-1.img", &fdinfo);
	begin("after");
	add_task(1, 0, "init");
	for (uint32_t i = 0; i < 4; i++) {
		put_file(i + 1, after[i], "/data");
		put_fd(i + 1, 1, i + 3);
	}
	finish();
	write_image(directory, "fdinfo-1.img", &fdinfo);
	compare();
	{
		struct table_diff diff = diff_of("file");

		assert_int_equal(diff.n, 1);
		assert_int_equal(diff.differences[0].change, ROW_REMOVED);
		assert_int_equal(checkpoints[0].files.items[diff.differences[0].before].pos, 20);
	}
	done();
}

static void only_rows_of_these_processes(void **state)
{
	static const uint32_t pids[] = { 7 };
	const struct table_request request = { .pids = pids, .n_pids = 1 };
	struct table_diff diff;

	(void)state;
	begin("before");
	add_task(1, 0, "init");
	finish();
	begin("after");
	add_task(1, 0, "init");
	add_task(7, 1, "worker");
	add_task(8, 1, "logger");
	finish();
	compare();
	table_compare(&comparison, table_named("process"), &request, &diff);
	assert_int_equal(diff.n, 1);
	table_compare(&comparison, table_named("mount"), &request, &diff);
	assert_int_equal(diff.n + diff.n_same, 0);
	done();
}

/* --- memory ----------------------------------------------------------------------------------------------- */

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
	begin("before");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 8, STATUS_ANON);
	add_pages(0x100000, "aabb");
	end_task(1);
	finish();
	begin("after");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 8, STATUS_ANON);
	add_pages(0x101000, "acb");
	add_pages(0x106000, "d");
	end_task(1);
	finish();
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
	begin("before");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 8, STATUS_ANON);
	add_pages(0x100000, "abcdefgh");
	end_task(1);
	finish();
	begin("after");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 2, STATUS_ANON);
	add_mapping(0x104000, 6, STATUS_ANON); /* and it has grown */
	add_pages(0x100000, "ab");
	add_pages(0x104000, "efghij");
	end_task(1);
	finish();
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
	begin("before");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 2, STATUS_ANON);
	add_pages(0x100000, "ab");
	end_task(1);
	finish();
	begin("after");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 2, STATUS_HEAP);
	add_pages(0x100000, "ab");
	end_task(1);
	finish();
	begin_memory();
	assert_region(0x100000, PAGES(0, 0, 2, 0, 0));
	assert_region(0x100000, PAGES(0, 0, 0, 2, 0));
	assert_true(region.is_gone);
	end_memory();
}

static void a_mapping_that_has_no_other_like_it_is_found_where_it_went(void **state)
{
	(void)state;
	begin("before");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 3, STATUS_HEAP);
	add_mapping(0x200000, 1, STATUS_ANON);
	add_pages(0x100000, "abc");
	add_pages(0x200000, "x");
	end_task(1);
	finish();
	begin("after");
	begin_task(1, 0, "init");
	add_mapping(0x500000, 4, STATUS_HEAP);
	add_mapping(0x600000, 1, STATUS_ANON);
	add_pages(0x500000, "aXcd");
	add_pages(0x600000, "x");
	end_task(1);
	finish();
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
	begin("before");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 1, STATUS_HEAP);
	add_pages(0x100000, "a");
	end_task(1);
	finish();
	begin("after");
	begin_task(1, 0, "init");
	add_mapping(0x500000, 1, STATUS_HEAP);
	add_mapping(0x600000, 1, STATUS_HEAP);
	add_pages(0x500000, "a");
	add_pages(0x600000, "a");
	end_task(1);
	finish();
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
	begin("before");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 4, STATUS_ANON);
	add_pages(0x100000, "abcd");
	end_task(1);
	finish();
	begin("after");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 4, STATUS_ANON);
	add_run(0x100000, 2, PAGE_IN_PARENT);
	add_pages(0x102000, "cX");
	end_task(1);
	finish();
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
	begin("before");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 4, STATUS_ANON);
	add_pages(0x100000, "ab");
	add_run(0x102000, 1, PAGE_IN_PARENT);
	end_task(1);
	finish();
	begin("after");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 4, STATUS_ANON);
	add_pages(0x100000, "a");
	add_run(0x101000, 2, PAGE_IN_PARENT);
	add_run(0x103000, 1, PAGE_LAZY);
	end_task(1);
	finish();
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
	begin("after");
	begin_task(1, 0, "init");
	add_mapping(0x100000, 8, STATUS_ANON);
	add_mapping(0x200000, 1, STATUS_SHARED);
	add_pages(0x100000, "aXcd");
	end_task(1);
	finish();
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_noise_name_columns),
		cmocka_unit_test(words_are_whole),
#define COMPARING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
		COMPARING(a_pid_and_a_name_are_a_task),
		COMPARING(tasks_are_known_again_by_another_pid),
		COMPARING(pids_of_before_are_translated),
		COMPARING(a_task_that_took_a_pid_over_is_another),
		COMPARING(a_column_that_differs_is_named_and_ids_are_not),
		COMPARING(of_rows_that_share_a_key_those_that_are_alike_are_one),
		COMPARING(only_rows_of_these_processes),
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
