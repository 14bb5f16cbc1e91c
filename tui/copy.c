/*
 * Copying to the clipboard of the terminal, when that is asked for: what is on the screen, escaped and masked as it is
 * there, so that nothing can be pasted that was not shown.
 */
#include "decoders/base/escape.h"
#include "tui/internal.h"
#include "tui/widgets/hexdump.h"

enum { MOST_COPIED = 64 << 10 }; /* bytes; terminals take about as much */

void tui_copy(struct tui *tui, struct bytes text)
{
	out_clear(&tui->copied);
	out_bytes(&tui->copied, bytes_first(text, MOST_COPIED));
	tui->copies = true;
	tui_say(tui, text.len > MOST_COPIED ? "copied, but not its end: " : "copied: ");
	text = bytes_first(text, MOST_MESSAGE);
	for (size_t i = 0; i < text.len; i++)
		out_char(&tui->message, text.data[i] == '\t' ? ' ' : (char)text.data[i]);
}

static void put_cell(const struct list *list, size_t column, struct out *out)
{
	enum look look = LOOK_PLAIN;

	list->model->cell(list->context, list->cursor, column, out, &look);
}

/* All cells with tabs between them. Of names with their values it is the value. */
static void put_row(const struct list *list, bool is_table, struct out *out)
{
	size_t n = list_n_columns(list->model, list->context);

	for (size_t i = !is_table && n == 2; i < n; i++) {
		out_text(out, out->len ? "\t" : "");
		put_cell(list, i, out);
	}
}

/* False where there is no column of that name. */
static bool put_named_cell(const struct list *list, const char *column, struct out *out)
{
	size_t n = list_n_columns(list->model, list->context);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(list_heading(list->model, list->context, i), column)) {
			put_cell(list, i, out);
			return true;
		}
	return false;
}

struct error *tui_copy_selected(struct tui *tui, const char *column)
{
	struct view *view = tui_top(tui);
	struct list *list = view_list(view);
	struct hexdump *dump = view_dump(view);
	struct error *error = NULL;
	struct out text;

	if (!dump && (!list || list->cursor >= list->model->count(list->context)))
		return error_new(ERROR_USAGE, "there is nothing to copy here");
	out_init(&text, -1);
	text.utf8 = !tui->display.ascii;
	if (dump)
		out_hex(&text, dump->cursor);
	else if (!*column)
		put_row(list, view_rows(view) != NULL, &text);
	else if (!put_named_cell(list, column, &text))
		error = error_new(ERROR_USAGE, "no column %s is shown", column);
	if (!error)
		tui_copy(tui, out_held(&text));
	out_deinit(&text);
	return error;
}
