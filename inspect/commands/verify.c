/* verify CHECKPOINT...: whether the images are whole. */
#include "db/findings/show.h"
#include "db/verify/verify.h"
#include "decoders/base/escape.h"
#include "inspect/kin.h"
#include "inspect/help.h"
#include "inspect/options.h"

/* What has been said so far. */
struct report {
	struct invocation *invocation;
	struct kin kin;
	struct json json;
	size_t n;        /* checkpoints */
	bool are_several;
};

/* --- showing -------------------------------------------------------------------------------------------- */

static void begin(struct report *report)
{
	struct out *out = &report->invocation->out;

	if (report->invocation->options.format == FORMAT_CSV)
		findings_csv_begin(out);
	json_init(&report->json, out, JSON_INDENTED);
	if (report->invocation->options.format == FORMAT_JSON && report->are_several)
		json_array_begin(&report->json);
}

static void show_text(struct report *report, const struct findings *findings, struct bytes name)
{
	struct out *out = &report->invocation->out;

	if (report->invocation->options.quiet)
		return;
	if (report->are_several) {
		out_text(out, report->n ? "\n" : "");
		out_style(out, STYLE_BOLD);
		escape_text(out, name);
		out_style(out, STYLE_PLAIN);
		out_char(out, '\n');
	}
	findings_show_text(findings, out);
}

static void show(struct report *report, const struct findings *findings, struct bytes name)
{
	switch (report->invocation->options.format) {
	case FORMAT_TEXT:
		show_text(report, findings, name);
		break;
	case FORMAT_JSON:
		findings_show_json(findings, name, &report->json);
		break;
	case FORMAT_JSONL:
		findings_show_jsonl(findings, name, &report->invocation->out);
		break;
	case FORMAT_CSV:
		findings_show_csv(findings, name, &report->invocation->out);
		break;
	default: /* not offered */
		break;
	}
	report->n++;
}

static void end(struct report *report)
{
	if (report->invocation->options.format != FORMAT_JSON)
		return;
	if (report->are_several)
		json_array_end(&report->json);
	out_char(&report->invocation->out, '\n');
}

/* --- verifying ------------------------------------------------------------------------------------------ */

static void judge(struct invocation *invocation, const struct findings *findings, bool damaged)
{
	int status = damaged					     ? 4
		     : findings_reach(findings, invocation->options.fail_on) ? 1
									     : 0;

	if (status > invocation->status)
		invocation->status = status;
}

static struct error *verify_one(struct report *report, size_t item)
{
	struct invocation *invocation = report->invocation;
	const struct collected *one = &report->kin.collection->items[item];
	struct checkpoint checkpoint;
	struct findings findings;
	struct arena arena;
	struct error *error;
	bool damaged;

	error = kin_open(&report->kin, item, &checkpoint);
	if (error)
		return error;
	arena_init(&arena);
	findings_init(&findings, &arena);
	verify_checkpoint(&checkpoint, &findings, &damaged);
	verify_drop_found(&checkpoint.problems);
	findings_take_problems(&findings, &checkpoint.problems);
	findings_sort(&findings);
	show(report, &findings, collected_name(&arena, one));
	judge(invocation, &findings, damaged);
	finish_checkpoint(invocation, &checkpoint);
	arena_deinit(&arena);
	return NULL;
}

/* One that cannot be opened has its place too, and does not keep the others from being looked at. */
static void verify_next(struct report *report, size_t item)
{
	struct error *error = verify_one(report, item);
	struct findings findings;
	struct arena arena;

	if (!error)
		return;
	arena_init(&arena);
	findings_init(&findings, &arena);
	findings_fail(&findings, error);
	show(report, &findings, collected_name(&arena, &report->kin.collection->items[item]));
	problems_add(&report->invocation->problems, error);
	arena_deinit(&arena);
}

static struct error *verify_all(struct report *report, const struct collection *collection)
{
	struct error *error;

	if (collection->n == 1) {
		begin(report);
		error = verify_one(report, 0);
		end(report);
		return error;
	}
	report->are_several = true;
	begin(report);
	for (size_t i = 0; i < collection->n; i++)
		verify_next(report, i);
	end(report);
	return NULL;
}

static struct error *run_verify(struct invocation *invocation)
{
	struct report report = { .invocation = invocation };
	struct collection collection = { 0 };
	struct error *error;
	struct arena arena;

	arena_init(&arena);
	collect_checkpoints(invocation, &arena, &collection);
	kin_init(&report.kin, invocation, &collection);
	error = verify_all(&report, &collection);
	kin_deinit(&report.kin);
	arena_deinit(&arena);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static void print_checks(struct out *out)
{
	const struct verify_check *check;

	out_text(out, "\nChecks, and how grave what they find is:\n");
	for (size_t i = 0; (check = verify_check_at(i)); i++) {
		out_printf(out, "  %-24s %-8s ", check->id, severities[check->severity].name);
		help_fold(out, check->title, 36);
	}
}

const struct command command_verify = {
	.name = "verify",
	.arguments = "CHECKPOINT...",
	.help = "whether the images are whole, and what a restore would trip over",
	.about = "Looks at every image and at what they say of one another, as a restore would;\n"
		 "nothing is restored. Exit status: 0 whole, 1 something at or above --fail-on\n"
		 "(error), 4 damaged. Of a chain name the newest directory; of a page server's\n"
		 "dump, its directory with --parent.\n",
	.formats = FORMATS_OF_ROWS,
	.options = { fail_on_options, parent_options, output_options },
	.print_more = print_checks,
	.least_arguments = 1,
	.most_arguments = MANY_ARGUMENTS,
	.needs_images = true,
	.run = run_verify,
};
