/* Reports of check: what pipelines need of them, whatever the evidence is called. */
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "db/findings/findings.h"

#define SAMPLE "samples/podman.tar.zst"

/* A rule whose findings are called as badly as can be. */
static const char hostile[] =
	"-- id: hostile\n-- severity: error\n-- category: own\n-- scope: image\n-- title: t | <b> ` & \"\n"
	"-- message: {name}\n-- why: w\n-- fix: <a href='x'>@all</a> ]]> |\n"
	"WITH names(name) AS (VALUES ('a|b`c'), ('<script>alert(1)</script>'), (']]>'), ('&amp;\"'''),\n"
	"  ('line' || char(10) || 'feed'), (char(27) || '[31mred'), (char(0x202e) || 'txt.exe'), (char(0xfffe)),\n"
	"  ('\\xff\\xfe'), (''), ('@someone #1 [x](y) ![z](u)'), (printf('%.*c', 5000, 'x')))\n"
	"SELECT name AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset, name\n"
	"FROM names\n";
enum { N_HOSTILE = 12 };

static const char *hostile_rules(void)
{
	write_file(scratch_path("hostile/x.sql"), hostile, sizeof(hostile) - 1);
	return scratch_path("hostile");
}

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value))
		fail_msg("there is no \"%s\"", key);
	return value;
}

static struct json_object *first(struct json_object *object, const char *key)
{
	struct json_object *list = member(object, key);

	assert_true(json_object_array_length(list) > 0);
	return json_object_array_get_idx(list, 0);
}

/* --- SARIF ------------------------------------------------------------------------------------------------ */

static void assert_text(struct json_object *object, const char *key)
{
	const char *text = json_object_get_string(member(member(object, key), "text"));

	assert_true(*text && json_object_get_string_len(member(member(object, key), "text")) <= 1024 * 4);
}

/* What GitHub asks of a result. */
static void assert_result(struct json_object *result, struct json_object *rules)
{
	struct json_object *rule, *location, *region;

	rule = json_object_array_get_idx(rules, (size_t)json_object_get_int64(member(result, "ruleIndex")));
	assert_string_equal(json_object_get_string(member(rule, "id")),
			    json_object_get_string(member(result, "ruleId")));
	assert_text(result, "message");
	assert_null(strstr(json_object_get_string(member(member(result, "message"), "text")), "]("));
	location = member(first(result, "locations"), "physicalLocation");
	region = member(location, "region");
	assert_int_equal(json_object_get_int(member(region, "startLine")), 1);
	assert_true(*json_object_get_string(member(member(location, "artifactLocation"), "uri")));
	assert_int_equal(strlen(json_object_get_string(
				 member(member(result, "partialFingerprints"), "primaryLocationLineHash"))), 64);
}

static void sarif_has_what_code_scanning_asks_for(void **state)
{
	struct json_object *report = run_json(1, "check", SAMPLE, "--rules", hostile_rules(), "--format", "sarif",
					      NULL);
	struct json_object *sarif_run = first(report, "runs"), *results = member(sarif_run, "results");
	struct json_object *rules = member(member(member(sarif_run, "tool"), "driver"), "rules");
	size_t n = 0;

	(void)state;
	assert_string_equal(json_object_get_string(member(report, "version")), "2.1.0");
	for (size_t i = 0; i < json_object_array_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);

		assert_text(rule, "shortDescription");
		assert_text(rule, "fullDescription");
		assert_text(rule, "help");
		member(member(rule, "properties"), "security-severity");
	}
	for (size_t i = 0; i < json_object_array_length(results); i++) {
		struct json_object *result = json_object_array_get_idx(results, i);

		assert_result(result, rules);
		n += !strcmp(json_object_get_string(member(result, "ruleId")), "hostile");
	}
	assert_int_equal(n, N_HOSTILE);
	assert_string_equal(json_object_get_string(member(json_object_array_get_idx(results, 0), "level")), "error");
	json_object_put(report);
}

/* --- JUnit -------------------------------------------------------------------------------------------------- */

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

/* No markup but our own, entities that XML has, and no character that it has not. */
static void assert_xml(const char *text)
{
	static const char *const ours[] = { "?xml", "testsuites", "testsuite", "testcase", "failure", "system-out",
					    "error" };
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;" };

	for (const char *p = text; *p; p++) {
		bool known = *p != '<' && *p != '&';

		for (size_t i = 0; i < 7 && *p == '<'; i++)
			known = known || !strncmp(p + 1 + (p[1] == '/'), ours[i], strlen(ours[i]));
		for (size_t i = 0; i < 4 && *p == '&'; i++)
			known = known || !strncmp(p, entities[i], strlen(entities[i]));
		if (!known || ((unsigned char)*p < ' ' && *p != '\n') || !strncmp(p, "\xef\xbf\xbe", 3))
			fail_msg("not XML: %.40s", p);
	}
	assert_int_equal(count(text, "<testcase"), count(text, "</testcase>") + count(text, "time=\"0\"/>"));
}

static void junit_is_xml_whatever_names_there_are(void **state)
{
	struct outcome outcome = run("check", SAMPLE, "--rules", hostile_rules(), "--format", "junit", NULL);
	const char *text = (const char *)outcome.out.data;

	(void)state;
	assert_int_equal(outcome.status, 1);
	assert_xml(text);
	assert_int_equal(count(text, "<failure"), N_HOSTILE);
	assert_non_null(strstr(text, "failures=\"12\""));
	assert_int_equal(count(text, "<testsuite "), 1);
}

/* --- Markdown ----------------------------------------------------------------------------------------------- */

static void markdown_has_no_markup_of_others(void **state)
{
	struct outcome outcome = run("check", SAMPLE, "--rules", hostile_rules(), "--format", "markdown", "--only",
				     "hostile", NULL);
	const char *text = (const char *)outcome.out.data;

	(void)state;
	assert_null(strstr(text, "<script"));
	assert_null(strstr(text, "<a "));
	assert_null(strchr(text, '@'));
	assert_null(strchr(text, '`'));
	assert_null(strchr(text, '\x1b'));
	for (const char *line = strstr(text, "| error"); line; line = strstr(line + 1, "\n| error"))
		for (size_t bars = 0; ; line++) {
			bars += *line == '|';
			if (line[1] == '\n') {
				assert_int_equal(bars, 5);
				break;
			}
		}
}

static void markdown_is_bounded(void **state)
{
	static const char many[] =
		"-- id: many\n-- severity: note\n-- category: own\n-- scope: image\n-- title: t\n-- message: {name}\n"
		"-- why: w\n-- fix: f\n"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000)\n"
		"SELECT printf('%d%.*c', i, 2000, '<') AS subject, NULL AS pid, NULL AS fd, NULL AS src_image,\n"
		"NULL AS src_entry, NULL AS src_offset, printf('%.*c', 2000, '&') AS name FROM n\n";
	struct outcome outcome;

	(void)state;
	write_file(scratch_path("bounded/x.sql"), many, sizeof(many) - 1);
	outcome = run("check", SAMPLE, "--rules", scratch_path("bounded"), "--format", "markdown", NULL);
	assert_true(outcome.out.len > 800 << 10);
	assert_true(outcome.out.len < 1024 << 10);
	assert_non_null(strstr((const char *)outcome.out.data, "findings more are not shown here"));
}

/* --- HTML --------------------------------------------------------------------------------------------------- */

/* It loads nothing and runs nothing, and no element is another's. */
static void html_has_no_markup_of_others(void **state)
{
	static const char *const ours[] = { "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3",
					    "p", "section", "article", "span", "code", "ul", "li", "b", "div", "footer" };
	struct outcome outcome = run("check", SAMPLE, "--rules", hostile_rules(), "--format", "html", "--only", "hostile",
				     NULL);
	const char *text = (const char *)outcome.out.data;

	(void)state;
	assert_int_equal(outcome.status, 1);
	assert_int_equal(count(text, "<li>"), N_HOSTILE);
	assert_non_null(strstr(text, "&#60;script&#62;alert(1)&#60;/script&#62;"));
	assert_non_null(strstr(text, "content=\"default-src 'none'; style-src 'unsafe-inline'\""));
	assert_null(strstr(text, "http:"));
	assert_null(strstr(text, "url("));
	assert_null(strchr(text, '\x1b'));
	for (const char *p = strchr(text, '<'); p; p = strchr(p + 1, '<')) {
		size_t len = strcspn(p + 1 + (p[1] == '/'), " >");
		bool known = false;

		for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
			known = known || (len == strlen(ours[i]) && !strncmp(p + 1 + (p[1] == '/'), ours[i], len));
		if (!known)
			fail_msg("none of ours: %.40s", p);
	}
}

/* --- several at once ------------------------------------------------------------------------------------------ */

static int check_with(const char *checkpoint, const char *form, const char *path)
{
	char report[4096];

	snprintf(report, sizeof(report), "%s=%s", form, path);
	return run("check", checkpoint, "--report", report, "--report", "json=/dev/null", NULL).status;
}

static void several_reports_are_made_in_one_run(void **state)
{
	const char *sarif = scratch_path("out/a.sarif"), *never = scratch_path("out/never.json");
	struct json_object *report;
	struct stat st;

	(void)state;
	write_file(sarif, "old", 3);
	assert_int_equal(check_with(SAMPLE, "sarif", sarif), 0);
	report = json_file(sarif);
	member(report, "runs");
	json_object_put(report);
	assert_int_equal(check_with(SAMPLE, "text", never), 2);
	assert_int_equal(check_with(SAMPLE, "json", "/no/such/place"), 2);
	assert_int_equal(check_with("no-such-thing", "json", never), 3);
	assert_int_not_equal(stat(never, &st), 0); /* nothing half done */
}

/* The status says that something could not be read, and so does each report, which is kept without it. */
static void a_partial_result_says_what_is_missing(void **state)
{
	const char *cut = scratch_path("cut.tar");
	struct json_object *report, *problems, *notification;
	struct bytes whole = read_file(SAMPLE);
	struct outcome junit;

	(void)state;
	write_file(cut, whole.data, whole.len / 2);
	report = run_json(4, "check", cut, "--format", "json", NULL);
	problems = member(report, "problems");
	assert_true(json_object_array_length(problems) > 0);
	assert_non_null(strstr(json_object_get_string(json_object_array_get_idx(problems, 0)), "cut.tar: "));
	assert_int_equal(json_object_get_int(member(report, "problems_omitted")), 0);
	json_object_put(report);

	report = run_json(4, "check", cut, "--format", "sarif", NULL);
	notification = first(first(first(report, "runs"), "invocations"), "toolExecutionNotifications");
	assert_string_equal(json_object_get_string(member(notification, "level")), "error");
	assert_text(notification, "message");
	json_object_put(report);

	junit = run("check", cut, "--format", "junit", NULL);
	assert_xml((const char *)junit.out.data);
	assert_int_equal(count((const char *)junit.out.data, "<error type=\"partial\""), 1);
	assert_non_null(strstr((const char *)junit.out.data, "errors=\"1\""));
}

static void problems_have_a_bound(void **state)
{
	struct problems problems;
	struct findings findings;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	findings_init(&findings, &arena);
	problems_init(&problems);
	for (uint32_t i = 0; i < MOST_PROBLEMS_TOLD + 7; i++)
		problems_add(&problems, error_at(error_in_image(error_new(ERROR_DAMAGED, "no"), BYTES("x.img")), i, 16));
	findings_take_problems(&findings, &problems);
	assert_int_equal(findings.problems.n, MOST_PROBLEMS_TOLD);
	assert_int_equal(findings.n_problems, MOST_PROBLEMS_TOLD + 7);
	assert_true(bytes_equal(findings.problems.items[2], BYTES("x.img entry 2 at 0x10: no")));
	problems_deinit(&problems);
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sarif_has_what_code_scanning_asks_for),
		cmocka_unit_test(junit_is_xml_whatever_names_there_are),
		cmocka_unit_test(markdown_has_no_markup_of_others),
		cmocka_unit_test(markdown_is_bounded),
		cmocka_unit_test(html_has_no_markup_of_others),
		cmocka_unit_test(several_reports_are_made_in_one_run),
		cmocka_unit_test(a_partial_result_says_what_is_missing),
		cmocka_unit_test(problems_have_a_bound),
	};

	return run_all(tests);
}
