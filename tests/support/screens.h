/* Screens as text: scripts played, held against files that were looked at. Included by the tests of screens. */
#pragma once

#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#ifndef HELPER
#define HELPER static __attribute__((unused))
#endif

/* What the screens show: a checkpoint, two, or an index. The test names it. */
static const char *shown[2];

/* The option is one that takes a value, or VALUE is NULL. */
HELPER struct bytes played(const char *script, const char *option, const char *value)
{
	const char *words[8] = { "tui", "--script", script, option };
	struct outcome outcome;
	size_t n = 4;

	if (value)
		words[n++] = value;
	for (size_t i = 0; i < 2 && shown[i]; i++)
		words[n++] = shown[i];
	outcome = run_words(words);
	assert_int_equal(outcome.status, 0);
	assert_int_equal(outcome.err.len, 0);
	return outcome.out;
}

/* A script that is written by the test, on a screen where nothing is cut. */
HELPER struct bytes screen_after(const char *text)
{
	const char *path = scratch_path("one.script");

	write_file(path, text, strlen(text));
	return played(path, "--size", "400x400");
}

HELPER void assert_says(struct bytes text, const char *words)
{
	if (!memmem(text.data, text.len, words, strlen(words)))
		fail_msg("\"%s\" is not on the screen:\n%.*s", words, BYTES_FMT(text));
}

HELPER struct bytes next_line(struct bytes *rest)
{
	struct bytes line = bytes_first(*rest, bytes_find(*rest, '\n'));

	*rest = bytes_from(*rest, line.len + 1);
	return line;
}

/* --- goldens ----------------------------------------------------------------------------------------- */

/* Told is the first line in which they differ. */
HELPER void assert_same(struct bytes is, const char *path)
{
	struct bytes should = read_file(path);

	for (int number = 1; is.len || should.len; number++) {
		struct bytes a = next_line(&is), b = next_line(&should);

		if (!bytes_equal(a, b))
			fail_msg("%s, line %d:\n is     %.*s\n should %.*s", path, number, BYTES_FMT(a), BYTES_FMT(b));
	}
}

/* tests/tui/NAME.script on a screen of SIZE is tests/tui/NAME.SIZE.txt. */
HELPER void assert_golden(const char *name, const char *size)
{
	char script[64], golden[64];

	snprintf(script, sizeof(script), "tests/tui/%s.script", name);
	snprintf(golden, sizeof(golden), "tests/tui/%s.%s.txt", name, size);
	assert_same(played(script, "--size", size), golden);
}

HELPER void assert_golden_of_each_size(const char *name)
{
	static const char *const sizes[] = { "80x24", "120x40", "200x60" };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		assert_golden(name, sizes[i]);
}

HELPER void assert_golden_of_ascii(const char *name)
{
	char script[64], golden[64];
	struct bytes text;

	snprintf(script, sizeof(script), "tests/tui/%s.script", name);
	snprintf(golden, sizeof(golden), "tests/tui/%s.ascii.txt", name);
	text = played(script, "--ascii", NULL);
	assert_same(text, golden);
	for (size_t i = 0; i < text.len; i++)
		assert_true(text.data[i] < 0x80);
}
