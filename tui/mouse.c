/*
 * The mouse: whatever is drawn says what it is (area_spot), so this knows no screen.
 *
 * What is clicked on becomes selected; a click on what is selected already, so a double click on anything, is Enter.
 */
#include "tui/internal.h"
#include "tui/widgets/hexdump.h"

enum { WHEEL_LINES = 3 };

static void go_back_to(struct tui *tui, size_t view)
{
	while (tui->n_views > view + 1)
		tui_back(tui);
}

static void click_row(struct tui *tui, struct list *list, size_t row)
{
	if (list->cursor == row)
		tui_act(tui, ACTION_FOLLOW);
	else
		list_go(list, row);
}

static void click_byte(struct tui *tui, struct hexdump *dump, uint64_t address)
{
	if (dump->cursor == address)
		tui_act(tui, ACTION_FOLLOW);
	else
		dump->cursor = address;
}

/* By that column; again: the other way round. */
static void click_heading(struct rows *rows, size_t column)
{
	if (column < rows->listing.n_columns)
		rows_sort(rows, column, rows->sort == column && !rows->descending);
}

static void click(struct tui *tui, const struct spot *spot)
{
	struct view *view = tui_top(tui);
	struct list *list = view_list(view);
	struct rows *rows = view_rows(view);
	struct hexdump *dump = view_dump(view);

	switch (spot->kind) {
	case SPOT_ACTION:
		tui_act(tui, (enum action)spot->value);
		break;
	case SPOT_VIEW:
		if (!comparing_has_models(tui->comparing))
			go_back_to(tui, spot->value);
		break;
	case SPOT_ROW:
		if (list)
			click_row(tui, list, spot->value);
		break;
	case SPOT_HEADING:
		if (rows)
			click_heading(rows, spot->value);
		else if (view_order(view))
			order_click(view_order(view), spot->value);
		break;
	case SPOT_BYTE:
		if (dump)
			click_byte(tui, dump, spot->value);
		break;
	case SPOT_NONE:
		break;
	}
}

static void roll(struct tui *tui, bool up)
{
	struct list *list = view_list(tui_top(tui));

	if (list) {
		list_scroll(list, WHEEL_LINES, up);
		return;
	}
	for (int i = 0; i < WHEEL_LINES; i++)
		tui_act(tui, up ? ACTION_UP : ACTION_DOWN);
}

void tui_mouse(struct tui *tui, int row, int column, enum mouse mouse)
{
	struct spot spot = display_spot(&tui->display, row, column);

	if (tui->prompt.kind || tui->writing || !tui->mouse)
		return;
	tui_hush(tui);
	if (mouse == MOUSE_CLICK)
		click(tui, &spot);
	else
		roll(tui, mouse == MOUSE_WHEEL_UP);
}
