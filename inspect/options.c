#include "inspect/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/base/nearest.h"
#include "decoders/base/size.h"

struct option {
	char short_name; /* 0: none */
	const char *name;
	const char *value; /* what it takes, as --help shows it; NULL: nothing */
	const char *help;
	unsigned takes; /* 0: every command */
	struct error *(*set)(struct options *options, const char *value);
};

static struct error *set_format(struct options *options, const char *value)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text",
		[FORMAT_JSON] = "json",
		[FORMAT_JSONL] = "jsonl",
		[FORMAT_CSV] = "csv",
		[FORMAT_MARKDOWN] = "markdown",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(value, names[i])) {
			options->format = (enum format)i;
			return NULL;
		}
	if (!strcmp(value, "sarif") || !strcmp(value, "junit")) { /* of check alone */
		options->judge.form = value;
		return NULL;
	}
	return error_new(ERROR_USAGE, "--format is text, json, jsonl or csv, not \"%s\"", value);
}

static struct error *set_sort(struct options *options, const char *value)
{
	options->sort = value;
	return NULL;
}

static struct error *set_where(struct options *options, const char *value)
{
	options->where = value;
	return NULL;
}

/* "1,7,12" */
static struct error *set_pid(struct options *options, const char *value)
{
	for (;;) {
		char *end;
		unsigned long pid;

		errno = 0;
		pid = strtoul(value, &end, 10);
		if (end == value || errno || pid > UINT32_MAX || (*end && *end != ','))
			return error_new(ERROR_USAGE, "--pid takes process ids, not \"%s\"", value);
		if (options->n_pids == MOST_PIDS)
			return error_new(ERROR_USAGE, "more than %d process ids", MOST_PIDS);
		options->pids[options->n_pids++] = (uint32_t)pid;
		if (!*end)
			return NULL;
		value = end + 1;
	}
}

static struct error *set_columns(struct options *options, const char *value)
{
	options->columns = value;
	return NULL;
}

static struct error *set_parent(struct options *options, const char *value)
{
	if (options->n_parents == MOST_PARENTS)
		return error_new(ERROR_USAGE, "more than %d parents", MOST_PARENTS);
	options->parents[options->n_parents++] = value;
	return NULL;
}

static struct error *set_inside(struct options *options, const char *value)
{
	options->inside = value;
	return NULL;
}

static struct error *set_output(struct options *options, const char *value)
{
	options->output = value;
	return NULL;
}

static struct error *set_script(struct options *options, const char *value)
{
	options->screen.script = value;
	return NULL;
}

static struct error *set_size(struct options *options, const char *value)
{
	char end;

	if (sscanf(value, "%3ux%3u%c", &options->screen.columns, &options->screen.rows, &end) != 2 ||
	    !options->screen.columns || !options->screen.rows)
		return error_new(ERROR_USAGE, "--size takes COLUMNSxROWS, not \"%s\"", value);
	return NULL;
}

static struct error *set_theme(struct options *options, const char *value)
{
	if (strcmp(value, "dark") != 0 && strcmp(value, "light") != 0 && strcmp(value, "mono") != 0)
		return error_new(ERROR_USAGE, "--theme is dark, light or mono, not \"%s\"", value);
	options->screen.theme = value;
	return NULL;
}

static struct error *set_ascii(struct options *options, const char *value)
{
	(void)value;
	options->screen.ascii = true;
	return NULL;
}

static struct error *set_provenance(struct options *options, const char *value)
{
	(void)value;
	options->provenance = true;
	return NULL;
}

static struct error *set_pretty(struct options *options, const char *value)
{
	(void)value;
	options->pretty = true;
	return NULL;
}

static struct error *set_no_payload(struct options *options, const char *value)
{
	(void)value;
	options->no_payload = true;
	return NULL;
}

static struct error *set_offsets(struct options *options, const char *value)
{
	(void)value;
	options->offsets = true;
	return NULL;
}

/* "entries[3].pid=7" */
static struct error *set_edit(struct options *options, const char *value)
{
	const char *equals = strchr(value, '=');
	struct edit *edit = &options->edits[options->n_edits];

	if (!equals || equals == value)
		return error_new(ERROR_USAGE, "--set takes PATH=VALUE, not \"%s\"", value);
	if (options->n_edits == MOST_EDITS)
		return error_new(ERROR_USAGE, "more than %d changes", MOST_EDITS);
	edit->path = bytes_first(bytes_of(value), (size_t)(equals - value));
	edit->value = bytes_of(equals + 1);
	options->n_edits++;
	return NULL;
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

static struct error *set_fail_on(struct options *options, const char *value)
{
	if (severity_named(value, &options->fail_on))
		return NULL;
	return error_new(ERROR_USAGE, "--fail-on is blocker, error, warning or note, not \"%s\"", value);
}

static struct error *set_check(struct options *options, const char *value)
{
	options->check = value;
	return NULL;
}

static struct error *set_directory(struct options *options, const char *value)
{
	options->directory = value;
	return NULL;
}

static struct error *set_database(struct options *options, const char *value)
{
	options->database = value;
	return NULL;
}

static struct error *set_what(struct options *options, const char *value)
{
	options->what = value;
	return NULL;
}

/* "4096", "10M" */
static struct error *set_max_size(struct options *options, const char *value)
{
	static const char units[] = "KMGT";
	const char *unit;
	uint64_t size;
	char *end;

	errno = 0;
	size = strtoull(value, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (end == value || *value == '-' || errno || (*end && (!unit || end[1])) ||
	    (unit && !size_mul(size, (uint64_t)1 << 10 * (unit - units + 1), &size)) || size == 0)
		return error_new(ERROR_USAGE, "--max-size is a number of bytes, or 10K, 10M, 10G, 10T, not \"%s\"",
				 value);
	options->max_size = size;
	return NULL;
}

static struct error *set_reveal(struct options *options, const char *value)
{
	(void)value;
	options->reveal = true;
	return NULL;
}

static struct error *set_wide(struct options *options, const char *value)
{
	(void)value;
	options->wide = true;
	return NULL;
}

static struct error *set_quiet(struct options *options, const char *value)
{
	(void)value;
	options->quiet = true;
	return NULL;
}

static struct error *set_no_sandbox(struct options *options, const char *value)
{
	(void)value;
	options->no_sandbox = true;
	return NULL;
}

/* A number from 1 to MOST. */
static struct error *set_number(const char *name, const char *value, unsigned long most,
				unsigned long *ret)
{
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || number < 1 || number > most)
		return error_new(ERROR_USAGE, "--%s takes a number from 1 to %lu, not \"%s\"", name, most,
				 value);
	*ret = number;
	return NULL;
}

static struct error *set_vma(struct options *options, const char *value)
{
	options->memory.vma = value;
	return NULL;
}

static struct error *set_raw(struct options *options, const char *value)
{
	(void)value;
	options->memory.raw = true;
	return NULL;
}

static struct error *set_fill(struct options *options, const char *value)
{
	(void)value;
	options->memory.fill = true;
	return NULL;
}

static struct error *set_spool_dir(struct options *options, const char *value)
{
	options->memory.spool_dir = value;
	return NULL;
}

static struct error *set_ignore_case(struct options *options, const char *value)
{
	(void)value;
	options->memory.ignore_case = true;
	return NULL;
}

static struct error *set_kind(struct options *options, enum pattern_kind kind)
{
	if (options->memory.kind != PATTERN_TEXT && options->memory.kind != kind)
		return error_new(ERROR_USAGE, "only one of --hex, --utf16 and --regex");
	options->memory.kind = kind;
	return NULL;
}

static struct error *set_hex(struct options *options, const char *value)
{
	(void)value;
	return set_kind(options, PATTERN_HEX);
}

static struct error *set_utf16(struct options *options, const char *value)
{
	(void)value;
	return set_kind(options, PATTERN_UTF16LE);
}

static struct error *set_regex(struct options *options, const char *value)
{
	(void)value;
	return set_kind(options, PATTERN_REGEX);
}

static struct error *set_count(struct options *options, const char *value)
{
	(void)value;
	options->memory.count = true;
	return NULL;
}

static struct error *set_max(struct options *options, const char *value)
{
	unsigned long number = 0;
	struct error *error = set_number("max", value, UINT32_MAX, &number);

	options->memory.max = number;
	return error;
}

static struct error *set_physical(struct options *options, const char *value)
{
	(void)value;
	options->memory.by_storage = true;
	return NULL;
}

static struct error *set_threads(struct options *options, const char *value)
{
	unsigned long number = 0;
	struct error *error = set_number("threads", value, 64, &number);

	options->memory.threads = (unsigned)number;
	return error;
}

static struct error *set_bytes(struct options *options, const char *value)
{
	unsigned long number = 0;
	struct error *error = set_number("bytes", value, 4096, &number);

	options->memory.shortest = number;
	return error;
}

static struct error *set_encoding(struct options *options, const char *value)
{
	if (!*value || value[1] || !strchr("slb", *value))
		return error_new(ERROR_USAGE, "--encoding is s (ASCII), l or b (UTF-16, little or big "
					      "endian), not \"%s\"", value);
	options->memory.encoding = *value;
	return NULL;
}

static struct error *set_schema_sql(struct options *options, const char *value)
{
	(void)value;
	options->schema = SCHEMA_SQL;
	return NULL;
}

static struct error *set_schema_markdown(struct options *options, const char *value)
{
	(void)value;
	options->schema = SCHEMA_MARKDOWN;
	return NULL;
}

static struct error *set_schema_json(struct options *options, const char *value)
{
	(void)value;
	options->schema = SCHEMA_JSON;
	return NULL;
}

static struct error *set_sql(struct options *options, const char *value)
{
	options->query.sql = value;
	return NULL;
}

static struct error *set_name(struct options *options, const char *value)
{
	options->query.name = value;
	return NULL;
}

static struct error *set_list(struct options *options, const char *value)
{
	(void)value;
	options->query.list = true;
	return NULL;
}

static struct error *set_functions(struct options *options, const char *value)
{
	(void)value;
	options->query.functions = true;
	return NULL;
}

static struct error *set_steps(struct options *options, const char *value)
{
	unsigned long number = 0;
	struct error *error = set_number("steps", value, 1UL << 40, &number);

	options->query.steps = number;
	return error;
}

static struct error *set_tables(struct options *options, const char *value)
{
	options->tables = value;
	return NULL;
}

static struct error *set_pages(struct options *options, const char *value)
{
	(void)value;
	options->pages = true;
	return NULL;
}

static struct error *set_show_bytes(struct options *options, const char *value)
{
	(void)value;
	options->show_bytes = true;
	return NULL;
}

static struct error *set_profile(struct options *options, const char *value)
{
	options->judge.profile = value;
	return NULL;
}

static struct error *set_assume(struct options *options, const char *value)
{
	options->judge.assume = value;
	return NULL;
}

static struct error *set_only(struct options *options, const char *value)
{
	options->judge.only = value;
	return NULL;
}

static struct error *set_log(struct options *options, const char *value)
{
	options->judge.log = value;
	return NULL;
}

static struct error *set_report(struct options *options, const char *value)
{
	struct judge_options *judge = &options->judge;

	if (judge->n_reports == MOST_REPORTS)
		return error_new(ERROR_USAGE, "more than %d reports", MOST_REPORTS);
	judge->reports[judge->n_reports++] = value;
	return NULL;
}

static struct error *set_anchor(struct options *options, const char *value)
{
	options->judge.anchor = value;
	return NULL;
}

static struct error *set_baseline(struct options *options, const char *value)
{
	options->judge.baseline = value;
	return NULL;
}

static struct error *set_ignore(struct options *options, const char *value)
{
	options->judge.ignore = value;
	return NULL;
}

static struct error *set_test(struct options *options, const char *value)
{
	(void)value;
	options->judge.test = true;
	return NULL;
}

static struct error *set_rules(struct options *options, const char *value)
{
	struct judge_options *judge = &options->judge;

	if (judge->n_rules == MOST_RULE_DIRECTORIES)
		return error_new(ERROR_USAGE, "more than %d directories of rules", MOST_RULE_DIRECTORIES);
	judge->rules[judge->n_rules++] = value;
	return NULL;
}

static struct error *set_help(struct options *options, const char *value)
{
	(void)value;
	options->help = true;
	return NULL;
}

static const struct option table[] = {
	{ 'f', "format", "FORMAT", "text or json; where there are rows, jsonl or csv",
	  TAKES_FORMAT, set_format },
	{ 'c', "columns", "LIST", "columns to show, as in pid,comm", TAKES_ROWS, set_columns },
	{ 0, "where", "EXPR", "only rows of which this SQL expression is true", TAKES_ROWS, set_where },
	{ 's', "sort", "LIST", "sort by columns: -size,path", TAKES_ROWS,
	  set_sort },
	{ 0, "script", "FILE", "play keys from FILE and save screens; no terminal", TAKES_SCREEN,
	  set_script },
	{ 0, "size", "WIDTHxHEIGHT", "of the script's screen (80x24)", TAKES_SCREEN, set_size },
	{ 0, "theme", "THEME", "dark, light, or mono, which has no colours", TAKES_SCREEN, set_theme },
	{ 0, "ascii", NULL, "lines and signs of ASCII alone", TAKES_SCREEN, set_ascii },
	{ 0, "reveal", NULL, "secrets as they are, not as ********", TAKES_SCREEN, set_reveal },
	{ 'o', "output", "DIR", "where files that are written go: a new directory", TAKES_SCREEN,
	  set_directory },
	{ 'p', "pid", "LIST", "only what belongs to these processes", TAKES_ROWS | TAKES_PIDS | TAKES_DIRECTORY | TAKES_DIFF, set_pid },
	{ 0, "vma", "heap|stack|ADDR", "the mapping of that kind, or that ADDR is in", TAKES_RANGES,
	  set_vma },
	{ 0, "raw", NULL, "the bytes themselves", TAKES_RANGES, set_raw },
	{ 0, "fill", NULL, "with --raw: zeroes for bytes that are not there", TAKES_RANGES, set_fill },
	{ 0, "regex", NULL, "PATTERN is a regular expression (PCRE2, over bytes)", TAKES_PATTERN,
	  set_regex },
	{ 0, "hex", NULL, "PATTERN is bytes: \"de ad ?? e?\", a ? is any digit", TAKES_PATTERN, set_hex },
	{ 0, "utf16", NULL, "PATTERN, as UTF-16 of the machine's byte order", TAKES_PATTERN, set_utf16 },
	{ 'i', "ignore-case", NULL, "of ASCII letters", TAKES_PATTERN, set_ignore_case },
	{ 0, "count", NULL, "how many, for each process", TAKES_PATTERN, set_count },
	{ 'm', "max", "N", "end after N hits", TAKES_PATTERN, set_max },
	{ 0, "physical", NULL, "every stored page once, and who has it mapped", TAKES_PATTERN,
	  set_physical },
	{ 'j', "threads", "N", "search with N threads", TAKES_PATTERN, set_threads },
	{ 'n', "bytes", "N", "at least N characters (4)", TAKES_STRINGS, set_bytes },
	{ 'e', "encoding", "s|l|b", "ASCII; UTF-16, little or big endian", TAKES_STRINGS,
	  set_encoding },
	{ 0, "tables", "LIST", "compare only these tables; \"memory\" is one", TAKES_DIFF, set_tables },
	{ 0, "pages", NULL, "the addresses of pages that differ", TAKES_DIFF, set_pages },
	{ 0, "bytes", NULL, "the bytes that differ, of both sides", TAKES_DIFF, set_show_bytes },
	{ 0, "pages", NULL, "hashes of pages too, to see which are shared", TAKES_INDEX, set_pages },
	{ 0, "spool-dir", "DIR", "where a compressed archive is inflated meanwhile",
	  TAKES_MEMORY | TAKES_QUERY | TAKES_INDEX, set_spool_dir },
	{ 0, "profile", "PROFILE", "whom the restore is for", TAKES_JUDGE, set_profile },
	{ 0, "assume", "LIST", "what the restore will be given", TAKES_JUDGE, set_assume },
	{ 0, "only", "LIST", "only these rules and categories", TAKES_JUDGE, set_only },
	{ 0, "log", "FILE", "a log by itself", TAKES_JUDGE, set_log },
	{ 0, "report", "FORMAT=FILE", "sarif, junit, markdown, json as well; again for more", TAKES_JUDGE,
	  set_report },
	{ 0, "anchor", "FILE", "in SARIF, the file that findings are shown at", TAKES_JUDGE, set_anchor },
	{ 0, "ignore", "FILE", "known findings (./.coldcaseignore where there is one)", TAKES_JUDGE,
	  set_ignore },
	{ 0, "baseline", "FILE", "an earlier JSON report, whose findings are known", TAKES_JUDGE, set_baseline },
	{ 0, "test", NULL, "run the rules' fixtures: of --rules, or of all", TAKES_TEST, set_test },
	{ 0, "rules", "DIR", "rules of your own, *.sql; again for more", TAKES_RULES, set_rules },
	{ 0, "sql", NULL, "as SQL declares them, with comments (the usual)", TAKES_SCHEMA,
	  set_schema_sql },
	{ 0, "markdown", NULL, "as a page of documentation", TAKES_SCHEMA, set_schema_markdown },
	{ 0, "json", NULL, "for programs", TAKES_SCHEMA, set_schema_json },
	{ 'e', "execute", "SQL", "the statement, rather than the last argument", TAKES_QUERY, set_sql },
	{ 'n', "name", "NAME", "a query that is made already", TAKES_QUERY, set_name },
	{ 0, "list", NULL, "those that there are", TAKES_QUERY, set_list },
	{ 0, "functions", NULL, "the functions that SQL has here", TAKES_QUERY, set_functions },
	{ 0, "steps", "N", "end after N steps of SQLite's machine", TAKES_QUERY, set_steps },
	{ 0, "provenance", NULL, "image, entry and offset of each row",
	  TAKES_ROWS, set_provenance },
	{ 'w', "wide", NULL, "lines as long as they are, on a terminal too",
	  TAKES_ROWS | TAKES_QUERY | TAKES_DIFF, set_wide },
	{ 0, "level", "LEVEL", "error, warning (errors too), all", TAKES_LEVEL, set_level },
	{ 'e', "errors", NULL, "the same as --level error", TAKES_LEVEL, set_errors },
	{ 0, "reveal", NULL, "secrets as they are, not as ********",
	  TAKES_ROWS | TAKES_QUERY | TAKES_DIFF | TAKES_INDEX, set_reveal },
	{ 0, "parent", "PATH", "where the parent is; again for its own",
	  TAKES_PARENT, set_parent },
	{ 0, "inside", "NAME", "which one, where an archive holds several",
	  TAKES_PARENT | TAKES_DECODE, set_inside },
	{ 0, "pretty", NULL, "numbers as people read them", TAKES_DECODE,
	  set_pretty },
	{ 0, "no-payload", NULL, "sizes of contents, not the contents", TAKES_DECODE,
	  set_no_payload },
	{ 0, "offsets", NULL, "where each field is, as a tree", TAKES_DECODE, set_offsets },
	{ 0, "set", "PATH=VALUE", "change entries[0].pid and the like; again for more", TAKES_EDITS,
	  set_edit },
	{ 0, "fail-on", "SEVERITY", "status 1 from blocker, error, warning or note on",
	  TAKES_FAIL_ON, set_fail_on },
	{ 0, "check", "FILE", "hold it against this earlier manifest", TAKES_CHECK, set_check },
	{ 'o', "output", "DIR", "where the files go, and nowhere else", TAKES_DIRECTORY, set_directory },
	{ 0, "what", "LIST", "only these kinds of contents", TAKES_DIRECTORY, set_what },
	{ 0, "max-size", "SIZE", "bytes that are written at most; 4G", TAKES_DIRECTORY, set_max_size },
	{ 'd', "database", "FILE", "the index; made where there is none", TAKES_INDEX, set_database },
	{ 0, "max-size", "SIZE", "bytes of memory that are written at most", TAKES_EACH, set_max_size },
	{ 'd', "directory", "DIR", "a core.PID of each process, there", TAKES_EACH, set_directory },
	{ 'o', "output", "FILE", "write to FILE when all is complete", TAKES_OUTPUT,
	  set_output },
	{ 0, "color", "WHEN", "auto (to a terminal), always, never", 0, set_color },
	{ 'q', "quiet", NULL, "say nothing of damage; the status tells", 0,
	  set_quiet },
	{ 0, "no-sandbox", NULL, "without the sandbox, for debugging", 0, set_no_sandbox },
	{ 'h', "help", NULL, "this help", 0, set_help },
};

static bool takes(const struct command *command, const struct option *option)
{
	return option->takes == 0 || (command->takes & option->takes);
}

/* --- parsing ------------------------------------------------------------------------------------ */

static struct error *unknown_option(const struct command *command, const char *word, size_t len)
{
	struct bytes name = bytes_first(bytes_of(word), len);
	struct nearest nearest = nearest_to(name);

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (takes(command, &table[i]))
			nearest_try(&nearest, bytes_of(table[i].name));
	if (nearest.best.data)
		return error_new(ERROR_USAGE, "%s has no option --%.*s; did you mean --%.*s?",
				 command->name, BYTES_FMT(name), BYTES_FMT(nearest.best));
	return error_new(ERROR_USAGE, "%s has no option --%.*s", command->name, BYTES_FMT(name));
}

/* --name, --name=VALUE, --name VALUE; *used is how many words it took. */
static struct error *parse_long(const struct command *command, char **words, int n,
				struct options *options, int *used)
{
	const char *name = words[0] + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);

	*used = 1;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct option *option = &table[i];

		if (strlen(option->name) != len || strncmp(option->name, name, len) != 0 ||
		    !takes(command, option))
			continue;
		if (!option->value && equals)
			return error_new(ERROR_USAGE, "--%s takes no value", option->name);
		if (!option->value || equals)
			return option->set(options, equals ? equals + 1 : NULL);
		if (n < 2)
			return error_new(ERROR_USAGE, "--%s needs a value: %s", option->name,
					 option->value);
		*used = 2;
		return option->set(options, words[1]);
	}
	return unknown_option(command, name, len);
}

/* -x, -xVALUE, -x VALUE, and several without a value in one word. */
static struct error *parse_short(const struct command *command, char **words, int n,
				 struct options *options, int *used)
{
	*used = 1;
	for (const char *p = words[0] + 1; *p; p++) {
		const struct option *option = NULL;
		struct error *error;

		for (size_t i = 0; i < ARRAY_SIZE(table) && !option; i++)
			if (table[i].short_name == *p && takes(command, &table[i]))
				option = &table[i];
		if (!option)
			return error_new(ERROR_USAGE, "%s has no option -%c", command->name, *p);
		if (option->value && p[1])
			return option->set(options, p + 1);
		if (option->value && n < 2)
			return error_new(ERROR_USAGE, "-%c needs a value: %s", *p, option->value);
		if (option->value) {
			*used = 2;
			return option->set(options, words[1]);
		}
		error = option->set(options, NULL);
		if (error)
			return error;
	}
	return NULL;
}

static struct error *check_format(const struct command *command, const struct options *options)
{
	enum format format = options->format;
	bool has_rows = command->takes & (TAKES_ROWS | TAKES_RECORDS | TAKES_PIDS | TAKES_QUERY);

	if (command->takes & TAKES_JUDGE)
		return NULL;
	if (options->judge.form)
		return error_new(ERROR_USAGE, "%s has no %s", command->name, options->judge.form);
	if (command->takes & TAKES_DIFF) {
		if (format == FORMAT_JSONL || format == FORMAT_CSV)
			return error_new(ERROR_USAGE, "%s has no rows: --format is text, json or markdown",
					 command->name);
	} else if (format == FORMAT_MARKDOWN) {
		return error_new(ERROR_USAGE, "%s has no markdown: --format is text%s", command->name,
				 has_rows ? ", json, jsonl or csv" : " or json");
	} else if (format > FORMAT_JSON && !has_rows) {
		return error_new(ERROR_USAGE, "%s has no rows: --format is text or json", command->name);
	}
	return NULL;
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
		if (argv[i][0] == '-' && argv[i][1] == '-')
			error = parse_long(command, argv + i, argc - i, &options, &used);
		else if (argv[i][0] == '-' && argv[i][1])
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

void options_help(const struct command *command, struct out *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct option *option = &table[i];
		char left[48];

		if (!takes(command, option))
			continue;
		snprintf(left, sizeof(left), option->short_name ? "-%c, --%s%s%s" : "%c   --%s%s%s",
			 option->short_name ? option->short_name : ' ', option->name,
			 option->value ? " " : "", option->value ? option->value : "");
		out_printf(out, "  %-22s  %s\n", left, option->help);
	}
}
