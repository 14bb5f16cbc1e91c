/*
 * Whether the images are whole is asked of db/verify: each of its checks is a rule too, unless there is a rule file
 * of that name. Such a rule has no SELECT.
 */
#pragma once

#include "db/check/hits.h"

/* Adds the rules to a set of built-in ones, which is sorted and stays so. */
void integrity_rules(struct ruleset *ruleset);

/* Adds the hits of those rules that CHECK wants, where it wants any. */
void integrity_run(struct checkpoint *checkpoint, const struct check *check, struct hits *hits);
