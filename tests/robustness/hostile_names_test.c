/* Hostile names: a checkpoint whose every name tries to drive the terminal or break the JSON. */
#include "tests/support/handmade.h"

#include "db/tables/table.h"

#define EVIL_COMM "\x1b]0;x\a"
#define EVIL_PATH "/a\nb\r\x1b[2J\xe2\x80\xaetxt\xff\xc2\x9b\"\\\x7f\t\xf3\xa0\x81\x81"
#define EVIL_ARGS "a\x1b[31m\0b\nc\0\xff\0"
#define EVIL_ENV "K\x1b=v\n\0=\0NO_EQUALS\x07\0"

static struct out image, payload, inner;

/* A number of required numbers, then nothing else. */
static void put_numbers(struct out *wire, uint64_t first, uint64_t last, uint64_t value)
{
	for (uint64_t field = first; field <= last; field++)
		put_number(wire, field, value);
}

static void put_fown(uint64_t field)
{
	struct out fown;

	out_init(&fown, -1);
	put_numbers(&fown, 1, 5, 0);
	put_message(&inner, field, &fown);
	out_deinit(&fown);
}

static void put_regular_file(void)
{
	put_number(&inner, 1, 1);
	put_number(&inner, 2, 0);
	put_number(&inner, 3, 0);
	put_fown(5);
	put_text(&inner, 6, EVIL_PATH);
	put_number(&payload, 1, 1);
	put_number(&payload, 2, 1);
	put_message(&payload, 3, &inner);
	put_entry(&image, &payload);
}

static void put_unix_socket(uint32_t id, struct bytes name)
{
	struct out opts;

	out_init(&opts, -1);
	put_number(&inner, 1, id);
	put_number(&inner, 2, 100 + id);
	put_number(&inner, 3, 1);
	put_number(&inner, 4, 10);
	put_numbers(&inner, 5, 8, 0);
	put_fown(9);
	put_numbers(&opts, 1, 6, 0);
	put_message(&inner, 10, &opts);
	put_bytes(&inner, 11, name);
	put_text(&inner, 14, "/dir\x1b[0m");
	put_number(&payload, 1, 5);
	put_number(&payload, 2, id);
	put_message(&payload, 16, &inner);
	put_entry(&image, &payload);
	out_deinit(&opts);
}

static void put_fd(uint32_t fd, uint32_t type, uint32_t id)
{
	put_number(&payload, 1, id);
	put_number(&payload, 2, 0);
	put_number(&payload, 3, type);
	put_number(&payload, 4, fd);
	put_entry(&image, &payload);
}

static void write_files(const char *directory)
{
	put_magic(&image, MAGIC_FILES);
	put_regular_file();
	put_unix_socket(2, BYTES("\0abs\x1b]0;x\a\xff"));
	put_unix_socket(3, BYTES("/path\n\xe2\x80\xae"));
	write_image(directory, "files.img", &image);
	put_magic(&image, MAGIC_FDINFO);
	put_fd(0, 1, 1);
	put_fd(1, 5, 2);
	put_fd(2, 5, 3);
	put_fd(3, 77, 4); /* no such type, no such file */
	write_image(directory, "fdinfo-1.img", &image);
}

static void write_mounts(const char *directory)
{
	put_magic(&image, MAGIC_MNTS);
	put_numbers(&payload, 1, 5, 0);
	for (uint64_t field = 6; field <= 9; field++)
		put_text(&payload, field, EVIL_PATH);
	put_text(&payload, 14, EVIL_COMM);
	put_text(&payload, 18, EVIL_COMM);
	put_entry(&image, &payload);
	write_image(directory, "mountpoints-5.img", &image);
}

/* Arguments and environment in one page. */
static void write_strings(const char *directory)
{
	char page[4096] = EVIL_ARGS;
	struct out mm;

	memcpy(page + 512, EVIL_ENV, sizeof(EVIL_ENV) - 1);
	write_file(scratch_path("%s/pages-1.img", directory), page, sizeof(page));
	write_pagemap(directory, 1, 1, 0x10000, 1);
	out_init(&mm, -1);
	put_numbers(&mm, 1, 7, 0x1000);
	put_number(&mm, 8, 0x10000);
	put_number(&mm, 9, 0x10000 + sizeof(EVIL_ARGS) - 1);
	put_number(&mm, 10, 0x10000 + 512);
	put_number(&mm, 11, 0x10000 + 512 + sizeof(EVIL_ENV) - 1);
	put_number(&mm, 12, 1);
	put_vma(&mm, 0x10000, 0x11000);
	write_mm(directory, 1, &mm);
	out_deinit(&mm);
}

static void write_hostile(const char *directory)
{
	out_init(&image, -1);
	out_init(&payload, -1);
	out_init(&inner, -1);
	write_inventory(directory);
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, 1, 0);
	write_image(directory, "pstree.img", &image);
	write_core(directory, 1, BYTES(EVIL_COMM));
	write_files(directory);
	write_mounts(directory);
	write_strings(directory);
	put_magic(&image, MAGIC_UTSNS);
	put_text(&payload, 1, EVIL_PATH);
	put_text(&payload, 2, EVIL_COMM);
	put_entry(&image, &payload);
	write_image(directory, "utsns-2.img", &image);
	write_file(scratch_path("%s/evil\x1b]0;x\a\n.img", directory), "x", 1);
	out_deinit(&image);
	out_deinit(&payload);
	out_deinit(&inner);
}

/* The documents of an engine, hostile too. */
static void write_documents(const char *directory)
{
	static const char config[] =
		"{\"id\": \"\\u001b]0;x\\u0007\", \"name\": \"n\\u202e\\n\", \"runtime\": \"\\u009b\","
		" \"rootfsImageName\": \"i\\u0000\\u001b\", \"createdTime\": \"\\u001b[2J\"}";
	static const char log[] = "(00.000000) Version: 4.2\x1b[2J (gitid 0)\n"
				  "(00.000001) Running on n Linux 6\x1b]0;x\a #1\n";

	write_file(scratch_path("%s/config.dump", directory), config, sizeof(config) - 1);
	write_file(scratch_path("%s/checkpoint/dump.log", directory), log, sizeof(log) - 1);
}

static const char *hostile_directory(void)
{
	static const char *path;

	if (!path) {
		write_hostile("evil/checkpoint");
		write_documents("evil");
		path = scratch_path("evil");
	}
	return path;
}

static const char *hostile_archive(void)
{
	static const char *path;

	if (!path) {
		path = scratch_path("evil.tar.gz");
		pack_directory(path, "gzip", hostile_directory(), "d\x1b[2J\x7f/");
	}
	return path;
}

static void assert_harmless(struct outcome outcome, const char *what)
{
	assert_sane(outcome, what);
	assert_quiet(outcome.out, what);
	assert_quiet(outcome.err, what);
	for (size_t i = 0; i + 2 < outcome.out.len; i++) {
		if (!memcmp(outcome.out.data + i, "\xe2\x80\xae", 3))
			fail_msg("%s: U+202E at %zu of the output", what, i);
		if (!memcmp(outcome.out.data + i, "\xc2\x9b", 2))
			fail_msg("%s: CSI at %zu of the output", what, i);
	}
}

static void assert_harmless_json(struct outcome outcome, const char *what)
{
	struct json_object *parsed = json_parse(outcome.out);

	assert_harmless(outcome, what);
	if (!parsed)
		fail_msg("%s: no JSON: %.500s", what, (const char *)outcome.out.data);
	json_object_put(parsed);
}

static void check_commands(const char *path)
{
	assert_harmless(run("show", path, NULL), "show");
	assert_harmless_json(run("show", "-f", "json", path, NULL), "show json");
	assert_harmless(run("ps", path, NULL), "ps");
	assert_harmless_json(run("ps", "-f", "json", path, NULL), "ps json");
	assert_harmless_json(run("decode", path, NULL), "decode");
	assert_harmless_json(run("decode", "--pretty", path, NULL), "decode pretty");
	assert_harmless_json(run("info", path, NULL), "info");
}

static void check_tables(const char *path)
{
	for (size_t i = 0; i < n_tables; i++) {
		assert_harmless(run("list", tables[i]->name, path, "--provenance", NULL),
				tables[i]->name);
		assert_harmless_json(run("list", tables[i]->name, path, "-f", "json", "--provenance",
					 NULL),
				     tables[i]->name);
	}
}

static void no_command_lets_a_name_of_a_directory_through(void **state)
{
	(void)state;
	check_commands(hostile_directory());
}

static void no_table_lets_a_name_of_a_directory_through(void **state)
{
	(void)state;
	check_tables(hostile_directory());
}

static void no_command_lets_a_name_of_an_archive_through(void **state)
{
	(void)state;
	check_commands(hostile_archive());
}

static void no_table_lets_a_name_of_an_archive_through(void **state)
{
	(void)state;
	check_tables(hostile_archive());
}

static const char *first_cell(const char *table, const char *column)
{
	struct outcome outcome = run("list", table, hostile_directory(), "-f", "json", "-c", column,
				     NULL);
	static struct json_object *rows; /* the text lies in it until the next call */
	struct json_object *value = NULL;

	json_object_put(rows);
	rows = json_parse(outcome.out);
	assert_non_null(rows);
	assert_true(json_object_array_length(rows) > 0);
	json_object_object_get_ex(json_object_array_get_idx(rows, 0), column, &value);
	return json_object_get_string(value);
}

/* Told exactly, all the same: what is valid as it is, what is not as \xNN. */
static void what_the_names_are_is_told_exactly(void **state)
{
	(void)state;
	assert_string_equal(first_cell("process", "comm"), "\x1b]0;x\a");
	assert_string_equal(first_cell("file", "path"),
			    "/a\nb\r\x1b[2J\xe2\x80\xaetxt\\xff\xc2\x9b\"\\\\\x7f\t\xf3\xa0\x81\x81");
	assert_string_equal(first_cell("env", "name"), "K\x1b");
	assert_string_equal(first_cell("env", "value"), "v\n");
	assert_string_equal(first_cell("mount", "fstype"), "\x1b]0;x\a");
}

static void arguments_are_told_one_by_one(void **state)
{
	struct outcome outcome =
		run("list", "process", hostile_directory(), "-f", "json", "-c", "argv", NULL);
	struct json_object *rows = json_parse(outcome.out), *argv = NULL;

	(void)state;
	assert_non_null(rows);
	json_object_object_get_ex(json_object_array_get_idx(rows, 0), "argv", &argv);
	assert_int_equal(json_object_array_length(argv), 3);
	assert_string_equal(json_object_get_string(json_object_array_get_idx(argv, 0)), "a\x1b[31m");
	assert_string_equal(json_object_get_string(json_object_array_get_idx(argv, 1)), "b\nc");
	assert_string_equal(json_object_get_string(json_object_array_get_idx(argv, 2)), "\\xff");
	json_object_put(rows);
}

static void a_path_on_the_command_line_is_escaped_in_errors(void **state)
{
	struct outcome outcome;

	(void)state;
	outcome = run("show", "/nothing\x1b]0;x\a\n", NULL);
	assert_int_equal(outcome.status, 3);
	assert_quiet(outcome.err, "error");
	outcome = run("\x1b[2J", NULL);
	assert_int_equal(outcome.status, 2);
	assert_quiet(outcome.err, "error");
	outcome = run("ps", "--\x1b[2J", NULL);
	assert_int_equal(outcome.status, 2);
	assert_quiet(outcome.err, "error");
	outcome = run("ps", "-\x1b", NULL);
	assert_int_equal(outcome.status, 2);
	assert_quiet(outcome.err, "error");
	outcome = run("ps", hostile_directory(), "-c", "\x1b[2J", NULL);
	assert_int_equal(outcome.status, 2);
	assert_quiet(outcome.err, "error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_command_lets_a_name_of_a_directory_through),
		cmocka_unit_test(no_table_lets_a_name_of_a_directory_through),
		cmocka_unit_test(no_command_lets_a_name_of_an_archive_through),
		cmocka_unit_test(no_table_lets_a_name_of_an_archive_through),
		cmocka_unit_test(what_the_names_are_is_told_exactly),
		cmocka_unit_test(arguments_are_told_one_by_one),
		cmocka_unit_test(a_path_on_the_command_line_is_escaped_in_errors),
	};

	return run_all(tests);
}
