/*
 * check CHECKPOINT...: what stands in the way of restoring it, what is odd about it, and why a dump or restore failed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "db/findings/show.h"
#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/live/live.h"
#include "decoders/model/leaves/host.h"
#include "decoders/model/leaves/log.h"
#include "inspect/checkpoints.h"
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

/* Of all of them together. */
static void print_total(const struct run *run, struct out *out)
{
	struct findings total = { 0 };
	size_t failed = 0;

	for (size_t i = 0; i < run->n; i++) {
		const struct findings *findings = &run->judged[i].findings;

		failed += findings->error.data != NULL;
		total.suppressed.n += findings->suppressed.n;
		for (int severity = 0; severity < N_SEVERITIES; severity++)
			total.count[severity] += findings->count[severity];
	}
	out_printf(out, "%zu checkpoints: ", run->n);
	findings_show_summary(&total, out);
	if (failed)
		out_printf(out, ", %zu not looked at", failed);
	out_char(out, '\n');
}

static void print_text(const struct run *run, struct out *out)
{
	for (size_t i = 0; i < run->n; i++) {
		if (run->n > 1) {
			out_style(out, STYLE_BOLD);
			escape_text(out, run->judged[i].name);
			out_style(out, STYLE_PLAIN);
			out_text(out, "\n\n");
		}
		findings_show_text(&run->judged[i].findings, out);
		if (run->n > 1)
			out_char(out, '\n');
	}
	if (run->n > 1)
		print_total(run, out);
}

/* Rows have no place for what is suppressed: it is told beside them. */
static void note_suppressed(const struct run *run)
{
	for (size_t i = 0; i < run->n; i++) {
		size_t n = run->judged[i].findings.suppressed.n;

		if (n)
			invocation_note(run->invocation,
					error_in_source(error_new(ERROR_DAMAGED, "%zu suppressed", n),
							run->judged[i].path));
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
			findings_show_csv(&judged->findings, judged->name, out);
		else
			findings_show_jsonl(&judged->findings, judged->name, out);
	}
	note_suppressed(run);
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

/* What the bounds left out makes the result partial. */
static void tell_omitted(const struct judged *judged, struct invocation *invocation)
{
	const struct findings *findings = &judged->findings;
	size_t omitted = findings_omitted(findings);

	if (omitted)
		problems_add(&invocation->problems,
			     error_in_source(error_new(ERROR_LIMIT, "%zu findings more than are kept were "
								    "counted only", omitted), judged->path));
}

static void finish_judged(struct run *run, struct judged *judged)
{
	struct invocation *invocation = run->invocation;

	known_apply(&invocation->judgement->known, &judged->findings);
	tell_omitted(judged, invocation);
	if (findings_reach(&judged->findings, invocation->options.fail_on))
		invocation->status = 1;
}

static void hold_against_host(const struct judgement *judgement, struct checkpoint *checkpoint, struct check *check)
{
	if (!judgement->has_host || check->logs_only)
		return;
	check->with_host = true;
	host_attach(checkpoint, &judgement->host, !live_is(checkpoint));
	if (judgement->root >= 0)
		host_attach_files(checkpoint, judgement->root);
}

static struct error *check_one(struct run *run, struct checkpoint *checkpoint, bool is_log,
			       struct judged *judged)
{
	struct invocation *invocation = run->invocation;
	struct check check = invocation->judgement->check;
	struct error *error;

	check.logs_only = is_log;
	hold_against_host(invocation->judgement, checkpoint, &check);
	judged->scope = check_scope(checkpoint, &check);
	error = check_run(checkpoint, &check, &judged->findings);
	if (!error)
		finish_judged(run, judged);
	return error;
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

/* What lies at ONE: a checkpoint, a log by itself, or a directory that holds nothing else. */
static struct error *open_one(struct run *run, const struct collected *one, bool must_be_log,
			      struct checkpoint *ret, bool *ret_is_log)
{
	struct error *error;

	*ret_is_log = log_open(one->path, ret);
	if (*ret_is_log)
		return NULL;
	if (must_be_log)
		return error_in_source(error_new(ERROR_UNREADABLE, "cannot be read, or is no log of CRIU's"),
				       one->path);
	error = collected_open(run->invocation, one, ret);
	if (!error || error->kind != ERROR_UNREADABLE || !open_log_in(one->path, ret))
		return error;
	error_free(error);
	*ret_is_log = true;
	return NULL;
}

static struct error *check_at(struct run *run, const struct collected *one, bool must_be_log)
{
	struct judged *judged = &run->judged[run->n++];
	struct checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));
	bool is_log = false;
	struct error *error;

	if (!checkpoint)
		out_of_memory();
	judged->path = one->path;
	judged->name = collected_name(&run->arena, one);
	findings_init(&judged->findings, &run->arena);
	error = open_one(run, one, must_be_log, checkpoint, &is_log);
	if (!error) {
		error = check_one(run, checkpoint, is_log, judged);
		finish_checkpoint(run->invocation, checkpoint);
	}
	if (error)
		findings_fail(&judged->findings, error);
	free(checkpoint);
	return error;
}

/* The host by itself. */
static struct error *check_host(struct run *run)
{
	struct invocation *invocation = run->invocation;
	struct judgement *judgement = invocation->judgement;
	struct judged *judged = &run->judged[run->n++];
	struct check check = judgement->check;
	struct checkpoint nothing;
	struct error *error;

	judged->path = invocation->options.judge.host_root ? invocation->options.judge.host_root : "/";
	judged->name = bytes_of(judged->path);
	findings_init(&judged->findings, &run->arena);
	host_alone(&judgement->host, &nothing);
	check.host_only = true;
	judged->scope = check_scope(&nothing, &check);
	error = check_run(&nothing, &check, &judged->findings);
	if (!error)
		finish_judged(run, judged);
	finish_checkpoint(invocation, &nothing);
	return error;
}

/* --- all of them ----------------------------------------------------------------------------------------- */

/* One that cannot be opened does not keep the others from being looked at; a rule that is none does. */
static struct error *check_all(struct run *run, const struct collection *collection)
{
	struct invocation *invocation = run->invocation;
	bool has_log = invocation->options.judge.log != NULL;

	for (size_t i = 0; i < collection->n; i++) {
		struct error *error = check_at(run, &collection->items[i], has_log && i == 0);

		if (error && (collection->n == 1 || error->kind == ERROR_USAGE))
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
		.known = &invocation->judgement->known,
		.only = invocation->judgement->check.only,
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
	const char *log = invocation->options.judge.log;
	struct run run = { .invocation = invocation };
	struct collection collection = { 0 }, found;
	struct error *error;

	if (invocation->n_arguments == 0 && !log && !invocation->judgement->has_host)
		return error_new(ERROR_USAGE, "usage: coldcase check [OPTIONS] CHECKPOINT...");
	arena_init(&run.arena);
	if (log)
		collection_add(&run.arena, &collection, log, "");
	collect_checkpoints(invocation, &run.arena, &found);
	for (size_t i = 0; i < found.n; i++)
		collection_add(&run.arena, &collection, found.items[i].path, found.items[i].inside);
	run.judged = arena_zalloc(&run.arena, (collection.n + 1) * sizeof(*run.judged));
	error = collection.n ? check_all(&run, &collection) : check_host(&run);
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

static struct error *set_pid(struct options *options, const char *value)
{
	unsigned long pid;
	struct error *error = option_number("pid", value, INT32_MAX, &pid);

	if (!error)
		snprintf(options->judge.live_pid, sizeof(options->judge.live_pid), "/proc/%lu", pid);
	return error;
}

static const struct option check_options[] = {
	{ 0, "pid", "PID", "a running process and all below it, before any dump", .set = set_pid },
	{ 0, "cgroup", "DIR", "the processes of a control group, as /sys/fs/cgroup/...", KEEPS(judge.live_cgroup) },
	{ 0, "profile", "PROFILE", "whom the restore is for", KEEPS(judge.profile) },
	{ 0, "assume", "LIST", "what the restore will be given", KEEPS(judge.assume) },
	{ 0, "only", "LIST", "only these rules and categories", KEEPS(judge.only) },
	{ 0, "log", "FILE", "a log by itself", KEEPS(judge.log) },
	{ 0, "host", NULL, "whether this host can restore it; alone: what this host lacks", SETS(judge.host) },
	{ 0, "host-root", "DIR", "the same of another host, by a copy of its files", KEEPS(judge.host_root) },
	{ 0, "root", "DIR", "the container's files, as they will be at the restore", KEEPS(judge.root) },
	{ 0, "report", "FORMAT=FILE", "sarif, junit, markdown, json as well; again for more", .set = set_report },
	{ 0, "anchor", "FILE", "in SARIF, the file that findings are shown at", KEEPS(judge.anchor) },
	{ 0, "ignore", "FILE", "known findings (./.coldcaseignore where there is one)", KEEPS(judge.ignore) },
	{ 0, "baseline", "FILE", "an earlier JSON report, whose findings are known", KEEPS(judge.baseline) },
	{ 0 },
};

const struct command command_check = {
	.name = "check",
	.arguments = "CHECKPOINT... | --pid PID",
	.help = "what is in the way of restoring it, what is odd, why a dump failed",
	.about = "Rules look at the checkpoint's tables, and at CRIU's logs in it; \"coldcase\n"
		 "rules\" lists them. Where a dump or restore failed, the first cause is told. A\n"
		 "log by itself can stand in place of a checkpoint, and a directory, such as the\n"
		 "kubelet's, may hold many: each is judged, and the worst decides.\n"
		 "\n"
		 "--pid looks at a running process and all that descend from it, as a dump would\n"
		 "find them now, and --cgroup at those of a control group: what makes CRIU refuse,\n"
		 "or asks for an option, is told before any dump. Nothing is stopped or traced.\n"
		 "Nothing is assumed then but what the container's engine declares.\n"
		 "\n"
		 "--profile says whom the restore is for: same-host (the usual), other-host,\n"
		 "other-pod, plain-criu (no engine that supplies what is external), forensic (what\n"
		 "ran there?). --assume names what the restore will be given; without it what the\n"
		 "producer's own restore has, as far as the dump needed it:\n"
		 "\n"
		 "  tcp-established tcp-close file-locks ext-unix-sk shell-job link-remap external\n"
		 "  allow-uprobes devices, or none\n"
		 "\n"
		 "--host asks whether this host can restore it: kernel, CPU, limits, security, and\n"
		 "what is taken already; without a CHECKPOINT what the host itself lacks. Files are\n"
		 "read and nothing is executed. --root is the directory that will be the\n"
		 "container's root: files must be there, with the sizes that they had.\n"
		 "\n"
		 "--format is text, json, jsonl, csv, sarif, junit or markdown, and --report\n"
		 "writes others beside it. Findings that are known do not count and are reported\n"
		 "as suppressed: lines RULE SUBJECT exp:YYYY-MM-DD # reason of --ignore, where\n"
		 "SUBJECT is a pattern as of shells, and those of an earlier --baseline, where\n"
		 "they were as grave.\n"
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
