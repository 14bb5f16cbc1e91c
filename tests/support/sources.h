/* Opening sources and looking into them. Included by the tests that need it. */
#pragma once

#include "tests/support/wire.h"

#include "decoders/source/source.h"

HELPER enum capture_plan keep_all(void *context, const struct source *source,
				  const struct member *member, struct bytes head,
				  struct arena *arena, const struct range **ret_ranges,
				  size_t *ret_n)
{
	(void)context;
	(void)source;
	(void)member;
	(void)head;
	(void)arena;
	(void)ret_ranges;
	(void)ret_n;
	return CAPTURE_ALL;
}
static const struct capture everything = { .plan = keep_all };

HELPER void open_source(const char *path, struct source *ret)
{
	struct error *error = source_open(path, &everything, ret);

	if (error)
		fail_msg("%s: %s", path, error->message);
}

HELPER void assert_not_readable(const char *path)
{
	struct source source;
	struct error *error = source_open(path, &everything, &source);

	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_UNREADABLE);
	assert_string_equal(error->source, path);
	error_free(error);
}

HELPER const struct member *find(const struct source *source, const char *name)
{
	return source_find(source, bytes_of(name));
}

HELPER void assert_content(struct source *source, const char *name, struct bytes wanted)
{
	const struct member *member = find(source, name);
	struct arena arena;
	struct bytes got = NO_BYTES;
	struct error *error;

	if (!member)
		fail_msg("no member %s", name);
	arena_init(&arena);
	error = source_load(source, member, MAX_LOADED, &arena, &got);
	if (error)
		fail_msg("%s: %s", name, error->message);
	assert_true(bytes_equal(got, wanted));
	arena_deinit(&arena);
}

HELPER const struct error *problem_about(const struct source *source, const char *image)
{
	for (size_t i = 0; i < source->problems.n; i++)
		if (source->problems.items[i]->image &&
		    !strcmp(source->problems.items[i]->image, image))
			return source->problems.items[i];
	return NULL;
}

/* --- an archive of everything -------------------------------------------------------------------- */

static __attribute__((unused)) char *large_sample; /* more than any buffer on the way */
enum { LARGE_SAMPLE = 700000 };

HELPER void make_large(void)
{
	uint64_t seed = 7;

	if (large_sample)
		return;
	large_sample = malloc(LARGE_SAMPLE);
	for (size_t i = 0; i < LARGE_SAMPLE; i++)
		large_sample[i] = (char)(next_random(&seed) >> 60);
}

HELPER void write_sample(const char *path, const char *filter)
{
	const struct tar_entry entries[] = {
		{ "checkpoint/", 'd', NULL, NULL, 0 },
		{ "./checkpoint/a.img", 'f', NULL, "aaa", 3 },
		{ "checkpoint/large", 'f', NULL, large_sample, LARGE_SAMPLE },
		{ "checkpoint/empty", 'f', NULL, "", 0 },
		{ "checkpoint/link", 'l', "/etc/passwd", NULL, 0 },
		{ "checkpoint/hard", 'h', "checkpoint/a.img", NULL, 0 },
		{ "config.dump", 'f', NULL, "{}", 2 },
	};

	write_tar(path, filter, entries, sizeof(entries) / sizeof(entries[0]));
}
