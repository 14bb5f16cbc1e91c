/* manifest: digests against sha256sum, names that come back whatever they are, and --check. */
#include "tests/support/handmade.h"
#include "tests/support/sources.h"

#include <stdio.h>
#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/source/digests.h"
#include "decoders/source/manifest.h"
#include "inspect/export/manifest_forms.h"

enum { MIXED = 3 << 20 };
static uint8_t mixed[MIXED];

static const struct tar_entry members[] = {
	{ "dir", 'd', NULL, NULL, 0 },
	{ "dir/large", 'f', NULL, mixed, MIXED },
	{ "empty", 'f', NULL, "", 0 },
	{ "link", 'l', "empty", NULL, 0 },
	{ "small", 'f', NULL, "some bytes", 10 },
};
static const char *const filters[] = { NULL, "gzip", "zstd", "xz", "bzip2", "lz4" };

/* --- against sha256sum ------------------------------------------------------------------------------- */

/* What a command of the shell prints. */
static struct bytes shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static struct bytes shell(const char *format, ...)
{
	const char *output = scratch_path("shell");
	char command[4096];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	snprintf(command + len, sizeof(command) - (size_t)len, " > '%s'", output);
	assert_int_equal(system(command), 0);
	return read_file(output);
}

/* The output has a line for the file PATH that calls it NAME. */
static void assert_row(struct bytes output, const char *path, const char *name)
{
	char line[8192];

	snprintf(line, sizeof(line), "%zu,%.64s,%s\n", read_file(path).len,
		 (const char *)shell("sha256sum < '%s'", path).data, name);
	if (!strstr((const char *)output.data, line))
		fail_msg("%s of %s is not in:\n%.4000s", line, path, (const char *)output.data);
}

static void fill_large(void)
{
	for (size_t i = 0; i < MIXED; i++)
		mixed[i] = (uint8_t)(i * i >> 7 ^ i);
}

static void write_members(const char *directory)
{
	for (size_t i = 0; i < 5; i++)
		if (members[i].type == 'f')
			write_file(scratch_path("%s/%s", directory, members[i].name), members[i].data,
				   members[i].len);
}

static void assert_members(struct bytes output, const char *before)
{
	static const char *const names[] = { "dir/large", "empty", "small" };

	for (size_t i = 0; i < 3; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s%s", before, names[i]);
		assert_row(output, scratch_path("plain/%s", names[i]), name);
	}
}

static size_t count(struct bytes text, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.data[i] == (uint8_t)c;
	return n;
}

static void digests_are_those_of_sha256sum(void **state)
{
	(void)state;
	fill_large();
	write_members("plain");
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		const char *path = scratch_path("a.tar.%s", filters[i] ? filters[i] : "none");
		struct outcome outcome;
		char name[64];

		write_tar(path, filters[i], members, 5);
		outcome = run("manifest", path, NULL);
		assert_int_equal(outcome.status, 0);
		snprintf(name, sizeof(name), "./%s", strrchr(path, '/') + 1);
		assert_row(outcome.out, path, name);
		assert_members(outcome.out, "");
		assert_int_equal(count(outcome.out, '\n'), 4 + 1 + 3);
	}
}

static void a_directory_has_the_digests_of_its_files(void **state)
{
	struct outcome outcome;

	(void)state;
	write_members("plain");
	outcome = run("manifest", scratch_path("plain"), NULL);
	assert_int_equal(outcome.status, 0);
	assert_members(outcome.out, "./");
	assert_int_equal(count(outcome.out, '\n'), 4 + 3);
}

static void an_archive_from_a_pipe_is_the_same(void **state)
{
	const char *program = getenv("COLDCASE"), *path = scratch_path("piped.tar");
	struct bytes output;

	(void)state;
	write_members("plain");
	write_tar(path, NULL, members, 5);
	output = shell("cat '%s' | '%s' manifest -", path, program ? program : "build/coldcase");
	assert_members(output, "");
	assert_row(output, path, "./-");
}

/* Whatever stands behind the end, the file is digested to its end. */
static void what_is_behind_the_end_counts_for_the_archive(void **state)
{
	static const char *const endings[] = { "trailing bytes", "" };

	(void)state;
	write_members("plain");
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		const char *path = scratch_path("trailing.tar");
		struct outcome outcome;

		write_tar(path, filters[i], members, 5);
		shell("{ printf '%s'; head -c 300000 /dev/zero; } | tee -a '%s'", endings[i % 2], path);
		outcome = run("manifest", path, NULL);
		assert_row(outcome.out, path, "./trailing.tar");
		if (!filters[i])
			assert_members(outcome.out, ""); /* what decompressors make of it is theirs */
	}
}

static void of_an_archive_that_is_cut_there_is_what_is_left(void **state)
{
	const char *path = scratch_path("cut.tar");
	struct outcome outcome;
	struct bytes whole;

	(void)state;
	write_members("plain");
	write_tar(path, NULL, members, 5);
	whole = read_file(path);
	write_file(path, whole.data, 1 << 20);
	outcome = run("manifest", path, NULL);
	assert_int_equal(outcome.status, 4);
	assert_row(outcome.out, path, "./cut.tar");
	/* Two headers stand before its data. */
	write_file(scratch_path("part"), mixed, (1 << 20) - 1024);
	assert_row(outcome.out, scratch_path("part"), "dir/large");
}

static void a_damaged_stream_does_not_end_the_digest_of_the_archive(void **state)
{
	const char *path = scratch_path("damaged.tar.gz");
	struct outcome outcome;
	struct bytes whole;

	(void)state;
	fill_large();
	write_tar(path, "gzip", members, 5);
	whole = read_file(path);
	memset((uint8_t *)(uintptr_t)whole.data + whole.len / 2, 0xff, 64);
	write_file(path, whole.data, whole.len);
	outcome = run("manifest", path, NULL);
	assert_int_equal(outcome.status, 4);
	assert_row(outcome.out, path, "./damaged.tar.gz");
}

static void archives_inside_are_members(void **state)
{
	const char *inner = scratch_path("inner.tar.gz"), *path = scratch_path("outer.tar");
	struct tar_entry entry = { "inner.tar.gz", 'f', NULL, NULL, 0 };
	struct outcome outcome;
	struct bytes bytes;

	(void)state;
	write_tar(inner, "gzip", members, 5);
	bytes = read_file(inner);
	entry.data = bytes.data;
	entry.len = bytes.len;
	write_tar(path, NULL, &entry, 1);
	outcome = run("manifest", path, NULL);
	assert_row(outcome.out, inner, "inner.tar.gz");
	assert_int_equal(count(outcome.out, '\n'), 4 + 2);
}

/* Members of one name are both there, and match in their order. */
static void repeated_names_have_a_row_each(void **state)
{
	static const struct tar_entry twice[] = { { "a", 'f', NULL, "1", 1 }, { "a", 'f', NULL, "2", 1 } };
	const char *path = scratch_path("twice.tar"), *earlier = scratch_path("twice.m");

	(void)state;
	write_tar(path, NULL, twice, 2);
	assert_int_equal(run("manifest", path, "-o", earlier, NULL).status, 4);
	assert_non_null(strstr((const char *)run("manifest", path, "--check", earlier, NULL).out.data,
			       "3 matched, 0 changed, 0 missing, 0 new\n"));
}

/* --- holes --------------------------------------------------------------------------------------------- */

enum { BLOCK = 512 };

/* An old GNU header: a block of content at START, and holes before it and up to SIZE. */
static void write_sparse(const char *path, unsigned start, uint64_t size)
{
	uint8_t tar[4 * BLOCK] = "bomb";
	unsigned sum = 0;

	memcpy(tar + 100, "0000644\0" "0000000\0" "0000000\0" "00000001000\0" "00000000000\0", 48);
	tar[156] = 'S';
	memcpy(tar + 257, "ustar  ", 8);
	snprintf((char *)tar + 386, 12, "%011o", start);
	memcpy(tar + 398, "00000001000\0", 12);
	tar[483] = 0x80; /* base-256 */
	for (int i = 0; i < 8; i++)
		tar[494 - i] = (uint8_t)(size >> 8 * i);
	memset(tar + 148, ' ', 8);
	for (int i = 0; i < BLOCK; i++)
		sum += tar[i];
	snprintf((char *)tar + 148, 8, "%06o", sum);
	memset(tar + BLOCK, 'x', BLOCK);
	write_file(path, tar, sizeof(tar));
}

static void holes_are_digested_as_zeroes(void **state)
{
	static const unsigned starts[] = { 0, 5 * BLOCK };
	const char *path = scratch_path("hole.tar");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		static uint8_t content[1 << 20];

		memset(content, 0, sizeof(content));
		memset(content + starts[i], 'x', BLOCK);
		write_file(scratch_path("content"), content, sizeof(content));
		write_sparse(path, starts[i], sizeof(content));
		assert_row(run("manifest", path, NULL).out, scratch_path("content"), "bomb");
	}
}

static void holes_without_end_are_told(void **state)
{
	const char *path = scratch_path("bomb.tar");
	struct outcome outcome;

	(void)state;
	write_sparse(path, 0, (uint64_t)1 << 62);
	outcome = run("manifest", path, "--format", "jsonl", NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data, "bomb: no SHA-256: more than"));
	assert_non_null(strstr((const char *)outcome.out.data, "\"sha256\": null"));
}

/* The same where members are not streamed but read. */
static void holes_without_end_are_told_of_a_source_that_is_read(void **state)
{
	const char *path = scratch_path("bomb.tar");
	struct member_digest digest;
	struct digests digests;
	struct source source;
	struct arena arena;
	struct error *error;

	(void)state;
	write_sparse(path, 0, (uint64_t)1 << 62);
	open_source(path, &source);
	arena_init(&arena);
	digests_init(&digests, &arena);
	error = digests_of(&digests, &source, &source.members.items[0], &digest);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_LIMIT);
	error_free(error);
	arena_deinit(&arena);
	source_close(&source);
}

/* --- names ---------------------------------------------------------------------------------------------- */

static const struct tar_entry hostile[] = {
	{ "comma, and \"quotes\"", 'f', NULL, "1", 1 },
	{ "line\nfeed\r", 'f', NULL, "2", 1 },
	{ "\x1b]0;title\a", 'f', NULL, "3", 1 },
	{ "back\\slash\\x41\\\\", 'f', NULL, "4", 1 },
	{ "not \xff utf-8", 'f', NULL, "5", 1 },
	{ "# not a comment", 'f', NULL, "6", 1 },
	{ "%%%% HASHDEEP-1.0", 'f', NULL, "7", 1 },
	{ "5,0000,name", 'f', NULL, "8", 1 },
	{ " blanks ", 'f', NULL, "9", 1 },
	{ "=1+1", 'f', NULL, "10", 2 },
	{ "\u202e", 'f', NULL, "11", 2 },
};

static void hostile_names_come_back(void **state)
{
	static const char *const formats[] = { "text", "json", "jsonl" };
	const char *path = scratch_path("hostile.tar");

	(void)state;
	write_tar(path, NULL, hostile, ARRAY_SIZE(hostile));
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		const char *earlier = scratch_path("hostile.%s", formats[i]);
		struct outcome outcome;

		outcome = run("manifest", path, "--format", formats[i], "-o", earlier, NULL);
		assert_int_equal(outcome.status, 0);
		assert_quiet(read_file(earlier), formats[i]);
		outcome = run("manifest", path, "--check", earlier, NULL);
		assert_int_equal(outcome.status, 0);
		assert_string_equal((const char *)outcome.out.data,
				    "12 matched, 0 changed, 0 missing, 0 new\n");
	}
}

/* Read by itself, each name is the very bytes that went in. */
static void names_are_read_as_they_were(void **state)
{
	const char *path = scratch_path("hostile.tar"), *earlier = scratch_path("hostile.m");
	struct manifest manifest;
	struct arena arena;

	(void)state;
	write_tar(path, NULL, hostile, ARRAY_SIZE(hostile));
	assert_int_equal(run("manifest", path, "-o", earlier, NULL).status, 0);
	arena_init(&arena);
	assert_null(manifest_read(read_file(earlier), &arena, &manifest));
	assert_int_equal(manifest.entries.n, ARRAY_SIZE(hostile) + 1);
	assert_true(manifest.entries.items[0].is_archive);
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++)
		assert_true(bytes_equal(manifest.entries.items[i + 1].name, bytes_of(hostile[i].name)));
	arena_deinit(&arena);
}

/* --- against an earlier one -------------------------------------------------------------------------------- */

static const struct tar_entry before[] = { { "gone", 'f', NULL, "g", 1 }, { "other", 'f', NULL, "1", 1 },
					   { "same", 'f', NULL, "s", 1 } };
static const struct tar_entry after[] = { { "added", 'f', NULL, "n", 1 }, { "other", 'f', NULL, "2", 1 },
					  { "same", 'f', NULL, "s", 1 } };

static void what_differs_is_told(void **state)
{
	const char *old = scratch_path("old.tar"), *new = scratch_path("new.tar.gz");
	const char *earlier = scratch_path("old.m");
	struct outcome outcome;

	(void)state;
	write_tar(old, NULL, before, 3);
	write_tar(new, "gzip", after, 3);
	assert_int_equal(run("manifest", old, "-o", earlier, NULL).status, 0);
	outcome = run("manifest", new, "--check", earlier, NULL);
	assert_int_equal(outcome.status, 1);
	assert_string_equal((const char *)outcome.out.data,
			    "changed  new.tar.gz (the archive itself)\n"
			    "new      added\n"
			    "missing  gone\n"
			    "changed  other\n"
			    "1 matched, 2 changed, 1 missing, 1 new\n");
	/* Damage ranks above a difference. */
	write_file(scratch_path("old.cut"), read_file(old).data, 1000);
	assert_int_equal(run("manifest", scratch_path("old.cut"), "--check", earlier, NULL).status, 4);
}

static void differences_have_rows(void **state)
{
	const char *old = scratch_path("old.tar"), *new = scratch_path("new.tar"), *earlier;
	struct json_object *rows, *row, *value;

	(void)state;
	earlier = scratch_path("old.json");
	write_tar(old, NULL, before, 3);
	write_tar(new, NULL, after, 3);
	assert_int_equal(run("manifest", old, "--format", "json", "-o", earlier, NULL).status, 0);
	rows = run_json(1, "manifest", new, "--check", earlier, "--format", "json", NULL);
	assert_int_equal(json_object_array_length(rows), 5);
	row = json_object_array_get_idx(rows, 2);
	assert_true(json_object_object_get_ex(row, "state", &value));
	assert_string_equal(json_object_get_string(value), "missing");
	assert_true(json_object_object_get_ex(row, "size_before", &value));
	assert_int_equal(json_object_get_int(value), 1);
	assert_true(json_object_object_get_ex(row, "sha256", &value));
	assert_null(value);
	json_object_put(rows);
}

/* As "hashdeep -r -l -c md5,sha256 ." of version 4.4 printed it, paths aside. */
static void what_hashdeep_wrote_is_read(void **state)
{
	static const char text[] =
		"%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## Invoked from: /tmp\n"
		"## $ hashdeep -r -l -c md5,sha256 .\n## \n"
		"1,9dd4e461268c8034f5c8564e155c67a6,"
		"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881,./a,b\n"
		"2,25ed1bcb423b0b7200f485fc5ff71c8e,"
		"4a60bf7d4bc1e485744cf7e8d0860524752fca1ce42331be7c439fd23043f151,./s/c\n";
	struct outcome outcome;

	(void)state;
	write_file(scratch_path("deep/a,b"), "x", 1);
	write_file(scratch_path("deep/s/c"), "zz", 2);
	write_file(scratch_path("deep.m"), text, sizeof(text) - 1);
	outcome = run("manifest", scratch_path("deep"), "--check", scratch_path("deep.m"), NULL);
	assert_string_equal((const char *)outcome.out.data, "2 matched, 0 changed, 0 missing, 0 new\n");
	assert_int_equal(outcome.status, 0);
}

static void what_is_no_manifest_is_refused(void **state)
{
#define HEADER "%%%% HASHDEEP-1.0\n%%%% size,sha256,filename\n"
	static const char *const texts[] = {
		"", "x", "%%%% HASHDEEP-1.0\n", "%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n",
		"%%%% HASHDEEP-1.0\n%%%% filename,size,sha256\n",
		HEADER "1,2,name\n", HEADER "1\n", HEADER "99999999999999999999,"
		"4a60bf7d4bc1e485744cf7e8d0860524752fca1ce42331be7c439fd23043f151,x\n",
		"[{}]", "[1]", "[", "{\"name\": 1}", "{", "[{\"name\": \"a\", \"size\": -1}]",
		"[{\"name\": \"a\", \"size\": 1, \"sha256\": \"zz\"}]",
	};
#undef HEADER

	(void)state;
	write_members("plain");
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct outcome outcome;

		write_file(scratch_path("bad"), texts[i], strlen(texts[i]));
		outcome = run("manifest", scratch_path("plain"), "--check", scratch_path("bad"), NULL);
		if (outcome.status != 3 || outcome.out.len)
			fail_msg("%s: status %d", texts[i], outcome.status);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_those_of_sha256sum),
		cmocka_unit_test(a_directory_has_the_digests_of_its_files),
		cmocka_unit_test(an_archive_from_a_pipe_is_the_same),
		cmocka_unit_test(what_is_behind_the_end_counts_for_the_archive),
		cmocka_unit_test(of_an_archive_that_is_cut_there_is_what_is_left),
		cmocka_unit_test(a_damaged_stream_does_not_end_the_digest_of_the_archive),
		cmocka_unit_test(archives_inside_are_members),
		cmocka_unit_test(repeated_names_have_a_row_each),
		cmocka_unit_test(holes_are_digested_as_zeroes),
		cmocka_unit_test(holes_without_end_are_told),
		cmocka_unit_test(holes_without_end_are_told_of_a_source_that_is_read),
		cmocka_unit_test(hostile_names_come_back),
		cmocka_unit_test(names_are_read_as_they_were),
		cmocka_unit_test(what_differs_is_told),
		cmocka_unit_test(differences_have_rows),
		cmocka_unit_test(what_hashdeep_wrote_is_read),
		cmocka_unit_test(what_is_no_manifest_is_refused),
	};

	return run_all(tests);
}
