/* Archives inside archives: the same bytes whatever is around them, and no nesting without end. */
#include "tests/support/sources.h"

#include <stdio.h>
#include <stdlib.h>

enum { MIXED = 3 << 20 };
static uint8_t mixed[MIXED];

static const struct tar_entry innermost[] = {
	{ "a", 'f', NULL, "first", 5 },
	{ "dir/large", 'f', NULL, mixed, MIXED },
	{ "z", 'f', NULL, "last", 4 },
};

static void fill_large(void)
{
	for (size_t i = 0; i < MIXED; i++)
		mixed[i] = (uint8_t)(i * i >> 7 ^ i);
}

/* A tar with FILTER that holds the file PATH as "inner", between two others. */
static void wrap(const char *path, const char *filter, const char *inner)
{
	struct bytes bytes = read_file(inner);
	const struct tar_entry entries[] = { { "before", 'f', NULL, "x", 1 },
					     { "inner", 'f', NULL, bytes.data, bytes.len },
					     { "later", 'f', NULL, "y", 1 } };

	write_tar(path, filter, entries, 3);
}

static void open_inner(struct source *outer, struct source *ret)
{
	struct error *error = source_open_member(outer, find(outer, "inner"), &everything, ret);

	if (error)
		fail_msg("%s", error->message);
}

static const char *const filters[] = { NULL, "gzip", "zstd" };

static void an_inner_archive_reads_as_if_it_lay_alone(void **state)
{
	(void)state;
	fill_large();
	for (int i = 0; i < 9; i++) {
		struct source outer, inner;

		write_tar(scratch_path("in"), filters[i % 3], innermost, 3);
		wrap(scratch_path("out"), filters[i / 3], scratch_path("in"));
		assert_null(source_open(scratch_path("out"), NULL, &outer)); /* keeps no member */
		open_inner(&outer, &inner);
		assert_int_equal(inner.members.n, 3);
		assert_int_equal(inner.problems.n, 0);
		assert_content(&inner, "a", BYTES("first"));
		assert_content(&inner, "dir/large", (struct bytes){ mixed, MIXED });
		assert_content(&inner, "z", BYTES("last"));
		source_close(&inner);
		source_close(&outer);
	}
}

static void an_archive_may_lie_in_a_directory(void **state)
{
	struct source outer, inner;

	(void)state;
	fill_large();
	write_file(scratch_path("beside/x"), "", 0);
	write_tar(scratch_path("beside/inner"), "gzip", innermost, 3);
	assert_null(source_open(scratch_path("beside"), NULL, &outer));
	open_inner(&outer, &inner);
	assert_content(&inner, "dir/large", (struct bytes){ mixed, MIXED });
	source_close(&inner);
	source_close(&outer);
}

/* What a compressed archive around it has not kept is read by a pass through both. */
static void ranges_of_an_inner_archive_can_be_kept_later(void **state)
{
	struct source outer, inner;
	struct want want = { .range = { 1 << 20, 100 } };
	uint8_t got[100];

	(void)state;
	fill_large();
	write_tar(scratch_path("in"), "zstd", innermost, 3);
	wrap(scratch_path("out"), "gzip", scratch_path("in"));
	assert_null(source_open(scratch_path("out"), NULL, &outer));
	assert_null(source_open_member(&outer, find(&outer, "inner"), NULL, &inner));
	want.member = source_index(&inner, find(&inner, "dir/large"));
	assert_null(source_keep(&inner, &want, 1));
	assert_null(source_read(&inner, find(&inner, "dir/large"), 1 << 20, got, sizeof(got)));
	assert_memory_equal(got, mixed + (1 << 20), sizeof(got));
	source_close(&inner);
	source_close(&outer);
}

static void damage_inside_names_the_whole_way(void **state)
{
	struct source outer, inner;
	struct bytes bytes;

	(void)state;
	fill_large();
	write_tar(scratch_path("in"), NULL, innermost, 3);
	bytes = read_file(scratch_path("in"));
	write_file(scratch_path("in"), bytes.data, bytes.len / 2);
	wrap(scratch_path("out"), NULL, scratch_path("in"));
	assert_null(source_open(scratch_path("out"), NULL, &outer));
	open_inner(&outer, &inner);
	assert_int_equal(find(&inner, "dir/large")->state, MEMBER_TRUNCATED);
	assert_true(inner.problems.n > 0);
	assert_string_equal(inner.problems.items[0]->source,
			    scratch_path("out/inner"));
	assert_string_equal(inner.problems.items[0]->image, "dir/large");
	source_close(&inner);
	source_close(&outer);
}

static void nesting_has_an_end(void **state)
{
	struct source sources[MAX_NESTING + 1];
	struct source deeper;
	struct error *error;

	(void)state;
	write_tar(scratch_path("nest-0"), NULL, innermost, 1);
	for (int i = 1; i <= MAX_NESTING + 1; i++)
		wrap(scratch_path("nest-%d", i), NULL, scratch_path("nest-%d", i - 1));
	assert_null(source_open(scratch_path("nest-%d", MAX_NESTING + 1), NULL, &sources[0]));
	for (int i = 1; i <= MAX_NESTING; i++)
		open_inner(&sources[i - 1], &sources[i]);
	error = source_open_member(&sources[MAX_NESTING], find(&sources[MAX_NESTING], "inner"), NULL,
				   &deeper);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_LIMIT);
	error_free(error);
	for (int i = MAX_NESTING; i >= 0; i--)
		source_close(&sources[i]);
}

static void what_is_no_archive_is_told(void **state)
{
	struct source outer, inner;
	struct error *error;

	(void)state;
	write_file(scratch_path("text"), "this is no archive", 18);
	wrap(scratch_path("out"), NULL, scratch_path("text"));
	assert_null(source_open(scratch_path("out"), NULL, &outer));
	assert_false(source_is_archive(&outer, find(&outer, "inner")));
	error = source_open_member(&outer, find(&outer, "inner"), NULL, &inner);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_UNREADABLE);
	error_free(error);
	source_close(&outer);
}

/* --- the program ------------------------------------------------------------------------------------ */

/* A checkpoint packed into an archive, packed into another. */
static void a_checkpoint_is_found_at_any_depth(void **state)
{
	struct outcome direct, outcome;
	const char *directory = sample_case("tree-criu4.2.1");

	(void)state;
	pack_directory(scratch_path("ck.tar"), "gzip", directory, "some/where/");
	direct = run("ps", scratch_path("ck.tar"), "--format", "json", NULL);
	assert_int_equal(direct.status, 0);
	wrap(scratch_path("1.tar"), NULL, scratch_path("ck.tar"));
	wrap(scratch_path("2.tar"), "zstd", scratch_path("1.tar"));
	wrap(scratch_path("3.tar"), NULL, scratch_path("2.tar"));
	for (int i = 1; i <= 3; i++) {
		outcome = run("ps", scratch_path("%d.tar", i), "--format", "json", NULL);
		assert_int_equal(outcome.status, 0);
		assert_true(bytes_equal(outcome.out, direct.out));
		outcome = run("show", scratch_path("%d.tar", i), NULL);
		assert_int_equal(outcome.status, 0);
		assert_non_null(strstr((const char *)outcome.out.data, scratch_path("%d.tar", i)));
	}
}

static void two_checkpoints_inside_must_be_named(void **state)
{
	struct bytes bytes;
	struct outcome outcome;

	(void)state;
	pack_directory(scratch_path("ck.tar"), "gzip", sample_case("refused-flock-criu4.1.1"), "x/");
	bytes = read_file(scratch_path("ck.tar"));
	write_tar(scratch_path("two.tar"), NULL,
		  (const struct tar_entry[]){ { "one.tgz", 'f', NULL, bytes.data, bytes.len },
					      { "two.tgz", 'f', NULL, bytes.data, bytes.len } },
		  2);
	outcome = run("ps", scratch_path("two.tar"), NULL);
	assert_int_equal(outcome.status, 3);
	assert_non_null(strstr((const char *)outcome.err.data, "one.tgz, two.tgz"));
}

/* Each layer says that it is the other one's blob, and so on. */
static void documents_that_lead_in_circles_end(void **state)
{
	static const char index[] =
		"{\"manifests\":[{\"digest\":\"sha256:aa\",\"mediaType\":\"x+json\"},"
		"{\"digest\":\"sha256:aa\",\"mediaType\":\"x+json\"}]}";
	const struct tar_entry entries[] = { { "index.json", 'f', NULL, index, sizeof(index) - 1 },
					     { "blobs/sha256/aa", 'f', NULL, index,
					       sizeof(index) - 1 } };
	struct outcome outcome;

	(void)state;
	write_tar(scratch_path("circle.tar"), NULL, entries, 2);
	outcome = run("show", scratch_path("circle.tar"), NULL);
	assert_int_equal(outcome.status, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_inner_archive_reads_as_if_it_lay_alone),
		cmocka_unit_test(an_archive_may_lie_in_a_directory),
		cmocka_unit_test(ranges_of_an_inner_archive_can_be_kept_later),
		cmocka_unit_test(damage_inside_names_the_whole_way),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(what_is_no_archive_is_told),
		cmocka_unit_test(a_checkpoint_is_found_at_any_depth),
		cmocka_unit_test(two_checkpoints_inside_must_be_named),
		cmocka_unit_test(documents_that_lead_in_circles_end),
	};

	return run_all(tests);
}
