/* Where fields are: an image put together by hand, and what must hold for every image. */
#include "tests/support/image_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoders/image/offsets.h"

/* The offsets of an image, as text ended by a NUL; how many problems there were. */
static size_t list(struct bytes bytes, const char *name, bool as_json, struct out *text)
{
	struct image_reader reader;
	struct problems problems;
	struct json json;
	size_t n;

	out_init(text, -1);
	problems_init(&problems);
	assert_null(image_open(bytes, bytes_of(name), NULL, &problems, &reader));
	json_init(&json, text, JSON_ONE_LINE);
	decode_offsets(&reader, as_json ? &json : NULL, text);
	n = problems.n;
	out_char(text, '\0');
	image_close(&reader);
	problems_deinit(&problems);
	return n;
}

/* A file_entry with a reg file in it: fields in fields, an unknown one, a long number. */
static void put_file(void)
{
	put_number(&inner, 1, 300);        /* 08 ac 02 */
	put_number(&inner, 2, 0x8002);     /* 10 82 80 02 */
	put_text(&inner, 6, "/a\x1b");     /* 32 03 ... */
	put_number(&payload, 1, 1);        /* REG: 08 01 */
	put_message(&payload, 3, &inner);  /* 1a 0c ... */
	put_number(&payload, 1000, 7);     /* c0 3e 07 */
	put_magic(&image, MAGIC_FILES);
	put_entry(&image, &payload);
}

static void rows_say_where_everything_is(void **state)
{
	struct out text;

	(void)state;
	put_file();
	list(out_held(&image), "files.img", false, &text);
	assert_string_equal(text.buffer,
			    "0x00000000          4  magic 0x54564319 common\n"
			    "0x00000004          4  magic 0x56303138 FILES\n"
			    "0x00000008          4  entries[0] file_entry, 19 bytes\n"
			    "0x0000000c          2    1 varint type at 0xd = \"REG\"\n"
			    "0x0000000e         14    3 length reg at 0x10: reg_file_entry, 12 bytes\n"
			    "0x00000010          3      1 varint id at 0x11 = 300\n"
			    "0x00000013          4      2 varint flags at 0x14 = \"O_RDWR | O_LARGEFILE\"\n"
			    "0x00000017          5      6 length name at 0x19 = \"/a\\u001b\"\n"
			    "0x0000001c          3    1000 varint (unknown) at 0x1e = 7\n");
	out_deinit(&text);
}

static void contents_have_a_row(void **state)
{
	struct out text;

	(void)state;
	put_number(&payload, 1, 5);
	put_number(&payload, 2, 3);
	put_magic(&image, 0x56453709);
	put_entry(&image, &payload);
	out_text(&image, "abc");
	list(out_held(&image), "pipes-data.img", false, &text);
	assert_non_null(strstr(text.buffer, "\n0x00000010          3  extra of entries[0], 3 bytes of content\n"));
	out_deinit(&text);
}

static void what_is_damaged_is_shown_up_to_there(void **state)
{
	struct out text;

	(void)state;
	put_number(&payload, 1, 1);
	put_varint(&payload, 3 << 3 | 2);
	put_varint(&payload, 99); /* longer than the entry */
	put_magic(&image, MAGIC_FILES);
	put_entry(&image, &payload);
	put_number(&payload, 1, 1);
	put_entry(&image, &payload);
	put_u32(&image, 1000, false);
	assert_true(list(out_held(&image), "files.img", false, &text) > 0);
	assert_string_equal(text.buffer,
			    "0x00000000          4  magic 0x54564319 common\n"
			    "0x00000004          4  magic 0x56303138 FILES\n"
			    "0x00000008          4  entries[0] file_entry, 4 bytes\n"
			    "0x0000000c          2    1 varint type at 0xd = \"REG\"\n"
			    "0x0000000e          2  damaged\n"
			    "0x00000010          4  entries[1] file_entry, 2 bytes\n"
			    "0x00000014          2    1 varint type at 0x15 = \"REG\"\n"
			    "0x00000016          4  damaged\n");
	out_deinit(&text);
}

/* --- what must hold for every image ----------------------------------------------------------- */

static uint64_t number(struct json_object *row, const char *key)
{
	struct json_object *value = NULL;

	return json_object_object_get_ex(row, key, &value) ? json_object_get_uint64(value) : 0;
}

/* Rows come in order and leave no byte out; those of a message are inside it. */
static void assert_tiled(const char *text, size_t len)
{
	struct json_object *rows = json_parse(bytes_of(text));
	uint64_t ends[70] = { 0 }, end = 0;

	assert_non_null(rows);
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		uint64_t depth = number(row, "depth");
		bool holds_more = json_object_object_get_ex(row, "depth", NULL) &&
				  json_object_object_get_ex(row, "message", NULL);

		assert_int_equal(number(row, "offset"), end);
		if (depth > 0)
			assert_true(end + number(row, "length") <= ends[depth - 1]);
		ends[depth] = end + number(row, "length");
		end = holds_more ? number(row, "value_offset") : ends[depth];
	}
	assert_int_equal(end, len);
	json_object_put(rows);
}

static size_t n_tiled;

static void tile(struct bytes bytes, const char *name)
{
	struct image_header header;
	struct out text;

	if (!image_recognise(bytes_first(bytes, IMAGE_HEADER_MAX), bytes_of(name), &header) ||
	    !header.kind || !header.kind->message)
		return;
	list(bytes, name, true, &text);
	assert_tiled(text.buffer, bytes.len);
	out_deinit(&text);
	n_tiled++;
}

static void no_byte_is_left_out(void **state)
{
	const char *root = scratch_path("%s", "");
	const char *directory = scratch_path("%s/img", sample_case("net-criu4.2.1") + strlen(root));
	uint64_t seed = 20261126;
	struct dirent **entries;
	int n = scandir(directory, &entries, NULL, alphasort);

	(void)state;
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		struct bytes bytes;

		if (entries[i]->d_type != DT_REG || !strncmp(name, "pages-", 6)) {
			free(entries[i]);
			continue;
		}
		bytes = read_file(scratch_path("%s/%s", directory + strlen(root), name));
		tile(bytes, name);
		for (int k = 0; k < 10 && bytes.len > 8; k++) { /* and what is left of it */
			uint8_t *copy = memcpy(malloc(bytes.len), bytes.data, bytes.len);
			size_t len = 8 + next_random(&seed) % (bytes.len - 8);

			tile(bytes_first(bytes, len), name);
			copy[8 + next_random(&seed) % (bytes.len - 8)] ^= 1 << next_random(&seed) % 8;
			tile((struct bytes){ copy, bytes.len }, name);
			free(copy);
		}
		free(entries[i]);
	}
	free(entries);
	print_message("%zu images tiled\n", n_tiled);
	assert_true(n_tiled > 250);
}

int main(void)
{
	static const struct CMUnitTest offsets_tests[] = {
		TEST(rows_say_where_everything_is),
		TEST(contents_have_a_row),
		TEST(what_is_damaged_is_shown_up_to_there),
		TEST(no_byte_is_left_out),
	};

	return run_all(offsets_tests);
}
