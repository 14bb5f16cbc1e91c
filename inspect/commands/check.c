/*
 * check CHECKPOINT...: what stands in the way of restoring it, what is odd about it, and why a dump or restore failed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "db/findings/show.h"
#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/model/leaves/log.h"
#include "inspect/judge.h"
#include "inspect/options.h"

/* What was found in all of them, until it is shown. */
struct run {
	struct invocation *invocation;
	struct arena arena;
	struct judged *judged;
	size_t n;
};

/* --- showing ------------------------------------------------------------------------------------------- */

static void print_text(const struct run *run, struct out *out)
{
	for (size_t i = 0; i < run->n; i++) {
		if (run->n > 1) {
			out_style(out, STYLE_BOLD);
			escape_text(out, bytes_of(run->judged[i].path));
			out_style(out, STYLE_PLAIN);
			out_text(out, "\n\n");
		}
		findings_show_text(&run->judged[i].findings, out);
		if (i + 1 < run->n)
			out_char(out, '\n');
	}
}

static void print_rows(const struct run *run, struct out *out)
{
	bool is_csv = run->invocation->options.format == FORMAT_CSV;

	if (is_csv)
		findings_csv_begin(out);
	for (size_t i = 0; i < run->n; i++) {
		const struct judged *judged = &run->judged[i];

		if (is_csv)
			findings_show_csv(&judged->findings, bytes_of(judged->path), out);
		else
			findings_show_jsonl(&judged->findings, bytes_of(judged->path), out);
	}
}

static void print(const struct run *run, const struct judged_list *list)
{
	struct judgement *judgement = run->invocation->judgement;
	struct out *out = &run->invocation->out;

	if (judgement->form != REPORT_NONE)
		judgement_report(judgement->form, list, out);
	else if (run->invocation->options.format == FORMAT_TEXT)
		print_text(run, out);
	else if (run->invocation->options.format == FORMAT_JSON)
		judgement_report(REPORT_JSON, list, out);
	else
		print_rows(run, out);
}

/* --- one checkpoint ------------------------------------------------------------------------------------ */

/* Takes out what is known already. */
static void leave_out_known(struct invocation *invocation, struct findings *findings, const char *path)
{
	size_t n = 0, before = findings->list.n, n_rules;

	for (size_t i = 0; i < before; i++) {
		const struct finding *finding = &findings->list.items[i];

		if (!known_is(&invocation->judgement->known, finding)) {
			findings->list.items[n++] = *finding;
			continue;
		}
		findings->count[finding->severity]--;
		for (size_t j = 0; j < findings->rules.n; j++)
			if (bytes_equal(findings->rules.items[j].rule, finding->rule)) {
				findings->rules.items[j].found--;
				findings->rules.items[j].kept--;
			}
	}
	findings->list.n = n;
	n_rules = 0;
	for (size_t i = 0; i < findings->rules.n; i++)
		if (findings->rules.items[i].found)
			findings->rules.items[n_rules++] = findings->rules.items[i];
	findings->rules.n = n_rules;
	findings->last_rule = 0;
	if (n < before)
		invocation_note(invocation, error_in_source(error_new(ERROR_DAMAGED, "%zu known %s left out",
								      before - n, before - n == 1 ? "finding" : "findings"),
							    path));
}

/* What the bounds left out makes the result partial. */
static void tell_omitted(const struct findings *findings, struct invocation *invocation, const char *path)
{
	size_t omitted = findings_omitted(findings);

	if (omitted)
		problems_add(&invocation->problems,
			     error_in_source(error_new(ERROR_LIMIT, "%zu findings more than are kept were "
								    "counted only", omitted), path));
}

static void check_one(struct run *run, struct checkpoint *checkpoint, const char *path, bool is_log)
{
	struct invocation *invocation = run->invocation;
	struct check check = invocation->judgement->check;
	struct judged *judged = &run->judged[run->n];
	struct error *error;

	judged->path = path;
	findings_init(&judged->findings, &run->arena);
	check.logs_only = is_log;
	error = check_run(checkpoint, &check, &judged->findings);
	if (error) {
		problems_add(&invocation->problems, error);
		return;
	}
	run->n++;
	leave_out_known(invocation, &judged->findings, path);
	tell_omitted(&judged->findings, invocation, path);
	if (findings_reach(&judged->findings, invocation->options.fail_on))
		invocation->status = 1;
}

/* A dump that was refused early leaves its log and nothing else. */
static bool open_log_in(const char *directory, struct checkpoint *ret)
{
	static const char *const names[] = { "dump.log", "restore.log" };
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(names) && !found; i++) {
		char *path;

		if (asprintf(&path, "%s/%s", directory, names[i]) < 0)
			out_of_memory();
		found = log_open(path, ret);
		free(path);
	}
	return found;
}

static struct error *check_path(struct run *run, const char *path, bool must_be_log)
{
	struct checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));
	bool is_log = false;
	struct error *error = NULL;

	if (!checkpoint)
		out_of_memory();
	is_log = log_open(path, checkpoint);
	if (!is_log && must_be_log)
		error = error_in_source(error_new(ERROR_UNREADABLE, "cannot be read, or is no log of CRIU's"),
					path);
	else if (!is_log)
		error = open_checkpoint(run->invocation, path, checkpoint);
	if (error && !must_be_log && error->kind == ERROR_UNREADABLE && open_log_in(path, checkpoint)) {
		error_free(error);
		error = NULL;
		is_log = true;
	}
	if (!error) {
		check_one(run, checkpoint, path, is_log);
		finish_checkpoint(run->invocation, checkpoint);
	}
	free(checkpoint);
	return error;
}

/* --- all of them ----------------------------------------------------------------------------------------- */

/* One that cannot be opened does not keep the others from being looked at. */
static struct error *check_paths(struct run *run, int n)
{
	struct invocation *invocation = run->invocation;
	const char *log = invocation->options.judge.log;
	struct error *error;

	for (int i = 0; i < n; i++) {
		bool is_log = log && i == 0;

		error = check_path(run, is_log ? log : invocation->arguments[i - (log != NULL)], is_log);
		if (error && n == 1)
			return error;
		problems_add(&invocation->problems, error);
	}
	return NULL;
}

static struct error *show(struct run *run)
{
	struct invocation *invocation = run->invocation;
	const struct judged_list list = {
		.items = run->judged,
		.n = run->n,
		.rules = &invocation->judgement->rules,
		.fail_on = invocation->options.fail_on,
		.anchor = invocation->options.judge.anchor,
		.partial = invocation->problems.n + invocation->problems.dropped > 0,
	};

	print(run, &list);
	known_tell(&invocation->judgement->known, &invocation->notes);
	return judgement_write(invocation->judgement, &list);
}

static struct error *run_check(struct invocation *invocation)
{
	int n = invocation->n_arguments + (invocation->options.judge.log != NULL);
	struct run run = { .invocation = invocation };
	struct error *error;

	if (n == 0)
		return error_new(ERROR_USAGE, "usage: coldcase check [OPTIONS] CHECKPOINT...");
	arena_init(&run.arena);
	run.judged = arena_zalloc(&run.arena, (size_t)n * sizeof(*run.judged));
	error = check_paths(&run, n);
	if (!error)
		error = show(&run);
	arena_deinit(&run.arena);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static struct error *set_report(struct options *options, const char *value)
{
	struct judge_options *judge = &options->judge;

	if (judge->n_reports == MOST_REPORTS)
		return error_new(ERROR_USAGE, "more than %d reports", MOST_REPORTS);
	judge->reports[judge->n_reports++] = value;
	return NULL;
}

static const struct option check_options[] = {
	{ 0, "profile", "PROFILE", "whom the restore is for", KEEPS(judge.profile) },
	{ 0, "assume", "LIST", "what the restore will be given", KEEPS(judge.assume) },
	{ 0, "only", "LIST", "only these rules and categories", KEEPS(judge.only) },
	{ 0, "log", "FILE", "a log by itself", KEEPS(judge.log) },
	{ 0, "report", "FORMAT=FILE", "sarif, junit, markdown, json as well; again for more", .set = set_report },
	{ 0, "anchor", "FILE", "in SARIF, the file that findings are shown at", KEEPS(judge.anchor) },
	{ 0, "ignore", "FILE", "known findings (./.coldcaseignore where there is one)", KEEPS(judge.ignore) },
	{ 0, "baseline", "FILE", "an earlier JSON report, whose findings are known", KEEPS(judge.baseline) },
	{ 0 },
};

const struct command command_check = {
	.name = "check",
	.arguments = "CHECKPOINT...",
	.help = "what is in the way of restoring it, what is odd, why a dump failed",
	.about = "Rules look at the checkpoint's tables, and at CRIU's logs in it; \"coldcase\n"
		 "rules\" lists them. Where a dump or restore failed, the first cause is told. A\n"
		 "log by itself can stand in place of a checkpoint.\n"
		 "\n"
		 "--profile says whom the restore is for: same-host (the usual), other-host,\n"
		 "other-pod, plain-criu (no engine that supplies what is external), forensic (what\n"
		 "ran there?). --assume names what the restore will be given; without it what the\n"
		 "producer's own restore has, as far as the dump needed it:\n"
		 "\n"
		 "  tcp-established tcp-close file-locks ext-unix-sk shell-job link-remap external\n"
		 "  allow-uprobes devices, or none\n"
		 "\n"
		 "--format is text, json, jsonl, csv, sarif, junit or markdown, and --report\n"
		 "writes others beside it. Findings that are known are left out: lines RULE\n"
		 "SUBJECT exp:YYYY-MM-DD # reason of --ignore, where SUBJECT is a pattern as of\n"
		 "shells, and those of an earlier --baseline.\n"
		 "\n"
		 "Exit status 1: something is as severe as --fail-on (error, unless it says\n"
		 "otherwise).\n",
	.formats = FORMATS_OF_ROWS | FORMATS(SARIF) | FORMATS(JUNIT) | FORMATS(MARKDOWN),
	.options = { check_options, ruleset_options, fail_on_options, parent_options, output_options },
	.prepare = prepare_judgement,
	.release = release_judgement,
	.most_arguments = MANY_ARGUMENTS,
	.run = run_check,
};
