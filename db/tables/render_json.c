/* A listing for programs: an array of objects, or an object a line. */
#include "db/tables/render.h"

static void put_object(const struct checkpoint *checkpoint, const struct listing *listing,
		       const void *row, struct arena *arena, struct json *json)
{
	json_object_begin(json);
	for (size_t i = 0; i < listing->n_columns; i++) {
		struct value value;

		listing_cell(checkpoint, listing, i, row, arena, &value);
		json_key(json, listing->columns[i]->name);
		render_value_json(&value, json);
	}
	json_object_end(json);
}

void render_json(const struct checkpoint *checkpoint, const struct listing *listing,
		 struct out *out)
{
	struct arena arena;
	struct json json;

	arena_init(&arena);
	json_init(&json, out, JSON_ROWS);
	json_array_begin(&json);
	for (size_t i = 0; i < listing->n; i++) {
		put_object(checkpoint, listing, listing_row(listing, i), &arena, &json);
		arena_reset(&arena);
	}
	json_array_end(&json);
	out_char(out, '\n');
	arena_deinit(&arena);
}

void render_jsonl(const struct checkpoint *checkpoint, const struct listing *listing,
		  struct out *out)
{
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < listing->n; i++) {
		struct json json;

		json_init(&json, out, JSON_ONE_LINE);
		put_object(checkpoint, listing, listing_row(listing, i), &arena, &json);
		out_char(out, '\n');
		arena_reset(&arena);
	}
	arena_deinit(&arena);
}
