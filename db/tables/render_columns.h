/*
 * Aligned columns of text, whoever fills them: measured first, then printed.
 */
#pragma once

#include "db/tables/value.h"
#include "decoders/base/out.h"

/* What the cells of a column have in common. */
struct layout {
	const char *name;
	size_t width;
	bool right; /* numbers stand to the right */
	bool is_text; /* something in it is none */
};

struct text_columns {
	struct layout *layouts;
	size_t n;
	struct out *out;       /* cut to its width, where it has one */
	struct out cell, line; /* being made */
};

/* NAMES stay the caller's. */
void columns_init(struct text_columns *columns, const char *const *names, size_t n,
		  struct arena *arena, struct out *out);
void columns_deinit(struct text_columns *columns);

/* Makes room for a cell as render_value shows it; TYPE: what it is. */
void columns_measure(struct text_columns *columns, size_t i, struct bytes cell,
		     enum value_type type);

/* All is measured: fits the columns to the output and prints the header line. */
void columns_begin(struct text_columns *columns);

/* The next cell of the line, and its end. A cell that is wider than what was measured moves the rest. */
void columns_put(struct text_columns *columns, size_t i, struct bytes cell);
void columns_end_line(struct text_columns *columns);
