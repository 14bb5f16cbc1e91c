/* schema [TABLE]: the data dictionary as SQL, Markdown or JSON. */
#include "db/index/describe.h"
#include "db/sql/describe.h"
#include "inspect/options.h"

static void describe_all(const struct table *only, struct out *out)
{
	describe_markdown(only, out);
	if (!only)
		index_describe_markdown(out);
}

static struct error *run_schema(struct invocation *invocation)
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
		describe_all(only, &invocation->out);
	else
		describe_sql(only, &invocation->out);
	return NULL;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static struct error *set_sql(struct options *options, const char *value)
{
	(void)value;
	options->schema = SCHEMA_SQL;
	return NULL;
}

static struct error *set_markdown(struct options *options, const char *value)
{
	(void)value;
	options->schema = SCHEMA_MARKDOWN;
	return NULL;
}

static struct error *set_json(struct options *options, const char *value)
{
	(void)value;
	options->schema = SCHEMA_JSON;
	return NULL;
}

static const struct option schema_options[] = {
	{ 0, "sql", NULL, "as SQL declares them, with comments (the usual)", .set = set_sql },
	{ 0, "markdown", NULL, "as a page of documentation", .set = set_markdown },
	{ 0, "json", NULL, "for programs", .set = set_json },
	{ 0 },
};

const struct command command_schema = {
	.name = "schema",
	.arguments = "[TABLE]",
	.help = "the tables as SQL has them: types, keys; --sql, --markdown, --json",
	.options = { schema_options, output_options },
	.files = FILES_NONE,
	.most_arguments = 1,
	.run = run_schema,
};
