#include "db/sql/sorted.h"

#include <stdlib.h>

static int compare_integers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_rows(const void *a, const void *b, void *context)
{
	const struct sorted *sorted = context;
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	for (size_t i = 0; i < sorted->n_columns; i++) {
		const struct key_column *key = sorted->keys[i];
		int order = key->is_text
				    ? bytes_compare(key->texts[left], key->texts[right])
				    : compare_integers(key->integers[left], key->integers[right]);

		if (order)
			return order;
	}
	return compare_integers(left, right);
}

static bool is_present(const struct sorted *sorted, size_t row)
{
	for (size_t i = 0; i < sorted->n_columns; i++)
		if (!sorted->keys[i]->present[row])
			return false;
	return true;
}

/* Images have most rows in order. */
static bool is_in_order(struct sorted *sorted)
{
	for (size_t i = 1; i < sorted->n; i++)
		if (compare_rows(&sorted->rows[i - 1], &sorted->rows[i], sorted) > 0)
			return false;
	return true;
}

bool sorted_make(struct sorted *sorted, size_t n_rows, struct arena *arena)
{
	sorted->rows = arena_try_alloc(arena, (n_rows + 1) * sizeof(*sorted->rows));
	sorted->n = 0;
	if (!sorted->rows)
		return false;
	for (size_t i = 0; i < n_rows; i++)
		if (is_present(sorted, i))
			sorted->rows[sorted->n++] = (uint32_t)i;
	if (!is_in_order(sorted))
		qsort_r(sorted->rows, sorted->n, sizeof(*sorted->rows), compare_rows, sorted);
	return true;
}

static int compare_keys(const struct sorted *sorted, uint32_t row, const struct key *keys, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct key_column *key = sorted->keys[i];
		int order = key->is_text ? bytes_compare(key->texts[row], keys[i].text)
					 : compare_integers(key->integers[row], keys[i].integer);

		if (order)
			return order;
	}
	return 0;
}

size_t sorted_find(const struct sorted *sorted, const struct key *keys, size_t n, bool behind)
{
	size_t low = 0, high = sorted->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_keys(sorted, sorted->rows[middle], keys, n);

		if (order < 0 || (behind && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
