/* What ncurses reads, as presses and as reports of the mouse. */
#include <string.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "tui/terminal/internal.h"

/* --- keys ------------------------------------------------------------------------------------------- */

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

/* --- the mouse -------------------------------------------------------------------------------------- */

/*
 * Presses and the wheel in the form of xterm's mode 1006, "ESC [ < BUTTON ; COLUMN ; ROW M", which terminals and tmux
 * understand whatever their terminfo says. ncurses hands out what is before the numbers as a key of ours.
 */
enum {
	KEY_REPORT = 0x7000,
	MODIFIERS = 4 | 8 | 16, /* Shift, Meta, Control */
	BUTTON_LEFT = 0,
	BUTTON_WHEEL_UP = 64,
	BUTTON_WHEEL_DOWN = 65,
	MOST_NUMBER = 10000,
};

static struct {
	bool goes_on;
	int numbers[3], n;
} report;

void keyboard_prepare(void)
{
	const char *mouse = tigetstr("kmous");

	signals.mouse = mouse && mouse != (const char *)-1;
	if (!signals.mouse)
		return;
	define_key(NULL, KEY_MOUSE); /* ncurses would read the rest of it */
	define_key("\033[<", KEY_REPORT);
}

void keyboard_listen_to_mouse(bool on)
{
	const char *text = on ? MOUSE_ON : MOUSE_OFF;

	if (signals.mouse && write(STDOUT_FILENO, text, strlen(text)) < 0)
		signals.mouse = false; /* the terminal has gone, and the loop will see it */
}

/* The numbers of a report are complete. False where it is about nothing that is listened to. */
static bool end_report(bool pressed, struct input *ret)
{
	int button = report.numbers[0] & ~MODIFIERS;

	if (!pressed || report.n != 2 || !report.numbers[1] || !report.numbers[2])
		return false;
	if (button != BUTTON_LEFT && button != BUTTON_WHEEL_UP && button != BUTTON_WHEEL_DOWN)
		return false;
	*ret = (struct input){
		.is_mouse = true, .column = report.numbers[1] - 1, .row = report.numbers[2] - 1,
		.mouse = button == BUTTON_LEFT ? MOUSE_CLICK : button == BUTTON_WHEEL_UP ? MOUSE_WHEEL_UP
										       : MOUSE_WHEEL_DOWN,
	};
	return true;
}

/* A character of a report; true where it ends one that is to be heard of. */
static bool go_on_with_report(wint_t c, struct input *ret)
{
	int *number = &report.numbers[report.n];

	if (c >= '0' && c <= '9' && *number < MOST_NUMBER) {
		*number = *number * 10 + (int)(c - '0');
		return false;
	}
	if (c == ';' && report.n < 2) {
		report.n++;
		return false;
	}
	report.goes_on = false;
	return (c == 'M' || c == 'm') && end_report(c == 'M', ret);
}

/* --- both ------------------------------------------------------------------------------------------- */

bool keyboard_next(struct input *ret)
{
	wint_t code;
	int kind;

	while ((kind = get_wch(&code)) != ERR) {
		if (kind == KEY_CODE_YES && code == KEY_REPORT) {
			memset(&report, 0, sizeof(report));
			report.goes_on = true;
		} else if (report.goes_on && kind == OK) {
			if (go_on_with_report(code, ret))
				return true;
		} else {
			*ret = (struct input){ .press = kind == KEY_CODE_YES ? key_of(code) : character_of(code) };
			return true;
		}
	}
	return false;
}
