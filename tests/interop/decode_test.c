/*
 * decode against the reference decoder: for every image that the reference decoder of the CRIU
 * project read, plain and readable, ours gives the same JSON value.
 *
 * Where the reference is wrong decode-exceptions.tsv says so and why; a row there that excuses
 * nothing any more fails the test.
 */
#include "tests/interop/corpus.h"

#include <ftw.h>

enum { MODES = 2 };
static const struct {
	const char *name, *suffix, *option;
} modes[MODES] = {
	{ "plain", ".decode.json", NULL },
	{ "readable", ".show.json", "--pretty" },
};

static size_t n_images, n_archived;

/* --- exceptions ------------------------------------------------------------------------------- */

struct exception {
	char *pattern, *mode; /* of CASE/IMAGE; plain, readable or both */
	size_t n_equal, n_excused;
};

static struct exception *exceptions;
static size_t n_exceptions;

static void read_exceptions(void)
{
	const char *path = "tests/interop/decode-exceptions.tsv";
	char *line = NULL;
	size_t cap = 0;
	FILE *file;

	file = fopen(path, "r");
	if (!file)
		fail_msg("cannot open %s", path);
	while (getline(&line, &cap, file) > 0) {
		struct exception row = { 0 };
		char reason[512];

		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (sscanf(line, "%m[^\t]\t%m[^\t]\t%511[^\n]", &row.pattern, &row.mode,
			   reason) != 3)
			fail_msg("%s: three columns wanted: %s", path, line);
		exceptions = reallocarray(exceptions, n_exceptions + 1, sizeof(*exceptions));
		exceptions[n_exceptions++] = row;
	}
	free(line);
	fclose(file);
}

static struct exception *exception_of(const char *case_name, const char *image, unsigned mode)
{
	const char *name = make_text("%s/%s", case_name, image);

	for (size_t i = 0; i < n_exceptions; i++)
		if (!fnmatch(exceptions[i].pattern, name, 0) &&
		    (!strcmp(exceptions[i].mode, "both") ||
		     !strcmp(exceptions[i].mode, modes[mode].name)))
			return &exceptions[i];
	return NULL;
}

/* --- comparing -------------------------------------------------------------------------------- */

static const char *case_name; /* of the current case */
static const char *case_root;

/*
 * What decode says of an image that is not in the ordinary form, and the reference does not: those
 * of s390x are big-endian, and nothing else in any case is out of the ordinary.
 */
static void take_header(struct json_object *found)
{
	struct json_object *header = member(found, "$header");
	bool is_big = header && json_object_object_length(header) == 1;

	is_big = is_big && !strcmp(text_of(header, "byte_order"), "big");
	holds(is_big == (strstr(case_name, "-s390x-") != NULL), "$header tells the byte order");
	json_object_object_del(found, "$header");
}

static void compare(const char *image, unsigned mode, struct json_object *wanted,
		    struct json_object *found)
{
	struct exception *exception = exception_of(case_name, image, mode);
	const char *path;
	bool same;

	look_at("%s/%s %s", case_name, image, modes[mode].name);
	n_compared++;
	if (found && !member(found, "raw"))
		take_header(found);
	same = found && json_same(wanted, found, &path);
	if (exception && same)
		exception->n_equal++;
	else if (exception)
		exception->n_excused++;
	else if (!same)
		differs("%s differs", found ? path : "not decoded: everything");
}

/* Of a refused dump some images are cut off: decode says so, and decodes the others. */
static struct json_object *run_decode(const char *path, unsigned mode)
{
	struct outcome outcome = mode ? run("decode", modes[mode].option, path, NULL)
				      : run("decode", path, NULL);
	bool refused = !strncmp(case_name, "refused-", 8);
	struct json_object *document;

	/* containerd's archive over a longer file keeps the old tail, which is told. */
	if (outcome.status != 0 &&
	    !((refused || strstr(path, "-trailing-")) && outcome.status == 4))
		differs("decode %s: status %d: %s", path, outcome.status,
			(const char *)outcome.err.data);
	document = json_parse(outcome.out);
	free((void *)(uintptr_t)outcome.out.data);
	free((void *)(uintptr_t)outcome.err.data);
	return document;
}

/* What decode prints for a directory or an archive, by member; of the one asked for last. */
static struct json_object *decode_all(const char *path, unsigned mode)
{
	static struct json_object *documents[MODES];
	static char *paths[MODES];

	if (paths[mode] && !strcmp(paths[mode], path))
		return documents[mode];
	json_object_put(documents[mode]);
	free(paths[mode]);
	documents[mode] = run_decode(path, mode);
	paths[mode] = strdup(path);
	return documents[mode];
}

/* "ck.tar.zst/checkpoint/core-1.img" and "img/core-1.img": what to open, and the member. */
static const char *split(const char *image, const char **ret_container)
{
	const char *slash = image;
	struct stat st;

	while ((slash = strchr(slash, '/'))) {
		*ret_container = make_text("%s/%.*s", case_root, (int)(slash - image), image);
		if (stat(*ret_container, &st) == 0 && S_ISREG(st.st_mode)) {
			n_archived++;
			return slash + 1;
		}
		slash++;
	}
	slash = strrchr(image, '/');
	*ret_container = make_text("%s/%.*s", case_root, (int)(slash - image), image);
	return slash + 1;
}

/* A file by itself is one document; the directory around it holds the very same. */
static void compare_alone(const char *image, unsigned mode, struct json_object *wanted)
{
	struct json_object *found = run_decode(make_text("%s/%s", case_root, image), mode);

	compare(image, mode, wanted, found);
	json_object_put(found);
}

static void compare_image(const char *reference, const char *image, unsigned mode)
{
	struct json_object *wanted = json_file(reference);
	const char *container, *member_name;

	look_at("%s/%s %s", case_name, image, modes[mode].name);
	member_name = split(image, &container);
	compare(image, mode, wanted, member(decode_all(container, mode), member_name));
	if (!strcmp(member_name, "files.img") && is_there(make_text("%s/%s", case_root, image)))
		compare_alone(image, mode, wanted);
	n_images += mode == 0;
	json_object_put(wanted);
}

/* --- the walk --------------------------------------------------------------------------------- */

static size_t reference_offset; /* where the image's name begins in a path below ref/ */

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	size_t len = strlen(path);

	(void)st;
	(void)ftw;
	for (unsigned mode = 0; mode < MODES && type == FTW_F; mode++) {
		size_t suffix = strlen(modes[mode].suffix);

		if (len > suffix && !strcmp(path + len - suffix, modes[mode].suffix))
			compare_image(path,
				      make_text("%.*s", (int)(len - suffix - reference_offset),
						path + reference_offset),
				      mode);
	}
	return 0;
}

static void decodes_as_the_reference(const struct case_files *files)
{
	const char *references = make_text("%s/ref", files->directory);

	if (!exceptions)
		read_exceptions();
	case_name = files->name;
	case_root = files->directory;
	reference_offset = strlen(references) + 1;
	nftw(references, visit, 16, FTW_PHYS);
}

/* An exception must excuse every image it names. It is not judged where no case fits it. */
static void exceptions_still_apply(void)
{
	for (size_t i = 0; i < n_exceptions; i++) {
		const struct exception *exception = &exceptions[i];
		const char *case_pattern = make_text("%.*s", (int)strcspn(exception->pattern, "/"),
						     exception->pattern);
		bool fits = false;

		for (const char *const *name = case_names(); *name; name++)
			fits = fits || !fnmatch(case_pattern, *name, 0);
		look_at("decode-exceptions.tsv, %s", exception->pattern);
		if (fits && exception->n_excused == 0)
			differs("excuses nothing");
		if (exception->n_equal)
			differs("%zu images that it names are equal", exception->n_equal);
	}
}

static void enough_images_were_compared(void)
{
	exceptions_still_apply();
	enough_was_compared("images", n_images, 850);
	enough_was_compared("documents of members of archives", n_archived, 400);
}

int main(void)
{
	static const struct subject subject = { "decode", decodes_as_the_reference,
						enough_images_were_compared };

	return run_over_cases("decode", &subject, 1);
}
