/* Sources: directories and archives give the same members and bytes, and no name does harm. */
#include "tests/support/sources.h"
#include "tests/support/wire.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/source/name.h"
#include "decoders/source/source.h"

/* --- names ------------------------------------------------------------------------------------ */

static void assert_cleaned(const char *raw, bool safe, const char *wanted)
{
	struct arena arena;
	struct bytes clean;

	arena_init(&arena);
	assert_int_equal(name_clean(&arena, bytes_of(raw), &clean), safe);
	if (wanted)
		assert_string_equal((const char *)clean.data, wanted);
	arena_deinit(&arena);
}

static void names_are_cleaned(void **state)
{
	(void)state;
	assert_cleaned("a/b", true, "a/b");
	assert_cleaned("./a//b/", true, "a/b");
	assert_cleaned("/abs/x", true, "abs/x");
	assert_cleaned("a/./b", true, "a/b");
	assert_cleaned("././", true, "");
	assert_cleaned("...", true, "...");
	assert_cleaned("..a/b..", true, "..a/b..");
}

static void names_that_climb_are_unsafe(void **state)
{
	(void)state;
	assert_cleaned("../x", false, NULL);
	assert_cleaned("a/../../b", false, NULL);
	assert_cleaned("a/..", false, NULL);
	assert_cleaned("..", false, NULL);
	assert_cleaned("/../etc/passwd", false, NULL);
}

static void names_are_joined_with_one_slash(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_true(bytes_equal(name_join(&arena, BYTES("a/b"), BYTES("c")), BYTES("a/b/c")));
	assert_true(bytes_equal(name_join(&arena, BYTES(""), BYTES("c")), BYTES("c")));
	arena_deinit(&arena);
}

/* --- directories ------------------------------------------------------------------------------ */

static void a_directory_lists_what_is_below_it(void **state)
{
	struct source source;
	uint8_t head[4];

	(void)state;
	write_file(scratch_path("dir/b.img"), "bb", 2);
	write_file(scratch_path("dir/sub/deep/a.img"), "aaa", 3);
	write_file(scratch_path("dir/empty"), "", 0);
	open_source(scratch_path("dir"), &source);
	assert_true(source.is_directory);
	assert_int_equal(source.members.n, 5);
	assert_content(&source, "sub/deep/a.img", BYTES("aaa"));
	assert_content(&source, "b.img", BYTES("bb"));
	assert_content(&source, "empty", BYTES(""));
	assert_int_equal(find(&source, "sub")->type, MEMBER_DIRECTORY);
	assert_null(find(&source, "a.img"));
	assert_null(find(&source, "./b.img"));
	assert_int_equal(source.size, 5);
	assert_int_equal(source_head(&source, find(&source, "b.img"), head, 4), 2);
	assert_int_equal(source.problems.n, 0);
	source_close(&source);
}

static void links_in_a_directory_are_not_followed(void **state)
{
	const struct member *member;
	struct source source;
	struct arena arena;
	struct bytes got = NO_BYTES;
	struct error *error;
	uint8_t head[8];

	(void)state;
	write_file(scratch_path("links/pstree.img"), "x", 1);
	assert_int_equal(symlink("/etc/passwd", scratch_path("links/core-1.img")), 0);
	assert_int_equal(symlink("/etc", scratch_path("links/etc")), 0);
	open_source(scratch_path("links"), &source);
	member = find(&source, "core-1.img");
	assert_int_equal(member->type, MEMBER_SYMLINK);
	assert_true(bytes_equal(member->link, BYTES("/etc/passwd")));
	assert_null(find(&source, "etc/passwd"));
	arena_init(&arena);
	error = source_load(&source, member, MAX_LOADED, &arena, &got);
	assert_non_null(error);
	assert_null(got.data);
	error_free(error);
	assert_int_equal(source_head(&source, member, head, 8), 0);
	error = source_read(&source, member, 0, head, 1);
	assert_non_null(error);
	error_free(error);
	arena_deinit(&arena);
	source_close(&source);
}

/* Swapped for a link after the index was made. */
static void a_file_that_becomes_a_link_is_not_read(void **state)
{
	struct source source;
	struct error *error;
	uint8_t head[4];

	(void)state;
	write_file(scratch_path("swap/core-1.img"), "good", 4);
	open_source(scratch_path("swap"), &source);
	assert_int_equal(unlink(scratch_path("swap/core-1.img")), 0);
	assert_int_equal(symlink("/etc/passwd", scratch_path("swap/core-1.img")), 0);
	error = source_read(&source, find(&source, "core-1.img"), 0, head, 4);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_DAMAGED);
	error_free(error);
	source_close(&source);
}

static void a_fifo_in_a_directory_does_not_block(void **state)
{
	struct source source;
	uint8_t head[4];

	(void)state;
	write_file(scratch_path("fifo/a.img"), "x", 1);
	assert_int_equal(mkfifo(scratch_path("fifo/core-1.img"), 0644), 0);
	alarm(10);
	open_source(scratch_path("fifo"), &source);
	assert_int_equal(find(&source, "core-1.img")->type, MEMBER_FIFO);
	assert_int_equal(source_head(&source, find(&source, "core-1.img"), head, 4), 0);
	assert_not_readable(scratch_path("fifo/core-1.img"));
	alarm(0);
	source_close(&source);
}

static void a_file_that_shrinks_is_told(void **state)
{
	struct source source;
	struct error *error;
	char buffer[10];

	(void)state;
	write_file(scratch_path("shrink/a"), "0123456789", 10);
	open_source(scratch_path("shrink"), &source);
	assert_int_equal(truncate(scratch_path("shrink/a"), 4), 0);
	error = source_read(&source, find(&source, "a"), 0, buffer, 10);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_DAMAGED);
	assert_string_equal(error->image, "a");
	error_free(error);
	source_close(&source);
}

static void what_is_not_there_is_not_readable(void **state)
{
	(void)state;
	assert_not_readable(scratch_path("nothing"));
	assert_not_readable("/dev/null");
}

/* --- archives --------------------------------------------------------------------------------- */

static void assert_sample(const char *filter, enum compression compression)
{
	const char *path = scratch_path("sample.tar.%s", filter ? filter : "plain");
	struct source source;

	make_large();
	write_sample(path, filter);
	open_source(path, &source);
	assert_int_equal(source.compression, compression);
	assert_false(source.is_directory);
	assert_int_equal(source.members.n, 7);
	assert_int_equal(source.problems.n, 0);
	assert_content(&source, "checkpoint/a.img", BYTES("aaa"));
	assert_content(&source, "checkpoint/large", (struct bytes){ (uint8_t *)large_sample, LARGE_SAMPLE });
	assert_content(&source, "checkpoint/empty", BYTES(""));
	assert_content(&source, "config.dump", BYTES("{}"));
	assert_int_equal(find(&source, "checkpoint")->type, MEMBER_DIRECTORY);
	assert_int_equal(find(&source, "checkpoint/link")->type, MEMBER_SYMLINK);
	assert_true(bytes_equal(find(&source, "checkpoint/link")->link, BYTES("/etc/passwd")));
	assert_int_equal(find(&source, "checkpoint/hard")->type, MEMBER_HARDLINK);
	assert_int_equal(find(&source, "config.dump")->mtime, 1000000000);
	assert_int_equal(find(&source, "config.dump")->mode, 0644);
	source_close(&source);
}

static void a_plain_tar_is_read(void **state)
{
	(void)state;
	assert_sample(NULL, COMPRESSION_NONE);
}

static void a_gzip_tar_is_read_alike(void **state)
{
	(void)state;
	assert_sample("gzip", COMPRESSION_GZIP);
}

static void a_zstd_tar_is_read_alike(void **state)
{
	(void)state;
	assert_sample("zstd", COMPRESSION_ZSTD);
}

static void an_xz_tar_is_read_alike(void **state)
{
	(void)state;
	assert_sample("xz", COMPRESSION_XZ);
}

static void a_bzip2_tar_is_read_alike(void **state)
{
	(void)state;
	assert_sample("bzip2", COMPRESSION_BZIP2);
}

static void an_lz4_tar_is_read_alike(void **state)
{
	(void)state;
	assert_sample("lz4", COMPRESSION_LZ4);
}

static void a_part_of_a_member_is_read(void **state)
{
	const char *paths[] = { scratch_path("part.tar"), scratch_path("part.tar.gz") };

	(void)state;
	make_large();
	write_sample(paths[0], NULL);
	write_sample(paths[1], "gzip");
	for (int i = 0; i < 2; i++) {
		struct source source;
		struct error *error;
		char buffer[100];

		open_source(paths[i], &source);
		assert_null(source_read(&source, find(&source, "checkpoint/large"), LARGE_SAMPLE - 100, buffer,
					100));
		assert_memory_equal(buffer, large_sample + LARGE_SAMPLE - 100, 100);
		error = source_read(&source, find(&source, "checkpoint/large"), LARGE_SAMPLE - 99, buffer, 100);
		assert_non_null(error);
		assert_int_equal(error->kind, ERROR_DAMAGED);
		error_free(error);
		source_close(&source);
	}
}

static void a_limit_cuts_a_load_and_says_so(void **state)
{
	struct source source;
	struct arena arena;
	struct bytes got = NO_BYTES;
	struct error *error;

	(void)state;
	make_large();
	write_sample(scratch_path("limit.tar"), NULL);
	open_source(scratch_path("limit.tar"), &source);
	arena_init(&arena);
	error = source_load(&source, find(&source, "checkpoint/large"), 1000, &arena, &got);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_LIMIT);
	assert_int_equal(got.len, 1000);
	assert_memory_equal(got.data, large_sample, 1000);
	error_free(error);
	arena_deinit(&arena);
	source_close(&source);
}

static void the_data_of_a_plain_tar_is_where_it_is_said_to_be(void **state)
{
	const struct tar_entry entries[] = { { "a", 'f', NULL, "one", 3 }, { "b", 'f', NULL, "two", 3 } };
	const char *path = scratch_path("offsets.tar");
	struct source source;
	struct bytes archive;

	(void)state;
	write_tar(path, NULL, entries, 2);
	archive = read_file(path);
	open_source(path, &source);
	assert_int_equal(find(&source, "a")->archive_offset, 512);
	assert_int_equal(find(&source, "b")->archive_offset, 1536);
	assert_memory_equal(archive.data + 1536, "two", 3);
	source_close(&source);
}

/* --- hostile names ---------------------------------------------------------------------------- */

static void members_that_climb_are_listed_and_never_used(void **state)
{
	const struct tar_entry entries[] = {
		{ "../x", 'f', NULL, "1", 1 },
		{ "a/../../b", 'f', NULL, "2", 1 },
		{ "/abs", 'f', NULL, "3", 1 },
		{ "good", 'f', NULL, "4", 1 },
	};
	struct source source;

	(void)state;
	write_tar(scratch_path("climb.tar"), NULL, entries, 4);
	open_source(scratch_path("climb.tar"), &source);
	assert_int_equal(source.members.n, 4);
	assert_int_equal(source.n_by_name, 2);
	assert_int_equal(source.members.items[0].state, MEMBER_UNSAFE);
	assert_int_equal(source.members.items[1].state, MEMBER_UNSAFE);
	assert_null(find(&source, "../x"));
	assert_null(find(&source, "x"));
	assert_null(find(&source, "b"));
	assert_content(&source, "abs", BYTES("3"));
	assert_content(&source, "good", BYTES("4"));
	assert_int_equal(source.problems.n, 2);
	assert_int_equal(source.problems.items[0]->kind, ERROR_DAMAGED);
	source_close(&source);
}

static void of_several_members_of_a_name_the_last_counts(void **state)
{
	const struct tar_entry entries[] = {
		{ "a", 'f', NULL, "first", 5 },
		{ "./a", 'f', NULL, "second", 6 },
		{ "d/", 'd', NULL, NULL, 0 },
		{ "d", 'd', NULL, NULL, 0 },
		{ "a", 'f', NULL, "third", 5 },
	};
	struct source source;

	(void)state;
	write_tar(scratch_path("twice.tar"), NULL, entries, 5);
	open_source(scratch_path("twice.tar"), &source);
	assert_content(&source, "a", BYTES("third"));
	assert_int_equal(source.members.items[0].state, MEMBER_REPLACED);
	assert_int_equal(source.members.items[1].state, MEMBER_REPLACED);
	assert_int_equal(source.members.items[4].state, MEMBER_OK);
	assert_int_equal(source.n_by_name, 2);
	assert_non_null(problem_about(&source, "a"));
	assert_null(problem_about(&source, "d")); /* a directory twice is ordinary */
	source_close(&source);
}

static void a_file_does_not_hide_behind_a_link_of_its_name(void **state)
{
	const struct tar_entry entries[] = {
		{ "core-1.img", 'f', NULL, "good", 4 },
		{ "core-1.img", 'l', "/etc/passwd", NULL, 0 },
	};
	struct source source;

	(void)state;
	write_tar(scratch_path("hide.tar"), NULL, entries, 2);
	open_source(scratch_path("hide.tar"), &source);
	assert_int_equal(find(&source, "core-1.img")->type, MEMBER_SYMLINK);
	assert_non_null(problem_about(&source, "core-1.img"));
	source_close(&source);
}

/* --- capturing -------------------------------------------------------------------------------- */

static enum capture_plan keep_two_ranges(void *context, const struct source *source,
					 const struct member *member, struct bytes head,
					 struct arena *arena, const struct range **ret_ranges,
					 size_t *ret_n)
{
	static const struct range ranges[] = { { 100, 50 }, { 300000, 400 } };

	(void)source;
	(void)arena;
	assert_int_equal(head.len, member->size < CAPTURE_HEAD ? member->size : CAPTURE_HEAD);
	*(size_t *)context += 1;
	if (!bytes_equal(member->name, BYTES("checkpoint/large")))
		return CAPTURE_NOTHING;
	*ret_ranges = ranges;
	*ret_n = 2;
	return CAPTURE_RANGES;
}

static void assert_range(struct source *source, uint64_t offset, size_t len, bool kept)
{
	const struct member *member = find(source, "checkpoint/large");
	char buffer[1000];
	struct error *error = source_read(source, member, offset, buffer, len);

	if (kept) {
		assert_null(error);
		assert_memory_equal(buffer, large_sample + offset, len);
		return;
	}
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_LIMIT);
	assert_string_equal(error->image, "checkpoint/large");
	error_free(error);
}

static void only_wanted_ranges_are_kept_of_a_compressed_archive(void **state)
{
	size_t asked = 0;
	struct capture capture = { .plan = keep_two_ranges, .context = &asked };
	struct source source;

	(void)state;
	make_large();
	write_sample(scratch_path("ranges.tgz"), "gzip");
	assert_null(source_open(scratch_path("ranges.tgz"), &capture, &source));
	assert_int_equal(asked, 3); /* a.img, large, config.dump; of "empty" there is nothing to keep */
	assert_range(&source, 100, 50, true);
	assert_range(&source, 120, 10, true);
	assert_range(&source, 300000, 400, true);
	assert_range(&source, 99, 2, false);
	assert_range(&source, 149, 2, false);
	assert_range(&source, 200000, 1, false);
	assert_range(&source, 300399, 2, false);
	source_close(&source);
}

static void heads_are_kept_of_what_is_not_wanted(void **state)
{
	struct source source;
	uint8_t head[100];

	(void)state;
	make_large();
	write_sample(scratch_path("heads.tgz"), "gzip");
	assert_null(source_open(scratch_path("heads.tgz"), NULL, &source));
	assert_int_equal(source_head(&source, find(&source, "checkpoint/large"), head, 100),
			 CAPTURE_HEAD);
	assert_memory_equal(head, large_sample, CAPTURE_HEAD);
	assert_range(&source, 0, CAPTURE_HEAD, true);
	assert_range(&source, CAPTURE_HEAD, 1, false);
	source_close(&source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_cleaned),
		cmocka_unit_test(names_that_climb_are_unsafe),
		cmocka_unit_test(names_are_joined_with_one_slash),
		cmocka_unit_test(a_directory_lists_what_is_below_it),
		cmocka_unit_test(links_in_a_directory_are_not_followed),
		cmocka_unit_test(a_file_that_becomes_a_link_is_not_read),
		cmocka_unit_test(a_fifo_in_a_directory_does_not_block),
		cmocka_unit_test(a_file_that_shrinks_is_told),
		cmocka_unit_test(what_is_not_there_is_not_readable),
		cmocka_unit_test(a_plain_tar_is_read),
		cmocka_unit_test(a_gzip_tar_is_read_alike),
		cmocka_unit_test(a_zstd_tar_is_read_alike),
		cmocka_unit_test(an_xz_tar_is_read_alike),
		cmocka_unit_test(a_bzip2_tar_is_read_alike),
		cmocka_unit_test(an_lz4_tar_is_read_alike),
		cmocka_unit_test(a_part_of_a_member_is_read),
		cmocka_unit_test(a_limit_cuts_a_load_and_says_so),
		cmocka_unit_test(the_data_of_a_plain_tar_is_where_it_is_said_to_be),
		cmocka_unit_test(members_that_climb_are_listed_and_never_used),
		cmocka_unit_test(of_several_members_of_a_name_the_last_counts),
		cmocka_unit_test(a_file_does_not_hide_behind_a_link_of_its_name),
		cmocka_unit_test(only_wanted_ranges_are_kept_of_a_compressed_archive),
		cmocka_unit_test(heads_are_kept_of_what_is_not_wanted),
	};

	return run_all(tests);
}
