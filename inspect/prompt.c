/*
 * The prompt of query: statements from the terminal, until it ends.
 *
 * A statement may have many lines and ends with a semicolon. Words that begin with a point are the prompt's own.
 */
#include <string.h>
#include <unistd.h>

#include "db/index/describe.h"
#include "db/sql/functions.h"
#include "db/sql/queries.h"
#include "decoders/base/size.h"
#include "inspect/line.h"
#include "inspect/query.h"

struct prompt {
	struct invocation *invocation;
	struct database *database;
	struct line_reader reader;
	struct out statement; /* what has been typed of it */
	bool is_over;
};

/* An error is told, and the prompt goes on. */
static void tell(const struct prompt *prompt, struct error *error)
{
	struct out out;

	if (!error)
		return;
	out_init(&out, STDERR_FILENO);
	out.color = prompt->invocation->out.color;
	out_style(&out, STYLE_ALARM);
	out_text(&out, "coldcase: ");
	out_style(&out, STYLE_PLAIN);
	error_print(error, &out);
	out_char(&out, '\n');
	out_flush(&out);
	out_deinit(&out);
	error_free(error);
}

/* What came up while a statement ran is told behind its rows. */
static void tell_problems(struct prompt *prompt)
{
	struct problems *problems = &prompt->invocation->problems;

	for (size_t i = 0; i < problems->n; i++) {
		tell(prompt, problems->items[i]);
		problems->items[i] = NULL;
	}
	problems->n = 0;
	problems_deinit(problems);
	problems_init(problems);
}

static void run_statement(struct prompt *prompt, struct bytes sql, const char *const *arguments, size_t n)
{
	tell(prompt, query_run(prompt->invocation, prompt->database, sql, arguments, n));
	out_flush(&prompt->invocation->out);
	tell_problems(prompt);
	prompt->invocation->interrupted = false;
}

/* --- the prompt's own words ------------------------------------------------------------------------ */

static bool asks_index(const struct prompt *prompt)
{
	return prompt->invocation->n_arguments == 1 && query_indexes(prompt->invocation);
}

static void show_tables(struct prompt *prompt, char *argument)
{
	struct out *out = &prompt->invocation->out;
	int n = prompt->invocation->n_arguments;
	bool has_index = query_indexes(prompt->invocation);

	(void)argument;
	for (size_t i = 0; i < n_tables; i++)
		out_printf(out, "%-16s %s\n", tables[i]->name, tables[i]->help);
	if (has_index)
		index_describe_text(out);
	if (n > 1)
		out_printf(out, "\neach as a.TABLE to %c.TABLE%s\n", 'a' + n - 1,
			   has_index ? "" : ", and all of them in every.TABLE");
}

static void show_schema(struct prompt *prompt, char *argument)
{
	argument[strcspn(argument, " \t;")] = '\0';
	tell(prompt, query_show_schema(prompt->invocation, prompt->database, argument));
}

static void show_functions(struct prompt *prompt, char *argument)
{
	(void)argument;
	for (size_t i = 0; i < n_sql_functions; i++)
		out_printf(&prompt->invocation->out, "%s(%s)\n    %s\n", sql_functions[i].name,
			   sql_functions[i].arguments, sql_functions[i].help);
}

static void show_queries(struct prompt *prompt, char *argument)
{
	(void)argument;
	for (size_t i = 0; i < n_named_queries; i++)
		out_printf(&prompt->invocation->out, "%-22s %-8s %s\n", named_queries[i].name,
			   named_queries[i].arguments, named_queries[i].title);
}

/* "NAME VALUE...", cut at blanks. */
static void run_named(struct prompt *prompt, char *words)
{
	const char *arguments[MOST_QUERY_ARGUMENTS];
	const struct named_query *query = NULL;
	struct error *error;
	char *name, *rest;
	size_t n = 0;

	name = strtok_r(words, " \t;", &rest);
	error = named_query_find(name ? name : "", &query);
	while (n < MOST_QUERY_ARGUMENTS && (arguments[n] = strtok_r(NULL, " \t;", &rest)))
		n++;
	if (!error)
		error = named_query_arguments(query, n);
	if (!error)
		error = named_query_check(query, asks_index(prompt) ? 0 : (size_t)prompt->invocation->n_arguments);
	if (error)
		tell(prompt, error);
	else
		run_statement(prompt, bytes_of(query->sql), arguments, n);
}

static void quit(struct prompt *prompt, char *argument)
{
	(void)argument;
	prompt->is_over = true;
}

static void show_help(struct prompt *prompt, char *argument);

static const struct {
	const char *word, *argument, *help;
	void (*run)(struct prompt *prompt, char *argument);
} words[] = {
	{ ".help", "", "this", show_help },
	{ ".tables", "", "the tables", show_tables },
	{ ".schema", "[TABLE]", "their columns; also a.TABLE", show_schema },
	{ ".functions", "", "the functions beside SQLite's own", show_functions },
	{ ".queries", "", "queries that are made already", show_queries },
	{ ".run", "NAME...", "one of those, with its arguments", run_named },
	{ ".quit", "", "the end; so does Ctrl-D", quit },
};

static void show_help(struct prompt *prompt, char *argument)
{
	(void)argument;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		out_printf(&prompt->invocation->out, "%-10s %-8s %s\n", words[i].word, words[i].argument,
			   words[i].help);
	out_text(&prompt->invocation->out, "A statement ends with a semicolon. Ctrl-C ends one that runs.\n");
}

static void run_word(struct prompt *prompt, char *line)
{
	size_t len = strcspn(line, " \t");
	char *argument = line + len + strspn(line + len, " \t");
	struct nearest nearest = nearest_to(bytes_first(bytes_of(line), len));

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strlen(words[i].word) == len && !strncmp(words[i].word, line, len)) {
			words[i].run(prompt, argument);
			return;
		}
		nearest_try(&nearest, bytes_of(words[i].word));
	}
	tell(prompt, nearest_hint(&nearest, error_new(ERROR_USAGE, "there is no \"%.*s\"", (int)len, line),
				  "\".help\" lists them"));
}

/* --- lines ----------------------------------------------------------------------------------------- */

static void take_line(struct prompt *prompt, char *line)
{
	struct out *statement = &prompt->statement;

	if (statement->len == 0 && *line == '.') {
		run_word(prompt, line);
		return;
	}
	if (statement->len == 0 && line[strspn(line, " \t;")] == '\0')
		return;
	out_text(statement, line);
	out_write(statement, "\n", 2);
	if (sqlite3_complete(statement->buffer)) {
		run_statement(prompt, bytes_of(statement->buffer), NULL, 0);
		out_clear(statement);
	} else {
		statement->len--; /* without the NUL */
	}
}

struct error *query_prompt(struct invocation *invocation, struct database *database)
{
	struct prompt prompt = { .invocation = invocation, .database = database };
	char *line;

	out_init(&prompt.statement, -1);
	line_reader_init(&prompt.reader);
	out_text(&invocation->out, "SQL over the checkpoint; \".help\" tells more.\n");
	while (!prompt.is_over) {
		out_flush(&invocation->out);
		line = line_read(&prompt.reader, prompt.statement.len ? "     ...> " : "coldcase> ");
		if (line)
			take_line(&prompt, line);
		else if (prompt.reader.was_cancelled)
			out_clear(&prompt.statement);
		else
			break;
	}
	line_reader_deinit(&prompt.reader);
	out_deinit(&prompt.statement);
	return NULL;
}
