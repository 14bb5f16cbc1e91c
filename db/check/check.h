/*
 * Checking: rules over the tables of a checkpoint, and what its logs say, as findings.
 *
 * A rule speaks in rows; rows that belong together (its head's "group") become one finding. What a finding
 * weighs depends on whom the restore is for (the profile) and on what that one gives (assumptions): without a
 * word about it those are the options that the producer's own restore has, so that a healthy container has
 * no error. A general finding is left out where a more specific rule speaks of the same thing ("over"), and
 * everything but the cause where a dump has failed.
 */
#pragma once

#include "db/check/ruleset.h"
#include "db/findings/findings.h"
#include "db/sql/database.h"
#include "decoders/model/checkpoint.h"

enum {
	MOST_HITS = 1000,     /* of a rule, kept; more are counted */
	MOST_LISTED = 5,      /* subjects that {list} names */
	RULE_STEPS = 50000000, /* of SQLite's machine, for a rule: about a second */
};

struct check {
	const struct ruleset *rules;
	enum profile profile;
	bool assumed_is_given;
	unsigned assumed;     /* bits of assumptions[]; where it is given */
	struct bytes only;    /* rules and categories that are run; absent: all */
	bool logs_only;       /* the checkpoint is a log by itself */
	bool with_host;       /* it has facts of a host: rules of that scope are run, too */
	bool host_only;       /* and nothing else */
	const volatile sig_atomic_t *interrupt; /* or NULL */
};

/*
 * Adds what is found. What goes wrong on the way (a rule that is too slow) is in the checkpoint's problems. An error
 * means that nothing could be run, or that a user's rule is no statement over the tables: then there is no verdict.
 */
struct error *check_run(struct checkpoint *checkpoint, const struct check *check, struct findings *findings)
	__attribute__((warn_unused_result));

/* Bits of the scopes whose rules CHECK runs over the tables of CHECKPOINT. */
unsigned check_scope(const struct checkpoint *checkpoint, const struct check *check);

/* The options that the one who wrote it restores with. */
unsigned producer_assumptions(const char *producer);

/* What an engine tells CRIU of a running container by itself: plain CRIU, which nobody calls yet, is told nothing. */
unsigned engine_assumptions(const char *producer);

/* Whose way of mending things counts. */
enum tool producer_tool(const char *producer, enum profile profile);
