/* diff A B: what changed between two checkpoints, in every table and in memory. */
#include <stdlib.h>

#include "db/tables/table.h"
#include "inspect/opened.h"
#include "inspect/options.h"
#include "inspect/reports/diff.h"

enum { MOST_STEPS = 256 };

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
							after->checkpoint.is_predump
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
	struct error *error = opened_one(invocation, paths[0], &pair[0]);

	for (int i = 1; !error && i < n; i++) {
		struct opened *before = &pair[(i - 1) % 2], *after = &pair[i % 2];

		error = opened_next(invocation, paths, i, before, after);
		if (!error)
			error = run_step(invocation, before, after, json, i == 1);
		opened_close(invocation, before);
		if (error && i > 1) { /* what came before it is shown, and the document ends as it should */
			problems_add(&invocation->problems, error);
			error = NULL;
			break;
		}
	}
	opened_close(invocation, &pair[0]);
	opened_close(invocation, &pair[1]);
	return error;
}

static struct error *run_parent(struct invocation *invocation, const char *path, struct json *json)
{
	struct opened child = { 0 }, parent = { 0 };
	struct error *error = opened_one(invocation, path, &child);

	if (!error)
		error = opened_parent(invocation, &child, &parent);
	if (!error)
		error = run_step(invocation, &parent, &child, json, true);
	opened_close(invocation, &parent);
	opened_close(invocation, &child);
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
