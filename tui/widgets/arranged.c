#include "tui/widgets/arranged.h"

#include <stdlib.h>

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

	return list_n_columns(arranged->model, arranged->context);
}

static const char *model_heading(void *context, size_t column)
{
	const struct arranged *arranged = context;

	return list_heading(arranged->model, arranged->context, column);
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

static bool model_is_tagged(void *context, size_t row)
{
	const struct arranged *arranged = context;

	return arranged->model->is_tagged && arranged->model->is_tagged(arranged->context, row_of(arranged, row));
}

/* A number is what it is sorted by; of the rest a cell may say more, such as what it was before. */
static bool model_value(void *context, size_t i, size_t column, struct arena *arena, struct value *ret)
{
	const struct arranged *arranged = context;
	size_t row = row_of(arranged, i);

	if (arranged->model->value)
		return arranged->model->value(arranged->context, row, column, arena, ret);
	return arranged->value && model_is_number(context, column) &&
	       arranged->value(arranged->context, row, column, arena, ret);
}

static const struct list_model arranged_model = {
	.count = model_count,
	.n_columns = model_columns,
	.heading = model_heading,
	.is_number = model_is_number,
	.cell = model_cell,
	.is_tagged = model_is_tagged,
	.value = model_value,
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
	sift_free(arranged->work);
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

static bool wants(void *context, uint32_t row)
{
	const struct arranged *arranged = context;

	return !arranged->hides || !arranged->hides(arranged->context, row);
}

static bool matches(void *context, uint32_t row, struct matcher *matcher, struct out *room)
{
	const struct arranged *arranged = context;

	return list_row_matches(arranged->model, arranged->context, row, matcher, room);
}

static void row_value(void *context, uint32_t row, size_t column, struct arena *arena, struct value *ret)
{
	const struct arranged *arranged = context;
	enum look look;
	struct out text;

	if ((arranged->value && arranged->value(arranged->context, row, column, arena, ret)) ||
	    (arranged->model->value && arranged->model->value(arranged->context, row, column, arena, ret)))
		return;
	out_init(&text, -1);
	arranged->model->cell(arranged->context, row, column, &text, &look);
	*ret = value_text(arena_copy(arena, out_held(&text)));
	out_deinit(&text);
}

static const struct sift_kind arranged_sift = { .wants = wants, .matches = matches, .value = row_value };

/* A new order, from the beginning. */
static struct error *begin(struct order *order, const char *filter, size_t sort, bool descending)
{
	struct arranged *arranged = (struct arranged *)order;

	forget_work(arranged);
	return sift_begin(&arranged_sift, arranged, arranged->model->count(arranged->context), filter, sort,
			  descending, &arranged->work);
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
	size_t selected = arranged_selected(arranged);
	char *filter;

	free(arranged->rows);
	arranged->rows = sift_take(arranged->work, &arranged->n, &filter);
	arranged->seen = sift_n_rows(arranged->work);
	order_done(&arranged->order, filter);
	forget_work(arranged);
	select_row(arranged, selected);
}

static bool work(struct order *order, uint64_t deadline)
{
	struct arranged *arranged = (struct arranged *)order;

	if (!arranged->work && (arranged->rows || arranged->hides) &&
	    arranged->seen != arranged->model->count(arranged->context))
		order_again(order);
	if (arranged->work && sift_work(arranged->work, deadline))
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
	size_t all = arranged->model->count(arranged->context), n = model_count(arranged);

	out_printf(out, "%zu of %zu", n ? order->list->cursor + 1 : 0, n);
	if (n != all)
		out_printf(out, " (%zu in all)", all);
	if (arranged->work)
		sift_put_progress(arranged->work, out);
}

static const struct order_kind arranged_order = {
	.begin = begin,
	.work = work,
	.cancel = cancel,
	.count = put_count,
};
