#include "inspect/judging.h"

#include <stdio.h>

#include "db/findings/show.h"
#include "decoders/base/escape.h"

void judging_init(struct judging *judging, struct invocation *invocation, const char *command)
{
	*judging = (struct judging){ .invocation = invocation, .command = command };
	arena_init(&judging->arena);
}

void judging_deinit(struct judging *judging)
{
	arena_deinit(&judging->arena);
}

/* --- one of them ------------------------------------------------------------------------------------------ */

struct judged *judging_next(struct judging *judging, const char *path, struct bytes name)
{
	struct judged *judged = vec_push(&judging->arena, &judging->judged);

	judged->path = path;
	judged->name = name;
	findings_init(&judged->findings, &judging->arena);
	return judged;
}

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

void judging_finish(struct judging *judging, struct judged *judged, const struct problems *problems)
{
	struct invocation *invocation = judging->invocation;

	known_apply(&invocation->judgement->known, &judged->findings);
	findings_take_problems(&judged->findings, problems);
	tell_omitted(judged, invocation);
	if (findings_reach(&judged->findings, invocation->options.fail_on))
		invocation->status = 1;
}

/* --- showing ------------------------------------------------------------------------------------------------ */

/* Of all of them together. */
static void print_total(const struct judging *judging, struct out *out)
{
	struct findings total = { 0 };
	size_t failed = 0;

	for (size_t i = 0; i < judging->judged.n; i++) {
		const struct findings *findings = &judging->judged.items[i].findings;

		failed += findings->error.data != NULL;
		total.suppressed.n += findings->suppressed.n;
		for (int severity = 0; severity < N_SEVERITIES; severity++)
			total.count[severity] += findings->count[severity];
	}
	out_printf(out, "%zu checkpoints: ", judging->judged.n);
	findings_show_summary(&total, out);
	if (failed)
		out_printf(out, ", %zu not looked at", failed);
	out_char(out, '\n');
}

static void print_text(const struct judging *judging, struct out *out)
{
	for (size_t i = 0; i < judging->judged.n; i++) {
		if (judging->judged.n > 1) {
			out_style(out, STYLE_BOLD);
			escape_text(out, judging->judged.items[i].name);
			out_style(out, STYLE_PLAIN);
			out_text(out, "\n\n");
		}
		findings_show_text(&judging->judged.items[i].findings, out);
		if (judging->judged.n > 1)
			out_char(out, '\n');
	}
	if (judging->judged.n > 1)
		print_total(judging, out);
}

/* Rows have no place for what is suppressed: it is told beside them. */
static void note_suppressed(const struct judging *judging)
{
	for (size_t i = 0; i < judging->judged.n; i++) {
		size_t n = judging->judged.items[i].findings.suppressed.n;

		if (n)
			invocation_note(judging->invocation,
					error_in_source(error_new(ERROR_DAMAGED, "%zu suppressed", n),
							judging->judged.items[i].path));
	}
}

static void print_rows(const struct judging *judging, struct out *out)
{
	bool is_csv = judging->invocation->options.format == FORMAT_CSV;

	if (is_csv)
		findings_csv_begin(out);
	for (size_t i = 0; i < judging->judged.n; i++) {
		const struct judged *judged = &judging->judged.items[i];

		if (is_csv)
			findings_show_csv(&judged->findings, judged->name, out);
		else
			findings_show_jsonl(&judged->findings, judged->name, out);
	}
	note_suppressed(judging);
}

static void print(const struct judging *judging, const struct judged_list *list)
{
	struct judgement *judgement = judging->invocation->judgement;
	struct out *out = &judging->invocation->out;

	if (judgement->form != REPORT_NONE)
		judgement_report(judgement->form, list, out);
	else if (judging->invocation->options.format == FORMAT_TEXT)
		print_text(judging, out);
	else if (judging->invocation->options.format == FORMAT_JSON)
		judgement_report(REPORT_JSON, list, out);
	else
		print_rows(judging, out);
}

struct error *judging_show(const struct judging *judging)
{
	struct invocation *invocation = judging->invocation;
	const struct judged_list list = {
		.command = judging->command,
		.items = judging->judged.items,
		.n = judging->judged.n,
		.rules = &invocation->judgement->rules,
		.known = &invocation->judgement->known,
		.only = invocation->judgement->check.only,
		.fail_on = invocation->options.fail_on,
		.anchor = invocation->options.judge.anchor,
		.partial = invocation->problems.n + invocation->problems.dropped > 0,
	};

	print(judging, &list);
	known_tell(&invocation->judgement->known, strcmp(judging->command, "scan") == 0, &invocation->notes);
	return judgement_write(invocation->judgement, &list);
}
