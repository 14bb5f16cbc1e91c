/*
 * A checkpoint is a set of tables.
 *
 * Each table is described once: its name, its columns, its rows. Listings in text, JSON and
 * every other form, their help and their reference all come from the description, so a new
 * table is one file with its columns and one row in tables.def, and a new column is one line.
 *
 * This room knows the model and nothing about how rows are asked for or shown.
 */
#pragma once

#include <stddef.h>

#include "db/tables/value.h"
#include "decoders/base/nearest.h"
#include "decoders/model/leaf.h"

/* How a column's value lies in its row. */
enum store {
	STORE_U32,     /* ABSENT_U32 is null */
	STORE_U64,     /* ABSENT_U64 is null */
	STORE_HEX32,   /* a mask or an address; ABSENT_U32 is null */
	STORE_HEX64,
	STORE_OCTAL32, /* permission bits; ABSENT_U32 is null */
	STORE_I32,
	STORE_BOOL,
	STORE_BYTES,   /* struct bytes; absent is null */
	STORE_NAME,    /* const char *; NULL is null */
	STORE_CHARS,   /* a char array that ends in NUL */
	STORE_STRINGS, /* struct strings */
	STORE_COMPUTED, /* .get */
};

struct column {
	const char *name;
	const char *help;
	const char *unit;     /* NULL: none, or as the name says */
	enum store store;
	enum value_type type; /* of values that are not null; of STORE_COMPUTED only */
	bool detail;          /* left out of a text listing unless it is asked for */
	bool on_demand;       /* costly: left out of every listing unless it is asked for */
	size_t offset;        /* in the row */
	unsigned needs;       /* parts, beyond the table's */
	/* Text it makes goes to ARENA. */
	void (*get)(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		    struct value *ret);
	/* Marks the parts of the value that are secrets; NULL: it has none. */
	void (*mark)(const void *row, struct arena *arena, struct value *value);
};

#define COLUMN(row, field, kind) .store = STORE_##kind, .offset = offsetof(struct row, field)
#define COMPUTED(kind, function) .store = STORE_COMPUTED, .type = VALUE_##kind, .get = function

struct row_set {
	const void *rows;
	size_t n, stride;
};

#define ROW_SET(vec) ((struct row_set){ (vec).items, (vec).n, sizeof(*(vec).items) })

struct table {
	const char *name;    /* singular */
	const char *plural;  /* its short name on the command line; may be NULL */
	const char *help;    /* "a row is ..." */
	/*
	 * For comparing (db/diff), names of columns with spaces between. A row is another's counterpart where
	 * their keys are the same; "": every row is. Of rows that have none by it those that alone have the same
	 * second key, without nulls. Noise differs without anything being different: ids that are only names for
	 * other rows, what other tables or the memory tell, clocks that ran on.
	 */
	const char *key, *second_key, *noise;
	bool about_dump;     /* about the dump, not about what was dumped: compared only when it is named */
	unsigned needs;      /* parts */
	const struct column *columns;
	size_t n_columns;
	size_t origin;       /* where the struct origin lies in a row */
	const struct leaf *leaf; /* whose rows they are; else: */
	struct row_set (*rows)(const struct checkpoint *checkpoint);
};

extern const struct table *const tables[];
extern const size_t n_tables;

/* By singular or plural name; NULL where there is none. */
const struct table *table_named(const char *name);

/* The same; where there is none an error that says which was meant. */
struct error *table_find(const char *name, const struct table **ret)
	__attribute__((warn_unused_result));

/* Tries the names of all tables. */
void table_nearest(struct nearest *nearest);

const struct column *table_column(const struct table *table, const char *name);

/* The type of a column's values that are not null. */
enum value_type column_type(const struct column *column);

/* The rows, as far as they are loaded. */
struct row_set table_rows(const struct checkpoint *checkpoint, const struct table *table);

/*
 * The value of a cell, with its secrets marked and not masked: secret_mask is for whoever shows it. Bytes
 * point into the checkpoint or into ARENA.
 */
void table_cell(const struct checkpoint *checkpoint, const struct column *column, const void *row,
		struct arena *arena, struct value *ret);

static inline const void *row_at(const struct row_set *set, size_t i)
{
	return (const char *)set->rows + i * set->stride;
}
