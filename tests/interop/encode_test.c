/*
 * encode against real images: what the reference decoder printed of them, and what decode prints,
 * comes back as the very bytes of the image.
 */
#include "tests/interop/corpus.h"

#include <ftw.h>

#define json_bool json_c_bool
#include "decoders/image/decode.h"
#include "decoders/image/encode.h"
#undef json_bool

enum { LARGEST = 4 << 20 }; /* pages are raw bytes: the large files of them show nothing new */

static size_t n_from_reference, n_round_trips, n_kinds;
static bool seen[256]; /* kinds, by their place in the table */
static const struct case_files *now;

/* Files that CRIU left half-written, or with the tail of an older file behind them. */
static bool is_damaged_case(void)
{
	return is_refused(now) || strstr(now->name, "-trailing-");
}

static void compare(struct bytes wanted, struct bytes document, const char *what)
{
	struct problems problems;
	struct error *error;
	struct out image;

	problems_init(&problems);
	out_init(&image, -1);
	error = encode_image(document, &problems, &image);
	n_compared++;
	if (error)
		differs("%s is not encoded: %s", what, error->message);
	else if (problems.n)
		differs("%s: %s", what, problems.items[0]->message);
	else if (!bytes_equal(wanted, out_held(&image)))
		differs("%s gives other bytes", what);
	error_free(error);
	out_deinit(&image);
	problems_deinit(&problems);
}

/* --- decode and back -------------------------------------------------------------------------- */

static void round_trip(struct bytes image, const char *name, bool readable)
{
	struct decode_options options = { .readable = readable };
	struct image_reader reader;
	struct problems problems;
	struct error *error;
	struct json json;
	struct out text;

	problems_init(&problems);
	error = image_open(image, bytes_of(name), NULL, &problems, &reader);
	if (error) {
		error_free(error);
		problems_deinit(&problems);
		return;
	}
	out_init(&text, -1);
	json_init(&json, &text, readable ? JSON_INDENTED : JSON_ONE_LINE);
	decode_image(&reader, &options, &json);
	if (problems.n == 0) {
		compare(image, out_held(&text), readable ? "decode --pretty" : "decode");
		n_round_trips++;
		seen[reader.header.kind - image_kinds] = true;
	} else if (!is_damaged_case()) {
		differs("%s", problems.items[0]->message);
	}
	out_deinit(&text);
	image_close(&reader);
	problems_deinit(&problems);
}

static bool is_image(struct bytes image, const char *name)
{
	struct image_header header;

	return image_recognise(bytes_first(image, IMAGE_HEADER_MAX), bytes_of(name), &header) &&
	       header.kind && (image.len > 0 || header.kind->may_be_empty);
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct bytes image;

	if (type != FTW_F || st->st_size > LARGEST || strstr(path, "/ref/"))
		return 0;
	look_at("%s", path);
	image = read_file(path);
	if (is_image(image, path + ftw->base)) {
		round_trip(image, path + ftw->base, false);
		round_trip(image, path + ftw->base, true);
	}
	free((void *)(uintptr_t)image.data);
	return 0;
}

static void comes_back(const struct case_files *files)
{
	now = files;
	nftw(files->directory, visit, 16, FTW_PHYS);
}

static void enough_came_back(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
		n_kinds += seen[i];
	enough_was_compared("documents encoded", n_round_trips, 1500);
	enough_was_compared("kinds among them", n_kinds, 40);
}

/* --- the reference decoder's documents -------------------------------------------------------- */

/*
 * It cannot say that an image is big-endian; and of ipcns-shm with in_pagemaps it shows content
 * that is not there.
 */
static bool says_all(const char *image)
{
	return !strstr(now->name, "-s390x-") && fnmatch("*/ipcns-shm-*", image, 0) != 0;
}

static int visit_reference(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	static const char *const suffixes[] = { ".decode.json", ".show.json" };
	const char *image = path + strlen(make_text("%s/ref/", now->directory));

	(void)st;
	(void)ftw;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes) && type == FTW_F; i++) {
		const char *end = strstr(image, suffixes[i]);
		const char *original = end ? make_text("%s/%.*s", now->directory, (int)(end - image), image)
					   : NULL;

		if (!original || !is_there(original) || !says_all(image))
			continue;
		look_at("%s", path);
		compare(read_file(original), read_file(path), "what the reference decoder printed");
		n_from_reference++;
	}
	return 0;
}

static void reference_is_understood(const struct case_files *files)
{
	now = files;
	if (!is_damaged_case())
		nftw(make_text("%s/ref", files->directory), visit_reference, 16, FTW_PHYS);
}

static void enough_was_understood(void)
{
	enough_was_compared("documents of the reference decoder", n_from_reference, 700);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "encode", comes_back, enough_came_back },
		{ "encode what the reference decoder printed", reference_is_understood,
		  enough_was_understood },
	};

	return run_over_cases("encode", subjects, ARRAY_SIZE(subjects));
}
