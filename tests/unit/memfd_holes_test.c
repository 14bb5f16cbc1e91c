/* What the images do not hold of a memfd: zeroes, what is behind its end, and what was lost. */
#include "tests/support/handmade.h"

enum {
	MAGIC_MEMFD_INODE = 0x48453499,
	PLACE = 0x10000000,
	SHARED = 0x4081,  /* regular, shared, memfd */
	PRIVATE = 0x4041,
	MEMFD = 18,       /* of fd_types */
	IN_PARENT = 1,
	PRESENT = 4,
};

static struct out image, payload, inner;

/* An owner for signals: nobody. */
static void put_owner(struct out *message, uint64_t field)
{
	struct out owner;

	out_init(&owner, -1);
	for (uint64_t i = 1; i <= 5; i++)
		put_number(&owner, i, 0);
	put_message(message, field, &owner);
	out_deinit(&owner);
}

static void write_memfd(const char *directory, uint64_t size)
{
	const uint64_t inode[] = { 0, 0, 0, size, 50, 0, 9 };

	put_magic(&image, MAGIC_FILES);
	put_number(&payload, 1, MEMFD);
	put_number(&payload, 2, 4);
	put_number(&inner, 1, 4);
	put_number(&inner, 2, 2); /* O_RDWR */
	put_number(&inner, 3, 0);
	put_owner(&inner, 4);
	put_number(&inner, 5, 9);
	put_message(&payload, 20, &inner);
	put_entry(&image, &payload);
	write_image(directory, "files.img", &image);
	put_magic(&image, MAGIC_MEMFD_INODE);
	put_text(&payload, 1, "mine");
	for (uint64_t field = 2; field <= 7; field++)
		put_number(&payload, field, inode[field - 1]);
	put_entry(&image, &payload);
	write_image(directory, "memfd.img", &image);
}

/* Six pages of file 4 in the task, and one page that is its own. */
static void write_task(const char *directory, uint64_t status)
{
	const uint64_t fields[] = { PLACE, PLACE + 0x6000, 0, 4, 3, status == SHARED ? 1 : 2, status, 1 };

	write_inventory(directory);
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, 7, 0);
	write_image(directory, "pstree.img", &image);
	write_core(directory, 7, BYTES("seven"));
	put_mm(&payload, 0, 0);
	for (uint64_t i = 0; i < 8; i++)
		put_number(&inner, i + 1, fields[i]);
	put_message(&payload, 14, &inner);
	write_mm(directory, 7, &payload);
	write_pagemap(directory, 7, 1, PLACE + 0x2000, 1);
	write_file(scratch_path("%s/pages-1.img", directory), (uint8_t[4096]){ 'p' }, 4096);
}

/* The second page of the memfd is there, or in the parent. */
static void write_shared(const char *directory, uint64_t flags)
{
	const uint64_t run[] = { 0x1000, 0, 0, flags, 1 };

	put_magic(&image, MAGIC_PAGEMAP);
	put_number(&payload, 1, 2);
	put_entry(&image, &payload);
	for (uint64_t field = 1; field <= 5; field++)
		if (field != 3)
			put_number(&payload, field, run[field - 1]);
	put_entry(&image, &payload);
	write_image(directory, "pagemap-shmem-50.img", &image);
	if (flags == PRESENT)
		write_file(scratch_path("%s/pages-2.img", directory), (uint8_t[4096]){ 's' }, 4096);
}

/* "1 zero, 1 present, ...": pages and states of all of it. */
static void expect_states(const char *directory, const char *wanted)
{
	struct json_object *rows = run_json(0, "mem", scratch_path("%s", directory), "-p", "7", "-f", "json", NULL);
	char states[256] = "";

	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);

		size_t len = strlen(states);

		snprintf(states + len, sizeof(states) - len, "%s%d %s", i ? ", " : "",
			 json_object_get_int(json_object_object_get(row, "len")) / 4096,
			 json_object_get_string(json_object_object_get(row, "state")));
	}
	assert_string_equal(states, wanted);
	json_object_put(rows);
}

/* Its end is in the fourth page. */
static void what_was_never_written_is_zero_up_to_the_end(void **state)
{
	static const uint8_t zeroes[8];
	struct outcome outcome;

	(void)state;
	write_task("memfd", SHARED);
	write_memfd("memfd", 0x3001);
	write_shared("memfd", PRESENT);
	expect_states("memfd", "1 zero, 1 present, 2 zero, 2 file");
	outcome = run("mem", scratch_path("memfd"), "-p", "7", "--raw", "10003ff8:8", NULL);
	assert_int_equal(outcome.status, 0);
	assert_true(bytes_equal(outcome.out, (struct bytes){ zeroes, 8 }));
	assert_int_equal(run("mem", scratch_path("memfd"), "-p", "7", "--raw", "10004000:8", NULL).status, 3);
}

static void a_private_mapping_has_pages_of_its_own(void **state)
{
	(void)state;
	write_task("private", PRIVATE);
	write_memfd("private", 0x6000);
	write_shared("private", PRESENT);
	expect_states("private", "1 zero, 1 present, 1 present, 3 zero");
}

static void what_is_in_a_parent_that_is_not_here_is_missing(void **state)
{
	(void)state;
	write_task("child", SHARED);
	write_memfd("child", 0x6000);
	write_shared("child", IN_PARENT);
	expect_states("child", "1 zero, 1 missing, 4 zero");
}

static void without_a_page_map_all_is_missing(void **state)
{
	(void)state;
	write_task("lost", SHARED);
	write_memfd("lost", 0x6000);
	expect_states("lost", "6 missing");
}

static void without_its_image_a_memfd_is_missing(void **state)
{
	(void)state;
	write_task("nameless", SHARED);
	write_shared("nameless", PRESENT);
	expect_states("nameless", "2 missing, 1 present, 3 missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_never_written_is_zero_up_to_the_end),
		cmocka_unit_test(a_private_mapping_has_pages_of_its_own),
		cmocka_unit_test(what_is_in_a_parent_that_is_not_here_is_missing),
		cmocka_unit_test(without_a_page_map_all_is_missing),
		cmocka_unit_test(without_its_image_a_memfd_is_missing),
	};

	out_init(&image, -1);
	out_init(&payload, -1);
	out_init(&inner, -1);
	return run_all(tests);
}
