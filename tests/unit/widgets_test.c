/* What the screens are made of, without a screen: cells, keys, lists, rows of tables, the prompt. */
#include "tests/support/handmade.h"

#include <stdlib.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "tui/clock.h"
#include "tui/prompt.h"
#include "tui/widgets/hexdump.h"
#include "tui/widgets/rows.h"

/* --- cells ------------------------------------------------------------------------------------------ */

static const char *dump(const struct display *display)
{
	static struct out out;

	out_deinit(&out);
	out_init(&out, -1);
	display_dump(display, &out);
	out_char(&out, '\0');
	return out.buffer;
}

static void text_is_cut_at_the_edge(void **state)
{
	struct display display;
	struct area area;

	(void)state;
	display_init(&display, 2, 10, false);
	area = display_area(&display);
	assert_int_equal(area_text(&area, 0, 0, LOOK_PLAIN, "0123456789abc"), 10);
	assert_int_equal(area_text(&area, 1, 8, LOOK_PLAIN, "x"), 1);
	assert_int_equal(area_text(&area, 2, 0, LOOK_PLAIN, "outside"), 0);
	assert_int_equal(area_text(&area, 0, 10, LOOK_PLAIN, "outside"), 0);
	assert_string_equal(dump(&display), "012345678\u2026\n        x\n");
	display_deinit(&display);
}

/* A character of two columns that is half overwritten leaves no half behind; marks take no column. */
static void wide_characters_are_whole(void **state)
{
	struct display display;
	struct area area;

	(void)state;
	display_init(&display, 3, 6, false);
	area = display_area(&display);
	assert_int_equal(area_text(&area, 0, 0, LOOK_PLAIN, "\u8b66\u544a\u8b66"), 6);
	area_text(&area, 0, 3, LOOK_PLAIN, "x");
	assert_int_equal(area_text(&area, 1, 0, LOOK_PLAIN, "e\u0301a"), 2);
	assert_int_equal(area_put(&area, 2, 0, 3, LOOK_PLAIN, BYTES("\u8b66\u544a")), 3);
	assert_string_equal(dump(&display), "\u8b66 x\u8b66\ne\u0301a\n\u8b66\u2026\n");
	display_deinit(&display);
}

static void ascii_spells_the_rest(void **state)
{
	struct display display;
	struct area area;

	(void)state;
	display_init(&display, 1, 20, true);
	area = display_area(&display);
	area_text(&area, 0, 0, LOOK_PLAIN, "a\u00e9b");
	assert_string_equal(dump(&display), "a\\xc3\\xa9b\n");
	assert_int_equal(area_width(&area, BYTES("a\u00e9b")), 10);
	display_deinit(&display);
}

/* Whatever comes here: no control character gets into a cell. */
static void cells_hold_nothing_unsafe(void **state)
{
	struct display display;
	struct area area;

	(void)state;
	display_init(&display, 1, 20, false);
	area = display_area(&display);
	area_put(&area, 0, 0, -1, LOOK_PLAIN, BYTES("a\x1b[31m\x80\xff\u202ez"));
	for (int i = 0; i < display.columns; i++)
		assert_false(character_is_unsafe(display_cell(&display, 0, i)->characters[0]));
	display_deinit(&display);
}

/* --- keys ------------------------------------------------------------------------------------------- */

static void no_key_means_two_things(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_keys; i++)
		for (size_t k = i + 1; k < n_keys; k++)
			for (size_t a = 0; a < 4; a++)
				for (size_t b = 0; b < 4; b++)
					if (keys[i].presses[a] && keys[i].presses[a] == keys[k].presses[b] &&
					    keys[i].where & (keys[k].where | KEYS_EVERYWHERE))
						fail_msg("%s and %s", keys[i].help, keys[k].help);
}

/* Names in help are names in scripts, and mean the same keys. */
static void keys_are_called_as_help_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_keys; i++) {
		struct bytes rest = bytes_of(keys[i].names);

		if (keys[i].action == ACTION_TAB_1)
			continue;
		while (rest.len) {
			struct bytes name = bytes_first(rest, bytes_find(rest, ' '));
			uint32_t press = 0;

			rest = bytes_from(rest, name.len + 1);
			assert_true(key_named(name, &press));
			assert_int_equal(key_action(press, keys[i].where), keys[i].action);
		}
	}
}

/* --- lists ------------------------------------------------------------------------------------------ */

enum { MILLION = 1000000 };
static size_t n_asked, found_row;

static size_t million(void *context)
{
	(void)context;
	return MILLION;
}

static size_t one(void *context)
{
	(void)context;
	return 1;
}

static const char *heading(void *context, size_t column)
{
	(void)context;
	(void)column;
	return "n";
}

static void number(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	(void)context;
	(void)column;
	(void)look;
	n_asked++;
	out_u64(out, row);
}

static const struct list_model numbers = { .count = million, .n_columns = one, .heading = heading, .cell = number };

/* A million rows cost what is on the screen. */
static void only_rows_on_the_screen_are_asked_for(void **state)
{
	struct display display;
	struct area area;
	struct list list;

	(void)state;
	display_init(&display, 24, 80, false);
	area = display_area(&display);
	list_init(&list, &numbers, NULL);
	n_asked = 0;
	list_draw(&list, &area);
	assert_in_range(n_asked, 23, 2 * 24);
	list_act(&list, ACTION_LAST);
	list_draw(&list, &area);
	assert_int_equal(list.cursor, MILLION - 1);
	assert_int_equal(list.top, MILLION - 23);
	assert_in_range(n_asked, 46, 4 * 24);
	list_act(&list, ACTION_PAGE_UP);
	assert_int_equal(list.cursor, MILLION - 23);
	list_deinit(&list);
	display_deinit(&display);
}

static void searches_go_round_in_slices(void **state)
{
	struct list list;
	bool found = false;
	int slices = 0;

	(void)state;
	list_init(&list, &numbers, NULL);
	list_go(&list, 500000);
	assert_null(list_search(&list, "^499999$", true));
	while (list_work(&list, clock_now(), &found))
		slices++;
	assert_true(found);
	assert_int_equal(list.cursor, 499999);
	assert_true(slices > 100);
	list_search_again(&list, true);
	while (list_work(&list, clock_now() + 1000000, &found))
		;
	assert_int_equal(list.cursor, 499999); /* the only one */
	assert_null(list_search(&list, "9{5}", false));
	while (list_work(&list, clock_now() + 1000000, &found))
		;
	found_row = list.cursor;
	assert_int_equal(found_row, 599999);
	list_deinit(&list);
}

/* --- rows of tables ----------------------------------------------------------------------------------- */

static struct checkpoint checkpoint;
static const bool masked;

static int open_sample(void **state)
{
	(void)state;
	error_free(checkpoint_open("samples/podman.tar.zst", &checkpoint));
	return checkpoint.source.members.n ? 0 : -1;
}

static int close_sample(void **state)
{
	(void)state;
	checkpoint_close(&checkpoint);
	return 0;
}

/* In slices of nothing: every look at the clock ends one. */
static int work_off(struct rows *rows)
{
	int slices = 0;

	while (rows_work(rows, 0))
		slices++;
	return slices;
}

/* Every column of every table in both directions: the order is the one that list --sort has. */
static void rows_sort_as_listings_do(void **state)
{
	(void)state;
	for (size_t t = 0; t < n_tables; t++) {
		struct list list;
		struct rows rows;

		assert_null(rows_open(&rows, &list, &checkpoint, tables[t], NULL, NULL, NULL, &masked));
		work_off(&rows);
		for (size_t i = 0; i < 2 * rows.listing.n_columns; i++) {
			char sort[64];
			struct listing_request request = { .sort = sort, .shortened = true };
			struct listing listing;
			struct arena arena;

			arena_init(&arena);
			snprintf(sort, sizeof(sort), "%s%s", i & 1 ? "-" : "", rows.listing.columns[i / 2]->name);
			assert_null(listing_init(&arena, tables[t], &request, &listing));
			listing_choose(&checkpoint, &request, &listing);
			rows_sort(&rows, SIZE_MAX, false); /* equal rows in the table's order */
			work_off(&rows);
			rows_sort(&rows, i / 2, i & 1);
			work_off(&rows);
			assert_int_equal(rows.listing.n, listing.n);
			assert_memory_equal(rows.listing.order, listing.order, listing.n * sizeof(uint32_t));
			arena_deinit(&arena);
		}
		rows_close(&rows);
	}
}

static void filters_choose_and_invert(void **state)
{
	const struct table *table = table_named("socket");
	struct list list;
	struct rows rows;
	size_t all, some;

	(void)state;
	assert_null(rows_open(&rows, &list, &checkpoint, table, NULL, NULL, NULL, &masked));
	work_off(&rows);
	all = rows.listing.n;
	assert_null(rows_filter(&rows, "listen")); /* small letters: in any case */
	work_off(&rows);
	some = rows.listing.n;
	assert_in_range(some, 1, all - 1);
	assert_null(rows_filter(&rows, "!listen"));
	work_off(&rows);
	assert_int_equal(rows.listing.n, all - some);
	assert_null(rows_filter(&rows, "Listen")); /* a capital: as it is */
	work_off(&rows);
	assert_int_equal(rows.listing.n, 0);
	assert_int_equal(rows_selected(&rows), NO_ROW);
	error_free(rows_filter(&rows, "(")); /* no regular expression: all stays as it was */
	assert_int_equal(rows.listing.n, 0);
	assert_null(rows_filter(&rows, NULL));
	work_off(&rows);
	assert_int_equal(rows.listing.n, all);
	rows_close(&rows);
}

/* What is begun can be ended, and the old order is there. The row under the cursor stays the same. */
static void sorting_can_be_ended(void **state)
{
	const struct table *table = table_named("fd");
	struct list list;
	struct rows rows;
	uint32_t selected;

	(void)state;
	assert_null(rows_open(&rows, &list, &checkpoint, table, NULL, NULL, NULL, &masked));
	work_off(&rows);
	list_go(&list, 40);
	selected = rows_selected(&rows);
	rows_sort(&rows, 1, true);
	assert_non_null(rows.work);
	rows_cancel(&rows);
	assert_int_equal(rows.sort, SIZE_MAX);
	assert_int_equal(rows_selected(&rows), selected);
	rows_sort(&rows, 1, true);
	work_off(&rows);
	assert_int_equal(rows_selected(&rows), selected);
	assert_int_equal(list.sorted, 1);
	rows_close(&rows);
}

/* By which column it was sorted is forgotten with the columns, before the new order is made too. */
static void other_columns_are_not_sorted(void **state)
{
	const struct table *table = table_named("fd");
	struct error *error;
	struct list list;
	struct rows rows;
	struct out words;

	(void)state;
	assert_null(rows_open(&rows, &list, &checkpoint, table, NULL, NULL, NULL, &masked));
	work_off(&rows);
	rows_sort(&rows, 5, true);
	work_off(&rows);
	assert_null(rows_choose_columns(&rows, "pid,fd", false));
	assert_true(rows_act(&rows, ACTION_INVERT));
	out_init(&words, -1);
	rows_command(&rows, &words);
	assert_true(bytes_equal(out_held(&words), BYTES("list fd --columns pid,fd")));
	out_deinit(&words);
	rows_cancel(&rows);
	assert_int_equal(rows.sort, SIZE_MAX);
	assert_int_equal(list.sorted, SIZE_MAX);
	/* An error ends no work that goes on. */
	rows_sort(&rows, 1, true);
	error = rows_choose_columns(&rows, "nonesuch", false);
	assert_non_null(error);
	error_free(error);
	assert_non_null(rows.work);
	work_off(&rows);
	assert_int_equal(rows.listing.n_columns, 2);
	rows_close(&rows);
}

/* --- the prompt --------------------------------------------------------------------------------------- */

static void type(struct prompt *prompt, const char *text)
{
	struct bytes rest = bytes_of(text);
	uint32_t c = 0;

	while (utf8_next(&rest, &c))
		prompt_press(prompt, c);
}

static void prompts_are_edited_by_character(void **state)
{
	struct prompt prompt = { 0 };

	(void)state;
	prompt_begin(&prompt, PROMPT_COMMAND, "");
	type(&prompt, "a\u00e9\u8b66z");
	prompt_press(&prompt, PRESS_LEFT);
	prompt_press(&prompt, PRESS_BACKSPACE);
	assert_string_equal(prompt.text, "a\u00e9z");
	prompt_press(&prompt, PRESS_LEFT);
	prompt_press(&prompt, PRESS_DELETE);
	assert_string_equal(prompt.text, "az");
	type(&prompt, " two  words");
	prompt_press(&prompt, PRESS_CONTROL('W'));
	assert_string_equal(prompt.text, "a two  z");
	prompt_press(&prompt, PRESS_CONTROL('U'));
	assert_string_equal(prompt.text, "z");
	assert_int_equal(prompt_press(&prompt, 0x1b), PROMPT_GIVEN_UP);
	assert_int_equal(prompt_press(&prompt, PRESS_ENTER), PROMPT_DONE);
	for (int i = 0; i < 1000; i++)
		type(&prompt, "\u8b66");
	assert_in_range(prompt.len, MOST_PROMPT - 4, MOST_PROMPT);
	assert_true(utf8_valid((struct bytes){ (const uint8_t *)prompt.text, prompt.len }));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_cut_at_the_edge),
		cmocka_unit_test(wide_characters_are_whole),
		cmocka_unit_test(ascii_spells_the_rest),
		cmocka_unit_test(cells_hold_nothing_unsafe),
		cmocka_unit_test(no_key_means_two_things),
		cmocka_unit_test(keys_are_called_as_help_says),
		cmocka_unit_test(only_rows_on_the_screen_are_asked_for),
		cmocka_unit_test(searches_go_round_in_slices),
		cmocka_unit_test_setup_teardown(rows_sort_as_listings_do, open_sample, close_sample),
		cmocka_unit_test_setup_teardown(filters_choose_and_invert, open_sample, close_sample),
		cmocka_unit_test_setup_teardown(sorting_can_be_ended, open_sample, close_sample),
		cmocka_unit_test_setup_teardown(other_columns_are_not_sorted, open_sample, close_sample),
		cmocka_unit_test(prompts_are_edited_by_character),
	};

	return run_all(tests);
}
