/* What query and its prompt share. */
#pragma once

#include "db/sql/database.h"
#include "inspect/command.h"

/* Runs a statement and prints its rows. An error: there is no result; what ends it later is a problem. */
struct error *query_run(struct invocation *invocation, struct database *database, struct bytes sql)
	__attribute__((warn_unused_result));

/* Reads statements from the terminal until it ends. N: checkpoints of the database. */
struct error *query_prompt(struct invocation *invocation, struct database *database, size_t n)
	__attribute__((warn_unused_result));
