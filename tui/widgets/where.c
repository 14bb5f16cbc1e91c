#include "tui/widgets/where.h"

#include "db/sql/declare.h"
#include "db/tables/listing.h"
#include "tui/view.h"

/* In SQL a quote is doubled. */
static void put_literal(const struct value *value, struct out *out)
{
	if (value->type != VALUE_TEXT) {
		out_i64(out, value->integer);
		return;
	}
	out_char(out, '\'');
	for (size_t i = 0; i < value->text.len; i++) {
		if (value->text.data[i] == '\'')
			out_char(out, '\'');
		out_char(out, (char)value->text.data[i]);
	}
	out_char(out, '\'');
}

static void put_condition(const char *name, const struct value *value, struct arena *arena, struct out *out)
{
	bool is_keyword = sqlite3_keyword_check(name, (int)strlen(name));
	struct value cell;

	sql_cell(value, arena, &cell);
	out_printf(out, is_keyword ? "%s\"%s\"" : "%s%s", out->len ? " AND " : "", name);
	if (cell.type == VALUE_NULL) {
		out_text(out, " IS NULL");
	} else {
		out_text(out, " = ");
		put_literal(&cell, out);
	}
}

static void put_option(struct out *condition, struct out *out)
{
	if (!condition->len)
		return;
	out_char(condition, '\0');
	out_text(out, " --where ");
	put_quoted(condition->buffer, out);
}

/* What tells a row from others: an id where it has one. */
static const char *columns_of(const struct checkpoint *checkpoint, const struct table *table, const void *row,
			      struct arena *arena)
{
	const struct column *id = table_column(table, "id");
	struct value value = { .type = VALUE_NULL };

	if (id && strcmp(table->name, "sysv") != 0) /* which has ids of three kinds */
		table_cell(checkpoint, id, row, arena, &value);
	return value.type == VALUE_NULL ? table->key : "id";
}

void put_where_row(const struct checkpoint *checkpoint, const struct table *table, uint32_t row, bool reveal,
		   struct out *out)
{
	struct row_set rows = table_rows(checkpoint, table);
	const void *data = row_at(&rows, row);
	struct out condition;
	struct arena arena;
	struct bytes rest;

	arena_init(&arena);
	out_init(&condition, -1);
	rest = bytes_of(columns_of(checkpoint, table, data, &arena));
	while (rest.len) {
		struct bytes name = bytes_first(rest, bytes_find(rest, ' '));
		const struct column *column = table_column(table, arena_printf(&arena, "%.*s", BYTES_FMT(name)));
		struct value value;

		rest = bytes_from(rest, name.len + 1);
		table_shown(checkpoint, table, column, data, reveal, &arena, &value);
		put_condition(column->name, &value, &arena, &condition);
	}
	put_option(&condition, out);
	out_deinit(&condition);
	arena_deinit(&arena);
}

void put_where_number(const struct column *column, uint64_t number, struct out *out)
{
	const struct value value = value_number(VALUE_UINT, number);
	struct out condition;
	struct arena arena;

	arena_init(&arena);
	out_init(&condition, -1);
	put_condition(column->name, &value, &arena, &condition);
	put_option(&condition, out);
	out_deinit(&condition);
	arena_deinit(&arena);
}
