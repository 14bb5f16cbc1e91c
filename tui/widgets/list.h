/*
 * A list of rows and columns, of which only those on the screen exist.
 *
 * The list never owns rows: it asks its model for the cells that it is about to draw, so a million rows cost as
 * much as fifty. Widths are those of what has been on the screen so far.
 */
#pragma once

#include "db/tables/value.h"
#include "decoders/memory/pattern.h"
#include "tui/display.h"
#include "tui/keys.h"

struct list_model {
	size_t (*count)(void *context);
	const char *const *headings; /* LIST_HEADINGS(array), where they are always the same */
	size_t n_headings;
	size_t (*n_columns)(void *context); /* NULL: .n_headings */
	const char *(*heading)(void *context, size_t column); /* NULL: .headings */
	bool (*is_number)(void *context, size_t column); /* stands to the right; NULL: none is */
	/* The text of a cell, safe to print; in glyphs of ASCII where OUT is not for UTF-8. */
	void (*cell)(void *context, size_t row, size_t column, struct out *out, enum look *look);
	bool (*is_tagged)(void *context, size_t row); /* NULL: none is */
	/* What a file has for the cell; text goes to ARENA. NULL, false: what the cell says. */
	bool (*value)(void *context, size_t row, size_t column, struct arena *arena, struct value *ret);
};

#define LIST_HEADINGS(array) .headings = (array), .n_headings = sizeof(array) / sizeof(*(array))

static inline size_t list_n_columns(const struct list_model *model, void *context)
{
	return model->n_columns ? model->n_columns(context) : model->n_headings;
}

static inline const char *list_heading(const struct list_model *model, void *context, size_t column)
{
	return model->heading ? model->heading(context, column) : model->headings[column];
}

enum { MOST_LIST_COLUMNS = 128 };

struct list {
	const struct list_model *model;
	void *context;
	size_t cursor, top;
	size_t first_column;
	size_t sorted; /* column; SIZE_MAX: none */
	bool descending;
	bool no_headings;
	int height;    /* rows that the last drawing had room for */
	int widths[MOST_LIST_COLUMNS];
	/* a search that goes on, or the last one */
	char *wanted;
	struct pattern *pattern;
	struct matcher *matcher;
	bool searching, backwards;
	size_t at, left; /* the row that is looked at next, and how many there are still */
};

void list_init(struct list *list, const struct list_model *model, void *context);
void list_deinit(struct list *list);

void list_draw(struct list *list, const struct area *area);

/* Moves; false where the action is none of a list's. */
bool list_act(struct list *list, enum action action);

/* To a row, which is brought onto the screen at the next drawing. */
void list_go(struct list *list, size_t row);

/* Brings other rows onto the screen; the cursor goes along where its row leaves it. */
void list_scroll(struct list *list, size_t by, bool up);

/* The columns are others now. */
void list_forget_widths(struct list *list);

/*
 * Looks for rows whose cells match a regular expression, from the one under the cursor on (INCLUSIVE) or behind it;
 * list_work goes on with it. An empty TEXT ends it. The case of letters counts only where TEXT has a capital.
 */
struct error *list_search(struct list *list, const char *text, bool inclusive)
	__attribute__((warn_unused_result));
void list_search_again(struct list *list, bool backwards);

/* Works until DEADLINE (clock_now); true where there is more to do. *ret_found: a row was found and gone to. */
bool list_work(struct list *list, uint64_t deadline, bool *ret_found);

/* A regular expression as people type it to search; the same rule for filters. */
struct error *list_pattern(const char *text, struct pattern **ret) __attribute__((warn_unused_result));

/* Whether the cells of a row, two blanks between them, match. */
bool list_row_matches(const struct list_model *model, void *context, size_t row, struct matcher *matcher,
		      struct out *room);
