/* Rows by the values of their columns: sorted by these when that is first asked for, and looked up. */
#include "db/sql/virtual.h"

/* --- sorted rows ----------------------------------------------------------------------------------- */

static bool is_text(const struct virtual_table *virtual, int i)
{
	const struct column *column = virtual_column(virtual, i);
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
		virtual_cell(virtual, column, i, &scratch, &cell);
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

int match_rows(struct virtual_table *virtual, const struct plan *plan, sqlite3_value **values,
	       size_t n_values, struct cursor *cursor)
{
	struct key keys[MOST_KEYS + 1] = { { 0 } };
	enum finds finds = FINDS_SOME;
	const struct sorted *sorted;

	cursor->rows = NULL;
	cursor->at = 0;
	cursor->end = virtual->n_rows;
	for (size_t i = 0; i < plan->n && i < n_values && finds != FINDS_NOTHING; i++) {
		enum finds one = find_key(virtual, plan, i, values[i], &keys[i]);

		if (one != FINDS_SOME)
			finds = one;
	}
	if (finds == FINDS_NOTHING)
		cursor->end = 0;
	if (!plan->n || finds != FINDS_SOME)
		return SQLITE_OK;
	sorted = find_sorted(virtual, plan);
	if (!sorted) {
		error_free(virtual->database->failure);
		virtual->database->failure =
			error_new(ERROR_LIMIT, "sorting rows of %s took more than %d MiB",
				  virtual->table->name, SQL_SORTED_MOST >> 20);
		return SQLITE_ERROR;
	}
	set_range(cursor, sorted, plan, keys);
	return SQLITE_OK;
}
