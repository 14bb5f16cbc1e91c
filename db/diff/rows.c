#include "db/diff/rows.h"

#include <stdlib.h>
#include <xxhash.h>

#include "decoders/base/out.h"

/* Columns of these names hold pids or thread ids, whatever the table. */
static const char pid_columns[] =
	"pid ppid pgid sid tid pgrp sender_pid notify_tid peer_pid pids";

bool names_word(const char *words, const char *name)
{
	size_t len = strlen(name);

	while (words && *words) {
		size_t word = strcspn(words, " ");

		if (word == len && memcmp(words, name, len) == 0)
			return true;
		words += word + (words[word] == ' ');
	}
	return false;
}

/* What is known while a table is compared. */
struct comparing {
	struct comparison *comparison;
	const struct table_request *request;
	struct table_diff *diff;
	struct arena arena;   /* of keys and lists */
	struct arena scratch; /* of a row's cells */
	struct out text;
	bool *is_second_key;  /* by column */
	size_t pid_column;    /* n_columns: the table has no pids */
	VEC(struct row_difference) found;
};

/* A row and what it is known by. */
struct keyed {
	struct bytes key;
	uint64_t content; /* where several have the key */
	uint32_t row;
};

struct keyed_rows {
	struct keyed *items;
	size_t n;
};

/* --- cells ---------------------------------------------------------------------------------------- */

/* "pipe:[123]" is "pipe:", whatever the number. */
static struct bytes without_inode(struct bytes text)
{
	size_t colon = bytes_find(text, ':'), i = colon + 2;

	if (text.len < 4 || colon + 3 > text.len || text.data[colon + 1] != '[' ||
	    text.data[text.len - 1] != ']')
		return text;
	while (i < text.len - 1 && text.data[i] >= '0' && text.data[i] <= '9')
		i++;
	return i == text.len - 1 ? bytes_first(text, colon + 1) : text;
}

static void take_cell(const struct checkpoint *checkpoint, const struct listing *listing, size_t column,
		      uint32_t row, struct arena *arena, struct value *ret)
{
	table_cell(checkpoint, listing->columns[column], row_at(&listing->rows, row), arena, ret);
	if (ret->type == VALUE_TEXT)
		ret->text = without_inode(ret->text);
}

static void translate(const struct task_pairs *pairs, struct arena *arena, struct value *value)
{
	uint32_t *pids;

	if (value->type == VALUE_UINT && value->number <= UINT32_MAX)
		value->number = pid_after(pairs, (uint32_t)value->number);
	if (value->type != VALUE_NUMBERS)
		return;
	pids = arena_alloc(arena, (value->numbers.n + 1) * sizeof(*pids));
	for (size_t i = 0; i < value->numbers.n; i++)
		pids[i] = pid_after(pairs, value->numbers.items[i]);
	value->numbers.items = pids;
}

bool cell_differs(const struct comparison *comparison, const struct table_diff *diff,
		  const struct row_difference *difference, size_t column, struct arena *arena)
{
	struct value left, right;

	if (diff->is_noise[column])
		return false;
	take_cell(comparison->before, &diff->before, column, difference->before, arena, &left);
	take_cell(comparison->after, &diff->after, column, difference->after, arena, &right);
	if (diff->is_pid[column])
		translate(&comparison->pairs, arena, &left);
	return value_compare(&left, &right) != 0;
}

/* --- keys ----------------------------------------------------------------------------------------- */

static void put_value(struct out *out, const struct value *value)
{
	out_char(out, (char)value->type);
	switch (value->type) {
	case VALUE_NULL:
		break;
	case VALUE_BOOL:
		out_char(out, (char)value->boolean);
		break;
	case VALUE_INT:
	case VALUE_UINT:
	case VALUE_HEX:
	case VALUE_OCTAL:
	case VALUE_REAL: /* which no table has */
		out_write(out, &value->number, sizeof(value->number));
		break;
	case VALUE_TEXT:
	case VALUE_STRINGS:
		out_write(out, &value->text.len, sizeof(value->text.len));
		out_bytes(out, value->text);
		break;
	case VALUE_NUMBERS:
		out_write(out, &value->numbers.n, sizeof(value->numbers.n));
		out_write(out, value->numbers.items, value->numbers.n * sizeof(*value->numbers.items));
		break;
	}
}

/*
 * A task that is no more is nobody's counterpart, even where another one has its pid. False where the cell is
 * null.
 */
static bool put_cell(struct comparing *comparing, bool is_before, size_t column, uint32_t row)
{
	const struct table_diff *diff = comparing->diff;
	struct value value;
	bool is_lost = false;

	take_cell(is_before ? comparing->comparison->before : comparing->comparison->after,
		  is_before ? &diff->before : &diff->after, column, row, &comparing->scratch, &value);
	if (is_before && diff->is_pid[column]) {
		is_lost = column == comparing->pid_column && value.type == VALUE_UINT &&
			  map_get(&comparing->comparison->pairs.lost, value.number) != MAP_NONE;
		translate(&comparing->comparison->pairs, &comparing->scratch, &value);
	}
	put_value(&comparing->text, &value);
	if (is_lost)
		out_text(&comparing->text, "lost");
	return value.type != VALUE_NULL;
}

static bool is_of_pids(struct comparing *comparing, bool is_before, uint32_t row)
{
	const struct table_request *request = comparing->request;
	const struct table_diff *diff = comparing->diff;
	struct value pid;

	if (!request->n_pids)
		return true;
	if (comparing->pid_column == diff->before.n_columns)
		return false;
	take_cell(is_before ? comparing->comparison->before : comparing->comparison->after,
		  is_before ? &diff->before : &diff->after, comparing->pid_column, row,
		  &comparing->scratch, &pid);
	if (is_before)
		translate(&comparing->comparison->pairs, &comparing->scratch, &pid);
	for (size_t i = 0; i < request->n_pids; i++)
		if (pid.type == VALUE_UINT && pid.number == request->pids[i])
			return true;
	return false;
}

static int by_key(const void *a, const void *b)
{
	const struct keyed *left = a, *right = b;
	int order = bytes_compare(left->key, right->key);

	return order ? order : (left->row > right->row) - (left->row < right->row);
}

/* COLUMNS: whether each belongs to the key. False where one of those has no value. */
static bool make_key(struct comparing *comparing, bool is_before, const bool *columns,
		     struct keyed *keyed)
{
	bool is_whole = true;

	out_clear(&comparing->text);
	for (size_t i = 0; i < comparing->diff->before.n_columns; i++)
		if (columns[i] && !put_cell(comparing, is_before, i, keyed->row))
			is_whole = false;
	keyed->key = arena_copy(&comparing->arena, out_held(&comparing->text));
	arena_reset(&comparing->scratch);
	return is_whole;
}

static struct keyed_rows key_rows(struct comparing *comparing, bool is_before)
{
	const struct listing *listing = is_before ? &comparing->diff->before : &comparing->diff->after;
	struct keyed_rows rows = { 0 };

	rows.items = arena_zalloc(&comparing->arena, (listing->rows.n + 1) * sizeof(*rows.items));
	for (uint32_t row = 0; row < listing->rows.n; row++) {
		if (!is_of_pids(comparing, is_before, row))
			continue;
		rows.items[rows.n].row = row;
		(void)make_key(comparing, is_before, comparing->diff->is_key, &rows.items[rows.n++]);
	}
	qsort(rows.items, rows.n, sizeof(*rows.items), by_key);
	return rows;
}

/* --- counterparts ---------------------------------------------------------------------------------- */

static bool rows_differ(struct comparing *comparing, const struct row_difference *difference)
{
	bool differs = false;

	for (size_t i = 0; i < comparing->diff->before.n_columns && !differs; i++)
		differs = cell_differs(comparing->comparison, comparing->diff, difference, i,
				       &comparing->scratch);
	arena_reset(&comparing->scratch);
	return differs;
}

static void take_pair(struct comparing *comparing, const struct keyed *before, const struct keyed *after)
{
	struct row_difference difference = { ROW_CHANGED, before->row, after->row };

	if (rows_differ(comparing, &difference))
		*vec_push(&comparing->arena, &comparing->found) = difference;
	else
		comparing->diff->n_same++;
}

/* What is left keeps its place in a list of its own, for the second key. */
static void leave(struct keyed_rows *left, const struct keyed *keyed)
{
	left->items[left->n++] = *keyed;
}

static void take_contents(struct comparing *comparing, bool is_before, struct keyed *rows, size_t n)
{
	const struct table_diff *diff = comparing->diff;

	for (size_t i = 0; i < n; i++) {
		out_clear(&comparing->text);
		for (size_t column = 0; column < diff->before.n_columns; column++)
			if (!diff->is_noise[column])
				put_cell(comparing, is_before, column, rows[i].row);
		rows[i].content = XXH3_64bits(out_held(&comparing->text).data,
					      out_held(&comparing->text).len);
		arena_reset(&comparing->scratch);
	}
}

static int by_content(const void *a, const void *b)
{
	const struct keyed *left = a, *right = b;

	if (left->content != right->content)
		return left->content < right->content ? -1 : 1;
	return (left->row > right->row) - (left->row < right->row);
}

static int by_row(const void *a, const void *b)
{
	const struct keyed *left = a, *right = b;

	return (left->row > right->row) - (left->row < right->row);
}

/* Pairs those of the same content, and moves the others to the front: how many they are. */
static void pair_alike(struct comparing *comparing, struct keyed *before, size_t *n_before,
		       struct keyed *after, size_t *n_after)
{
	size_t i = 0, k = 0, left = 0, right = 0;

	qsort(before, *n_before, sizeof(*before), by_content);
	qsort(after, *n_after, sizeof(*after), by_content);
	while (i < *n_before || k < *n_after) {
		bool take_left = k == *n_after ||
				 (i < *n_before && before[i].content < after[k].content);
		bool take_right = i == *n_before ||
				  (k < *n_after && after[k].content < before[i].content);

		if (take_left)
			before[left++] = before[i++];
		else if (take_right)
			after[right++] = after[k++];
		else
			take_pair(comparing, &before[i++], &after[k++]);
	}
	qsort(before, left, sizeof(*before), by_row);
	qsort(after, right, sizeof(*after), by_row);
	*n_before = left;
	*n_after = right;
}

struct rest {
	struct keyed_rows before, after;
};

/* Rows of one key. */
static void pair_group(struct comparing *comparing, struct keyed *before, size_t n_before,
		       struct keyed *after, size_t n_after, struct rest *rest)
{
	size_t n;

	if (n_before && n_after && n_before + n_after > 2) {
		take_contents(comparing, true, before, n_before);
		take_contents(comparing, false, after, n_after);
		pair_alike(comparing, before, &n_before, after, &n_after);
	}
	n = n_before < n_after ? n_before : n_after;
	for (size_t i = 0; i < n; i++)
		take_pair(comparing, &before[i], &after[i]);
	for (size_t i = n; i < n_before; i++)
		leave(&rest->before, &before[i]);
	for (size_t i = n; i < n_after; i++)
		leave(&rest->after, &after[i]);
}

static size_t group_at(const struct keyed_rows *rows, size_t at)
{
	size_t n = 1;

	while (at + n < rows->n && bytes_equal(rows->items[at].key, rows->items[at + n].key))
		n++;
	return n;
}

/* Walks two sorted lists; IS_STRICT: only where there is one of each. */
static void pair_sorted(struct comparing *comparing, struct keyed_rows *before, struct keyed_rows *after,
			bool is_strict, struct rest *rest)
{
	size_t i = 0, k = 0;

	while (i < before->n || k < after->n) {
		int order = i == before->n ? 1
			    : k == after->n
				    ? -1
				    : bytes_compare(before->items[i].key, after->items[k].key);
		size_t n = order <= 0 ? group_at(before, i) : 0, m = order >= 0 ? group_at(after, k) : 0;

		if (is_strict && !(n == 1 && m == 1)) {
			pair_group(comparing, &before->items[i], n, NULL, 0, rest);
			pair_group(comparing, NULL, 0, &after->items[k], m, rest);
		} else {
			pair_group(comparing, &before->items[i], n, &after->items[k], m, rest);
		}
		i += n;
		k += m;
	}
}

static struct rest new_rest(struct arena *arena, size_t n_before, size_t n_after)
{
	return (struct rest){
		.before.items = arena_alloc(arena, (n_before + 1) * sizeof(struct keyed)),
		.after.items = arena_alloc(arena, (n_after + 1) * sizeof(struct keyed)),
	};
}

/* Those with a whole second key, sorted by it; the others are LEFT. */
static void key_again(struct comparing *comparing, bool is_before, struct keyed_rows *rows,
		      struct keyed_rows *left)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		struct keyed keyed = rows->items[i];

		if (make_key(comparing, is_before, comparing->is_second_key, &keyed))
			rows->items[n++] = keyed;
		else
			leave(left, &keyed);
	}
	rows->n = n;
	qsort(rows->items, n, sizeof(*rows->items), by_key);
}

static void pair_by_second_key(struct comparing *comparing, struct rest *rest)
{
	struct rest last = new_rest(&comparing->arena, rest->before.n, rest->after.n);

	if (!comparing->diff->table->second_key || !rest->before.n || !rest->after.n)
		return;
	key_again(comparing, true, &rest->before, &last.before);
	key_again(comparing, false, &rest->after, &last.after);
	pair_sorted(comparing, &rest->before, &rest->after, true, &last);
	*rest = last;
}

static void take_rest(struct comparing *comparing, const struct rest *rest)
{
	for (size_t i = 0; i < rest->before.n; i++)
		*vec_push(&comparing->arena, &comparing->found) =
			(struct row_difference){ ROW_REMOVED, rest->before.items[i].row, NO_ROW };
	for (size_t i = 0; i < rest->after.n; i++)
		*vec_push(&comparing->arena, &comparing->found) =
			(struct row_difference){ ROW_ADDED, NO_ROW, rest->after.items[i].row };
}

/* --- a table ----------------------------------------------------------------------------------------- */

static int by_change(const void *a, const void *b)
{
	const struct row_difference *left = a, *right = b;
	uint32_t row, other;

	if (left->change != right->change)
		return left->change < right->change ? -1 : 1;
	row = left->change == ROW_REMOVED ? left->before : left->after;
	other = right->change == ROW_REMOVED ? right->before : right->after;
	return (row > other) - (row < other);
}

/* Every column but those that are costly. That a table has columns of those names is a test's to say. */
static void list(struct checkpoint *checkpoint, const struct table *table, bool reveal, struct arena *arena,
		 struct listing *ret)
{
	const struct listing_request request = { .reveal = reveal };

	error_free(listing_init(arena, table, &request, ret));
	listing_choose(checkpoint, &request, ret);
}

static void know_columns(struct comparing *comparing)
{
	struct table_diff *diff = comparing->diff;
	struct arena *arena = &comparing->comparison->arena;
	size_t n = diff->before.n_columns;

	diff->is_key = arena_zalloc(arena, n + 1);
	diff->is_noise = arena_zalloc(arena, n + 1);
	diff->is_pid = arena_zalloc(arena, n + 1);
	comparing->is_second_key = arena_zalloc(arena, n + 1);
	comparing->pid_column = n;
	for (size_t i = 0; i < n; i++) {
		const char *name = diff->before.columns[i]->name;

		diff->is_key[i] = names_word(diff->table->key, name);
		diff->is_noise[i] = names_word(diff->table->noise, name);
		diff->is_pid[i] = names_word(pid_columns, name);
		comparing->is_second_key[i] = names_word(diff->table->second_key, name);
		if (strcmp(name, "pid") == 0)
			comparing->pid_column = i;
	}
}

/* Out of the arena of keys, into the one that stays. */
static void keep_differences(struct comparing *comparing)
{
	struct table_diff *diff = comparing->diff;
	size_t n = comparing->found.n;

	if (n)
		qsort(comparing->found.items, n, sizeof(*comparing->found.items), by_change);
	diff->differences = arena_alloc(&comparing->comparison->arena,
					(n + 1) * sizeof(*diff->differences));
	for (size_t i = 0; i < n; i++) {
		diff->differences[i] = comparing->found.items[i];
		diff->n_changes[diff->differences[i].change]++;
	}
	diff->n = n;
}

void table_compare(struct comparison *comparison, const struct table *table,
		   const struct table_request *request, struct table_diff *ret)
{
	struct table_diff diff = { .table = table };
	struct comparing comparing = { .comparison = comparison, .request = request, .diff = &diff };
	struct keyed_rows left, right;
	struct rest rest;

	arena_init(&comparing.arena);
	arena_init(&comparing.scratch);
	out_init(&comparing.text, -1);
	list(comparison->before, table, request->reveal, &comparison->arena, &diff.before);
	list(comparison->after, table, request->reveal, &comparison->arena, &diff.after);
	know_columns(&comparing);
	left = key_rows(&comparing, true);
	right = key_rows(&comparing, false);
	rest = new_rest(&comparing.arena, left.n, right.n);
	pair_sorted(&comparing, &left, &right, false, &rest);
	pair_by_second_key(&comparing, &rest);
	take_rest(&comparing, &rest);
	keep_differences(&comparing);
	out_deinit(&comparing.text);
	arena_deinit(&comparing.scratch);
	arena_deinit(&comparing.arena);
	*ret = diff;
}
