/* diff A B: what changed between two checkpoints, in every table and in memory. */
#include <stdlib.h>

#include "db/tables/table.h"
#include "decoders/model/predump.h"
#include "inspect/memory.h"
#include "inspect/options.h"
#include "inspect/reports/diff.h"

enum { MOST_STEPS = 256 };

/* --- opening ---------------------------------------------------------------------------------------- */

/* A checkpoint of the chain, with its memory found. */
struct opened {
	struct checkpoint checkpoint;
	const char *name; /* what the user calls it */
	bool is_open;
};

static struct error *find_memory(struct checkpoint *checkpoint)
{
	checkpoint_name_tasks(checkpoint);
	checkpoint_need(checkpoint, PART_PAGES);
	return memory_is_readable(checkpoint);
}

static void close_opened(struct invocation *invocation, struct opened *opened)
{
	if (opened->is_open)
		finish_checkpoint(invocation, &opened->checkpoint);
	opened->is_open = false;
}

static struct error *take_opened(struct invocation *invocation, struct error *error, struct opened *opened)
{
	if (error)
		return error;
	opened->is_open = true;
	error = find_memory(&opened->checkpoint);
	if (error)
		close_opened(invocation, opened);
	return error;
}

static struct error *open_one(struct invocation *invocation, const char *path, struct opened *ret)
{
	struct opened opened = { .name = path };

	*ret = opened;
	return take_opened(invocation, open_checkpoint(invocation, path, &ret->checkpoint), ret);
}

/* Whether the link of a checkpoint to its parent has the name of that other one's images. */
static bool is_parent_named(const struct checkpoint *checkpoint, const struct opened *other)
{
	struct bytes wanted = bytes_basename(checkpoint->missing_parent);

	return bytes_equal(wanted, bytes_basename(other->checkpoint.images)) ||
	       bytes_equal(wanted, bytes_basename(bytes_of(other->name)));
}

/*
 * Opens PATHS[AT]. Where its parent is not here but goes by the name of the one before it, which is an archive
 * elsewhere, then that one is its parent, with those before it in turn.
 */
static struct error *open_next(struct invocation *invocation, const char *const *paths, int at,
			       const struct opened *before, struct opened *ret)
{
	const struct opening opening = { .inside = invocation->options.inside,
					 .spool = invocation->spool };
	struct error *error = open_one(invocation, paths[at], ret);

	if (error || !ret->checkpoint.missing_parent.data || invocation->options.n_parents ||
	    !is_parent_named(&ret->checkpoint, before))
		return error;
	checkpoint_close(&ret->checkpoint);
	ret->is_open = false;
	error = checkpoint_open_as(paths[at], &opening, &ret->checkpoint);
	for (int i = at - 1; !error && i >= 0; i--) {
		error = checkpoint_add_parent(&ret->checkpoint, paths[i]);
		if (error)
			checkpoint_close(&ret->checkpoint);
	}
	return take_opened(invocation, error, ret);
}

/* --- a checkpoint's own parent ------------------------------------------------------------------------ */

static struct error *no_parent(const struct opened *child)
{
	const struct checkpoint *checkpoint = &child->checkpoint;

	if (checkpoint->missing_parent.data && checkpoint->layers.n < 2)
		return error_in_source(error_new(ERROR_UNREADABLE,
						 "its parent \"%.*s\" is not here: --parent PATH names it",
						 BYTES_FMT(checkpoint->missing_parent)),
				       child->name);
	if (checkpoint->layers.n < 2 || !checkpoint->parent.data)
		return error_in_source(error_new(ERROR_UNREADABLE,
						 "has no parent to compare it with: it is not incremental"),
				       child->name);
	if (strcmp(child->name, "-") == 0)
		return error_new(ERROR_USAGE, "standard input cannot be read twice, for the parent in it");
	return NULL;
}

/* The way to a directory of images in the source that a checkpoint is in, as --inside has it. */
static const char *way_to(struct checkpoint *checkpoint, struct bytes images)
{
	const struct source *outermost = source_outermost(&checkpoint->source);
	size_t len = strlen(outermost->path);

	if (outermost == &checkpoint->source)
		return arena_text(&checkpoint->arena, images);
	return arena_printf(&checkpoint->arena, "%s/%.*s", checkpoint->source.path + len + 1,
			    BYTES_FMT(images));
}

/* "a/3" and its link "../2" give "a/2", which reads better than what was opened. */
static const char *name_beside(struct opened *child, const struct source *parent)
{
	struct bytes name = bytes_of(child->name), directory = bytes_dirname(name);
	struct bytes last = bytes_basename(name), target = bytes_basename(bytes_of(parent->path));

	if (!directory.len || !last.len || bytes_equal(last, BYTES("..")) ||
	    bytes_equal(last, BYTES(".")) || child->checkpoint.images.len)
		return parent->path;
	return arena_printf(&child->checkpoint.arena, "%.*s/%.*s", BYTES_FMT(directory),
			    BYTES_FMT(target));
}

static struct error *open_parent(struct invocation *invocation, struct opened *child, struct opened *ret)
{
	const struct options *options = &invocation->options;
	struct checkpoint *checkpoint = &child->checkpoint;
	struct opening opening = { .inside = "", .spool = invocation->spool };
	struct error *error = no_parent(child);
	const struct layer *layer;
	bool is_given;

	*ret = (struct opened){ .name = child->name };
	if (error)
		return error;
	layer = &checkpoint->layers.items[1];
	is_given = checkpoint->given_parents.n &&
		   layer->source == checkpoint->given_parents.items[0].source;
	if (layer->source == &checkpoint->source) {
		opening.inside = way_to(checkpoint, layer->images);
		ret->name = arena_printf(&checkpoint->arena, "%s: %.*s", child->name,
					 BYTES_FMT(layer->images));
		error = checkpoint_open_as(child->name, &opening, &ret->checkpoint);
	} else {
		error = checkpoint_open_as(is_given ? options->parents[0] : layer->source->path, &opening,
					   &ret->checkpoint);
		ret->name = is_given ? options->parents[0] : name_beside(child, layer->source);
	}
	for (size_t i = is_given; !error && i < options->n_parents; i++) {
		error = checkpoint_add_parent(&ret->checkpoint, options->parents[i]);
		if (error)
			checkpoint_close(&ret->checkpoint);
	}
	return take_opened(invocation, error, ret);
}

/* --- what is compared ------------------------------------------------------------------------------------ */

static struct error *add_table(struct diff_step *step, struct bytes name)
{
	const struct table *table = NULL;
	char text[64];
	struct error *error;

	if (bytes_equal(name, BYTES("memory"))) {
		step->has_memory = true;
		return NULL;
	}
	if (name.len >= sizeof(text))
		return error_new(ERROR_USAGE, "--tables takes names of tables, and \"memory\"");
	memcpy(text, name.data, name.len);
	text[name.len] = '\0';
	error = table_find(text, &table);
	if (error)
		return error;
	for (size_t i = 0; i < step->n_tables; i++)
		if (step->tables[i] == table)
			return NULL;
	step->tables[step->n_tables++] = table;
	return NULL;
}

/* Those that --tables names, or all that are about what was dumped, and the memory. */
static struct error *choose_tables(struct diff_step *step)
{
	struct bytes rest = bytes_of(step->invocation->options.tables);

	step->tables = calloc(n_tables + 1, sizeof(*step->tables));
	if (!step->tables)
		out_of_memory();
	if (!rest.data) {
		step->has_memory = true;
		for (size_t i = 0; i < n_tables; i++)
			if (is_compared(tables[i]))
				step->tables[step->n_tables++] = tables[i];
		return NULL;
	}
	for (;;) {
		struct bytes name = bytes_first(rest, bytes_find(rest, ','));
		struct error *error = add_table(step, name);

		if (error || name.len == rest.len)
			return error;
		rest = bytes_from(rest, name.len + 1);
	}
}

static struct error *check_pids(const struct diff_step *step)
{
	const struct options *options = &step->invocation->options;

	for (size_t i = 0; i < options->n_pids; i++)
		if (process_row(step->comparison.before, options->pids[i]) == NO_ROW &&
		    process_row(step->comparison.after, options->pids[i]) == NO_ROW)
			return error_new(ERROR_USAGE, "there is no process %u in either", options->pids[i]);
	return NULL;
}

/* --- steps ----------------------------------------------------------------------------------------- */

static void render(struct diff_step *step, struct json *json, bool is_first)
{
	switch (step->invocation->options.format) {
	case FORMAT_JSON:
		diff_render_json(step, json);
		break;
	case FORMAT_MARKDOWN:
		diff_render_markdown(step);
		break;
	default:
		if (!is_first)
			out_text(&step->invocation->out, "\n\n");
		diff_render_text(step);
	}
}

static struct error *run_step(struct invocation *invocation, struct opened *before, struct opened *after,
			      struct json *json, bool is_first)
{
	struct diff_step step = { .invocation = invocation, .before = before->name, .after = after->name };
	struct error *error = choose_tables(&step);

	if (!error) {
		comparison_init(&before->checkpoint, &after->checkpoint, &step.comparison);
		if (step.comparison.has_predump && step.n_tables) {
			step.n_tables = 0;
			invocation_note(invocation,
					error_in_source(error_new(ERROR_DAMAGED,
								  "a pre-dump holds pages and nothing else: "
								  "tables are not compared"),
							checkpoint_is_predump(&after->checkpoint)
								? after->name
								: before->name));
		}
		error = check_pids(&step);
		if (!error)
			render(&step, json, is_first);
		if (step.differs)
			invocation->status = 1;
		comparison_deinit(&step.comparison);
	}
	free(step.tables);
	return error;
}

/* Each of PATHS against the one before it; two of them are open at a time. */
static struct error *run_chain(struct invocation *invocation, const char *const *paths, int n,
			       struct json *json)
{
	struct opened pair[2] = { 0 };
	struct error *error = open_one(invocation, paths[0], &pair[0]);

	for (int i = 1; !error && i < n; i++) {
		struct opened *before = &pair[(i - 1) % 2], *after = &pair[i % 2];

		error = open_next(invocation, paths, i, before, after);
		if (!error)
			error = run_step(invocation, before, after, json, i == 1);
		close_opened(invocation, before);
		if (error && i > 1) { /* what came before it is shown, and the document ends as it should */
			problems_add(&invocation->problems, error);
			error = NULL;
			break;
		}
	}
	close_opened(invocation, &pair[0]);
	close_opened(invocation, &pair[1]);
	return error;
}

static struct error *run_parent(struct invocation *invocation, const char *path, struct json *json)
{
	struct opened child = { 0 }, parent = { 0 };
	struct error *error = open_one(invocation, path, &child);

	if (!error)
		error = open_parent(invocation, &child, &parent);
	if (!error)
		error = run_step(invocation, &parent, &child, json, true);
	close_opened(invocation, &parent);
	close_opened(invocation, &child);
	return error;
}

static struct error *run_diff(struct invocation *invocation)
{
	struct options *options = &invocation->options;
	const char *const *paths = invocation->arguments;
	int n = invocation->n_arguments;
	bool is_list = options->format == FORMAT_JSON && n > 2;
	struct error *error;
	struct json json;

	if (n == 0 && options->n_parents) { /* diff --parent X */
		paths = &options->parents[--options->n_parents];
		n = 1;
	}
	if (n == 0)
		return error_new(ERROR_USAGE, "usage: coldcase diff [OPTIONS] BEFORE AFTER..., or "
					      "--parent CHECKPOINT");
	if (n > MOST_STEPS)
		return error_new(ERROR_LIMIT, "more than %d checkpoints", MOST_STEPS);
	json_init(&json, &invocation->out, JSON_INDENTED);
	if (is_list)
		json_array_begin(&json);
	error = n == 1 ? run_parent(invocation, paths[0], &json) : run_chain(invocation, paths, n, &json);
	if (is_list)
		json_array_end(&json);
	if (!error && options->format == FORMAT_JSON)
		out_char(&invocation->out, '\n');
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static const struct option diff_options[] = {
	{ 0, "tables", "LIST", "compare only these tables; \"memory\" is one", KEEPS(tables) },
	{ 0, "pages", NULL, "the addresses of pages that differ", SETS(pages) },
	{ 0, "bytes", NULL, "the bytes that differ, of both sides", SETS(show_bytes) },
	{ 0 },
};

const struct command command_diff = {
	.name = "diff",
	.arguments = "BEFORE AFTER... | --parent CHECKPOINT",
	.help = "what changed: every table, and memory page by page",
	.about = "Of several each against the one before it. With one, or --parent CHECKPOINT\n"
		 "alone, that one against its parent in the chain. Exit status: 0 the same, 1 they\n"
		 "differ.\n"
		 "\n"
		 "Rows are told by what they are: a descriptor by its task and number, a socket by\n"
		 "its ends; \"coldcase tables TABLE\" names the key. Tasks are the same where pid\n"
		 "and program are, or where the program is and leaves no doubt. Ids that only CRIU\n"
		 "gave, inode numbers and clocks that ran on are not compared.\n"
		 "\n"
		 "A page is new where it was never written before, or lay in a file; gone the\n"
		 "other way round; unknown where it is lazy or its parent is not here. Memory is\n"
		 "read through the parents on both sides. Of a pre-dump only memory is compared.\n"
		 "\n"
		 "--format is text, json or markdown.\n",
	.formats = FORMATS(TEXT) | FORMATS(JSON) | FORMATS(MARKDOWN),
	.options = { diff_options, pid_options, wide_options, reveal_options, parent_options, output_options, spool_options },
	.reads_memory = true,
	.most_arguments = MANY_ARGUMENTS,
	.run = run_diff,
};
