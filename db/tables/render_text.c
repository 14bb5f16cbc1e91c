/* A listing for people: aligned columns under a header line, on a terminal cut to its width. */
#include "db/tables/render.h"
#include "db/tables/render_columns.h"

struct text_view {
	const struct checkpoint *checkpoint;
	const struct listing *listing;
	struct text_columns columns;
	struct arena arena; /* of one row's computed text */
};

/* The cell as text, valid until the next one. */
static struct bytes show_cell(struct text_view *view, size_t i, const void *row,
			      enum value_type *ret_type)
{
	struct value value;

	listing_cell(view->checkpoint, view->listing, i, row, &view->arena, &value);
	out_clear(&view->columns.cell);
	render_value(&value, &view->columns.cell);
	*ret_type = value.type;
	return out_held(&view->columns.cell);
}

static void measure_row(struct text_view *view, const void *row)
{
	for (size_t i = 0; i < view->listing->n_columns; i++) {
		enum value_type type;
		struct bytes cell = show_cell(view, i, row, &type);

		columns_measure(&view->columns, i, cell, type);
	}
	arena_reset(&view->arena);
}

static void put_row(struct text_view *view, const void *row)
{
	for (size_t i = 0; i < view->listing->n_columns; i++) {
		enum value_type type;

		columns_put(&view->columns, i, show_cell(view, i, row, &type));
	}
	columns_end_line(&view->columns);
	arena_reset(&view->arena);
}

void render_text(const struct checkpoint *checkpoint, const struct listing *listing,
		 struct out *out)
{
	struct text_view view = { .checkpoint = checkpoint, .listing = listing };
	size_t n = listing->n_columns;
	const char **names = arena_alloc(listing->arena, (n + 1) * sizeof(*names));

	for (size_t i = 0; i < n; i++)
		names[i] = listing->columns[i]->name;
	arena_init(&view.arena);
	columns_init(&view.columns, names, n, listing->arena, out);
	for (size_t i = 0; i < listing->n; i++)
		measure_row(&view, listing_row(listing, i));
	columns_begin(&view.columns);
	for (size_t i = 0; i < listing->n; i++)
		put_row(&view, listing_row(listing, i));
	columns_deinit(&view.columns);
	arena_deinit(&view.arena);
}
