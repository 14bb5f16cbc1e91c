/* Bit flips: no crash, no hang, and JSON that stays JSON. */
#include "tests/support/handmade.h"

#include "tests/interop/old_layout.h"

#include <dirent.h>
#include <stdlib.h>

#include "db/findings/show.h"
#include "db/tables/render.h"
#include "db/verify/verify.h"
#include "decoders/image/decode.h"

static const char *images_of(const char *name)
{
	const char *root = scratch_path("%s", "");

	return scratch_path("%s/img", sample_case(name) + strlen(root));
}

static struct {
	char name[256];
	struct bytes bytes;
} images[2000];
static size_t n_images;

/* All images of a case but the pages. */
static void read_images(const char *directory)
{
	const char *root = scratch_path("%s", "");
	struct dirent **entries;
	int n = scandir(directory, &entries, NULL, alphasort);

	n_images = 0;
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (entries[i]->d_type == DT_REG && strncmp(name, "pages-", 6) && n_images < 2000) {
			strcpy(images[n_images].name, name);
			images[n_images++].bytes =
				read_file(scratch_path("%s/%s", directory + strlen(root), name));
		}
		free(entries[i]);
	}
	free(entries);
	assert_true(n_images > 10);
}

/* Decodes what is left of an image; what it prints must be JSON. */
static void decode_flipped(struct bytes image, struct bytes name)
{
	struct decode_options options = { .readable = image.len & 1 };
	struct problems problems;
	struct image_reader reader;
	struct error *error;

	problems_init(&problems);
	error = image_open(image, name, NULL, &problems, &reader);
	if (!error) {
		struct json_object *parsed;
		struct json json;
		struct out out;

		out_init(&out, -1);
		json_init(&json, &out, JSON_ONE_LINE);
		decode_image(&reader, &options, &json);
		assert_quiet(out_held(&out), "decode");
		out_char(&out, '\0');
		parsed = json_parse(bytes_first(out_held(&out), out.len - 1));
		assert_non_null(parsed);
		json_object_put(parsed);
		out_deinit(&out);
		image_close(&reader);
	}
	error_free(error);
	problems_deinit(&problems);
}

static void flipped_images_are_decoded_as_far_as_they_go(void **state)
{
	uint64_t seed = 20261123;
	double start = seconds();

	(void)state;
	read_images(images_of("tree-criu4.2.1"));
	for (int i = 0; i < 1000; i++) {
		size_t which = next_random(&seed) % n_images;
		struct bytes whole = images[which].bytes;
		uint8_t *copy;
		uint64_t bit;

		if (whole.len == 0)
			continue;
		bit = next_random(&seed) % (8 * whole.len);
		copy = memcpy(malloc(whole.len), whole.data, whole.len);
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		decode_flipped((struct bytes){ copy, whole.len }, bytes_of(images[which].name));
		free(copy);
	}
	assert_true(seconds() - start < 15);
}

/* --- whole checkpoints ------------------------------------------------------------------------ */

typedef void (*renderer)(const struct checkpoint *checkpoint, const struct listing *listing,
			 struct out *out);

static void render_table(struct checkpoint *checkpoint, const struct table *table, renderer render,
			 bool is_json)
{
	struct listing_request request = { .provenance = true };
	struct listing listing;
	struct out out;

	assert_null(listing_init(&checkpoint->arena, table, &request, &listing));
	listing_choose(checkpoint, &request, &listing);
	out_init(&out, -1);
	render(checkpoint, &listing, &out);
	assert_quiet(out_held(&out), table->name);
	out_char(&out, '\0');
	if (is_json) {
		struct json_object *parsed = json_parse(bytes_first(out_held(&out), out.len - 1));

		assert_non_null(parsed);
		json_object_put(parsed);
	}
	out_deinit(&out);
}

static void render_all(struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < n_tables; i++) {
		render_table(checkpoint, tables[i], render_json, true);
		render_table(checkpoint, tables[i], render_text, false);
	}
}

/* Whatever is found, it can be shown. */
static void verify_flipped(const char *path)
{
	struct checkpoint checkpoint;
	struct findings findings;
	struct arena arena;
	struct out out;
	bool damaged;

	assert_null(checkpoint_open(path, &checkpoint));
	arena_init(&arena);
	findings_init(&findings, &arena);
	verify_checkpoint(&checkpoint, &findings, &damaged);
	findings_sort(&findings);
	out_init(&out, -1);
	findings_show_text(&findings, &out);
	assert_quiet(out_held(&out), "verify");
	out_deinit(&out);
	arena_deinit(&arena);
	checkpoint_close(&checkpoint);
}

static void open_flipped(const char *path)
{
	struct checkpoint checkpoint;
	struct error *error = checkpoint_open(path, &checkpoint);

	if (error) {
		error_free(error);
		return;
	}
	checkpoint_need(&checkpoint, PART_EVERYTHING);
	render_all(&checkpoint);
	checkpoint_close(&checkpoint);
	verify_flipped(path);
}

static void write_images(const char *path)
{
	struct tar_entry *entries = calloc(n_images, sizeof(*entries));

	for (size_t i = 0; i < n_images; i++)
		entries[i] = (struct tar_entry){ images[i].name, 'f', NULL, images[i].bytes.data,
						 images[i].bytes.len };
	write_tar(path, NULL, entries, n_images);
	free(entries);
}

/* In one image after the other, several bits: damage that the tar itself does not have. */
static void load_flipped(const char *directory)
{
	const char *path = scratch_path("flipped.tar");
	uint64_t seed = 7;
	double start = seconds();

	read_images(directory);
	for (int round = 0; round < 70 && seconds() - start < 6; round++) {
		struct bytes whole[8];
		size_t which[8];

		for (int i = 0; i < 8; i++) {
			uint64_t bit;
			uint8_t *copy;

			which[i] = next_random(&seed) % n_images;
			whole[i] = images[which[i]].bytes;
			copy = malloc(whole[i].len + 1);
			memcpy(copy, whole[i].data, whole[i].len);
			bit = whole[i].len ? next_random(&seed) % (8 * whole[i].len) : 0;
			copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
			images[which[i]].bytes.data = copy;
		}
		write_images(path);
		open_flipped(path);
		for (int i = 8; i-- > 0;) {
			free((uint8_t *)(uintptr_t)images[which[i]].bytes.data);
			images[which[i]].bytes = whole[i];
		}
	}
}

static void flipped_checkpoints_are_loaded_as_far_as_they_go(void **state)
{
	(void)state;
	load_flipped(images_of("tree-criu3.17.1"));
}

static void flipped_checkpoints_of_old_layouts_are_too(void **state)
{
	const char *old = scratch_path("old");

	(void)state;
	assert_true(old_tree(images_of("fds-criu4.2.1"), old, OLD_ALL) > 100);
	load_flipped(old);
}

/* Anywhere in the archive, headers of the tar included. */
static void flipped_archives_are_loaded_as_far_as_they_go(void **state)
{
	const char *path = scratch_path("archive.tar");
	uint64_t seed = 99;
	double start;
	struct bytes whole;

	(void)state;
	start = seconds();
	read_images(images_of("fds-criu4.2.1"));
	write_images(path);
	whole = read_file(path);
	for (int round = 0; round < 200 && seconds() - start < 6; round++) {
		uint8_t *copy = memcpy(malloc(whole.len), whole.data, whole.len);

		for (int i = 0; i < 10; i++) {
			uint64_t bit = next_random(&seed) % (8 * whole.len);

			copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		write_file(path, copy, whole.len);
		free(copy);
		open_flipped(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flipped_images_are_decoded_as_far_as_they_go),
		cmocka_unit_test(flipped_checkpoints_are_loaded_as_far_as_they_go),
		cmocka_unit_test(flipped_checkpoints_of_old_layouts_are_too),
		cmocka_unit_test(flipped_archives_are_loaded_as_far_as_they_go),
	};

	return run_all(tests);
}
