/* What the screens of a comparison are made of, without a screen: lists that are arranged, and bytes in pairs. */
#include "tests/support/handmade.h"

#include <stdlib.h>

#include "tui/clock.h"
#include "tui/widgets/arranged.h"
#include "tui/widgets/hexpair.h"
#include "tui/widgets/merge.h"

/* --- sorting ------------------------------------------------------------------------------------------ */

static bool by_tens(const void *context, uint32_t left, uint32_t right)
{
	(void)context;
	return left / 10 <= right / 10;
}

/* Whatever is cut into slices: in order, and what is alike stays as it was. */
static void slices_sort_as_one(void **state)
{
	enum { N = 30000 };
	struct merge merge = { .order = malloc(N * sizeof(uint32_t)), .other = malloc(N * sizeof(uint32_t)), .n = N,
			       .width = 1 };
	uint32_t seed = 7;
	unsigned slices = 0;

	(void)state;
	assert_true(merge.order && merge.other);
	for (size_t i = 0; i < N; i++) {
		seed = seed * 1664525 + 1013904223;
		merge.order[i] = (seed >> 8) % 1000 * 10 + (uint32_t)(i % 10);
	}
	while (!merge_work(&merge, by_tens, NULL, 0))
		slices++;
	assert_in_range(slices, 50, 1000);
	for (size_t i = 1; i < N; i++)
		assert_true(merge.order[i - 1] / 10 <= merge.order[i] / 10);
	free(merge.order);
	free(merge.other);
}

/* --- lists that are arranged ---------------------------------------------------------------------------- */

struct numbers {
	size_t n, asked;
	bool hides_odd;
};

static size_t number_count(void *context)
{
	return ((struct numbers *)context)->n;
}

static size_t number_columns(void *context)
{
	(void)context;
	return 2;
}

static const char *number_heading(void *context, size_t column)
{
	(void)context;
	return column ? "tens" : "n";
}

static void number_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	(void)look;
	((struct numbers *)context)->asked++;
	out_printf(out, "%zu", column ? row % 10 : row);
}

static bool number_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	(void)context;
	(void)arena;
	*ret = value_number(VALUE_UINT, column ? row % 10 : row);
	return true;
}

static bool number_hides(void *context, size_t row)
{
	return ((struct numbers *)context)->hides_odd && row % 2;
}

static const struct list_model number_model = { .count = number_count, .n_columns = number_columns,
						.heading = number_heading, .cell = number_cell };

static void finish(struct arranged *arranged)
{
	while (order_work(&arranged->order, clock_now() + 1000))
		;
}

static size_t shown(const struct list *list)
{
	return list->model->count(list->context);
}

static void rows_are_filtered_and_sorted(void **state)
{
	struct numbers numbers = { .n = 1000 };
	struct arranged arranged;
	struct list list;

	(void)state;
	arranged_init(&arranged, &list, &number_model, &numbers);
	arranged.value = number_value;
	assert_int_equal(shown(&list), 1000);
	assert_null(order_filter(&arranged.order, "^99"));
	finish(&arranged);
	assert_int_equal(shown(&list), 11); /* 99, 990 to 999 */
	assert_null(order_filter(&arranged.order, "!^99"));
	finish(&arranged);
	assert_int_equal(shown(&list), 989);
	order_sort(&arranged.order, 1, true);
	finish(&arranged);
	list.cursor = 0;
	assert_int_equal(arranged_selected(&arranged), 9); /* of those that end in 9 the first */
	list.cursor = 988;
	assert_int_equal(arranged_selected(&arranged), 980);
	/* Esc takes the filter away, then there is nothing left for it. */
	assert_true(order_step_back(&arranged.order));
	finish(&arranged);
	assert_int_equal(shown(&list), 1000);
	assert_int_equal(arranged_selected(&arranged), 980);
	assert_false(order_step_back(&arranged.order));
	arranged_deinit(&arranged);
}

static void a_wrong_filter_changes_nothing(void **state)
{
	struct numbers numbers = { .n = 10 };
	struct arranged arranged;
	struct error *error;
	struct list list;

	(void)state;
	arranged_init(&arranged, &list, &number_model, &numbers);
	error = order_filter(&arranged.order, "(");
	assert_non_null(error);
	error_free(error);
	finish(&arranged);
	assert_int_equal(shown(&list), 10);
	arranged_deinit(&arranged);
}

/* What comes while it is shown is filtered as well, and the cursor stays on its row. */
static void rows_come_while_it_is_shown(void **state)
{
	struct numbers numbers = { .n = 10, .hides_odd = true };
	struct arranged arranged;
	struct list list;

	(void)state;
	arranged_init(&arranged, &list, &number_model, &numbers);
	arranged.hides = number_hides;
	finish(&arranged);
	assert_int_equal(shown(&list), 5);
	list.cursor = 3;
	assert_int_equal(arranged_selected(&arranged), 6);
	numbers.n = 21;
	finish(&arranged);
	assert_int_equal(shown(&list), 11);
	assert_int_equal(arranged_selected(&arranged), 6);
	numbers.hides_odd = false;
	order_again(&arranged.order);
	finish(&arranged);
	assert_int_equal(shown(&list), 21);
	assert_int_equal(list.cursor, 6);
	arranged_deinit(&arranged);
}

/* A million rows cost what is on the screen, until somebody filters them, and that in slices. */
static void a_million_rows_cost_a_screen(void **state)
{
	struct numbers numbers = { .n = 1000000 };
	struct display display;
	struct arranged arranged;
	struct area area;
	struct list list;

	(void)state;
	display_init(&display, 24, 80, false);
	area = display_area(&display);
	arranged_init(&arranged, &list, &number_model, &numbers);
	list_act(&list, ACTION_LAST);
	list_draw(&list, &area);
	assert_in_range(numbers.asked, 2 * 23, 4 * 24);
	assert_null(order_filter(&arranged.order, "77"));
	numbers.asked = 0;
	assert_true(order_work(&arranged.order, 0));
	assert_in_range(numbers.asked, 1, 1000);
	assert_int_equal(shown(&list), 1000000);
	arranged_deinit(&arranged);
	display_deinit(&display);
}

/* --- pairs ---------------------------------------------------------------------------------------------- */

/* Line 1 differs in two bytes, line 2 is there after alone, line 3 before alone, line 4 nowhere. */
static void pair_at(void *context, uint64_t line, struct pair_line *ret)
{
	(void)context;
	*ret = (struct pair_line){ .address = 0x1000 + 16 * line, .n = { 16, 16 } };
	if (line == 1) {
		ret->bytes[0][3] = 0x41;
		ret->bytes[1][3] = 0x42;
		ret->bytes[1][15] = 0xff;
	}
	if (line >= 2 && line != 3) {
		ret->n[0] = 0;
		ret->absent[0] = "zero";
	}
	if (line >= 3) {
		ret->n[1] = 0;
		ret->absent[1] = "file";
	}
}

static const char *pairs_drawn(int rows, int columns, struct hexpair *pair)
{
	static struct out out;
	struct display display;
	struct area area;

	display_init(&display, rows, columns, false);
	area = display_area(&display);
	hexpair_draw(pair, &area);
	out_deinit(&out);
	out_init(&out, -1);
	display_dump(&display, &out);
	out_char(&out, '\0');
	display_deinit(&display);
	return out.buffer;
}

static void narrow_pairs_stand_below_each_other(void **state)
{
	struct hexpair pair = { .line = pair_at, .n_lines = 5, .cursor = 1, .byte = 3 };

	(void)state;
	assert_string_equal(
		pairs_drawn(6, 80, &pair),
		" 000000001000 = 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ................\n"
		">000000001010 - 00 00 00~41 00 00 00 00 00 00 00 00 00 00 00~00 ...A............\n"
		"              + 00 00 00~42 00 00 00 00 00 00 00 00 00 00 00~ff ...B............\n"
		" 000000001020 ++00+00+00+00+00+00+00+00+00+00+00+00+00+00+00+00 ................\n"
		" 000000001030 --00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00 ................\n"
		" 000000001040 ? file\n");
}

static void wide_pairs_stand_side_by_side(void **state)
{
	struct hexpair pair = { .line = pair_at, .n_lines = 5, .cursor = 0 };
	const char *text = pairs_drawn(5, 120, &pair);

	(void)state;
	assert_non_null(strstr(text, "\n 000000001010   00 00 00~41 00 00 00 00 00 00 00 00 00 00 00~00  "
				     "~  00 00 00~42 00 00 00 00 00 00 00 00 00 00 00~ff\n"));
	assert_non_null(strstr(text, "\n 000000001020   zero                                             "
				     "+ +00+00+00+00+00+00+00+00+00+00+00+00+00+00+00+00\n"));
	assert_null(strstr(text, "...A"));
	assert_non_null(strstr(pairs_drawn(5, 160, &pair), "...A............   ...B............\n"));
}

/* All rows of the cursor's line are drawn, however many the lines before it take. */
static void the_cursor_stays_on_the_screen(void **state)
{
	struct hexpair pair = { .line = pair_at, .n_lines = 5 };

	(void)state;
	hexpair_act(&pair, ACTION_DOWN);
	assert_non_null(strstr(pairs_drawn(2, 80, &pair), "+ 00 00 00~42"));
	assert_int_equal(pair.top, 1);
	hexpair_act(&pair, ACTION_LAST);
	(void)pairs_drawn(2, 80, &pair);
	assert_int_equal(pair.cursor, 4);
	assert_int_equal(pair.top, 3);
	hexpair_act(&pair, ACTION_DOWN);
	assert_int_equal(pair.cursor, 4);
	hexpair_act(&pair, ACTION_LEFT);
	assert_int_equal(pair.cursor, 3);
	assert_int_equal(pair.byte, 15);
	hexpair_act(&pair, ACTION_FIRST);
	hexpair_act(&pair, ACTION_LEFT);
	assert_int_equal(pair.cursor, 0);
	(void)pairs_drawn(1, 1, &pair);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_sort_as_one),
		cmocka_unit_test(rows_are_filtered_and_sorted),
		cmocka_unit_test(a_wrong_filter_changes_nothing),
		cmocka_unit_test(rows_come_while_it_is_shown),
		cmocka_unit_test(a_million_rows_cost_a_screen),
		cmocka_unit_test(narrow_pairs_stand_below_each_other),
		cmocka_unit_test(wide_pairs_stand_side_by_side),
		cmocka_unit_test(the_cursor_stays_on_the_screen),
	};

	return run_all(tests);
}
