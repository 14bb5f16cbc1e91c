/*
 * What check found, in the forms that pipelines read.
 *
 * Each is one document over all checkpoints of a run, and valid whatever the evidence holds: everything from it
 * passes the escaper first, and then what the form itself needs.
 */
#pragma once

#include "db/check/ruleset.h"
#include "db/findings/findings.h"
#include "decoders/base/out.h"
#include "inspect/known.h"

struct judged {
	const char *path;
	struct bytes name; /* the path, and where in there it is */
	unsigned scope;    /* of the rules that were run over its tables; 0 of a log by itself */
	struct findings findings;
};

struct judged_list {
	const char *command; /* that judged */
	const struct judged *items;
	size_t n;
	const struct ruleset *rules;
	const struct known *known;
	struct bytes only;  /* what was looked for, as --only has it; absent: all */
	enum severity fail_on;
	const char *anchor; /* the file that findings are shown at, as code scanning wants one; NULL: the checkpoint */
	bool partial;       /* something could not be read */
};

enum {
	SARIF_MOST_RESULTS = 5000,       /* what GitHub shows; the most severe come first */
	MARKDOWN_MOST = 900 << 10,       /* bytes; GitHub refuses a summary of a MiB */
	MARKDOWN_MOST_ROWS = 50,         /* of the table; the others are folded away */
};

/* SARIF 2.1.0, with what GitHub's code scanning asks for. */
void report_sarif(const struct judged_list *list, struct out *out);

/* A test suite a checkpoint, a test case a finding, and one for each rule that found nothing. */
void report_junit(const struct judged_list *list, struct out *out);

/* A job summary: counts, the worst, the rest folded away. */
void report_markdown(const struct judged_list *list, struct out *out);

/* A page for people: one file, without script, that loads nothing. */
void report_html(const struct judged_list *list, struct out *out);
