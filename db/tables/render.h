/*
 * Rows, shown.
 *
 * One description of a table, several forms: a text listing for people, JSON for programs.
 * A listing may be a selection of the columns; every row can carry where it comes from.
 */
#pragma once

#include "db/tables/table.h"
#include "decoders/base/json.h"
#include "decoders/base/out.h"

struct listing {
	const struct table *table;
	const struct column **columns; /* the selection, in order */
	size_t n_columns;
	bool provenance;               /* src_image, src_entry, src_offset behind the columns */
};

/*
 * A listing of the named columns ("pid,comm"), or where NAMES is NULL of all (ALL) or of those
 * that are not marked as detail. The list of columns is in ARENA.
 */
struct error *listing_init(struct arena *arena, const struct table *table, const char *names,
			   bool all, struct listing *ret) __attribute__((warn_unused_result));

/* What has to be loaded to show it. */
unsigned listing_needs(const struct listing *listing);

/* Aligned columns under a header line; numbers to the right. */
void render_text(const struct checkpoint *checkpoint, const struct listing *listing,
		 struct out *out);

/* An array of objects whose keys are the names of the columns. */
void render_json(const struct checkpoint *checkpoint, const struct listing *listing,
		 struct json *json);

/* One cell as text, escaped; "-" for null. */
void render_value(const struct value *value, struct out *out);
void render_value_json(const struct value *value, struct json *json);
