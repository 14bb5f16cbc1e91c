/*
 * What the files of the terminal share.
 *
 * Whatever happens the terminal is given back as it was: at the end, when the process is stopped or killed, when it
 * crashes. After the sandbox is entered ncurses needs no file and no system call but reading, writing, waiting and
 * setting the terminal's modes.
 */
#pragma once

#include <pthread.h>
#include <signal.h>
#include <termios.h>

#include "tui/view.h"

struct terminal {
	void *ncurses; /* its SCREEN */
	bool mono, is_open;
	bool mouse; /* is on */
	pthread_t thread;
	const char *what; /* of progress */
	uint64_t began, drawn;
};

enum { FRAME = 50000 /* microseconds between two pictures of work that goes on */ };

/* --- signals.c --- */

/* What handlers touch. */
struct signals {
	int wake[2];		      /* a pipe: a handler writes, the loop waits for it */
	volatile sig_atomic_t resized, stop, continued, ends;
	struct termios before;	      /* the terminal's modes as they were */
	char reset[256];	      /* what makes it an ordinary screen again */
	size_t reset_len;
	volatile sig_atomic_t is_ours; /* the terminal is in our modes */
	bool mouse;		      /* it has one */
};
extern struct signals signals;

void signals_listen(void);
void signals_listen_to_stop(bool ours);

/* Has the sequences ready, so that a handler need not ask ncurses, which must be open. */
void signals_prepare_reset(void);

/* The terminal as it was; may be called from a handler. */
void signals_give_back(void);

/* --- paint.c --- */

void paint_prepare(struct terminal *terminal, enum tui_theme theme);
void paint(const struct terminal *terminal, struct tui *tui);

/* --- clipboard.c --- */

/* The sequence that makes TEXT the clipboard's. */
void clipboard_put(struct bytes text, struct out *out);
bool clipboard_is_there(void);

/* --- keyboard.c --- */

/* Presses and the wheel are told of, nothing else; in the form that has no end at column 223. */
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

struct input {
	uint32_t press;
	bool is_mouse; /* in place of a press: */
	int row, column;
	enum mouse mouse;
};

/* When ncurses is open. */
void keyboard_prepare(void);
void keyboard_listen_to_mouse(bool on);

/* What comes next; false where nothing has come yet. */
bool keyboard_next(struct input *ret);
