/* Unpacking: what protobuf-c itself makes of the same bytes, and messages without a part of them. */
#include "tests/support/wire.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/image/image.h"
#include "schema-messages.h"
#include "task.pb-c.h"

static struct arena arena;
static struct out wire, wanted, inner;
static const struct field_paths none;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena);
	out_init(&wire, -1);
	out_init(&wanted, -1);
	out_init(&inner, -1);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	arena_deinit(&arena);
	out_deinit(&wire);
	out_deinit(&wanted);
	out_deinit(&inner);
	return 0;
}

/* As protobuf-c packs it: every field that is there, and those that are unknown. */
static struct bytes packed(const ProtobufCMessage *message)
{
	size_t len = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = arena_alloc(&arena, len + 1);

	assert_int_equal(protobuf_c_message_pack(message, bytes), len);
	return (struct bytes){ bytes, len };
}

/* Both ways of unpacking; false where the message is refused, or protobuf-c wants none of it. */
static bool compare_with_protobuf_c(const struct schema_message *schema, struct bytes payload)
{
	const ProtobufCMessage *ours;
	ProtobufCMessage *theirs;
	struct error *error;
	struct prescan scan;
	struct bytes a, b;

	error = prescan_message(schema, payload, 0, &scan);
	error_free(error);
	theirs = error ? NULL : protobuf_c_message_unpack(schema->pb, NULL, payload.len, payload.data);
	if (!theirs)
		return false;
	arena_reset(&arena);
	ours = unpack_message(schema, payload, none, &arena);
	assert_non_null(ours);
	assert_in_range(arena.used, 1, scan.allocation);
	a = packed(ours);
	b = packed(theirs);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, b.len);
	protobuf_c_message_free_unpacked(theirs, NULL);
	return true;
}

static void assert_as_protobuf_c(const struct schema_message *schema)
{
	assert_true(compare_with_protobuf_c(schema, out_held(&wire)));
	out_clear(&wire);
}

/* --- by hand ------------------------------------------------------------------------------------ */

static void the_last_of_several_numbers_counts(void **state)
{
	(void)state;
	put_number(&wire, 1, 5);
	put_number(&wire, 1, 7);
	assert_int_equal(((const PstreeEntry *)unpack_message(&schema_pstree_entry, out_held(&wire), none,
							      &arena))->pid, 7);
	assert_as_protobuf_c(&schema_pstree_entry);
}

static void numbers_packed_and_not_are_one_list(void **state)
{
	const PstreeEntry *entry;

	(void)state;
	put_number(&wire, 5, 1);
	put_varint(&inner, 300);
	put_varint(&inner, UINT64_MAX); /* of a u32 the low half */
	put_message(&wire, 5, &inner);
	put_message(&wire, 5, &inner); /* empty */
	put_number(&wire, 5, 4);
	entry = (const PstreeEntry *)unpack_message(&schema_pstree_entry, out_held(&wire), none, &arena);
	assert_int_equal(entry->n_threads, 4);
	assert_int_equal(entry->threads[1], 300);
	assert_int_equal(entry->threads[2], UINT32_MAX);
	assert_int_equal(entry->threads[3], 4);
	assert_as_protobuf_c(&schema_pstree_entry);
}

static void a_packed_number_that_is_cut_is_no_message(void **state)
{
	(void)state;
	put_bytes(&wire, 5, BYTES("\x81"));
	assert_null(unpack_message(&schema_pstree_entry, out_held(&wire), none, &arena));
	out_clear(&wire);
	put_bytes(&wire, 5, BYTES("\x01\x02\x83"));
	assert_null(unpack_message(&schema_pstree_entry, out_held(&wire), none, &arena));
}

static void numbers_with_a_sign_keep_it(void **state)
{
	const ThreadCoreEntry *thread;

	(void)state;
	put_number(&wire, 3, 39); /* sched_nice, a sint32: -20 */
	thread = (const ThreadCoreEntry *)unpack_message(&schema_thread_core_entry, out_held(&wire), none,
							 &arena);
	assert_int_equal(thread->sched_nice, -20);
	assert_as_protobuf_c(&schema_thread_core_entry);
	put_number(&wire, 14, (uint64_t)-1000); /* oom_score_adj, an int32 */
	put_number(&wire, 18, 2);		/* child_subreaper, a bool */
	assert_as_protobuf_c(&schema_task_core_entry);
}

static void what_is_unknown_is_kept_in_order(void **state)
{
	const ProtobufCMessage *message;

	(void)state;
	put_number(&wire, 1000, UINT64_MAX);
	put_number(&wire, 1, 1);
	put_text(&wire, 536870911, "new");
	put_varint(&wire, 1001 << 3 | 1);
	out_text(&wire, "12345678");
	put_varint(&wire, 1002 << 3 | 5);
	out_text(&wire, "1234");
	message = unpack_message(&schema_pstree_entry, out_held(&wire), none, &arena);
	assert_int_equal(message->n_unknown_fields, 4);
	assert_int_equal(message->unknown_fields[1].tag, 536870911);
	assert_int_equal(message->unknown_fields[1].len, 4); /* with its length */
	assert_memory_equal(message->unknown_fields[1].data, "\3new", 4);
	assert_as_protobuf_c(&schema_pstree_entry);
}

static void a_spent_budget_gives_nothing(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++)
		put_number(&wire, 5, i);
	arena.budget = 300;
	assert_null(unpack_message(&schema_pstree_entry, out_held(&wire), none, &arena));
	arena.budget = 4096;
	assert_non_null(unpack_message(&schema_pstree_entry, out_held(&wire), none, &arena));
}

/* --- real images --------------------------------------------------------------------------------- */

typedef void visit_entry(const struct schema_message *schema, struct bytes payload, size_t *n);

static void visit_image(struct bytes image, const char *name, visit_entry *visit, size_t *n)
{
	struct problems problems;
	struct image_reader reader;
	struct image_entry entry;
	struct error *error;

	problems_init(&problems);
	error = image_open(image, bytes_of(name), NULL, &problems, &reader);
	if (!error) {
		while (image_next(&reader, &entry))
			visit(entry.schema, entry.payload, n);
		image_close(&reader);
	}
	error_free(error);
	problems_deinit(&problems);
}

/* Every entry of every image of a sample. */
static void visit_case(const char *name, visit_entry *visit, size_t *n)
{
	const char *directory = sample_case(name);
	char path[400];
	DIR *images;

	snprintf(path, sizeof(path), "%s/img", directory);
	images = opendir(path);
	if (!images)
		return; /* an archive */
	for (struct dirent *entry; (entry = readdir(images));) {
		if (!strstr(entry->d_name, ".img") || !strncmp(entry->d_name, "pages-", 6))
			continue;
		snprintf(path, sizeof(path), "%s/img/%s", directory, entry->d_name);
		visit_image(read_file(path), entry->d_name, visit, n);
	}
	closedir(images);
}

static void compare_entry(const struct schema_message *schema, struct bytes payload, size_t *n)
{
	assert_true(compare_with_protobuf_c(schema, payload));
	++*n;
}

static void real_messages_are_as_protobuf_c_has_them(void **state)
{
	size_t n = 0;

	(void)state;
	for (const char *const *name = sample_cases(); *name; name++)
		visit_case(*name, compare_entry, &n);
	assert_true(n > 1000);
}

/* A few bits of the message turned over, as often as that still is one. */
static void compare_damaged(const struct schema_message *schema, struct bytes payload, size_t *n)
{
	static uint64_t random = 88172645463325252;
	uint8_t *copy = malloc(payload.len + 1);

	for (unsigned i = 0; payload.len && i < 40; i++) {
		memcpy(copy, payload.data, payload.len);
		for (unsigned bits = 1 + i % 3; bits; bits--)
			copy[next_random(&random) % payload.len] ^= (uint8_t)(1 << next_random(&random) % 8);
		*n += compare_with_protobuf_c(schema, (struct bytes){ copy, payload.len });
	}
	free(copy);
}

static void damaged_messages_are_as_protobuf_c_has_them(void **state)
{
	size_t n = 0;

	(void)state;
	visit_case("tree-criu4.2.1", compare_damaged, &n);
	visit_case("fds-s390x-criu4.2.1", compare_damaged, &n);
	assert_true(n > 2000);
}

/* --- leaving out ---------------------------------------------------------------------------------- */

static const struct field_path actions = { { 3 /* tc */, 15 /* sigactions */ } };

/* What is left of WIRE is all of WANTED. */
static void assert_left(struct field_paths paths)
{
	const ProtobufCMessage *left = unpack_message(&schema_core_entry, out_held(&wire), paths, &arena);
	const ProtobufCMessage *all = unpack_message(&schema_core_entry, out_held(&wanted), none, &arena);
	struct bytes a, b;

	assert_non_null(left);
	assert_non_null(all);
	a = packed(left);
	b = packed(all);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, b.len);
}

static void only_what_the_path_leads_to_is_left_out(void **state)
{
	(void)state;
	for (unsigned with = 0; with < 2; with++) {
		struct out *out = with ? &wire : &wanted;

		put_number(out, 15, 7); /* the same number outside: nobody knows it there */
		put_number(&inner, 1, 1);
		for (unsigned i = 0; with && i < 40; i++)
			put_bytes(&inner, 15, BYTES("\x08\x01"));
		put_text(&inner, 6, "kept");
		if (with)
			put_text(&inner, 15, "");
		put_number(&inner, 15000, UINT64_MAX);
		put_message(out, 3, &inner);
		put_number(&inner, 15, 3);
		put_message(out, 4, &inner); /* ids */
	}
	assert_left((struct field_paths){ &actions, 1 });
	out_clear(&wire);
	out_bytes(&wire, out_held(&wanted));
	assert_left((struct field_paths){ &actions, 1 }); /* there is nothing to leave out */
}

/* Deeper, and several at once, some with a common beginning. */
static void every_path_is_followed(void **state)
{
	static const struct field_path items[] = {
		{ { 2 /* thread_info */, 3 /* fpregs */, 9 /* st_space */ } },
		{ { 2, 3, 13 /* xsave */, 2 /* ymmh_space */ } },
		{ { 2, 2 /* gpregs */ } },
		{ { 4 /* ids */ } },
	};
	struct out middle;

	(void)state;
	out_init(&middle, -1);
	for (unsigned with = 0; with < 2; with++) {
		struct out *out = with ? &wire : &wanted;

		put_number(&inner, 1, 1); /* xstate_bv */
		for (unsigned i = 0; with && i < 30; i++)
			put_number(&inner, 2, UINT64_MAX);
		put_message(&middle, 13, &inner);
		for (unsigned i = 0; with && i < 30; i++)
			put_number(&middle, 9, i);
		put_number(&middle, 10, 5);
		put_message(&inner, 3, &middle);
		put_number(&middle, 1, 9);
		if (with)
			put_bytes(&inner, 2, out_held(&middle));
		put_number(&inner, 1, 77);
		put_message(out, 2, &inner);
		if (with)
			put_message(out, 4, &middle);
		out_clear(&middle);
		put_number(&inner, 1, 1);
		put_message(out, 3, &inner);
	}
	out_deinit(&middle);
	assert_left((struct field_paths){ items, 4 });
}

/* A core without its signal actions is what protobuf-c packs when they are taken out of the struct. */
static void compare_core(const struct schema_message *schema, struct bytes payload, size_t *n)
{
	CoreEntry *whole;

	if (schema != &schema_core_entry)
		return;
	whole = core_entry__unpack(NULL, payload.len, payload.data);
	assert_non_null(whole);
	if (whole->tc) {
		for (size_t i = 0; i < whole->tc->n_sigactions; i++)
			sa_entry__free_unpacked(whole->tc->sigactions[i], NULL);
		*n += whole->tc->n_sigactions;
		whole->tc->n_sigactions = 0;
	}
	out_clear(&wire);
	out_clear(&wanted);
	out_bytes(&wire, payload);
	out_bytes(&wanted, packed(&whole->base));
	assert_left((struct field_paths){ &actions, 1 });
	core_entry__free_unpacked(whole, NULL);
}

static void a_real_core_lacks_its_signal_actions_and_nothing_else(void **state)
{
	size_t n = 0;

	(void)state;
	visit_case("tree-criu4.2.1", compare_core, &n);
	assert_true(n > 10 * 62);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_last_of_several_numbers_counts),
		TEST(numbers_packed_and_not_are_one_list),
		TEST(a_packed_number_that_is_cut_is_no_message),
		TEST(numbers_with_a_sign_keep_it),
		TEST(what_is_unknown_is_kept_in_order),
		TEST(a_spent_budget_gives_nothing),
		TEST(real_messages_are_as_protobuf_c_has_them),
		TEST(damaged_messages_are_as_protobuf_c_has_them),
		TEST(only_what_the_path_leads_to_is_left_out),
		TEST(every_path_is_followed),
		TEST(a_real_core_lacks_its_signal_actions_and_nothing_else),
	};

	return run_all(tests);
}
