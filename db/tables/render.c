#include "db/tables/render.h"

#include <stdlib.h>

#include "decoders/base/escape.h"

/* --- provenance: columns that every table has ------------------------------------------------ */

static const struct origin *origin_of(const struct table *table, const void *row)
{
	return (const struct origin *)(const void *)((const char *)row + table->origin);
}

struct source_column {
	const char *name;
	struct value (*get)(const struct checkpoint *checkpoint, const struct origin *origin);
};

static struct value get_image(const struct checkpoint *checkpoint, const struct origin *origin)
{
	return origin->member == NO_ROW
		       ? (struct value){ .type = VALUE_NULL }
		       : value_text(checkpoint->source.members.items[origin->member].name);
}

static struct value get_entry(const struct checkpoint *checkpoint, const struct origin *origin)
{
	(void)checkpoint;
	return origin->entry == NO_ENTRY ? (struct value){ .type = VALUE_NULL }
					 : value_number(VALUE_UINT, origin->entry);
}

static struct value get_offset(const struct checkpoint *checkpoint, const struct origin *origin)
{
	(void)checkpoint;
	return origin->offset == NO_OFFSET ? (struct value){ .type = VALUE_NULL }
					   : value_number(VALUE_HEX, origin->offset);
}

static struct value get_archive_offset(const struct checkpoint *checkpoint,
				       const struct origin *origin)
{
	const struct member *member;

	if (origin->member == NO_ROW)
		return (struct value){ .type = VALUE_NULL };
	member = &checkpoint->source.members.items[origin->member];
	if (member->archive_offset == NO_OFFSET)
		return (struct value){ .type = VALUE_NULL };
	return value_number(VALUE_HEX, member->archive_offset +
					       (origin->offset == NO_OFFSET ? 0 : origin->offset));
}

static const struct source_column source_columns[] = {
	{ "src_image", get_image },
	{ "src_entry", get_entry },
	{ "src_offset", get_offset },
	{ "src_archive_offset", get_archive_offset },
};
enum { N_SOURCE_COLUMNS = sizeof(source_columns) / sizeof(source_columns[0]) };

/* --- the selection ---------------------------------------------------------------------------- */

static struct error *add_named(struct listing *listing, struct bytes name)
{
	for (size_t i = 0; i < listing->table->n_columns; i++) {
		const struct column *column = &listing->table->columns[i];

		if (!bytes_equal(bytes_of(column->name), name))
			continue;
		listing->columns[listing->n_columns++] = column;
		return NULL;
	}
	return error_new(ERROR_USAGE, "the table %s has no column \"%.*s\"", listing->table->name,
			 BYTES_FMT(name));
}

static struct error *add_all_named(struct arena *arena, struct listing *listing, const char *names)
{
	struct bytes rest = bytes_of(names);
	size_t n = 1;

	for (const char *p = names; *p; p++)
		n += *p == ',';
	listing->columns = arena_alloc(arena, n * sizeof(*listing->columns));
	for (;;) {
		struct bytes name = bytes_first(rest, bytes_find(rest, ','));
		struct error *error = add_named(listing, name);

		if (error || name.len == rest.len)
			return error;
		rest = bytes_from(rest, name.len + 1);
	}
}

struct error *listing_init(struct arena *arena, const struct table *table, const char *names,
			   bool all, struct listing *ret)
{
	struct listing listing = { .table = table };
	struct error *error;

	if (names) {
		error = add_all_named(arena, &listing, names);
		if (error)
			return error;
	} else {
		listing.columns = arena_alloc(arena, table->n_columns * sizeof(*listing.columns));
		for (size_t i = 0; i < table->n_columns; i++)
			if (all || !table->columns[i].detail)
				listing.columns[listing.n_columns++] = &table->columns[i];
	}
	*ret = listing;
	return NULL;
}

unsigned listing_needs(const struct listing *listing)
{
	unsigned needs = listing->table->needs;

	for (size_t i = 0; i < listing->n_columns; i++)
		needs |= listing->columns[i]->needs;
	return needs;
}

/* --- cells -------------------------------------------------------------------------------------- */

/* An argument list as a shell would need it typed, as far as a glance requires. */
static void render_strings(struct bytes strings, struct out *out)
{
	struct bytes item;
	bool first = true;

	while (strings_next(&strings, &item)) {
		bool quoted = item.len == 0 || bytes_find(item, ' ') < item.len;

		out_text(out, first ? "" : " ");
		out_text(out, quoted ? "'" : "");
		escape_text(out, item);
		out_text(out, quoted ? "'" : "");
		first = false;
	}
}

void render_value(const struct value *value, struct out *out)
{
	switch (value->type) {
	case VALUE_NULL:
		out_char(out, '-');
		break;
	case VALUE_BOOL:
		out_text(out, value->boolean ? "yes" : "no");
		break;
	case VALUE_INT:
		out_i64(out, value->integer);
		break;
	case VALUE_UINT:
		out_u64(out, value->number);
		break;
	case VALUE_HEX:
		out_hex(out, value->number);
		break;
	case VALUE_TEXT:
		escape_text(out, value->text);
		break;
	case VALUE_STRINGS:
		render_strings(value->text, out);
		break;
	case VALUE_NUMBERS:
		for (size_t i = 0; i < value->numbers.n; i++) {
			out_text(out, i ? "," : "");
			out_u64(out, value->numbers.items[i]);
		}
		break;
	}
}

void render_value_json(const struct value *value, struct json *json)
{
	struct bytes rest, item;

	switch (value->type) {
	case VALUE_NULL:
		json_null(json);
		break;
	case VALUE_BOOL:
		json_bool(json, value->boolean);
		break;
	case VALUE_INT:
		json_i64(json, value->integer);
		break;
	case VALUE_UINT:
		json_u64(json, value->number);
		break;
	case VALUE_HEX:
		json_hex(json, value->number);
		break;
	case VALUE_TEXT:
		json_text(json, value->text);
		break;
	case VALUE_STRINGS:
		rest = value->text;
		json_array_begin(json);
		while (strings_next(&rest, &item))
			json_text(json, item);
		json_array_end(json);
		break;
	case VALUE_NUMBERS:
		json_array_begin(json);
		for (size_t i = 0; i < value->numbers.n; i++)
			json_u64(json, value->numbers.items[i]);
		json_array_end(json);
		break;
	}
}

/* --- text ---------------------------------------------------------------------------------------- */

/* What the cells of a column have in common. */
struct layout {
	const char *name;
	size_t width;
	bool right; /* numbers stand to the right */
};

struct text_view {
	const struct checkpoint *checkpoint;
	const struct listing *listing;
	struct layout *layouts;
	size_t n; /* columns, those of provenance included */
	struct arena arena; /* of one row's computed text */
	struct out cell;
};

static const char *name_at(const struct listing *listing, size_t i)
{
	return i < listing->n_columns ? listing->columns[i]->name
				      : source_columns[i - listing->n_columns].name;
}

static void value_at(struct text_view *view, const void *row, size_t i, struct value *ret)
{
	const struct listing *listing = view->listing;

	if (i < listing->n_columns)
		table_cell(view->checkpoint, listing->columns[i], row, &view->arena, ret);
	else
		*ret = source_columns[i - listing->n_columns].get(view->checkpoint,
								  origin_of(listing->table, row));
}

static bool is_number(enum value_type type)
{
	return type == VALUE_NULL || type == VALUE_INT || type == VALUE_UINT || type == VALUE_HEX;
}

static void measure_row(struct text_view *view, const void *row)
{
	for (size_t i = 0; i < view->n; i++) {
		struct layout *layout = &view->layouts[i];
		struct value value;
		size_t width;

		value_at(view, row, i, &value);
		out_clear(&view->cell);
		render_value(&value, &view->cell);
		width = text_width(out_held(&view->cell));
		if (width > layout->width)
			layout->width = width;
		if (!is_number(value.type))
			layout->right = false;
	}
	arena_reset(&view->arena);
}

static void put_cell(const struct text_view *view, size_t i, struct out *out)
{
	const struct layout *layout = &view->layouts[i];
	size_t width = text_width(out_held(&view->cell));
	size_t padding = layout->width > width ? layout->width - width : 0;

	out_text(out, i ? "  " : "");
	if (layout->right)
		out_repeat(out, ' ', padding);
	out_bytes(out, out_held(&view->cell));
	if (!layout->right && i + 1 < view->n)
		out_repeat(out, ' ', padding);
}

static void put_header(struct text_view *view, struct out *out)
{
	for (size_t i = 0; i < view->n; i++) {
		out_clear(&view->cell);
		for (const char *p = view->layouts[i].name; *p; p++)
			out_char(&view->cell, (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
		put_cell(view, i, out);
	}
	out_char(out, '\n');
}

static void put_row(struct text_view *view, const void *row, struct out *out)
{
	for (size_t i = 0; i < view->n; i++) {
		struct value value;

		value_at(view, row, i, &value);
		out_clear(&view->cell);
		render_value(&value, &view->cell);
		put_cell(view, i, out);
	}
	out_char(out, '\n');
	arena_reset(&view->arena);
}

void render_text(const struct checkpoint *checkpoint, const struct listing *listing,
		 struct out *out)
{
	struct row_set set = listing->table->rows(checkpoint);
	struct layout layouts[128];
	struct text_view view = { .checkpoint = checkpoint, .listing = listing, .layouts = layouts };

	view.n = listing->n_columns + (listing->provenance ? N_SOURCE_COLUMNS : 0);
	if (view.n > 128)
		view.n = 128;
	arena_init(&view.arena);
	out_init(&view.cell, -1);
	for (size_t i = 0; i < view.n; i++)
		layouts[i] = (struct layout){ name_at(listing, i), strlen(name_at(listing, i)), true };
	for (size_t i = 0; i < set.n; i++)
		measure_row(&view, row_at(&set, i));
	put_header(&view, out);
	for (size_t i = 0; i < set.n; i++)
		put_row(&view, row_at(&set, i), out);
	out_deinit(&view.cell);
	arena_deinit(&view.arena);
}

/* --- JSON ---------------------------------------------------------------------------------------- */

static void put_object(const struct checkpoint *checkpoint, const struct listing *listing,
		       const void *row, struct arena *arena, struct json *json)
{
	struct value value;

	json_object_begin(json);
	for (size_t i = 0; i < listing->n_columns; i++) {
		table_cell(checkpoint, listing->columns[i], row, arena, &value);
		json_key(json, listing->columns[i]->name);
		render_value_json(&value, json);
	}
	for (size_t i = 0; listing->provenance && i < N_SOURCE_COLUMNS; i++) {
		value = source_columns[i].get(checkpoint, origin_of(listing->table, row));
		json_key(json, source_columns[i].name);
		render_value_json(&value, json);
	}
	json_object_end(json);
}

void render_json(const struct checkpoint *checkpoint, const struct listing *listing,
		 struct json *json)
{
	struct row_set set = listing->table->rows(checkpoint);
	struct arena arena;

	arena_init(&arena);
	json_array_begin(json);
	for (size_t i = 0; i < set.n; i++) {
		put_object(checkpoint, listing, row_at(&set, i), &arena, json);
		arena_reset(&arena);
	}
	json_array_end(json);
	arena_deinit(&arena);
}
