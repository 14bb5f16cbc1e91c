/* encode --set: single values of an image changed. */
#include "tests/support/image_fixture.h"

#include <stdio.h>

#include "decoders/image/decode.h"
#include "decoders/image/edit.h"

/* Edits .image; the message of the error, or NULL. */
static const char *edit(const char *path, const char *value, struct out *ret)
{
	static char message[512];
	struct edit change = { bytes_of(path), bytes_of(value) };
	struct image_reader reader;
	struct problems problems;
	struct error *error;

	problems_init(&problems);
	out_init(ret, -1);
	assert_null(image_open(out_held(&image), BYTES("x.img"), NULL, &problems, &reader));
	error = image_edit(&reader, &change, 1, ret);
	if (error)
		snprintf(message, sizeof(message), "%s", error->message);
	image_close(&reader);
	problems_deinit(&problems);
	if (!error)
		return NULL;
	error_free(error);
	return message;
}

static void assert_not_edited(const char *path, const char *value, const char *wanted)
{
	struct out found;
	const char *message = edit(path, value, &found);

	assert_string_equal(message ? message : "", wanted);
	out_deinit(&found);
}

/* Two entries, the first of which no ordinary writer would write. */
static void put_two(uint32_t sid, uint32_t thread)
{
	put_magic(&image, MAGIC_PSTREE);
	for (uint64_t i = 4; i >= 1; i--)
		put_number(&payload, i, i);
	put_entry(&image, &payload);
	put_number(&payload, 1, 1);
	put_number(&payload, 2, 0);
	put_number(&payload, 3, 1);
	put_number(&payload, 4, sid);
	put_number(&payload, 5, 1);
	put_number(&payload, 5, thread);
	put_entry(&image, &payload);
}

static void an_edit_changes_its_value_alone(void **state)
{
	struct out found, wanted;

	(void)state;
	put_two(70000, 3);
	wanted = image;
	out_init(&image, -1);
	put_two(5, 3);
	assert_null(edit("entries[1].sid", "0x11170", &found));
	assert_int_equal(found.len, wanted.len);
	assert_memory_equal(found.buffer, wanted.buffer, wanted.len);
	out_deinit(&found);
	out_clear(&image);
	put_two(70000, 99);
	assert_null(edit("entries[1].threads[1]", "3", &found));
	assert_memory_equal(found.buffer, wanted.buffer, wanted.len);
	out_deinit(&found);
	out_deinit(&wanted);
}

static void edits_without_sense_are_refused(void **state)
{
	(void)state;
	put_two(5, 6);
	assert_not_edited("entries[1].thread", "5", "entries[1].thread: there is no \"thread\"; did you mean \"threads\"?");
	assert_not_edited("entries[2].sid", "5", "entries[2].sid: the image has 2 entries");
	assert_not_edited("entries.sid", "5", "entries.sid: a path begins with an entry and names a field: entries[0].pid");
	assert_not_edited("entries[1]", "5", "entries[1]: a path begins with an entry and names a field: entries[0].pid");
	assert_not_edited("entries[1].sid[0]", "5", "entries[1].sid[0]: this is no list");
	assert_not_edited("entries[1].sid.x", "5", "entries[1].sid: this has no fields");
	assert_not_edited("entries[1].sid", "4294967296", "entries[1].sid: 4294967296 is out of range: 0 to 4294967295");
	assert_not_edited("entries[1].sid", "much", "entries[1].sid: \"much\" is no number");
	assert_not_edited("entries[1].sid", "", "entries[1].sid: \"\" is no number");
	assert_not_edited("entries[1].threads", "5", "entries[1].threads: this is a list of 2: say which, as in threads[0]");
	assert_not_edited("entries[1].threads[2]", "5", "entries[1].threads[2]: there are only 2");
	assert_not_edited("entries[1]..sid", "5", "entries[1]..sid: not a path such as entries[3].regf.name");
	assert_not_edited("entries[-1].sid", "5", "entries[-1].sid: not a path such as entries[3].regf.name");
	assert_not_edited("entries[0].sid", "5", "entries[0] is not in the ordinary form: its other fields "
			  "would not keep their bytes; decode, change, encode");
}

/* Which message an entry of files.img has follows from its type. */
static void a_message_that_is_another_is_named(void **state)
{
	(void)state;
	put_number(&payload, 1, 1);
	put_number(&payload, 2, 7);
	put_text(&payload, 3, ""); /* reg */
	one_entry(MAGIC_FILES);
	assert_not_edited("entries[0].isk.src_port", "5", "entries[0].isk: the image has none here; it has reg");
}

static void lengths_of_contents_are_not_edited(void **state)
{
	struct out found;

	(void)state;
	put_number(&payload, 1, 5);
	put_number(&payload, 2, 3);
	one_entry(MAGIC_PIPES_DATA);
	out_text(&image, "abc");
	assert_not_edited("entries[0].bytes", "2", "entries[0].bytes: this says how many bytes of content "
			  "follow the entry; decode, change both, encode");
	assert_null(edit("entries[0].pipe_id", "6", &found));
	assert_memory_equal(found.buffer + found.len - 7, "\x08\x06\x10\x03" "abc", 7);
	out_deinit(&found);
}

static void addresses_are_edited_in_the_order_of_the_machine(void **state)
{
	struct out found;

	(void)state;
	put_socket(16777343);
	one_entry(MAGIC_INETSK);
	assert_null(edit("entries[0].src_addr[0]", "10.0.0.5", &found));
	out_clear(&image);
	put_socket(0x0500000a);
	/* put_socket has another ::1 for other words: that of the first socket stays. */
	assert_int_equal(found.len, image.len + 8 + 4 + payload.len + 3);
	out_clear(&payload);
	out_deinit(&image);
	image = found;
	assert_not_edited("entries[0].src_addr", "::1", "entries[0].src_addr: ::1 takes 4 words, and there are 1");
	assert_not_edited("entries[0].dst_addr[1]", "::1", "entries[0].dst_addr[1]: ::1 takes 4 words, and there are 4");
	assert_null(edit("entries[0].dst_addr", "2001:db8::2", &found));
	out_deinit(&found);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_edit_changes_its_value_alone),
		TEST(edits_without_sense_are_refused),
		TEST(a_message_that_is_another_is_named),
		TEST(lengths_of_contents_are_not_edited),
		TEST(addresses_are_edited_in_the_order_of_the_machine),
	};

	return run_all(tests);
}
