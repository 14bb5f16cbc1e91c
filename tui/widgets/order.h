/*
 * Which rows of a list are shown, and in which order, whatever the rows are: what keys, the mouse and the prompt know.
 *
 * arranged.h is one over any model in memory, sqlrows.h one that lets SQLite sort. Either makes a new order beside the one
 * that is shown.
 */
#pragma once

#include "tui/widgets/list.h"

struct order;

struct order_kind {
	/* Begins a new order; FILTER: "x", or "!x" for rows that do not fit; NULL or "": all. */
	struct error *(*begin)(struct order *order, const char *filter, size_t sort, bool descending);
	/* Works on it until DEADLINE; true where there is more to do. */
	bool (*work)(struct order *order, uint64_t deadline);
	/* Ends that, and the old order stays; false: there was nothing to end. */
	bool (*cancel)(struct order *order);
	/* "4 of 12", and how far a new order is. */
	void (*count)(struct order *order, struct out *out);
};

/* The first member of what is behind it. */
struct order {
	const struct order_kind *kind;
	struct list *list;
	char *filter;      /* of the order that is shown; NULL: none */
	size_t sort;       /* column; SIZE_MAX: none */
	bool descending;
	size_t next_sort;  /* of the one that is being made; else the same */
	bool next_descending;
};

void order_init(struct order *order, const struct order_kind *kind, struct list *list);
void order_deinit(struct order *order);

struct error *order_filter(struct order *order, const char *filter) __attribute__((warn_unused_result));
void order_sort(struct order *order, size_t column, bool descending);

/* The same again, of rows that are others now. */
void order_again(struct order *order);

/* For kinds: a new order is the one that is shown. Takes FILTER over. */
void order_done(struct order *order, char *filter);

static inline bool order_work(struct order *order, uint64_t deadline)
{
	return order->kind->work(order, deadline);
}

/* Ends work, or else a filter; false: there was neither. */
bool order_step_back(struct order *order);

/* A click on a heading: by that column; again: the other way round. */
void order_click(struct order *order, size_t column);

/* The keys of sorting; false where the action is none of them. */
bool order_act(struct order *order, enum action action);

void order_status(struct order *order, struct out *out);
