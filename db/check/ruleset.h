/*
 * The rules there are: those built in, and those of directories that the user names. A user's rule with the id
 * of a built-in one takes its place.
 */
#pragma once

#include "db/check/rule.h"
#include "decoders/base/nearest.h"

enum {
	MOST_RULES = 4000,
	LARGEST_RULE = 256 << 10, /* bytes of a file */
};

struct ruleset {
	struct arena arena;
	VEC(struct rule) rules; /* by id */
	const char *lister;     /* says which command lists them */
};

/* The built-in rules, checks of db/verify among them. An error is our own fault. */
struct error *ruleset_init(struct ruleset *ruleset) __attribute__((warn_unused_result));
void ruleset_deinit(struct ruleset *ruleset);

/* Adds a rule whose id there is not yet. */
void ruleset_add(struct ruleset *ruleset, struct rule rule);

/* Adds the files *.sql of a directory. A usage error, with file and line, where one of them is no rule. */
struct error *ruleset_add_directory(struct ruleset *ruleset, const char *path)
	__attribute__((warn_unused_result));

/* By id; NULL where there is none. */
const struct rule *ruleset_find(const struct ruleset *ruleset, struct bytes id);

/* The same; where there is none an error that says which was meant. */
struct error *ruleset_get(const struct ruleset *ruleset, struct bytes id, const struct rule **ret)
	__attribute__((warn_unused_result));
