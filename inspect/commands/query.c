/* query CHECKPOINT... [SQL]: SQL over the tables. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/index/index.h"
#include "db/sql/database.h"
#include "db/sql/functions.h"
#include "db/sql/queries.h"
#include "db/tables/render.h"
#include "decoders/base/size.h"
#include "inspect/options.h"
#include "inspect/query.h"

/* --- before the sandbox ---------------------------------------------------------------------------- */

/* A word that a statement begins with; a checkpoint may have any name, this way it is a checkpoint. */
static bool looks_like_sql(const char *text)
{
	static const char *const words[] = { "select", "with", "values", "explain", "insert", "update",
					     "delete", "create", "drop", "attach", "pragma" };

	text += strspn(text, " \t\r\n(");
	if (!strncmp(text, "--", 2) || !strncmp(text, "/*", 2))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t len = strlen(words[i]);

		if (!sqlite3_strnicmp(text, words[i], (int)len) && strchr(" \t\r\n*('\"", text[len]))
			return true;
	}
	return false;
}

/* The statement is the last argument, unless that is the name of a file and does not begin as one. */
static void take_last_argument(struct invocation *invocation)
{
	const char *last = invocation->arguments[invocation->n_arguments - 1];

	if (invocation->n_arguments == 1 && !looks_like_sql(last))
		return;
	if (!looks_like_sql(last) && access(last, F_OK) == 0)
		return;
	invocation->options.query.sql = last;
	invocation->n_arguments--;
}

/* Standard input to its end, bounded. */
static struct error *read_statement(struct invocation *invocation)
{
	struct out out;
	char buffer[4096];
	ssize_t n;

	out_init(&out, -1);
	while ((n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0 && out.len <= SQL_STATEMENT_MOST)
		out_write(&out, buffer, (size_t)n);
	if (n < 0) {
		out_deinit(&out);
		return error_errno(ERROR_UNREADABLE, "cannot read SQL from standard input");
	}
	out_char(&out, '\0');
	invocation->text = strdup(out.buffer);
	out_deinit(&out);
	if (!invocation->text)
		out_of_memory();
	invocation->options.query.sql = invocation->text;
	return NULL;
}

/* Whether it calls memory(): only then a compressed archive is inflated. */
static bool calls_memory(const char *sql)
{
	static const char name[] = "memory", blanks[] = " \t\r\n";

	for (; sql && *sql; sql++) {
		const char *end = sql + strlen(name);

		if (!sqlite3_strnicmp(sql, name, (int)strlen(name)) && end[strspn(end, blanks)] == '(')
			return true;
	}
	return false;
}

static bool reads_checkpoint_from_stdin(const struct invocation *invocation)
{
	for (int i = 0; i < invocation->n_arguments; i++)
		if (!strcmp(invocation->arguments[i], "-"))
			return true;
	return false;
}

static struct error *find_named(struct query_options *query)
{
	const struct named_query *named = NULL;
	struct error *error;

	if (query->sql)
		return error_new(ERROR_USAGE, "a statement or --name, not both");
	error = named_query_find(query->name, &named);
	if (!error)
		query->sql = named->sql;
	return error;
}

static struct error *prepare(struct invocation *invocation)
{
	struct query_options *query = &invocation->options.query;
	struct error *error = NULL;

	if (query->list || query->functions)
		return NULL;
	if (query->name)
		error = find_named(query);
	else if (!query->sql && invocation->n_arguments)
		take_last_argument(invocation);
	if (!error && !invocation->n_arguments)
		error = error_new(ERROR_USAGE, "usage: coldcase query [OPTIONS] CHECKPOINT... [SQL]");
	if (!error && invocation->n_arguments > 1 && invocation->options.n_parents)
		error = error_new(ERROR_USAGE, "--parent goes with one checkpoint");
	if (!error && !query->sql && !isatty(STDIN_FILENO)) {
		if (reads_checkpoint_from_stdin(invocation))
			error = error_new(ERROR_USAGE, "which statement? The checkpoint is standard input");
		else
			error = read_statement(invocation);
	}
	invocation->prompts = !error && !query->sql;
	invocation->reads_memory = calls_memory(query->sql) || invocation->options.memory.spool_dir;
	return error;
}

/* --- Ctrl-C ---------------------------------------------------------------------------------------- */

static volatile sig_atomic_t interrupt_seen, is_stepping;

/* In a statement it ends the statement; elsewhere the program, as without us. */
static void on_interrupt(int number)
{
	if (is_stepping) {
		interrupt_seen = 1;
		return;
	}
	signal(number, SIG_DFL);
	raise(number);
}

/* --- running --------------------------------------------------------------------------------------- */

/* An object has each key once: the second "pid" is "pid_2". */
static const char *unique_name(const char **names, size_t n, const char *name, struct arena *arena)
{
	const char *unique = name;
	unsigned number = 1;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], unique)) {
			unique = arena_printf(arena, "%s_%u", name, ++number);
			i = SIZE_MAX;
		}
	return unique;
}

static struct error *print_rows(struct invocation *invocation, struct statement *statement)
{
	size_t n = statement_columns(statement);
	struct arena arena, row_arena;
	struct row_writer writer;
	struct error *error = NULL;
	struct value *values;
	const char **names;
	bool has_row = false;

	arena_init(&arena);
	arena_init(&row_arena);
	names = arena_alloc(&arena, (n + 1) * sizeof(*names));
	values = arena_alloc(&arena, (n + 1) * sizeof(*values));
	for (size_t i = 0; i < n; i++)
		names[i] = unique_name(names, i, statement_name(statement, i), &arena);
	rows_begin(&writer, row_form_of(invocation->options.format), names, n, &invocation->out);
	while (!(error = statement_step(statement, &has_row)) && has_row) {
		for (size_t i = 0; i < n; i++)
			statement_value(statement, i, &row_arena, &values[i]);
		rows_put(&writer, values);
		arena_reset(&row_arena);
	}
	rows_end(&writer);
	arena_deinit(&row_arena);
	arena_deinit(&arena);
	return error;
}

struct error *query_run(struct invocation *invocation, struct database *database, struct bytes sql)
{
	struct statement *statement = NULL;
	struct error *error;

	is_stepping = 1;
	error = statement_prepare(database, sql, &statement);
	if (!error && statement_parameters(statement))
		error = error_new(ERROR_USAGE, "SQL: there is nothing to put in for a \"?\"");
	if (!error) {
		error = print_rows(invocation, statement);
		/* What has been printed until then is a result, and is kept. */
		if (error && error->kind != ERROR_INTERNAL) {
			problems_add(&invocation->problems, error);
			error = NULL;
		}
	}
	is_stepping = 0;
	interrupt_seen = 0;
	invocation->interrupted = database_interrupted(database);
	statement_free(statement);
	return error;
}

static struct database_options database_options(const struct invocation *invocation)
{
	return (struct database_options){
		.reveal = invocation->options.reveal,
		.steps = invocation->options.query.steps,
		.interrupt = &interrupt_seen,
	};
}

/* Takes DATABASE, of N checkpoints, unless there is an ERROR. */
static struct error *run_statement(struct invocation *invocation, struct error *error,
				   struct database *database, size_t n)
{
	const struct query_options *query = &invocation->options.query;

	signal(SIGINT, on_interrupt);
	if (!error && query->sql)
		error = query_run(invocation, database, bytes_of(query->sql));
	else if (!error)
		error = query_prompt(invocation, database, n);
	signal(SIGINT, SIG_DFL);
	database_close(database);
	return error;
}

static struct error *run_over(struct invocation *invocation, struct checkpoint *const *checkpoints,
			      size_t n)
{
	const struct database_options options = database_options(invocation);
	struct database *database = NULL;
	struct error *error = database_open(checkpoints, n, &options, &database);

	return run_statement(invocation, error, database, n);
}

static struct error *run_over_index(struct invocation *invocation)
{
	const struct database_options options = database_options(invocation);
	const char *path = invocation->arguments[0];
	struct database *database = NULL;
	struct error *error;
	struct index index;

	if (invocation->n_arguments > 1)
		return error_new(ERROR_USAGE, "%s is an index, and an index is asked by itself", path);
	if (invocation->options.query.name)
		return error_new(ERROR_USAGE, "queries that are made already are for checkpoints, not for an index");
	error = index_open_reading(path, &index);
	if (error)
		return error;
	error = database_adopt(index.handle, &options, &database);
	return run_statement(invocation, error, database, 1);
}

/* --- without a checkpoint -------------------------------------------------------------------------- */

static void list_functions(struct invocation *invocation)
{
	static const char *const names[] = { "name", "arguments", "help" };
	struct row_writer writer;

	rows_begin(&writer, row_form_of(invocation->options.format), names, ARRAY_SIZE(names),
		   &invocation->out);
	for (size_t i = 0; i < n_sql_functions; i++) {
		const struct sql_function *function = &sql_functions[i];
		struct value values[] = { value_text(bytes_of(function->name)),
					  value_text(bytes_of(function->arguments)),
					  value_text(bytes_of(function->help)) };

		rows_put(&writer, values);
	}
	rows_end(&writer);
}

static void list_queries(struct invocation *invocation)
{
	static const char *const names[] = { "name", "title", "sql" };
	bool is_text = invocation->options.format == FORMAT_TEXT;
	struct row_writer writer;

	rows_begin(&writer, row_form_of(invocation->options.format), names, is_text ? 2 : 3,
		   &invocation->out);
	for (size_t i = 0; i < n_named_queries; i++) {
		const struct named_query *named = &named_queries[i];
		struct value values[] = { value_text(bytes_of(named->name)),
					  value_text(bytes_of(named->title)),
					  value_text(bytes_of(named->sql)) };

		rows_put(&writer, values);
	}
	rows_end(&writer);
}

static struct error *run_query(struct invocation *invocation)
{
	size_t n = (size_t)invocation->n_arguments, n_open = 0;
	struct checkpoint *checkpoints, **list;
	struct error *error = NULL;

	if (invocation->options.query.list)
		list_queries(invocation);
	if (invocation->options.query.functions)
		list_functions(invocation);
	if (invocation->options.query.list || invocation->options.query.functions)
		return NULL;
	if (index_recognise(invocation->arguments[0]))
		return run_over_index(invocation);
	checkpoints = calloc(n, sizeof(*checkpoints));
	list = calloc(n, sizeof(*list));
	if (!checkpoints || !list)
		out_of_memory();
	for (; n_open < n && !error; n_open += !error) {
		list[n_open] = &checkpoints[n_open];
		error = open_checkpoint(invocation, invocation->arguments[n_open], list[n_open]);
	}
	if (!error)
		error = run_over(invocation, list, n);
	for (size_t i = 0; i < n_open; i++)
		finish_checkpoint(invocation, list[i]);
	free(checkpoints);
	free(list);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static struct error *set_steps(struct options *options, const char *value)
{
	unsigned long number = 0;
	struct error *error = option_number("steps", value, 1UL << 40, &number);

	options->query.steps = number;
	return error;
}

static const struct option query_options[] = {
	{ 'e', "execute", "SQL", "the statement, rather than the last argument", KEEPS(query.sql) },
	{ 'n', "name", "NAME", "a query that is made already", KEEPS(query.name) },
	{ 0, "list", NULL, "those that there are", SETS(query.list) },
	{ 0, "functions", NULL, "the functions that SQL has here", SETS(query.functions) },
	{ 0, "steps", "N", "end after N steps of SQLite's machine", .set = set_steps },
	{ 0 },
};

static void release(struct invocation *invocation)
{
	free(invocation->text);
	invocation->text = NULL;
}

const struct command command_query = {
	.name = "query",
	.arguments = "CHECKPOINT... [SQL]",
	.help = "SQL over the tables, of several checkpoints at once",
	.about = "The last argument is the statement: one SELECT of SQLite's SQL, or VALUES, WITH,\n"
		 "EXPLAIN. Without one it comes from standard input; from a terminal there is a\n"
		 "prompt. Of several checkpoints each is a schema, \"a.process\", \"b.process\", and\n"
		 "\"every.process\" has all of them, with a column \"checkpoint\". Each row has\n"
		 "src_image, src_entry, src_offset and src_archive_offset, though \"SELECT *\"\n"
		 "leaves them out. \"coldcase schema\" describes tables and columns, --functions the\n"
		 "functions beside SQLite's own.\n",
	.formats = FORMATS_OF_ROWS,
	.options = { query_options, wide_options, reveal_options, parent_options, output_options, spool_options },
	.prepare = prepare,
	.release = release,
	.most_arguments = MANY_ARGUMENTS,
	.run = run_query,
};
