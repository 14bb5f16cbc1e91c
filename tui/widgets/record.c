#include "tui/widgets/record.h"

#include "db/tables/render.h"
#include "tui/references.h"

enum { COLUMN_NAME, COLUMN_VALUE, COLUMN_HELP, WIDE = 100 };

static const void *data_of(const struct record *record)
{
	return row_at(&record->listing.rows, record->row);
}

static size_t model_count(void *context)
{
	const struct record *record = context;

	return record->listing.n_columns + record->n_back;
}

static size_t model_columns(void *context)
{
	const struct record *record = context;

	/* Where there is no room for it, help is in the line below. */
	return record->view->tui->display.columns >= WIDE ? COLUMN_HELP + 1 : COLUMN_VALUE + 1;
}

static const char *const headings[] = { "column", "value", "what it is" };

/* Whether a line that shows a column leads elsewhere. */
static bool is_link(const struct record *record, size_t i)
{
	uint64_t number;

	if (i >= record->listing.n_columns - record->n_sources)
		return true;
	return reference_of(record->table, record->listing.columns[i]) &&
	       row_number(record->view->checkpoint, record->listing.columns[i], data_of(record), &number);
}

static void column_cell(struct record *record, size_t i, size_t column, struct out *out, enum look *look)
{
	const struct column *shown = record->listing.columns[i];
	struct value value;

	if (column == COLUMN_NAME) {
		out_text(out, shown->name);
		return;
	}
	if (column == COLUMN_HELP) {
		out_text(out, shown->help);
		if (shown->unit)
			out_printf(out, " (%s)", shown->unit);
		*look = LOOK_DIM;
		return;
	}
	record->listing.reveal = record->view->tui->reveal;
	listing_cell(record->view->checkpoint, &record->listing, i, data_of(record), &record->cells, &value);
	render_value(&value, out);
	*look = value.type == VALUE_NULL ? LOOK_DIM : is_link(record, i) ? LOOK_LINK : LOOK_PLAIN;
	arena_reset(&record->cells);
}

static void back_cell(struct record *record, size_t i, size_t column, struct out *out, enum look *look)
{
	const struct reference *reference = record->back[i];
	uint64_t number = 0;

	if (column == COLUMN_NAME) {
		out_printf(out, "in %s", reference->table ? reference->table : "others");
	} else if (column == COLUMN_VALUE) {
		const struct column *key = table_column(record->table, reference->target_column);

		(void)row_number(record->view->checkpoint, key, data_of(record), &number);
		out_printf(out, "%s %llu", reference->column, (unsigned long long)number);
		*look = LOOK_LINK;
	} else {
		out_printf(out, "rows of %s that mean this one", reference->table);
		*look = LOOK_DIM;
	}
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	struct record *record = context;

	if (row < record->listing.n_columns)
		column_cell(record, row, column, out, look);
	else
		back_cell(record, row - record->listing.n_columns, column, out, look);
}

static const struct list_model model = {
	.count = model_count,
	.n_columns = model_columns,
	LIST_HEADINGS(headings),
	.cell = model_cell,
};

/* The tables that have a column by which they refer to this one; a reference for each. */
static void find_back(struct record *record)
{
	uint64_t number;
	size_t most = n_references * n_tables;

	record->back = arena_alloc(&record->arena, most * sizeof(*record->back));
	for (size_t t = 0; t < n_tables; t++)
		for (size_t i = 0; i < tables[t]->n_columns; i++) {
			const struct reference *reference = reference_of(tables[t], &tables[t]->columns[i]);
			const struct column *key;
			struct reference *found;

			if (!reference || strcmp(reference->target, record->table->name) != 0)
				continue;
			key = table_column(record->table, reference->target_column);
			if (!key || !row_number(record->view->checkpoint, key, data_of(record), &number))
				continue;
			found = arena_alloc(&record->arena, sizeof(*found));
			*found = *reference;
			found->table = tables[t]->name;
			record->back[record->n_back++] = found;
		}
}

struct error *record_open(struct record *record, struct view *view, const struct table *table, uint32_t row,
			  const char *columns)
{
	struct listing_request request = { .columns = columns, .provenance = !columns };
	struct error *error;

	*record = (struct record){ .view = view, .table = table, .row = row };
	arena_init(&record->arena);
	arena_init(&record->cells);
	list_init(&record->list, &model, record);
	error = listing_init(&record->arena, table, &request, &record->listing);
	if (!error) {
		listing_load(view->checkpoint, &request, &record->listing);
		if (row >= record->listing.rows.n)
			error = error_new(ERROR_USAGE, "there is no such row");
	}
	if (error) {
		record_close(record);
		return error;
	}
	if (!columns) {
		record->n_sources = n_source_columns;
		find_back(record);
	}
	return NULL;
}

void record_close(struct record *record)
{
	list_deinit(&record->list);
	arena_deinit(&record->arena);
	arena_deinit(&record->cells);
}

bool record_origin(const struct record *record, struct origin *ret)
{
	*ret = *(const struct origin *)((const char *)data_of(record) + record->table->origin);
	return true;
}

void record_where(const struct record *record, struct out *out)
{
	size_t line = record->list.cursor;
	struct origin origin;

	if (record->view->tui->display.columns < WIDE && line < record->listing.n_columns)
		out_printf(out, "%s  ", record->listing.columns[line]->help);
	if (record_origin(record, &origin))
		put_origin(record->view->checkpoint, &origin, out);
}

static bool follow_back(struct record *record, const struct reference *reference, struct link *ret)
{
	const struct table *table = table_named(reference->table);
	const struct column *key = table_column(record->table, reference->target_column);

	*ret = LINK_TO(&screen_table);
	ret->table = table;
	ret->column = table_column(table, reference->column);
	return row_number(record->view->checkpoint, key, data_of(record), &ret->number);
}

bool record_follow(struct record *record, struct link *ret)
{
	size_t line = record->list.cursor, n = record->listing.n_columns;
	struct origin origin;

	if (line >= n)
		return line - n < record->n_back && follow_back(record, record->back[line - n], ret);
	if (line >= n - record->n_sources)
		return record_origin(record, &origin) && link_to_origin(record->view->checkpoint, &origin, ret);
	if (reference_follow(record->view->checkpoint, record->table, record->listing.columns[line], data_of(record), ret))
		return true;
	*ret = LINK_TO(&screen_text);
	ret->table = record->table;
	ret->column = record->listing.columns[line];
	ret->row = record->row;
	return true;
}
