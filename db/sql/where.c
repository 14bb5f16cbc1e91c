#include "db/sql/where.h"

#include "db/sql/internal.h"

/* A line of its own for the expression, in case that it ends in a comment. */
static struct bytes statement_of(const struct table *table, struct bytes expression,
				 struct arena *arena, size_t *ret_before)
{
	struct bytes sql;
	struct out out;

	out_init(&out, -1);
	out_printf(&out, "SELECT rowid FROM %s WHERE (\n", table->name);
	*ret_before = out.len;
	out_bytes(&out, expression);
	out_text(&out, "\n)");
	sql = arena_copy(arena, out_held(&out));
	out_deinit(&out);
	return sql;
}

static struct error *mark_rows(struct statement *statement, size_t n, struct arena *arena, bool *marks)
{
	bool has_row = false;
	struct error *error;

	while (!(error = statement_step(statement, &has_row)) && has_row) {
		struct value row;

		statement_value(statement, 0, arena, &row);
		if (row.type == VALUE_INT && row.integer >= 0 && (uint64_t)row.integer < n)
			marks[row.integer] = true;
	}
	return error;
}

struct error *where_rows(struct checkpoint *checkpoint, const struct table *table,
			 struct bytes expression, const struct database_options *options,
			 struct arena *arena, bool **ret)
{
	struct checkpoint *list[] = { checkpoint };
	struct statement *statement = NULL;
	struct database *database = NULL;
	struct error *error;
	struct bytes sql;
	bool *marks;
	size_t n;

	error = database_open(list, 1, options, &database);
	if (error)
		return error;
	sql = statement_of(table, expression, arena, &database->before);
	error = statement_prepare(database, sql, &statement);
	n = table_rows(checkpoint, table).n;
	marks = arena_zalloc(arena, n + 1);
	if (!error)
		error = mark_rows(statement, n, arena, marks);
	statement_free(statement);
	database_close(database);
	if (!error)
		*ret = marks;
	return error;
}
