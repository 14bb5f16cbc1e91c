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

/* --- keyboard.c --- */

/* The next key that has been pressed; false where none has. */
bool keyboard_next(uint32_t *ret);
