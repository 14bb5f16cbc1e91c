/* One row that changed: its cells on either side, whose it is, and where it was read from. */
#pragma once

#include "tui/screens/diff.h"

/* A cell of one side, its secrets masked unless REVEAL. */
void change_cell(const struct comparison *comparison, const struct table_diff *diff, bool is_before,
		 const struct row_difference *difference, size_t column, bool reveal, struct arena *arena,
		 struct value *ret);

/* The row of the process that it is of, in after, or where it was removed in before; NO_ROW where it is of none. */
uint32_t change_process(const struct comparison *comparison, const struct table_diff *diff,
			const struct row_difference *difference);

/* "fdinfo-2.img #3 @0x40 -> fdinfo-2.img #4 @0x60" */
void put_change_origins(const struct comparison *comparison, const struct table_diff *diff,
			const struct row_difference *difference, struct out *out);
