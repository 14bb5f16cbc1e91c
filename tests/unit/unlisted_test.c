/*
 * Tasks that no pstree.img lists. What images of their own tell of them is what it is with the list, but for whose
 * children and whose threads they are.
 */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CASE "tree-criu4.2.1"
enum { TASKS = 16, THREADS = 20, NO_LEADERS = 4 }; /* of that case, by its proc.json */

static struct json_object *field(struct json_object *row, const char *name)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(row, name, &value))
		fail_msg("no column %s", name);
	return value;
}

/* The row with that number in a column; fails the test where there is none. */
static struct json_object *row_with(struct json_object *rows, const char *column, int64_t number)
{
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);

		if (json_object_get_int64(field(row, column)) == number)
			return row;
	}
	fail_msg("no row with %s %lld", column, (long long)number);
	return NULL;
}

static struct json_object *rows_of(int status, const char *table, const char *path)
{
	return run_json(status, "list", table, path, "-f", "json", NULL);
}

static bool is_one_of(const char *words, const char *word)
{
	const char *found = strstr(words, word);
	size_t len = strlen(word);

	return found && (found == words || found[-1] == ' ') && (!found[len] || found[len] == ' ');
}

/* ROW is BEFORE, but for columns that are NULL now. */
static void assert_alike(struct json_object *before, struct json_object *row, const char *lost)
{
	const char *where;

	json_object_object_foreach(row, column, value)
	{
		if (is_one_of(lost, column))
			assert_null(value);
		else if (!json_same(field(before, column), value, &where))
			fail_msg("%s: %s", column, json_object_to_json_string(row));
	}
}

static void assert_tasks_alike(struct json_object *before, const char *path)
{
	struct json_object *after = rows_of(4, "process", path);

	assert_int_equal(json_object_array_length(after), json_object_array_length(before));
	for (size_t i = 0; i < json_object_array_length(after); i++) {
		struct json_object *row = json_object_array_get_idx(after, i);

		assert_alike(row_with(before, "pid", json_object_get_int64(field(row, "pid"))), row,
			     "ppid pgid sid threads");
	}
	json_object_put(after);
}

static void assert_threads_alike(struct json_object *before, const char *path)
{
	struct json_object *after = rows_of(4, "thread", path);
	size_t strays = 0;

	assert_int_equal(json_object_array_length(after), THREADS);
	for (size_t i = 0; i < THREADS; i++) {
		struct json_object *row = json_object_array_get_idx(after, i);
		bool is_stray = field(row, "pid") == NULL;

		strays += is_stray;
		assert_alike(row_with(before, "tid", json_object_get_int64(field(row, "tid"))), row,
			     is_stray ? "pid" : "");
	}
	assert_int_equal(strays, NO_LEADERS);
	json_object_put(after);
}

static void assert_same_rows(struct json_object *before, const char *table, const char *path)
{
	struct json_object *after = rows_of(4, table, path);

	assert_int_equal(json_object_array_length(after), json_object_array_length(before));
	json_object_put(after);
}

static void assert_told(const char *path, const char *what)
{
	struct outcome outcome = run("ps", path, NULL);

	assert_int_equal(outcome.status, 4);
	if (!strstr((const char *)outcome.err.data, what))
		fail_msg("not told: %s in %s", what, outcome.err.data);
}

/* A tar of the case's images, as an engine makes it: pstree.img is behind the pages. */
static const char *archive(const char *name)
{
	char *images;
	const char *path = scratch_path("%s.tar", name);

	assert_true(asprintf(&images, "%s/img", sample_case(CASE)) > 0);
	pack_directory(path, NULL, images, "checkpoint/");
	free(images);
	return path;
}

/* The case's images, to be changed. */
static const char *images(const char *name)
{
	return scratch_path("%s/checkpoint", strrchr(unpack(archive(name), name), '/') + 1);
}

static void a_lost_list_loses_parents_alone(void **state)
{
	const char *path = images("lost");
	struct json_object *tasks = rows_of(0, "process", path), *threads = rows_of(0, "thread", path);
	struct json_object *fds = rows_of(0, "fd", path), *vmas = rows_of(0, "vma", path);

	(void)state;
	assert_int_equal(json_object_array_length(tasks), TASKS);
	assert_int_equal(json_object_array_length(threads), THREADS);
	assert_int_equal(unlink(scratch_path("lost/checkpoint/pstree.img")), 0);
	assert_tasks_alike(tasks, path);
	assert_threads_alike(threads, path);
	assert_same_rows(fds, "fd", path);
	assert_same_rows(vmas, "vma", path);
	assert_told(path, "pstree.img: is not there: 16 tasks are shown by images of their own");
	json_object_put(tasks);
	json_object_put(threads);
	json_object_put(fds);
	json_object_put(vmas);
}

/* In the middle of the list: the first tasks are still in it. */
static void tasks_behind_the_damage_are_shown(void **state)
{
	const char *path = images("cut"), *pstree = scratch_path("cut/checkpoint/pstree.img");
	struct bytes list = read_file(pstree);
	struct json_object *tasks;
	size_t listed = 0;

	(void)state;
	write_file(pstree, list.data, list.len / 2);
	tasks = rows_of(4, "process", path);
	assert_int_equal(json_object_array_length(tasks), TASKS);
	for (size_t i = 0; i < TASKS; i++)
		listed += field(json_object_array_get_idx(tasks, i), "ppid") != NULL;
	assert_true(listed > 0 && listed < TASKS);
	assert_told(path, "pstree.img: does not list all: ");
	json_object_put(tasks);
}

/* What was copied of an archive: memory too is that of the tasks. */
static void a_cut_archive_has_its_tasks(void **state)
{
	const char *path = archive("short");
	struct json_object *tasks = rows_of(0, "process", path);
	struct bytes whole = read_file(path);
	const char *header = memmem(whole.data, whole.len, "checkpoint/pstree.img", 21);
	struct outcome before = run("search", path, "sess-leader", "--count", NULL), after;

	(void)state;
	assert_non_null(header);
	assert_int_equal(truncate(path, header - (const char *)whole.data), 0);
	assert_tasks_alike(tasks, path);
	after = run("search", path, "sess-leader", "--count", NULL);
	assert_int_equal(before.status, 0);
	assert_int_equal(after.status, 4);
	assert_string_equal((const char *)after.out.data, (const char *)before.out.data);
	json_object_put(tasks);
}

/* Of a dump that failed there is what had been written, and it is no damage: truth.json has the pid. */
static void a_refused_dump_shows_what_it_took(void **state)
{
	const char *directory = sample_case("refused-flock-criu4.1.1");
	struct json_object *rows, *facts;
	char *path, *truth;

	(void)state;
	assert_true(asprintf(&path, "%s/img", directory) > 0);
	assert_true(asprintf(&truth, "%s/truth.json", directory) > 0);
	facts = json_file(truth);
	rows = rows_of(0, "process", path);
	assert_int_equal(json_object_array_length(rows), 1);
	assert_int_equal(json_object_get_int64(field(json_object_array_get_idx(rows, 0), "pid")),
			 json_object_get_int64(field(facts, "root_pid")));
	json_object_put(facts);
	json_object_put(rows);
	free(path);
	free(truth);
}

static void assert_null_but(struct json_object *row, const char *known)
{
	json_object_object_foreach(row, column, value)
		if (!is_one_of(known, column) && value)
			fail_msg("%s is %s", column, json_object_to_json_string(value));
}

/* A page map names a task, and of its pages all is known: of everything else nothing. */
static void a_predump_has_tasks_of_pages(void **state)
{
	struct json_object *rows, *row;
	char *path;

	(void)state;
	assert_true(asprintf(&path, "%s/1", sample_case("predump-read-criu4.1.1")) > 0);
	rows = rows_of(0, "process", path);
	assert_int_equal(json_object_array_length(rows), 2);
	row = row_with(rows, "pid", 12230);
	assert_null_but(row, "pid bytes_present pages_present pages_parent pages_lazy");
	assert_true(json_object_get_int64(field(row, "bytes_present")) > 0);
	json_object_put(rows);
	rows = rows_of(0, "checkpoint", path);
	assert_true(json_object_get_boolean(field(json_object_array_get_idx(rows, 0), "pre_dump")));
	json_object_put(rows);
	free(path);
}

/* Nor is a number told of a task whose core is lost, that its core would have told. */
static void a_lost_core_tells_nothing(void **state)
{
	const char *path = images("coreless");
	struct json_object *rows = rows_of(0, "process", path), *row;
	int64_t pid = json_object_get_int64(field(json_object_array_get_idx(rows, 0), "pid"));

	(void)state;
	assert_non_null(field(row_with(rows, "pid", pid), "oom_score_adj"));
	json_object_put(rows);
	assert_int_equal(unlink(scratch_path("coreless/checkpoint/core-%lld.img", (long long)pid)), 0);
	rows = rows_of(0, "thread", path);
	assert_null_but(row_with(rows, "tid", pid), "pid tid");
	json_object_put(rows);
	rows = rows_of(0, "process", path);
	row = row_with(rows, "pid", pid);
	assert_null(field(row, "oom_score_adj"));
	assert_null(field(row, "child_subreaper"));
	assert_non_null(field(row, "argv"));
	json_object_put(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_list_loses_parents_alone),
		cmocka_unit_test(tasks_behind_the_damage_are_shown),
		cmocka_unit_test(a_cut_archive_has_its_tasks),
		cmocka_unit_test(a_refused_dump_shows_what_it_took),
		cmocka_unit_test(a_predump_has_tasks_of_pages),
		cmocka_unit_test(a_lost_core_tells_nothing),
	};

	return run_all(tests);
}
