/* The wheel where there is no list: three lines, as three keys; and nothing where the mouse is the terminal's. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

/* The screen of bytes after these lines of a script, without the heading that "save" gives it. */
static struct bytes bytes_after(const char *lines)
{
	const char *script = scratch_path("wheel.script");
	struct outcome outcome;
	char text[256];

	snprintf(text, sizeof(text), "keys p Enter m Home Enter\n%s\nsave bytes\n", lines);
	write_file(script, text, strlen(text));
	outcome = run("tui", "--script", script, "--size", "80x24", "samples/podman.tar.zst", NULL);
	assert_int_equal(outcome.status, 0);
	assert_true(outcome.out.len > 1000);
	return outcome.out;
}

static void it_is_three_keys(void **state)
{
	struct bytes down = bytes_after("mouse 10 10 wheel-down");

	(void)state;
	assert_true(bytes_equal(down, bytes_after("keys Down Down Down")));
	assert_false(bytes_equal(down, bytes_after("")));
	assert_true(bytes_equal(down, bytes_after("mouse 10 10 wheel-down\nmouse 10 10 wheel-down\nmouse 10 10 wheel-up")));
}

static void switched_off_it_is_nothing(void **state)
{
	(void)state;
	assert_true(bytes_equal(bytes_after("type :set mouse off\nkeys Enter\nmouse 10 10 wheel-down\nkeys Down Up"),
				bytes_after("keys Down Up")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_three_keys),
		cmocka_unit_test(switched_off_it_is_nothing),
	};

	return run_all(tests);
}
