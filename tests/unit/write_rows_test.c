/* Rows that are written while keys are heard: a long list goes on, nothing else happens, and Esc ends it. */
#include "tests/support/handmade.h"

#include <fcntl.h>
#include <stdlib.h>

#include "tui/clock.h"
#include "tui/view.h"

static struct checkpoint checkpoint;
static struct tui tui;

static int make_file(void *context, const char *name)
{
	(void)context;
	return open(scratch_path("%s", name), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
}

static const struct tui_setup setup = { .make_file = make_file };

static void settle(void)
{
	while (tui_work(&tui, clock_now() + 100000))
		;
}

static void press(const char *text)
{
	for (; *text; text++)
		tui_press(&tui, *text == '\n' ? PRESS_ENTER : (uint32_t)*text);
}

/* On the 4389 instructions of seccomp filters. */
static void open_rows(void)
{
	assert_null(checkpoint_open("samples/podman.tar.zst", &checkpoint));
	assert_null(tui_init(&tui, &checkpoint, &setup, 24, 80));
	settle();
	press(":seccomp_code\n");
	settle();
}

static void close_rows(void)
{
	tui_deinit(&tui);
	checkpoint_close(&checkpoint);
}

static void assert_said(const char *text)
{
	if (!bytes_equal(out_held(&tui.message), bytes_of(text)))
		fail_msg("\"%.*s\" was said, not \"%s\"", BYTES_FMT(out_held(&tui.message)), text);
}

static size_t rows_in(const char *name)
{
	struct json_object *rows = json_tokener_parse((const char *)read_file(scratch_path("%s", name)).data);
	size_t n;

	assert_non_null(rows);
	n = json_object_array_length(rows);
	json_object_put(rows);
	return n;
}

static void a_long_list_goes_on(void **state)
{
	size_t n_views;

	(void)state;
	open_rows();
	n_views = tui.n_views;
	press(":w all.json\n");
	assert_non_null(tui.writing);
	assert_said("64 of 4389 rows in all.json, Esc ends it");
	press("jpi:"); /* which waits for nobody */
	assert_non_null(tui.writing);
	assert_int_equal(tui.n_views, n_views);
	assert_int_equal(tui.prompt.kind, PROMPT_NONE);
	settle();
	assert_null(tui.writing);
	assert_said("4389 rows in all.json");
	assert_int_equal(rows_in("all.json"), 4389);
	close_rows();
}

/* What has been written by then is complete, and so it is where the program ends. */
static void it_can_be_ended(void **state)
{
	(void)state;
	open_rows();
	press(":w part.json\n");
	assert_true(tui_work(&tui, 0));
	tui_press(&tui, PRESS_ESCAPE);
	assert_null(tui.writing);
	assert_said("ended: 128 rows in part.json");
	assert_int_equal(rows_in("part.json"), 128);
	press(":w quit.json\nQ");
	assert_false(tui.quits);
	press(":w left.json\n");
	close_rows();
	assert_int_equal(rows_in("left.json"), 64);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_list_goes_on),
		cmocka_unit_test(it_can_be_ended),
	};

	return run_all(tests);
}
