/* Images, entry by entry: headers, framing, and what is left of damage. */
#include "tests/support/read_image.h"

#include "schema-messages.h"
#include "task.pb-c.h"

/* The image does not open, for a reason that says WORDS. */
static void assert_no_image(const char *name, const char *words)
{
	struct error *error = open_named(name);

	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_DAMAGED);
	assert_string_equal(error->image, name);
	if (!strstr(error->message, words))
		fail_msg("\"%s\" does not say \"%s\"", error->message, words);
	error_free(error);
}

static void put_task(uint32_t pid)
{
	for (uint64_t field = 1; field <= 4; field++)
		put_number(&payload, field, pid);
}

static void assert_task(uint32_t index, uint64_t offset, uint32_t pid)
{
	struct image_entry entry;

	assert_true(image_next(&reader, &entry));
	assert_int_equal(entry.index, index);
	assert_int_equal(entry.offset, offset);
	assert_int_equal(((const PstreeEntry *)entry.message)->pid, pid);
}

/* --- headers ---------------------------------------------------------------------------------- */

static void an_ordinary_image_has_two_magics(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_task(7);
	put_entry(&image, &payload);
	open_image("pstree.img");
	assert_string_equal(reader.header.kind->name, "PSTREE");
	assert_int_equal(reader.header.first, FIRST_COMMON);
	assert_int_equal(reader.header.len, 8);
	assert_false(reader.header.big_endian);
	assert_task(0, 8, 7);
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void an_inventory_has_one_magic(void **state)
{
	struct image_entry entry;

	(void)state;
	put_u32(&image, MAGIC_INVENTORY, false);
	put_number(&payload, 1, 2);
	put_entry(&image, &payload);
	open_image("inventory.img");
	assert_string_equal(reader.header.kind->name, "INVENTORY");
	assert_int_equal(reader.header.len, 4);
	assert_true(image_next(&reader, &entry));
	assert_int_equal(entry.offset, 4);
	assert_int_equal(problems.n, 0);
}

static void an_image_of_the_old_layout_has_one_magic(void **state)
{
	(void)state;
	put_u32(&image, MAGIC_PSTREE, false);
	put_task(7);
	put_entry(&image, &payload);
	open_image("pstree.img");
	assert_string_equal(reader.header.kind->name, "PSTREE");
	assert_int_equal(reader.header.first, FIRST_NONE);
	assert_task(0, 4, 7);
	assert_end();
}

static void statistics_have_the_service_magic(void **state)
{
	(void)state;
	put_u32(&image, 0x55105940, false);
	put_u32(&image, 0x57093306, false);
	open_image("stats-dump");
	assert_string_equal(reader.header.kind->name, "STATS");
	assert_int_equal(reader.header.first, FIRST_SERVICE);
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void a_big_endian_image_is_read_as_such(void **state)
{
	(void)state;
	put_u32(&image, 0x54564319, true);
	put_u32(&image, MAGIC_PSTREE, true);
	put_task(300);
	put_u32(&image, (uint32_t)payload.len, true);
	out_bytes(&image, out_held(&payload));
	open_image("pstree.img");
	assert_true(reader.header.big_endian);
	assert_task(0, 8, 300); /* protobuf itself has no byte order */
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void the_name_decides_between_kinds_of_one_magic(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PAGEMAP);
	open_image("d/pagemap-shmem-3.img");
	assert_string_equal(reader.header.kind->name, "SHMEM_PAGEMAP");
	open_image("pagemap-3.img");
	assert_string_equal(reader.header.kind->name, "PAGEMAP");
	open_image("renamed");
	assert_string_equal(reader.header.kind->name, "PAGEMAP");
}

static void raw_images_open_by_name_and_have_no_entries(void **state)
{
	(void)state;
	open_image("pages-1.img");
	assert_string_equal(reader.header.kind->name, "PAGES");
	assert_end();
	out_text(&image, "anything");
	open_image("iptables-9.img");
	assert_string_equal(reader.header.kind->name, "IPTABLES");
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void an_unknown_magic_is_told(void **state)
{
	(void)state;
	put_magic(&image, 0x12345678);
	assert_no_image("new.img", "0x12345678");
	out_clear(&image);
	out_text(&image, "\x7f" "ELF....");
	assert_no_image("core-1.img", "0x464c457f");
}

static void too_few_bytes_are_told(void **state)
{
	(void)state;
	assert_no_image("core-1.img", "empty");
	out_text(&image, "abc");
	assert_no_image("core-1.img", "3 bytes");
}

/* The first magic alone: what is missing is the second, not an unknown 0x00000000. */
static void a_header_cut_in_half_is_told_as_too_short(void **state)
{
	(void)state;
	put_u32(&image, 0x54564319, false);
	assert_no_image("core-1.img", "too few");
	out_char(&image, 'x');
	assert_no_image("core-1.img", "too few");
}

static void images_are_recognised_by_content(void **state)
{
	(void)state;
	assert_false(image_has_magic(BYTES("")));
	assert_false(image_has_magic(BYTES("ustar  ")));
	assert_true(image_has_magic(BYTES("\x16\x31\x31\x58")));
	assert_true(image_has_magic(BYTES("\x58\x31\x31\x16")));
}

/* --- framing ---------------------------------------------------------------------------------- */

static void entries_are_counted_and_placed(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	for (uint32_t pid = 1; pid <= 3; pid++) {
		put_task(pid); /* 8 bytes, and 4 for the size */
		put_entry(&image, &payload);
	}
	open_image("pstree.img");
	assert_task(0, 8, 1);
	assert_task(1, 20, 2);
	assert_task(2, 32, 3);
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void a_size_past_the_end_is_told_with_entry_and_offset(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_task(1);
	put_entry(&image, &payload);
	put_u32(&image, 70000, false);
	out_text(&image, "abc");
	open_image("pstree.img");
	assert_task(0, 8, 1);
	assert_end();
	assert_problem(1, 20, "length 70000 runs past the end, 3 left");
}

static void a_size_of_four_gigabytes_is_no_different(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_u32(&image, UINT32_MAX, false);
	open_image("pstree.img");
	assert_end();
	assert_problem(0, 8, "4294967295");
}

static void a_size_that_is_cut_is_told(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	out_text(&image, "abc");
	open_image("pstree.img");
	assert_end();
	assert_problem(0, 8, "3 bytes left");
}

static void entries_after_a_damaged_message_are_delivered(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_task(1);
	put_entry(&image, &payload);
	put_text(&payload, 1, "not a number");
	put_entry(&image, &payload);
	put_task(3);
	put_entry(&image, &payload);
	open_image("pstree.img");
	assert_task(0, 8, 1);
	assert_task(2, 38, 3); /* 20, and an entry of 4 + 14 bytes */
	assert_end();
	assert_problem(1, 24, "wire type");
}

static void a_missing_field_is_told_and_the_entry_delivered(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_number(&payload, 1, 9);
	put_number(&payload, 2, 9);
	put_number(&payload, 3, 9);
	put_entry(&image, &payload);
	open_image("pstree.img");
	assert_task(0, 8, 9);
	assert_end();
	assert_problem(0, 18, "sid is missing");
}

static void an_attack_in_an_image_is_told_with_its_entry(void **state)
{
	(void)state;
	put_u32(&image, MAGIC_INVENTORY, false);
	put_number(&payload, 1, 2);
	put_bytes(&payload, 12, NO_BYTES);
	put_bytes(&payload, 12, NO_BYTES);
	put_entry(&image, &payload);
	open_image("inventory.img");
	assert_end();
	assert_problem(0, 4 + 4 + 2 + 2, "again");
}

static void packed_numbers_that_are_cut_are_told(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_task(1);
	put_text(&payload, 5, "\x81"); /* threads, packed: a varint that goes on */
	put_entry(&image, &payload);
	open_image("pstree.img");
	assert_end();
	assert_problem(0, 12, "");
}

static void the_first_entry_of_a_pagemap_is_another_message(void **state)
{
	struct image_entry entry;

	(void)state;
	put_magic(&image, MAGIC_PAGEMAP);
	put_number(&payload, 1, 5);
	put_entry(&image, &payload);
	put_number(&payload, 1, 0x1000);
	put_number(&payload, 2, 1);
	put_entry(&image, &payload);
	open_image("pagemap-1.img");
	assert_true(image_next(&reader, &entry));
	assert_ptr_equal(entry.schema, &schema_pagemap_head);
	assert_true(image_next(&reader, &entry));
	assert_ptr_equal(entry.schema, &schema_pagemap_entry);
	assert_end();
	assert_int_equal(problems.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		READING(an_ordinary_image_has_two_magics),
		READING(an_inventory_has_one_magic),
		READING(an_image_of_the_old_layout_has_one_magic),
		READING(statistics_have_the_service_magic),
		READING(a_big_endian_image_is_read_as_such),
		READING(the_name_decides_between_kinds_of_one_magic),
		READING(raw_images_open_by_name_and_have_no_entries),
		READING(an_unknown_magic_is_told),
		READING(too_few_bytes_are_told),
		READING(a_header_cut_in_half_is_told_as_too_short),
		READING(images_are_recognised_by_content),
		READING(entries_are_counted_and_placed),
		READING(a_size_past_the_end_is_told_with_entry_and_offset),
		READING(a_size_of_four_gigabytes_is_no_different),
		READING(a_size_that_is_cut_is_told),
		READING(entries_after_a_damaged_message_are_delivered),
		READING(a_missing_field_is_told_and_the_entry_delivered),
		READING(an_attack_in_an_image_is_told_with_its_entry),
		READING(packed_numbers_that_are_cut_are_told),
		READING(the_first_entry_of_a_pagemap_is_another_message),
	};

	return run_all(tests);
}
