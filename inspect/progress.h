/*
 * Progress on the terminal: after a second of work one line on standard error, drawn again and again, and gone
 * before anything else is printed.
 *
 *     45.2 MiB of 120.0 MiB  37%  22.6 MiB/s  0:03 left
 */
#pragma once

/* Shows progress from now on, where standard error is a terminal. */
void progress_begin(void);

/* Takes the line away for good. */
void progress_end(void);
