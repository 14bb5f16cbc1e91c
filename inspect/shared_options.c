/* Options that several commands take. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/base/size.h"
#include "inspect/options.h"

/* --- values -------------------------------------------------------------------------------------- */

struct error *option_number(const char *name, const char *value, unsigned long most, unsigned long *ret)
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

struct error *option_max_size(struct options *options, const char *value)
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

static struct error *set_parent(struct options *options, const char *value)
{
	if (options->n_parents == MOST_PARENTS)
		return error_new(ERROR_USAGE, "more than %d parents", MOST_PARENTS);
	options->parents[options->n_parents++] = value;
	return NULL;
}

/* "-" is no file, as where a checkpoint is named. */
static struct error *set_output(struct options *options, const char *value)
{
	options->output = strcmp(value, "-") ? value : NULL;
	return NULL;
}

static struct error *set_threads(struct options *options, const char *value)
{
	unsigned long number = 0;
	struct error *error = option_number("threads", value, 64, &number);

	options->threads = (unsigned)number;
	return error;
}

static struct error *set_fail_on(struct options *options, const char *value)
{
	if (severity_named(value, &options->fail_on))
		return NULL;
	return error_new(ERROR_USAGE, "--fail-on is blocker, error, warning or note, not \"%s\"", value);
}

static struct error *set_rules(struct options *options, const char *value)
{
	struct judge_options *judge = &options->judge;

	if (judge->n_rules == MOST_RULE_DIRECTORIES)
		return error_new(ERROR_USAGE, "more than %d directories of rules", MOST_RULE_DIRECTORIES);
	judge->rules[judge->n_rules++] = value;
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

/* --- lists --------------------------------------------------------------------------------------- */

#define PID { 'p', "pid", "LIST", "only what belongs to these processes", .set = set_pid }
#define WIDE { 'w', "wide", NULL, "lines as long as they are, on a terminal too", SETS(wide) }
#define REVEAL { 0, "reveal", NULL, "secrets as they are, not as ********", SETS(reveal) }
#define INSIDE { 0, "inside", "NAME", "which one, where an archive holds several", KEEPS(inside) }

const struct option rows_options[] = {
	{ 'c', "columns", "LIST", "columns to show, as in pid,comm", KEEPS(columns) },
	{ 0, "where", "EXPR", "only rows of which this SQL expression is true", KEEPS(where) },
	{ 's', "sort", "LIST", "sort by columns: -size,path", KEEPS(sort) },
	PID,
	{ 0, "provenance", NULL, "image, entry and offset of each row", SETS(provenance) },
	WIDE,
	REVEAL,
	{ 0 },
};
const struct option pid_options[] = { PID, { 0 } };
const struct option wide_options[] = { WIDE, { 0 } };
const struct option reveal_options[] = { REVEAL, { 0 } };
const struct option inside_options[] = { INSIDE, { 0 } };
const struct option parent_options[] = {
	{ 0, "parent", "PATH", "where the parent is; again for its own", .set = set_parent },
	INSIDE,
	{ 0 },
};
const struct option output_options[] = {
	{ 'o', "output", "FILE", "write to FILE when all is complete; -: standard output", .set = set_output },
	{ 0 },
};
const struct option thread_options[] = {
	{ 'j', "threads", "N", "with N threads, up to 64", .set = set_threads },
	{ 0 },
};
const struct option spool_options[] = {
	{ 0, "spool-dir", "DIR", "where a compressed archive is inflated meanwhile", KEEPS(memory.spool_dir) },
	{ 0 },
};
const struct option fail_on_options[] = {
	{ 0, "fail-on", "SEVERITY", "status 1 from blocker, error, warning or note on", .set = set_fail_on },
	{ 0 },
};
const struct option ruleset_options[] = {
	{ 0, "rules", "DIR", "rules of your own, *.sql; again for more", .set = set_rules },
	{ 0 },
};
const struct option judging_options[] = {
	{ 0, "report", "FORMAT=FILE", "html, sarif, junit, markdown or json as well; again", .set = set_report },
	{ 0, "anchor", "FILE", "in SARIF, the file that findings are shown at", KEEPS(judge.anchor) },
	{ 0, "ignore", "FILE", "known findings (./.coldcaseignore where there is one)", KEEPS(judge.ignore) },
	{ 0, "baseline", "FILE", "an earlier JSON report, whose findings are known", KEEPS(judge.baseline) },
	{ 0 },
};
