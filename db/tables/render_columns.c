#include "db/tables/render_columns.h"

#include "decoders/base/escape.h"

#define GAP "  "

static bool is_number(enum value_type type)
{
	return type == VALUE_NULL || value_type_is_number(type);
}

void columns_init(struct text_columns *columns, const char *const *names, size_t n,
		  struct arena *arena, struct out *out)
{
	*columns = (struct text_columns){ .n = n, .out = out };
	out_init(&columns->cell, -1);
	out_init(&columns->line, -1);
	columns->line.utf8 = out->utf8;
	columns->layouts = arena_alloc(arena, (n + 1) * sizeof(*columns->layouts));
	for (size_t i = 0; i < n; i++)
		columns->layouts[i] = (struct layout){ names[i], text_width(bytes_of(names[i])), false, false };
}

void columns_deinit(struct text_columns *columns)
{
	out_deinit(&columns->cell);
	out_deinit(&columns->line);
}

void columns_measure(struct text_columns *columns, size_t i, struct bytes cell,
		     enum value_type type)
{
	struct layout *layout = &columns->layouts[i];
	size_t width = text_width(cell);

	if (width > layout->width)
		layout->width = width;
	if (!is_number(type))
		layout->is_text = true;
	if (type != VALUE_NULL)
		layout->right = !layout->is_text;
}

/* --- fitting a terminal -------------------------------------------------------------------------- */

enum { NARROWEST = 8 }; /* a column of text is not cut to less */

static size_t total_width(const struct text_columns *columns)
{
	size_t total = 0;

	for (size_t i = 0; i < columns->n; i++)
		total += columns->layouts[i].width + (i ? strlen(GAP) : 0);
	return total;
}

/* What a column can give away without becoming useless; numbers give nothing. */
static size_t spare(const struct layout *layout)
{
	size_t least = strlen(layout->name) > NARROWEST ? strlen(layout->name) : NARROWEST;

	return layout->right || layout->width <= least ? 0 : layout->width - least;
}

/* Takes what is too much from the columns of text, always from the widest. */
static void fit(struct text_columns *columns, size_t width)
{
	size_t total;

	for (size_t i = 0; i < columns->n; i++)
		if (spare(&columns->layouts[i]) && columns->layouts[i].width > width)
			columns->layouts[i].width = width;
	for (total = total_width(columns); total > width; total--) {
		struct layout *widest = NULL;

		for (size_t i = 0; i < columns->n; i++) {
			struct layout *layout = &columns->layouts[i];

			if (spare(layout) && (!widest || layout->width >= widest->width))
				widest = layout;
		}
		if (!widest)
			return;
		widest->width--;
	}
}

/* --- lines --------------------------------------------------------------------------------------- */

void columns_put(struct text_columns *columns, size_t i, struct bytes cell)
{
	const struct layout *layout = &columns->layouts[i];
	size_t width = text_width(cell);
	size_t padding = layout->width > width ? layout->width - width : 0;
	struct out *line = &columns->line;

	out_text(line, i ? GAP : "");
	if (layout->right)
		out_repeat(line, ' ', padding);
	if (width > layout->width && columns->out->width)
		text_cut(line, cell, layout->width);
	else
		out_bytes(line, cell);
	if (!layout->right && i + 1 < columns->n)
		out_repeat(line, ' ', padding);
}

/* Cut once more: the columns that cannot be cut may be too many. */
static void print_line(struct text_columns *columns)
{
	text_cut(columns->out, out_held(&columns->line), columns->out->width);
	out_clear(&columns->line);
}

void columns_end_line(struct text_columns *columns)
{
	print_line(columns);
	out_char(columns->out, '\n');
}

void columns_begin(struct text_columns *columns)
{
	if (columns->out->width)
		fit(columns, columns->out->width);
	for (size_t i = 0; i < columns->n; i++) {
		out_clear(&columns->cell);
		for (const char *p = columns->layouts[i].name; *p; p++)
			out_char(&columns->cell, (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
		columns_put(columns, i, out_held(&columns->cell));
	}
	out_style(columns->out, STYLE_BOLD);
	print_line(columns);
	out_style(columns->out, STYLE_PLAIN);
	out_char(columns->out, '\n');
}
