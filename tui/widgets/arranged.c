#include "tui/widgets/arranged.h"

#include <stdlib.h>

#include "decoders/base/escape.h"
#include "tui/clock.h"
#include "tui/widgets/merge.h"

enum { ROWS_A_LOOK = 64 /* between two looks at the clock */ };

enum stage {
	STAGE_CHOOSE, /* which rows */
	STAGE_VALUES, /* what they are sorted by */
	STAGE_SORT,
};

/* An order that is being made. */
struct arranged_work {
	enum stage stage;
	char *filter;
	struct pattern *pattern; /* NULL: no filter */
	struct matcher *matcher;
	bool inverted;
	size_t sort;
	bool descending;
	struct merge merge;
	size_t n_rows, at;       /* of the model when it began; the next one */
	struct arena arena;      /* of the values */
	struct value *values;    /* by row of the model */
};

/* --- as a list's model -------------------------------------------------------------------------- */

static size_t row_of(const struct arranged *arranged, size_t i)
{
	return arranged->order ? arranged->order[i] : i;
}

static size_t model_count(void *context)
{
	const struct arranged *arranged = context;

	return arranged->order ? arranged->n : arranged->model->count(arranged->context);
}

static size_t model_columns(void *context)
{
	const struct arranged *arranged = context;

	return arranged->model->n_columns(arranged->context);
}

static const char *model_heading(void *context, size_t column)
{
	const struct arranged *arranged = context;

	return arranged->model->heading(arranged->context, column);
}

static bool model_is_number(void *context, size_t column)
{
	const struct arranged *arranged = context;

	return arranged->model->is_number && arranged->model->is_number(arranged->context, column);
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct arranged *arranged = context;

	arranged->model->cell(arranged->context, row_of(arranged, row), column, out, look);
}

static const struct list_model arranged_model = {
	.count = model_count,
	.n_columns = model_columns,
	.heading = model_heading,
	.is_number = model_is_number,
	.cell = model_cell,
};

/* --- beginning and end ---------------------------------------------------------------------------- */

void arranged_init(struct arranged *arranged, struct list *list, const struct list_model *model, void *context)
{
	*arranged = (struct arranged){ .model = model, .context = context, .list = list, .sort = SIZE_MAX };
	list_init(list, &arranged_model, arranged);
}

static void forget_work(struct arranged *arranged)
{
	struct arranged_work *work = arranged->work;

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
	arranged->work = NULL;
}

void arranged_deinit(struct arranged *arranged)
{
	forget_work(arranged);
	list_deinit(arranged->list);
	free(arranged->order);
	free(arranged->filter);
}

size_t arranged_selected(const struct arranged *arranged)
{
	size_t cursor = arranged->list->cursor;

	return cursor < model_count((void *)(uintptr_t)arranged) ? row_of(arranged, cursor) : SIZE_MAX;
}

/* --- the order ------------------------------------------------------------------------------------ */

static uint32_t *new_order(size_t n)
{
	uint32_t *order = malloc((n + 1) * sizeof(*order));

	if (!order)
		out_of_memory();
	return order;
}

static char *copy_text(const char *text)
{
	char *copy = text && *text ? strdup(text) : NULL;

	if (text && *text && !copy)
		out_of_memory();
	return copy;
}

/* A new order, from the beginning. */
static struct error *begin(struct arranged *arranged, const char *filter, size_t sort, bool descending)
{
	struct arranged_work *work = calloc(1, sizeof(*work));
	struct error *error = NULL;

	if (!work)
		out_of_memory();
	*work = (struct arranged_work){ .filter = copy_text(filter), .sort = sort, .descending = descending,
					.n_rows = arranged->model->count(arranged->context) };
	arena_init(&work->arena);
	if (work->filter) {
		work->inverted = work->filter[0] == '!';
		if (work->filter[work->inverted])
			error = list_pattern(work->filter + work->inverted, &work->pattern);
		if (work->pattern)
			work->matcher = matcher_new(work->pattern);
	}
	forget_work(arranged);
	arranged->work = work;
	if (error) {
		forget_work(arranged);
		return error;
	}
	work->merge.order = new_order(work->n_rows);
	work->merge.width = 1;
	return NULL;
}

static bool is_wanted(const struct arranged *arranged, size_t row, struct out *room)
{
	const struct arranged_work *work = arranged->work;

	if (arranged->hides && arranged->hides(arranged->context, row))
		return false;
	return !work->matcher ||
	       list_row_matches(arranged->model, arranged->context, row, work->matcher, room) != work->inverted;
}

/* True where all rows have been looked at. */
static bool choose_rows(struct arranged *arranged, uint64_t deadline)
{
	struct arranged_work *work = arranged->work;
	struct out room;

	out_init(&room, -1);
	room.utf8 = true;
	while (work->at < work->n_rows) {
		size_t row = work->at++;

		if (is_wanted(arranged, row, &room))
			work->merge.order[work->merge.n++] = (uint32_t)row;
		if (work->at % ROWS_A_LOOK == 0 && clock_now() > deadline)
			break;
	}
	out_deinit(&room);
	return work->at == work->n_rows;
}

static void take_value(struct arranged *arranged, size_t row, struct value *ret)
{
	struct arranged_work *work = arranged->work;
	enum look look;
	struct out text;

	if (arranged->value) {
		arranged->value(arranged->context, row, work->sort, &work->arena, ret);
		return;
	}
	out_init(&text, -1);
	arranged->model->cell(arranged->context, row, work->sort, &text, &look);
	*ret = value_text(arena_copy(&work->arena, out_held(&text)));
	out_deinit(&text);
}

static bool take_values(struct arranged *arranged, uint64_t deadline)
{
	struct arranged_work *work = arranged->work;

	if (!work->values) {
		work->values = malloc((work->n_rows + 1) * sizeof(*work->values));
		work->merge.other = new_order(work->n_rows);
		if (!work->values)
			out_of_memory();
		work->at = 0;
	}
	while (work->at < work->merge.n) {
		uint32_t row = work->merge.order[work->at++];

		take_value(arranged, row, &work->values[row]);
		if (work->at % ROWS_A_LOOK == 0 && clock_now() > deadline)
			break;
	}
	return work->at == work->merge.n;
}

static bool stays(const void *context, uint32_t left, uint32_t right)
{
	const struct arranged_work *work = context;
	int order = value_compare(&work->values[left], &work->values[right]);

	return work->descending ? order >= 0 : order <= 0;
}

static void select_row(struct arranged *arranged, size_t row)
{
	size_t n = model_count(arranged), from_top = arranged->list->cursor - arranged->list->top;
	struct list *list = arranged->list;

	list->cursor = 0;
	for (size_t i = 0; i < n && row != SIZE_MAX; i++)
		if (row_of(arranged, i) == row) {
			list->cursor = i;
			break;
		}
	list->top = list->cursor > from_top ? list->cursor - from_top : 0;
}

/* The new order takes the place of the old one; the cursor stays on its row. */
static void finish(struct arranged *arranged)
{
	struct arranged_work *work = arranged->work;
	size_t selected = arranged_selected(arranged);

	free(arranged->order);
	arranged->order = work->merge.order;
	arranged->n = work->merge.n;
	arranged->seen = work->n_rows;
	arranged->sort = arranged->list->sorted = work->sort;
	arranged->descending = arranged->list->descending = work->descending;
	free(arranged->filter);
	arranged->filter = work->filter;
	work->merge.order = NULL;
	work->filter = NULL;
	forget_work(arranged);
	select_row(arranged, selected);
}

void arranged_again(struct arranged *arranged)
{
	error_free(begin(arranged, arranged->filter, arranged->sort, arranged->descending));
}

bool arranged_work(struct arranged *arranged, uint64_t deadline)
{
	struct arranged_work *work = arranged->work;

	if (!work && (arranged->order || arranged->hides) &&
	    arranged->seen != arranged->model->count(arranged->context))
		arranged_again(arranged);
	work = arranged->work;
	if (!work)
		return false;
	if (work->stage == STAGE_CHOOSE && choose_rows(arranged, deadline))
		work->stage = STAGE_VALUES;
	if (work->stage == STAGE_VALUES && (work->sort == SIZE_MAX || take_values(arranged, deadline)))
		work->stage = STAGE_SORT;
	if (work->stage == STAGE_SORT &&
	    (work->sort == SIZE_MAX || merge_work(&work->merge, stays, work, deadline)))
		finish(arranged);
	return arranged->work != NULL;
}

/* --- what narrows and orders ------------------------------------------------------------------------ */

struct error *arranged_filter(struct arranged *arranged, const char *filter)
{
	return begin(arranged, filter, arranged->sort, arranged->descending);
}

void arranged_sort(struct arranged *arranged, size_t column, bool descending)
{
	error_free(begin(arranged, arranged->filter, column, descending));
}

bool arranged_step_back(struct arranged *arranged)
{
	if (arranged->work && arranged->order) {
		forget_work(arranged);
		arranged->seen = arranged->model->count(arranged->context);
		return true;
	}
	if (!arranged->filter)
		return false;
	error_free(arranged_filter(arranged, NULL));
	return true;
}

static void move_sort(struct arranged *arranged, bool right)
{
	size_t n = model_columns(arranged), sort = arranged->work ? arranged->work->sort : arranged->sort;

	if (right)
		sort = sort == SIZE_MAX ? 0 : sort + 1 < n ? sort + 1 : SIZE_MAX;
	else
		sort = sort == SIZE_MAX ? n - 1 : sort ? sort - 1 : SIZE_MAX;
	arranged_sort(arranged, sort, false);
}

bool arranged_act(struct arranged *arranged, enum action action)
{
	switch (action) {
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		move_sort(arranged, action == ACTION_SORT_RIGHT);
		return true;
	case ACTION_INVERT:
		if (arranged->sort != SIZE_MAX)
			arranged_sort(arranged, arranged->sort, !arranged->descending);
		return true;
	default:
		return false;
	}
}

void arranged_status(const struct arranged *arranged, struct out *out)
{
	const struct arranged_work *work = arranged->work;
	size_t all = arranged->model->count(arranged->context), n = arranged->order ? arranged->n : all;

	out_printf(out, "%zu of %zu", n ? arranged->list->cursor + 1 : 0, n);
	if (n != all)
		out_printf(out, " (%zu in all)", all);
	if (arranged->filter) {
		out_text(out, "  filter ");
		escape_text(out, bytes_of(arranged->filter));
	}
	if (work && work->n_rows)
		out_printf(out, "  %s %zu%%, Esc stops", work->stage == STAGE_CHOOSE ? "choosing" : "sorting",
			   work->stage == STAGE_CHOOSE ? work->at * 100 / work->n_rows
						       : (work->merge.n ? work->at * 100 / work->merge.n : 100));
}
