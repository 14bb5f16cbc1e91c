/* What can be typed behind ":". */
#include <errno.h>
#include <stdlib.h>

#include "decoders/base/escape.h"
#include "decoders/base/nearest.h"
#include "decoders/base/size.h"
#include "tui/internal.h"

/* --- commands ------------------------------------------------------------------------------------------ */

static struct error *run_quit(struct tui *tui, const char *words)
{
	(void)words;
	tui->quits = true;
	return NULL;
}

static struct error *run_goto(struct tui *tui, const char *words)
{
	struct view *view = tui_top(tui);
	char *end;
	uint64_t address;

	errno = 0;
	address = strtoull(words, &end, 16);
	if (end == words || *end || errno)
		return error_new(ERROR_USAGE, "goto ADDRESS, in hexadecimal");
	if (!view->screen->go)
		return error_new(ERROR_USAGE, "this screen has no addresses");
	return view->screen->go(view, address);
}

static struct error *run_find(struct tui *tui, const char *words)
{
	struct link link = LINK_TO(&screen_find);

	if (!*words)
		return error_new(ERROR_USAGE, "find PATTERN: a regular expression, looked for in all memory");
	strncpy(link.text, words, sizeof(link.text) - 1);
	return tui_open(tui, &link), NULL;
}

static struct error *run_columns(struct tui *tui, const char *words)
{
	struct rows *rows = view_rows(tui_top(tui));

	if (!rows)
		return error_new(ERROR_USAGE, "this screen has no table");
	return rows_choose_columns(rows, *words ? words : NULL, false);
}

/* By the heading of a column, whatever the list is of. */
static struct error *run_sort(struct tui *tui, const char *words)
{
	struct view *view = tui_top(tui);
	struct rows *rows = view_rows(view);
	struct order *order = view_order(view);
	const struct list *list = rows ? rows->list : order ? order->list : NULL;
	bool descending = *words == '-';
	size_t column = 0, n;

	if (!list)
		return error_new(ERROR_USAGE, "this screen has no table");
	n = list_n_columns(list->model, list->context);
	while (column < n && strcmp(list_heading(list->model, list->context, column), words + descending) != 0)
		column++;
	if (*words && column == n)
		return error_new(ERROR_USAGE, "no column %s is shown", words + descending);
	if (rows)
		rows_sort(rows, *words ? column : SIZE_MAX, descending);
	else
		order_sort(order, *words ? column : SIZE_MAX, descending);
	return NULL;
}

static struct error *run_filter(struct tui *tui, const char *words)
{
	struct rows *rows = view_rows(tui_top(tui));
	struct order *order = view_order(tui_top(tui));

	if (!rows && !order)
		return error_new(ERROR_USAGE, "this screen has no table");
	return rows ? rows_filter(rows, words) : order_filter(order, words);
}

static struct error *run_set(struct tui *tui, const char *words)
{
	bool on = !strcmp(words, "mouse on");

	if (!on && strcmp(words, "mouse off") != 0)
		return error_new(ERROR_USAGE, "set mouse on, or off: then the terminal selects text with it");
	tui->mouse = on;
	tui_say(tui, on ? "the mouse is listened to" : "the mouse is the terminal's");
	return NULL;
}

const struct tui_command tui_commands[] = {
	{ "q", "", "quit", run_quit, WORDS_NONE },
	{ "w", "NAME", "write the rows: NAME.csv, NAME.json, NAME.jsonl, or text; or bytes", write_what_is_shown, WORDS_NONE },
	{ "goto", "ADDRESS", "to an address in memory, or an offset in an image", run_goto, WORDS_NONE },
	{ "find", "PATTERN", "search all of memory", run_find, WORDS_NONE },
	{ "columns", "[NAMES]", "show these columns, as in columns pid,path", run_columns, WORDS_COLUMNS },
	{ "sort", "[-]COLUMN", "sort, with - from the highest", run_sort, WORDS_HEADINGS },
	{ "filter", "[!]PATTERN", "show only rows that fit; nothing: all", run_filter, WORDS_NONE },
	{ "copy", "[COLUMN]", "a cell of the row, or all of it, to the terminal's clipboard", tui_copy_selected,
	  WORDS_HEADINGS },
	{ "set", "mouse on|off", "listen to the mouse, or leave it to the terminal", run_set, WORDS_SETTINGS },
};
const size_t n_tui_commands = ARRAY_SIZE(tui_commands);

static struct bytes first_word(const char *line, const char **ret_rest)
{
	struct bytes word = bytes_of(line);

	word = bytes_first(word, bytes_find(word, ' '));
	line += word.len;
	while (*line == ' ')
		line++;
	*ret_rest = line;
	return word;
}

static struct error *unknown(struct bytes word)
{
	struct nearest nearest = nearest_to(word);

	for (size_t i = 0; i < n_tui_commands; i++)
		nearest_try(&nearest, bytes_of(tui_commands[i].name));
	for (size_t i = 0; i < n_screens; i++)
		nearest_try(&nearest, bytes_of(screens[i]->name));
	table_nearest(&nearest);
	return nearest_hint(&nearest,
			    error_new(ERROR_USAGE, "there is no command, screen or table \"%.*s\"",
				      BYTES_FMT(word)),
			    "? lists what there is");
}

void command_run(struct tui *tui, const char *line)
{
	const char *rest;
	struct bytes word;
	struct link link;

	while (*line == ' ')
		line++;
	word = first_word(line, &rest);
	if (!word.len)
		return;
	for (size_t i = 0; i < n_tui_commands; i++)
		if (bytes_equal(word, bytes_of(tui_commands[i].name))) {
			tui_complain(tui, tui_commands[i].run(tui, rest));
			return;
		}
	if (!link_named(word, &link)) {
		tui_complain(tui, unknown(word));
		return;
	}
	strncpy(link.text, rest, sizeof(link.text) - 1);
	link.text[sizeof(link.text) - 1] = '\0';
	if (link.screen == &screen_table && !tui_top(tui)->checkpoint)
		link.screen = &screen_index_rows;
	tui_go(tui, &link);
	if (*rest && tui_top(tui)->screen == link.screen &&
	    (link.screen == &screen_table || link.screen == &screen_index_rows))
		tui_complain(tui, run_filter(tui, rest));
}
