/*
 * Memory that lies in a parent: argv and environ of an incremental dump against what /proc said,
 * however the generations are given.
 */
#include "tests/interop/corpus.h"

#include <unistd.h>

static struct json_object *field(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, name, &value);
	return value;
}

/* The argv that /proc had for a pid; NULL where it had no such task. */
static struct json_object *cmdline_of(struct json_object *proc, int64_t pid)
{
	struct json_object *tasks = field(proc, "tasks");

	for (size_t i = 0; i < json_object_array_length(tasks); i++) {
		struct json_object *task = json_object_array_get_idx(tasks, i);

		if (json_object_get_int64(field(task, "pid")) == pid)
			return field(task, "cmdline");
	}
	return NULL;
}

/* Every process of the rows has the argv of proc.json; N of them. */
static void assert_argv(const char *directory, struct json_object *rows, size_t n)
{
	char path[4096];
	struct json_object *proc;
	const char *where;

	snprintf(path, sizeof(path), "%s/proc.json", directory);
	proc = json_file(path);
	assert_int_equal(json_object_array_length(rows), n);
	for (size_t i = 0; i < n; i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		struct json_object *cmdline =
			cmdline_of(proc, json_object_get_int64(field(row, "pid")));

		assert_non_null(cmdline);
		assert_non_null(field(row, "argv"));
		assert_true(json_same(field(row, "argv"), cmdline, &where));
	}
}

/* Kept for the life of the program. */
static const char *below(const char *directory, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		abort();
	return path;
}

static void a_directory_of_generations_is_read_at_its_leaf(void **state)
{
	const char *directory = sample_case("predump-read-criu4.1.1");

	(void)state;
	assert_argv(directory, run_json(0, "list", "process", directory, "-f", "json", NULL), 2);
}

static void a_relative_link_is_found_beside_the_directory(void **state)
{
	const char *directory = sample_case("predump-read-criu4.1.1");

	(void)state;
	assert_argv(directory,
		    run_json(0, "list", "process", below(directory, "2"), "-f", "json", NULL), 2);
}

static void generations_in_archives_are_named_with_parent(void **state)
{
	const char *directory = sample_case("predump-read-criu4.1.1");
	static const char *const filters[] = { NULL, "gzip", "zstd", "xz" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const char *leaf = scratch_path("leaf-%zu", i), *parent = scratch_path("parent-%zu", i);
		struct json_object *rows, *row;

		pack_directory(leaf, filters[i], below(directory, "2"), "checkpoint/");
		pack_directory(parent, filters[i], below(directory, "1"), "pre/");
		assert_argv(directory,
			    run_json(0, "list", "process", leaf, "--parent", parent, "-f", "json", NULL), 2);
		rows = run_json(0, "list", "process", leaf, "-f", "json", NULL);
		row = json_object_array_get_idx(rows, 0);
		assert_null(field(row, "argv")); /* absent without its parent, and no error */
	}
}

/* In one compressed archive the parent's pages pass before the leaf's mm: read a second time. */
static void a_chain_in_one_compressed_archive_is_read(void **state)
{
	const char *directory = sample_case("predump-read-criu4.1.1");
	const char *archive = scratch_path("chain.tar.gz");

	(void)state;
	pack_directory(archive, "gzip", directory, "case/");
	assert_argv(directory, run_json(0, "list", "process", archive, "-f", "json", NULL), 2);
}

static void a_page_servers_directory_is_joined(void **state)
{
	const char *directory = sample_case("page-server-criu4.1.1");

	(void)state;
	assert_argv(directory, run_json(0, "list", "process", directory, "-f", "json", NULL), 2);
	assert_argv(directory,
		    run_json(0, "list", "process", below(directory, "img"), "--parent",
			     below(directory, "ps"), "-f", "json", NULL),
		    2);
}

static void the_source_of_a_row_names_the_parent(void **state)
{
	const char *directory = sample_case("predump-read-criu4.1.1");
	struct json_object *rows = run_json(0, "list", "env", directory, "-f", "json",
					    "--provenance", NULL);
	struct json_object *row = json_object_array_get_idx(rows, 0);

	(void)state;
	assert_string_equal(json_object_get_string(field(row, "src_image")), "1/pages-1.img");
}

/* Links the files of the leaf into a new directory, with a parent link of TARGET. */
static const char *leaf_with_parent(const char *name, const char *target)
{
	static const char *const images[] = { "inventory.img", "pstree.img", "core-12230.img",
					      "core-12233.img", "mm-12230.img", "mm-12233.img",
					      "pagemap-12230.img", "pagemap-12233.img",
					      "pages-1.img", "files.img" };
	const char *from = below(sample_case("predump-read-criu4.1.1"), "2");
	const char *to = scratch_path("links/%s", name);

	for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++) {
		struct bytes image = read_file(below(from, images[i]));

		write_file(below(to, images[i]), image.data, image.len);
	}
	assert_int_equal(symlink(target, below(to, "parent")), 0);
	return to;
}

static void links_that_go_in_a_circle_are_told(void **state)
{
	const char *self = leaf_with_parent("self", ".");
	const char *ping = leaf_with_parent("ping", "../pong");
	struct outcome outcome;

	(void)state;
	leaf_with_parent("pong", "../ping");
	outcome = run("ps", self, NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data, "circle"));
	outcome = run("ps", ping, NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data, "circle"));
}

/* Evidence must not hide a checkpoint behind its own link. */
static void a_circle_hides_no_checkpoint(void **state)
{
	const char *one = scratch_path("hidden-one"), *two = scratch_path("hidden-two");
	struct outcome outcome;

	(void)state;
	leaf_with_parent("../hidden-one/checkpoint", "../checkpoint");
	outcome = run("ps", one, NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.out.data, "12233"));
	assert_non_null(strstr((const char *)outcome.err.data, "circle"));
	leaf_with_parent("../hidden-two/ping", "../pong");
	leaf_with_parent("../hidden-two/pong", "../ping");
	outcome = run("show", two, NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.out.data, "hidden-two/ping"));
	assert_non_null(strstr((const char *)outcome.out.data, "hidden-two/pong"));
	outcome = run("ps", two, "--inside", "pong", NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.out.data, "12233"));
}

/* One more than may be: what the others hold is shown, and that there is more is told. */
static void a_chain_that_is_too_long_is_told(void **state)
{
	const char *from = below(sample_case("predump-read-criu4.1.1"), "1");
	struct bytes inventory = read_file(below(from, "inventory.img"));
	struct bytes pagemap = read_file(below(from, "pagemap-12230.img"));
	struct outcome outcome;
	char link[32];

	(void)state;
	leaf_with_parent("../long/64", "../63");
	for (int i = 63; i >= 0; i--) {
		const char *directory = scratch_path("long/%d", i);

		write_file(below(directory, "inventory.img"), inventory.data, inventory.len);
		write_file(below(directory, "pagemap-12230.img"), pagemap.data, pagemap.len);
		snprintf(link, sizeof(link), "../%d", i - 1);
		if (i)
			assert_int_equal(symlink(link, below(directory, "parent")), 0);
	}
	outcome = run("ps", scratch_path("long/64"), NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data, "more than 64 checkpoints"));
	assert_non_null(strstr((const char *)outcome.out.data, "12233"));
	outcome = run("list", "process", scratch_path("long/63"), NULL);
	assert_null(strstr((const char *)outcome.err.data, "more than 64 checkpoints"));
}

/* Elsewhere is not damage: what is here is shown, and show says what is not. */
static void a_parent_that_is_elsewhere_is_no_damage(void **state)
{
	static const char *const targets[] = { "../nowhere", "/etc", "../../../../../../../../etc" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char name[32];
		struct outcome outcome;

		snprintf(name, sizeof(name), "elsewhere-%zu", i);
		outcome = run("show", leaf_with_parent(name, targets[i]), NULL);
		assert_int_equal(outcome.status, 0);
		assert_non_null(strstr((const char *)outcome.out.data, "--parent"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_directory_of_generations_is_read_at_its_leaf),
		cmocka_unit_test(a_relative_link_is_found_beside_the_directory),
		cmocka_unit_test(generations_in_archives_are_named_with_parent),
		cmocka_unit_test(a_chain_in_one_compressed_archive_is_read),
		cmocka_unit_test(a_page_servers_directory_is_joined),
		cmocka_unit_test(the_source_of_a_row_names_the_parent),
		cmocka_unit_test(links_that_go_in_a_circle_are_told),
		cmocka_unit_test(a_circle_hides_no_checkpoint),
		cmocka_unit_test(a_chain_that_is_too_long_is_told),
		cmocka_unit_test(a_parent_that_is_elsewhere_is_no_damage),
	};

	return run_all(tests);
}
