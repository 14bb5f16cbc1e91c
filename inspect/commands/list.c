/* list TABLE CHECKPOINT: the rows of a table. */
#include "db/tables/render.h"
#include "inspect/command.h"

static void (*const renderers[])(const struct checkpoint *, const struct listing *, struct out *) = {
	[FORMAT_TEXT] = render_text,
	[FORMAT_JSON] = render_json,
	[FORMAT_JSONL] = render_jsonl,
	[FORMAT_CSV] = render_csv,
};

static struct error *print_listing(struct invocation *invocation, const struct table *table,
				   struct checkpoint *checkpoint)
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
	};
	struct listing listing;
	struct error *error;

	error = listing_init(&checkpoint->arena, table, &request, &listing);
	if (error)
		return error;
	listing_choose(checkpoint, &request, &listing);
	renderers[options->format](checkpoint, &listing, &invocation->out);
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
	error = print_listing(invocation, table, &checkpoint);
	finish_checkpoint(invocation, &checkpoint);
	return error;
}
