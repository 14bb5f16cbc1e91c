/*
 * What is on the screen: a grid of cells.
 *
 * All screens draw into one of these, and none knows what becomes of it: terminal/ brings it onto a terminal,
 * display_dump writes it as text. So every screen can be looked at, and tested, where there is no terminal.
 *
 * A cell holds a character and the marks that are drawn over it; one that is two columns wide takes two cells. How
 * a cell looks is said by what it means (a heading, an alarm); a theme makes colours of that, and no meaning is
 * carried by a colour alone. Text must have passed the escaper before it comes here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/bytes.h"
#include "decoders/base/out.h"

enum look {
	LOOK_PLAIN,
	LOOK_STRONG,
	LOOK_DIM,
	LOOK_HEADING,  /* of a list's columns */
	LOOK_BAR,      /* the first line, and the last but one */
	LOOK_KEY,      /* a key's name in the last line */
	LOOK_SELECTED,
	LOOK_LINK,     /* leads elsewhere */
	LOOK_GOOD,
	LOOK_WARNING,
	LOOK_ALARM,
	LOOK_MATCH,    /* what was searched for */
	N_LOOKS,
};

enum { CELL_CHARACTERS = 4, MOST_ROWS = 500, MOST_COLUMNS = 1000 };

struct cell {
	uint32_t characters[CELL_CHARACTERS]; /* the first 0: the right half of a wide one */
	uint8_t n;
	uint8_t look;
};

/* What the mouse can point at. */
enum spot_kind {
	SPOT_NONE,
	SPOT_ACTION,  /* .value: of keys.h */
	SPOT_VIEW,    /* a view of the way here */
	SPOT_ROW,     /* a row of the list */
	SPOT_HEADING, /* a column of the list */
	SPOT_BYTE,    /* an address */
};

struct spot {
	int row, column, width;
	enum spot_kind kind;
	uint64_t value;
};

struct display {
	int rows, columns;
	struct cell *cells;
	struct spot *spots; /* in the order in which they were drawn */
	size_t n_spots, cap_spots;
	bool ascii;       /* only ASCII is drawn: other characters are spelled \xNN */
	int cursor_row, cursor_column; /* -1: there is none */
};

/* ROWS and COLUMNS are brought into 1 to MOST_.... */
void display_init(struct display *display, int rows, int columns, bool ascii);
void display_deinit(struct display *display);
void display_resize(struct display *display, int rows, int columns);
void display_clear(struct display *display);

static inline struct cell *display_cell(const struct display *display, int row, int column)
{
	return &display->cells[row * display->columns + column];
}

/* A line a row, blanks at the ends of lines left out. */
void display_dump(const struct display *display, struct out *out);

/* The same grid, in place of each cell a letter for its look: "." plain, "S" selected, ... */
void display_dump_looks(const struct display *display, struct out *out);

/* A part of the display. What does not fit into it is cut. */
struct area {
	struct display *display;
	int row, column, rows, columns;
};
struct area display_area(struct display *display);

/* ROWS rows of an area from ROW on; all that are left where ROWS is -1. */
struct area area_rows(const struct area *area, int row, int rows);

/*
 * Puts text at a place of the area, cut with an ellipsis where it takes more than WIDTH columns (-1: what is left).
 * Returns the columns it took.
 */
int area_put(const struct area *area, int row, int column, int width, enum look look, struct bytes text);
int area_text(const struct area *area, int row, int column, enum look look, const char *text);

/* Columns that area_put would take were there room for all of it. */
int area_width(const struct area *area, struct bytes text);

/* Bytes of TEXT for a line of WIDTH columns: as many as fit, at least a character; up to a blank where one is near. */
size_t area_fitting(const struct area *area, struct bytes text, int width);

/* A row of a rule with a title on it. */
void area_rule(const struct area *area, int row, const char *title);

/* A whole row of the area looks so from now on; what is on it stays. */
void area_paint(const struct area *area, int row, enum look look);
void area_paint_part(const struct area *area, int row, int column, int width, enum look look);

/* What is drawn at that place of the area can be pointed at, until all is drawn anew. */
void area_spot(const struct area *area, int row, int column, int width, enum spot_kind kind, uint64_t value);

/* What is at a place of the display: the last that was drawn there. */
struct spot display_spot(const struct display *display, int row, int column);

/* Signs of our own, which have a second form where only ASCII is drawn. */
enum glyph {
	GLYPH_BRANCH,
	GLYPH_LAST,
	GLYPH_LINE,
	GLYPH_SPACE,
	GLYPH_FOLDED,
	GLYPH_UNFOLDED,
	GLYPH_CURSOR,
	GLYPH_TAGGED,
	GLYPH_UP,
	GLYPH_DOWN,
	GLYPH_CRUMB,
	GLYPH_RULE,
	GLYPH_PRESENT,
	GLYPH_SOME,    /* present, not all of it */
	GLYPH_PARENT,
	GLYPH_ZERO,
	GLYPH_FILE,
	GLYPH_LAZY,
	GLYPH_MISSING,
	GLYPH_GUARD,
	GLYPH_KERNEL,
	GLYPH_HEAT_SAME, /* how much of it is other: nothing, */
	GLYPH_HEAT_SOME, /* ... less than a quarter, */
	GLYPH_HEAT_MUCH,
	GLYPH_HEAT_ALL,
	GLYPH_ARROW,
	N_GLYPHS,
};
const char *glyph_text(enum glyph glyph, bool ascii);
