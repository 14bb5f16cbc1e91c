/*
 * Rows, shown. Each form walks a listing; none knows a table.
 */
#pragma once

#include "db/tables/listing.h"
#include "db/tables/render_columns.h"
#include "decoders/base/json.h"
#include "decoders/base/out.h"

/* Aligned columns under a header line; numbers to the right. Cut to OUT's width, where it has one. */
void render_text(const struct checkpoint *checkpoint, const struct listing *listing,
		 struct out *out);

/* An array of objects whose keys are the names of the columns; the same, an object a line. */
void render_json(const struct checkpoint *checkpoint, const struct listing *listing,
		 struct out *out);
void render_jsonl(const struct checkpoint *checkpoint, const struct listing *listing,
		  struct out *out);

void render_csv(const struct checkpoint *checkpoint, const struct listing *listing,
		struct out *out);

/*
 * Rows that come one at a time, for what has too many of them to be kept: as the forms above. Of text the
 * first ROWS_MEASURED rows decide how wide the columns are.
 */
enum { ROWS_MEASURED = 1000 };

enum row_form {
	ROWS_TEXT,
	ROWS_JSON,
	ROWS_JSONL,
	ROWS_CSV,
};

struct row_writer {
	enum row_form form;
	const char *const *names;
	size_t n;
	struct out *out, cell;
	struct json json;
	struct text_columns columns; /* of text */
	struct arena arena;
	struct bytes *held;          /* cells of the rows that are being measured; NULL: no more */
	size_t n_held;
};
/* NAMES may be anything: they are escaped, and the second "x" is "x_2". They and OUT are used until rows_end. */
void rows_begin(struct row_writer *writer, enum row_form form, const char *const *names, size_t n,
		struct out *out);
void rows_put(struct row_writer *writer, const struct value *values);
void rows_end(struct row_writer *writer);

/* One cell of a CSV line. CELL: room to spell it in. */
void render_value_csv(const struct value *value, struct out *cell, struct out *out);

/* One cell as text, escaped; "-" for null. */
void render_value(const struct value *value, struct out *out);
void render_value_json(const struct value *value, struct json *json);

/*
 * argv, behind the name where that is not argv's; without argv "[name]" as ps has it, zombies "(name)". ARENA is
 * reset.
 */
void render_process(const struct checkpoint *checkpoint, const struct process *process, bool reveal,
		    struct arena *arena, struct out *out);
