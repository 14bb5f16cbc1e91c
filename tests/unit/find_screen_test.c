/*
 * The search on a screen: a thread finds while the screen is drawn and keys are pressed. `make check-threads` runs this
 * under the thread sanitizer, which holds what the two share against the rules of C.
 */
#include "tests/support/support.h"

#include <stdlib.h>

#include "decoders/base/escape.h"
#include "tui/clock.h"
#include "tui/view.h"

static struct checkpoint checkpoint;
static const char *images;
static const struct tui_setup setup;

static int open_images(void **state)
{
	(void)state;
	images = sample_case("tree-criu4.2.1");
	return checkpoint_open(images, &checkpoint) != NULL;
}

static int close_images(void **state)
{
	(void)state;
	checkpoint_close(&checkpoint);
	return 0;
}

static void type(struct tui *tui, const char *text)
{
	for (; *text; text++)
		tui_press(tui, (uint32_t)*text);
	tui_press(tui, PRESS_ENTER);
}

static void open_screen(struct tui *tui, const char *command)
{
	assert_null(tui_init(tui, &checkpoint, &setup, 24, 80));
	while (tui_work(tui, clock_now() + 100000))
		;
	tui_press(tui, ':');
	type(tui, command);
	assert_string_equal(tui_top(tui)->screen->name, "find");
}

static size_t hits(struct tui *tui)
{
	struct list *list = tui_top(tui)->screen->list(tui_top(tui));

	return list->model->count(list->context);
}

/* Keys that move, that wait until it is done, that show secrets; each is drawn. */
static void press_some(struct tui *tui, unsigned turn)
{
	static const uint32_t pressed[] = { PRESS_DOWN, PRESS_END, 'x', PRESS_UP, PRESS_ENTER, 'S', PRESS_PAGE_DOWN, 'P' };

	tui_press(tui, pressed[turn % (sizeof(pressed) / sizeof(*pressed))]);
	if (turn % 16 == 5)
		display_resize(&tui->display, 10 + (int)(turn % 30), 60 + (int)(turn % 90));
	tui_mouse(tui, 5, 10, turn % 2 ? MOUSE_CLICK : MOUSE_WHEEL_DOWN);
}

/* All that is found is what the command finds, whatever was pressed meanwhile. */
static void finds_what_search_finds(void **state)
{
	struct outcome outcome = run("search", images, "--regex", "[ -~]", "--count", NULL);
	size_t n = 0, drawn = 0;
	struct tui tui;

	(void)state;
	for (struct bytes rest = outcome.out; rest.len; rest = bytes_from(rest, bytes_find(rest, '\n') + 1))
		n = strtoul((const char *)rest.data, NULL, 10); /* the last line is the sum */
	open_screen(&tui, "find [ -~]");
	for (unsigned turn = 0; tui_work(&tui, clock_now() + 100); turn++) {
		press_some(&tui, turn);
		assert_string_equal(tui_top(&tui)->screen->name, "find");
		tui_draw(&tui);
		drawn++;
	}
	print_message("%zu hits, drawn %zu times meanwhile\n", hits(&tui), drawn);
	assert_in_range(n, 100, 100000);
	assert_int_equal(hits(&tui), n);
	tui_deinit(&tui);
}

/* Esc ends it and keeps what was found; closing the screen ends it too. */
static void ends_when_told(void **state)
{
	struct tui tui;
	size_t n;

	(void)state;
	open_screen(&tui, "find [ -~]");
	while (!hits(&tui))
		assert_true(tui_work(&tui, clock_now() + 100));
	tui_draw(&tui);
	tui_press(&tui, PRESS_ESCAPE);
	n = hits(&tui);
	assert_false(tui_work(&tui, clock_now() + 1000));
	assert_int_equal(hits(&tui), n);
	assert_in_range(n, 1, 99999);
	tui_deinit(&tui);
	for (int i = 0; i < 20; i++) {
		open_screen(&tui, "find [ -~]");
		tui_work(&tui, clock_now() + (uint64_t)i * 50);
		tui_press(&tui, 'q');
		assert_int_equal(tui.n_views, 1);
		tui_deinit(&tui);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_what_search_finds, open_images, close_images),
		cmocka_unit_test_setup_teardown(ends_when_told, open_images, close_images),
	};

	return run_all(tests);
}
