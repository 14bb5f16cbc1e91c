/*
 * check CHECKPOINT...: what stands in the way of restoring it, what is odd about it, and why a dump or restore failed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/live/live.h"
#include "decoders/model/leaves/host.h"
#include "decoders/model/leaves/log.h"
#include "inspect/judging.h"
#include "inspect/kin.h"
#include "inspect/options.h"

static void hold_against_host(const struct judgement *judgement, struct checkpoint *checkpoint, struct check *check)
{
	if (!judgement->has_host || check->logs_only)
		return;
	check->with_host = true;
	host_attach(checkpoint, &judgement->host, !live_is(checkpoint));
	if (judgement->root >= 0)
		host_attach_files(checkpoint, judgement->root);
}

static struct error *check_one(struct judging *judging, struct checkpoint *checkpoint, bool is_log,
			       struct judged *judged)
{
	struct invocation *invocation = judging->invocation;
	struct check check = invocation->judgement->check;
	struct error *error;

	check.logs_only = is_log;
	hold_against_host(invocation->judgement, checkpoint, &check);
	judged->scope = check_scope(checkpoint, &check);
	error = check_run(checkpoint, &check, &judged->findings);
	if (!error)
		judging_finish(judging, judged, &checkpoint->problems);
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

/* What lies there: a checkpoint, a log by itself, or a directory that holds nothing else. */
static struct error *open_one(struct kin *kin, size_t item, bool must_be_log, struct checkpoint *ret,
			      bool *ret_is_log)
{
	const struct collected *one = &kin->collection->items[item];
	struct error *error;

	*ret_is_log = log_open(one->path, ret);
	if (*ret_is_log)
		return NULL;
	if (must_be_log)
		return error_in_source(error_new(ERROR_UNREADABLE, "cannot be read, or is no log of CRIU's"),
				       one->path);
	error = kin_open(kin, item, ret);
	if (!error || error->kind != ERROR_UNREADABLE || !open_log_in(one->path, ret))
		return error;
	error_free(error);
	*ret_is_log = true;
	return NULL;
}

static struct error *check_at(struct judging *judging, struct kin *kin, size_t item, bool must_be_log)
{
	const struct collected *one = &kin->collection->items[item];
	struct judged *judged = judging_next(judging, one->path, collected_name(&judging->arena, one));
	struct checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));
	bool is_log = false;
	struct error *error;

	if (!checkpoint)
		out_of_memory();
	error = open_one(kin, item, must_be_log, checkpoint, &is_log);
	if (!error) {
		error = check_one(judging, checkpoint, is_log, judged);
		finish_checkpoint(judging->invocation, checkpoint);
	}
	if (error)
		findings_fail(&judged->findings, error);
	free(checkpoint);
	return error;
}

/* The host by itself. */
static struct error *check_host(struct judging *judging)
{
	struct invocation *invocation = judging->invocation;
	struct judgement *judgement = invocation->judgement;
	const char *root = invocation->options.judge.host_root ? invocation->options.judge.host_root : "/";
	struct judged *judged = judging_next(judging, root, bytes_of(root));
	struct check check = judgement->check;
	struct checkpoint nothing;
	struct error *error;

	host_alone(&judgement->host, &nothing);
	check.host_only = true;
	judged->scope = check_scope(&nothing, &check);
	error = check_run(&nothing, &check, &judged->findings);
	if (!error)
		judging_finish(judging, judged, &nothing.problems);
	finish_checkpoint(invocation, &nothing);
	return error;
}

/* --- all of them ----------------------------------------------------------------------------------------- */

/* One that cannot be opened does not keep the others from being looked at; a rule that is none does. */
static struct error *check_all(struct judging *judging, const struct collection *collection)
{
	struct invocation *invocation = judging->invocation;
	bool has_log = invocation->options.judge.log != NULL;
	struct error *error = NULL;
	struct kin kin;

	kin_init(&kin, invocation, collection);
	for (size_t i = 0; i < collection->n && !error; i++) {
		error = check_at(judging, &kin, i, has_log && i == 0);
		if (!error || collection->n == 1 || error->kind == ERROR_USAGE)
			continue;
		problems_add(&invocation->problems, error);
		error = NULL;
	}
	kin_deinit(&kin);
	return error;
}

static struct error *run_check(struct invocation *invocation)
{
	const char *log = invocation->options.judge.log;
	struct judging judging;
	struct collection collection = { 0 };
	struct error *error;

	if (invocation->n_arguments == 0 && !log && !invocation->judgement->has_host)
		return error_new(ERROR_USAGE, "usage: coldcase check [OPTIONS] CHECKPOINT...");
	judging_init(&judging, invocation, "check");
	if (log)
		collection_add(&judging.arena, &collection, log, "");
	collect_checkpoints(invocation, &judging.arena, &collection);
	error = collection.n ? check_all(&judging, &collection) : check_host(&judging);
	if (!error)
		error = judging_show(&judging);
	judging_deinit(&judging);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

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
	{ 0, "cgroup", "DIR", "the processes of a control group (v2)", KEEPS(judge.live_cgroup) },
	{ 0, "profile", "PROFILE", "whom the restore is for", KEEPS(judge.profile) },
	{ 0, "assume", "LIST", "what the restore will be given", KEEPS(judge.assume) },
	{ 0, "only", "LIST", "only these rules and categories", KEEPS(judge.only) },
	{ 0, "log", "FILE", "a log by itself", KEEPS(judge.log) },
	{ 0, "host", NULL, "whether this host can restore it, and what it lacks", SETS(judge.host) },
	{ 0, "against", NULL, "the same: --host --against CHECKPOINT", SETS(judge.host) },
	{ 0, "host-root", "DIR", "the same of another host, by a copy of its files", KEEPS(judge.host_root) },
	{ 0, "root", "DIR", "the container's files, as they will be at the restore", KEEPS(judge.root) },
	{ 0 },
};

const struct command command_check = {
	.name = "check",
	.arguments = "CHECKPOINT... | --pid PID",
	.help = "what is in the way of restoring it, what is odd, why a dump failed",
	.about = "Rules look at the checkpoint's tables, at CRIU's logs in it, and whether the\n"
		 "images are whole, as verify does; \"coldcase rules\" lists them. Where a dump or\n"
		 "restore failed, the first cause is told. A log by itself can stand in place of a\n"
		 "checkpoint, and a directory, such as the kubelet's, may hold many: each is\n"
		 "judged, and the worst decides.\n"
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
		 "what is taken already; without a CHECKPOINT what the host itself lacks. It reads\n"
		 "files and executes nothing. --root is the directory that will be the container's\n"
		 "root: files must be there, with the sizes that they had.\n"
		 "\n"
		 "--format is text, json, jsonl, csv, sarif, junit, markdown or html, and --report\n"
		 "writes others beside it. Findings that are known do not count and are reported\n"
		 "as suppressed: those of an earlier --baseline, where they were as grave, and of\n"
		 "--ignore, whose lines are\n"
		 "\n"
		 "  RULE \"SUBJECT\" exp:YYYY-MM-DD # reason\n"
		 "\n"
		 "SUBJECT is a pattern as of shells, in quotes where it has blanks. It and the day\n"
		 "after which the line no longer counts may be left out, the reason may not.\n"
		 "\n"
		 "Exit status 1: something is as severe as --fail-on (error, unless it says\n"
		 "otherwise).\n",
	.formats = FORMATS_OF_ROWS | FORMATS(SARIF) | FORMATS(JUNIT) | FORMATS(MARKDOWN) | FORMATS(HTML),
	.options = { check_options, judging_options, ruleset_options, fail_on_options, parent_options, output_options },
	.prepare = prepare_judgement,
	.release = release_judgement,
	.most_arguments = MANY_ARGUMENTS,
	.run = run_check,
};
