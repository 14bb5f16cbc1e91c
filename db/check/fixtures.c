#include "db/check/fixtures.h"

#include <ctype.h>
#include <sqlite3.h>

#include "db/check/hits.h"
#include "db/check/run.h"
#include "db/sql/declare.h"

static struct error *at(const struct rule *rule, unsigned line, struct error *error)
{
	struct error *told = error_new(ERROR_USAGE, "line %u: %s", line, error->message);

	error_free(error);
	return error_in_source(told, rule->file);
}

/* --- rows --------------------------------------------------------------------------------------------- */

static struct error *execute(sqlite3 *handle, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	const char *tail = "";
	int status = sqlite3_prepare_v2(handle, sql, -1, &statement, &tail);

	if (status == SQLITE_OK && *tail)
		status = SQLITE_MISUSE;
	if (status == SQLITE_OK)
		status = sqlite3_step(statement);
	sqlite3_finalize(statement);
	return status == SQLITE_DONE ? NULL : error_new(ERROR_USAGE, "%s", sqlite3_errmsg(handle));
}

/* Where in TEXT the comma or closing parenthesis is that ends the value at its start. */
static size_t value_end(struct bytes text)
{
	unsigned depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (c == '\'')
			quoted = !quoted;
		else if (!quoted && c == '(')
			depth++;
		else if (!quoted && depth == 0 && (c == ')' || c == ','))
			return i;
		else if (!quoted && c == ')')
			depth--;
	}
	return text.len;
}

static void skip_blanks(struct bytes *rest)
{
	while (rest->len && (isspace(*rest->data) || *rest->data == ','))
		*rest = bytes_from(*rest, 1);
}

/* "TABLE(column=value, ...)" as an INSERT. */
static struct error *take_row(struct bytes *rest, struct out *sql)
{
	struct bytes table = bytes_first(*rest, bytes_find(*rest, '('));
	struct out values;

	*rest = bytes_from(*rest, table.len + 1);
	out_clear(sql);
	out_init(&values, -1);
	out_printf(sql, "INSERT INTO \"%.*s\"(", BYTES_FMT(table));
	for (bool first = true;; first = false) {
		size_t end = value_end(*rest), equals = bytes_find(*rest, '=');
		struct bytes name, value;

		if (end == rest->len || equals > end) {
			out_deinit(&values);
			return error_new(ERROR_USAGE, "not TABLE(column=value, ...)");
		}
		name = bytes_first(*rest, equals);
		skip_blanks(&name);
		value = bytes_first(bytes_from(*rest, equals + 1), end - equals - 1);
		out_printf(sql, "%s\"%.*s\"", first ? "" : ", ", BYTES_FMT(name));
		out_printf(&values, "%s%.*s", first ? "" : ", ", BYTES_FMT(value));
		value = bytes_from(*rest, end);
		*rest = bytes_from(*rest, end + 1);
		if (*value.data == ')')
			break;
	}
	out_text(sql, ") VALUES (");
	out_bytes(sql, out_held(&values));
	out_text(sql, ")");
	out_char(sql, '\0');
	out_deinit(&values);
	return NULL;
}

static struct error *make_tables(sqlite3 *handle)
{
	struct error *error = NULL;
	struct out sql;

	out_init(&sql, -1);
	for (size_t i = 0; i < n_tables && !error; i++) {
		out_clear(&sql);
		declare_table(tables[i], tables[i]->name, DECLARE_PLAIN, &sql);
		out_char(&sql, '\0');
		error = execute(handle, sql.buffer);
	}
	out_deinit(&sql);
	return error;
}

static struct error *make_rows(sqlite3 *handle, struct bytes rows)
{
	struct error *error = NULL;
	struct out sql;

	out_init(&sql, -1);
	for (skip_blanks(&rows); rows.len && !error; skip_blanks(&rows)) {
		error = take_row(&rows, &sql);
		if (!error)
			error = execute(handle, sql.buffer);
	}
	out_deinit(&sql);
	return error;
}

/* --- running ------------------------------------------------------------------------------------------ */

/* That each {name} in TEXT is one that the hit has. */
static struct error *check_text(const struct hit *hit, struct bytes text)
{
	static const char *const always[] = { "n", "list", "subject", "pid", "fd" };

	for (;;) {
		size_t open = bytes_find(text, '{');
		struct bytes name;
		bool known = false;

		if (open >= text.len)
			return NULL;
		text = bytes_from(text, open + 1);
		name = bytes_first(text, bytes_find(text, '}'));
		name = bytes_first(name, bytes_find(name, '|')); /* {n|word|words} */
		for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
			known = known || bytes_equal(name, bytes_of(always[i]));
		for (size_t i = 0; i < hit->evidence.n; i++)
			known = known || bytes_equal(name, bytes_of(hit->evidence.items[i].name));
		if (!known)
			return error_new(ERROR_USAGE, "its texts name {%.*s}, which its SELECT has not",
					 BYTES_FMT(name));
	}
}

static struct error *check_texts(const struct rule *rule, const struct hit *hit)
{
	struct error *error = check_text(hit, rule->message);

	for (int i = 0; i < N_TOOLS && !error; i++)
		error = check_text(hit, rule_fix(rule, (enum tool)i));
	return error;
}

static struct error *run_over(sqlite3 *handle, const struct rule *rule, const struct fixture *fixture)
{
	const struct database_options options = { .steps = RULE_STEPS };
	struct database *database = NULL;
	struct error *error = database_adopt(handle, &options, &database);
	struct arena arena;
	struct hits hits;

	arena_init(&arena);
	hits_init(&hits, &arena);
	if (!error)
		error = run_rule(database, rule, &hits);
	if (!error && fixture->fires != (hits.hits.n > 0))
		error = error_new(ERROR_USAGE, "the rule finds %s", hits.hits.n ? "something" : "nothing");
	if (!error && hits.hits.n)
		error = check_texts(rule, &hits.hits.items[0]);
	arena_deinit(&arena);
	database_close(database);
	return error;
}

static struct error *run_fixture(const struct rule *rule, const struct fixture *fixture)
{
	struct error *error;
	sqlite3 *handle;

	if (sqlite3_open(":memory:", &handle) != SQLITE_OK) {
		sqlite3_close(handle);
		return error_new(ERROR_INTERNAL, "SQLite has no memory");
	}
	error = make_tables(handle);
	if (!error)
		error = make_rows(handle, fixture->rows);
	if (error) {
		sqlite3_close(handle);
		return error;
	}
	return run_over(handle, rule, fixture); /* which takes the handle */
}

struct error *fixtures_run(const struct rule *rule)
{
	bool fires = false, quiet = false;

	if (!rule->sql.len)
		return NULL;
	for (size_t i = 0; i < rule->fixtures.n; i++) {
		const struct fixture *fixture = &rule->fixtures.items[i];
		struct error *error = run_fixture(rule, fixture);

		if (error)
			return at(rule, fixture->line, error);
		fires = fires || fixture->fires;
		quiet = quiet || !fixture->fires;
	}
	if (!fires || !quiet)
		return at(rule, 1, error_new(ERROR_USAGE, "there is no \"%s:\"", fires ? "quiet" : "fires"));
	return NULL;
}
