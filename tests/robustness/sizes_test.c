/* Sizes that lie: of entries, members, runs, mappings, ranges. */
#include "tests/support/handmade.h"

#include <stdlib.h>
#include <unistd.h>

#include "decoders/model/checkpoint.h"

static struct out wire;

static int begin(void **state)
{
	(void)state;
	out_init(&wire, -1);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	out_deinit(&wire);
	return 0;
}

/* A checkpoint of tasks 1 to N. */
static void write_tasks(const char *directory, uint32_t n)
{
	struct out pstree;

	write_inventory(directory);
	out_init(&pstree, -1);
	put_magic(&pstree, MAGIC_PSTREE);
	for (uint32_t pid = 1; pid <= n; pid++) {
		put_pstree(&pstree, pid, pid - 1);
		write_core(directory, pid, BYTES("task"));
	}
	write_image(directory, "pstree.img", &pstree);
	out_deinit(&pstree);
}

static void write_zeroes(const char *directory, const char *name, off_t size)
{
	const char *path = scratch_path("%s/%s", directory, name);

	write_file(path, "", 0);
	assert_int_equal(truncate(path, size), 0);
}

static void assert_told(struct outcome outcome, const char *words)
{
	if (outcome.status != 4 || !strstr((const char *)outcome.err.data, words))
		fail_msg("status %d, and not \"%s\": %.500s", outcome.status, words,
			 (const char *)outcome.err.data);
	assert_quiet(outcome.out, "output");
}

/* The value of COLUMN in the first row of TABLE; valid until the next call. */
static struct json_object *cell(int status, const char *directory, const char *table,
				const char *column)
{
	static struct json_object *rows;
	struct json_object *value = NULL;

	json_object_put(rows);
	rows = run_json(status, "list", table, scratch_path("%s", directory), "-f", "json", "-c",
			column, NULL);
	assert_true(json_object_array_length(rows) > 0);
	assert_true(json_object_object_get_ex(json_object_array_get_idx(rows, 0), column, &value));
	return value;
}

static void an_entry_of_four_gigabytes_is_told(void **state)
{
	(void)state;
	write_tasks("entry", 1);
	put_magic(&wire, MAGIC_PSTREE);
	put_pstree(&wire, 1, 0);
	put_u32(&wire, UINT32_MAX, false);
	write_image("entry", "pstree.img", &wire);
	assert_told(run("ps", scratch_path("entry"), NULL), "pstree.img entry 1 at 0x16");
	assert_told(run("show", scratch_path("entry"), NULL), "4294967295");
	assert_told(run("decode", scratch_path("entry/pstree.img"), NULL), "entry 1");
}

/* --- members of archives ---------------------------------------------------------------------- */

static void put_octal(uint8_t *field, size_t digits, uint64_t value)
{
	for (size_t i = digits; i-- > 0; value >>= 3)
		field[i] = (uint8_t)('0' + (value & 7));
}

/* Changes the size in the header at OFFSET of a tar, and mends its checksum. */
static void lie_about_size(uint8_t *header, uint64_t size)
{
	unsigned sum = 0;

	memset(header + 124, 0, 12);
	header[124] = 0x80; /* base 256 */
	for (int i = 0; i < 8; i++)
		header[135 - i] = (uint8_t)(size >> (8 * i));
	memset(header + 148, ' ', 8);
	for (int i = 0; i < 512; i++)
		sum += header[i];
	put_octal(header + 148, 6, sum);
	header[154] = '\0';
}

static void write_lying_tar(const char *path, const char *filter, uint64_t size)
{
	const char *whole = scratch_path("whole.tar");
	struct bytes archive;
	uint8_t *lie;

	write_tasks("member", 1);
	pack_directory(whole, NULL, scratch_path("member"), "");
	archive = read_file(whole);
	lie = memcpy(malloc(archive.len), archive.data, archive.len);
	for (size_t i = 0; i + 512 <= archive.len; i += 512)
		if (!memcmp(lie + i, "pstree.img", 11))
			lie_about_size(lie + i, size);
	write_file(path, lie, archive.len);
	free(lie);
	if (filter) {
		char *command;

		assert_true(asprintf(&command, "%s -f '%s'", filter, path) > 0);
		assert_int_equal(system(command), 0);
		free(command);
	}
}

static void a_member_larger_than_its_archive_is_told(void **state)
{
	static const uint64_t sizes[] = { 100000, (uint64_t)1 << 40, ((uint64_t)1 << 63) - 1, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct outcome outcome;

		write_lying_tar(scratch_path("lie.tar"), NULL, sizes[i]);
		outcome = run("show", scratch_path("lie.tar"), NULL);
		assert_int_equal(outcome.status, 4);
		assert_true(outcome.err.len > 0);
		assert_quiet(outcome.err, "errors");
		outcome = run("list", "member", scratch_path("lie.tar"), NULL);
		assert_int_equal(outcome.status, 4);
		assert_non_null(strstr((const char *)outcome.out.data, "inventory.img"));
	}
}

static void a_member_larger_than_its_compressed_archive_is_told(void **state)
{
	(void)state;
	write_lying_tar(scratch_path("lie2.tar"), "gzip", (uint64_t)1 << 40);
	assert_int_equal(run("show", scratch_path("lie2.tar.gz"), NULL).status, 4);
	assert_int_equal(run("decode", scratch_path("lie2.tar.gz"), NULL).status, 4);
}

/* --- memory ----------------------------------------------------------------------------------- */

static void write_memory(const char *directory, uint32_t pid, uint64_t start, uint64_t end)
{
	put_mm(&wire, start, end);
	put_vma(&wire, 0x10000, 0x20000);
	write_mm(directory, pid, &wire);
}

static void a_run_of_2_to_the_63_pages_is_told(void **state)
{
	(void)state;
	write_tasks("run", 1);
	write_memory("run", 1, 0x10000, 0x10010);
	write_pagemap("run", 1, 1, 0x10000, (uint64_t)1 << 63);
	write_zeroes("run", "pages-1.img", 4096);
	assert_told(run("show", scratch_path("run"), NULL), "pagemap-1.img entry 1");
	assert_told(run("list", "vma", scratch_path("run"), NULL), "pagemap-1.img entry 1");
}

/*
 * Task 1 makes the page size known, 64 KiB; task 2 claims 2^48 such pages, 2^64 bytes, in which
 * its arguments begin at the first byte.
 */
static void a_run_that_wraps_with_its_page_size_does_not_hang(void **state)
{
	struct outcome outcome;
	double start = seconds();

	(void)state;
	write_tasks("wrap", 2);
	write_memory("wrap", 1, 0, 0);
	write_pagemap("wrap", 1, 1, 0x10000, 1);
	write_zeroes("wrap", "pages-1.img", 65536);
	write_memory("wrap", 2, 0x10000, 0x10100);
	write_pagemap("wrap", 2, 2, 0x10000, (uint64_t)1 << 48);
	write_zeroes("wrap", "pages-2.img", 4096);
	outcome = run("ps", scratch_path("wrap"), NULL);
	assert_int_equal(outcome.status, 4); /* the pages file is far too short */
	assert_true(seconds() - start < 10);
}

static void a_mapping_that_ends_before_it_starts_is_shown_without_a_size(void **state)
{
	(void)state;
	write_tasks("vma", 1);
	put_mm(&wire, 0, 0);
	put_vma(&wire, 0x20000, 0x10000);
	put_vma(&wire, UINT64_MAX, 0);
	put_vma(&wire, 0, UINT64_MAX);
	write_mm("vma", 1, &wire);
	write_pagemap("vma", 1, 1, 0x10000, 1);
	write_zeroes("vma", "pages-1.img", 4096);
	assert_null(cell(0, "vma", "vma", "size"));
	assert_string_equal(json_object_get_string(cell(0, "vma", "vma", "start")), "0x20000");
	assert_int_equal(json_object_get_int64(cell(0, "vma", "vma", "pages_present")), 0);
	assert_sane(run("show", scratch_path("vma"), NULL), "show");
}

static void arguments_of_a_terabyte_are_absent(void **state)
{
	(void)state;
	write_tasks("argv", 1);
	write_memory("argv", 1, 0x10000, 0x10000 + ((uint64_t)1 << 40));
	write_pagemap("argv", 1, 1, 0x10000, (uint64_t)1 << 28);
	write_zeroes("argv", "pages-1.img", (off_t)1 << 40);
	assert_null(cell(0, "argv", "process", "argv"));
	assert_sane(run("list", "env", scratch_path("argv"), NULL), "env");
}

static void arguments_that_end_before_they_start_are_absent(void **state)
{
	(void)state;
	write_tasks("back", 1);
	write_memory("back", 1, 0x11000, 0x10000);
	write_pagemap("back", 1, 1, 0x10000, 1);
	write_zeroes("back", "pages-1.img", 4096);
	assert_null(cell(0, "back", "process", "argv"));
}

static void a_pages_file_that_is_too_short_is_told(void **state)
{
	(void)state;
	write_tasks("short", 1);
	write_memory("short", 1, 0x12000, 0x12010);
	write_pagemap("short", 1, 1, 0x10000, 4);
	write_zeroes("short", "pages-1.img", 4096);
	assert_told(run("show", scratch_path("short"), NULL), "pages-1.img");
}

/* P1: 48 small images must not make it take the same 8 MiB of pages 48 times over, and twice. */
static void pages_that_all_tasks_share_are_not_taken_again_for_each(void **state)
{
	enum { TASKS = 48, MOST = 512 << 20, PAGES = 8 << 20 };
	struct checkpoint checkpoint;

	(void)state;
	write_tasks("share", TASKS);
	for (uint32_t pid = 1; pid <= TASKS; pid++) {
		write_memory("share", pid, 0x10000, 0x10000 + PAGES);
		write_pagemap("share", pid, 1, 0x10000, PAGES / 4096);
	}
	write_zeroes("share", "pages-1.img", PAGES);
	assert_null(checkpoint_open(scratch_path("share"), &checkpoint));
	checkpoint_need(&checkpoint, PART_STRINGS);
	assert_true(checkpoint.arena.used < MOST);
	checkpoint_close(&checkpoint);
}

/* --- counts ----------------------------------------------------------------------------------- */

/* A queue that claims 2^32 - 1 messages, and has two. */
static void a_queue_of_four_thousand_million_messages_is_told(void **state)
{
	struct out payload;

	(void)state;
	out_init(&payload, -1);
	for (uint64_t field = 1; field <= 7; field++)
		put_number(&wire, field, field);
	put_message(&payload, 1, &wire);
	put_number(&payload, 2, 16384);
	put_number(&payload, 3, UINT32_MAX);
	put_magic(&wire, 0x55453737);
	put_entry(&wire, &payload);
	out_repeat(&wire, '\0', 8); /* two messages without a header and content */
	write_image("queue", "ipcns-msg-1.img", &wire);
	out_deinit(&payload);
	assert_told(run("decode", scratch_path("queue/ipcns-msg-1.img"), NULL), "entry 0");
}

static void a_semaphore_set_of_any_size_is_told_at_once(void **state)
{
	double start = seconds();
	struct out payload;

	(void)state;
	out_init(&payload, -1);
	for (uint64_t field = 1; field <= 7; field++)
		put_number(&wire, field, field);
	put_message(&payload, 1, &wire);
	put_number(&payload, 2, UINT32_MAX);
	put_magic(&wire, 0x59573019);
	put_entry(&wire, &payload);
	write_image("sem", "ipcns-sem-1.img", &wire);
	out_deinit(&payload);
	assert_told(run("decode", scratch_path("sem/ipcns-sem-1.img"), NULL), "entry 0");
	assert_true(seconds() - start < 2); /* 2^32 numbers that are not there are not looked for */
}

/* --- rows, of which each is many times its entry ---------------------------------------------------------------- */

enum { ROOM = 1 << 20 };

/* Loads PARTS of it into ROOM; the room is not passed by more than growing arrays double. */
static void load_into_room(const char *directory, unsigned parts, struct checkpoint *ret)
{
	bool is_told = false;

	assert_null(checkpoint_open(scratch_path("%s", directory), ret));
	ret->arena.budget = ROOM;
	checkpoint_need(ret, parts);
	assert_true(ret->arena.used < 4 * ROOM);
	for (size_t i = 0; i < ret->problems.n; i++)
		is_told = is_told || (ret->problems.items[i]->kind == ERROR_LIMIT &&
				      strstr(ret->problems.items[i]->message, "of rows"));
	assert_true(is_told || ret->problems.dropped);
}

static void entries_of_two_bytes_do_not_fill_the_machine(void **state)
{
	static const uint8_t entry[] = { 2, 0, 0, 0, 0x10, 1 }; /* a file with an id, and nothing else */
	struct checkpoint checkpoint;

	(void)state;
	write_tasks("tiny", 1);
	put_magic(&wire, MAGIC_FILES);
	for (size_t i = 0; i < 100000; i++)
		out_bytes(&wire, (struct bytes){ entry, sizeof(entry) });
	write_image("tiny", "files.img", &wire);
	load_into_room("tiny", PART_FILES, &checkpoint);
	assert_in_range(checkpoint.files.n, 1000, 99999);
	checkpoint_close(&checkpoint);
}

/* As entries, 64 MiB of zeroes are sixteen million, each with a problem of its own. */
static void zeroes_are_no_entries(void **state)
{
	struct outcome outcome;
	double start;

	(void)state;
	write_tasks("zeroes", 1);
	put_magic(&wire, MAGIC_FILES);
	write_image("zeroes", "files.img", &wire);
	assert_int_equal(truncate(scratch_path("zeroes/files.img"), 64 << 20), 0);
	start = seconds();
	outcome = run("decode", scratch_path("zeroes/files.img"), NULL);
	assert_told(outcome, "zeroes where entries should be");
	assert_true(seconds() - start < 2);
	assert_told(run("list", "file", scratch_path("zeroes"), "--format", "json", NULL), "zeroes where");
}

static void threads_of_a_byte_do_not_fill_the_machine(void **state)
{
	struct checkpoint checkpoint;
	struct out payload;

	(void)state;
	write_tasks("threads", 1);
	out_init(&payload, -1);
	for (uint32_t field = 1; field <= 4; field++)
		put_number(&payload, field, 1);
	for (uint32_t tid = 1; tid < 10000; tid++)
		put_number(&payload, 5, tid);
	put_magic(&wire, MAGIC_PSTREE);
	put_entry(&wire, &payload);
	out_deinit(&payload);
	write_image("threads", "pstree.img", &wire);
	load_into_room("threads", PART_TASKS, &checkpoint);
	assert_in_range(checkpoint.threads.n, 100, 9998);
	checkpoint_close(&checkpoint);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_entry_of_four_gigabytes_is_told),
		TEST(a_member_larger_than_its_archive_is_told),
		TEST(a_member_larger_than_its_compressed_archive_is_told),
		TEST(a_run_of_2_to_the_63_pages_is_told),
		TEST(a_run_that_wraps_with_its_page_size_does_not_hang),
		TEST(a_mapping_that_ends_before_it_starts_is_shown_without_a_size),
		TEST(arguments_of_a_terabyte_are_absent),
		TEST(arguments_that_end_before_they_start_are_absent),
		TEST(a_pages_file_that_is_too_short_is_told),
		TEST(pages_that_all_tasks_share_are_not_taken_again_for_each),
		TEST(a_queue_of_four_thousand_million_messages_is_told),
		TEST(a_semaphore_set_of_any_size_is_told_at_once),
		TEST(entries_of_two_bytes_do_not_fill_the_machine),
		TEST(zeroes_are_no_entries),
		TEST(threads_of_a_byte_do_not_fill_the_machine),
	};

	return run_all(tests);
}
