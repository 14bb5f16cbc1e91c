/*
 * The tables as virtual tables: one module for all of them, which learns from the name of the table and
 * of its schema whose rows it is about.
 */
#include <stdio.h>
#include <stdlib.h>

#include "db/sql/declare.h"
#include "db/sql/virtual.h"
#include "db/tables/listing.h"

static struct virtual_table *table_of(sqlite3_vtab *base)
{
	return (struct virtual_table *)base;
}

/* MESSAGE: of sqlite3_mprintf. */
static int fail(sqlite3_vtab *base, char *message)
{
	sqlite3_free(base->zErrMsg);
	base->zErrMsg = message;
	return SQLITE_ERROR;
}

/* --- columns and rows ------------------------------------------------------------------------------ */

const struct column *virtual_column(const struct virtual_table *virtual, int i)
{
	size_t n = virtual->table->n_columns, at = (size_t)(i - virtual->is_merged);

	if (virtual->is_merged && i == 0)
		return NULL;
	return at < n ? &virtual->table->columns[at] : &source_columns[at - n];
}

static size_t count_columns(const struct virtual_table *virtual)
{
	return virtual->table->n_columns + n_source_columns + virtual->is_merged;
}

/* SQLite has a bit for each of the first 63 columns, and one for all others. */
static unsigned parts_needed(const struct virtual_table *virtual, sqlite3_uint64 used)
{
	unsigned needs = virtual->table->needs;

	for (size_t i = 0; i < count_columns(virtual); i++) {
		const struct column *column = virtual_column(virtual, (int)i);

		if (column && used >> (i < 63 ? i : 63) & 1)
			needs |= column->needs;
	}
	return needs;
}

static void find_rows(struct virtual_table *virtual)
{
	virtual->n_rows = 0;
	for (size_t i = 0; i < virtual->n_parts; i++) {
		virtual->sets[i] = table_rows(virtual->parts[i].checkpoint, virtual->table);
		virtual->n_rows += virtual->sets[i].n;
	}
}

static void load(struct virtual_table *virtual, sqlite3_uint64 used)
{
	unsigned needs = parts_needed(virtual, used);

	for (size_t i = 0; i < virtual->n_parts; i++) {
		struct checkpoint *checkpoint = virtual->parts[i].checkpoint;

		checkpoint_need(checkpoint, needs);
		if (virtual->table->leaf)
			checkpoint_need_leaf(checkpoint, virtual->table->leaf);
	}
	find_rows(virtual);
}

void virtual_cell(const struct virtual_table *virtual, int i, size_t row, struct arena *arena,
		  struct value *ret)
{
	const struct column *column = virtual_column(virtual, i);
	struct value value;
	size_t part = 0;

	for (; row >= virtual->sets[part].n; part++)
		row -= virtual->sets[part].n;
	if (!column) {
		*ret = value_text(bytes_of(virtual->parts[part].name));
		return;
	}
	table_shown(virtual->parts[part].checkpoint, virtual->table, column,
		    row_at(&virtual->sets[part], row), virtual->database->reveal, arena, &value);
	sql_cell(&value, arena, ret);
}

/* --- plans ----------------------------------------------------------------------------------------- */

static int filter(sqlite3_vtab_cursor *base, int number, const char *text, int n_values,
		  sqlite3_value **values)
{
	struct plan plan;

	(void)number;
	plan_read(text, &plan);
	return match_rows(table_of(base->pVtab), &plan, values, (size_t)n_values, (struct cursor *)base);
}

static enum usable usable(const void *context, int column)
{
	const struct virtual_table *virtual = context;
	const struct column *described;

	if (column < 0)
		return USABLE_NOT; /* rowid */
	described = virtual_column(virtual, column);
	return described && column_type(described) == VALUE_HEX ? USABLE_RANGE : USABLE_EQUAL;
}

/* A plain name of several, and "every" where it would be without the rows of some; NULL: nothing is wrong. */
static char *why_not(const struct virtual_table *virtual)
{
	const char *name = virtual->table->name, *index = virtual->database->index;

	if (virtual->is_ambiguous && *index)
		return sqlite3_mprintf("which checkpoint's %s? a.%s is the first one's", name, name);
	if (virtual->is_ambiguous)
		return sqlite3_mprintf("which checkpoint's %s? a.%s is the first one's, every.%s has all", name, name,
				       name);
	if (virtual->is_merged && *index)
		return sqlite3_mprintf("every.%s has no rows of an index, as %s is: name each, such as %s.%s, or put all "
				       "into one index (\"coldcase index --merge\")", name, index, index, name);
	return NULL;
}

static int best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
	struct virtual_table *virtual = table_of(base);
	char *message = why_not(virtual);

	if (message)
		return fail(base, message);
	load(virtual, info->colUsed);
	return plan_choose(info, usable, virtual, virtual->n_rows) ? SQLITE_OK : SQLITE_NOMEM;
}

/* --- cursors --------------------------------------------------------------------------------------- */

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **ret)
{
	struct cursor *cursor = calloc(1, sizeof(*cursor));

	(void)base;
	if (!cursor)
		return SQLITE_NOMEM;
	arena_init(&cursor->arena);
	*ret = &cursor->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
	struct cursor *cursor = (struct cursor *)base;

	arena_deinit(&cursor->arena);
	free(cursor);
	return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
	((struct cursor *)base)->at++;
	return SQLITE_OK;
}

static int eof(sqlite3_vtab_cursor *base)
{
	const struct cursor *cursor = (const struct cursor *)base;

	return cursor->at >= cursor->end;
}

static size_t row_of(const struct cursor *cursor)
{
	return cursor->rows ? cursor->rows[cursor->at] : cursor->at;
}

static int rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret)
{
	*ret = (sqlite3_int64)row_of((const struct cursor *)base);
	return SQLITE_OK;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int i)
{
	struct cursor *cursor = (struct cursor *)base;
	struct value cell;

	arena_reset(&cursor->arena);
	virtual_cell(table_of(base->pVtab), i, row_of(cursor), &cursor->arena, &cell);
	if (cell.type == VALUE_INT)
		sqlite3_result_int64(context, cell.integer);
	else if (cell.type == VALUE_REAL)
		sqlite3_result_double(context, cell.real);
	else if (cell.type == VALUE_TEXT)
		sqlite3_result_text64(context, (const char *)cell.text.data, cell.text.len,
				      cursor->arena.used ? SQLITE_TRANSIENT : SQLITE_STATIC,
				      SQLITE_UTF8);
	return SQLITE_OK;
}

/* --- tables ---------------------------------------------------------------------------------------- */

static const struct part *find_part(const struct database *database, const char *schema)
{
	for (size_t i = 0; i < database->n_parts; i++)
		if (!strcmp(database->parts[i].name, schema))
			return &database->parts[i];
	return NULL;
}

static int declare(sqlite3 *handle, const struct virtual_table *virtual)
{
	struct out out;
	int status;

	out_init(&out, -1);
	declare_table(virtual->table, "x", virtual->is_merged ? DECLARE_MERGED : DECLARE_VIRTUAL, &out);
	out_char(&out, '\0');
	status = sqlite3_declare_vtab(handle, out.buffer);
	if (status == SQLITE_OK)
		status = sqlite3_vtab_config(handle, SQLITE_VTAB_INNOCUOUS);
	out_deinit(&out);
	return status;
}

/* ARGUMENTS: the module, the schema, the table. */
static int connect_table(sqlite3 *handle, void *context, int n, const char *const *arguments,
			 sqlite3_vtab **ret, char **ret_message)
{
	struct database *database = context;
	struct arena *arena = &database->arena;
	const struct table *table = table_named(arguments[2]);
	const struct part *part = find_part(database, arguments[1]);
	struct virtual_table *virtual;

	(void)n;
	if (!table) {
		*ret_message = sqlite3_mprintf("there is no table %s", arguments[2]);
		return SQLITE_ERROR;
	}
	virtual = arena_zalloc(arena, sizeof(*virtual));
	virtual->database = database;
	virtual->table = table;
	virtual->parts = part ? part : database->parts;
	virtual->n_parts = part ? 1 : database->n_parts;
	virtual->is_merged = !part;
	virtual->is_ambiguous = !strcmp(arguments[1], "temp");
	virtual->sets = arena_zalloc(arena, virtual->n_parts * sizeof(*virtual->sets));
	virtual->keys = arena_zalloc(arena, count_columns(virtual) * sizeof(*virtual->keys));
	*ret = &virtual->base;
	return declare(handle, virtual);
}

/* Not connect_table itself: that would make the tables be there in every schema. */
static int create_table(sqlite3 *handle, void *context, int n, const char *const *arguments,
			sqlite3_vtab **ret, char **ret_message)
{
	return connect_table(handle, context, n, arguments, ret, ret_message);
}

/* It lies in the database's arena. */
static int disconnect_table(sqlite3_vtab *base)
{
	(void)base;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xCreate = create_table,
	.xConnect = connect_table,
	.xBestIndex = best_index,
	.xDisconnect = disconnect_table,
	.xDestroy = disconnect_table,
	.xOpen = open_cursor,
	.xClose = close_cursor,
	.xFilter = filter,
	.xNext = next,
	.xEof = eof,
	.xColumn = column,
	.xRowid = rowid,
};

int module_register(struct database *database)
{
	return sqlite3_create_module_v2(database->handle, "coldcase", &module, database, NULL);
}
