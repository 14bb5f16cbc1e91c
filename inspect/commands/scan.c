/* scan CHECKPOINT: secrets, and indicators that somebody else knows. */
#include <stdlib.h>

#include "db/scan/scan.h"
#include "db/scan/secrets.h"
#include "inspect/checkpoints.h"
#include "inspect/help.h"
#include "inspect/judging.h"
#include "inspect/memory.h"
#include "inspect/options.h"
#include "inspect/scan_rules.h"

/* What it looks for. */
struct scanning {
	struct patterns *patterns;
	struct indicators indicators;
};

static struct error *read_indicators(struct scanning *scanning, const char *path)
{
	struct bytes text;
	struct error *error = known_read_file(&scanning->indicators.arena, path, &text);

	return error ? error : indicators_read(&scanning->indicators, text, path);
}

/* What is asked for and left out again is no answer. */
static void note_left_out(struct invocation *invocation)
{
	const struct indicators *indicators = &invocation->scanning->indicators;
	bool is_left_out = false;

	for (size_t i = 0; i < N_INDICATOR_TYPES; i++) {
		if (!indicators->has[i])
			continue;
		if (scan_tells(invocation->judgement->check.only, indicator_types[i].rule, CATEGORY_INDICATOR))
			return;
		is_left_out = true;
	}
	if (is_left_out)
		invocation_note(invocation, error_new(ERROR_USAGE, "--only leaves out all that --ioc lists: \"indicator\" "
						      "in it keeps that"));
}

/* Before the sandbox: machine code is made of expressions, and files are read. */
static struct error *prepare_scan(struct invocation *invocation)
{
	const struct scan_options *options = &invocation->options.scan;
	struct scanning *scanning = calloc(1, sizeof(*scanning));
	struct error *error;

	if (!scanning)
		out_of_memory();
	invocation->scanning = scanning;
	indicators_init(&scanning->indicators);
	error = prepare_judgement(invocation);
	if (!error)
		error = secret_patterns(&scanning->patterns);
	for (size_t i = 0; !error && i < options->n_indicators; i++)
		error = read_indicators(scanning, options->indicators[i]);
	if (error)
		return error;
	indicators_prepare(&scanning->indicators);
	scan_rules(&invocation->judgement->rules);
	if (options->only)
		error = judgement_only(&invocation->judgement->rules, options->only,
				       &invocation->judgement->check.only);
	if (!error)
		note_left_out(invocation);
	return error;
}

static void release_scan(struct invocation *invocation)
{
	struct scanning *scanning = invocation->scanning;

	release_judgement(invocation);
	if (!scanning)
		return;
	patterns_free(scanning->patterns);
	indicators_free(&scanning->indicators);
	free(scanning);
	invocation->scanning = NULL;
}

static void look(struct invocation *invocation, struct checkpoint *checkpoint, struct findings *findings)
{
	const struct options *options = &invocation->options;
	const struct scan_request request = {
		.patterns = invocation->scanning->patterns,
		.indicators = options->scan.n_indicators ? &invocation->scanning->indicators : NULL,
		.pids = options->pids,
		.n_pids = options->n_pids,
		.by_storage = options->scan.by_storage || checkpoint->vmas.n == 0, /* a pre-dump has no mappings */
		.only = invocation->judgement->check.only,
		.all_places = options->scan.all_places,
		.reveal = options->reveal,
	};

	findings->most_of_a_rule = findings->most;
	scan_checkpoint(checkpoint, &request, findings, &checkpoint->problems);
	findings_sort(findings);
}

static struct error *scan_one(struct judging *judging, const struct collected *one)
{
	struct judged *judged = judging_next(judging, one->path, collected_name(&judging->arena, one));
	struct checkpoint checkpoint;
	struct error *error = collected_open(judging->invocation, one, &checkpoint);

	judged->scope = 1;
	if (!error)
		error = need_memory(judging->invocation, one->path, &checkpoint);
	if (error) {
		findings_fail(&judged->findings, error);
		return error;
	}
	look(judging->invocation, &checkpoint, &judged->findings);
	judging_finish(judging, judged, &checkpoint.problems);
	finish_checkpoint(judging->invocation, &checkpoint);
	return NULL;
}

/* One that cannot be opened does not keep the others from being looked at. */
static struct error *scan_all(struct judging *judging, const struct collection *collection)
{
	struct error *error;

	if (collection->n == 1)
		return scan_one(judging, &collection->items[0]);
	for (size_t i = 0; i < collection->n; i++) {
		error = scan_one(judging, &collection->items[i]);
		problems_add(&judging->invocation->problems, error);
	}
	return NULL;
}

static struct error *run_scan(struct invocation *invocation)
{
	struct collection collection = { 0 };
	struct judging judging;
	struct error *error;

	if (invocation->options.scan.by_storage && invocation->options.n_pids)
		return error_new(ERROR_USAGE, "--physical is about all that is stored: not with -p");
	judging_init(&judging, invocation, "scan");
	collect_checkpoints(invocation, &judging.arena, &collection);
	error = scan_all(&judging, &collection);
	if (!error)
		error = judging_show(&judging);
	judging_deinit(&judging);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static struct error *set_indicators(struct options *options, const char *value)
{
	struct scan_options *scan = &options->scan;

	if (scan->n_indicators == MOST_INDICATOR_FILES)
		return error_new(ERROR_USAGE, "more than %d files of indicators", MOST_INDICATOR_FILES);
	scan->indicators[scan->n_indicators++] = value;
	return NULL;
}

static const struct option scan_options[] = {
	{ 0, "ioc", "FILE", "hashes, addresses, names and strings to look for, too", .set = set_indicators },
	{ 0, "only", "LIST", "only these kinds", KEEPS(scan.only) },
	{ 0, "physical", NULL, "each stored page once, mapped or not", SETS(scan.by_storage) },
	{ 'a', "all", NULL, "every place of each secret, not only the first", SETS(scan.all_places) },
	{ 0 },
};

static void print_kinds(struct out *out)
{
	out_text(out, "\nKinds of secrets, and how grave they are:\n");
	for (size_t i = 0; i < n_secret_kinds; i++) {
		out_printf(out, "  %-22s %-8s ", secret_kinds[i].id, severities[secret_kinds[i].severity].name);
		help_fold(out, secret_kinds[i].title, 34);
	}
	out_text(out, "\nKinds of what --ioc lists, all of them an error:\n");
	for (size_t i = 0; i < N_INDICATOR_TYPES; i++)
		if (scan_rule_begins(i))
			out_printf(out, "  %-22s %s\n", indicator_types[i].rule, indicator_types[i].title);
	out_text(out, "\n--only takes these names, and \"secret\" or \"indicator\" for all of either.\n");
}

const struct command command_scan = {
	.name = "scan",
	.arguments = "CHECKPOINT...",
	.help = "secrets in memory, files and queues; indicators of compromise",
	.about = "Looks at the memory of every task, at what the images hold of files and queues,\n"
		 "and at every other file of the archive. A secret is shown once, masked, with its\n"
		 "length, the beginning of its SHA-256, its first place and their number.\n"
		 "\n"
		 "A line of --ioc is TYPE VALUE # comment, with a TYPE of sha256, sha1, md5, ip\n"
		 "(or a network), domain, path, name, process, string; or a value that shows what\n"
		 "it is. \"*\" and \"?\" stand for anything in path, name and process.\n"
		 "\n"
		 "--ignore, --baseline and --report are those of check. Exit status: 0 nothing, 1\n"
		 "something at or above --fail-on (error).\n",
	.formats = FORMATS_OF_ROWS | FORMATS(SARIF) | FORMATS(JUNIT) | FORMATS(MARKDOWN) | FORMATS(HTML),
	.options = { scan_options, judging_options, fail_on_options, pid_options, reveal_options, parent_options,
		     spool_options, output_options },
	.print_more = print_kinds,
	.least_arguments = 1,
	.most_arguments = MANY_ARGUMENTS,
	.reads_memory = true,
	.output_is_private = true,
	.prepare = prepare_scan,
	.needs_images = true,
	.run = run_scan,
	.release = release_scan,
};
