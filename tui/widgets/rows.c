#include "tui/widgets/rows.h"

#include <stdlib.h>

#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "tui/clock.h"

enum { ROWS_A_LOOK = 256, MERGES_A_LOOK = 4096 }; /* between two looks at the clock */

enum stage {
	STAGE_CHOOSE, /* which rows */
	STAGE_VALUES, /* what they are sorted by */
	STAGE_SORT,
};

/* An order that is being made. */
struct rows_work {
	enum stage stage;
	char *filter;
	struct pattern *pattern; /* NULL: no filter */
	struct matcher *matcher;
	bool inverted;
	size_t sort;
	bool descending;
	uint32_t *order, *other; /* merged from one into the other */
	size_t n, at;
	struct arena arena;      /* of the values */
	struct value *values;    /* by row of the table */
	size_t width, start, left, right, put; /* of the merge that goes on */
};

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
	enum value_type type = column_type(((struct rows *)context)->listing.columns[column]);

	return type == VALUE_INT || type == VALUE_UINT || type == VALUE_HEX;
}

static void cell_value(struct rows *rows, uint32_t row, size_t column, struct arena *arena,
		       struct value *ret)
{
	rows->listing.reveal = *rows->reveal;
	listing_cell(rows->checkpoint, &rows->listing, column, row_at(&rows->listing.rows, row), arena, ret);
}

static void put_cell(struct rows *rows, uint32_t row, size_t column, struct out *out)
{
	struct value value;

	cell_value(rows, row, column, &rows->cells, &value);
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

	put_cell(rows, rows->listing.order[row], column, out);
	*look = look_of(rows->listing.columns[column]->name, bytes_from(out_held(out), before));
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
};

/* --- opening ------------------------------------------------------------------------------------ */

static uint32_t *new_order(size_t n)
{
	uint32_t *order = malloc((n + 1) * sizeof(*order));

	if (!order)
		out_of_memory();
	return order;
}

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
	struct listing_request request = { .columns = rows->columns, .shortened = !rows->all };
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

/* A new order, from the beginning. Takes FILTER over. */
static struct error *begin(struct rows *rows, char *filter, size_t sort, bool descending)
{
	struct rows_work *work = calloc(1, sizeof(*work));
	struct error *error = NULL;

	if (!work)
		out_of_memory();
	*work = (struct rows_work){ .filter = filter, .sort = sort, .descending = descending };
	arena_init(&work->arena);
	if (filter) {
		work->inverted = filter[0] == '!';
		if (filter[work->inverted])
			error = list_pattern(filter + work->inverted, &work->pattern);
		if (work->pattern)
			work->matcher = matcher_new(work->pattern);
	}
	rows_cancel(rows);
	rows->work = work;
	if (error) {
		rows_cancel(rows);
		return error;
	}
	work->order = new_order(rows->listing.rows.n);
	return NULL;
}

struct error *rows_open(struct rows *rows, struct list *list, struct checkpoint *checkpoint,
			const struct table *table, const struct rows_only *only, const char *columns,
			const bool *reveal)
{
	struct error *error;

	*rows = (struct rows){ .checkpoint = checkpoint, .table = table, .reveal = reveal, .list = list,
			       .columns = copy_text(columns), .sort = SIZE_MAX };
	if (only)
		rows->only = *only;
	arena_init(&rows->arena);
	arena_init(&rows->cells);
	list_init(list, &rows_model, rows);
	error = choose_columns(rows);
	if (!error)
		error = begin(rows, NULL, SIZE_MAX, false);
	if (error) {
		rows_close(rows);
		return error;
	}
	(void)rows_work(rows, clock_now() + 20000);
	return NULL;
}

void rows_close(struct rows *rows)
{
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

/* --- the order ------------------------------------------------------------------------------------ */

void rows_cancel(struct rows *rows)
{
	struct rows_work *work = rows->work;

	if (!work)
		return;
	matcher_free(work->matcher);
	pattern_free(work->pattern);
	arena_deinit(&work->arena);
	free(work->values);
	free(work->order);
	free(work->other);
	free(work->filter);
	free(work);
	rows->work = NULL;
}

static bool is_wanted(struct rows *rows, uint32_t row, struct out *room)
{
	struct rows_work *work = rows->work;
	const void *data = row_at(&rows->listing.rows, row);
	size_t start, end;
	struct subject subject;
	struct value value;
	bool found;

	if (rows->only.column) {
		table_cell(rows->checkpoint, rows->only.column, data, &rows->cells, &value);
		if ((value.type != VALUE_UINT && value.type != VALUE_HEX) || value.number != rows->only.number)
			return false;
	}
	if (rows->only.wants && !rows->only.wants(rows->checkpoint, data, rows->only.number))
		return false;
	if (!work->matcher)
		return true;
	out_clear(room);
	for (size_t i = 0; i < rows->listing.n_columns; i++) {
		out_text(room, i ? "  " : "");
		put_cell(rows, row, i, room);
	}
	subject = (struct subject){ (const uint8_t *)room->buffer, room->len, true };
	found = room->len && matcher_next(work->matcher, &subject, 0, room->len, &start, &end) == MATCH_FOUND;
	return found != work->inverted;
}

/* True where all rows have been looked at. */
static bool choose_rows(struct rows *rows, uint64_t deadline)
{
	struct rows_work *work = rows->work;
	struct out room;

	out_init(&room, -1);
	while (work->at < rows->listing.rows.n) {
		uint32_t row = (uint32_t)work->at++;

		if (is_wanted(rows, row, &room))
			work->order[work->n++] = row;
		if (work->at % ROWS_A_LOOK == 0 && clock_now() > deadline)
			break;
	}
	out_deinit(&room);
	arena_reset(&rows->cells);
	return work->at == rows->listing.rows.n;
}

static bool take_values(struct rows *rows, uint64_t deadline)
{
	struct rows_work *work = rows->work;

	if (!work->values) {
		work->values = malloc((rows->listing.rows.n + 1) * sizeof(*work->values));
		work->other = new_order(work->n);
		if (!work->values)
			out_of_memory();
		work->at = 0;
		work->width = 1;
	}
	while (work->at < work->n) {
		uint32_t row = work->order[work->at++];

		cell_value(rows, row, work->sort, &work->arena, &work->values[row]);
		if (work->at % ROWS_A_LOOK == 0 && clock_now() > deadline)
			break;
	}
	return work->at == work->n;
}

static bool comes_first(const struct rows_work *work, uint32_t left, uint32_t right)
{
	int order = value_compare(&work->values[left], &work->values[right]);

	return work->descending ? order >= 0 : order <= 0;
}

/* Merges a pair of runs of .width a step at a time, then the next pair, then runs of twice that. */
static bool merge(struct rows_work *work, uint64_t deadline)
{
	size_t n = work->n;

	for (size_t steps = 1; work->width < n; steps++) {
		size_t middle = work->start + work->width < n ? work->start + work->width : n;
		size_t end = middle + work->width < n ? middle + work->width : n;

		if (work->put == work->start)
			work->left = work->start, work->right = middle;
		if (work->put < end) {
			bool left = work->left < middle &&
				    (work->right == end || comes_first(work, work->order[work->left],
								       work->order[work->right]));

			work->other[work->put++] = work->order[left ? work->left++ : work->right++];
		}
		if (work->put == end)
			work->start = end;
		if (work->start == n) {
			uint32_t *swap = work->order;

			work->order = work->other;
			work->other = swap;
			work->width *= 2;
			work->start = work->put = 0;
		}
		if (steps % MERGES_A_LOOK == 0 && clock_now() > deadline)
			return false;
	}
	return true;
}

/* The new order takes the place of the old one; the cursor stays on its row. */
static void finish(struct rows *rows)
{
	struct rows_work *work = rows->work;
	uint32_t selected = rows->listing.order ? rows_selected(rows) : NO_ROW;
	size_t from_top = rows->list->cursor - rows->list->top;

	free(rows->listing.order);
	rows->listing.order = work->order;
	rows->listing.n = work->n;
	rows->sort = rows->list->sorted = work->sort;
	rows->descending = rows->list->descending = work->descending;
	free(rows->filter);
	rows->filter = work->filter;
	work->order = NULL;
	work->filter = NULL;
	rows_cancel(rows);
	if (selected == NO_ROW || !rows_select(rows, selected))
		rows->list->cursor = 0;
	rows->list->top = rows->list->cursor > from_top ? rows->list->cursor - from_top : 0;
}

bool rows_work(struct rows *rows, uint64_t deadline)
{
	struct rows_work *work = rows->work;

	if (!work)
		return false;
	if (work->stage == STAGE_CHOOSE && choose_rows(rows, deadline))
		work->stage = STAGE_VALUES;
	if (work->stage == STAGE_VALUES && (work->sort == SIZE_MAX || take_values(rows, deadline)))
		work->stage = STAGE_SORT;
	if (work->stage == STAGE_SORT && (work->sort == SIZE_MAX || merge(work, deadline)))
		finish(rows);
	return rows->work != NULL;
}

/* --- what narrows and orders ------------------------------------------------------------------------ */

struct error *rows_filter(struct rows *rows, const char *filter)
{
	return begin(rows, copy_text(filter && *filter ? filter : NULL), rows->sort, rows->descending);
}

void rows_sort(struct rows *rows, size_t column, bool descending)
{
	error_free(begin(rows, copy_text(rows->filter), column, descending));
}

struct error *rows_choose_columns(struct rows *rows, const char *columns, bool all)
{
	char *before = rows->columns;
	bool all_before = rows->all;
	struct error *error;

	rows_cancel(rows);
	rows->columns = copy_text(columns);
	rows->all = all;
	error = choose_columns(rows);
	if (error) {
		free(rows->columns);
		rows->columns = before;
		rows->all = all_before;
		return error;
	}
	free(before);
	list_forget_widths(rows->list);
	rows->list->first_column = 0;
	rows_sort(rows, SIZE_MAX, false);
	return NULL;
}

static void move_sort(struct rows *rows, bool right)
{
	size_t n = rows->listing.n_columns, sort = rows->work ? rows->work->sort : rows->sort;

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
	if (rows->work && rows->listing.rows.n)
		out_printf(out, "  %s %zu%%, Esc stops",
			   rows->work->stage == STAGE_CHOOSE ? "choosing" : "sorting",
			   rows->work->stage == STAGE_CHOOSE
				   ? rows->work->at * 100 / rows->listing.rows.n
				   : (rows->work->n ? rows->work->at * 100 / rows->work->n : 100));
}

void rows_command(const struct rows *rows, struct out *out)
{
	out_printf(out, "list %s", rows->table->name);
	if (rows->columns)
		out_printf(out, " --columns %s", rows->columns);
	if (rows->only.column && !strcmp(rows->only.column->name, "pid"))
		out_printf(out, " -p %llu", (unsigned long long)rows->only.number);
	if (rows->sort != SIZE_MAX)
		out_printf(out, " --sort %s%s", rows->descending ? "-" : "",
			   rows->listing.columns[rows->sort]->name);
	if (*rows->reveal)
		out_text(out, " --reveal");
}

struct listing rows_listing(const struct rows *rows, struct arena *arena)
{
	struct listing listing = rows->listing;

	listing.arena = arena;
	listing.reveal = *rows->reveal;
	if (!rows->n_tagged)
		return listing;
	listing.order = arena_alloc(arena, (listing.n + 1) * sizeof(*listing.order));
	listing.n = 0;
	for (size_t i = 0; i < rows->listing.n; i++)
		if (rows->tagged[rows->listing.order[i]])
			listing.order[listing.n++] = rows->listing.order[i];
	return listing;
}
