/* query CHECKPOINT... [SQL]: SQL over the tables. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/index/index.h"
#include "db/sql/database.h"
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

/*
 * Whether it may call memory() or memory_state(), by any spelling: only then a compressed archive is inflated. What
 * will be typed at the prompt is not known yet.
 */
static bool may_read_memory(const struct query_options *query)
{
	const struct named_query *named = NULL;

	if (!query->name)
		return !query->sql || strcasestr(query->sql, "memory");
	error_free(named_query_find(query->name, &named));
	return named && named->over == QUERY_OVER_CHECKPOINTS;
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
		error = named_query_arguments(named, query->n_arguments);
	if (!error)
		query->sql = named->sql;
	return error;
}

size_t query_indexes(const struct invocation *invocation)
{
	size_t n = 0;

	for (int i = 0; i < invocation->n_arguments; i++)
		n += index_recognise(invocation->arguments[i]);
	return n;
}

static bool is_missing(const char *path)
{
	return strcmp(path, "-") != 0 && access(path, F_OK) < 0;
}

/* Whether what is named can be asked of what there is; of what is not there opening it tells more. */
static struct error *check_named(const struct invocation *invocation)
{
	const struct named_query *named = NULL;
	size_t n_indexes = query_indexes(invocation);
	struct error *error = named_query_find(invocation->options.query.name, &named);

	for (int i = 0; !error && i < invocation->n_arguments; i++)
		if (is_missing(invocation->arguments[i]))
			return NULL;
	if (error)
		return error;
	if (n_indexes && invocation->n_arguments > 1)
		return error_new(ERROR_USAGE, "\"%s\" asks checkpoints or one index: \"coldcase index -d FILE --merge "
				 "OTHER\" joins indexes", named->name);
	return named_query_check(named, n_indexes ? 0 : (size_t)invocation->n_arguments);
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
		error = error_new(ERROR_USAGE, "usage: coldcase query [OPTIONS] CHECKPOINT | INDEX... [SQL]");
	if (!error && query->name)
		error = check_named(invocation);
	if (!error && invocation->n_arguments > 1 && invocation->options.n_parents)
		error = error_new(ERROR_USAGE, "--parent goes with one checkpoint");
	if (!error && !query->sql && !isatty(STDIN_FILENO)) {
		if (reads_checkpoint_from_stdin(invocation))
			error = error_new(ERROR_USAGE, "which statement? The checkpoint is standard input");
		else
			error = read_statement(invocation);
	}
	invocation->prompts = !error && !query->sql;
	invocation->reads_memory = may_read_memory(query) || invocation->options.memory.spool_dir;
	return error;
}

/* --- Ctrl-C ---------------------------------------------------------------------------------------- */

static volatile sig_atomic_t interrupt_seen, is_stepping;
static void (*handler_before)(int number);

/* In a statement it ends the statement; elsewhere the program, as without us. */
static void on_interrupt(int number)
{
	if (is_stepping) {
		interrupt_seen = 1;
		return;
	}
	signal(number, handler_before);
	raise(number);
}

/* --- running --------------------------------------------------------------------------------------- */

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
		names[i] = statement_name(statement, i);
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

/* Values for "?1" and so on: texts, which SQLite takes for numbers where they are compared with such. */
static struct error *bind_arguments(struct statement *statement, const char *const *arguments, size_t n)
{
	size_t wanted = (size_t)statement_parameters(statement);

	if (wanted != n)
		return error_new(ERROR_USAGE, "SQL: the statement has %zu parameters, and --arg gives %zu values", wanted, n);
	for (size_t i = 0; i < n; i++)
		statement_bind_text(statement, (int)i + 1, bytes_of(arguments[i]));
	return NULL;
}

struct error *query_run(struct invocation *invocation, struct database *database, struct bytes sql,
			const char *const *arguments, size_t n)
{
	struct statement *statement = NULL;
	struct error *error;

	is_stepping = 1;
	error = statement_prepare(database, sql, &statement);
	if (!error)
		error = bind_arguments(statement, arguments, n);
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

/* Takes DATABASE, unless there is an ERROR. */
static struct error *run_statement(struct invocation *invocation, struct error *error,
				   struct database *database)
{
	const struct query_options *query = &invocation->options.query;

	handler_before = signal(SIGINT, on_interrupt);
	if (!error && query->sql)
		error = query_run(invocation, database, bytes_of(query->sql), query->arguments, query->n_arguments);
	else if (!error)
		error = query_prompt(invocation, database);
	signal(SIGINT, handler_before);
	database_close(database);
	return error;
}

/* A schema each, indexes among them; LIST has NULL for these. */
static struct error *run_over(struct invocation *invocation, struct checkpoint *const *list, size_t n)
{
	struct database_options options = database_options(invocation);
	struct database *database = NULL;
	struct error *error;

	options.files = invocation->arguments;
	options.check = index_check;
	error = database_open(list, n, &options, &database);
	return run_statement(invocation, error, database);
}

/* Rows that are not there because nobody asked for hashes are no answer. */
static void note_without_pages(struct invocation *invocation, const struct index *index)
{
	const struct named_query *named = NULL;

	if (!invocation->options.query.name || index_has_pages(index))
		return;
	error_free(named_query_find(invocation->options.query.name, &named));
	if (named && named->over == QUERY_OVER_PAGES)
		invocation_note(invocation, error_in_source(error_new(ERROR_USAGE, "no hashes of pages are in it: "
								      "\"coldcase index --pages\" puts them there"),
							    index->path));
}

/* An index alone is "every": it has what several checkpoints have there, behind the same column. */
static struct error *run_over_index(struct invocation *invocation)
{
	const struct database_options options = database_options(invocation);
	struct database *database = NULL;
	struct error *error;
	struct index index;

	error = index_open_reading(invocation->arguments[0], &index);
	if (error)
		return error;
	note_without_pages(invocation, &index);
	sqlite3_db_config(index.handle, SQLITE_DBCONFIG_MAINDBNAME, "every");
	error = database_adopt(index.handle, &options, &database);
	return run_statement(invocation, error, database);
}

/* --- the command itself ------------------------------------------------------------------------------ */

static struct error *run_query(struct invocation *invocation)
{
	size_t n = (size_t)invocation->n_arguments, n_open = 0;
	struct checkpoint *checkpoints, **list;
	struct error *error = NULL;

	if (invocation->options.query.list)
		query_list_named(invocation);
	if (invocation->options.query.functions)
		query_list_functions(invocation);
	if (invocation->options.query.list || invocation->options.query.functions)
		return NULL;
	if (n == 1 && index_recognise(invocation->arguments[0]))
		return run_over_index(invocation);
	checkpoints = calloc(n, sizeof(*checkpoints));
	list = calloc(n, sizeof(*list));
	if (!checkpoints || !list)
		out_of_memory();
	for (; n_open < n && !error; n_open += !error) {
		if (index_recognise(invocation->arguments[n_open]))
			continue;
		error = open_checkpoint(invocation, invocation->arguments[n_open], &checkpoints[n_open]);
		list[n_open] = error ? NULL : &checkpoints[n_open];
	}
	if (!error)
		error = run_over(invocation, list, n);
	for (size_t i = 0; i < n_open; i++)
		if (list[i])
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

static struct error *add_argument(struct options *options, const char *value)
{
	struct query_options *query = &options->query;

	if (query->n_arguments == MOST_QUERY_ARGUMENTS)
		return error_new(ERROR_USAGE, "more than %d values for --arg", MOST_QUERY_ARGUMENTS);
	query->arguments[query->n_arguments++] = value;
	return NULL;
}

static const struct option query_options[] = {
	{ 'e', "execute", "SQL", "the statement, rather than the last argument", KEEPS(query.sql) },
	{ 'n', "name", "NAME", "a query that is made already", KEEPS(query.name) },
	{ 'a', "arg", "VALUE", "what ?1 is in it, or in SQL; the next one ?2", .set = add_argument },
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
	.arguments = "CHECKPOINT | INDEX... [SQL]",
	.help = "SQL over the tables, of several checkpoints at once",
	.about = "The last argument is the statement: one SELECT of SQLite's SQL, or VALUES, WITH,\n"
		 "EXPLAIN. Without one it comes from standard input; from a terminal there is a\n"
		 "prompt. Of several checkpoints each is a schema, \"a.process\", \"b.process\", and\n"
		 "\"every.process\" has all of them, with a column \"checkpoint\". Each row has\n"
		 "src_image, src_entry, src_offset and src_archive_offset, though \"SELECT *\"\n"
		 "leaves them out. \"coldcase schema\" describes tables and columns, --functions the\n"
		 "functions beside SQLite's own, --list queries that are made already.\n"
		 "\n"
		 "An INDEX is what \"coldcase index\" made. Alone its tables have plain names, each\n"
		 "with a column checkpoint (indexed.id); among others it is a schema too, and what\n"
		 "is in it is not in every.TABLE, which is refused then. Values come in by --arg,\n"
		 "whatever is in them:\n"
		 "\n"
		 "  coldcase query fleet.db --name holds-ip --arg 10.0.0.0/8\n"
		 "  coldcase query fleet.db \"SELECT * FROM fd WHERE path = ?1\" --arg /etc/shadow\n",
	.formats = FORMATS_OF_ROWS,
	.options = { query_options, wide_options, reveal_options, parent_options, output_options, spool_options },
	.prepare = prepare,
	.release = release,
	.most_arguments = MANY_ARGUMENTS,
	.run = run_query,
};
