/*
 * The option table: parsing and --help come from it.
 */
#pragma once

#include "inspect/command.h"

/*
 * Parses the words behind a command. Options and arguments may be mixed; "--" ends the options.
 * ARGUMENTS must have room for all words.
 */
struct error *options_parse(const struct command *command, int argc, char **argv,
			    struct options *ret, const char **arguments, int *ret_n)
	__attribute__((warn_unused_result));

/* The options that a command takes, a line each. */
void options_help(const struct command *command, struct out *out);
