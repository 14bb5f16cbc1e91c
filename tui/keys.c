#include "tui/keys.h"

#include "decoders/base/escape.h"
#include "decoders/base/size.h"

#define CONTROL PRESS_CONTROL

const struct key keys[] = {
	{ { PRESS_ENTER, 'l' }, ACTION_FOLLOW, KEYS_EVERYWHERE, "Enter l",
	  "open what is selected: where it leads, or all that is known of it", "Open" },
	{ { PRESS_ESCAPE, PRESS_BACKSPACE, 'h' }, ACTION_BACK, KEYS_EVERYWHERE, "Esc Bksp h",
	  "back; first ends a filter or work that goes on", "Back" },

	{ { PRESS_UP, 'k' }, ACTION_UP, KEYS_LIST | KEYS_MEMORY | KEYS_PAIRS, "Up k", "a line up", NULL },
	{ { PRESS_DOWN, 'j' }, ACTION_DOWN, KEYS_LIST | KEYS_MEMORY | KEYS_PAIRS, "Down j", "a line down", NULL },
	{ { PRESS_PAGE_UP, CONTROL('B') }, ACTION_PAGE_UP, KEYS_LIST | KEYS_MEMORY | KEYS_PAIRS, "PgUp ^B",
	  "a screen up", NULL },
	{ { PRESS_PAGE_DOWN, CONTROL('F') }, ACTION_PAGE_DOWN, KEYS_LIST | KEYS_MEMORY | KEYS_PAIRS, "PgDn ^F",
	  "a screen down", NULL },
	{ { CONTROL('U') }, ACTION_HALF_UP, KEYS_LIST | KEYS_MEMORY | KEYS_PAIRS, "^U", "half a screen up", NULL },
	{ { CONTROL('D') }, ACTION_HALF_DOWN, KEYS_LIST | KEYS_MEMORY | KEYS_PAIRS, "^D", "half a screen down", NULL },
	{ { PRESS_HOME, 'g' }, ACTION_FIRST, KEYS_LIST | KEYS_MEMORY | KEYS_PAIRS, "Home g", "to the first line", NULL },
	{ { PRESS_END, 'G' }, ACTION_LAST, KEYS_LIST | KEYS_MEMORY | KEYS_PAIRS, "End G", "to the last line", NULL },
	{ { PRESS_LEFT }, ACTION_LEFT, KEYS_LIST | KEYS_MEMORY | KEYS_PAIRS, "Left",
	  "columns to the left; in memory a byte back", NULL },
	{ { PRESS_RIGHT }, ACTION_RIGHT, KEYS_LIST | KEYS_MEMORY | KEYS_PAIRS, "Right",
	  "columns to the right; in memory a byte on", NULL },

	{ { 'b' }, ACTION_IGNORE, KEYS_FINDINGS, "b", "it is known: a line for .coldcaseignore, with a reason", "Known" },
	{ { 'O' }, ACTION_ORIGINAL, KEYS_INDEX, "O", "the checkpoint itself, if it is beneath the DIR of --originals",
	  "Original" },
	{ { '/', PRESS_F1 + 2 }, ACTION_SEARCH, KEYS_LIST | KEYS_MEMORY, "/ F3",
	  "search, a regular expression, as it is typed", "Search" },
	{ { 'n' }, ACTION_NEXT, KEYS_LIST | KEYS_MEMORY, "n", "the next that was searched for", NULL },
	{ { 'N' }, ACTION_PREVIOUS, KEYS_LIST | KEYS_MEMORY, "N", "the one before", NULL },
	{ { '\\', PRESS_F1 + 3 }, ACTION_FILTER, KEYS_TABLE | KEYS_ORDER, "\\ F4",
	  "show only lines that fit; !x: that do not", "Filter" },
	{ { '<', ',' }, ACTION_SORT_LEFT, KEYS_TABLE | KEYS_ORDER, "< ,", "sort by the column before", NULL },
	{ { '>', '.', PRESS_F1 + 5 }, ACTION_SORT_RIGHT, KEYS_TABLE | KEYS_ORDER, "> . F6", "sort by the next column",
	  "Sort" },
	{ { 'I' }, ACTION_INVERT, KEYS_TABLE | KEYS_ORDER, "I", "sort the other way round", NULL },
	{ { 'a' }, ACTION_ALL_COLUMNS, KEYS_TABLE | KEYS_COLUMNS, "a", "all columns, or the usual ones", NULL },
	{ { 'v' }, ACTION_RECORD, KEYS_TABLE | KEYS_TREE | KEYS_COLUMNS, "v", "all values of the row", "Values" },
	{ { ' ' }, ACTION_TAG, KEYS_TABLE, "Space", "mark the row: w writes what is marked", NULL },

	{ { PRESS_TAB }, ACTION_NEXT_TAB, KEYS_TABS, "Tab", "the next tab", "Next" },
	{ { PRESS_BACK_TAB }, ACTION_PREVIOUS_TAB, KEYS_TABS, "S-Tab", "the tab before", NULL },
	{ { '1' }, ACTION_TAB_1, KEYS_TABS, "1 .. 9", "that tab", NULL },

	{ { 't', PRESS_F1 + 4 }, ACTION_FLAT, KEYS_TREE, "t F5", "the same as a table", "Table" },
	{ { '+', '-' }, ACTION_FOLD, KEYS_TREE, "+ -", "fold or unfold what is below", "Fold" },
	{ { '*' }, ACTION_UNFOLD_ALL, KEYS_TREE, "*", "unfold all", NULL },
	{ { '_' }, ACTION_FOLD_ALL, KEYS_TREE, "_", "fold all", NULL },

	{ { '[' }, ACTION_PREVIOUS_RUN, KEYS_MEMORY, "[", "the run of present bytes before", NULL },
	{ { ']' }, ACTION_NEXT_RUN, KEYS_MEMORY, "]", "the next run of present bytes", "Next run" },
	{ { '{' }, ACTION_PREVIOUS_MAPPING, KEYS_MEMORY, "{", "the mapping before", NULL },
	{ { '}' }, ACTION_NEXT_MAPPING, KEYS_MEMORY, "}", "the next mapping", "Next map" },
	{ { 'M' }, ACTION_MARK, KEYS_MEMORY, "M", "mark the place; again: there and back", NULL },
	{ { 'v' }, ACTION_TYPES, KEYS_MEMORY, "v", "numbers, times, addresses, texts that the bytes may be", "Types" },
	{ { 'e' }, ACTION_NEXT_ERROR, KEYS_LOG, "e", "the next error or warning", "Next error" },
	{ { 'E' }, ACTION_PREVIOUS_ERROR, KEYS_LOG, "E", "the one before", NULL },

	{ { 'u' }, ACTION_HIDE, KEYS_DIFF, "u", "leave out what is the same, or empty; or show it", "More" },
	{ { 'w' }, ACTION_WRITE, KEYS_LIST | KEYS_MEMORY, "w",
	  "write the rows: NAME.csv, .json, .jsonl, .txt; bytes: from the mark on", "Write" },

	{ { 'n' }, ACTION_NEXT, KEYS_PAIRS, "n", "the next bytes that changed", "Next" },
	{ { 'N' }, ACTION_PREVIOUS, KEYS_PAIRS, "N", "those before", "Previous" },
	{ { ']' }, ACTION_NEXT_RUN, KEYS_PAIRS, "]", "the next page that changed", "Next page" },
	{ { '[' }, ACTION_PREVIOUS_RUN, KEYS_PAIRS, "[", "the page before", NULL },
	{ { '}' }, ACTION_NEXT_MAPPING, KEYS_PAIRS, "}", "the next stretch of such pages", NULL },
	{ { '{' }, ACTION_PREVIOUS_MAPPING, KEYS_PAIRS, "{", "the stretch before", NULL },

	{ { 'x' }, ACTION_SOURCE, KEYS_EVERYWHERE, "x", "the bytes that the row was read from", NULL },
	{ { 'c' }, ACTION_COMMAND_LINE, KEYS_EVERYWHERE, "c", "the command line that prints this", NULL },
	{ { 'y' }, ACTION_COPY, KEYS_EVERYWHERE, "y", "copy the row (an address, a message) to the terminal's clipboard", NULL },
	{ { 'S' }, ACTION_REVEAL, KEYS_EVERYWHERE, "S", "show secrets, or mask them again", NULL },
	{ { ':' }, ACTION_COMMAND, KEYS_EVERYWHERE, ":", "a command, or the name of a table; Tab completes",
	  NULL },
	{ { 'o' }, ACTION_OVERVIEW, KEYS_EVERYWHERE, "o", "the overview", NULL },
	{ { 'p' }, ACTION_TREE, KEYS_EVERYWHERE, "p", "the tree of processes", "Procs" },
	{ { 'm' }, ACTION_MEMORY, KEYS_EVERYWHERE, "m", "the memory of the process", "Memory" },
	{ { 'f' }, ACTION_FIND, KEYS_EVERYWHERE, "f", "search all of memory", NULL },
	{ { 'T' }, ACTION_TABLES, KEYS_EVERYWHERE, "T", "all tables", "Tables" },
	{ { 'L' }, ACTION_LOG, KEYS_EVERYWHERE, "L", "CRIU's log", NULL },
	{ { 'i' }, ACTION_CHECK, KEYS_EVERYWHERE, "i", "issues: what the rules find", "Issues" },
	{ { 'd' }, ACTION_DIFF, KEYS_EVERYWHERE, "d", "what changed, since its parent or between the two", NULL },
	{ { 'P' }, ACTION_PROBLEMS, KEYS_EVERYWHERE, "P", "what is damaged", NULL },
	{ { '?', PRESS_F1 }, ACTION_HELP, KEYS_EVERYWHERE, "? F1", "this", "Help" },
	{ { CONTROL('L') }, ACTION_REDRAW, KEYS_EVERYWHERE, "^L", "draw the screen anew", NULL },
	{ { 'q' }, ACTION_CLOSE, KEYS_EVERYWHERE, "q", "close this screen; the first one: quit", NULL },
	{ { 'Q', PRESS_F1 + 9, CONTROL('C') }, ACTION_QUIT, KEYS_EVERYWHERE, "Q F10", "quit", "Quit" },
};
const size_t n_keys = ARRAY_SIZE(keys);

static bool has_press(const struct key *key, uint32_t press)
{
	for (size_t i = 0; i < ARRAY_SIZE(key->presses); i++)
		if (key->presses[i] == press)
			return true;
	return false;
}

enum action key_action(uint32_t press, unsigned where)
{
	if (press == PRESS_NONE)
		return ACTION_NONE;
	if (where & KEYS_TABS && press >= '1' && press <= '9')
		return (enum action)(ACTION_TAB_1 + (press - '1'));
	for (size_t i = 0; i < n_keys; i++)
		if (keys[i].where & where && has_press(&keys[i], press))
			return keys[i].action;
	return ACTION_NONE;
}

bool key_named(struct bytes name, uint32_t *ret)
{
	static const struct {
		const char *name;
		uint32_t press;
	} names[] = {
		{ "Up", PRESS_UP },	      { "Down", PRESS_DOWN },	  { "Left", PRESS_LEFT },
		{ "Right", PRESS_RIGHT },     { "PgUp", PRESS_PAGE_UP },  { "PgDn", PRESS_PAGE_DOWN },
		{ "Home", PRESS_HOME },	      { "End", PRESS_END },	  { "Enter", PRESS_ENTER },
		{ "Bksp", PRESS_BACKSPACE },  { "Del", PRESS_DELETE },	  { "Tab", PRESS_TAB },
		{ "S-Tab", PRESS_BACK_TAB },  { "Esc", PRESS_ESCAPE },	  { "Space", ' ' },
	};
	uint32_t c;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (bytes_equal(name, bytes_of(names[i].name))) {
			*ret = names[i].press;
			return true;
		}
	if (name.len == 2 && name.data[0] == '^' && name.data[1] >= '@' && name.data[1] <= '_') {
		*ret = PRESS_CONTROL(name.data[1]);
		return true;
	}
	if (name.len >= 2 && name.len <= 3 && name.data[0] == 'F' && name.data[1] >= '1' &&
	    name.data[1] <= '9') {
		unsigned number = (unsigned)(name.data[1] - '0');

		if (name.len == 3)
			number = name.data[2] >= '0' ? number * 10 + (unsigned)(name.data[2] - '0') : 99;
		*ret = PRESS_F1 + number - 1;
		return number <= 12;
	}
	if (!utf8_next(&name, &c) || name.len)
		return false;
	*ret = c;
	return true;
}
