/* Archives that are damaged, and members with holes. */
#include "tests/support/sources.h"
#include "tests/support/wire.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/source/name.h"
#include "decoders/source/source.h"

/* --- damaged archives ------------------------------------------------------------------------- */

static void what_is_no_archive_is_not_readable(void **state)
{
	(void)state;
	write_file(scratch_path("text"), "this is no archive at all, only text\n", 37);
	assert_not_readable(scratch_path("text"));
	write_file(scratch_path("nil"), "", 0);
	assert_not_readable(scratch_path("nil"));
	write_file(scratch_path("gz"), "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
	assert_not_readable(scratch_path("gz"));
}

static void an_archive_of_nothing_is_not_readable(void **state)
{
	static const char zeroes[1024];

	(void)state;
	write_file(scratch_path("zeroes.tar"), zeroes, sizeof(zeroes));
	assert_not_readable(scratch_path("zeroes.tar"));
}

static const struct tar_entry three[] = {
	{ "a", 'f', NULL, "first", 5 },
	{ "b", 'f', NULL, "0123456789", 10 },
	{ "c", 'f', NULL, "third", 5 },
};

static void a_cut_tar_gives_what_is_intact(void **state)
{
	struct source source;
	struct arena arena;
	struct bytes archive, got = NO_BYTES;
	struct error *error;

	(void)state;
	write_tar(scratch_path("whole.tar"), NULL, three, 3);
	archive = read_file(scratch_path("whole.tar"));
	write_file(scratch_path("cut.tar"), archive.data, 1536 + 4); /* four bytes of "b" */
	open_source(scratch_path("cut.tar"), &source);
	assert_content(&source, "a", BYTES("first"));
	assert_int_equal(find(&source, "b")->state, MEMBER_TRUNCATED);
	assert_null(find(&source, "c"));
	assert_non_null(problem_about(&source, "b"));
	assert_string_equal(problem_about(&source, "b")->source, scratch_path("cut.tar"));
	arena_init(&arena);
	error = source_load(&source, find(&source, "b"), MAX_LOADED, &arena, &got);
	assert_non_null(error);
	assert_true(bytes_equal(got, BYTES("0123")));
	error_free(error);
	arena_deinit(&arena);
	source_close(&source);
}

static void a_tar_cut_in_a_header_is_told(void **state)
{
	struct source source;
	struct bytes archive;

	(void)state;
	write_tar(scratch_path("whole2.tar"), NULL, three, 3);
	archive = read_file(scratch_path("whole2.tar"));
	write_file(scratch_path("cut2.tar"), archive.data, 1024 + 100);
	open_source(scratch_path("cut2.tar"), &source);
	assert_content(&source, "a", BYTES("first"));
	assert_int_equal(source.members.n, 1);
	assert_int_equal(source.problems.n, 1);
	assert_int_equal(source.problems.items[0]->kind, ERROR_DAMAGED);
	source_close(&source);
}

static void a_damaged_header_does_not_end_an_archive_in_silence(void **state)
{
	struct source source;
	struct bytes archive;
	uint8_t *damaged;

	(void)state;
	write_tar(scratch_path("whole3.tar"), NULL, three, 3);
	archive = read_file(scratch_path("whole3.tar"));
	damaged = memcpy(malloc(archive.len), archive.data, archive.len);
	damaged[1024 + 150] ^= 0x10; /* the checksum of "b" */
	write_file(scratch_path("bad.tar"), damaged, archive.len);
	free(damaged);
	open_source(scratch_path("bad.tar"), &source);
	assert_content(&source, "a", BYTES("first"));
	assert_true(source.problems.n > 0);
	source_close(&source);
}

/* DESIGN 3: concatenated tars are told; members behind the end must not be lost in silence. */
static void bytes_behind_the_end_of_an_archive_are_told(void **state)
{
	struct source source;
	struct bytes archive;
	struct out twice;

	(void)state;
	write_tar(scratch_path("once.tar"), NULL, three, 1);
	archive = read_file(scratch_path("once.tar"));
	out_init(&twice, -1);
	out_bytes(&twice, archive);
	write_tar(scratch_path("other.tar"), NULL, three + 2, 1);
	out_bytes(&twice, read_file(scratch_path("other.tar")));
	write_file(scratch_path("both.tar"), out_held(&twice).data, twice.len);
	out_deinit(&twice);
	open_source(scratch_path("both.tar"), &source);
	assert_content(&source, "a", BYTES("first"));
	assert_true(source.problems.n > 0 || find(&source, "c"));
	source_close(&source);
}

static void assert_rest(const char *filter, const char *rest, size_t len, bool is_told)
{
	struct source source;
	struct out whole;

	write_sample(scratch_path("packed"), filter);
	out_init(&whole, -1);
	out_bytes(&whole, read_file(scratch_path("packed")));
	out_bytes(&whole, (struct bytes){ (const uint8_t *)rest, len });
	write_file(scratch_path("rest"), out_held(&whole).data, whole.len);
	out_deinit(&whole);
	open_source(scratch_path("rest"), &source);
	assert_content(&source, "config.dump", BYTES("{}"));
	assert_int_equal(source.problems.n, is_told);
	if (is_told)
		assert_non_null(strstr(source.problems.items[0]->message, "behind the end"));
	source_close(&source);
}

static void bytes_behind_what_is_compressed_are_told(void **state)
{
	static const char *const filters[] = { "gzip", "bzip2", "lz4" };
	static const char hidden[4096] = { [4000] = 'x' }, padding[4096];

	(void)state;
	make_large();
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		assert_rest(filters[i], "hidden here", 11, true);
		assert_rest(filters[i], hidden, sizeof(hidden), true);
		assert_rest(filters[i], padding, sizeof(padding), false);
	}
}

static void a_cut_gzip_gives_what_is_intact(void **state)
{
	struct source source;
	struct tar_entry entries[3];
	struct bytes archive;

	(void)state;
	make_large();
	memcpy(entries, three, sizeof(entries));
	entries[1].data = large_sample;
	entries[1].len = LARGE_SAMPLE;
	write_tar(scratch_path("whole.tgz"), "gzip", entries, 3);
	archive = read_file(scratch_path("whole.tgz"));
	write_file(scratch_path("cut.tgz"), archive.data, archive.len / 2);
	open_source(scratch_path("cut.tgz"), &source);
	assert_content(&source, "a", BYTES("first"));
	assert_int_equal(find(&source, "b")->state, MEMBER_TRUNCATED);
	assert_non_null(problem_about(&source, "b"));
	assert_null(find(&source, "c"));
	source_close(&source);
}

static void a_gzip_whose_bytes_are_changed_is_told(void **state)
{
	struct source source;
	struct bytes archive;
	uint8_t *damaged;

	(void)state;
	make_large();
	write_sample(scratch_path("flip.tgz"), "gzip");
	archive = read_file(scratch_path("flip.tgz"));
	damaged = memcpy(malloc(archive.len), archive.data, archive.len);
	for (size_t i = 0; i < 64; i++)
		damaged[archive.len / 2 + i] ^= 0xff;
	write_file(scratch_path("flipped.tgz"), damaged, archive.len);
	free(damaged);
	open_source(scratch_path("flipped.tgz"), &source);
	assert_true(source.problems.n > 0);
	source_close(&source);
}

/* --- sparse members --------------------------------------------------------------------------- */

/* 1 MiB, of which "HEAD" stands at 0x1000 and "TAIL" at 0x80000; all else is holes. */
static void write_sparse(const char *path, bool gzip)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	static char content[1 << 20];

	memcpy(content + 0x1000, "HEAD", 4);
	memcpy(content + 0x80000, "TAIL", 4);
	if (gzip)
		archive_write_add_filter_gzip(archive);
	archive_write_set_format_pax(archive);
	assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
	archive_entry_set_pathname(entry, "sparse");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, sizeof(content));
	archive_entry_sparse_add_entry(entry, 0x1000, 4);
	archive_entry_sparse_add_entry(entry, 0x80000, 4);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(archive, content, sizeof(content)), sizeof(content));
	archive_entry_free(entry);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
}

static void assert_sparse(const char *path, bool gzip)
{
	static uint8_t wanted[1 << 20];
	struct source source;

	(void)scratch_path("made");
	write_file(path, "", 0);
	write_sparse(path, gzip);
	memcpy(wanted + 0x1000, "HEAD", 4);
	memcpy(wanted + 0x80000, "TAIL", 4);
	open_source(path, &source);
	assert_int_equal(find(&source, "sparse")->size, sizeof(wanted));
	assert_content(&source, "sparse", (struct bytes){ wanted, sizeof(wanted) });
	source_close(&source);
}

static void a_sparse_member_of_a_plain_tar_has_its_holes(void **state)
{
	(void)state;
	assert_sparse(scratch_path("sparse.tar"), false);
}

static void a_sparse_member_of_a_gzip_tar_has_its_holes(void **state)
{
	(void)state;
	assert_sparse(scratch_path("sparse.tar.gz"), true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_archive_is_not_readable),
		cmocka_unit_test(an_archive_of_nothing_is_not_readable),
		cmocka_unit_test(a_cut_tar_gives_what_is_intact),
		cmocka_unit_test(a_tar_cut_in_a_header_is_told),
		cmocka_unit_test(a_damaged_header_does_not_end_an_archive_in_silence),
		cmocka_unit_test(bytes_behind_the_end_of_an_archive_are_told),
		cmocka_unit_test(bytes_behind_what_is_compressed_are_told),
		cmocka_unit_test(a_cut_gzip_gives_what_is_intact),
		cmocka_unit_test(a_gzip_whose_bytes_are_changed_is_told),
		cmocka_unit_test(a_sparse_member_of_a_plain_tar_has_its_holes),
		cmocka_unit_test(a_sparse_member_of_a_gzip_tar_has_its_holes),
	};

	return run_all(tests);
}
