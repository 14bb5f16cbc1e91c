/* Findings as JUnit XML, the subset that GitLab and Jenkins read. */
#include "decoders/base/escape.h"
#include "inspect/reports/check.h"

enum { LONGEST_NAME = 400 }; /* bytes of a subject in the name of a test case */

struct junit {
	const struct judged_list *list;
	struct out *out, text;
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

/* The place makes the name unique: readers drop a second test of the same name. */
static void put_name(struct junit *junit, const char *path, const struct finding *finding)
{
	out_text(junit->out, " name=\"");
	put_text(junit, finding->rule);
	if (finding->subject.len) {
		out_char(junit->out, ' ');
		put_text(junit, bytes_first(finding->subject, LONGEST_NAME));
	}
	if (finding->pid != ABSENT_U32)
		out_printf(junit->out, " (pid %u)", finding->pid);
	if (finding->entry != ABSENT_U32) {
		out_text(junit->out, " in ");
		put_text(junit, finding->image);
		out_printf(junit->out, " entry %u", finding->entry);
	}
	if (junit->list->n > 1) {
		out_text(junit->out, " of ");
		put_text(junit, bytes_of(path));
	}
	out_text(junit->out, "\"");
}

static void put_finding(struct junit *junit, const char *path, const struct finding *finding)
{
	bool failed = fails(junit, finding);

	out_text(junit->out, "    <testcase classname=\"");
	put_text(junit, finding->category);
	out_text(junit->out, "\"");
	put_name(junit, path, finding);
	out_text(junit->out, " time=\"0\">\n      ");
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

static bool spoke(const struct findings *findings, const struct rule *rule)
{
	for (size_t i = 0; i < findings->list.n; i++)
		if (bytes_equal(findings->list.items[i].rule, rule->id))
			return true;
	return false;
}

static void put_passed(struct junit *junit, const struct judged *judged)
{
	for (size_t i = 0; i < junit->list->rules->rules.n; i++) {
		const struct rule *rule = &junit->list->rules->rules.items[i];

		if (!(rule->scope & SCOPE_IMAGE) || spoke(&judged->findings, rule))
			continue;
		out_text(junit->out, "    <testcase classname=\"");
		put_text(junit, rule->category);
		out_text(junit->out, "\" name=\"");
		put_text(junit, rule->id);
		if (junit->list->n > 1) {
			out_text(junit->out, " of ");
			put_text(junit, bytes_of(judged->path));
		}
		out_text(junit->out, "\" time=\"0\"/>\n");
	}
}

static void count(const struct junit *junit, const struct judged *judged, size_t *ret_tests, size_t *ret_failures)
{
	*ret_tests = judged->findings.list.n;
	*ret_failures = 0;
	for (size_t i = 0; i < judged->findings.list.n; i++)
		*ret_failures += fails(junit, &judged->findings.list.items[i]);
	for (size_t i = 0; i < junit->list->rules->rules.n; i++) {
		const struct rule *rule = &junit->list->rules->rules.items[i];

		*ret_tests += rule->scope & SCOPE_IMAGE && !spoke(&judged->findings, rule);
	}
}

static void put_suite(struct junit *junit, const struct judged *judged)
{
	size_t tests, failures;

	count(junit, judged, &tests, &failures);
	out_text(junit->out, "  <testsuite name=\"");
	put_text(junit, bytes_of(judged->path));
	out_printf(junit->out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\" time=\"0\">\n", tests,
		   failures);
	for (size_t i = 0; i < judged->findings.list.n; i++)
		put_finding(junit, judged->path, &judged->findings.list.items[i]);
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
