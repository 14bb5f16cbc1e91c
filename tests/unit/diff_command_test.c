/* The command diff: what it says of real checkpoints and of hostile ones, in each format, and its status. */
#include "tests/support/handmade.h"

#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/size.h"

/* Paths and documents live as long as the program. */
static void *kept[256];
static size_t n_kept;

static void *keep(void *one)
{
	assert_true(one && n_kept < ARRAY_SIZE(kept));
	return kept[n_kept++] = one;
}

static const char *below(const char *directory, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		abort();
	return keep(path);
}

static bool says(struct bytes output, const char *text)
{
	return strstr((const char *)output.data, text) != NULL;
}

/* Two runs of one workload, by other pids, with other addresses, on other kernels. */
static const char *earlier(void)
{
	return below(sample_case("tree-criu3.17.1"), "img");
}

static const char *later(void)
{
	return below(sample_case("tree-criu4.2.1"), "img");
}

/* --- formats -------------------------------------------------------------------------------------- */

static void a_table_is_a_key_and_memory_is_one(void **state)
{
	static const char *const names[] = { "process", "thread", "fd", "vma", "mount", "socket" };
	static const char *const changes[] = { "added", "removed", "changed" };
	struct json_object *diff = keep(run_json(1, "diff", earlier(), later(), "-f", "json", NULL)), *value;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		assert_true(json_object_object_get_ex(diff, names[i], &value));
		for (size_t k = 0; k < ARRAY_SIZE(changes); k++)
			assert_int_equal(json_object_get_type(json_object_object_get(value, changes[k])),
					 json_type_array);
	}
	assert_true(json_object_object_get_ex(diff, "memory", &value));
	assert_true(json_object_array_length(value) > 0);
	/* What is about the dump has to be named. */
	assert_false(json_object_object_get_ex(diff, "member", NULL));
	diff = keep(run_json(1, "diff", earlier(), later(), "-f", "json", "--tables", "member", NULL));
	assert_true(json_object_object_get_ex(diff, "member", NULL));
	assert_false(json_object_object_get_ex(diff, "memory", NULL));
}

static void the_same_tasks_are_found_by_other_pids(void **state)
{
	struct json_object *diff = keep(run_json(1, "diff", earlier(), later(), "-f", "json", "--tables",
					    "process", NULL));
	struct json_object *process = json_object_object_get(diff, "process");

	(void)state;
	assert_int_equal(json_object_array_length(json_object_object_get(process, "added")), 0);
	assert_int_equal(json_object_array_length(json_object_object_get(process, "removed")), 0);
}

static void steps_of_a_chain_are_a_list(void **state)
{
	struct json_object *steps = keep(run_json(1, "diff", earlier(), later(), later(), "-f", "json",
					     "--tables", "process,fd,memory", NULL));
	struct json_object *last;

	(void)state;
	assert_int_equal(json_object_array_length(steps), 2);
	last = json_object_array_get_idx(steps, 1);
	assert_false(json_object_get_boolean(json_object_object_get(last, "differs")));
}

/* Valid JSON of what there is, although the last one cannot be opened. */
static void a_step_that_cannot_be_opened_ends_the_list(void **state)
{
	struct json_object *steps = keep(run_json(3, "diff", later(), later(), scratch_path("nothing"), "-f",
					     "json", "--tables", "process", NULL));

	(void)state;
	assert_int_equal(json_object_array_length(steps), 1);
}

static void text_has_the_summary_first(void **state)
{
	struct outcome outcome = run("diff", earlier(), later(), NULL);

	(void)state;
	assert_int_equal(outcome.status, 1);
	assert_true(strncmp((const char *)outcome.out.data, "before   ", 9) == 0);
	assert_true(says(outcome.out, "\ntasks    16 in both (16 by another pid), 0 new, 0 gone\n"));
	assert_true(says(outcome.out, "\nmemory: "));
	outcome = run("diff", later(), later(), NULL);
	assert_int_equal(outcome.status, 0);
	assert_true(says(outcome.out, "\ntables   0 of "));
}

static void names_cannot_drive_markdown_or_a_terminal(void **state)
{
	static const char *const formats[] = { "text", "json", "markdown" };
	const char *names[] = { "a|`b\x1b[2J", "c\n# <x>|`" };

	(void)state;
	for (int side = 0; side < 2; side++) {
		const char *directory = side ? "names/after" : "names/before";
		struct out pstree, mm;

		out_init(&pstree, -1);
		out_init(&mm, -1);
		write_inventory(directory);
		put_magic(&pstree, MAGIC_PSTREE);
		put_pstree(&pstree, 1, 0);
		write_image(directory, "pstree.img", &pstree);
		write_core(directory, 1, bytes_of(names[side]));
		put_mm(&mm, 0, 0);
		write_mm(directory, 1, &mm);
		out_deinit(&pstree);
		out_deinit(&mm);
	}
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct outcome outcome = run("diff", scratch_path("names/before"),
					     scratch_path("names/after"), "--tables", "process", "-f",
					     formats[i], NULL);

		assert_int_equal(outcome.status, 1);
		assert_quiet(outcome.out, formats[i]);
		if (strcmp(formats[i], "markdown") == 0) {
			assert_true(says(outcome.out, "comm `a\\x7c\\x60b\\x1b[2J` → `c\\x0a# <x>\\x7c\\x60`"));
			assert_false(says(outcome.out, "\n# <x>"));
		}
	}
}

/* --- parents ------------------------------------------------------------------------------------------ */

static uint64_t total(struct json_object *diff, const char *what)
{
	return json_object_get_uint64(
		json_object_object_get(json_object_object_get(diff, "memory_total"), what));
}

/* Generations that lie in archives of their own: the one before goes by the name of the parent. */
static void a_predump_in_an_archive_is_the_parent_of_the_next(void **state)
{
	const char *directory = sample_case("predump-read-criu4.1.1");
	const char *leaf = scratch_path("leaf.tar"), *parent = scratch_path("parent.tar.gz");
	struct json_object *diff, *other;
	const char *where;

	(void)state;
	pack_directory(leaf, NULL, below(directory, "2"), "2/");
	pack_directory(parent, "gzip", below(directory, "1"), "1/");
	diff = keep(run_json(0, "diff", below(directory, "1"), below(directory, "2"), "-f", "json", NULL));
	assert_true(total(diff, "in_parent") > 0);
	other = keep(run_json(0, "diff", parent, leaf, "-f", "json", NULL));
	assert_true(json_same(json_object_object_get(diff, "memory"),
			      json_object_object_get(other, "memory"), &where));
	other = keep(run_json(0, "diff", leaf, "--parent", parent, "-f", "json", NULL));
	assert_true(json_same(json_object_object_get(diff, "memory"),
			      json_object_object_get(other, "memory"), &where));
}

static void a_parent_that_is_not_there_is_told(void **state)
{
	const char *leaf = scratch_path("alone.tar");
	struct outcome outcome;

	(void)state;
	pack_directory(leaf, NULL, below(sample_case("predump-read-criu4.1.1"), "2"), "2/");
	outcome = run("diff", leaf, NULL);
	assert_int_equal(outcome.status, 3);
	assert_true(says(outcome.err, "--parent"));
	outcome = run("diff", "--parent", later(), NULL);
	assert_int_equal(outcome.status, 3);
	assert_true(says(outcome.err, "has no parent"));
	/* Against itself: what neither side has is the same on both. */
	outcome = run("diff", leaf, leaf, NULL);
	assert_int_equal(outcome.status, 0);
}

/* --- damage ------------------------------------------------------------------------------------------- */

static void one_damaged_side_gives_a_partial_diff(void **state)
{
	const char *from = below(sample_case("predump-read-criu4.1.1"), "1");
	static const char *const names[] = { "inventory.img", "pagemap-12230.img", "pagemap-12233.img",
					     "pages-1.img", "pages-2.img" };
	struct json_object *diff;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct bytes image = read_file(below(from, names[i]));

		write_file(scratch_path("cut/%s", names[i]), image.data,
			   strcmp(names[i], "pages-1.img") == 0 ? 5 * 4096 : image.len);
	}
	diff = keep(run_json(4, "diff", from, scratch_path("cut"), "-f", "json", NULL));
	assert_int_equal(total(diff, "same"), 5 + 25);
	assert_int_equal(total(diff, "unknown"), 20);
	assert_int_equal(total(diff, "changed"), 0);
}

/* --- the command line ------------------------------------------------------------------------------------ */

static void assert_usage(const char *a, const char *b, const char *c, const char *text)
{
	struct outcome outcome = run("diff", a, b, c, NULL);

	assert_int_equal(outcome.status, 2);
	assert_true(says(outcome.err, text));
}

static void what_is_asked_for_must_be_there(void **state)
{
	char bad_table[] = "--tables=proces", bad_pid[] = "-p9999", bad_format[] = "--format=csv";

	(void)state;
	assert_usage(later(), later(), bad_table, "did you mean \"process\"");
	assert_usage(later(), later(), bad_pid, "no process 9999");
	assert_usage(later(), later(), bad_format, "markdown");
	assert_int_equal(run("diff", NULL).status, 2);
	assert_int_equal(run("diff", later(), scratch_path("nothing"), NULL).status, 3);
	assert_int_equal(run("ps", later(), "--format", "markdown", NULL).status, 2);
}

static void a_process_is_compared_by_itself(void **state)
{
	struct json_object *diff = keep(run_json(1, "diff", earlier(), later(), "-f", "json", "-p", "2960",
						 NULL));
	struct json_object *memory = json_object_object_get(diff, "memory");

	(void)state;
	for (size_t i = 0; i < json_object_array_length(memory); i++)
		assert_int_equal(json_object_get_int64(json_object_object_get(
					 json_object_array_get_idx(memory, i), "pid")),
				 2960);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_is_a_key_and_memory_is_one),
		cmocka_unit_test(the_same_tasks_are_found_by_other_pids),
		cmocka_unit_test(steps_of_a_chain_are_a_list),
		cmocka_unit_test(a_step_that_cannot_be_opened_ends_the_list),
		cmocka_unit_test(text_has_the_summary_first),
		cmocka_unit_test(names_cannot_drive_markdown_or_a_terminal),
		cmocka_unit_test(a_predump_in_an_archive_is_the_parent_of_the_next),
		cmocka_unit_test(a_parent_that_is_not_there_is_told),
		cmocka_unit_test(one_damaged_side_gives_a_partial_diff),
		cmocka_unit_test(what_is_asked_for_must_be_there),
		cmocka_unit_test(a_process_is_compared_by_itself),
	};

	return run_all(tests);
}
