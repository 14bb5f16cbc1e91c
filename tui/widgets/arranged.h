/*
 * A list of which some rows are shown, in some order: any model, filtered and sorted.
 *
 * As for rows of tables (rows.h) a new order is made beside the one that is shown, in slices, so that keys are heard
 * meanwhile and Esc ends it. A model may grow while it is shown: what is new comes last, and is filtered and sorted with
 * the rest.
 */
#pragma once

#include "db/tables/value.h"
#include "tui/widgets/order.h"
#include "tui/widgets/sift.h"

struct arranged {
	struct order order;             /* first */
	const struct list_model *model; /* of all rows, */
	void *context;                  /* ... and whose */
	/* What rows are sorted by; text goes to ARENA. NULL, false: what a file has for the cell, or what it says. */
	bool (*value)(void *context, size_t row, size_t column, struct arena *arena, struct value *ret);
	bool (*hides)(void *context, size_t row); /* rows that are left out; NULL: none are */
	uint32_t *rows;  /* of the model; NULL: all, as the model has them */
	size_t n, seen;  /* of .rows; rows that the model had when they were chosen */
	struct sift *work; /* NULL: the order is complete */
};

/* LIST is set up with this as its model. .value and .hides are the caller's to set before rows are drawn. */
void arranged_init(struct arranged *arranged, struct list *list, const struct list_model *model, void *context);
void arranged_deinit(struct arranged *arranged);

/* The row of the model under the cursor; SIZE_MAX where there is none. */
size_t arranged_selected(const struct arranged *arranged);
