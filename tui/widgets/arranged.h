/*
 * A list of which some rows are shown, in some order: any model, filtered and sorted.
 *
 * As for rows of tables (rows.h) a new order is made beside the one that is shown, in slices, so that keys are heard
 * meanwhile and Esc ends it. A model may grow while it is shown: what is new comes last, and is filtered and sorted with
 * the rest.
 */
#pragma once

#include "db/tables/value.h"
#include "tui/widgets/list.h"

struct arranged_work;

struct arranged {
	const struct list_model *model; /* of all rows, */
	void *context;                  /* ... and whose */
	/* What rows are sorted by; NULL: the text of the cell. Text goes to ARENA. */
	void (*value)(void *context, size_t row, size_t column, struct arena *arena, struct value *ret);
	bool (*hides)(void *context, size_t row); /* rows that are left out; NULL: none are */
	struct list *list;
	uint32_t *order; /* NULL: all, as the model has them */
	size_t n, seen;  /* of .order; rows that the model had when it was made */
	char *filter;    /* NULL: none */
	size_t sort;     /* column; SIZE_MAX: none */
	bool descending;
	struct arranged_work *work; /* NULL: the order is complete */
};

/* LIST is set up with this as its model. .value and .hides are the caller's to set before rows are drawn. */
void arranged_init(struct arranged *arranged, struct list *list, const struct list_model *model, void *context);
void arranged_deinit(struct arranged *arranged);

/* The row of the model under the cursor; SIZE_MAX where there is none. */
size_t arranged_selected(const struct arranged *arranged);

/* "x", or "!x" for rows that do not fit; NULL or "": all. */
struct error *arranged_filter(struct arranged *arranged, const char *filter) __attribute__((warn_unused_result));

/* By a column; SIZE_MAX: as the model has them. */
void arranged_sort(struct arranged *arranged, size_t column, bool descending);

/* What .hides says is other than before. */
void arranged_again(struct arranged *arranged);

/* Works on the order until DEADLINE; true where there is more to do. */
bool arranged_work(struct arranged *arranged, uint64_t deadline);

/* Ends work, or else a filter; false: there was neither. */
bool arranged_step_back(struct arranged *arranged);

/* The keys of sorting; false where the action is none of them. */
bool arranged_act(struct arranged *arranged, enum action action);

/* "4 of 12", and what narrows or orders them. */
void arranged_status(const struct arranged *arranged, struct out *out);
