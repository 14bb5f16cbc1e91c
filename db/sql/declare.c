#include "db/sql/declare.h"

#include "db/tables/listing.h"
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "decoders/base/size.h"

static const char *const types[] = {
	[VALUE_NULL] = "TEXT",
	[VALUE_BOOL] = "BOOLEAN",
	[VALUE_INT] = "INTEGER",
	[VALUE_UINT] = "UNSIGNED INTEGER",
	[VALUE_HEX] = "HEX INTEGER",
	[VALUE_OCTAL] = "OCTAL INTEGER",
	[VALUE_REAL] = "REAL",
	[VALUE_TEXT] = "TEXT",
	[VALUE_STRINGS] = "JSON TEXT",
	[VALUE_NUMBERS] = "JSON TEXT",
};

const char *sql_type(const struct column *column)
{
	return types[column_type(column)];
}

enum value_type sql_type_meaning(const char *declared)
{
	for (size_t i = VALUE_BOOL; declared && i < ARRAY_SIZE(types); i++)
		if (!sqlite3_stricmp(declared, types[i]))
			return (enum value_type)i;
	return VALUE_NULL;
}

void declare_column(const struct column *column, struct out *out)
{
	bool is_keyword = sqlite3_keyword_check(column->name, (int)strlen(column->name));

	out_printf(out, is_keyword ? "\"%s\" %s" : "%s %s", column->name, sql_type(column));
}

static void put_column(const struct column *column, bool hidden, struct out *out)
{
	declare_column(column, out);
	out_text(out, hidden ? " HIDDEN" : "");
}

void declare_table(const struct table *table, const char *name, enum declaration how,
		   struct out *out)
{
	out_printf(out, "CREATE TABLE %s(%s", name,
		   how == DECLARE_MERGED ? "checkpoint TEXT, " : "");
	for (size_t i = 0; i < table->n_columns; i++) {
		out_text(out, i ? ", " : "");
		put_column(&table->columns[i], how != DECLARE_PLAIN && table->columns[i].on_demand, out);
	}
	for (size_t i = 0; i < n_source_columns; i++) {
		out_text(out, ", ");
		put_column(&source_columns[i], how != DECLARE_PLAIN, out);
	}
	out_char(out, ')');
}

/* --- values ------------------------------------------------------------------------------------- */

static bool is_plain(struct bytes text)
{
	return !memchr(text.data, '\\', text.len) && !memchr(text.data, '\0', text.len) &&
	       utf8_valid(text);
}

/* SQLite's texts end at a NUL wherever that suits it. */
static struct bytes spell(struct bytes text, struct arena *arena)
{
	struct out out;
	struct bytes ret;

	if (text.len == 0 || is_plain(text))
		return text;
	out_init(&out, -1);
	while (text.len) {
		struct bytes before = text;
		uint32_t c = 0;
		bool valid = utf8_next(&text, &c);

		if (!valid)
			text = bytes_from(text, 1);
		if (valid && c == '\\')
			out_text(&out, "\\\\");
		else if (valid && c)
			out_write(&out, before.data, before.len - text.len);
		else
			out_printf(&out, "\\x%02x", before.data[0]);
	}
	ret = arena_copy(arena, out_held(&out));
	out_deinit(&out);
	return ret;
}

static struct bytes as_json(const struct value *value, struct arena *arena)
{
	struct bytes ret;
	struct json json;
	struct out out;

	out_init(&out, -1);
	json_init(&json, &out, JSON_ONE_LINE);
	render_value_json(value, &json);
	ret = arena_copy(arena, out_held(&out));
	out_deinit(&out);
	return ret;
}

void sql_cell(const struct value *value, struct arena *arena, struct value *ret)
{
	*ret = (struct value){ .type = VALUE_INT };
	switch (value->type) {
	case VALUE_NULL:
		ret->type = VALUE_NULL;
		break;
	case VALUE_BOOL:
		ret->integer = value->boolean;
		break;
	case VALUE_INT:
		ret->integer = value->integer;
		break;
	case VALUE_UINT:
	case VALUE_HEX:
	case VALUE_OCTAL:
		ret->integer = (int64_t)value->number;
		break;
	case VALUE_REAL:
		*ret = *value;
		break;
	case VALUE_TEXT:
		*ret = value_text(spell(value->text, arena));
		break;
	case VALUE_STRINGS:
	case VALUE_NUMBERS:
		*ret = value_text(as_json(value, arena));
		break;
	}
}

int sql_bind(sqlite3_stmt *statement, int parameter, const struct value *cell)
{
	switch (cell->type) {
	case VALUE_INT:
		return sqlite3_bind_int64(statement, parameter, cell->integer);
	case VALUE_REAL:
		return sqlite3_bind_double(statement, parameter, cell->real);
	case VALUE_TEXT:
		return sqlite3_bind_text64(statement, parameter, (const char *)cell->text.data,
					   cell->text.len, SQLITE_STATIC, SQLITE_UTF8);
	default:
		return sqlite3_bind_null(statement, parameter);
	}
}
