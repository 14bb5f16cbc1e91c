/* Which rows are shown, and in which order: made beside the order that is on the screen (sift.h). */
#include <stdlib.h>

#include "tui/widgets/rows_internal.h"

static bool wants(void *context, uint32_t row)
{
	struct rows *rows = context;
	const struct rows_only *only = &rows->only;
	const void *data = row_at(&rows->listing.rows, row);
	struct value value;

	if (only->column) {
		table_cell(rows->checkpoint, only->column, data, &rows->cells, &value);
		arena_reset(&rows->cells);
		if ((value.type != VALUE_UINT && value.type != VALUE_HEX) || value.number != only->number)
			return false;
	}
	return !only->wants || only->wants(rows->checkpoint, data, only->number);
}

static bool matches(void *context, uint32_t row, struct matcher *matcher, struct out *room)
{
	struct rows *rows = context;
	struct subject subject;
	size_t start, end;

	out_clear(room);
	for (size_t i = 0; i < rows->listing.n_columns; i++) {
		out_text(room, i ? "  " : "");
		rows_put_cell(rows, row, i, room);
	}
	subject = (struct subject){ (const uint8_t *)room->buffer, room->len, true };
	return room->len && matcher_next(matcher, &subject, 0, room->len, &start, &end) == MATCH_FOUND;
}

static void row_value(void *context, uint32_t row, size_t column, struct arena *arena, struct value *ret)
{
	rows_cell_value(context, row, column, arena, ret);
}

static const struct sift_kind rows_sift = { .wants = wants, .matches = matches, .value = row_value };

struct error *rows_order(struct rows *rows, const char *filter, size_t sort, bool descending)
{
	rows_cancel(rows);
	return sift_begin(&rows_sift, rows, rows->listing.rows.n, filter, sort, descending, &rows->work);
}

void rows_cancel(struct rows *rows)
{
	sift_free(rows->work);
	rows->work = NULL;
}

/* The new order takes the place of the old one; the cursor stays on its row. */
static void finish(struct rows *rows)
{
	uint32_t selected = rows->listing.order ? rows_selected(rows) : NO_ROW;
	size_t from_top = rows->list->cursor - rows->list->top;

	free(rows->listing.order);
	free(rows->filter);
	rows->listing.order = sift_take(rows->work, &rows->listing.n, &rows->filter);
	rows->sort = rows->list->sorted = sift_sort(rows->work, &rows->descending);
	rows->list->descending = rows->descending;
	rows_cancel(rows);
	if (selected == NO_ROW || !rows_select(rows, selected))
		rows->list->cursor = 0;
	rows->list->top = rows->list->cursor > from_top ? rows->list->cursor - from_top : 0;
}

bool rows_work(struct rows *rows, uint64_t deadline)
{
	if (rows->work && sift_work(rows->work, deadline))
		finish(rows);
	return rows->work != NULL;
}

/* --- what is being made ----------------------------------------------------------------------------- */

size_t rows_next_sort(const struct rows *rows)
{
	bool descending;

	return rows->work ? sift_sort(rows->work, &descending) : rows->sort;
}

void rows_put_progress(const struct rows *rows, struct out *out)
{
	if (rows->work)
		sift_put_progress(rows->work, out);
}
