/*
 * Bytes before and after: sixteen of each side by side where there is room, else in two lines one below the other.
 *
 * As a hex dump it owns no bytes and asks for the lines on the screen. What differs is marked by a sign in front of the
 * byte: "~" changed, "+" there after alone, "-" there before alone.
 */
#pragma once

#include "tui/display.h"
#include "tui/keys.h"

enum { PAIR_LINE = 16, PAIR_WIDE = 120 /* columns of a display with room for both sides */ };

struct pair_line {
	uint64_t address;      /* after */
	unsigned n[2];         /* bytes of either side that are there, from the first on; 0: before, 1: after */
	uint8_t bytes[2][PAIR_LINE];
	const char *absent[2]; /* why a side has none, in a word */
};

struct hexpair {
	void (*line)(void *context, uint64_t line, struct pair_line *ret);
	void *context;
	uint64_t n_lines;
	uint64_t top, cursor;  /* lines */
	unsigned byte;         /* of the cursor's */
	int height;            /* lines that the last drawing had room for, about */
};

/* Whether a byte of a line is other on the other side, or there on one alone. */
bool pair_differs(const struct pair_line *line, unsigned byte);

void hexpair_draw(struct hexpair *pair, const struct area *area);
void hexpair_go(struct hexpair *pair, uint64_t line, unsigned byte);
bool hexpair_act(struct hexpair *pair, enum action action);
