#include "tui/widgets/order.h"

#include <stdlib.h>

#include "decoders/base/escape.h"

void order_init(struct order *order, const struct order_kind *kind, struct list *list)
{
	*order = (struct order){ .kind = kind, .list = list, .sort = SIZE_MAX, .next_sort = SIZE_MAX };
}

void order_deinit(struct order *order)
{
	free(order->filter);
	order->filter = NULL;
}

static struct error *begin(struct order *order, const char *filter, size_t sort, bool descending)
{
	struct error *error = order->kind->begin(order, filter, sort, descending);

	order->next_sort = error ? order->sort : sort;
	order->next_descending = error ? order->descending : descending;
	return error;
}

struct error *order_filter(struct order *order, const char *filter)
{
	return begin(order, filter, order->next_sort, order->next_descending);
}

void order_sort(struct order *order, size_t column, bool descending)
{
	error_free(begin(order, order->filter, column, descending));
}

void order_again(struct order *order)
{
	error_free(begin(order, order->filter, order->next_sort, order->next_descending));
}

void order_done(struct order *order, char *filter)
{
	free(order->filter);
	order->filter = filter;
	order->sort = order->list->sorted = order->next_sort;
	order->descending = order->list->descending = order->next_descending;
}

bool order_step_back(struct order *order)
{
	if (order->kind->cancel(order)) {
		order->next_sort = order->sort;
		order->next_descending = order->descending;
		return true;
	}
	if (!order->filter)
		return false;
	error_free(order_filter(order, NULL));
	return true;
}

void order_click(struct order *order, size_t column)
{
	order_sort(order, column, order->next_sort == column && !order->next_descending);
}

static void move_sort(struct order *order, bool right)
{
	size_t n = list_n_columns(order->list->model, order->list->context), sort = order->next_sort;

	if (right)
		sort = sort == SIZE_MAX ? 0 : sort + 1 < n ? sort + 1 : SIZE_MAX;
	else
		sort = sort == SIZE_MAX ? n - 1 : sort ? sort - 1 : SIZE_MAX;
	order_sort(order, sort, false);
}

bool order_act(struct order *order, enum action action)
{
	switch (action) {
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		move_sort(order, action == ACTION_SORT_RIGHT);
		return true;
	case ACTION_INVERT:
		if (order->next_sort != SIZE_MAX)
			order_sort(order, order->next_sort, !order->next_descending);
		return true;
	default:
		return false;
	}
}

void order_status(struct order *order, struct out *out)
{
	order->kind->count(order, out);
	if (!order->filter)
		return;
	out_text(out, "  filter ");
	escape_text(out, bytes_of(order->filter));
}
