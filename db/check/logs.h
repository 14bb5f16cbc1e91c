/*
 * What CRIU's logs say: the first error that means something is the cause, what follows is the unwinding.
 *
 * A line is known by a pattern of db/rules/log.tsv, which names the rule that has the words for it.
 */
#pragma once

#include "db/check/hits.h"

/*
 * Adds hits of rules for the lines of all logs. Where a log ends in failure its cause is a blocker (of a dump) or
 * an error (of a restore); errors of a run that succeeded are warnings.
 */
void logs_run(struct checkpoint *checkpoint, const struct ruleset *rules, struct hits *hits);
