/* show of several checkpoints: a row for each, bad ones with their error. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

static struct json_object *value(struct json_object *rows, size_t i, const char *key)
{
	struct json_object *found = NULL;

	assert_true(i < json_object_array_length(rows));
	assert_true(json_object_object_get_ex(json_object_array_get_idx(rows, i), key, &found));
	return found;
}

static void assert_text(struct json_object *rows, size_t i, const char *key, const char *wanted)
{
	const char *text = json_object_get_string(value(rows, i, key));

	if (!text || !strstr(text, wanted))
		fail_msg("%s of row %zu is %s, not %s", key, i, text ? text : "null", wanted);
}

/* Two whole ones, one cut, one that only begins like an archive, two that only are called so, and a note. */
static const char *make_directory(void)
{
	struct bytes whole;

	pack_directory(scratch_path("many/a.tar"), NULL, sample_case("lxc-criu4.2.1"), "x/");
	pack_directory(scratch_path("many/b.tgz"), "gzip", sample_case("tree-criu4.2.1"), "");
	whole = read_file(scratch_path("many/a.tar"));
	write_file(scratch_path("many/c.tar"), whole.data, 2000);
	write_file(scratch_path("many/d.tgz"), "\x1f\x8b" "nothing of the kind", 21);
	write_file(scratch_path("many/checkpoint-a_b-c-2026-01-01T00:00:00Z.tar"), "", 0);
	write_file(scratch_path("many/e.tar.zst"), "junk", 4);
	write_file(scratch_path("many/note"), "not an archive", 14);
	return scratch_path("many");
}

static void a_directory_of_archives_is_a_row_each(void **state)
{
	struct json_object *rows;

	(void)state;
	rows = run_json(4, "show", make_directory(), "--format", "json", NULL);
	assert_int_equal(json_object_array_length(rows), 6);
	assert_text(rows, 0, "path", "/many/a.tar");
	assert_text(rows, 0, "producer", "lxc");
	assert_int_equal(json_object_get_int(value(rows, 0, "tasks")), 5);
	assert_null(value(rows, 0, "error"));
	assert_int_equal(json_object_get_int(value(rows, 1, "tasks")), 16);
	assert_text(rows, 2, "path", "/many/c.tar");
	assert_text(rows, 3, "error", "empty");
	for (size_t i = 2; i < 6; i++) {
		assert_null(value(rows, i, "producer"));
		assert_non_null(value(rows, i, "error"));
	}
	json_object_put(rows);
}

static void bad_ones_do_not_hide_the_others_in_text(void **state)
{
	struct outcome outcome = run("show", make_directory(), NULL);
	const char *text = (const char *)outcome.out.data;

	(void)state;
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr(text, "/many/a.tar"));
	assert_non_null(strstr(text, "/many/c.tar"));
	assert_null(strstr(text, "note"));
	assert_non_null(strstr((const char *)outcome.err.data, "/many/d.tgz"));
}

static void several_arguments_are_a_row_each(void **state)
{
	struct json_object *rows;

	(void)state;
	make_directory();
	rows = run_json(0, "show", "--format", "json", scratch_path("many/b.tgz"),
			scratch_path("many/a.tar"), NULL);
	assert_int_equal(json_object_array_length(rows), 2);
	assert_text(rows, 0, "path", "/many/b.tgz");
	json_object_put(rows);
}

/* One checkpoint with archives of its own beside the images is one. */
static void a_directory_of_one_checkpoint_is_one_screen(void **state)
{
	struct outcome outcome = run("show", sample_case("lxc-criu4.2.1"), NULL);

	(void)state;
	assert_int_equal(outcome.status, 0);
	assert_non_null(strstr((const char *)outcome.out.data, "made by      lxc"));
}

static void one_of_several_in_an_archive_is_named(void **state)
{
	const char *directory = sample_case("docker-leave-criu4.2.1");
	struct json_object *rows, *one;
	char inside[512];

	(void)state;
	pack_directory(scratch_path("two.tar"), "zstd", directory, "");
	rows = run_json(0, "show", "--format", "json", scratch_path("two.tar"), NULL);
	assert_int_equal(json_object_array_length(rows), 2);
	snprintf(inside, sizeof(inside), "%s", json_object_get_string(value(rows, 1, "inside")));
	assert_string_equal(inside, "ext/cp2");
	json_object_put(rows);
	one = run_json(0, "ps", "--format", "json", scratch_path("two.tar"), "--inside", inside, NULL);
	assert_int_equal(json_object_array_length(one), 3);
	json_object_put(one);
	assert_int_equal(run("ps", scratch_path("two.tar"), NULL).status, 3);
	assert_int_equal(run("ps", scratch_path("two.tar"), "--inside", "ext", NULL).status, 3);
}

/* What docker says of the container lies two directories above the images. */
static void containers_of_docker_have_their_names(void **state)
{
	const char *directory = sample_case("docker-leave-criu4.2.1");
	struct json_object *rows, *one;
	char path[4096];

	(void)state;
	rows = run_json(0, "show", "--format", "json", directory, NULL);
	assert_int_equal(json_object_array_length(rows), 2);
	assert_text(rows, 0, "container", "docker-leave");
	assert_text(rows, 0, "inside", "checkpoints/cp1");
	assert_text(rows, 1, "path", "/ext/cp2");
	snprintf(path, sizeof(path), "%s", json_object_get_string(value(rows, 0, "path")));
	one = run_json(0, "ps", "--format", "json", path, "--inside", "checkpoints/cp1", NULL);
	assert_int_equal(json_object_array_length(one), 3);
	json_object_put(one);
	json_object_put(rows);
}

/* The images of a case, below a directory of the test's. */
static void copy_images(const char *name, const char *images, const char *to)
{
	char from[4096];

	snprintf(from, sizeof(from), "%s%s", sample_case(name), images);
	pack_directory(scratch_path("copy.tar"), NULL, from, "");
	unpack(scratch_path("copy.tar"), to);
}

/* One that failed, of which no image is among the rarer ones; a whole one; and an archive beside both. */
static void one_that_failed_is_a_row_beside_the_others(void **state)
{
	struct json_object *rows;

	(void)state;
	write_file(scratch_path("mixed/note"), "", 0);
	copy_images("refused-flock-criu4.1.1", "/img", "mixed/a");
	copy_images("tree-criu4.2.1", "/img", "mixed/b");
	pack_directory(scratch_path("mixed/c.tar"), NULL, sample_case("lxc-criu4.2.1"), "x/");
	rows = run_json(0, "show", "--format", "json", scratch_path("mixed"), NULL);
	assert_int_equal(json_object_array_length(rows), 3);
	assert_text(rows, 0, "path", "/mixed/a");
	assert_int_equal(json_object_get_int(value(rows, 0, "tasks")), 1);
	assert_text(rows, 1, "path", "/mixed/b");
	assert_int_equal(json_object_get_int(value(rows, 1, "tasks")), 16);
	assert_text(rows, 2, "path", "/mixed/c.tar");
	json_object_put(rows);
	assert_int_equal(run("ps", scratch_path("mixed"), NULL).status, 3); /* which one? */
	pack_directory(scratch_path("mixed.tar"), NULL, scratch_path("mixed"), "");
	rows = run_json(0, "ps", "--format", "json", scratch_path("mixed.tar"), "--inside", "a", NULL);
	assert_int_equal(json_object_array_length(rows), 1);
	json_object_put(rows);
}

/* However its links lie, and with a directory between its images, it is there once. */
static void a_chain_is_one_row(void **state)
{
	struct json_object *rows;

	(void)state;
	write_file(scratch_path("chains/note"), "", 0);
	copy_images("oci-crun-incr-criu4.1.1", "", "chains/x");
	copy_images("tree-criu4.2.1", "/img", "chains/x/img/inner");
	rows = run_json(0, "show", "--format", "json", scratch_path("chains"), NULL);
	assert_int_equal(json_object_array_length(rows), 2);
	assert_text(rows, 0, "path", "/chains/x/img");
	assert_int_equal(json_object_get_int(value(rows, 0, "tasks")), 2);
	assert_text(rows, 1, "path", "/chains/x/img/inner");
	json_object_put(rows);
}

/* Nothing came after them: the last one stands for the chain. */
static void predumps_alone_are_a_row(void **state)
{
	struct json_object *rows;

	(void)state;
	write_file(scratch_path("pre/note"), "", 0);
	copy_images("oci-crun-incr-criu4.1.1", "/p1", "pre/p1");
	copy_images("oci-crun-incr-criu4.1.1", "/p2", "pre/p2");
	copy_images("predump-read-criu4.1.1", "/1", "pre/1");
	rows = run_json(0, "show", "--format", "json", scratch_path("pre"), NULL);
	assert_int_equal(json_object_array_length(rows), 2);
	assert_text(rows, 0, "path", "/pre/1");
	assert_text(rows, 1, "path", "/pre/p2");
	json_object_put(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_directory_of_archives_is_a_row_each),
		cmocka_unit_test(bad_ones_do_not_hide_the_others_in_text),
		cmocka_unit_test(several_arguments_are_a_row_each),
		cmocka_unit_test(a_directory_of_one_checkpoint_is_one_screen),
		cmocka_unit_test(one_of_several_in_an_archive_is_named),
		cmocka_unit_test(containers_of_docker_have_their_names),
		cmocka_unit_test(one_that_failed_is_a_row_beside_the_others),
		cmocka_unit_test(a_chain_is_one_row),
		cmocka_unit_test(predumps_alone_are_a_row),
	};

	return run_all(tests);
}
