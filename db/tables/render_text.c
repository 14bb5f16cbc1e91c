/* A listing for people: aligned columns under a header line, on a terminal cut to its width. */
#include "db/tables/render.h"
#include "decoders/base/escape.h"

#define GAP "  "

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
	struct arena arena; /* of one row's computed text */
	struct out cell, line;
};

static bool is_number(enum value_type type)
{
	return type == VALUE_NULL || type == VALUE_INT || type == VALUE_UINT || type == VALUE_HEX;
}

static void measure_row(struct text_view *view, const void *row)
{
	for (size_t i = 0; i < view->listing->n_columns; i++) {
		struct layout *layout = &view->layouts[i];
		struct value value;
		size_t width;

		listing_cell(view->checkpoint, view->listing, i, row, &view->arena, &value);
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

/* --- fitting a terminal -------------------------------------------------------------------------- */

enum { NARROWEST = 8 }; /* a column of text is not cut to less */

static size_t total_width(const struct text_view *view)
{
	size_t total = 0;

	for (size_t i = 0; i < view->listing->n_columns; i++)
		total += view->layouts[i].width + (i ? strlen(GAP) : 0);
	return total;
}

/* What a column can give away without becoming useless; numbers give nothing. */
static size_t spare(const struct layout *layout)
{
	size_t least = strlen(layout->name) > NARROWEST ? strlen(layout->name) : NARROWEST;

	return layout->right || layout->width <= least ? 0 : layout->width - least;
}

/* Takes what is too much from the columns of text, always from the widest. */
static void fit(struct text_view *view, size_t width)
{
	size_t total;

	for (size_t i = 0; i < view->listing->n_columns; i++)
		if (spare(&view->layouts[i]) && view->layouts[i].width > width)
			view->layouts[i].width = width;
	for (total = total_width(view); total > width; total--) {
		struct layout *widest = NULL;

		for (size_t i = 0; i < view->listing->n_columns; i++) {
			struct layout *layout = &view->layouts[i];

			if (spare(layout) && (!widest || layout->width >= widest->width))
				widest = layout;
		}
		if (!widest)
			return;
		widest->width--;
	}
}

/* --- lines --------------------------------------------------------------------------------------- */

static void put_cell(const struct text_view *view, size_t i, struct out *out)
{
	const struct layout *layout = &view->layouts[i];
	size_t width = text_width(out_held(&view->cell));
	size_t padding = layout->width > width ? layout->width - width : 0;

	out_text(out, i ? GAP : "");
	if (layout->right)
		out_repeat(out, ' ', padding);
	if (width > layout->width)
		text_cut(out, out_held(&view->cell), layout->width);
	else
		out_bytes(out, out_held(&view->cell));
	if (!layout->right && i + 1 < view->listing->n_columns)
		out_repeat(out, ' ', padding);
}

/* Cut once more: the columns that cannot be cut may be too many. */
static void put_line(struct text_view *view, struct out *out)
{
	text_cut(out, out_held(&view->line), out->width);
	out_clear(&view->line);
}

static void put_header(struct text_view *view, struct out *out)
{
	for (size_t i = 0; i < view->listing->n_columns; i++) {
		out_clear(&view->cell);
		for (const char *p = view->layouts[i].name; *p; p++)
			out_char(&view->cell, (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
		put_cell(view, i, &view->line);
	}
	out_style(out, STYLE_BOLD);
	put_line(view, out);
	out_style(out, STYLE_PLAIN);
	out_char(out, '\n');
}

static void put_row(struct text_view *view, const void *row, struct out *out)
{
	for (size_t i = 0; i < view->listing->n_columns; i++) {
		struct value value;

		listing_cell(view->checkpoint, view->listing, i, row, &view->arena, &value);
		out_clear(&view->cell);
		render_value(&value, &view->cell);
		put_cell(view, i, &view->line);
	}
	put_line(view, out);
	out_char(out, '\n');
	arena_reset(&view->arena);
}

void render_text(const struct checkpoint *checkpoint, const struct listing *listing,
		 struct out *out)
{
	struct text_view view = { .checkpoint = checkpoint, .listing = listing };

	arena_init(&view.arena);
	out_init(&view.cell, -1);
	out_init(&view.line, -1);
	view.line.utf8 = out->utf8;
	view.layouts = arena_alloc(listing->arena, listing->n_columns * sizeof(*view.layouts));
	for (size_t i = 0; i < listing->n_columns; i++) {
		const char *name = listing->columns[i]->name;

		view.layouts[i] = (struct layout){ name, strlen(name), true };
	}
	for (size_t i = 0; i < listing->n; i++)
		measure_row(&view, listing_row(listing, i));
	if (out->width)
		fit(&view, out->width);
	put_header(&view, out);
	for (size_t i = 0; i < listing->n; i++)
		put_row(&view, listing_row(listing, i), out);
	out_deinit(&view.cell);
	out_deinit(&view.line);
	arena_deinit(&view.arena);
}
