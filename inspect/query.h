/* What query and its prompt share. */
#pragma once

#include "db/sql/database.h"
#include "inspect/command.h"

/*
 * Runs a statement with N values for its parameters, and prints its rows. An error: there is no result; what ends it
 * later is a problem.
 */
struct error *query_run(struct invocation *invocation, struct database *database, struct bytes sql,
			const char *const *arguments, size_t n) __attribute__((warn_unused_result));

/* Reads statements from the terminal until it ends. */
struct error *query_prompt(struct invocation *invocation, struct database *database)
	__attribute__((warn_unused_result));

/* How many of its arguments are indexes. */
size_t query_indexes(const struct invocation *invocation);

/* The columns of a table as CREATE statements; NAME: "TABLE", "SCHEMA.TABLE", "SCHEMA." or "", which are all. */
struct error *query_show_schema(struct invocation *invocation, struct database *database, const char *name)
	__attribute__((warn_unused_result));

void query_list_named(struct invocation *invocation);
void query_list_functions(struct invocation *invocation);
