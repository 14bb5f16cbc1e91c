/*
 * Keys and what they do: one table.
 *
 * A row says which keys, on which kinds of screen, what is done, and how help tells it. The screen of "?", the
 * last line, the names of keys in scripts: all come from it. Screens never see a key, only actions.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoders/base/bytes.h"

/* Keys that are no character stand behind Unicode. */
enum press {
	PRESS_NONE = 0,
	PRESS_ESCAPE = 0x1b,
	PRESS_UP = 0x110000,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_HOME,
	PRESS_END,
	PRESS_ENTER,
	PRESS_BACKSPACE,
	PRESS_DELETE,
	PRESS_TAB,
	PRESS_BACK_TAB,
	PRESS_F1,
	PRESS_F12 = PRESS_F1 + 11,
};

#define PRESS_CONTROL(letter) ((letter) & 0x1f)

enum action {
	ACTION_NONE,
	ACTION_UP, ACTION_DOWN, ACTION_PAGE_UP, ACTION_PAGE_DOWN, ACTION_HALF_UP, ACTION_HALF_DOWN,
	ACTION_FIRST, ACTION_LAST, ACTION_LEFT, ACTION_RIGHT,
	ACTION_FOLLOW, ACTION_BACK, ACTION_CLOSE, ACTION_QUIT,
	ACTION_SEARCH, ACTION_NEXT, ACTION_PREVIOUS, ACTION_FILTER,
	ACTION_SORT_LEFT, ACTION_SORT_RIGHT, ACTION_INVERT, ACTION_TAG, ACTION_ALL_COLUMNS, ACTION_RECORD,
	ACTION_NEXT_TAB, ACTION_PREVIOUS_TAB, ACTION_TAB_1, ACTION_TAB_LAST = ACTION_TAB_1 + 31,
	ACTION_FOLD, ACTION_UNFOLD_ALL, ACTION_FOLD_ALL, ACTION_FLAT,
	ACTION_PREVIOUS_RUN, ACTION_NEXT_RUN, ACTION_PREVIOUS_MAPPING, ACTION_NEXT_MAPPING, ACTION_MARK, ACTION_TYPES,
	ACTION_NEXT_ERROR, ACTION_PREVIOUS_ERROR, ACTION_IGNORE,
	ACTION_COMMAND, ACTION_COMMAND_LINE, ACTION_SOURCE, ACTION_REVEAL, ACTION_COPY, ACTION_WRITE, ACTION_REDRAW,
	ACTION_HELP, ACTION_OVERVIEW, ACTION_TREE, ACTION_MEMORY, ACTION_FIND, ACTION_LOG, ACTION_PROBLEMS, ACTION_CHECK,
	ACTION_TABLES,
	ACTION_DIFF, ACTION_HIDE, ACTION_ORIGINAL,
};

/* Kinds of screens, by the keys that mean something there. */
enum {
	KEYS_EVERYWHERE = 1 << 0,
	KEYS_LIST = 1 << 1,
	KEYS_TABLE = 1 << 2, /* a list that can be sorted and filtered */
	KEYS_TABS = 1 << 3,
	KEYS_TREE = 1 << 4,
	KEYS_MEMORY = 1 << 5,
	KEYS_LOG = 1 << 6,
	KEYS_FINDINGS = 1 << 7,
	KEYS_ORDER = 1 << 8,   /* a list that can be sorted and filtered, of no table */
	KEYS_COLUMNS = 1 << 9, /* one that has the columns of a table */
	KEYS_DIFF = 1 << 10,
	KEYS_INDEX = 1 << 12,
	KEYS_PAIRS = 1 << 11,  /* bytes before and after */
};

struct key {
	uint32_t presses[4];
	enum action action;
	unsigned where;
	const char *names; /* as help shows them */
	const char *help;
	const char *label; /* in the last line; NULL: not there */
};

extern const struct key keys[];
extern const size_t n_keys;

/* What a key does on a screen of these kinds. */
enum action key_action(uint32_t press, unsigned where);

/* "Enter", "^D", "F4", or a character, as scripts name keys. False where it is none. */
bool key_named(struct bytes name, uint32_t *ret);
