/* list TABLE CHECKPOINT: the rows of a table. */
#include "db/tables/render.h"
#include "inspect/command.h"

static struct error *print_listing(struct invocation *invocation, struct checkpoint *checkpoint,
				   struct listing *listing)
{
	struct json json;

	listing->provenance = invocation->options.provenance;
	checkpoint_need(checkpoint, listing_needs(listing));
	if (invocation->options.format == FORMAT_TEXT) {
		render_text(checkpoint, listing, &invocation->out);
		return NULL;
	}
	json_init(&json, &invocation->out, JSON_ROWS);
	render_json(checkpoint, listing, &json);
	out_char(&invocation->out, '\n');
	return NULL;
}

struct error *command_list(struct invocation *invocation)
{
	const struct table *table = table_named(invocation->arguments[0]);
	bool all = invocation->options.format == FORMAT_JSON;
	struct checkpoint checkpoint;
	struct listing listing;
	struct error *error;

	if (!table)
		return error_new(ERROR_USAGE, "there is no table \"%s\"; \"coldcase\" alone lists them",
				 invocation->arguments[0]);
	error = checkpoint_open(invocation->arguments[1], &checkpoint);
	if (error)
		return error;
	error = listing_init(&checkpoint.arena, table, invocation->options.columns, all, &listing);
	if (!error)
		error = print_listing(invocation, &checkpoint, &listing);
	finish_checkpoint(invocation, &checkpoint);
	return error;
}
