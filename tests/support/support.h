/*
 * What the tests share: a place to write, the program under test, real samples, made archives.
 *
 * A test program ends with run_all() and may use everything here without cleaning up:
 * its directory goes away when it ends.
 */
#pragma once

#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decoders/base/bytes.h"

/* --- files ------------------------------------------------------------------------------------ */

/* A path below this test program's own directory; the text stays valid. */
const char *scratch_path(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Both fail the test where they cannot. write_file makes missing directories. */
void write_file(const char *path, const void *data, size_t len);
struct bytes read_file(const char *path);

/* --- the program ------------------------------------------------------------------------------ */

struct outcome {
	int status;        /* exit status; 128 + N: killed by signal N; 124: took over a minute */
	struct bytes out, err; /* each ends in a NUL that len does not count */
};

/* Runs coldcase with these words (NULL ends them), locale C.UTF-8, standard input empty. */
struct outcome run(const char *word, ...) __attribute__((sentinel));
struct outcome run_words(const char *const *words);

/* The JSON that a run printed; fails the test where it is none, or where the status differs. */
struct json_object *run_json(int status, const char *word, ...) __attribute__((sentinel));

/* --- JSON ------------------------------------------------------------------------------------- */

struct json_object *json_parse(struct bytes text); /* NULL where it is none */
struct json_object *json_file(const char *path);   /* fails the test where it is none */

/*
 * Deep equality by value (integers exactly, whatever their signedness). Where they differ,
 * *ret_path says where, as in entries[3].reg.name; it stays valid until the next call.
 */
bool json_same(struct json_object *a, struct json_object *b, const char **ret_path);

/* --- samples ---------------------------------------------------------------------------------- */

/* The directory of a case of samples/cases, unpacked ("tree-criu4.2.1"). */
const char *sample_case(const char *name);

/* The names of all cases there, sorted; NULL ends them. */
const char *const *sample_cases(void);

/* --- archives --------------------------------------------------------------------------------- */

struct tar_entry {
	const char *name;
	char type;           /* 'f' file, 'd' directory, 'l' symbolic link, 'h' hard link */
	const char *link;
	const void *data;
	size_t len;
};

/* Writes a tar; FILTER is NULL, "gzip", "zstd", "xz", "bzip2" or "lz4". Names go in as they are. */
void write_tar(const char *path, const char *filter, const struct tar_entry *entries, size_t n);

/* A tar of all regular files and links below DIRECTORY, in order of names, each name behind PREFIX. */
void pack_directory(const char *path, const char *filter, const char *directory, const char *prefix);

/* The members of a tar, plain or compressed with gzip or zstd, as files below scratch_path(NAME). */
const char *unpack(const char *archive, const char *name);

/* Runs the tests of a program and cleans up behind them. */
#define run_all(tests) run_test_group(#tests, tests, sizeof(tests) / sizeof((tests)[0]))
int run_test_group(const char *name, const struct CMUnitTest *tests, size_t n);
