/*
 * Options as data. A list of them belongs to a command, in its file, or is shared by several (shared_options.c);
 * a command names the lists that it takes, and parsing and --help come from those.
 */
#pragma once

#include <stddef.h>

#include "db/tables/render.h"
#include "inspect/command.h"

/* What an option sets: a bool or a text of struct options where it says so, else what .set does with the value. */
struct option {
	char short_name; /* 0: none */
	const char *name; /* NULL: the end of the list */
	const char *value; /* what it takes, as --help shows it; NULL: nothing */
	const char *help;
	struct error *(*set)(struct options *options, const char *value);
	size_t offset; /* of the bool, or of the text, in struct options: where there is no .set */
};

/* An option without a value, which sets FIELD, a bool; one that puts its value there, into a const char *. */
#define SETS(field) .offset = offsetof(struct options, field) + OPTION_MUST_BE(field, bool)
#define KEEPS(field) .offset = offsetof(struct options, field) + OPTION_MUST_BE(field, const char *)
#define OPTION_MUST_BE(field, type) \
	(0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((struct options *)0)->field), type) ? 1 : -1]))

extern const struct option rows_options[];    /* --columns, --where, --sort, --pid, --provenance, --wide, --reveal */
extern const struct option pid_options[];
extern const struct option wide_options[];
extern const struct option reveal_options[];
extern const struct option parent_options[];  /* --parent, --inside */
extern const struct option inside_options[];
extern const struct option output_options[];
extern const struct option thread_options[]; /* --threads */
extern const struct option spool_options[];   /* --spool-dir, of commands that read memory */
extern const struct option fail_on_options[];
extern const struct option judging_options[]; /* --report, --anchor, --ignore, --baseline */
extern const struct option ruleset_options[]; /* --rules */

/*
 * Parses the words behind a command. Options and arguments may be mixed; "--" ends the options.
 * ARGUMENTS must have room for all words.
 */
struct error *options_parse(const struct command *command, int argc, char **argv,
			    struct options *ret, const char **arguments, int *ret_n)
	__attribute__((warn_unused_result));

/* The options that a command takes, a line each. */
void options_help(const struct command *command, struct out *out);

/* For setters: the value of --NAME as a number from 1 to MOST. */
struct error *option_number(const char *name, const char *value, unsigned long most, unsigned long *ret)
	__attribute__((warn_unused_result));

/* For setters: a number of bytes, as 4096 or 10M, into .max_size. */
struct error *option_max_size(struct options *options, const char *value)
	__attribute__((warn_unused_result));

/* The form in which rows come, of a command whose formats are FORMATS_OF_ROWS. */
enum row_form row_form_of(enum format format);
