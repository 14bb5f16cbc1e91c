/* Findings as JUnit XML, the subset that GitLab and Jenkins read. */
#include "db/check/hits.h"
#include "decoders/base/escape.h"
#include "inspect/reports/check.h"

enum { LONGEST_NAME = 400 }; /* bytes of a subject in the name of a test case */

struct junit {
	const struct judged_list *list;
	struct out *out, text;
	const struct finding *last; /* that was put */
	unsigned alike;             /* it and those before it that have the same name */
};

/* What .text holds, as XML 1.0: the escaper has spelled what is invisible; two characters are left that XML forbids. */
static void put_held(struct junit *junit)
{
	struct bytes rest = out_held(&junit->text);

	while (rest.len) {
		struct bytes before = rest;
		uint32_t c;

		if (!utf8_next(&rest, &c)) {
			rest = bytes_from(rest, 1);
			continue;
		}
		switch (c) {
		case '&':
			out_text(junit->out, "&amp;");
			break;
		case '<':
			out_text(junit->out, "&lt;");
			break;
		case '>':
			out_text(junit->out, "&gt;");
			break;
		case '"':
			out_text(junit->out, "&quot;");
			break;
		default:
			if (c == 0xfffe || c == 0xffff)
				out_printf(junit->out, "U+%X", c);
			else
				out_bytes(junit->out, bytes_first(before, before.len - rest.len));
		}
	}
	out_clear(&junit->text);
}

static void put_text(struct junit *junit, struct bytes text)
{
	escape_text(&junit->text, text);
	put_held(junit);
}

static bool fails(const struct junit *junit, const struct finding *finding)
{
	return finding->severity <= junit->list->fail_on;
}

static bool has_same_name(const struct finding *a, const struct finding *b)
{
	return bytes_equal(a->rule, b->rule) && bytes_equal(a->subject, b->subject) && a->pid == b->pid &&
	       a->fd == b->fd && a->entry == b->entry && bytes_equal(a->image, b->image);
}

/* The place makes the name unique, or a number: readers drop a second test of the same name. */
static void put_name(struct junit *junit, struct bytes checkpoint, const struct finding *finding)
{
	out_text(junit->out, " name=\"");
	put_text(junit, finding->rule);
	if (finding->subject.len) {
		out_char(junit->out, ' ');
		put_text(junit, bytes_first(finding->subject, LONGEST_NAME));
	}
	if (finding->pid != ABSENT_U32)
		out_printf(junit->out, " (pid %u)", finding->pid);
	if (finding->fd != ABSENT_U32)
		out_printf(junit->out, " (fd %u)", finding->fd);
	if (finding->entry != ABSENT_U32) {
		out_text(junit->out, " in ");
		put_text(junit, finding->image);
		out_printf(junit->out, " entry %u", finding->entry);
	}
	junit->alike = junit->last && has_same_name(junit->last, finding) ? junit->alike + 1 : 1;
	junit->last = finding;
	if (junit->alike > 1)
		out_printf(junit->out, " (%u)", junit->alike);
	if (junit->list->n > 1) {
		out_text(junit->out, " of ");
		put_text(junit, checkpoint);
	}
	out_text(junit->out, "\"");
}

static void put_case(struct junit *junit, struct bytes checkpoint, const struct finding *finding)
{
	out_text(junit->out, "    <testcase classname=\"");
	put_text(junit, finding->category);
	out_text(junit->out, "\"");
	put_name(junit, checkpoint, finding);
	out_text(junit->out, " time=\"0\">\n      ");
}

static void put_finding(struct junit *junit, struct bytes checkpoint, const struct finding *finding)
{
	bool failed = fails(junit, finding);

	put_case(junit, checkpoint, finding);
	if (failed) {
		out_text(junit->out, "<failure type=\"");
		out_text(junit->out, severities[finding->severity].name);
		out_text(junit->out, "\" message=\"");
		put_text(junit, finding->message);
		out_text(junit->out, "\">");
	} else {
		out_printf(junit->out, "<system-out>%s: ", severities[finding->severity].name);
		put_text(junit, finding->message);
		out_char(junit->out, '\n');
	}
	if (finding->fix.len) {
		out_text(junit->out, "fix: ");
		put_text(junit, finding->fix);
	}
	out_text(junit->out, failed ? "</failure>\n" : "</system-out>\n");
	out_text(junit->out, "    </testcase>\n");
}

static void put_suppressed(struct junit *junit, struct bytes checkpoint, const struct suppressed *suppressed)
{
	put_case(junit, checkpoint, &suppressed->finding);
	out_text(junit->out, "<skipped message=\"");
	put_text(junit, suppressed->reason);
	out_text(junit->out, "\"/>\n    </testcase>\n");
}

static bool spoke(const struct findings *findings, const struct rule *rule)
{
	for (size_t i = 0; i < findings->list.n; i++)
		if (bytes_equal(findings->list.items[i].rule, rule->id))
			return true;
	for (size_t i = 0; i < findings->suppressed.n; i++)
		if (bytes_equal(findings->suppressed.items[i].finding.rule, rule->id))
			return true;
	return false;
}

/* The rule was run and had nothing to say. */
static bool has_passed(const struct junit *junit, const struct judged *judged, const struct rule *rule)
{
	return (rule->sql.len || rule->is_verified) && rule->scope & judged->scope &&
	       (!junit->list->only.data || rule_is_in(rule, junit->list->only)) && !spoke(&judged->findings, rule);
}

static void put_passed(struct junit *junit, const struct judged *judged)
{
	for (size_t i = 0; i < junit->list->rules->rules.n; i++) {
		const struct rule *rule = &junit->list->rules->rules.items[i];

		if (!has_passed(junit, judged, rule))
			continue;
		out_text(junit->out, "    <testcase classname=\"");
		put_text(junit, rule->category);
		out_text(junit->out, "\" name=\"");
		put_text(junit, rule->id);
		if (junit->list->n > 1) {
			out_text(junit->out, " of ");
			put_text(junit, judged->name);
		}
		out_text(junit->out, "\" time=\"0\"/>\n");
	}
}

static void count(const struct junit *junit, const struct judged *judged, size_t *ret_tests, size_t *ret_failures)
{
	*ret_tests = judged->findings.list.n + judged->findings.suppressed.n;
	*ret_failures = 0;
	for (size_t i = 0; i < judged->findings.list.n; i++)
		*ret_failures += fails(junit, &judged->findings.list.items[i]);
	for (size_t i = 0; i < junit->list->rules->rules.n; i++)
		*ret_tests += has_passed(junit, judged, &junit->list->rules->rules.items[i]);
}

/* One that could not be looked at is an error, and no green suite. */
static void put_unread(struct junit *junit, const struct judged *judged)
{
	out_text(junit->out, "  <testsuite name=\"");
	put_text(junit, judged->name);
	out_text(junit->out, "\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0\">\n"
			     "    <testcase classname=\"input\" name=\"");
	put_text(junit, judged->name);
	out_text(junit->out, "\" time=\"0\">\n      <error type=\"unreadable\" message=\"");
	put_text(junit, judged->findings.error);
	out_text(junit->out, "\"/>\n    </testcase>\n  </testsuite>\n");
}

/* Neither is one of which something could not be read. */
static void put_problems(struct junit *junit, const struct judged *judged)
{
	const struct findings *findings = &judged->findings;

	if (findings->n_problems == 0)
		return;
	out_text(junit->out, "    <testcase classname=\"input\" name=\"");
	put_text(junit, judged->name);
	out_printf(junit->out, "\" time=\"0\">\n      <error type=\"partial\" message=\"%zu %s: the result is partial\">",
		   findings->n_problems, findings->n_problems == 1 ? "problem" : "problems");
	for (size_t i = 0; i < findings->problems.n; i++) {
		put_text(junit, findings->problems.items[i]);
		out_char(junit->out, '\n');
	}
	out_text(junit->out, "</error>\n    </testcase>\n");
}

static void put_suite(struct junit *junit, const struct judged *judged)
{
	size_t tests, failures, errors = judged->findings.n_problems > 0;

	if (judged->findings.error.data) {
		put_unread(junit, judged);
		return;
	}
	count(junit, judged, &tests, &failures);
	out_text(junit->out, "  <testsuite name=\"");
	put_text(junit, judged->name);
	out_printf(junit->out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"0\">\n",
		   tests + errors, failures, errors, judged->findings.suppressed.n);
	put_problems(junit, judged);
	for (size_t i = 0; i < judged->findings.list.n; i++)
		put_finding(junit, judged->name, &judged->findings.list.items[i]);
	for (size_t i = 0; i < judged->findings.suppressed.n; i++)
		put_suppressed(junit, judged->name, &judged->findings.suppressed.items[i]);
	put_passed(junit, judged);
	out_text(junit->out, "  </testsuite>\n");
}

void report_junit(const struct judged_list *list, struct out *out)
{
	struct junit junit = { .list = list, .out = out };

	out_init(&junit.text, -1);
	out_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"coldcase check\">\n");
	for (size_t i = 0; i < list->n; i++)
		put_suite(&junit, &list->items[i]);
	out_text(out, "</testsuites>\n");
	out_deinit(&junit.text);
}
