/* Rules of comparing: which row and task is which, on checkpoints built by hand. */
#include "tests/support/two_checkpoints.h"

#include <stdlib.h>

#include "db/diff/rows.h"
#include "decoders/base/size.h"

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

#define COMPARING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_noise_name_columns),
		cmocka_unit_test(words_are_whole),
		COMPARING(a_pid_and_a_name_are_a_task),
		COMPARING(tasks_are_known_again_by_another_pid),
		COMPARING(pids_of_before_are_translated),
		COMPARING(a_task_that_took_a_pid_over_is_another),
		COMPARING(a_column_that_differs_is_named_and_ids_are_not),
		COMPARING(of_rows_that_share_a_key_those_that_are_alike_are_one),
		COMPARING(only_rows_of_these_processes),
	};

	return run_all(tests);
}
