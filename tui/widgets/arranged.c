#include "tui/widgets/arranged.h"

#include <stdlib.h>

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
	return arranged->rows ? arranged->rows[i] : i;
}

static size_t model_count(void *context)
{
	const struct arranged *arranged = context;

	return arranged->rows ? arranged->n : arranged->model->count(arranged->context);
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

static const struct order_kind arranged_order;

/* --- beginning and end ---------------------------------------------------------------------------- */

void arranged_init(struct arranged *arranged, struct list *list, const struct list_model *model, void *context)
{
	*arranged = (struct arranged){ .model = model, .context = context };
	order_init(&arranged->order, &arranged_order, list);
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
	list_deinit(arranged->order.list);
	order_deinit(&arranged->order);
	free(arranged->rows);
}

size_t arranged_selected(const struct arranged *arranged)
{
	size_t cursor = arranged->order.list->cursor;

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
static struct error *begin(struct order *order, const char *filter, size_t sort, bool descending)
{
	struct arranged *arranged = (struct arranged *)order;
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
	size_t n = model_count(arranged), from_top = arranged->order.list->cursor - arranged->order.list->top;
	struct list *list = arranged->order.list;

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

	free(arranged->rows);
	arranged->rows = work->merge.order;
	arranged->n = work->merge.n;
	arranged->seen = work->n_rows;
	order_done(&arranged->order, work->filter);
	work->merge.order = NULL;
	work->filter = NULL;
	forget_work(arranged);
	select_row(arranged, selected);
}

static bool work(struct order *order, uint64_t deadline)
{
	struct arranged *arranged = (struct arranged *)order;
	struct arranged_work *work = arranged->work;

	if (!work && (arranged->rows || arranged->hides) &&
	    arranged->seen != arranged->model->count(arranged->context))
		order_again(order);
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

static bool cancel(struct order *order)
{
	struct arranged *arranged = (struct arranged *)order;

	if (!arranged->work || !arranged->rows)
		return false;
	forget_work(arranged);
	arranged->seen = arranged->model->count(arranged->context);
	return true;
}

static void put_count(struct order *order, struct out *out)
{
	struct arranged *arranged = (struct arranged *)order;
	const struct arranged_work *work = arranged->work;
	size_t all = arranged->model->count(arranged->context), n = model_count(arranged);

	out_printf(out, "%zu of %zu", n ? order->list->cursor + 1 : 0, n);
	if (n != all)
		out_printf(out, " (%zu in all)", all);
	if (work && work->n_rows)
		out_printf(out, "  %s %zu%%, Esc stops", work->stage == STAGE_CHOOSE ? "choosing" : "sorting",
			   work->stage == STAGE_CHOOSE ? work->at * 100 / work->n_rows
						       : (work->merge.n ? work->at * 100 / work->merge.n : 100));
}

static const struct order_kind arranged_order = {
	.begin = begin,
	.work = work,
	.cancel = cancel,
	.count = put_count,
};
