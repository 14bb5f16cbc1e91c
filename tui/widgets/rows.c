#include "tui/widgets/rows_internal.h"

#include <stdlib.h>

#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "tui/clock.h"
#include "tui/widgets/where.h"

/* --- as a list's model -------------------------------------------------------------------------- */

static size_t model_count(void *context)
{
	return ((struct rows *)context)->listing.n;
}

static size_t model_columns(void *context)
{
	return ((struct rows *)context)->listing.n_columns;
}

static const char *model_heading(void *context, size_t column)
{
	return ((struct rows *)context)->listing.columns[column]->name;
}

static bool model_is_number(void *context, size_t column)
{
	return value_type_is_number(column_type(((struct rows *)context)->listing.columns[column]));
}

void rows_cell_value(struct rows *rows, uint32_t row, size_t column, struct arena *arena,
		       struct value *ret)
{
	rows->listing.reveal = *rows->reveal;
	listing_cell(rows->checkpoint, &rows->listing, column, row_at(&rows->listing.rows, row), arena, ret);
}

void rows_put_cell(struct rows *rows, uint32_t row, size_t column, struct out *out)
{
	struct value value;

	rows_cell_value(rows, row, column, &rows->cells, &value);
	render_value(&value, out);
	arena_reset(&rows->cells);
}

/* Words that say that something is wrong, in columns that say how something is. */
static enum look look_of(const char *column, struct bytes text)
{
	static const struct {
		const char *column, *word;
		enum look look;
	} looks[] = {
		{ "state", "ok", LOOK_GOOD },	      { "state", "damaged", LOOK_ALARM },
		{ "state", "truncated", LOOK_ALARM }, { "state", "unreadable", LOOK_ALARM },
		{ "state", "bad magic", LOOK_ALARM }, { "state", "unsafe", LOOK_ALARM },
		{ "state", "empty", LOOK_WARNING },   { "state", "unknown", LOOK_WARNING },
		{ "state", "zombie", LOOK_WARNING },  { "state", "stopped", LOOK_WARNING },
		{ "level", "error", LOOK_ALARM },     { "level", "warning", LOOK_WARNING },
		{ "prot", "rwxp", LOOK_ALARM },	      { "prot", "rwxs", LOOK_ALARM },
		{ "deleted", "yes", LOOK_WARNING },   { "dirty_text", "yes", LOOK_ALARM },
	};

	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++)
		if (!strcmp(looks[i].column, column) && bytes_equal(text, bytes_of(looks[i].word)))
			return looks[i].look;
	return bytes_equal(text, BYTES("-")) ? LOOK_DIM : LOOK_PLAIN;
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	struct rows *rows = context;
	size_t before = out->len;

	rows_put_cell(rows, rows->listing.order[row], column, out);
	*look = look_of(rows->listing.columns[column]->name, bytes_from(out_held(out), before));
}

static bool model_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	struct rows *rows = context;

	rows_cell_value(rows, rows->listing.order[row], column, arena, ret);
	return true;
}

static bool model_is_tagged(void *context, size_t row)
{
	const struct rows *rows = context;

	return rows->tagged && rows->tagged[rows->listing.order[row]];
}

const struct list_model rows_model = {
	.count = model_count,
	.n_columns = model_columns,
	.heading = model_heading,
	.is_number = model_is_number,
	.cell = model_cell,
	.is_tagged = model_is_tagged,
	.value = model_value,
};

/* --- opening ------------------------------------------------------------------------------------ */

static char *copy_text(const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		out_of_memory();
	return copy;
}

/* The listing's columns anew, for what .columns and .all say; its order stays. */
static struct error *choose_columns(struct rows *rows)
{
	const char *columns = rows->columns ? rows->columns : rows->all ? NULL : rows->usual;
	struct listing_request request = { .columns = columns, .shortened = !rows->all };
	struct listing listing = { 0 };
	struct error *error;

	error = listing_init(&rows->arena, rows->table, &request, &listing);
	if (error)
		return error;
	listing_load(rows->checkpoint, &request, &listing);
	listing.order = rows->listing.order;
	listing.n = rows->listing.n;
	rows->listing = listing;
	return NULL;
}

struct error *rows_open(struct rows *rows, struct list *list, struct checkpoint *checkpoint,
			const struct table *table, const struct rows_only *only, const char *usual,
			struct kept_columns *kept, const bool *reveal)
{
	struct error *error;

	*rows = (struct rows){ .checkpoint = checkpoint, .table = table, .reveal = reveal, .list = list,
			       .usual = usual, .columns = copy_text(kept ? kept->columns : NULL),
			       .all = kept && kept->all, .sort = SIZE_MAX };
	if (only)
		rows->only = *only;
	arena_init(&rows->arena);
	arena_init(&rows->cells);
	list_init(list, &rows_model, rows);
	error = choose_columns(rows);
	if (!error)
		error = rows_order(rows, NULL, SIZE_MAX, false);
	if (error) {
		rows_close(rows);
		return error;
	}
	rows->kept = kept;
	(void)rows_work(rows, clock_now() + 20000);
	return NULL;
}

static void keep_columns(const struct rows *rows)
{
	free(rows->kept->columns);
	*rows->kept = (struct kept_columns){ copy_text(rows->columns), rows->all };
}

void rows_close(struct rows *rows)
{
	if (rows->kept)
		keep_columns(rows);
	rows_cancel(rows);
	list_deinit(rows->list);
	free(rows->listing.order);
	free(rows->tagged);
	free(rows->filter);
	free(rows->columns);
	arena_deinit(&rows->arena);
	arena_deinit(&rows->cells);
}

/* --- what is selected ----------------------------------------------------------------------------- */

uint32_t rows_selected(const struct rows *rows)
{
	return rows->list->cursor < rows->listing.n ? rows->listing.order[rows->list->cursor] : NO_ROW;
}

bool rows_origin(const struct rows *rows, struct origin *ret)
{
	uint32_t row = rows_selected(rows);

	if (row == NO_ROW)
		return false;
	*ret = *(const struct origin *)((const char *)row_at(&rows->listing.rows, row) + rows->table->origin);
	return true;
}

uint32_t rows_process(const struct rows *rows)
{
	const struct column *pid = table_column(rows->table, "pid");
	uint32_t row = rows_selected(rows), process;
	struct arena arena;
	struct value value;

	if (!pid || row == NO_ROW)
		return NO_ROW;
	arena_init(&arena);
	table_cell(rows->checkpoint, pid, row_at(&rows->listing.rows, row), &arena, &value);
	arena_deinit(&arena);
	process = value.type == VALUE_UINT ? map_get(&rows->checkpoint->process_by_pid, value.number)
					   : MAP_NONE;
	return process == MAP_NONE ? NO_ROW : process;
}

bool rows_select(struct rows *rows, uint32_t row)
{
	for (size_t i = 0; i < rows->listing.n; i++)
		if (rows->listing.order[i] == row) {
			rows->list->cursor = i;
			return true;
		}
	return false;
}

void rows_tag(struct rows *rows)
{
	uint32_t row = rows_selected(rows);

	if (row == NO_ROW)
		return;
	if (!rows->tagged)
		rows->tagged = calloc(rows->listing.rows.n + 1, 1);
	if (!rows->tagged)
		out_of_memory();
	rows->tagged[row] ^= 1;
	rows->n_tagged += rows->tagged[row] ? 1 : (size_t)-1;
	list_go(rows->list, rows->list->cursor + 1);
}

/* --- what narrows and orders ------------------------------------------------------------------------ */

struct error *rows_filter(struct rows *rows, const char *filter)
{
	return rows_order(rows, filter, rows->sort, rows->descending);
}

void rows_sort(struct rows *rows, size_t column, bool descending)
{
	error_free(rows_order(rows, rows->filter, column, descending));
}

struct error *rows_choose_columns(struct rows *rows, const char *columns, bool all)
{
	char *before = rows->columns;
	bool all_before = rows->all, was_ordering = rows->work != NULL;
	struct error *error;

	rows_cancel(rows);
	rows->columns = copy_text(columns);
	rows->all = all;
	error = choose_columns(rows);
	if (error) {
		free(rows->columns);
		rows->columns = before;
		rows->all = all_before;
		if (was_ordering)
			rows_sort(rows, rows->sort, rows->descending);
		return error;
	}
	free(before);
	list_forget_widths(rows->list);
	rows->list->first_column = 0;
	rows->sort = rows->list->sorted = SIZE_MAX; /* that was another column, which may not be there */
	rows_sort(rows, SIZE_MAX, false);
	return NULL;
}

static void move_sort(struct rows *rows, bool right)
{
	size_t n = rows->listing.n_columns, sort = rows_next_sort(rows);

	if (right)
		sort = sort == SIZE_MAX ? 0 : sort + 1 < n ? sort + 1 : SIZE_MAX;
	else
		sort = sort == SIZE_MAX ? n - 1 : sort ? sort - 1 : SIZE_MAX;
	rows_sort(rows, sort, false);
}

bool rows_act(struct rows *rows, enum action action)
{
	switch (action) {
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		move_sort(rows, action == ACTION_SORT_RIGHT);
		return true;
	case ACTION_INVERT:
		if (rows->sort != SIZE_MAX)
			rows_sort(rows, rows->sort, !rows->descending);
		return true;
	case ACTION_TAG:
		rows_tag(rows);
		return true;
	case ACTION_ALL_COLUMNS:
		error_free(rows_choose_columns(rows, NULL, !rows->all));
		return true;
	default:
		return false;
	}
}

/* --- in words -------------------------------------------------------------------------------------- */

void rows_status(const struct rows *rows, struct out *out)
{
	size_t n = rows->listing.n;

	out_printf(out, "%zu of %zu", n ? rows->list->cursor + 1 : 0, n);
	if (n != rows->listing.rows.n)
		out_printf(out, " (%zu in all)", rows->listing.rows.n);
	if (rows->filter) {
		out_text(out, "  filter ");
		escape_text(out, bytes_of(rows->filter));
	}
	if (rows->n_tagged)
		out_printf(out, "  %zu marked", rows->n_tagged);
	rows_put_progress(rows, out);
}

void rows_command(const struct rows *rows, struct out *out)
{
	out_printf(out, "list %s", rows->table->name);
	if (rows->columns || (rows->usual && !rows->all))
		out_printf(out, " --columns %s", rows->columns ? rows->columns : rows->usual);
	if (rows->only.column && !strcmp(rows->only.column->name, "pid"))
		out_printf(out, " -p %llu", (unsigned long long)rows->only.number);
	else if (rows->only.column)
		put_where_number(rows->only.column, rows->only.number, out);
	if (rows->sort != SIZE_MAX)
		out_printf(out, " --sort %s%s", rows->descending ? "-" : "",
			   rows->listing.columns[rows->sort]->name);
	if (*rows->reveal)
		out_text(out, " --reveal");
}
