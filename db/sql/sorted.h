/*
 * Rows of a table in the order of some of its columns: what makes joins fast.
 *
 * SQLite builds no index on a virtual table: joined on a column without one, 50,000 mappings with 20,000
 * files are a thousand million comparisons. So rows are sorted by the columns that a statement compares,
 * when it first does, and every later statement finds them sorted. Rows with a NULL in these columns
 * compare with nothing and are left out.
 */
#pragma once

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"

enum { MOST_KEYS = 4 };

/* A column of all rows, as SQL has it. */
struct key_column {
	bool is_text;
	int64_t *integers;
	struct bytes *texts;
	uint8_t *present; /* by row: not NULL */
};

/* A value that rows are compared with. */
struct key {
	int64_t integer;
	struct bytes text;
};

struct sorted {
	uint16_t columns[MOST_KEYS];
	size_t n_columns;
	const struct key_column *keys[MOST_KEYS];
	uint32_t *rows;
	size_t n;
};

/* False where memory is used up. N_ROWS: of the columns. .columns and .keys are set. */
bool sorted_make(struct sorted *sorted, size_t n_rows, struct arena *arena)
	__attribute__((warn_unused_result));

/*
 * The first place of .rows whose first N columns are not less than KEYS; with BEHIND, that are greater.
 */
size_t sorted_find(const struct sorted *sorted, const struct key *keys, size_t n, bool behind);
