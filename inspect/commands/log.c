/*
 * log CHECKPOINT: CRIU's logs as one reads them, the first error told once more at the end, where the eye is. In other
 * formats than text the rows of the table log.
 */
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "decoders/model/leaves/log.h"
#include "inspect/options.h"
#include "decoders/base/human.h"

enum { TIME_WIDTH = 9 };

struct counts {
	size_t lines, errors, warnings;
	const struct log_line *first; /* error */
};

static bool is_error(const struct log_line *line)
{
	return line->level && !strcmp(line->level, "error");
}

static bool is_at_level(const void *row, const void *context)
{
	const struct options *options = context;
	const struct log_line *line = row;

	return options->level == LEVEL_ALL || is_error(line) ||
	       (options->level == LEVEL_WARNING && line->level);
}

static struct bytes file_of(const struct checkpoint *checkpoint, const struct log_line *line)
{
	return checkpoint->source.members.items[line->origin.member].name;
}

static void count(struct counts *counts, const struct log_line *line)
{
	counts->lines++;
	if (is_error(line)) {
		if (counts->errors++ == 0)
			counts->first = line;
	} else if (line->level) {
		counts->warnings++;
	}
}

static void print_level(const struct log_line *line, struct out *out)
{
	out_style(out, is_error(line) ? STYLE_ALARM : line->level ? STYLE_WARNING : STYLE_PLAIN);
	out_printf(out, "%-7s ", line->level ? line->level : "");
	out_style(out, STYLE_PLAIN);
}

static void print_message(const struct log_line *line, struct out *out)
{
	struct bytes rest = line->message;

	out_style(out, is_error(line) ? STYLE_BOLD : STYLE_PLAIN);
	for (;;) { /* CRIU indents with tabs */
		struct bytes part = bytes_first(rest, bytes_find(rest, '\t'));

		escape_text(out, part);
		if (part.len == rest.len)
			break;
		out_text(out, "    ");
		rest = bytes_from(rest, part.len + 1);
	}
	out_style(out, STYLE_PLAIN);
	if (!line->source.data)
		return;
	out_style(out, STYLE_DIM);
	out_text(out, " (");
	escape_text(out, line->source);
	out_char(out, ')');
	out_style(out, STYLE_PLAIN);
}

static void print_line(const struct log_line *line, struct out *out)
{
	out_style(out, STYLE_DIM);
	out_repeat(out, ' ', line->time.len < TIME_WIDTH ? TIME_WIDTH - line->time.len : 0);
	escape_text(out, line->time);
	out_style(out, STYLE_PLAIN);
	out_char(out, ' ');
	if (line->pid != ABSENT_U32)
		out_printf(out, "%7u ", line->pid);
	else
		out_text(out, "        ");
	print_level(line, out);
	print_message(line, out);
	out_char(out, '\n');
}

static void print_file(struct bytes name, bool first, struct out *out)
{
	out_text(out, first ? "" : "\n");
	out_style(out, STYLE_BOLD);
	escape_text(out, name);
	out_style(out, STYLE_PLAIN);
	out_char(out, '\n');
}

static void print_summary(const struct checkpoint *checkpoint, const struct counts *counts,
			  struct out *out)
{
	if (counts->lines == 0) {
		out_text(out, "no log\n");
		return;
	}
	print_count(counts->lines, "line", "lines", out);
	out_text(out, ", ");
	print_count(counts->errors, "error", "errors", out);
	out_text(out, ", ");
	print_count(counts->warnings, "warning", "warnings", out);
	if (counts->first) {
		out_printf(out, "; the first error, line %u of ", counts->first->line);
		escape_text(out, file_of(checkpoint, counts->first));
		out_text(out, ":\n  ");
		print_message(counts->first, out);
	}
	out_char(out, '\n');
}

static void print_text(const struct checkpoint *checkpoint, const struct listing *listing,
		       struct out *out)
{
	const struct log_line *before = NULL;
	struct counts counts = { 0 };

	for (size_t i = 0; i < listing->rows.n; i++)
		count(&counts, row_at(&listing->rows, i));
	for (size_t i = 0; i < listing->n; i++) {
		const struct log_line *line = listing_row(listing, i);

		if (!before || before->origin.member != line->origin.member)
			print_file(file_of(checkpoint, line), !before, out);
		print_line(line, out);
		before = line;
	}
	out_text(out, before ? "\n" : "");
	print_summary(checkpoint, &counts, out);
}

/* A log that is named itself, or those of a checkpoint. */
static struct error *open_logs(struct invocation *invocation, struct checkpoint *ret)
{
	const char *path = invocation->arguments[0];

	return log_open(path, ret) ? NULL : open_checkpoint(invocation, path, ret);
}

static struct error *run_log(struct invocation *invocation)
{
	const struct options *options = &invocation->options;
	bool readable = options->format == FORMAT_TEXT && !options->columns &&
			!options->provenance && !options->sort;
	struct checkpoint checkpoint;
	struct error *error;

	error = open_logs(invocation, &checkpoint);
	if (error)
		return error;
	error = list_rows(invocation, table_named("log"), &checkpoint, is_at_level,
			  readable ? print_text : NULL);
	finish_checkpoint(invocation, &checkpoint);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static struct error *set_level(struct options *options, const char *value)
{
	if (!strcmp(value, "error"))
		options->level = LEVEL_ERROR;
	else if (!strcmp(value, "warning"))
		options->level = LEVEL_WARNING;
	else if (!strcmp(value, "all"))
		options->level = LEVEL_ALL;
	else
		return error_new(ERROR_USAGE, "--level is error, warning or all, not \"%s\"", value);
	return NULL;
}

static struct error *set_errors(struct options *options, const char *value)
{
	(void)value;
	options->level = LEVEL_ERROR;
	return NULL;
}

static const struct option log_options[] = {
	{ 0, "level", "LEVEL", "error, warning (errors too), all", .set = set_level },
	{ 'e', "errors", NULL, "the same as --level error", .set = set_errors },
	{ 0 },
};

const struct command command_log = {
	.name = "log",
	.arguments = "CHECKPOINT | LOG",
	.help = "CRIU's logs, and the first error in them",
	.formats = FORMATS_OF_ROWS,
	.options = { rows_options, log_options, parent_options, output_options },
	.least_arguments = 1,
	.most_arguments = 1,
	.needs_images = true,
	.run = run_log,
};
