/* The pre-scan: what must not reach protobuf-c does not, and what CRIU writes does. */
#include "tests/support/wire.h"

#include <time.h>

#include "decoders/image/prescan.h"
#include "memory.pb-c.h"
#include "schema-messages.h"

enum { BASE = 0x100 };

static struct out wire, inner;

static int begin(void **state)
{
	(void)state;
	out_init(&wire, -1);
	out_init(&inner, -1);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	out_deinit(&wire);
	out_deinit(&inner);
	return 0;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void see_nothing(void *context, const struct prescan_field *field)
{
	(void)context;
	(void)field;
}

/* Unobserved, where runs of numbers are passed at once, and observed, where they are not: both say the same. */
static struct error *scan_both_ways(const struct schema_message *schema, struct prescan *ret)
{
	const struct prescan_observer observer = { see_nothing, NULL };
	struct prescan slow = *ret;
	struct error *error = prescan_message(schema, out_held(&wire), BASE, ret);
	struct error *other = prescan_observed(schema, out_held(&wire), BASE, &observer, &slow);

	assert_int_equal(error == NULL, other == NULL);
	assert_int_equal(ret->n_missing, slow.n_missing);
	if (!error) {
		assert_int_equal(ret->allocation, slow.allocation);
		assert_ptr_equal(ret->missing, slow.missing);
		assert_int_equal(ret->missing_offset, slow.missing_offset);
		return NULL;
	}
	assert_int_equal(error->kind, other->kind);
	assert_string_equal(error->message, other->message);
	if (error->kind != ERROR_LIMIT)
		assert_int_equal(error->offset, other->offset);
	error_free(other);
	return error;
}

static void assert_passes(const struct schema_message *schema, struct prescan *ret)
{
	struct error *error = scan_both_ways(schema, ret);

	if (error)
		fail_msg("refused: %s", error->message);
}

/* Refused as KIND, at OFFSET of the wire, with WORDS in the message. */
static void assert_refused(const struct schema_message *schema, enum error_kind kind,
			   uint64_t offset, const char *words)
{
	struct prescan scan = { .n_missing = 77 };
	struct error *error = scan_both_ways(schema, &scan);

	assert_non_null(error);
	assert_int_equal(error->kind, kind);
	if (!strstr(error->message, words))
		fail_msg("\"%s\" does not say \"%s\"", error->message, words);
	if (offset != NO_OFFSET)
		assert_int_equal(error->offset, BASE + offset);
	assert_int_equal(scan.n_missing, 77); /* untouched */
	error_free(error);
}

/* --- the three attacks ------------------------------------------------------------------------ */

/* DEPTH cgroup directories, each with a name and one directory below it. */
static void nest_directories(unsigned depth)
{
	struct out deeper;

	out_init(&deeper, -1);
	for (unsigned i = 0; i < depth; i++) {
		out_clear(&deeper);
		put_text(&deeper, 1, "d");
		if (i)
			put_bytes(&deeper, 2, out_held(&inner));
		out_clear(&inner);
		out_bytes(&inner, out_held(&deeper));
	}
	out_deinit(&deeper);
	out_bytes(&wire, out_held(&inner));
}

static void directories_64_deep_pass(void **state)
{
	struct prescan scan;

	(void)state;
	nest_directories(64);
	assert_passes(&schema_cgroup_dir_entry, &scan);
	assert_int_equal(scan.n_missing, 0);
}

static void directories_65_deep_are_refused(void **state)
{
	(void)state;
	nest_directories(65);
	assert_refused(&schema_cgroup_dir_entry, ERROR_DAMAGED, NO_OFFSET, "deep");
}

static void nesting_that_overflows_the_stack_of_protobuf_is_refused_fast(void **state)
{
	/* Lengths need not nest truly: each level claims all the rest. */
	uint32_t depth = 100000;
	double start;

	(void)state;
	for (uint32_t i = depth; i-- > 0;) {
		put_varint(&wire, 3 << 3 | 2);
		/* four-byte varint of all that follows: 5 bytes a level below */
		uint32_t left = i * 5;

		out_char(&wire, (char)(left | 0x80));
		out_char(&wire, (char)(left >> 7 | 0x80));
		out_char(&wire, (char)(left >> 14 | 0x80));
		out_char(&wire, (char)(left >> 21));
	}
	start = seconds();
	/* the 65th message would begin behind 64 headers of 5 bytes */
	assert_refused(&schema_aa_namespace, ERROR_DAMAGED, 64 * 5, "deep");
	assert_true(seconds() - start < 0.5);
}

static void a_sub_message_that_comes_again_is_refused(void **state)
{
	(void)state;
	put_number(&wire, 1, 2);
	put_bytes(&wire, 12, NO_BYTES);
	put_bytes(&wire, 12, NO_BYTES);
	assert_refused(&schema_inventory_entry, ERROR_DAMAGED, 4, "again");
}

static void the_quadratic_merge_is_refused_fast(void **state)
{
	double start;

	(void)state;
	put_number(&wire, 1, 2);
	put_text(&inner, 12, "");
	for (int i = 0; i < 250000; i++)
		put_bytes(&wire, 12, out_held(&inner)); /* inventory.plugins_entry */
	start = seconds();
	/* The first takes bytes 2 to 6; the second is the one too many. */
	assert_refused(&schema_inventory_entry, ERROR_DAMAGED, 6, "again");
	assert_true(seconds() - start < 0.5);
}

static void empty_sub_messages_by_the_million_are_refused_fast(void **state)
{
	double start;

	(void)state;
	for (int i = 0; i < 4 << 20; i++)
		put_bytes(&wire, 14, NO_BYTES); /* mm_entry.vmas */
	start = seconds();
	assert_refused(&schema_mm_entry, ERROR_LIMIT, NO_OFFSET, "unpacking 8388608 bytes");
	assert_true(seconds() - start < 2);
}

/* The most that a task can have is set by vm.max_map_count, which databases and JVMs raise so far. */
static void mappings_by_the_hundred_thousand_pass(void **state)
{
	struct prescan scan;

	(void)state;
	for (uint64_t i = 0; i < 1000000; i++) {
		for (uint64_t field = 1; field <= 8; field++)
			put_number(&inner, field, field < 3 ? 0x7f0000000000 + i * 4096 : field);
		put_message(&wire, 14, &inner); /* mm_entry.vmas */
	}
	assert_passes(&schema_mm_entry, &scan);
	assert_in_range(scan.allocation, 1000000 * sizeof(VmaEntry), 256 << 20);
}

static void the_budget_is_bounded(void **state)
{
	(void)state;
	assert_true(prescan_budget(0) >= 4096);
	assert_true(prescan_budget(1000) >= 1000);
	assert_true(prescan_budget(SIZE_MAX) <= (size_t)256 << 20);
	assert_true(prescan_budget(100) <= prescan_budget(200));
}

/* --- broken wires ----------------------------------------------------------------------------- */

static void a_group_is_not_a_wire_type(void **state)
{
	(void)state;
	put_number(&wire, 1, 7);
	put_varint(&wire, 100 << 3 | 3);
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 2, "wire type");
	out_clear(&wire);
	put_varint(&wire, 100 << 3 | 4);
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 0, "wire type");
	out_clear(&wire);
	put_varint(&wire, 100 << 3 | 7);
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 0, "wire type");
}

static void field_number_zero_is_refused(void **state)
{
	(void)state;
	put_number(&wire, 1, 7);
	put_number(&wire, 0, 7);
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 2, "field number");
}

static void a_field_number_beyond_29_bits_is_refused(void **state)
{
	(void)state;
	put_number(&wire, 1 << 29, 7);
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 0, "field number");
	out_clear(&wire);
	/* Its low 32 bits would be field 1. */
	put_varint(&wire, ((uint64_t)1 << 35) | 1 << 3);
	put_varint(&wire, 7);
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 0, "field number");
}

static void the_wire_type_of_another_field_is_refused(void **state)
{
	(void)state;
	put_number(&wire, 1, 7);
	put_text(&wire, 2, "x"); /* ppid */
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 2, "wire type");
	out_clear(&wire);
	put_number(&wire, 6, 1); /* comm, a number */
	assert_refused(&schema_task_core_entry, ERROR_DAMAGED, 0, "wire type");
}

static void a_length_past_the_end_is_refused(void **state)
{
	(void)state;
	put_number(&wire, 1, 1);
	put_varint(&wire, 6 << 3 | 2);
	put_varint(&wire, 3);
	out_text(&wire, "ab");
	assert_refused(&schema_task_core_entry, ERROR_DAMAGED, 2, "past the end");
	out_clear(&wire);
	put_varint(&wire, 6 << 3 | 2);
	put_varint(&wire, UINT64_MAX);
	assert_refused(&schema_task_core_entry, ERROR_DAMAGED, 0, "past the end");
}

static void a_length_past_the_end_of_its_own_message_is_refused(void **state)
{
	(void)state;
	/* core_entry.tc of 3 bytes, whose comm claims 4 bytes: they would be those behind tc. */
	put_varint(&wire, 3 << 3 | 2);
	put_varint(&wire, 3);
	put_varint(&wire, 6 << 3 | 2);
	put_varint(&wire, 4);
	out_text(&wire, "a");
	put_number(&wire, 1, 1);
	put_number(&wire, 1, 1);
	assert_refused(&schema_core_entry, ERROR_DAMAGED, 2, "past the end");
}

static void a_varint_that_is_cut_is_refused(void **state)
{
	(void)state;
	out_text(&wire, "\x08\xff"); /* field 1, a number that goes on */
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 0, "past the end");
	out_clear(&wire);
	out_text(&wire, "\x88"); /* a tag that goes on */
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 0, "past the end");
	out_clear(&wire);
	out_text(&wire, "\x09\x01\x02"); /* an unknown fixed64 of three bytes */
	out_clear(&wire);
	put_varint(&wire, 100 << 3 | 1);
	out_text(&wire, "1234567");
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 0, "past the end");
	out_clear(&wire);
	put_varint(&wire, 100 << 3 | 5);
	out_text(&wire, "123");
	assert_refused(&schema_pstree_entry, ERROR_DAMAGED, 0, "past the end");
}

static void a_number_does_not_reach_over_the_end_of_its_message(void **state)
{
	(void)state;
	/* tc of two bytes: a tag and a varint whose next byte is outside. */
	put_varint(&wire, 3 << 3 | 2);
	put_varint(&wire, 2);
	out_text(&wire, "\x08\xff");
	put_number(&wire, 1, 1);
	assert_refused(&schema_core_entry, ERROR_DAMAGED, 2, "past the end");
}

/* --- what passes ------------------------------------------------------------------------------ */

static void a_whole_message_passes(void **state)
{
	struct prescan scan;

	(void)state;
	for (uint64_t field = 1; field <= 4; field++)
		put_number(&wire, field, field * 100);
	put_number(&wire, 5, 1);
	put_number(&wire, 5, 2);
	assert_passes(&schema_pstree_entry, &scan);
	assert_int_equal(scan.n_missing, 0);
	assert_null(scan.missing);
	assert_true(scan.allocation >= schema_pstree_entry.pb->sizeof_message);
}

static void a_number_that_comes_again_passes(void **state)
{
	struct prescan scan;

	(void)state;
	for (uint64_t field = 1; field <= 4; field++)
		put_number(&wire, field, 1);
	put_number(&wire, 1, 2); /* the last counts, as protobuf has it */
	assert_passes(&schema_pstree_entry, &scan);
}

static void packed_numbers_pass(void **state)
{
	struct prescan scan;

	(void)state;
	for (uint64_t field = 1; field <= 4; field++)
		put_number(&wire, field, 1);
	put_varint(&inner, 1);
	put_varint(&inner, 300);
	put_message(&wire, 5, &inner);
	assert_passes(&schema_pstree_entry, &scan);
}

static void unknown_fields_of_all_wire_types_pass(void **state)
{
	struct prescan scan;

	(void)state;
	for (uint64_t field = 1; field <= 4; field++)
		put_number(&wire, field, 1);
	put_number(&wire, 1000, UINT64_MAX);
	put_text(&wire, 536870911, "new"); /* the largest number there is */
	put_varint(&wire, 1001 << 3 | 1);
	out_text(&wire, "12345678");
	put_varint(&wire, 1002 << 3 | 5);
	out_text(&wire, "1234");
	assert_passes(&schema_pstree_entry, &scan);
	assert_int_equal(scan.n_missing, 0);
}

static void a_missing_field_is_named(void **state)
{
	struct prescan scan;

	(void)state;
	put_number(&wire, 1, 7);
	put_number(&wire, 2, 7);
	put_number(&wire, 4, 7);
	assert_passes(&schema_pstree_entry, &scan);
	assert_int_equal(scan.n_missing, 1);
	assert_string_equal(scan.missing, "pgid");
	assert_ptr_equal(scan.missing_in, &schema_pstree_entry);
	assert_int_equal(scan.missing_offset, BASE + 6);
}

static void a_field_missing_in_a_sub_message_is_named_with_it(void **state)
{
	struct prescan scan;

	(void)state;
	put_number(&wire, 1, 1);
	put_number(&inner, 1, 1);
	put_message(&wire, 4, &inner); /* core_entry.ids with a vm_id and nothing else */
	assert_passes(&schema_core_entry, &scan);
	assert_int_equal(scan.n_missing, 3);
	assert_ptr_equal(scan.missing_in, &schema_task_kobj_ids_entry);
	assert_string_equal(scan.missing, "files_id");
}

static void an_empty_message_lacks_what_is_required(void **state)
{
	struct prescan scan;

	(void)state;
	assert_passes(&schema_pstree_entry, &scan);
	assert_int_equal(scan.n_missing, 4);
	assert_string_equal(scan.missing, "pid");
	assert_passes(&schema_cgroup_entry, &scan);
	assert_int_equal(scan.n_missing, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(directories_64_deep_pass),
		TEST(directories_65_deep_are_refused),
		TEST(nesting_that_overflows_the_stack_of_protobuf_is_refused_fast),
		TEST(a_sub_message_that_comes_again_is_refused),
		TEST(the_quadratic_merge_is_refused_fast),
		TEST(empty_sub_messages_by_the_million_are_refused_fast),
		TEST(mappings_by_the_hundred_thousand_pass),
		TEST(the_budget_is_bounded),
		TEST(a_group_is_not_a_wire_type),
		TEST(field_number_zero_is_refused),
		TEST(a_field_number_beyond_29_bits_is_refused),
		TEST(the_wire_type_of_another_field_is_refused),
		TEST(a_length_past_the_end_is_refused),
		TEST(a_length_past_the_end_of_its_own_message_is_refused),
		TEST(a_varint_that_is_cut_is_refused),
		TEST(a_number_does_not_reach_over_the_end_of_its_message),
		TEST(a_whole_message_passes),
		TEST(a_number_that_comes_again_passes),
		TEST(packed_numbers_pass),
		TEST(unknown_fields_of_all_wire_types_pass),
		TEST(a_missing_field_is_named),
		TEST(a_field_missing_in_a_sub_message_is_named_with_it),
		TEST(an_empty_message_lacks_what_is_required),
	};

	return run_all(tests);
}
