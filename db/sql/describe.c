#include "db/sql/describe.h"

#include "db/sql/declare.h"
#include "db/sql/functions.h"
#include "db/sql/queries.h"
#include "db/tables/targets.h"
#include "db/tables/listing.h"
#include "decoders/base/json.h"

/* --- SQL ------------------------------------------------------------------------------------------- */

/* "-- its process; bytes; refers to process.pid" */
static void put_comment(const struct table *table, const struct column *column, struct out *out)
{
	const struct column_target *target = table ? target_of(table, column) : NULL;

	out_printf(out, " -- %s", column->help);
	if (column->unit)
		out_printf(out, "; %s", column->unit);
	if (target)
		out_printf(out, "; refers to %s.%s", target->to_table, target->to_column);
	if (column->on_demand)
		out_text(out, "; costly");
}

static void put_sql_column(const struct table *table, const struct column *column, bool last,
			   struct out *out)
{
	const struct table *described = table_column(table, column->name) ? table : NULL;

	out_char(out, '\t');
	declare_column(column, out);
	out_text(out, last ? "" : ",");
	put_comment(described, column, out);
	out_char(out, '\n');
}

/* Columns by which diff knows a row again. */
static bool has_key(const struct table *table)
{
	return table->key && *table->key;
}

static void put_sql(const struct table *table, struct out *out)
{
	out_printf(out, "-- a row is %s%s%s\nCREATE TABLE %s (\n", table->help,
		   has_key(table) ? "; known again by: " : "", has_key(table) ? table->key : "", table->name);
	for (size_t i = 0; i < table->n_columns; i++)
		put_sql_column(table, &table->columns[i], false, out);
	for (size_t i = 0; i < n_source_columns; i++)
		put_sql_column(table, &source_columns[i], i + 1 == n_source_columns, out);
	out_text(out, ");\n");
}

void describe_sql(const struct table *only, struct out *out)
{
	bool first = true;

	for (size_t i = 0; i < n_tables; i++) {
		if (only && tables[i] != only)
			continue;
		out_text(out, first ? "" : "\n");
		put_sql(tables[i], out);
		first = false;
	}
}

/* --- JSON ------------------------------------------------------------------------------------------ */

static void key_text_or_null(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	if (text)
		json_text(json, bytes_of(text));
	else
		json_null(json);
}

static void put_json_column(const struct table *table, const struct column *column, struct json *json)
{
	const struct column_target *target = table ? target_of(table, column) : NULL;

	json_object_begin(json);
	json_key_text(json, "name", column->name);
	json_key_text(json, "type", sql_type(column));
	key_text_or_null(json, "unit", column->unit);
	json_key_text(json, "help", column->help);
	json_key(json, "hidden");
	json_bool(json, !table || column->on_demand);
	key_text_or_null(json, "refers_to_table", target ? target->to_table : NULL);
	key_text_or_null(json, "refers_to_column", target ? target->to_column : NULL);
	json_object_end(json);
}

static void put_json_table(const struct table *table, struct json *json)
{
	json_object_begin(json);
	json_key_text(json, "name", table->name);
	key_text_or_null(json, "short_name", table->plural);
	json_key_text(json, "help", table->help);
	key_text_or_null(json, "key", has_key(table) ? table->key : NULL);
	json_key(json, "columns");
	json_array_begin(json);
	for (size_t i = 0; i < table->n_columns; i++)
		put_json_column(table, &table->columns[i], json);
	for (size_t i = 0; i < n_source_columns; i++)
		put_json_column(NULL, &source_columns[i], json);
	json_array_end(json);
	json_object_end(json);
}

static void put_json_functions(struct json *json)
{
	json_key(json, "functions");
	json_array_begin(json);
	for (size_t i = 0; i < n_sql_functions; i++) {
		json_object_begin(json);
		json_key_text(json, "name", sql_functions[i].name);
		json_key_text(json, "arguments", sql_functions[i].arguments);
		json_key_text(json, "help", sql_functions[i].help);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_json_queries(struct json *json)
{
	json_key(json, "queries");
	json_array_begin(json);
	for (size_t i = 0; i < n_named_queries; i++) {
		json_object_begin(json);
		json_key_text(json, "name", named_queries[i].name);
		json_key_text(json, "title", named_queries[i].title);
		json_key_text(json, "asks", query_over_name(named_queries[i].over));
		json_key_text(json, "arguments", named_queries[i].arguments);
		json_object_end(json);
	}
	json_array_end(json);
}

void describe_json(const struct table *only, struct out *out)
{
	struct json json;

	json_init(&json, out, JSON_INDENTED);
	json_object_begin(&json);
	json_key(&json, "tables");
	json_array_begin(&json);
	for (size_t i = 0; i < n_tables; i++)
		if (!only || tables[i] == only)
			put_json_table(tables[i], &json);
	json_array_end(&json);
	if (!only) {
		put_json_functions(&json);
		put_json_queries(&json);
	}
	json_object_end(&json);
	out_char(out, '\n');
}

/* --- Markdown -------------------------------------------------------------------------------------- */

/* In a cell: nothing that ends it or means something there. */
static void put_cell(const char *text, struct out *out)
{
	for (; *text; text++) {
		if (strchr("|<>*", *text))
			out_char(out, '\\');
		out_char(out, *text);
	}
}

static void put_markdown_column(const struct table *table, const struct column *column,
				struct out *out)
{
	const struct column_target *target = table ? target_of(table, column) : NULL;

	out_printf(out, "| `%s` | %s | ", column->name, sql_type(column));
	put_cell(column->unit ? column->unit : "", out);
	out_text(out, " | ");
	put_cell(column->help, out);
	if (column->on_demand)
		out_text(out, " (costly: `SELECT *` leaves it out)");
	out_text(out, " | ");
	if (target)
		out_printf(out, "[%s](#%s).%s", target->to_table, target->to_table, target->to_column);
	out_text(out, " |\n");
}

static void put_markdown_head(struct out *out)
{
	out_text(out, "| column | type | unit | what it is | refers to |\n"
		      "| --- | --- | --- | --- | --- |\n");
}

static void put_markdown_table(const struct table *table, struct out *out)
{
	out_printf(out, "\n### %s\n\nA row is %s.", table->name, table->help);
	if (has_key(table))
		out_printf(out, " `diff` knows it again by `%s`.", table->key);
	if (table->plural)
		out_printf(out, " Short on the command line: `%s`.", table->plural);
	out_text(out, "\n\n");
	put_markdown_head(out);
	for (size_t i = 0; i < table->n_columns; i++)
		put_markdown_column(table, &table->columns[i], out);
}

static void put_markdown_rest(struct out *out)
{
	out_text(out, "\n## Functions\n\nBeside SQLite's own (of those, all that only look at their "
		      "arguments):\n\n| function | what it gives |\n| --- | --- |\n");
	for (size_t i = 0; i < n_sql_functions; i++) {
		out_printf(out, "| `%s(%s)` | ", sql_functions[i].name, sql_functions[i].arguments);
		put_cell(sql_functions[i].help, out);
		out_text(out, " |\n");
	}
	out_text(out, "\n## Ready-made queries\n\n`coldcase query CHECKPOINT... --name NAME`, with `--arg VALUE` "
		      "for each argument:\n\n| name | arguments | asks | what it shows |\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < n_named_queries; i++) {
		out_printf(out, "| `%s` | %s | %s | ", named_queries[i].name, named_queries[i].arguments,
			   query_over_name(named_queries[i].over));
		put_cell(named_queries[i].title, out);
		out_text(out, " |\n");
	}
}

static const char introduction[] =
	"# Tables\n"
	"\n"
	"Made by `coldcase schema --markdown` (`make docs`); do not edit.\n"
	"\n"
	"`coldcase list TABLE CHECKPOINT` shows a table, `coldcase query CHECKPOINT \"SELECT ...\"` asks all\n"
	"of them. In SQL, booleans are 0 and 1, `HEX INTEGER` is an address or a mask, `OCTAL INTEGER` permission\n"
	"bits and `UNSIGNED INTEGER` a count, all in the two's complement of 64 bits (what is above 2^63 is\n"
	"negative), `JSON TEXT` a list, and what is absent is NULL. JSON and CSV have masks and permission bits as\n"
	"\"0x1a4\", text has the latter in octal: 0644. A result column that is a table's column is shown as `list` shows it.\n"
	"Text that is not UTF-8 is spelled `\\xNN`, a backslash `\\\\`. Secrets are masked unless `--reveal` is\n"
	"given, also where they are compared.\n"
	"\n"
	"Of several checkpoints each is a schema: `a.process`, `b.process` in the order of the command line; the\n"
	"schema `every` has them all, with the letter in a first column `checkpoint`.\n"
	"\n"
	"## Provenance\n"
	"\n"
	"Every table has these columns too. `SELECT *` leaves them out, `list --provenance` shows them.\n"
	"\n";

void describe_markdown(const struct table *only, struct out *out)
{
	if (!only) {
		out_text(out, introduction);
		put_markdown_head(out);
		for (size_t i = 0; i < n_source_columns; i++)
			put_markdown_column(NULL, &source_columns[i], out);
		out_text(out, "\n## The tables\n");
	}
	for (size_t i = 0; i < n_tables; i++)
		if (!only || tables[i] == only)
			put_markdown_table(tables[i], out);
	if (!only)
		put_markdown_rest(out);
}
