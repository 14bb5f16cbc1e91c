/* What ncurses reads, as presses. */
#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "tui/terminal/internal.h"

static uint32_t key_of(wint_t code)
{
	static const struct {
		wint_t code;
		uint32_t press;
	} named[] = {
		{ KEY_UP, PRESS_UP },	     { KEY_DOWN, PRESS_DOWN },	 { KEY_LEFT, PRESS_LEFT },
		{ KEY_RIGHT, PRESS_RIGHT },  { KEY_PPAGE, PRESS_PAGE_UP }, { KEY_NPAGE, PRESS_PAGE_DOWN },
		{ KEY_HOME, PRESS_HOME },    { KEY_END, PRESS_END },	 { KEY_ENTER, PRESS_ENTER },
		{ KEY_BACKSPACE, PRESS_BACKSPACE }, { KEY_DC, PRESS_DELETE }, { KEY_BTAB, PRESS_BACK_TAB },
	};

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (named[i].code == code)
			return named[i].press;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return PRESS_F1 + (code - KEY_F(1));
	return PRESS_NONE;
}

static uint32_t character_of(wint_t code)
{
	switch (code) {
	case '\r':
	case '\n':
		return PRESS_ENTER;
	case '\t':
		return PRESS_TAB;
	case 0x7f:
	case '\b':
		return PRESS_BACKSPACE;
	default:
		return (uint32_t)code;
	}
}

bool keyboard_next(uint32_t *ret)
{
	wint_t code;
	int kind = get_wch(&code);

	if (kind == ERR)
		return false;
	*ret = kind == KEY_CODE_YES ? key_of(code) : character_of(code);
	return true;
}
