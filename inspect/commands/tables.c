/* tables [TABLE]: the data dictionary. Every table and column, straight from the descriptions. */
#include "db/tables/table.h"
#include "inspect/options.h"

static const char *type_name(const struct column *column)
{
	static const char *const names[] = {
		[VALUE_NULL] = "null",	   [VALUE_BOOL] = "bool", [VALUE_INT] = "integer",
		[VALUE_UINT] = "integer",  [VALUE_HEX] = "hex",	  [VALUE_OCTAL] = "octal", [VALUE_TEXT] = "text",
		[VALUE_REAL] = "real",	   [VALUE_STRINGS] = "texts", [VALUE_NUMBERS] = "integers",
	};

	return names[column_type(column)];
}

static void print_text(const struct table *table, struct out *out)
{
	out_printf(out, "%s: a row is %s\n", table->name, table->help);
	if (table->key && *table->key)
		out_printf(out, "  diff tells its rows by: %s\n", table->key);
	if (table->noise)
		out_printf(out, "  and does not compare: %s\n", table->noise);
	for (size_t i = 0; i < table->n_columns; i++) {
		const struct column *column = &table->columns[i];

		out_printf(out, "  %-20s %-9s %-6s %s\n", column->name, type_name(column),
			   column->unit ? column->unit : "", column->help);
	}
}

static void print_json(const struct table *table, struct json *json)
{
	json_object_begin(json);
	json_key_text(json, "table", table->name);
	json_key_text(json, "help", table->help);
	json_key_text(json, "key", table->key ? table->key : "");
	json_key_text(json, "noise", table->noise ? table->noise : "");
	json_key(json, "columns");
	json_array_begin(json);
	for (size_t i = 0; i < table->n_columns; i++) {
		const struct column *column = &table->columns[i];

		json_object_begin(json);
		json_key_text(json, "name", column->name);
		json_key_text(json, "type", type_name(column));
		json_key(json, "unit");
		if (column->unit)
			json_text(json, bytes_of(column->unit));
		else
			json_null(json);
		json_key_text(json, "help", column->help);
		json_object_end(json);
	}
	json_array_end(json);
	json_object_end(json);
}

static void print_all_json(const struct table *only, struct out *out)
{
	struct json json;

	json_init(&json, out, JSON_INDENTED);
	json_array_begin(&json);
	for (size_t i = 0; i < n_tables; i++)
		if (!only || tables[i] == only)
			print_json(tables[i], &json);
	json_array_end(&json);
	out_char(out, '\n');
}

static struct error *run_tables(struct invocation *invocation)
{
	const char *name = invocation->n_arguments ? invocation->arguments[0] : NULL;
	const struct table *only = NULL;
	struct out *out = &invocation->out;
	bool first = true;

	if (name) {
		struct error *error = table_find(name, &only);

		if (error)
			return error;
	}
	if (invocation->options.format == FORMAT_JSON) {
		print_all_json(only, out);
		return NULL;
	}
	for (size_t i = 0; i < n_tables; i++) {
		if (only && tables[i] != only)
			continue;
		out_text(out, first ? "" : "\n");
		print_text(tables[i], out);
		first = false;
	}
	return NULL;
}

const struct command command_tables = {
	.name = "tables",
	.arguments = "[TABLE]",
	.help = "the data dictionary: every table and column",
	.formats = FORMATS_PLAIN,
	.options = { output_options },
	.files = FILES_NONE,
	.most_arguments = 1,
	.run = run_tables,
};
