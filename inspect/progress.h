/*
 * Progress on the terminal: after a second of work one line on standard error, drawn again and again, and gone
 * before anything else is printed.
 *
 *     45.2 MiB of 120.0 MiB  37%  22.6 MiB/s  0:03 left
 *     12 of 1000  45.2 MiB of 120.0 MiB  37%  22.6 MiB/s  4:10 left
 */
#pragma once

#include <stddef.h>

/* Shows progress from now on, where standard error is a terminal. */
void progress_begin(void);

/* Of N pieces of work DONE are done; what is left is reckoned by these, where there are several. */
void progress_item(size_t done, size_t n);

/* Takes the line away for good. */
void progress_end(void);
