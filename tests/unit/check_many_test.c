/* check of several checkpoints, as in the kubelet's directory: each is judged, and none is missing from a report. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value))
		fail_msg("there is no \"%s\"", key);
	return value;
}

static struct json_object *element(struct json_object *list, size_t i)
{
	assert_true(i < json_object_array_length(list));
	return json_object_array_get_idx(list, i);
}

static const char *text_of(struct json_object *object, const char *key)
{
	return json_object_get_string(member(object, key));
}

/* Two whole ones, what is only called so, and what is none. */
static const char *directory(void)
{
	pack_directory(scratch_path("many/a.tar"), NULL, sample_case("lxc-criu4.2.1"), "x/");
	pack_directory(scratch_path("many/b.tgz"), "gzip", sample_case("tree-criu4.2.1"), "");
	write_file(scratch_path("many/c<&>.tar.zst"), "junk", 4);
	write_file(scratch_path("many/note"), "not an archive", 14);
	return scratch_path("many");
}

static void assert_same_alone(struct json_object *report)
{
	struct json_object *alone = run_json(0, "check", text_of(report, "checkpoint"), "--fail-on", "blocker", "--format",
					     "json", NULL);
	const char *where;

	if (!json_same(member(report, "findings"), member(alone, "findings"), &where))
		fail_msg("%s is another one alone", where);
	json_object_put(alone);
}

static void each_is_judged_as_if_it_were_alone(void **state)
{
	struct json_object *reports = run_json(4, "check", directory(), "--format", "json", NULL);

	(void)state;
	assert_int_equal(json_object_array_length(reports), 3);
	for (size_t i = 0; i < 2; i++) {
		struct json_object *report = element(reports, i);

		assert_null(member(report, "error"));
		assert_true(json_object_array_length(member(report, "findings")) > 0);
		assert_same_alone(report);
	}
	assert_non_null(strstr(text_of(element(reports, 2), "checkpoint"), "c<&>.tar.zst"));
	assert_non_null(member(element(reports, 2), "error"));
	assert_int_equal(json_object_array_length(member(element(reports, 2), "findings")), 0);
	json_object_put(reports);
}

/* Of the reports of a command, how many tell of RULE. */
static size_t n_telling(struct json_object *reports, const char *rule)
{
	size_t n = 0;

	for (size_t i = 0; i < json_object_array_length(reports); i++) {
		struct json_object *findings = member(element(reports, i), "findings");
		bool tells = false;

		for (size_t k = 0; k < json_object_array_length(findings); k++)
			tells |= !strcmp(text_of(element(findings, k), "rule"), rule);
		n += tells;
	}
	return n;
}

static void assert_pair(const char *command, int status, const char *path, size_t n_lonely)
{
	struct json_object *reports = run_json(status, command, path, "--format", "json", NULL);

	assert_int_equal(json_object_array_length(reports), 2);
	assert_int_equal(n_telling(reports, "img-predump-only"), n_lonely);
	assert_int_equal(n_telling(reports, "parent-outside-archive"), n_lonely);
	json_object_put(reports);
}

/* A pre-dump and the dump that rests on it, in archives of their own, as podman makes them. */
static void a_predump_goes_with_its_dump(void **state)
{
	const char *from = sample_case("predump-read-criu4.1.1");
	char first[4096], second[4096];

	(void)state;
	snprintf(first, sizeof(first), "%s/1", from);
	snprintf(second, sizeof(second), "%s/2", from);
	pack_directory(scratch_path("pair/a.tar"), "gzip", first, "1/");
	pack_directory(scratch_path("pair/b.tar"), NULL, second, "2/");
	assert_pair("verify", 0, scratch_path("pair"), 0);
	assert_pair("check", 0, scratch_path("pair"), 0);
	/* By itself each lacks the other one; and a name alone does not make it the parent. */
	assert_int_equal(run("check", scratch_path("pair/a.tar"), NULL).status, 1);
	assert_int_equal(run("verify", scratch_path("pair/b.tar"), NULL).status, 1);
	pack_directory(scratch_path("apart/x/a.tar"), NULL, first, "1/");
	pack_directory(scratch_path("apart/b.tar"), NULL, second, "2/");
	assert_pair("verify", 1, scratch_path("apart"), 1);
}

static void a_directory_is_as_good_as_its_files(void **state)
{
	const char *path = directory();
	struct json_object *a = run_json(4, "check", path, "--format", "json", NULL);
	struct json_object *b = run_json(3, "check", scratch_path("many/a.tar"), scratch_path("many/b.tgz"),
					 scratch_path("many/c<&>.tar.zst"), "--format", "json", NULL);
	const char *where;

	(void)state;
	if (!json_same(a, b, &where))
		fail_msg("%s differs", where);
	json_object_put(a);
	json_object_put(b);
}

static void the_worst_counts(void **state)
{
	(void)state;
	pack_directory(scratch_path("whole/a.tar"), NULL, sample_case("lxc-criu4.2.1"), "x/");
	pack_directory(scratch_path("whole/b.tgz"), "gzip", sample_case("tree-criu4.2.1"), "");
	assert_int_equal(run("check", scratch_path("whole"), "--fail-on", "blocker", NULL).status, 0);
	assert_int_equal(run("check", scratch_path("whole"), "--fail-on", "note", NULL).status, 1);
}

static void text_has_a_group_for_each_and_a_total(void **state)
{
	struct outcome outcome = run("check", directory(), NULL);
	const char *text = (const char *)outcome.out.data;
	const char *a = strstr(text, "many/a.tar\n\n"), *b = strstr(text, "many/b.tgz\n\n");
	const char *c = strstr(text, "many/c<&>.tar.zst\n\nnot looked at: "), *total = strstr(text, "\n3 checkpoints: ");

	(void)state;
	assert_true(a && b > a && c > b && total > c);
	assert_non_null(strstr(total, ", 1 not looked at\n"));
}

static void sarif_is_one_run_with_all_of_them(void **state)
{
	struct json_object *report = run_json(4, "check", directory(), "--format", "sarif", NULL);
	struct json_object *sarif_run = element(member(report, "runs"), 0), *invocation, *list;
	size_t n[2] = { 0 };

	(void)state;
	assert_int_equal(json_object_array_length(member(report, "runs")), 1);
	assert_int_equal(json_object_array_length(member(sarif_run, "artifacts")), 3);
	list = member(sarif_run, "results");
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *place = member(element(member(element(list, i), "locations"), 0), "physicalLocation");
		const char *uri = text_of(member(place, "artifactLocation"), "uri");

		n[0] += strstr(uri, "many/a.tar") != NULL;
		n[1] += strstr(uri, "many/b.tgz") != NULL;
	}
	assert_true(n[0] && n[1] && n[0] + n[1] == json_object_array_length(list));
	invocation = element(member(sarif_run, "invocations"), 0);
	assert_false(json_object_get_boolean(member(invocation, "executionSuccessful")));
	list = member(invocation, "toolExecutionNotifications");
	assert_int_equal(json_object_array_length(list), 1);
	json_object_put(report);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

static void junit_has_a_suite_for_each(void **state)
{
	struct outcome outcome = run("check", directory(), "--format", "junit", NULL);
	const char *text = (const char *)outcome.out.data;

	(void)state;
	assert_int_equal(count(text, "<testsuite "), 3);
	assert_int_equal(count(text, "<error type=\"unreadable\""), 1);
	assert_int_equal(count(text, "errors=\"1\""), 1);
	assert_non_null(strstr(text, "many/c&lt;&amp;&gt;.tar.zst\" tests=\"1\""));
}

/* A rule that was not run has not passed. */
static void junit_passes_what_was_run_alone(void **state)
{
	struct outcome outcome = run("check", "samples/podman.tar.zst", "--only", "tun", "--format", "junit", NULL);

	(void)state;
	assert_int_equal(count((const char *)outcome.out.data, "<testcase "), 1);
	assert_non_null(strstr((const char *)outcome.out.data, "tests=\"1\" failures=\"0\""));
}

static void markdown_has_a_section_for_each(void **state)
{
	struct outcome outcome = run("check", directory(), "--format", "markdown", NULL);
	const char *text = (const char *)outcome.out.data;

	(void)state;
	assert_int_equal(count(text, "\n### "), 3);
	assert_int_equal(count(text, "Not looked at: "), 1);
}

/* A rule that is none is an error of the command line: what the others found is no verdict. */
static void without_a_rule_there_is_no_verdict(void **state)
{
	static const char broken[] = "-- id: mine\n-- severity: warning\n-- category: own\n-- scope: image\n-- title: t\n"
				     "-- message: m\n-- why: w\n-- fix: f\nSELECT 1 AS subject FROM proces\n";
	struct outcome outcome;

	(void)state;
	write_file(scratch_path("broken/mine.sql"), broken, sizeof(broken) - 1);
	outcome = run("check", "samples/podman.tar.zst", "--rules", scratch_path("broken"), NULL);
	assert_int_equal(outcome.status, 2);
	assert_int_equal(outcome.out.len, 0);
	outcome = run("check", directory(), "--rules", scratch_path("broken"), "--format", "json", NULL);
	assert_int_equal(outcome.status, 2);
	assert_int_equal(outcome.out.len, 0);
}

static void a_word_that_no_rule_has_is_told(void **state)
{
	struct outcome outcome = run("rules", "netwrk", NULL);

	(void)state;
	assert_int_equal(outcome.status, 2);
	assert_int_equal(outcome.out.len, 0);
	assert_non_null(strstr((const char *)outcome.err.data, "did you mean \"network\"?"));
	assert_int_equal(run("rules", "network", "nosuch", NULL).status, 2);
	assert_int_equal(run("rules", "nosuch", "--test", NULL).status, 2);
	outcome = run("rules", "tun", "memory", NULL); /* each is one's, but not of the same */
	assert_int_equal(outcome.status, 0);
	assert_non_null(strstr((const char *)outcome.err.data, "no rule is all of these"));
	assert_int_equal(run("rules", "network", "image", NULL).status, 0);
}

static void verify_has_a_place_for_what_it_cannot_read(void **state)
{
	struct json_object *reports = run_json(4, "verify", directory(), "--format", "json", NULL);

	(void)state;
	assert_int_equal(json_object_array_length(reports), 3);
	assert_null(member(element(reports, 0), "error"));
	assert_non_null(member(element(reports, 2), "error"));
	json_object_put(reports);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_judged_as_if_it_were_alone),
		cmocka_unit_test(a_predump_goes_with_its_dump),
		cmocka_unit_test(a_directory_is_as_good_as_its_files),
		cmocka_unit_test(the_worst_counts),
		cmocka_unit_test(text_has_a_group_for_each_and_a_total),
		cmocka_unit_test(sarif_is_one_run_with_all_of_them),
		cmocka_unit_test(junit_has_a_suite_for_each),
		cmocka_unit_test(junit_passes_what_was_run_alone),
		cmocka_unit_test(markdown_has_a_section_for_each),
		cmocka_unit_test(without_a_rule_there_is_no_verdict),
		cmocka_unit_test(a_word_that_no_rule_has_is_told),
		cmocka_unit_test(verify_has_a_place_for_what_it_cannot_read),
	};

	return run_all(tests);
}
