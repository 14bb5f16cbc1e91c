/* Which rows are shown, and in which order: made beside the order that is on the screen, a slice at a time. */
#include <stdlib.h>

#include "tui/clock.h"
#include "tui/widgets/merge.h"
#include "tui/widgets/rows_internal.h"

enum { ROWS_A_LOOK = 256 }; /* between two looks at the clock */

enum stage {
	STAGE_CHOOSE, /* which rows */
	STAGE_VALUES, /* what they are sorted by */
	STAGE_SORT,
};

/* An order that is being made. */
struct rows_work {
	enum stage stage;
	char *filter;
	struct pattern *pattern; /* NULL: no filter */
	struct matcher *matcher;
	bool inverted;
	size_t sort;
	bool descending;
	struct merge merge;      /* of what was chosen so far */
	size_t at;
	struct arena arena;      /* of the values */
	struct value *values;    /* by row of the table */
};

static uint32_t *new_order(size_t n)
{
	uint32_t *order = malloc((n + 1) * sizeof(*order));

	if (!order)
		out_of_memory();
	return order;
}

struct error *rows_order(struct rows *rows, char *filter, size_t sort, bool descending)
{
	struct rows_work *work = calloc(1, sizeof(*work));
	struct error *error = NULL;

	if (!work)
		out_of_memory();
	*work = (struct rows_work){ .filter = filter, .sort = sort, .descending = descending };
	arena_init(&work->arena);
	if (filter) {
		work->inverted = filter[0] == '!';
		if (filter[work->inverted])
			error = list_pattern(filter + work->inverted, &work->pattern);
		if (work->pattern)
			work->matcher = matcher_new(work->pattern);
	}
	rows_cancel(rows);
	rows->work = work;
	if (error) {
		rows_cancel(rows);
		return error;
	}
	work->merge.order = new_order(rows->listing.rows.n);
	return NULL;
}

void rows_cancel(struct rows *rows)
{
	struct rows_work *work = rows->work;

	if (!work)
		return;
	matcher_free(work->matcher);
	pattern_free(work->pattern);
	arena_deinit(&work->arena);
	free(work->values);
	free(work->merge.order);
	free(work->merge.other);
	free(work->filter);
	free(work);
	rows->work = NULL;
}

static bool is_wanted(struct rows *rows, uint32_t row, struct out *room)
{
	struct rows_work *work = rows->work;
	const void *data = row_at(&rows->listing.rows, row);
	size_t start, end;
	struct subject subject;
	struct value value;
	bool found;

	if (rows->only.column) {
		table_cell(rows->checkpoint, rows->only.column, data, &rows->cells, &value);
		if ((value.type != VALUE_UINT && value.type != VALUE_HEX) || value.number != rows->only.number)
			return false;
	}
	if (rows->only.wants && !rows->only.wants(rows->checkpoint, data, rows->only.number))
		return false;
	if (!work->matcher)
		return true;
	out_clear(room);
	for (size_t i = 0; i < rows->listing.n_columns; i++) {
		out_text(room, i ? "  " : "");
		rows_put_cell(rows, row, i, room);
	}
	subject = (struct subject){ (const uint8_t *)room->buffer, room->len, true };
	found = room->len && matcher_next(work->matcher, &subject, 0, room->len, &start, &end) == MATCH_FOUND;
	return found != work->inverted;
}

/* True where all rows have been looked at. */
static bool choose_rows(struct rows *rows, uint64_t deadline)
{
	struct rows_work *work = rows->work;
	struct out room;

	out_init(&room, -1);
	while (work->at < rows->listing.rows.n) {
		uint32_t row = (uint32_t)work->at++;

		if (is_wanted(rows, row, &room))
			work->merge.order[work->merge.n++] = row;
		if (work->at % ROWS_A_LOOK == 0 && clock_now() > deadline)
			break;
	}
	out_deinit(&room);
	arena_reset(&rows->cells);
	return work->at == rows->listing.rows.n;
}

static bool take_values(struct rows *rows, uint64_t deadline)
{
	struct rows_work *work = rows->work;

	if (!work->values) {
		work->values = malloc((rows->listing.rows.n + 1) * sizeof(*work->values));
		work->merge.other = new_order(work->merge.n);
		if (!work->values)
			out_of_memory();
		work->at = 0;
		work->merge.width = 1;
	}
	while (work->at < work->merge.n) {
		uint32_t row = work->merge.order[work->at++];

		rows_cell_value(rows, row, work->sort, &work->arena, &work->values[row]);
		if (work->at % ROWS_A_LOOK == 0 && clock_now() > deadline)
			break;
	}
	return work->at == work->merge.n;
}

static bool stays(const void *context, uint32_t left, uint32_t right)
{
	const struct rows_work *work = context;
	int order = value_compare(&work->values[left], &work->values[right]);

	return work->descending ? order >= 0 : order <= 0;
}

/* The new order takes the place of the old one; the cursor stays on its row. */
static void finish(struct rows *rows)
{
	struct rows_work *work = rows->work;
	uint32_t selected = rows->listing.order ? rows_selected(rows) : NO_ROW;
	size_t from_top = rows->list->cursor - rows->list->top;

	free(rows->listing.order);
	rows->listing.order = work->merge.order;
	rows->listing.n = work->merge.n;
	rows->sort = rows->list->sorted = work->sort;
	rows->descending = rows->list->descending = work->descending;
	free(rows->filter);
	rows->filter = work->filter;
	work->merge.order = NULL;
	work->filter = NULL;
	rows_cancel(rows);
	if (selected == NO_ROW || !rows_select(rows, selected))
		rows->list->cursor = 0;
	rows->list->top = rows->list->cursor > from_top ? rows->list->cursor - from_top : 0;
}

bool rows_work(struct rows *rows, uint64_t deadline)
{
	struct rows_work *work = rows->work;

	if (!work)
		return false;
	if (work->stage == STAGE_CHOOSE && choose_rows(rows, deadline))
		work->stage = STAGE_VALUES;
	if (work->stage == STAGE_VALUES && (work->sort == SIZE_MAX || take_values(rows, deadline)))
		work->stage = STAGE_SORT;
	if (work->stage == STAGE_SORT && (work->sort == SIZE_MAX || merge_work(&work->merge, stays, work, deadline)))
		finish(rows);
	return rows->work != NULL;
}

/* --- what is being made ----------------------------------------------------------------------------- */

size_t rows_next_sort(const struct rows *rows)
{
	return rows->work ? rows->work->sort : rows->sort;
}

void rows_put_progress(const struct rows *rows, struct out *out)
{
	const struct rows_work *work = rows->work;
	bool chooses = work && work->stage == STAGE_CHOOSE;
	size_t n = work ? (chooses ? rows->listing.rows.n : work->merge.n) : 0;

	if (work && rows->listing.rows.n)
		out_printf(out, "  %s %zu%%, Esc stops", chooses ? "choosing" : "sorting", n ? work->at * 100 / n : 100);
}
