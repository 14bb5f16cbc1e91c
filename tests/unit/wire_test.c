/* Messages without a part of them, on the wire. */
#include "tests/support/wire.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "decoders/image/decode.h"
#include "decoders/image/image.h"
#include "task.pb-c.h"

static struct arena arena;
static struct out wire, wanted, inner;
static const struct wire_path path = { { 3, 15 } };
static const struct wire_paths one = { &path, 1 };

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

static void assert_left(struct wire_paths paths)
{
	struct bytes left = wire_without(out_held(&wire), paths, &arena);

	assert_int_equal(left.len, wanted.len);
	assert_memory_equal(left.data, wanted.buffer, wanted.len);
}

static void only_what_the_path_leads_to_is_left_out(void **state)
{
	(void)state;
	for (unsigned with = 0; with < 2; with++) {
		struct out *out = with ? &wire : &wanted;

		put_number(out, 15, 7); /* the same number outside */
		put_bytes(out, 4, BYTES("\x7a\x01z"));
		put_number(&inner, 1, 300);
		for (unsigned i = 0; with && i < 40; i++)
			put_text(&inner, 15, "left out");
		put_text(&inner, 16, "kept");
		if (with)
			put_text(&inner, 15, "");
		put_varint(&inner, 20 << 3 | 1); /* fixed numbers */
		out_text(&inner, "12345678");
		put_varint(&inner, 21 << 3 | 5);
		out_text(&inner, "1234");
		put_message(out, 3, &inner);
		put_number(out, 2000, UINT64_MAX);
	}
	assert_left(one);
}

static void a_message_without_it_stays_where_it_is(void **state)
{
	const struct wire_paths none = { NULL, 0 };

	(void)state;
	put_number(&wire, 1, 1);
	assert_ptr_equal(wire_without(out_held(&wire), one, &arena).data, wire.buffer);
	put_number(&inner, 1, 300);
	put_message(&wire, 3, &inner);
	assert_ptr_equal(wire_without(out_held(&wire), one, &arena).data, wire.buffer);
	assert_ptr_equal(wire_without(out_held(&wire), none, &arena).data, wire.buffer);
}

static void nothing_else_may_be_left_of_it(void **state)
{
	(void)state;
	put_text(&inner, 15, "all there is");
	put_message(&wire, 3, &inner);
	put_message(&wanted, 3, &inner);
	assert_left(one);
}

/* Deeper, several at once, of several messages of a number, and of numbers that a mask of 64 bits has not. */
static void every_path_is_followed_into_every_message(void **state)
{
	static const struct wire_path items[] = { { { 2, 3, 9 } }, { { 2, 3, 13, 100 } }, { { 2, 70 } } };
	const struct wire_paths paths = { items, 3 };
	struct out middle;

	(void)state;
	out_init(&middle, -1);
	for (unsigned with = 0; with < 2; with++) {
		struct out *out = with ? &wire : &wanted;

		for (unsigned message = 0; message < 2; message++) {
			put_number(&inner, 7, 1);
			for (unsigned i = 0; with && i < 30; i++)
				put_number(&inner, 100, UINT64_MAX);
			put_number(&inner, 101, 1);
			put_message(&middle, 13, &inner);
			for (unsigned i = 0; with && i < 30; i++)
				put_number(&middle, 9, i);
			put_number(&middle, 8, 1);
			put_message(&inner, 3, &middle);
			put_number(&inner, 9, 5); /* not there */
			if (with)
				put_text(&inner, 70, "left out");
			put_message(out, 2, &inner);
		}
		put_number(out, 9, 3);
	}
	out_deinit(&middle);
	assert_left(paths);
}

/* --- real cores --------------------------------------------------------------------------------- */

/* The first entry as JSON, and how many signal actions it has. */
static struct json_object *core_json(struct bytes image, const char *name,
				     struct wire_paths leaves_out,
				     size_t *ret_actions)
{
	struct problems problems;
	struct image_reader reader;
	struct image_entry entry;
	struct json_object *document;
	struct json json;
	struct out out;

	problems_init(&problems);
	assert_null(image_open(image, bytes_of(name), NULL, &problems, &reader));
	reader.leaves_out = leaves_out;
	assert_true(image_next(&reader, &entry));
	*ret_actions = ((const CoreEntry *)entry.message)->tc
			       ? ((const CoreEntry *)entry.message)->tc->n_sigactions
			       : 0;
	out_init(&out, -1);
	json_init(&json, &out, JSON_ONE_LINE);
	decode_message(entry.message, entry.schema, false, &json);
	out_char(&out, '\0'); /* json_parse wants one behind the text */
	document = json_parse(bytes_first(out_held(&out), out.len - 1));
	assert_non_null(document);
	out_deinit(&out);
	image_close(&reader);
	assert_int_equal(problems.n, 0);
	problems_deinit(&problems);
	return document;
}

static size_t compare_core(struct bytes image, const char *name)
{
	const struct wire_paths none = { NULL, 0 };
	struct json_object *whole, *partial, *task;
	size_t actions, left;
	const char *where;

	whole = core_json(image, name, none, &actions);
	partial = core_json(image, name, one, &left);
	if (json_object_object_get_ex(whole, "tc", &task))
		json_object_object_del(task, "sigactions");
	assert_int_equal(left, 0);
	if (!json_same(whole, partial, &where))
		fail_msg("%s: %s differs", name, where);
	json_object_put(whole);
	json_object_put(partial);
	return actions;
}

static void a_real_core_lacks_its_signal_actions_and_nothing_else(void **state)
{
	const char *directory = sample_case("tree-criu4.2.1");
	size_t actions = 0;
	char name[300];
	DIR *images;

	(void)state;
	snprintf(name, sizeof(name), "%s/img", directory);
	images = opendir(name);
	assert_non_null(images);
	for (struct dirent *entry; (entry = readdir(images));) {
		if (strncmp(entry->d_name, "core-", 5) != 0)
			continue;
		snprintf(name, sizeof(name), "%s/img/%s", directory, entry->d_name);
		actions += compare_core(read_file(name), entry->d_name);
	}
	closedir(images);
	assert_true(actions > 10 * 62);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_what_the_path_leads_to_is_left_out, begin, finish),
		cmocka_unit_test_setup_teardown(a_message_without_it_stays_where_it_is, begin, finish),
		cmocka_unit_test_setup_teardown(every_path_is_followed_into_every_message, begin, finish),
		cmocka_unit_test_setup_teardown(nothing_else_may_be_left_of_it, begin, finish),
		cmocka_unit_test(a_real_core_lacks_its_signal_actions_and_nothing_else),
	};

	return run_all(tests);
}
