/* What scan finds, as rules: for the reports that list them, and for lines of an ignore file. */
#pragma once

#include "db/check/ruleset.h"

/* In place of those that are there. */
void scan_rules(struct ruleset *rules);

/* Whether scan has a rule of that id. */
bool scan_finds(const char *id);

/* Whether a type of indicators is the first of its rule: several that follow one another have one. */
bool scan_rule_begins(size_t type);
