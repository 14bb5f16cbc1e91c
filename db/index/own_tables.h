/* The index's own tables, as this version has them: what checks a database, and what describes it. */
#pragma once

#include <stddef.h>

enum { MOST_OWN_COLUMNS = 13 };

struct own_table {
	const char *name;
	const char *help; /* what a row is */
	struct {
		const char *name, *help;
	} columns[MOST_OWN_COLUMNS + 1]; /* a column without a name ends them */
};

extern const struct own_table own_tables[];
extern const size_t n_own_tables;
