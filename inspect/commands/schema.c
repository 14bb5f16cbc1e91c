/* schema [TABLE]: the data dictionary as SQL, Markdown or JSON. */
#include "db/sql/describe.h"
#include "inspect/command.h"

struct error *command_schema(struct invocation *invocation)
{
	const struct options *options = &invocation->options;
	const struct table *only = NULL;
	struct error *error = NULL;

	if (invocation->n_arguments)
		error = table_find(invocation->arguments[0], &only);
	if (error)
		return error;
	if (options->schema == SCHEMA_JSON)
		describe_json(only, &invocation->out);
	else if (options->schema == SCHEMA_MARKDOWN)
		describe_markdown(only, &invocation->out);
	else
		describe_sql(only, &invocation->out);
	return NULL;
}
