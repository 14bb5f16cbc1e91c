/* list TABLE CHECKPOINT: the rows of a table. */
#include "db/tables/render.h"
#include "inspect/command.h"

static const row_renderer renderers[] = {
	[FORMAT_TEXT] = render_text,
	[FORMAT_JSON] = render_json,
	[FORMAT_JSONL] = render_jsonl,
	[FORMAT_CSV] = render_csv,
};

struct error *list_rows(struct invocation *invocation, const struct table *table,
			struct checkpoint *checkpoint,
			bool (*wants)(const void *row, const void *options), row_renderer renderer)
{
	const struct options *options = &invocation->options;
	const struct listing_request request = {
		.columns = options->columns,
		.shortened = options->format == FORMAT_TEXT,
		.provenance = options->provenance,
		.sort = options->sort,
		.pids = options->pids,
		.n_pids = options->n_pids,
		.reveal = options->reveal,
		.wants = wants,
		.context = options,
	};
	struct listing listing;
	struct error *error;

	error = listing_init(&checkpoint->arena, table, &request, &listing);
	if (error)
		return error;
	listing_choose(checkpoint, &request, &listing);
	if (!renderer)
		renderer = renderers[options->format];
	renderer(checkpoint, &listing, &invocation->out);
	return NULL;
}

struct error *command_list(struct invocation *invocation)
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
