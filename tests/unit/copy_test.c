/* What y copies: what is on the screen, as it is shown, and nothing of it as a sequence. */
#include "tests/support/handmade.h"

#include <stdlib.h>

#include "decoders/base/escape.h"
#include "tui/clock.h"
#include "tui/terminal/internal.h"

static struct checkpoint checkpoint;
static const struct tui_setup setup;
static struct tui tui;

static void open_tui(const char *path)
{
	assert_null(checkpoint_open(path, &checkpoint));
	assert_null(tui_init(&tui, &checkpoint, &setup, 24, 80));
}

static void settle(void)
{
	while (tui_work(&tui, clock_now() + 100000))
		;
	tui_draw(&tui);
}

static void press(const char *text)
{
	for (; *text; text++) {
		settle();
		tui_press(&tui, *text == '\n' ? PRESS_ENTER : (uint32_t)*text);
	}
	settle();
}

static void close_tui(void)
{
	tui_deinit(&tui);
	checkpoint_close(&checkpoint);
}

static const char *copied(void)
{
	static char text[100000];
	struct bytes held = out_held(&tui.copied);

	assert_true(tui.copies);
	tui.copies = false;
	snprintf(text, sizeof(text), "%.*s", (int)held.len, (const char *)held.data);
	return text;
}

/* The vectors of RFC 4648. */
static void base64_is_that_of_the_rfc(void **state)
{
	static const char *const vectors[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\xfb\xff\x1b", "+/8b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		char should[64];
		struct out out;

		out_init(&out, -1);
		clipboard_put(bytes_of(vectors[i][0]), &out);
		snprintf(should, sizeof(should), "\033]52;c;%s\a", vectors[i][1]);
		assert_true(bytes_equal(out_held(&out), bytes_of(should)));
		out_deinit(&out);
	}
}

static void rows_cells_and_messages(void **state)
{
	(void)state;
	open_tui("samples/podman.tar.zst");
	press("jy");
	assert_string_equal(copied(), "devshm-checkpoint.tar\tfile\t-\t1536\tok");
	press("y"); /* what was said of that is no message to copy */
	assert_string_equal(copied(), "devshm-checkpoint.tar\tfile\t-\t1536\tok");
	press(":copy size\n");
	assert_string_equal(copied(), "1536");
	press("cy");
	assert_string_equal(copied(), "coldcase show samples/podman.tar.zst");
	press(":copy colour\n");
	assert_false(tui.copies);
	assert_true(tui.is_error);
	press("p\n/cwd\ny"); /* of a name and its value it is the value */
	assert_string_equal(copied(), "/");
	press("m\ny");
	assert_string_equal(copied(), "0x400000");
	close_tui();
}

/* A secret is copied as it is shown. */
static void secrets_stay_masked(void **state)
{
	(void)state;
	open_tui(sample_case("ctrd-cri-podnet-criu4.2.1"));
	press(":env\n/DB_PASSWORD\n:copy value\n");
	assert_string_equal(copied(), "********");
	press("Sy");
	assert_non_null(strstr(copied(), "\tDB_PASSWORD\tEnv-Fake-Pa55word")); /* shown, it is copied */
	close_tui();
}

/* A name that holds sequences is copied escaped: a terminal that it is pasted into gets text. */
static void what_is_copied_is_safe(void **state)
{
	static const char name[] = "\x1b]0;x\a\nrm -rf /\n\xff";
	struct out pstree;
	const char *text;

	(void)state;
	write_inventory("hostile");
	out_init(&pstree, -1);
	put_magic(&pstree, MAGIC_PSTREE);
	put_pstree(&pstree, 1, 0);
	write_image("hostile", "pstree.img", &pstree);
	out_deinit(&pstree);
	write_core("hostile", 1, bytes_of(name));
	open_tui(scratch_path("hostile"));
	press(":process\ny");
	text = copied();
	assert_non_null(strstr(text, "rm -rf"));
	for (; *text; text++)
		assert_true(*text == '\t' || (uint8_t)*text >= ' ');
	close_tui();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_is_that_of_the_rfc),
		cmocka_unit_test(rows_cells_and_messages),
		cmocka_unit_test(secrets_stay_masked),
		cmocka_unit_test(what_is_copied_is_safe),
	};

	return run_all(tests);
}
