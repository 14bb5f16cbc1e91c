/* Running one rule that is SQL. */
#pragma once

#include "db/check/hits.h"

/*
 * Adds the hits of RULE. A usage error where a user's rule is no statement over the tables, ERROR_LIMIT where
 * it took too long; what it found until then is kept.
 */
struct error *run_rule(struct database *database, const struct rule *rule, struct hits *hits)
	__attribute__((warn_unused_result));
