/*
 * What the interop tests share: real checkpoints with ground truth, and how differences count.
 *
 * A case is a directory: images or an archive of them, truth.json (what the workload that was
 * dumped knew about itself), proc.json (/proc of its tasks just before the dump), ref/ (what the
 * reference decoder printed). `make check` takes the cases of samples/cases; where CORPUS names
 * a directory, every directory in it is a case: the same tests over a whole corpus.
 *
 * Each case is a test of its own. A difference does not end it: all are printed, then it fails.
 */
#pragma once

#include "tests/support/support.h"

#include <dirent.h>
#include <fnmatch.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "decoders/base/size.h"

/*
 * In a sanitizer build: a test keeps what it read until its case is over, or until it ends, so
 * leaks of the tests are not looked for (those of the program are). Freed memory is let go soon,
 * because every run of the program is a fork, which costs by the size of what is kept.
 */
const char *__asan_default_options(void);
__attribute__((weak)) const char *__asan_default_options(void)
{
	return "detect_leaks=0:quarantine_size_mb=1";
}

/* --- what was compared ------------------------------------------------------------------------ */

static size_t n_compared, n_different; /* of the whole program; of the current case */

/* What is being looked at, in front of each difference: "pid 7 fd 3". */
static char place[512];

__attribute__((format(printf, 1, 2))) static inline void look_at(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(place, sizeof(place), format, args);
	va_end(args);
}

__attribute__((format(printf, 1, 2))) static inline void differs(const char *format, ...)
{
	va_list args;

	n_different++;
	fprintf(stderr, "%s: ", place);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

static inline void holds(bool condition, const char *what)
{
	n_compared++;
	if (!condition)
		differs("not true: %s", what);
}

static inline void same_text(const char *what, const char *wanted, const char *found)
{
	n_compared++;
	if (wanted && found ? strcmp(wanted, found) != 0 : wanted != found)
		differs("%s is %s, not %s", what, found ? found : "null", wanted ? wanted : "null");
}

static inline void same_number(const char *what, int64_t wanted, int64_t found)
{
	n_compared++;
	if (wanted != found)
		differs("%s is %" PRId64 ", not %" PRId64, what, found, wanted);
}

static inline void same_mask(const char *what, uint64_t wanted, uint64_t found)
{
	n_compared++;
	if (wanted != found)
		differs("%s is 0x%" PRIx64 ", not 0x%" PRIx64, what, found, wanted);
}

/* --- what a case holds in memory -------------------------------------------------------------- */

/* Texts and documents that are there until the next case is opened. */
static struct {
	void **texts;
	struct json_object **documents;
	size_t n_texts, n_documents;
} held;

__attribute__((format(printf, 1, 2))) static inline char *make_text(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	held.texts = reallocarray(held.texts, held.n_texts + 1, sizeof(*held.texts));
	held.texts[held.n_texts++] = text;
	return text;
}

static inline struct json_object *hold(struct json_object *document)
{
	held.documents =
		reallocarray(held.documents, held.n_documents + 1, sizeof(*held.documents));
	return held.documents[held.n_documents++] = document;
}

static inline void let_go(void)
{
	while (held.n_texts)
		free(held.texts[--held.n_texts]);
	while (held.n_documents)
		json_object_put(held.documents[--held.n_documents]);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static inline size_t length(struct json_object *list)
{
	return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

/* NULL where there is none. */
static inline struct json_object *element(struct json_object *list, size_t i)
{
	return i < length(list) ? json_object_array_get_idx(list, i) : NULL;
}

/* Each element of a JSON list; nothing where LIST is none. */
#define EACH(one, list)                                                                          \
	for (size_t one##_at = 0;                                                                \
	     one##_at < length(list) && (one = element(list, one##_at), true); one##_at++)

/* A member of an object; NULL where it is absent or null. */
static inline struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (object)
		json_object_object_get_ex(object, key, &value);
	return value;
}

static inline const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value = member(object, key);

	return value ? json_object_get_string(value) : NULL;
}

static inline int64_t number_of(struct json_object *object, const char *key)
{
	return json_object_get_int64(member(object, key));
}

/* A cell of a row of a table. That the column is there is part of every test. */
static inline struct json_object *cell(struct json_object *row, const char *column)
{
	if (row && !json_object_object_get_ex(row, column, NULL))
		differs("there is no column %s", column);
	return member(row, column);
}

static inline const char *cell_text(struct json_object *row, const char *column)
{
	struct json_object *value = cell(row, column);

	return value ? json_object_get_string(value) : NULL;
}

/* Null is ABSENT. */
enum { ABSENT = -999999 };
static inline int64_t cell_number(struct json_object *row, const char *column)
{
	struct json_object *value = cell(row, column);

	return value ? json_object_get_int64(value) : ABSENT;
}

/* "0x1f". */
static inline uint64_t cell_mask(struct json_object *row, const char *column)
{
	const char *digits = cell_text(row, column);

	return digits ? strtoull(digits, NULL, 16) : UINT64_MAX;
}

static inline bool cell_true(struct json_object *row, const char *column)
{
	return json_object_get_boolean(cell(row, column));
}

/* The first row with that number in KEY, and in OTHER_KEY where that is not NULL; or NULL. */
static inline struct json_object *find_row(struct json_object *rows, const char *key,
					   int64_t number, const char *other_key,
					   int64_t other)
{
	struct json_object *row;

	EACH(row, rows)
		if (number_of(row, key) == number &&
		    (!other_key || number_of(row, other_key) == other))
			return row;
	return NULL;
}

static inline size_t count_rows(struct json_object *rows, const char *key, int64_t number)
{
	struct json_object *row;
	size_t n = 0;

	EACH(row, rows)
		n += number_of(row, key) == number;
	return n;
}

/* Whether WORD is one of WORDS, which spaces keep apart. */
static inline bool is_one_of(const char *words, const char *word)
{
	return word && strstr(make_text(" %s ", words), make_text(" %s ", word));
}

/* --- cases ------------------------------------------------------------------------------------ */

struct case_files {
	const char *name;      /* "tree-criu4.2.1" */
	const char *directory;
	const char *checkpoint; /* the dump that truth.json and proc.json are about; may be NULL */
	struct json_object *truth, *proc; /* NULL: not kept */
};

static inline bool is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

static inline int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static inline const char *const *case_names(void)
{
	struct dirent **entries;
	const char **names;
	int n;

	if (!getenv("CORPUS"))
		return sample_cases();
	n = scandir(getenv("CORPUS"), &entries, is_visible, alphasort);
	if (n < 0) {
		fail_msg("cannot read %s", getenv("CORPUS"));
		return NULL;
	}
	names = calloc((size_t)n + 1, sizeof(*names));
	for (int i = 0; i < n; i++)
		names[i] = entries[i]->d_name;
	return names;
}

static inline const char *case_directory(const char *name)
{
	return getenv("CORPUS") ? make_text("%s/%s", getenv("CORPUS"), name) : sample_case(name);
}

static inline struct json_object *case_json(const char *directory, const char *file)
{
	const char *path = make_text("%s/%s", directory, file);

	return is_there(path) ? hold(json_file(path)) : NULL;
}

/* The first path of the pattern below the case, archives' listings aside; or NULL. */
static inline const char *first_match(const char *directory, const char *pattern)
{
	const char *found = NULL;
	glob_t matches;

	if (glob(make_text("%s/%s", directory, pattern), 0, NULL, &matches) != 0)
		return NULL;
	for (size_t i = 0; i < matches.gl_pathc && !found; i++)
		if (fnmatch("*.txt", matches.gl_pathv[i], 0) != 0)
			found = make_text("%s", matches.gl_pathv[i]);
	globfree(&matches);
	return found;
}

/* Of a chain of dumps the last, which was made right after proc.json. */
static inline const char *last_dump(const char *directory)
{
	static const char *const patterns[] = { "img", "3", "2", "ck.tar*", "checkpoint-*.tar",
						"containers/*/checkpoints/*", "*.oci.tar" };
	const char *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(patterns) && !found; i++)
		found = first_match(directory, patterns[i]);
	return found;
}

/* Where the reference decoder's output of the checkpoint's images lies. */
static inline const char *reference_directory(const struct case_files *files)
{
	/* Of an archive, of the layer of an image around one, of ctr's blob. */
	static const char *const inside[] = { "checkpoint", "blobs/sha256/*/checkpoint",
					      "blobs/sha256/*" };
	const char *inner = files->checkpoint + strlen(files->directory) + 1;
	const char *directory = make_text("%s/ref/%s", files->directory, inner), *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(inside) && !found; i++)
		found = first_match(directory, make_text("%s/inventory.img.decode.json", inside[i]));
	return found ? make_text("%.*s", (int)(strrchr(found, '/') - found), found) : directory;
}

/* CRIU gave up: what it left behind is no checkpoint of anything. */
static inline bool is_refused(const struct case_files *files)
{
	return strncmp(files->name, "refused-", 8) == 0;
}

static struct case_files opened;
static struct json_object *listings; /* of the opened case, by table */

/* Makes it the current case, unless it is. */
static inline void open_case(const char *name)
{
	n_different = 0;
	look_at("%s", name);
	if (opened.name && !strcmp(opened.name, name))
		return;
	let_go();
	opened = (struct case_files){ .name = name, .directory = case_directory(name) };
	opened.checkpoint = last_dump(opened.directory);
	opened.truth = case_json(opened.directory, "truth.json");
	opened.proc = case_json(opened.directory, "proc.json");
	listings = hold(json_object_new_object());
}

/* Where a test has the rows from, if not from the program's listings. */
static struct json_object *(*rows_otherwise)(const char *table, const struct case_files *files);

/* The rows of a table, as the program lists them. */
static inline struct json_object *list_table(const char *table, const struct case_files *files)
{
	struct json_object *rows = member(listings, table);

	if (!rows) {
		/* containerd writes over a longer file without cutting it: the old tail is told. */
		rows = rows_otherwise ? rows_otherwise(table, files)
				      : run_json(strstr(files->directory, "-trailing-") ? 4 : 0, "list", table,
						 "--reveal", "--format", "json", files->checkpoint, NULL);
		json_object_object_add(listings, table, rows);
	}
	return rows;
}

/* --- running ---------------------------------------------------------------------------------- */

/* Something to find out about every case. */
struct subject {
	const char *name;
	void (*look)(const struct case_files *files);
	/*
	 * At the end, over all cases: a test must not pass because there was nothing to compare.
	 * Says how much there was, by enough_was_compared. NULL: another subject's does.
	 */
	void (*was_enough)(void);
};

struct case_test {
	const struct subject *subject;
	const char *case_name;
};

static inline void look_at_case(void **state)
{
	const struct case_test *test = *state;

	open_case(test->case_name);
	test->subject->look(&opened);
	if (n_different)
		fail_msg("%s: %zu differences", test->case_name, n_different);
}

static inline void was_enough(void **state)
{
	const struct case_test *test = *state;

	n_different = 0;
	if (test->subject->was_enough)
		test->subject->was_enough();
	if (n_different)
		fail_msg("%s: %zu differences", test->subject->name, n_different);
}

static inline struct CMUnitTest case_test(const struct subject *subject, const char *case_name)
{
	struct case_test *test = malloc(sizeof(*test));
	struct CMUnitTest unit = { .initial_state = test };
	char *name;

	*test = (struct case_test){ subject, case_name };
	if (asprintf(&name, "%s of %s", subject->name, case_name ? case_name : "all") < 0)
		abort();
	unit.name = name;
	unit.test_func = case_name ? look_at_case : was_enough;
	return unit;
}

/* One test for each subject of each case, and one for each subject. */
static inline int run_over_cases(const char *group, const struct subject *subjects, size_t n)
{
	const char *const *names = case_names();
	struct CMUnitTest *tests;
	size_t n_tests = 0, n_cases = 0;

	while (names[n_cases])
		n_cases++;
	tests = calloc((n_cases + 1) * n, sizeof(*tests));
	for (size_t i = 0; i <= n_cases; i++)
		for (size_t j = 0; j < n; j++)
			tests[n_tests++] = case_test(&subjects[j], names[i]);
	return run_test_group(group, tests, n_tests);
}

/* At least WANTED, which is a little less than what the bundled cases give. */
static inline void enough_was_compared(const char *what, size_t found, size_t wanted)
{
	printf("compared: %zu %s\n", found, what);
	if (found < wanted)
		differs("only %zu %s were compared, not %zu", found, what, wanted);
}
