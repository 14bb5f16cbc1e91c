#include "db/sql/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	unsigned char constraint;
	enum bound bound;
	char sign; /* in the text */
} kinds[] = {
	{ SQLITE_INDEX_CONSTRAINT_EQ, BOUND_EQUAL, '=' },
	{ SQLITE_INDEX_CONSTRAINT_GE, BOUND_FROM, '{' },
	{ SQLITE_INDEX_CONSTRAINT_GT, BOUND_BEHIND, '>' },
	{ SQLITE_INDEX_CONSTRAINT_LE, BOUND_TO, '}' },
	{ SQLITE_INDEX_CONSTRAINT_LT, BOUND_BEFORE, '<' },
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static bool is_lower(enum bound bound)
{
	return bound == BOUND_FROM || bound == BOUND_BEHIND;
}

/* Constraints that are taken, as indices into info->aConstraint. */
struct choice {
	int items[MOST_KEYS + 1];
	enum bound bounds[MOST_KEYS + 1];
	size_t n, n_equal;
};

static bool bound_of(const sqlite3_index_info *info, int i, enum bound *ret)
{
	for (size_t k = 0; k < N_KINDS; k++)
		if (info->aConstraint[i].usable && info->aConstraint[i].op == kinds[k].constraint) {
			*ret = kinds[k].bound;
			return true;
		}
	return false;
}

static bool has_column(const sqlite3_index_info *info, const struct choice *choice, int column)
{
	for (size_t i = 0; i < choice->n; i++)
		if (info->aConstraint[choice->items[i]].iColumn == column)
			return true;
	return false;
}

static void take(struct choice *choice, int constraint, enum bound bound)
{
	choice->items[choice->n] = constraint;
	choice->bounds[choice->n++] = bound;
}

static void take_equal(sqlite3_index_info *info, enum usable (*usable)(const void *, int),
		       const void *context, struct choice *choice)
{
	enum bound bound;

	for (int i = 0; i < info->nConstraint && choice->n < MOST_KEYS - 1; i++) {
		int column = info->aConstraint[i].iColumn;

		if (bound_of(info, i, &bound) && bound == BOUND_EQUAL && usable(context, column) &&
		    !has_column(info, choice, column) &&
		    !sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY"))
			take(choice, i, bound);
	}
	choice->n_equal = choice->n;
}

/* A bound of COLUMN at the side that is asked for; -1 where there is none. */
static int find_bound(const sqlite3_index_info *info, int column, bool lower, enum bound *ret)
{
	for (int i = 0; i < info->nConstraint; i++)
		if (info->aConstraint[i].iColumn == column && bound_of(info, i, ret) &&
		    *ret != BOUND_EQUAL && is_lower(*ret) == lower)
			return i;
	return -1;
}

/* One column; rather one that has both bounds. */
static void take_range(sqlite3_index_info *info, enum usable (*usable)(const void *, int),
		       const void *context, struct choice *choice)
{
	struct choice best = *choice;

	for (int i = 0; i < info->nConstraint; i++) {
		struct choice one = *choice;
		int column = info->aConstraint[i].iColumn, bound;
		enum bound kind;

		if (usable(context, column) != USABLE_RANGE || has_column(info, choice, column))
			continue;
		bound = find_bound(info, column, true, &kind);
		if (bound >= 0)
			take(&one, bound, kind);
		bound = find_bound(info, column, false, &kind);
		if (bound >= 0)
			take(&one, bound, kind);
		if (one.n > best.n)
			best = one;
	}
	*choice = best;
}

/*
 * How many rows are left is a guess, because nothing is sorted yet: each equality leaves the square root, a
 * range with both ends little, one with one end a third.
 */
static void set_cost(sqlite3_index_info *info, const struct choice *choice, size_t n_rows)
{
	double all = (double)n_rows + 1, rows = all;
	size_t n_range = choice->n - choice->n_equal;

	for (size_t i = 0; i < choice->n_equal; i++)
		rows = sqrt(rows);
	if (n_range == 2)
		rows = rows / 100 + 1;
	else if (n_range == 1)
		rows = rows / 3 + 1;
	info->estimatedRows = (sqlite3_int64)rows;
	info->estimatedCost = choice->n ? log2(all + 1) + rows : all;
}

static bool set_plan(sqlite3_index_info *info, const struct choice *choice)
{
	sqlite3_str *text;

	if (!choice->n)
		return true;
	text = sqlite3_str_new(NULL);
	for (size_t i = 0; i < choice->n; i++) {
		for (size_t k = 0; k < N_KINDS; k++)
			if (kinds[k].bound == choice->bounds[i])
				sqlite3_str_appendchar(text, 1, kinds[k].sign);
		sqlite3_str_appendf(text, "%d", info->aConstraint[choice->items[i]].iColumn);
		info->aConstraintUsage[choice->items[i]].argvIndex = (int)i + 1;
	}
	info->idxStr = sqlite3_str_finish(text);
	info->needToFreeIdxStr = 1;
	return info->idxStr != NULL;
}

bool plan_choose(sqlite3_index_info *info, enum usable (*usable)(const void *context, int column),
		 const void *context, size_t n_rows)
{
	struct choice choice = { .n = 0 };

	take_equal(info, usable, context, &choice);
	take_range(info, usable, context, &choice);
	set_cost(info, &choice, n_rows);
	return set_plan(info, &choice);
}

void plan_read(const char *text, struct plan *ret)
{
	*ret = (struct plan){ .n = 0 };
	while (text && *text && ret->n < MOST_KEYS + 1) {
		char *end;

		for (size_t k = 0; k < N_KINDS; k++)
			if (kinds[k].sign == *text)
				ret->items[ret->n].bound = kinds[k].bound;
		ret->items[ret->n].column = (uint16_t)strtoul(text + 1, &end, 10);
		ret->n_equal += ret->items[ret->n++].bound == BOUND_EQUAL;
		text = end;
	}
}
