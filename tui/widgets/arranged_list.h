/* A screen that is a list in an order of its own: the first member of its state, and what its table of functions says. */
#pragma once

#include "tui/view.h"
#include "tui/widgets/arranged.h"

struct arranged_list {
	struct list list;
	struct arranged arranged;
};

void arranged_list_draw(struct view *view, const struct area *area);
struct list *arranged_list_of(struct view *view);
struct order *arranged_list_order(struct view *view);
