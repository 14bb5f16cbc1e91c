/*
 * What check, rules and explain have in common: the rules that there are, what the options say of them, and the files
 * that reports go to.
 */
#pragma once

#include "db/check/check.h"
#include "decoders/host/host.h"
#include "inspect/command.h"
#include "inspect/known.h"
#include "inspect/reports/check.h"
#include "inspect/target.h"
#include "sandbox/sandbox.h"

enum report_form {
	REPORT_NONE,
	REPORT_SARIF,
	REPORT_JUNIT,
	REPORT_MARKDOWN,
	REPORT_HTML,
	REPORT_JSON,
};

struct report_file {
	enum report_form form;
	struct target target;
	struct out out;
	char *directory;
	bool is_open;
};

/* What check asks of a checkpoint. */
struct judgement {
	struct ruleset rules;
	struct check check;
	struct known known;
	bool has_host;
	struct host host;
	int root; /* of --root, open; -1: not given */
	enum report_form form; /* of the output itself; REPORT_NONE: as --format says */
	struct report_file reports[MOST_REPORTS];
	const char *directories[MOST_REPORTS];
	size_t n_reports;
};

/*
 * Before the sandbox is entered: reads the rules of --rules and what is known (--ignore, --baseline), understands
 * --profile, --assume and --only, reads the facts of the host, and opens the files of --report. The judgement belongs to the invocation.
 */
struct error *prepare_judgement(struct invocation *invocation) __attribute__((warn_unused_result));

/* LIST, each word of which must be a rule or a category. */
struct error *judgement_only(const struct ruleset *rules, const char *list, struct bytes *ret)
	__attribute__((warn_unused_result));

/* Lets SANDBOX put the reports in their places. */
void judgement_directories(struct judgement *judgement, struct sandbox *sandbox);

/* Writes LIST as FORM says. */
void judgement_report(enum report_form form, const struct judged_list *list, struct out *out);

/* Writes the files of --report and puts them in their places. */
struct error *judgement_write(struct judgement *judgement, const struct judged_list *list)
	__attribute__((warn_unused_result));

/* Frees it; a report that has not been written leaves no file. */
void release_judgement(struct invocation *invocation);
