/* The prompt of query. */
#include "inspect/query.h"

struct error *query_prompt(struct invocation *invocation, struct database *database, size_t n)
{
	(void)invocation;
	(void)database;
	(void)n;
	return error_new(ERROR_USAGE, "which statement?");
}
