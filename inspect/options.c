#include "inspect/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/base/nearest.h"
#include "decoders/base/size.h"

/* --- of every command ---------------------------------------------------------------------------- */

static const char *const format_names[] = {
	[FORMAT_TEXT] = "text",
	[FORMAT_JSON] = "json",
	[FORMAT_JSONL] = "jsonl",
	[FORMAT_CSV] = "csv",
	[FORMAT_SARIF] = "sarif",
	[FORMAT_JUNIT] = "junit",
	[FORMAT_MARKDOWN] = "markdown",
	[FORMAT_HTML] = "html",
};

static struct error *set_format(struct options *options, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(format_names); i++)
		if (!strcmp(value, format_names[i])) {
			options->format = (enum format)i;
			return NULL;
		}
	return error_new(ERROR_USAGE, "there is no format \"%s\"", value);
}

static struct error *set_color(struct options *options, const char *value)
{
	if (!strcmp(value, "auto"))
		options->color = WHEN_AUTO;
	else if (!strcmp(value, "always"))
		options->color = WHEN_ALWAYS;
	else if (!strcmp(value, "never"))
		options->color = WHEN_NEVER;
	else
		return error_new(ERROR_USAGE, "--color is auto, always or never, not \"%s\"", value);
	return NULL;
}

static const struct option format_options[] = {
	{ 'f', "format", "FORMAT", "", .set = set_format },
	{ 0 },
};

static const struct option common_options[] = {
	{ 0, "color", "WHEN", "auto (to a terminal), always, never", .set = set_color },
	{ 'q', "quiet", NULL, "say nothing of damage; the status tells", SETS(quiet) },
	{ 0, "no-sandbox", NULL, "without the sandbox, for debugging", SETS(no_sandbox) },
	{ 'h', "help", NULL, "this help", SETS(help) },
	{ 0 },
};

/* --- the lists of a command, one after the other ------------------------------------------------- */

enum { MOST_ALL = MOST_OPTION_LISTS + 2 };

struct walk {
	const struct option *lists[MOST_ALL];
	size_t n, list;
	const struct option *next;
};

static void walk_begin(const struct command *command, struct walk *ret)
{
	*ret = (struct walk){ .n = 0 };
	if (command->formats)
		ret->lists[ret->n++] = format_options;
	for (size_t i = 0; i < MOST_OPTION_LISTS && command->options[i]; i++)
		ret->lists[ret->n++] = command->options[i];
	ret->lists[ret->n++] = common_options;
	ret->next = ret->lists[0];
}

/* NULL at the end. */
static const struct option *walk_next(struct walk *walk)
{
	while (!walk->next->name) {
		if (++walk->list == walk->n)
			return NULL;
		walk->next = walk->lists[walk->list];
	}
	return walk->next++;
}

static const struct option *option_named(const struct command *command, struct bytes name)
{
	const struct option *option;
	struct walk walk;

	walk_begin(command, &walk);
	while ((option = walk_next(&walk)))
		if (bytes_equal(bytes_of(option->name), name))
			return option;
	return NULL;
}

static const struct option *option_short(const struct command *command, char name)
{
	const struct option *option;
	struct walk walk;

	walk_begin(command, &walk);
	while ((option = walk_next(&walk)))
		if (option->short_name == name)
			return option;
	return NULL;
}

/* --- parsing ------------------------------------------------------------------------------------- */

static struct error *apply(const struct option *option, struct options *options, const char *value)
{
	char *field = (char *)options + option->offset;

	if (option->set)
		return option->set(options, value);
	if (option->value)
		*(const char **)(void *)field = value;
	else
		*(bool *)(void *)field = true;
	return NULL;
}

static struct error *unknown_option(const struct command *command, struct bytes name)
{
	struct nearest nearest = nearest_to(name);
	const struct option *option;
	struct walk walk;

	walk_begin(command, &walk);
	while ((option = walk_next(&walk)))
		nearest_try(&nearest, bytes_of(option->name));
	if (nearest.best.data)
		return error_new(ERROR_USAGE, "%s has no option --%.*s; did you mean --%.*s?",
				 command->name, BYTES_FMT(name), BYTES_FMT(nearest.best));
	return error_new(ERROR_USAGE, "%s has no option --%.*s", command->name, BYTES_FMT(name));
}

/* --name, --name=VALUE, --name VALUE; *used is how many words it took. */
static struct error *parse_long(const struct command *command, char **words, int n,
				struct options *options, int *used)
{
	const char *text = words[0] + 2, *equals = strchr(text, '=');
	struct bytes name = bytes_of(text);
	const struct option *option;

	*used = 1;
	if (equals)
		name = bytes_first(name, (size_t)(equals - text));
	option = option_named(command, name);
	if (!option)
		return unknown_option(command, name);
	if (!option->value && equals)
		return error_new(ERROR_USAGE, "--%s takes no value", option->name);
	if (!option->value || equals)
		return apply(option, options, equals ? equals + 1 : NULL);
	if (n < 2)
		return error_new(ERROR_USAGE, "--%s needs a value: %s", option->name, option->value);
	*used = 2;
	return apply(option, options, words[1]);
}

/* -x, -xVALUE, -x VALUE, and several without a value in one word. */
static struct error *parse_short(const struct command *command, char **words, int n,
				 struct options *options, int *used)
{
	*used = 1;
	for (const char *p = words[0] + 1; *p; p++) {
		const struct option *option = option_short(command, *p);
		struct error *error;

		if (!option)
			return error_new(ERROR_USAGE, "%s has no option -%c", command->name, *p);
		if (option->value && p[1])
			return apply(option, options, p + 1);
		if (option->value && n < 2)
			return error_new(ERROR_USAGE, "-%c needs a value: %s", *p, option->value);
		if (option->value) {
			*used = 2;
			return apply(option, options, words[1]);
		}
		error = apply(option, options, NULL);
		if (error)
			return error;
	}
	return NULL;
}

/* "text, json, jsonl or csv": those of a command. */
static void list_formats(unsigned formats, char *ret, size_t size)
{
	size_t len = 0;

	*ret = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(format_names); i++) {
		unsigned rest = formats >> i;

		if (rest & 1)
			len += (size_t)snprintf(ret + len, size - len, "%s%s",
						len == 0 ? "" : rest == 1 ? " or " : ", ", format_names[i]);
	}
}

static struct error *check_format(const struct command *command, const struct options *options)
{
	char formats[80];

	if (command->formats & 1U << options->format || options->format == FORMAT_TEXT)
		return NULL;
	list_formats(command->formats, formats, sizeof(formats));
	return error_new(ERROR_USAGE, "the format of %s is %s, not %s", command->name, formats,
			 format_names[options->format]);
}

struct error *options_parse(const struct command *command, int argc, char **argv,
			    struct options *ret, const char **arguments, int *ret_n)
{
	struct options options = { .inside = "", .fail_on = SEVERITY_ERROR };
	int n = 0;

	for (int i = 0, used; i < argc; i += used) {
		struct error *error = NULL;

		used = 1;
		if (!strcmp(argv[i], "--")) {
			while (++i < argc)
				arguments[n++] = argv[i];
			break;
		}
		if (argv[i][0] == '-' && argv[i][1] == '-' && argv[i][2] != ' ') /* a comment of SQL is none */
			error = parse_long(command, argv + i, argc - i, &options, &used);
		else if (argv[i][0] == '-' && argv[i][1] && argv[i][1] != '-')
			error = parse_short(command, argv + i, argc - i, &options, &used);
		else
			arguments[n++] = argv[i];
		if (error)
			return error;
	}
	if (options.output && options.directory)
		return error_new(ERROR_USAGE, "either --output or --directory");
	*ret = options;
	*ret_n = n;
	return check_format(command, &options);
}

enum row_form row_form_of(enum format format)
{
	static const enum row_form forms[] = {
		[FORMAT_TEXT] = ROWS_TEXT,
		[FORMAT_JSON] = ROWS_JSON,
		[FORMAT_JSONL] = ROWS_JSONL,
		[FORMAT_CSV] = ROWS_CSV,
	};

	return forms[format];
}

/* --- help ---------------------------------------------------------------------------------------- */

void options_help(const struct command *command, struct out *out)
{
	const struct option *option;
	char formats[80];
	struct walk walk;

	list_formats(command->formats, formats, sizeof(formats));
	walk_begin(command, &walk);
	while ((option = walk_next(&walk))) {
		char left[48];

		snprintf(left, sizeof(left), option->short_name ? "-%c, --%s%s%s" : "%c   --%s%s%s",
			 option->short_name ? option->short_name : ' ', option->name,
			 option->value ? " " : "", option->value ? option->value : "");
		out_printf(out, "  %-22s  %s\n", left, option->set == set_format ? formats : option->help);
	}
}
