/* Trees of tasks that are none: circles, doubles, chains without end, nothing at all. */
#include "tests/support/handmade.h"

#include <stdlib.h>

static struct out pstree;

static int begin(void **state)
{
	(void)state;
	out_init(&pstree, -1);
	put_magic(&pstree, MAGIC_PSTREE);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	out_deinit(&pstree);
	return 0;
}

static const char *write_tree(const char *name)
{
	write_inventory(name);
	write_image(name, "pstree.img", &pstree);
	return scratch_path("%s", name);
}

/* How many lines of ps begin with this pid. */
static unsigned lines_of(struct bytes text, uint32_t pid)
{
	unsigned n = 0;

	while (text.len) {
		struct bytes line = bytes_first(text, bytes_find(text, '\n'));

		n += strtoul((const char *)line.data, NULL, 10) == pid;
		text = bytes_from(text, line.len + 1);
	}
	return n;
}

static unsigned lines(struct bytes text)
{
	unsigned n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.data[i] == '\n';
	return n;
}

/* Every one of the N pids from 1 is shown once, in the tree and in the table. */
static void assert_each_once(const char *path, uint32_t n, int status)
{
	struct outcome outcome = run("ps", path, NULL);
	struct json_object *rows;

	if (outcome.status != status)
		fail_msg("status %d: %.500s", outcome.status, (const char *)outcome.err.data);
	assert_quiet(outcome.out, "ps");
	assert_int_equal(lines(outcome.out), n + 1);
	for (uint32_t pid = 1; pid <= n && n <= 1000; pid++)
		assert_int_equal(lines_of(outcome.out, pid), 1);
	rows = run_json(status, "list", "process", path, "-f", "json", "-c", "pid", NULL);
	assert_int_equal(json_object_array_length(rows), n);
	json_object_put(rows);
}

static void a_tree_shows_each_task_once(void **state)
{
	(void)state;
	put_pstree(&pstree, 1, 0);
	put_pstree(&pstree, 2, 1);
	put_pstree(&pstree, 3, 1);
	put_pstree(&pstree, 4, 2);
	assert_each_once(write_tree("tree"), 4, 0);
}

static void a_task_that_is_its_own_parent_is_shown_once(void **state)
{
	(void)state;
	put_pstree(&pstree, 1, 1);
	put_pstree(&pstree, 2, 1);
	assert_each_once(write_tree("self"), 2, 0);
}

static void tasks_in_a_circle_are_shown_once(void **state)
{
	(void)state;
	put_pstree(&pstree, 1, 3);
	put_pstree(&pstree, 2, 1);
	put_pstree(&pstree, 3, 2);
	put_pstree(&pstree, 4, 2); /* hangs on the circle */
	assert_each_once(write_tree("circle"), 4, 0);
}

static void many_circles_are_shown_once(void **state)
{
	(void)state;
	for (uint32_t pid = 1; pid <= 100000; pid += 2) {
		put_pstree(&pstree, pid, pid + 1);
		put_pstree(&pstree, pid + 1, pid);
	}
	assert_each_once(write_tree("circles"), 100000, 0);
}

static void a_circle_beside_a_tree_leaves_the_tree_alone(void **state)
{
	(void)state;
	put_pstree(&pstree, 1, 0);
	put_pstree(&pstree, 2, 1);
	put_pstree(&pstree, 3, 4);
	put_pstree(&pstree, 4, 3);
	assert_each_once(write_tree("beside"), 4, 0);
}

static void a_pid_that_is_there_twice_is_told(void **state)
{
	struct outcome outcome;

	(void)state;
	put_pstree(&pstree, 1, 0);
	put_pstree(&pstree, 2, 1);
	put_pstree(&pstree, 2, 2);
	assert_each_once(write_tree("twice"), 2, 4);
	outcome = run("ps", scratch_path("twice"), NULL);
	assert_non_null(strstr((const char *)outcome.err.data, "pstree.img entry 2"));
}

static void a_parent_that_is_missing_is_none(void **state)
{
	(void)state;
	put_pstree(&pstree, 1, 4000000000);
	put_pstree(&pstree, 2, 77);
	assert_each_once(write_tree("orphans"), 2, 0);
}

static void pids_of_any_size_are_shown(void **state)
{
	struct json_object *rows;

	(void)state;
	put_pstree(&pstree, 0, 0);
	put_pstree(&pstree, UINT32_MAX, 0);
	put_pstree(&pstree, 0x80000000, UINT32_MAX);
	rows = run_json(0, "list", "process", write_tree("odd"), "-f", "json", "-c", "pid", NULL);
	assert_int_equal(json_object_array_length(rows), 3);
	json_object_put(rows);
	assert_sane(run("ps", scratch_path("odd"), NULL), "ps");
	assert_sane(run("show", scratch_path("odd"), NULL), "show");
}

static void a_chain_of_100000_tasks_is_shown_in_time(void **state)
{
	double start;

	(void)state;
	for (uint32_t pid = 1; pid <= 100000; pid++)
		put_pstree(&pstree, pid, pid - 1);
	write_tree("chain");
	start = seconds();
	assert_each_once(scratch_path("chain"), 100000, 0);
	assert_true(seconds() - start < 15);
}

static void no_tasks_at_all_are_no_error(void **state)
{
	struct json_object *rows;

	(void)state;
	assert_each_once(write_tree("none"), 0, 0);
	rows = run_json(0, "show", scratch_path("none"), "-f", "json", NULL);
	json_object_put(rows);
	assert_non_null(strstr((const char *)run("show", scratch_path("none"), NULL).out.data,
			       "no tasks"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_tree_shows_each_task_once),
		TEST(a_task_that_is_its_own_parent_is_shown_once),
		TEST(tasks_in_a_circle_are_shown_once),
		TEST(many_circles_are_shown_once),
		TEST(a_circle_beside_a_tree_leaves_the_tree_alone),
		TEST(a_pid_that_is_there_twice_is_told),
		TEST(a_parent_that_is_missing_is_none),
		TEST(pids_of_any_size_are_shown),
		TEST(a_chain_of_100000_tasks_is_shown_in_time),
		TEST(no_tasks_at_all_are_no_error),
	};

	return run_all(tests);
}
