/*
 * A listing for spreadsheets and scripts: RFC 4180, with a header.
 *
 * Text passes the escaper, so a cell never holds a line feed. A text that a spreadsheet would take
 * for a formula gets an apostrophe in front. Lists are JSON text; null is an empty cell.
 */
#include "db/tables/render.h"
#include "decoders/base/escape.h"

static void put_quoted(struct bytes text, struct out *out)
{
	out_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			out_char(out, '"');
		out_char(out, (char)text.data[i]);
	}
	out_char(out, '"');
}

static bool needs_quotes(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '"' || text.data[i] == ',' || text.data[i] == '\'')
			return true;
	return text.len == 0;
}

static bool is_formula(struct bytes text)
{
	return text.len > 1 && memchr("=+-@", text.data[0], 4);
}

/* The cell as text, in *cell; lists as JSON. */
static void spell(const struct value *value, struct out *cell)
{
	struct json json;

	out_clear(cell);
	if (value->type == VALUE_TEXT && is_formula(value->text))
		out_char(cell, '\'');
	if (value->type == VALUE_STRINGS || value->type == VALUE_NUMBERS) {
		json_init(&json, cell, JSON_ONE_LINE);
		render_value_json(value, &json);
	} else if (value->type == VALUE_BOOL) {
		out_text(cell, value->boolean ? "true" : "false");
	} else if (value->type == VALUE_OCTAL) {
		out_hex(cell, value->number); /* as in JSON: who reads it is a program */
	} else if (value->type != VALUE_NULL) {
		render_value(value, cell);
	}
}

void render_value_csv(const struct value *value, struct out *cell, struct out *out)
{
	spell(value, cell);
	if (value->type != VALUE_NULL && needs_quotes(out_held(cell)))
		put_quoted(out_held(cell), out);
	else
		out_bytes(out, out_held(cell));
}

void render_csv(const struct checkpoint *checkpoint, const struct listing *listing,
		struct out *out)
{
	struct arena arena;
	struct out cell;

	arena_init(&arena);
	out_init(&cell, -1);
	for (size_t i = 0; i < listing->n_columns; i++)
		out_printf(out, "%s%s", i ? "," : "", listing->columns[i]->name);
	out_text(out, "\r\n");
	for (size_t r = 0; r < listing->n; r++) {
		for (size_t i = 0; i < listing->n_columns; i++) {
			struct value value;

			listing_cell(checkpoint, listing, i, listing_row(listing, r), &arena, &value);
			out_text(out, i ? "," : "");
			render_value_csv(&value, &cell, out);
		}
		out_text(out, "\r\n");
		arena_reset(&arena);
	}
	out_deinit(&cell);
	arena_deinit(&arena);
}
