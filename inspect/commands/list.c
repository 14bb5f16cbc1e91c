/* list TABLE CHECKPOINT: the rows of a table. */
#include "db/sql/where.h"
#include "db/tables/render.h"
#include "decoders/model/address_space.h"
#include "inspect/help.h"
#include "inspect/options.h"

static const row_renderer renderers[] = {
	[FORMAT_TEXT] = render_text,
	[FORMAT_JSON] = render_json,
	[FORMAT_JSONL] = render_jsonl,
	[FORMAT_CSV] = render_csv,
};

/* What is asked of a row: by the command, and by --where. */
struct filter {
	const struct options *options;
	bool (*wants)(const void *row, const void *options);
	const struct checkpoint *checkpoint;
	const struct table *table;
	const bool *marks; /* of --where, by the number of the row; NULL: all */
};

static bool passes(const void *row, const void *context)
{
	const struct filter *filter = context;
	struct row_set set;
	size_t number;

	if (filter->wants && !filter->wants(row, filter->options))
		return false;
	if (!filter->marks)
		return true;
	set = table_rows(filter->checkpoint, filter->table);
	number = (size_t)((const char *)row - (const char *)set.rows) / set.stride;
	return filter->marks[number];
}

static struct error *evaluate_where(const struct options *options, const struct table *table,
				    struct checkpoint *checkpoint, const bool **ret)
{
	const struct database_options sql_options = { .reveal = options->reveal };
	struct error *error;
	bool *marks = NULL;

	error = where_rows(checkpoint, table, bytes_of(options->where), &sql_options,
			   &checkpoint->arena, &marks);
	if (!error)
		*ret = marks;
	return error;
}

static bool has_pid(const struct checkpoint *checkpoint, const struct listing *listing, uint32_t pid)
{
	const struct column *column = table_column(listing->table, "pid");

	for (size_t i = 0; i < listing->rows.n; i++) {
		struct value value;

		table_cell(checkpoint, column, row_at(&listing->rows, i), listing->arena, &value);
		if (value.type == VALUE_UINT && value.number == pid)
			return true;
	}
	return false;
}

/* An empty list of a process that is there is an answer; of a pid that nothing has, a slip. */
static struct error *find_stranger(const struct options *options, struct checkpoint *checkpoint,
				   const struct listing *listing)
{
	if (options->n_pids)
		checkpoint_need(checkpoint, PART_TASKS);
	for (size_t i = 0; i < options->n_pids; i++)
		if (process_row(checkpoint, options->pids[i]) == NO_ROW &&
		    !has_pid(checkpoint, listing, options->pids[i]))
			return error_new(ERROR_USAGE, "there is no process %u in it", options->pids[i]);
	return NULL;
}

struct error *list_rows(struct invocation *invocation, const struct table *table,
			struct checkpoint *checkpoint,
			bool (*wants)(const void *row, const void *options), row_renderer renderer)
{
	const struct options *options = &invocation->options;
	struct filter filter = { options, wants, checkpoint, table, NULL };
	const struct listing_request request = {
		.columns = options->columns,
		.shortened = options->format == FORMAT_TEXT,
		.provenance = options->provenance,
		.sort = options->sort,
		.pids = options->pids,
		.n_pids = options->n_pids,
		.reveal = options->reveal,
		.wants = wants || options->where ? passes : NULL,
		.context = &filter,
	};
	struct listing listing;
	struct error *error;

	error = listing_init(&checkpoint->arena, table, &request, &listing);
	if (!error && options->where)
		error = evaluate_where(options, table, checkpoint, &filter.marks);
	if (error)
		return error;
	listing_choose(checkpoint, &request, &listing);
	error = find_stranger(options, checkpoint, &listing);
	if (error)
		return error;
	if (!renderer)
		renderer = renderers[options->format];
	renderer(checkpoint, &listing, &invocation->out);
	return NULL;
}

static struct error *run_list(struct invocation *invocation)
{
	const struct table *table = NULL;
	struct checkpoint checkpoint;
	struct error *error;

	error = table_find(invocation->arguments[0], &table);
	if (error)
		return error;
	error = open_checkpoint(invocation, invocation->arguments[1], &checkpoint);
	if (error)
		return error;
	error = list_rows(invocation, table, &checkpoint, NULL, NULL);
	finish_checkpoint(invocation, &checkpoint);
	return error;
}

const struct command command_list = {
	.name = "list",
	.arguments = "TABLE CHECKPOINT",
	.help = "the rows of a table",
	.formats = FORMATS_OF_ROWS,
	.options = { rows_options, parent_options, output_options },
	.files = FILES_BEHIND_FIRST,
	.print_more = help_tables,
	.least_arguments = 2,
	.most_arguments = 2,
	.run = run_list,
};
