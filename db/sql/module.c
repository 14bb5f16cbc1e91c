/*
 * The tables as virtual tables: one module for all of them, which learns from the name of the table and
 * of its schema whose rows it is about.
 */
#include <stdio.h>
#include <stdlib.h>

#include "db/sql/declare.h"
#include "db/sql/internal.h"
#include "db/sql/plan.h"
#include "db/tables/listing.h"

struct virtual_table {
	sqlite3_vtab base;
	struct database *database;
	const struct table *table;
	const struct part *parts;
	size_t n_parts;
	bool is_merged;    /* its first column is the checkpoint */
	bool is_ambiguous; /* a plain name where there are several checkpoints */
	struct row_set *sets;  /* of the parts */
	size_t n_rows;         /* of all of them; a row is known by its number */
	struct key_column **keys; /* by column; NULL: not made yet */
	VEC(struct sorted *) sorted;
};

struct cursor {
	sqlite3_vtab_cursor base;
	const uint32_t *rows; /* NULL: all */
	size_t at, end;
	struct arena arena;   /* of the cell that is being made */
};

static struct virtual_table *table_of(sqlite3_vtab *base)
{
	return (struct virtual_table *)base;
}

static int fail(sqlite3_vtab *base, const char *message)
{
	sqlite3_free(base->zErrMsg);
	base->zErrMsg = sqlite3_mprintf("%s", message);
	return SQLITE_ERROR;
}

/* --- columns and rows ------------------------------------------------------------------------------ */

/* NULL: the checkpoint's name. */
static const struct column *column_at(const struct virtual_table *virtual, int i)
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
		const struct column *column = column_at(virtual, (int)i);

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

/* The cell of a row by its number, as SQL has it: masked, spelled. */
static void get_cell(const struct virtual_table *virtual, int i, size_t row, struct arena *arena,
		     struct value *ret)
{
	const struct column *column = column_at(virtual, i);
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

/* --- sorted rows ----------------------------------------------------------------------------------- */

static bool is_text(const struct virtual_table *virtual, int i)
{
	const struct column *column = column_at(virtual, i);
	enum value_type type = column ? column_type(column) : VALUE_TEXT;

	return type == VALUE_TEXT || type == VALUE_STRINGS || type == VALUE_NUMBERS;
}

/* Text that was made is kept, what the model holds is pointed to. */
static bool keep_text(struct arena *kept, const struct arena *scratch, struct bytes text,
		      struct bytes *ret)
{
	uint8_t *copy;

	*ret = text;
	if (scratch->used == 0 || text.len == 0)
		return true;
	copy = arena_try_alloc(kept, text.len);
	if (!copy)
		return false;
	memcpy(copy, text.data, text.len);
	ret->data = copy;
	return true;
}

static bool fill_keys(const struct virtual_table *virtual, int column, struct key_column *key)
{
	struct arena *kept = &virtual->database->sorted, scratch;
	bool fits = true;

	arena_init(&scratch);
	for (size_t i = 0; i < virtual->n_rows && fits; i++) {
		struct value cell;

		arena_reset(&scratch);
		get_cell(virtual, column, i, &scratch, &cell);
		key->present[i] = cell.type != VALUE_NULL;
		if (key->is_text)
			fits = keep_text(kept, &scratch, cell.text, &key->texts[i]);
		else
			key->integers[i] = cell.integer;
	}
	arena_deinit(&scratch);
	return fits;
}

/* NULL where memory is used up. */
static const struct key_column *find_keys(struct virtual_table *virtual, int column)
{
	struct arena *arena = &virtual->database->sorted;
	size_t n = virtual->n_rows + 1;
	struct key_column *key;

	if (virtual->keys[column])
		return virtual->keys[column];
	key = arena_try_alloc(arena, sizeof(*key));
	if (!key)
		return NULL;
	*key = (struct key_column){ .is_text = is_text(virtual, column) };
	key->present = arena_try_alloc(arena, n);
	if (key->is_text)
		key->texts = arena_try_alloc(arena, n * sizeof(*key->texts));
	else
		key->integers = arena_try_alloc(arena, n * sizeof(*key->integers));
	if (!key->present || (!key->texts && !key->integers) || !fill_keys(virtual, column, key))
		return NULL;
	virtual->keys[column] = key;
	return key;
}

static bool is_sorted_by(const struct sorted *sorted, const struct plan *plan, size_t n)
{
	bool same = sorted->n_columns == n;

	for (size_t i = 0; same && i < n; i++)
		same = sorted->columns[i] == plan->items[i].column;
	return same;
}

/* NULL where memory is used up. */
static const struct sorted *find_sorted(struct virtual_table *virtual, const struct plan *plan)
{
	size_t n = plan->n_equal + (plan->n > plan->n_equal);
	struct arena *arena = &virtual->database->sorted;
	struct sorted *sorted;

	for (size_t i = 0; i < virtual->sorted.n; i++)
		if (is_sorted_by(virtual->sorted.items[i], plan, n))
			return virtual->sorted.items[i];
	sorted = arena_try_alloc(arena, sizeof(*sorted));
	if (!sorted)
		return NULL;
	*sorted = (struct sorted){ .n_columns = n };
	for (size_t i = 0; i < n; i++) {
		sorted->columns[i] = plan->items[i].column;
		sorted->keys[i] = find_keys(virtual, plan->items[i].column);
		if (!sorted->keys[i])
			return NULL;
	}
	if (!sorted_make(sorted, virtual->n_rows, arena))
		return NULL;
	*vec_push(&virtual->database->arena, &virtual->sorted) = sorted;
	return sorted;
}

/* --- what a value finds ---------------------------------------------------------------------------- */

enum finds {
	FINDS_SOME,
	FINDS_NOTHING,
	FINDS_ANYTHING, /* the order of our keys says nothing about it: SQLite compares itself */
};

static enum finds integer_key(sqlite3_value *value, bool is_range, struct key *ret)
{
	double real;

	switch (sqlite3_value_numeric_type(value)) {
	case SQLITE_INTEGER:
		ret->integer = sqlite3_value_int64(value);
		return FINDS_SOME;
	case SQLITE_FLOAT:
		real = sqlite3_value_double(value);
		if (is_range || !(real > -9e18 && real < 9e18))
			return FINDS_ANYTHING;
		ret->integer = (int64_t)real;
		return (double)ret->integer == real ? FINDS_SOME : FINDS_NOTHING;
	case SQLITE_NULL:
		return FINDS_NOTHING;
	default:
		return is_range ? FINDS_ANYTHING : FINDS_NOTHING;
	}
}

static enum finds text_key(sqlite3_value *value, struct key *ret)
{
	int type = sqlite3_value_type(value);

	if (type == SQLITE_NULL || type == SQLITE_BLOB)
		return FINDS_NOTHING;
	if (type != SQLITE_TEXT)
		return FINDS_ANYTHING; /* a number, which may be compared as one: '07' = 7 */
	ret->text.data = sqlite3_value_text(value);
	ret->text.len = (size_t)sqlite3_value_bytes(value);
	return FINDS_SOME;
}

static enum finds find_key(const struct virtual_table *virtual, const struct plan *plan, size_t i,
			   sqlite3_value *value, struct key *ret)
{
	int column = plan->items[i].column;

	if (is_text(virtual, column))
		return text_key(value, ret);
	return integer_key(value, i >= plan->n_equal, ret);
}

/* Narrows CURSOR to the rows between the bounds, which are KEYS behind those of equality. */
static void set_range(struct cursor *cursor, const struct sorted *sorted, const struct plan *plan,
		      const struct key *keys)
{
	struct key bound[MOST_KEYS];
	size_t n = plan->n_equal;

	memcpy(bound, keys, n * sizeof(*keys));
	cursor->rows = sorted->rows;
	cursor->at = sorted_find(sorted, keys, n, false);
	cursor->end = sorted_find(sorted, keys, n, true);
	for (size_t i = n; i < plan->n; i++) {
		enum bound kind = plan->items[i].bound;

		bound[n] = keys[i];
		if (kind == BOUND_FROM || kind == BOUND_BEHIND)
			cursor->at = sorted_find(sorted, bound, n + 1, kind == BOUND_BEHIND);
		else
			cursor->end = sorted_find(sorted, bound, n + 1, kind == BOUND_TO);
	}
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *text, int n_values,
		  sqlite3_value **values)
{
	struct cursor *cursor = (struct cursor *)base;
	struct virtual_table *virtual = table_of(base->pVtab);
	struct key keys[MOST_KEYS + 1] = { { 0 } };
	enum finds finds = FINDS_SOME;
	const struct sorted *sorted;
	struct plan plan;

	(void)number;
	plan_read(text, &plan);
	*cursor = (struct cursor){ .base = cursor->base, .end = virtual->n_rows, .arena = cursor->arena };
	for (size_t i = 0; i < plan.n && i < (size_t)n_values && finds != FINDS_NOTHING; i++) {
		enum finds one = find_key(virtual, &plan, i, values[i], &keys[i]);

		if (one != FINDS_SOME)
			finds = one;
	}
	if (finds == FINDS_NOTHING)
		cursor->end = 0;
	if (!plan.n || finds != FINDS_SOME)
		return SQLITE_OK;
	sorted = find_sorted(virtual, &plan);
	if (!sorted) {
		error_free(virtual->database->failure);
		virtual->database->failure =
			error_new(ERROR_LIMIT, "sorting rows of %s took more than %d MiB",
				  virtual->table->name, SQL_SORTED_MOST >> 20);
		return SQLITE_ERROR;
	}
	set_range(cursor, sorted, &plan, keys);
	return SQLITE_OK;
}

static enum usable usable(const void *context, int column)
{
	const struct virtual_table *virtual = context;
	const struct column *described;

	if (column < 0)
		return USABLE_NOT; /* rowid */
	described = column_at(virtual, column);
	return described && column_type(described) == VALUE_HEX ? USABLE_RANGE : USABLE_EQUAL;
}

static int best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
	struct virtual_table *virtual = table_of(base);
	char message[128];

	if (virtual->is_ambiguous) {
		snprintf(message, sizeof(message),
			 "which checkpoint's %s? a.%s is the first one's, every.%s has all",
			 virtual->table->name, virtual->table->name, virtual->table->name);
		return fail(base, message);
	}
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
	get_cell(table_of(base->pVtab), i, row_of(cursor), &cursor->arena, &cell);
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
