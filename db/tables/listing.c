#include "db/tables/listing.h"

#include <stdlib.h>

#include "db/tables/secret.h"
#include "decoders/base/size.h"
#include "decoders/model/layers.h"

/* --- provenance: columns that every table has; their row is the origin ------------------------ */

static const struct source *source_of(const struct checkpoint *checkpoint,
				      const struct origin *origin)
{
	if (origin->layer == ORIGIN_AROUND)
		return checkpoint->source.outer;
	return origin->layer ? checkpoint->layers.items[origin->layer].source : &checkpoint->source;
}

/* A member of this checkpoint by its name; one of an ancestor elsewhere behind that one's path. */
static void get_image(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	const struct origin *origin = row;
	const struct source *source = source_of(checkpoint, origin);
	struct bytes name;

	if (origin->member == NO_ROW)
		return;
	name = source->members.items[origin->member].name;
	if (source != &checkpoint->source)
		name = bytes_of(arena_printf(arena, "%s: %.*s", source->path, BYTES_FMT(name)));
	*ret = value_text(name);
}

static void get_archive_offset(const struct checkpoint *checkpoint, const void *row,
			       struct arena *arena, struct value *ret)
{
	const struct origin *origin = row;
	const struct member *member;

	(void)arena;
	if (origin->member == NO_ROW)
		return;
	member = &source_of(checkpoint, origin)->members.items[origin->member];
	if (member->archive_offset != NO_OFFSET)
		*ret = value_number(VALUE_HEX, member->archive_offset +
						       (origin->offset == NO_OFFSET ? 0 : origin->offset));
}

const struct column source_columns[] = {
	{ .name = "src_image", .help = "the image (or other member) it was read from",
	  COMPUTED(TEXT, get_image) },
	{ .name = "src_entry", .help = "entry of the image, counted from 0",
	  COLUMN(origin, entry, U32) },
	{ .name = "src_offset", .help = "bytes from the start of the image",
	  COLUMN(origin, offset, HEX64) },
	{ .name = "src_archive_offset", .help = "bytes from the start of the archive, uncompressed",
	  COMPUTED(HEX, get_archive_offset) },
};
const size_t n_source_columns = ARRAY_SIZE(source_columns);

static bool is_source_column(const struct column *column)
{
	return column >= source_columns && column < source_columns + ARRAY_SIZE(source_columns);
}

void table_shown(const struct checkpoint *checkpoint, const struct table *table,
		 const struct column *column, const void *row, bool reveal, struct arena *arena,
		 struct value *ret)
{
	if (is_source_column(column))
		row = (const char *)row + table->origin;
	table_cell(checkpoint, column, row, arena, ret);
	if (!reveal)
		secret_mask(arena, ret);
}

void listing_cell(const struct checkpoint *checkpoint, const struct listing *listing,
		  size_t column, const void *row, struct arena *arena, struct value *ret)
{
	table_shown(checkpoint, listing->table, listing->columns[column], row, listing->reveal, arena,
		    ret);
}

/* --- columns ----------------------------------------------------------------------------------- */

/* Calls EACH with the parts of "a,b,c". */
static struct error *for_each_name(const char *names, void *context,
				   struct error *(*each)(struct bytes name, void *context))
{
	struct bytes rest = bytes_of(names);

	for (;;) {
		struct bytes name = bytes_first(rest, bytes_find(rest, ','));
		struct error *error = each(name, context);

		if (error || name.len == rest.len)
			return error;
		rest = bytes_from(rest, name.len + 1);
	}
}

static struct error *find_column(const struct table *table, struct bytes name,
				 const struct column **ret)
{
	struct nearest nearest = nearest_to(name);

	for (size_t i = 0; i < table->n_columns + n_source_columns; i++) {
		const struct column *column = i < table->n_columns
						      ? &table->columns[i]
						      : &source_columns[i - table->n_columns];

		if (bytes_equal(bytes_of(column->name), name)) {
			*ret = column;
			return NULL;
		}
		nearest_try(&nearest, bytes_of(column->name));
	}
	return nearest_hint(&nearest,
			    error_new(ERROR_USAGE, "the table %s has no column \"%.*s\"",
				      table->name, BYTES_FMT(name)),
			    NULL);
}

static struct error *add_named(struct bytes name, void *context)
{
	struct listing *listing = context;
	const struct column *column = NULL;
	struct error *error = find_column(listing->table, name, &column);

	if (error)
		return error;
	for (size_t i = 0; i < listing->n_columns; i++)
		if (listing->columns[i] == column)
			return error_new(ERROR_USAGE, "the column %s is asked for twice", column->name);
	listing->columns[listing->n_columns++] = column;
	return NULL;
}

static size_t count_names(const char *names)
{
	size_t n = 1;

	for (; *names; names++)
		n += *names == ',';
	return n;
}

enum { MOST_SORT_KEYS = 8 };

struct sorting {
	const struct table *table;
	const struct column *keys[MOST_SORT_KEYS];
	bool descending[MOST_SORT_KEYS];
	size_t n;
	const struct value *values; /* n a row */
};

static struct error *add_key(struct bytes name, void *context)
{
	struct sorting *sorting = context;
	bool descending = name.len && name.data[0] == '-';

	if (sorting->n == MOST_SORT_KEYS)
		return error_new(ERROR_USAGE, "at most %d columns to sort by", MOST_SORT_KEYS);
	sorting->descending[sorting->n] = descending;
	return find_column(sorting->table, descending ? bytes_from(name, 1) : name,
			   &sorting->keys[sorting->n++]);
}

static struct error *check_request(const struct table *table, const struct listing_request *request)
{
	struct sorting sorting = { .table = table };

	if (request->n_pids && !table_column(table, "pid"))
		return error_new(ERROR_USAGE, "the table %s has no pids", table->name);
	return request->sort ? for_each_name(request->sort, &sorting, add_key) : NULL;
}

struct error *listing_init(struct arena *arena, const struct table *table,
			   const struct listing_request *request, struct listing *ret)
{
	size_t n = (request->columns ? count_names(request->columns) : table->n_columns) +
		   n_source_columns;
	struct listing listing = { .table = table, .arena = arena, .reveal = request->reveal };
	struct error *error = check_request(table, request);

	listing.columns = arena_alloc(arena, n * sizeof(*listing.columns));
	if (!error && request->columns)
		error = for_each_name(request->columns, &listing, add_named);
	if (error)
		return error;
	if (!request->columns) {
		for (size_t i = 0; i < table->n_columns; i++)
			if (!table->columns[i].on_demand &&
			    (!request->shortened || !table->columns[i].detail))
				listing.columns[listing.n_columns++] = &table->columns[i];
	}
	for (size_t i = 0; request->provenance && i < n_source_columns; i++)
		listing.columns[listing.n_columns++] = &source_columns[i];
	*ret = listing;
	return NULL;
}

/* --- rows --------------------------------------------------------------------------------------- */

static unsigned parts_needed(const struct listing *listing, const struct listing_request *request)
{
	struct sorting sorting = { .table = listing->table };
	unsigned needs = listing->table->needs;

	if (request->sort)
		error_free(for_each_name(request->sort, &sorting, add_key));
	for (size_t i = 0; i < sorting.n; i++)
		needs |= sorting.keys[i]->needs;
	for (size_t i = 0; i < listing->n_columns; i++)
		needs |= listing->columns[i]->needs;
	return needs;
}

static bool is_of_pids(const struct checkpoint *checkpoint, const struct listing *listing,
		       const struct listing_request *request, const void *row)
{
	struct value pid;

	table_cell(checkpoint, table_column(listing->table, "pid"), row, listing->arena, &pid);
	for (size_t i = 0; i < request->n_pids; i++)
		if (pid.type == VALUE_UINT && pid.number == request->pids[i])
			return true;
	return false;
}

static bool is_wanted(const struct checkpoint *checkpoint, const struct listing *listing,
		      const struct listing_request *request, const void *row)
{
	return (!request->n_pids || is_of_pids(checkpoint, listing, request, row)) &&
	       (!request->wants || request->wants(row, request->context));
}

static int compare_sorted(const void *a, const void *b, void *context)
{
	const struct sorting *sorting = context;
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	for (size_t i = 0; i < sorting->n; i++) {
		int order = value_compare(&sorting->values[left * sorting->n + i],
					  &sorting->values[right * sorting->n + i]);

		if (order)
			return sorting->descending[i] ? -order : order;
	}
	return (left > right) - (left < right);
}

static void sort_rows(const struct checkpoint *checkpoint, const char *names,
		      struct listing *listing)
{
	struct sorting sorting = { .table = listing->table };
	struct value *values;

	error_free(for_each_name(names, &sorting, add_key));
	values = arena_alloc(listing->arena,
			     (listing->rows.n * sorting.n + 1) * sizeof(*values));
	for (size_t i = 0; i < listing->n; i++)
		for (size_t k = 0; k < sorting.n; k++)
			table_shown(checkpoint, listing->table, sorting.keys[k],
				    listing_row(listing, i), listing->reveal, listing->arena,
				    &values[listing->order[i] * sorting.n + k]);
	sorting.values = values;
	qsort_r(listing->order, listing->n, sizeof(*listing->order), compare_sorted, &sorting);
}

void listing_load(struct checkpoint *checkpoint, const struct listing_request *request,
		  struct listing *listing)
{
	checkpoint_need(checkpoint, parts_needed(listing, request));
	if (listing->table->leaf)
		checkpoint_need_leaf(checkpoint, listing->table->leaf);
	listing->rows = table_rows(checkpoint, listing->table);
}

void listing_choose(struct checkpoint *checkpoint, const struct listing_request *request,
		    struct listing *listing)
{
	listing_load(checkpoint, request, listing);
	listing->order = arena_alloc(listing->arena,
				     (listing->rows.n + 1) * sizeof(*listing->order));
	listing->n = 0;
	for (uint32_t i = 0; i < listing->rows.n; i++)
		if (is_wanted(checkpoint, listing, request, row_at(&listing->rows, i)))
			listing->order[listing->n++] = i;
	if (request->sort)
		sort_rows(checkpoint, request->sort, listing);
}
