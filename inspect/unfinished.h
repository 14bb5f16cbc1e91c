/*
 * Files that are not complete yet: a signal that ends the program removes them.
 */
#pragma once

struct unfinished {
	int directory;    /* AT_FDCWD, or the one that NAME is in; both stay valid until it is finished */
	const char *name;
	struct unfinished *others; /* for unfinished.c itself */
};

/* Signals wait in between: while a file is made, until it is known here. */
void unfinished_hold(void);
void unfinished_let(void);

/* FILE stays where it is until unfinished_end, which is nothing where it was not begun. */
void unfinished_begin(struct unfinished *file, int directory, const char *name);
void unfinished_end(struct unfinished *file);
