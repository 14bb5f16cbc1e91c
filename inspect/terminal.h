/*
 * What is at the other end of an output: colours, width, UTF-8.
 *
 * The rest of the program looks at struct out only, so that what it prints can be tested without a
 * terminal and never depends on one in a pipe or a file.
 */
#pragma once

#include "inspect/command.h"

/*
 * Colours as --color and NO_COLOR say; a width where OUT is a terminal and --wide was not given: that
 * of the environment's COLUMNS, else the terminal's own, else 80.
 */
void terminal_look(const struct options *options, struct out *out);

/* Columns of the terminal FD. */
size_t terminal_width(int fd);
