/* The schema's tables against protobuf-c's descriptors, and the table of image kinds. */
#include "tests/support/wire.h"

#include "decoders/image/kinds.h"
#include "decoders/proto/names.h"
#include "schema-messages.h"

/* --- every message ---------------------------------------------------------------------------- */

/* All that an image can hold: from the kinds down, each once. */
static const struct schema_message *messages[512];
static size_t n_messages;

static void collect(const struct schema_message *message)
{
	for (size_t i = 0; i < n_messages; i++)
		if (messages[i] == message)
			return;
	assert_true(n_messages < 512);
	messages[n_messages++] = message;
	for (unsigned i = 0; i < message->pb->n_fields; i++)
		if (message->fields[i].message)
			collect(message->fields[i].message);
}

static int collect_all(void **state)
{
	(void)state;
	n_messages = 0;
	for (unsigned i = 0; i < n_image_kinds; i++) {
		if (image_kinds[i].message)
			collect(image_kinds[i].message);
		if (image_kinds[i].later)
			collect(image_kinds[i].later);
	}
	return n_messages > 100 ? 0 : -1;
}

static void a_message_is_called_as_in_protobuf(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_messages; i++)
		assert_string_equal(messages[i]->name, messages[i]->pb->name);
}

static void sub_messages_are_parallel_to_the_descriptor(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_messages; i++)
		for (unsigned k = 0; k < messages[i]->pb->n_fields; k++) {
			const ProtobufCFieldDescriptor *field = &messages[i]->pb->fields[k];
			const struct schema_field *facts = &messages[i]->fields[k];

			if (field->type == PROTOBUF_C_TYPE_MESSAGE)
				assert_ptr_equal(facts->message->pb, field->descriptor);
			else
				assert_null(facts->message);
		}
}

static void no_field_is_required_or_a_string_for_protobuf(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_messages; i++)
		for (unsigned k = 0; k < messages[i]->pb->n_fields; k++) {
			const ProtobufCFieldDescriptor *field = &messages[i]->pb->fields[k];

			assert_int_not_equal(field->label, PROTOBUF_C_LABEL_REQUIRED);
			assert_int_not_equal(field->type, PROTOBUF_C_TYPE_STRING);
		}
}

static void the_prescan_can_note_every_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_messages; i++)
		assert_true(messages[i]->pb->n_fields <= 64);
}

static bool is_integer(ProtobufCType type)
{
	return type != PROTOBUF_C_TYPE_BYTES && type != PROTOBUF_C_TYPE_MESSAGE &&
	       type != PROTOBUF_C_TYPE_FLOAT && type != PROTOBUF_C_TYPE_DOUBLE &&
	       type != PROTOBUF_C_TYPE_BOOL && type != PROTOBUF_C_TYPE_ENUM;
}

static void a_fact_stands_behind_a_field_it_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_messages; i++)
		for (unsigned k = 0; k < messages[i]->pb->n_fields; k++) {
			const ProtobufCFieldDescriptor *field = &messages[i]->pb->fields[k];
			const struct schema_field *facts = &messages[i]->fields[k];
			bool named = facts->show == SHOW_FLAGS || facts->show == SHOW_NAMES;

			if (facts->text || facts->show == SHOW_UNIX_NAME)
				assert_int_equal(field->type, PROTOBUF_C_TYPE_BYTES);
			assert_int_equal(named, facts->names != NULL);
			if (named || facts->show == SHOW_DEV || facts->show == SHOW_ODEV)
				assert_true(is_integer(field->type));
			if (facts->show == SHOW_HEX)
				assert_true(is_integer(field->type) || facts->message);
			if (facts->show == SHOW_IPADD)
				assert_int_equal(field->label, PROTOBUF_C_LABEL_REPEATED);
			if (messages[i]->required >> k & 1)
				assert_int_equal(field->label, PROTOBUF_C_LABEL_OPTIONAL);
		}
}

static const struct schema_field *field_named(const struct schema_message *message, const char *name)
{
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(message->pb, name);

	assert_non_null(field);
	return &message->fields[field - message->pb->fields];
}

static bool is_required(const struct schema_message *message, const char *name)
{
	return message->required >> (field_named(message, name) - message->fields) & 1;
}

/* Samples whose facts are CRIU's: the tables could be parallel and all of them shifted by one. */
static void facts_belong_to_their_fields(void **state)
{
	(void)state;
	assert_true(is_required(&schema_core_entry, "mtype"));
	assert_false(is_required(&schema_core_entry, "tc"));
	assert_true(field_named(&schema_task_core_entry, "comm")->text);
	assert_int_equal(field_named(&schema_task_core_entry, "blk_sigset")->show, SHOW_HEX);
	assert_int_equal(field_named(&schema_inet_sk_entry, "src_addr")->show, SHOW_IPADD);
	assert_int_equal(field_named(&schema_unix_sk_entry, "name")->show, SHOW_UNIX_NAME);
	assert_int_equal(field_named(&schema_ghost_file_entry, "dev")->show, SHOW_DEV);
	assert_int_equal(field_named(&schema_ghost_file_entry, "rdev")->show, SHOW_ODEV);
	assert_ptr_equal(field_named(&schema_vma_entry, "prot")->names, &flags_mmap_prot);
	assert_ptr_equal(field_named(&schema_unix_sk_entry, "type")->names, &names_sk_type);
	assert_ptr_equal(field_named(&schema_mm_entry, "vmas")->message, &schema_vma_entry);
}

static void field_numbers_ascend(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_messages; i++)
		for (unsigned k = 1; k < messages[i]->pb->n_fields; k++)
			assert_true(messages[i]->pb->fields[k - 1].id < messages[i]->pb->fields[k].id);
}

/* --- every kind ------------------------------------------------------------------------------- */

static void kinds_are_told_apart_by_name_and_pattern(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_image_kinds; i++) {
		for (unsigned k = i + 1; k < n_image_kinds; k++) {
			assert_string_not_equal(image_kinds[i].name, image_kinds[k].name);
			assert_string_not_equal(image_kinds[i].pattern, image_kinds[k].pattern);
		}
		assert_ptr_equal(image_kind_named(image_kinds[i].name), &image_kinds[i]);
	}
	assert_null(image_kind_named("core"));
	assert_null(image_kind_named(""));
}

static void a_kind_has_a_message_unless_it_is_raw(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_image_kinds; i++) {
		const struct image_kind *kind = &image_kinds[i];
		bool raw = kind->first == FIRST_RAW;

		assert_int_equal(raw, kind->message == NULL);
		assert_int_equal(raw, kind->magic == 0);
		if (raw)
			assert_true(!kind->later && !kind->extra && kind->may_be_empty);
	}
}

static void kinds_that_share_a_magic_share_its_label(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_image_kinds; i++)
		for (unsigned k = i + 1; k < n_image_kinds; k++) {
			const struct image_kind *a = &image_kinds[i], *b = &image_kinds[k];

			if (a->magic && a->magic == b->magic && a->first == b->first)
				assert_string_equal(a->label ? a->label : a->name,
						    b->label ? b->label : b->name);
		}
}

static uint64_t number_in(const char *kind, const char *name)
{
	uint64_t number = 77;

	assert_true(image_name_fits(image_kind_named(kind), bytes_of(name), &number));
	return number;
}

static bool fits(const char *kind, const char *name)
{
	uint64_t number;

	return image_name_fits(image_kind_named(kind), bytes_of(name), &number);
}

static void names_give_their_number(void **state)
{
	(void)state;
	assert_int_equal(number_in("CORE", "core-17.img"), 17);
	assert_int_equal(number_in("CORE", "a/b/core-17.img"), 17);
	assert_int_equal(number_in("TCP_STREAM", "tcp-stream-1f.img"), 0x1f);
	assert_int_equal(number_in("GHOST_FILE", "ghost-file-a.img"), 10);
	assert_int_equal(number_in("PSTREE", "pstree.img"), 0);
	assert_int_equal(number_in("STATS", "stats-dump"), 0);
	assert_true(number_in("CORE", "core-18446744073709551615.img") == UINT64_MAX);
}

static void names_that_only_look_alike_do_not_fit(void **state)
{
	(void)state;
	assert_false(fits("CORE", "core-.img"));
	assert_false(fits("CORE", "core-1.img.bak"));
	assert_false(fits("CORE", "core-1.im"));
	assert_false(fits("CORE", "core-a.img"));
	assert_false(fits("CORE", "xcore-1.img"));
	assert_false(fits("CORE", "core--1.img"));
	assert_false(fits("CORE", "core-18446744073709551616.img"));
	assert_false(fits("TCP_STREAM", "tcp-stream-1F.img"));
	assert_false(fits("PAGEMAP", "pagemap-shmem-1.img"));
	assert_false(fits("STATS", "stats-"));
	assert_false(fits("STATS", "stats-dump.img"));
	assert_false(fits("PSTREE", ""));
}

/* --- names ------------------------------------------------------------------------------------ */

static void names_are_found_by_value(void **state)
{
	(void)state;
	assert_string_equal(name_of(&names_sk_state, 10), "LISTEN");
	assert_string_equal(name_of(&names_sk_family, 2), "INET");
	assert_null(name_of(&names_sk_family, 3));
	assert_null(name_of(&names_sk_family, UINT64_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_message_is_called_as_in_protobuf, collect_all),
		cmocka_unit_test_setup(sub_messages_are_parallel_to_the_descriptor, collect_all),
		cmocka_unit_test_setup(no_field_is_required_or_a_string_for_protobuf, collect_all),
		cmocka_unit_test_setup(the_prescan_can_note_every_field, collect_all),
		cmocka_unit_test_setup(a_fact_stands_behind_a_field_it_fits, collect_all),
		cmocka_unit_test(facts_belong_to_their_fields),
		cmocka_unit_test_setup(field_numbers_ascend, collect_all),
		cmocka_unit_test(kinds_are_told_apart_by_name_and_pattern),
		cmocka_unit_test(a_kind_has_a_message_unless_it_is_raw),
		cmocka_unit_test(kinds_that_share_a_magic_share_its_label),
		cmocka_unit_test(names_give_their_number),
		cmocka_unit_test(names_that_only_look_alike_do_not_fit),
		cmocka_unit_test(names_are_found_by_value),
	};

	return run_all(tests);
}
