/* An image that a test puts together, read entry by entry. Included by the tests that need it. */
#pragma once

#include "tests/support/image_fixture.h"

#include "decoders/image/image.h"

static struct problems problems;
static struct image_reader reader;
static bool is_open;

HELPER int begin_reading(void **state)
{
	problems_init(&problems);
	is_open = false;
	return begin(state);
}

HELPER int finish_reading(void **state)
{
	if (is_open)
		image_close(&reader);
	problems_deinit(&problems);
	return finish(state);
}

#define READING(name) cmocka_unit_test_setup_teardown(name, begin_reading, finish_reading)

/* Opens .image, whatever was open before. */
HELPER struct error *open_named(const char *name)
{
	struct error *error;

	if (is_open)
		image_close(&reader);
	error = image_open(out_held(&image), bytes_of(name), "ck", &problems, &reader);
	is_open = !error;
	return error;
}

HELPER void open_image(const char *name)
{
	struct error *error = open_named(name);

	if (error)
		fail_msg("%s: %s", name, error->message);
}

HELPER void assert_end(void)
{
	struct image_entry entry;

	assert_false(image_next(&reader, &entry));
	assert_false(image_next(&reader, &entry));
}

/* The one problem: where it is, and that it says WORDS. */
HELPER void assert_problem(uint32_t entry, uint64_t offset, const char *words)
{
	assert_int_equal(problems.n, 1);
	assert_int_equal(problems.items[0]->kind, ERROR_DAMAGED);
	assert_int_equal(problems.items[0]->entry, entry);
	assert_int_equal(problems.items[0]->offset, offset);
	assert_string_equal(problems.items[0]->source, "ck");
	if (!strstr(problems.items[0]->message, words))
		fail_msg("\"%s\" does not say \"%s\"", problems.items[0]->message, words);
}
