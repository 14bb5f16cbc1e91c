/*
 * The fixtures of a rule: rows of tables, written in its head, in which it must find something or nothing.
 *
 * They are put into plain tables of the data dictionary's schema, and the rule runs over those as it runs over a
 * checkpoint, guard and all.
 */
#pragma once

#include "db/check/rule.h"

/*
 * Runs all of them. A usage error with file and line where one does not do as it says, where there is none of
 * either sort, or where a {name} of the rule's texts is nothing that the rule has.
 */
struct error *fixtures_run(const struct rule *rule) __attribute__((warn_unused_result));
