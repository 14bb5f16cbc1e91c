#include "tui/widgets/arranged_list.h"

void arranged_list_draw(struct view *view, const struct area *area)
{
	list_draw(arranged_list_of(view), area);
}

struct list *arranged_list_of(struct view *view)
{
	return &((struct arranged_list *)view->state)->list;
}

struct order *arranged_list_order(struct view *view)
{
	return &((struct arranged_list *)view->state)->arranged.order;
}
