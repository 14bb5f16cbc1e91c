/* What .schema prints: tables of checkpoints as the data dictionary has them, those of an index as that was made. */
#include <ctype.h>

#include "db/index/index.h"
#include "db/sql/describe.h"
#include "decoders/base/escape.h"
#include "decoders/base/nearest.h"
#include "inspect/query.h"

/* --- of an index ----------------------------------------------------------------------------------- */

/* SQL of whoever made the file, comments and all: line by line. */
static void put_stored(struct bytes sql, bool first, struct out *out)
{
	out_text(out, first ? "" : "\n");
	while (sql.len) {
		size_t len = bytes_find(sql, '\n');

		escape_text(out, bytes_first(sql, len));
		sql = bytes_from(sql, len < sql.len ? len + 1 : len);
		out_text(out, sql.len ? "\n" : ";\n");
	}
}

/* TABLE: "" are all; false: it is not there. */
static struct error *put_index(struct database *database, const char *schema, const char *table, struct out *out,
			       bool *ret)
{
	struct statement *statement = NULL;
	struct arena arena;
	struct value value;
	struct error *error;
	bool has_row = false;
	char sql[256];

	*ret = false;
	sqlite3_snprintf(sizeof(sql), sql, "SELECT sql FROM %s.sqlite_schema WHERE type IN ('table', 'view') AND name NOT "
					   "LIKE 'sqlite%%' AND (?1 = '' OR name = ?1 COLLATE NOCASE) ORDER BY rowid", schema);
	error = statement_prepare(database, bytes_of(sql), &statement);
	if (error)
		return error;
	arena_init(&arena);
	statement_bind_text(statement, 1, bytes_of(table));
	while (!(error = statement_step(statement, &has_row)) && has_row) {
		statement_value(statement, 0, &arena, &value);
		if (value.type == VALUE_TEXT)
			put_stored(value.text, !*ret, out);
		*ret = true;
	}
	arena_deinit(&arena);
	statement_free(statement);
	return error;
}

static struct error *show_index(struct database *database, const char *schema, const char *name, struct out *out)
{
	const struct table *table = NULL;
	struct error *missing = *name ? table_find(name, &table) : NULL; /* else it is one of the index's own */
	bool is_there = false;
	struct error *error = put_index(database, schema, table ? table->name : name, out, &is_there);

	if (error || is_there || !*name) {
		error_free(missing);
		return error;
	}
	return missing ? missing : error_new(ERROR_USAGE, "there is no table \"%s\" in it", name);
}

/* --- of checkpoints -------------------------------------------------------------------------------- */

static struct error *show_checkpoints(bool is_merged, const char *name, struct out *out)
{
	const struct table *only = NULL;
	struct error *error = *name ? table_find(name, &only) : NULL;

	if (error)
		return error;
	if (is_merged)
		out_text(out, "-- in front of the columns: checkpoint TEXT, the letter of whose row it is\n");
	describe_sql(only, out);
	return NULL;
}

/* --- which it is ----------------------------------------------------------------------------------- */

/* The place among the arguments that a letter stands for; -1: none. */
static int place_of(const struct invocation *invocation, struct bytes schema)
{
	int place = schema.len == 1 ? tolower(schema.data[0]) - 'a' : -1;

	return place < invocation->n_arguments ? place : -1;
}

struct error *query_show_schema(struct invocation *invocation, struct database *database, const char *name)
{
	struct bytes whole = bytes_of(name), schema = bytes_first(whole, bytes_find(whole, '.'));
	bool has_schema = schema.len < whole.len;
	const char *table = has_schema ? name + schema.len + 1 : name;
	bool is_every = has_schema && schema.len == 5 && !sqlite3_strnicmp(name, "every", 5);
	bool is_alone = invocation->n_arguments == 1 && query_indexes(invocation);
	int place = has_schema && !is_alone ? place_of(invocation, schema) : -1;

	if (has_schema && !is_every && place < 0)
		return nearest_hint(&(struct nearest){ 0 }, error_new(ERROR_USAGE, "there is no schema \"%.*s\"",
								      BYTES_FMT(schema)), "\".tables\" lists them");
	if (is_alone)
		return show_index(database, "every", table, &invocation->out);
	if (place >= 0 && index_recognise(invocation->arguments[place]))
		return show_index(database, (char[]){ (char)('a' + place), '\0' }, table, &invocation->out);
	return show_checkpoints(is_every, table, &invocation->out);
}
