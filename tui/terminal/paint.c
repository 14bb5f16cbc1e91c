/* The grid of cells, by ncurses. */
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "tui/terminal/internal.h"

/* --- looks ------------------------------------------------------------------------------------------ */

struct paint {
	short foreground, background; /* -1: the terminal's own */
	attr_t attributes, mono;
};

static const struct paint dark[N_LOOKS] = {
	[LOOK_PLAIN] = { -1, -1, A_NORMAL, A_NORMAL },
	[LOOK_STRONG] = { -1, -1, A_BOLD, A_BOLD },
	[LOOK_DIM] = { -1, -1, A_DIM, A_DIM },
	[LOOK_HEADING] = { COLOR_CYAN, -1, A_BOLD | A_UNDERLINE, A_BOLD | A_UNDERLINE },
	[LOOK_BAR] = { -1, -1, A_REVERSE, A_REVERSE },
	[LOOK_KEY] = { COLOR_CYAN, -1, A_BOLD, A_BOLD },
	[LOOK_SELECTED] = { COLOR_BLACK, COLOR_CYAN, A_NORMAL, A_REVERSE },
	[LOOK_LINK] = { COLOR_CYAN, -1, A_NORMAL, A_UNDERLINE },
	[LOOK_GOOD] = { COLOR_GREEN, -1, A_NORMAL, A_NORMAL },
	[LOOK_WARNING] = { COLOR_YELLOW, -1, A_BOLD, A_BOLD },
	[LOOK_ALARM] = { COLOR_RED, -1, A_BOLD, A_BOLD | A_UNDERLINE },
	[LOOK_MATCH] = { COLOR_BLACK, COLOR_YELLOW, A_NORMAL, A_REVERSE | A_BOLD },
};

/* On white some of these cannot be read. */
static struct paint paint_of(enum look look, bool light)
{
	struct paint paint = dark[look];

	if (!light)
		return paint;
	if (paint.foreground == COLOR_CYAN)
		paint.foreground = COLOR_BLUE;
	if (paint.foreground == COLOR_YELLOW)
		paint.foreground = COLOR_MAGENTA;
	return paint;
}

void paint_prepare(struct terminal *terminal, enum tui_theme theme)
{
	terminal->mono = theme == THEME_MONO || !has_colors();
	if (terminal->mono)
		return;
	start_color();
	use_default_colors();
	for (int look = 0; look < N_LOOKS; look++) {
		struct paint paint = paint_of((enum look)look, theme == THEME_LIGHT);

		init_pair((short)(look + 1), paint.foreground, paint.background);
	}
}

/* --- cells ------------------------------------------------------------------------------------------ */

/* A cell as ncurses has it. What its library takes for another width than we do would shift the line. */
static void paint_cell(const struct terminal *terminal, const struct cell *cell, int row, int column, int width)
{
	struct paint paint = dark[cell->look];
	wchar_t text[CELL_CHARACTERS + 1] = L"";
	attr_t attributes = terminal->mono ? paint.mono : paint.attributes;
	short pair = terminal->mono ? 0 : (short)(cell->look + 1);
	cchar_t complex;

	for (int i = 0; i < cell->n; i++)
		text[i] = (wchar_t)cell->characters[i];
	if (wcwidth(text[0]) != width)
		text[0] = L'?', text[1] = L'\0';
	for (int i = 1; text[i]; i++)
		if (wcwidth(text[i]) != 0)
			text[i] = L'\0';
	if (setcchar(&complex, text, attributes, pair, NULL) == OK)
		mvadd_wch(row, column, &complex);
	if (width == 2 && text[0] == L'?')
		mvaddch(row, column + 1, ' ');
}

void paint(const struct terminal *terminal, struct tui *tui)
{
	const struct display *display = &tui->display;

	erase();
	for (int row = 0; row < display->rows; row++)
		for (int column = 0; column < display->columns; column++) {
			const struct cell *cell = display_cell(display, row, column);
			bool wide = column + 1 < display->columns && !cell[1].characters[0];

			if (cell->characters[0])
				paint_cell(terminal, cell, row, column, wide ? 2 : 1);
		}
	if (tui->draw_anew)
		clearok(curscr, TRUE);
	tui->draw_anew = false;
	curs_set(display->cursor_row >= 0);
	if (display->cursor_row >= 0)
		move(display->cursor_row, display->cursor_column);
	refresh();
}
