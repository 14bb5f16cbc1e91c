/*
 * Lines typed at a terminal, with a history in memory.
 *
 * Small on purpose: a line of its own is edited and recalled, nothing is completed and no file written. Where
 * the terminal's modes cannot be changed lines come as the terminal gives them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "decoders/base/out.h"

enum { LINES_KEPT = 500, LONGEST_LINE = 64 << 10 };

struct line_reader {
	char *history[LINES_KEPT]; /* the oldest first */
	size_t n_history;
	struct out line;           /* what is being typed */
	size_t cursor;             /* bytes into it */
	size_t recalled;           /* the line of the history that it is; n_history: a new one */
	bool was_cancelled;        /* the last line ended by Ctrl-C */
};

void line_reader_init(struct line_reader *reader);
void line_reader_deinit(struct line_reader *reader);

/* The next line, without its end, valid until the next call; NULL at the end, or where it was cancelled. */
char *line_read(struct line_reader *reader, const char *prompt);
