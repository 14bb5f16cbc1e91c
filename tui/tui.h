/*
 * Looking at a checkpoint on a whole screen: the door to this room.
 *
 * The screens draw into a grid of cells (display.h) and hear of actions (keys.h). Who brings the one onto a terminal and
 * makes the other of key presses is exchangeable: a terminal, by ncurses, or a script that presses keys and
 * saves what the screen looks like, for which no terminal is needed.
 *
 * Nothing is changed and nothing is written but what .make_file opens.
 */
#pragma once

#include "db/findings/ignore.h"
#include "decoders/model/checkpoint.h"

enum tui_theme {
	THEME_DARK,
	THEME_LIGHT,
	THEME_MONO, /* attributes only */
};

struct tui_setup {
	bool reveal;          /* secrets as they are, from the beginning */
	bool ascii;           /* draw with ASCII alone */
	bool no_mouse;        /* leave it to the terminal, from the beginning */
	/* A new file for what the user writes: a descriptor, or -1 with errno. NULL: nothing can be written. */
	int (*make_file)(void *context, const char *name);
	/* What the checkpoint is compared with; NULL: nothing, unless somebody asks what changed since its parent: */
	struct checkpoint *before;
	/* Opens that; *ret lives as long as the screens. NULL: nobody can. */
	struct error *(*open_parent)(void *context, struct checkpoint *checkpoint, struct checkpoint **ret);
	struct ignore_list *ignored; /* what is known already; what is written comes to it. NULL: there is no such list */
	const char *index; /* in place of a checkpoint: an index of many, opened from here as often as need be */
	/* Beneath which those that are in the index may be opened; NULL: none is. As realpath has it. */
	const char *originals;
	struct error *(*open_original)(void *context, const char *path, const char *inside, struct checkpoint **ret);
	void (*close_original)(void *context, struct checkpoint *checkpoint);
	void *context;
};

/*
 * Plays a script on a screen of that size. CHECKPOINT: NULL where SETUP names an index. What "save" says goes to
 * the file it names, or to OUT where it names none. An error names the line of the script.
 */
struct error *tui_script(struct checkpoint *checkpoint, const struct tui_setup *setup, struct bytes script,
			 int rows, int columns, struct out *out) __attribute__((warn_unused_result));

/*
 * The terminal of standard input and output. Opened before the sandbox is entered: terminfo is read then. While it is
 * open it is ours, and whatever ends the process (a crash too) gives it back.
 */
struct terminal;
struct error *terminal_open(enum tui_theme theme, struct terminal **ret) __attribute__((warn_unused_result));
void terminal_close(struct terminal *terminal);

/* Shows how far reading has come, from now on, on the otherwise empty screen. */
void terminal_progress(struct terminal *terminal, const char *what);

/* Until the user quits, or the terminal goes away. *ret_signal: the signal that ended it, or 0. */
struct error *terminal_run(struct terminal *terminal, struct checkpoint *checkpoint,
			   const struct tui_setup *setup, int *ret_signal) __attribute__((warn_unused_result));
