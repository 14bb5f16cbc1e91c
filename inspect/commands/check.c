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

/* What is printed around the findings of several checkpoints. */
struct report {
	struct invocation *invocation;
	struct json json;
	bool is_several;
};

static void begin(struct report *report)
{
	struct out *out = &report->invocation->out;

	json_init(&report->json, out, JSON_INDENTED);
	if (report->invocation->options.format == FORMAT_JSON && report->is_several)
		json_array_begin(&report->json);
	if (report->invocation->options.format == FORMAT_CSV)
		findings_csv_begin(out);
}

static void end(struct report *report)
{
	if (report->invocation->options.format != FORMAT_JSON)
		return;
	if (report->is_several)
		json_array_end(&report->json);
	out_char(&report->invocation->out, '\n');
}

static void print_text(const struct findings *findings, const char *path, struct report *report)
{
	struct out *out = &report->invocation->out;

	if (report->is_several) {
		out_style(out, STYLE_BOLD);
		escape_text(out, bytes_of(path));
		out_style(out, STYLE_PLAIN);
		out_text(out, "\n\n");
	}
	findings_show_text(findings, out);
	if (report->is_several)
		out_char(out, '\n');
}

static void print(const struct findings *findings, const char *path, struct report *report)
{
	struct out *out = &report->invocation->out;

	switch (report->invocation->options.format) {
	case FORMAT_TEXT:
		print_text(findings, path, report);
		break;
	case FORMAT_JSON:
		findings_show_json(findings, bytes_of(path), &report->json);
		break;
	case FORMAT_JSONL:
		findings_show_jsonl(findings, bytes_of(path), out);
		break;
	case FORMAT_CSV:
		findings_show_csv(findings, bytes_of(path), out);
		break;
	case FORMAT_MARKDOWN: /* not of a check, yet */
		break;
	}
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

static void check_one(struct report *report, struct checkpoint *checkpoint, const char *path, bool is_log)
{
	struct invocation *invocation = report->invocation;
	struct check check = invocation->judgement->check;
	struct findings findings;
	struct arena arena;
	struct error *error;

	arena_init(&arena);
	findings_init(&findings, &arena);
	check.logs_only = is_log;
	error = check_run(checkpoint, &check, &findings);
	problems_add(&invocation->problems, error);
	if (!error) {
		print(&findings, path, report);
		tell_omitted(&findings, invocation, path);
		if (findings_reach(&findings, invocation->options.fail_on))
			invocation->status = 1;
	}
	arena_deinit(&arena);
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

static struct error *check_path(struct report *report, const char *path, bool must_be_log)
{
	struct checkpoint checkpoint;
	bool is_log = log_open(path, &checkpoint);
	struct error *error = NULL;

	if (!is_log && must_be_log)
		return error_in_source(error_new(ERROR_UNREADABLE, "cannot be read, or is no log of CRIU's"),
				       path);
	if (!is_log)
		error = open_checkpoint(report->invocation, path, &checkpoint);
	if (error && error->kind == ERROR_UNREADABLE && open_log_in(path, &checkpoint)) {
		error_free(error);
		error = NULL;
		is_log = true;
	}
	if (error)
		return error;
	check_one(report, &checkpoint, path, is_log);
	finish_checkpoint(report->invocation, &checkpoint);
	return NULL;
}

/* One that cannot be opened does not keep the others from being looked at. */
struct error *command_check(struct invocation *invocation)
{
	const char *log = invocation->options.judge.log;
	int n = invocation->n_arguments + (log != NULL);
	struct report report = { .invocation = invocation, .is_several = n > 1 };
	struct error *error = NULL;

	if (n == 0)
		return error_new(ERROR_USAGE, "usage: coldcase check [OPTIONS] CHECKPOINT...");
	begin(&report);
	if (log)
		error = check_path(&report, log, true);
	for (int i = 0; i < invocation->n_arguments; i++) {
		if (error && n > 1) {
			problems_add(&invocation->problems, error);
			error = NULL;
		}
		error = check_path(&report, invocation->arguments[i], false);
	}
	if (error && n > 1) {
		problems_add(&invocation->problems, error);
		error = NULL;
	}
	if (!error)
		end(&report);
	return error;
}
