/* What the build makes of db/rules: the text of each rule file, and the table of log patterns. */
#pragma once

#include <stddef.h>

struct builtin_rule {
	const char *name; /* of the file, without ".sql": the rule's id */
	const char *text;
};

/*
 * A line of CRIU's log, and the rule that it speaks of: db/rules/log.tsv. The first pattern that matches
 * counts.
 */
struct log_pattern {
	const char *rule;    /* "-": noise, said on the way out of any failure */
	const char *file;    /* of CRIU's source, without directories; "*": any */
	const char *pattern; /* PCRE2, searched for; what named groups match is evidence */
};

extern const struct builtin_rule builtin_rules[];
extern const size_t n_builtin_rules;
extern const struct log_pattern log_patterns[];
extern const size_t n_log_patterns;
