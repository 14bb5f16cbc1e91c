/*
 * What --help and "coldcase" alone print: all of it from the descriptions of commands, options and tables.
 */
#pragma once

#include "inspect/command.h"

/* Commands and tables. */
void help_overview(struct out *out);

/* One command. */
void help_command(const struct command *command, struct out *out);

/* The names of the tables, as list has them. */
void help_tables(struct out *out);

/* TEXT, which begins in COLUMN and goes on there, so that no line is longer than 80. */
void help_fold(struct out *out, const char *text, size_t column);
