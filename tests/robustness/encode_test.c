/*
 * encode against damage: every image that decode reads without a complaint comes back byte for
 * byte, however unusual its bytes are, and no document whatsoever does harm.
 */
#include "tests/support/wire.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoders/image/decode.h"
#include "decoders/image/encode.h"

static struct {
	char name[256];
	struct bytes bytes;
} images[2000];
static size_t n_images;

static void read_images(const char *case_name)
{
	const char *root = scratch_path("%s", "");
	const char *directory = scratch_path("%s/img", sample_case(case_name) + strlen(root));
	struct dirent **entries;
	int n = scandir(directory, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (entries[i]->d_type == DT_REG && strncmp(name, "pages-", 6) && n_images < 2000) {
			strcpy(images[n_images].name, name);
			images[n_images].bytes =
				read_file(scratch_path("%s/%s", directory + strlen(root), name));
			n_images += images[n_images].bytes.len > 0;
		}
		free(entries[i]);
	}
	free(entries);
}

static int read_all_images(void **state)
{
	(void)state;
	read_images("fds-criu4.2.1");
	read_images("fds-ipcns-criu4.1.1");
	read_images("fds-s390x-criu4.2.1");
	read_images("net-criu4.2.1");
	assert_true(n_images > 100);
	return 0;
}

/* The document of an image; false where decode complains of anything. */
static bool decode(struct bytes image, const char *name, bool readable, struct out *text)
{
	struct decode_options options = { .readable = readable };
	struct image_reader reader;
	struct problems problems;
	struct error *error;
	struct json json;
	bool intact;

	problems_init(&problems);
	out_init(text, -1);
	error = image_open(image, bytes_of(name), NULL, &problems, &reader);
	if (!error) {
		json_init(&json, text, readable ? JSON_INDENTED : JSON_ONE_LINE);
		decode_image(&reader, &options, &json);
		image_close(&reader);
	}
	intact = !error && problems.n == 0;
	error_free(error);
	problems_deinit(&problems);
	return intact;
}

static bool encode(struct bytes text, struct out *image, char *ret_message)
{
	struct problems problems;
	struct error *error;

	problems_init(&problems);
	out_init(image, -1);
	error = encode_image(text, &problems, image);
	if (error)
		snprintf(ret_message, 200, "%s", error->message);
	error_free(error);
	problems_deinit(&problems);
	return !error;
}

static size_t n_round_trips, n_with_wire;

static void round_trip(struct bytes image, const char *name, bool readable)
{
	struct out text, again;
	char message[200];

	if (decode(image, name, readable, &text)) {
		if (!encode(out_held(&text), &again, message))
			fail_msg("%s is not encoded: %s", name, message);
		if (!bytes_equal(out_held(&again), image))
			fail_msg("%s comes back otherwise", name);
		out_char(&text, '\0');
		n_round_trips++;
		n_with_wire += strstr(text.buffer, "\"$wire\"") != NULL;
		out_deinit(&again);
	}
	out_deinit(&text);
}

static void flipped_images_that_decode_come_back(void **state)
{
	uint64_t seed = 20261124;

	(void)state;
	for (int i = 0; i < 6000; i++) {
		size_t which = next_random(&seed) % n_images;
		struct bytes whole = images[which].bytes;
		uint64_t bit = next_random(&seed) % (8 * (whole.len < 4096 ? whole.len : 4096));
		uint8_t *copy = memcpy(malloc(whole.len), whole.data, whole.len);

		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		round_trip((struct bytes){ copy, whole.len }, images[which].name, i & 1);
		free(copy);
	}
	/* Neither everything nor nothing is intact after a flip, and some is out of the ordinary. */
	print_message("%zu of 6000 decoded, %zu with $wire\n", n_round_trips, n_with_wire);
	assert_in_range(n_round_trips, 500, 5900);
	assert_in_range(n_with_wire, 50, 3000);
}

/* A byte changed, cut away, or put in. */
static void damage(struct out *text, uint64_t *seed)
{
	static const char bytes[] = "{}[]\",:\\0129-.eEtfn/ \n\"$\xff\x01u";
	size_t at = next_random(seed) % text->len;
	uint64_t how = next_random(seed) % 3;

	if (how == 0) {
		text->buffer[at] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
	} else if (how == 1) {
		text->len = at;
	} else {
		out_char(text, ' ');
		memmove(text->buffer + at + 1, text->buffer + at, text->len - at - 1);
		text->buffer[at] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
	}
}

static void damaged_documents_do_no_harm(void **state)
{
	size_t n_refused = 0, n_encoded = 0;
	uint64_t seed = 20261125;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		size_t which = next_random(&seed) % n_images;
		struct out text, image;
		char message[200];

		if (images[which].bytes.len > 20000)
			continue;
		decode(images[which].bytes, images[which].name, i & 1, &text);
		for (uint64_t n = 1 + next_random(&seed) % 2; n && text.len; n--)
			damage(&text, &seed);
		if (encode(out_held(&text), &image, message))
			n_encoded++;
		else
			n_refused++;
		out_deinit(&image);
		out_deinit(&text);
	}
	print_message("%zu refused, %zu encoded\n", n_refused, n_encoded);
	assert_true(n_refused > 1000);
	assert_true(n_encoded > 100);
}

/* Documents that ask for more than they are. */
static void greedy_documents_are_refused(void **state)
{
	static const char *const openings[] = { "{\"a\":", "[", "{\"magic\":\"PSTREE\",\"entries\":[{\"a\":" };
	char message[200];
	struct out text, image;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		out_init(&text, -1);
		out_text(&text, "{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": ");
		for (int n = 0; n < 100000; n++)
			out_text(&text, openings[i]);
		assert_false(encode(out_held(&text), &image, message));
		out_deinit(&image);
		/* and the same with its ends */
		for (int n = 0; n < 100000; n++)
			out_text(&text, i == 1 ? "]" : i == 0 ? "}" : "}]}");
		out_text(&text, "}]}");
		assert_false(encode(out_held(&text), &image, message));
		out_deinit(&image);
		out_deinit(&text);
	}
	out_init(&text, -1);
	out_text(&text, "{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": [");
	for (int n = 0; n < 1100000; n++)
		out_text(&text, "{},");
	out_text(&text, "{}]}]}");
	assert_false(encode(out_held(&text), &image, message));
	assert_string_equal(message, "too many values in one entry");
	out_deinit(&image);
	out_deinit(&text);
}

int main(void)
{
	static const struct CMUnitTest encode_damage[] = {
		cmocka_unit_test(flipped_images_that_decode_come_back),
		cmocka_unit_test(damaged_documents_do_no_harm),
		cmocka_unit_test(greedy_documents_are_refused),
	};

	read_all_images(NULL);
	return run_all(encode_damage);
}
