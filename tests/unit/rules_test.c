/* Rules: that they find what their fixtures hold, that broken ones are refused where they are broken. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "tests/support/support.h"

#include <fcntl.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "db/check/builtin.h"
#include "db/check/fixtures.h"
#include "db/check/hits.h"
#include "db/check/ruleset.h"

static struct ruleset rules;

static int set_up(void **state)
{
	(void)state;
	return ruleset_init(&rules) ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	ruleset_deinit(&rules);
	return 0;
}

static void every_rule_does_as_its_fixtures_say(void **state)
{
	size_t wrong = 0;

	(void)state;
	assert_true(rules.rules.n > 250);
	for (size_t i = 0; i < rules.rules.n; i++) {
		struct error *error = fixtures_run(&rules.rules.items[i]);

		if (!error)
			continue;
		print_message("%.*s: %s\n", BYTES_FMT(rules.rules.items[i].id), error->message);
		error_free(error);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* Ids are what people suppress by; a rule over one that is gone would do nothing. */
static void rules_name_only_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < rules.rules.n; i++) {
		struct bytes lists[] = { rules.rules.items[i].over, rules.rules.items[i].over_all }, word;

		for (size_t j = 0; j < 2; j++)
			while (word_next(&lists[j], &word))
				if (!ruleset_find(&rules, word))
					fail_msg("%.*s is over %.*s, which is none",
						 BYTES_FMT(rules.rules.items[i].id), BYTES_FMT(word));
	}
}

static void assert_compiles(const char *pattern)
{
	PCRE2_SIZE at = 0;
	int code = 0;
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_NEVER_UTF, &code,
					     &at, NULL);

	if (!compiled)
		fail_msg("\"%s\" is no pattern, from byte %zu on", pattern, at);
	pcre2_code_free(compiled);
}

static void log_patterns_name_only_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_log_patterns; i++) {
		const struct rule *rule = ruleset_find(&rules, bytes_of(log_patterns[i].rule));

		assert_compiles(log_patterns[i].pattern);
		if (!strcmp(log_patterns[i].rule, "-"))
			continue;
		if (!rule)
			fail_msg("\"%s\" speaks of %s, which is no rule", log_patterns[i].pattern,
				 log_patterns[i].rule);
		if (!(rule->scope & SCOPE_LOG))
			fail_msg("%s has no scope log", log_patterns[i].rule);
	}
	for (size_t i = 0; i < rules.rules.n; i++) {
		const struct rule *rule = &rules.rules.items[i];
		bool is_named = bytes_equal(rule->id, BYTES("log-error"));

		for (size_t j = 0; j < n_log_patterns; j++)
			is_named = is_named || bytes_equal(rule->id, bytes_of(log_patterns[j].rule));
		if (rule->scope & SCOPE_LOG && !is_named)
			fail_msg("no pattern speaks of %.*s", BYTES_FMT(rule->id));
	}
}

/* --- rules of one's own ------------------------------------------------------------------------------ */

#define HEAD                                                                               \
	"-- id: mine\n-- severity: warning\n-- category: own\n-- scope: image\n"           \
	"-- title: t\n-- message: {comm} is there\n-- why: w\n-- fix: f\n"
#define SELECT_MINE                                                                        \
	"SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, comm " \
	"FROM process WHERE comm LIKE 'f%'\n"

static const char *rule_directory(const char *name, const char *text)
{
	const char *path = scratch_path("%s/mine.sql", name);

	write_file(path, text, strlen(text));
	return scratch_path("%s", name);
}

static void a_rule_of_ones_own_runs_beside_the_others(void **state)
{
	const char *directory = rule_directory("own", HEAD "\n" SELECT_MINE);
	struct outcome outcome = run("check", "samples/podman.tar.zst", "--rules", directory, "--only", "own",
				     "--fail-on", "warning", NULL);

	(void)state;
	assert_int_equal(outcome.status, 1);
	assert_non_null(strstr((const char *)outcome.out.data, "fds is there"));
	assert_non_null(strstr((const char *)outcome.out.data, "1 warning"));
}

static void assert_refused(const char *name, const char *text, const char *wanted)
{
	const char *directory = rule_directory(name, text);
	struct outcome outcome = run("check", "samples/podman.tar.zst", "--rules", directory, NULL);

	if (outcome.status != 2 || !strstr((const char *)outcome.err.data, wanted))
		fail_msg("%s: status %d, \"%s\" is not in: %s", name, outcome.status, wanted,
			 (const char *)outcome.err.data);
}

static void a_broken_rule_is_refused_where_it_is_broken(void **state)
{
	(void)state;
	assert_refused("empty", "", "the head has no \"id\"");
	assert_refused("word", "-- id: mine\n-- severty: error\n", "mine.sql: line 2: a rule's head has no word "
								   "\"severty\"; did you mean \"severity\"?");
	assert_refused("severity", "-- id: mine\n-- severity: bad\n", "line 2: \"bad\" is no severity");
	assert_refused("twice", "-- id: mine\n-- id: mine\n", "line 2: \"id\" is there twice");
	assert_refused("text", "-- id: mine\n-- something\n", "line 2: neither");
	assert_refused("missing", "-- id: mine\n-- severity: error\nSELECT 1", "the head has no \"category\"");
	assert_refused("letters", "-- id: Mine\n-- severity: error\n-- category: c\n-- scope: image\n-- title: t\n"
		       "-- message: m\n-- why: w\n-- fix: f\nSELECT 1", "small letters");
	assert_refused("select", HEAD, "there is no SELECT");
	assert_refused("columns", HEAD "SELECT comm FROM process", "has no column \"subject\"");
	assert_refused("sql", HEAD "SELEKT", "rule mine");
	assert_refused("write", HEAD "DELETE FROM process", "rule mine");
	assert_refused("attach", HEAD "ATTACH '/etc/passwd' AS x", "rule mine");
	assert_refused("table", HEAD "SELECT 1 AS subject FROM proces", "proces");
	assert_refused("group", HEAD "-- group: nothing\n" SELECT_MINE, "\"nothing\" to group by");
}

/* A number of one thing, of several, and of none; a group of what no process has. */
static void messages_and_subjects_read_as_people_write_them(void **state)
{
	const char *directory = rule_directory(
		"words", "-- id: mine\n-- severity: note\n-- category: own\n-- scope: image\n-- title: t\n-- why: w\n"
			 "-- fix: f\n-- message: {n|row|rows}, {k|ox|oxen}, {text|ox|oxen}\n-- group: pid\n"
			 "SELECT 's' AS subject, p AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry,\n"
			 "NULL AS src_offset, k, 'x' AS text FROM (SELECT 7 AS p, 1 AS k UNION ALL\n"
			 "SELECT NULL, 2 UNION ALL SELECT NULL, 2)\n");
	struct outcome outcome = run("check", "samples/podman.tar.zst", "--rules", directory, "--only", "own", NULL);

	(void)state;
	assert_non_null(strstr((const char *)outcome.out.data, "    process 7: 1 row, 1 ox, -\n"));
	assert_non_null(strstr((const char *)outcome.out.data, "    no process: 2 rows, 2 oxen, -\n"));
}

static void a_rule_that_takes_too_long_is_stopped(void **state)
{
	const char *directory = rule_directory(
		"slow", HEAD "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)\n"
			     "SELECT i AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry,\n"
			     "NULL AS src_offset, i AS comm FROM n WHERE i < 0\n");
	struct outcome outcome = run("check", "samples/podman.tar.zst", "--rules", directory, NULL);

	(void)state;
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data, "rule mine"));
	assert_non_null(strstr((const char *)outcome.out.data, "warning")); /* the others ran */
}

static void more_findings_than_are_kept_are_counted_and_told(void **state)
{
	const char *directory = rule_directory(
		"many", HEAD "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000)\n"
			     "SELECT i AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry,\n"
			     "NULL AS src_offset, i AS comm FROM n\n");
	struct json_object *report = run_json(4, "check", "samples/podman.tar.zst", "--rules", directory,
					      "--only", "mine", "--format", "json", NULL);
	struct json_object *value;

	(void)state;
	assert_true(json_object_object_get_ex(report, "findings", &value));
	assert_int_equal(json_object_array_length(value), 1000);
	assert_true(json_object_object_get_ex(report, "summary", &value));
	assert_true(json_object_object_get_ex(value, "warning", &value));
	assert_int_equal(json_object_get_int(value), 3000);
	json_object_put(report);
}

static void fixtures_that_lie_are_told(void **state)
{
	static const char *const lies[] = {
		HEAD "-- fires: process(comm='x')\n-- quiet: process(comm='y')\n" SELECT_MINE,
		HEAD "-- fires: process(comm='f')\n-- quiet: process(comm='f')\n" SELECT_MINE,
		HEAD "-- fires: process(comm='f')\n" SELECT_MINE,
		HEAD "-- fires: process(com='f')\n-- quiet: process(comm='x')\n" SELECT_MINE,
		HEAD "-- fires: process\n-- quiet: process(comm='x')\n" SELECT_MINE,
		HEAD "-- fires: process(comm='f'\n-- quiet: process(comm='x')\n" SELECT_MINE,
		HEAD "-- fix criu: {nothing}\n-- fires: process(comm='f')\n-- quiet: process(comm='x')\n" SELECT_MINE,
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct rule rule;
		struct error *error = rule_parse(&arena, "lie.sql", bytes_of(lies[i]), &rule);

		assert_null(error);
		error = fixtures_run(&rule);
		if (!error)
			fail_msg("lie %zu is believed", i);
		assert_int_equal(error->kind, ERROR_USAGE);
		error_free(error);
	}
	arena_deinit(&arena);
}

/* --- what weighs ------------------------------------------------------------------------------------ */

static const char *severity_of(struct json_object *report, const char *rule)
{
	struct json_object *findings, *value;

	assert_true(json_object_object_get_ex(report, "findings", &findings));
	for (size_t i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);

		assert_true(json_object_object_get_ex(finding, "rule", &value));
		if (strcmp(json_object_get_string(value), rule) != 0)
			continue;
		assert_true(json_object_object_get_ex(finding, "severity", &value));
		return json_object_get_string(value);
	}
	return "none";
}

static void assert_severity(int status, const char *option, const char *value, const char *rule,
			    const char *wanted)
{
	struct json_object *report = run_json(status, "check", "samples/podman.tar.zst", "--format", "json",
					      option, value, NULL);

	assert_string_equal(severity_of(report, rule), wanted);
	json_object_put(report);
}

/* The container of the sample has locks and TCP connections, dumped with the options for them. */
static void severities_follow_profile_and_assumptions(void **state)
{
	(void)state;
	assert_severity(0, "--profile", "same-host", "file-lock", "note");
	assert_severity(1, "--profile", "plain-criu", "file-lock", "warning");
	assert_severity(1, "--profile", "plain-criu", "mnt-external", "error");
	assert_severity(1, "--assume", "none", "file-lock", "warning");
	assert_severity(1, "--assume", "file-locks", "tcp-established-internal", "warning");
	assert_severity(1, "--assume", "file-locks", "file-lock", "note");
	assert_severity(0, "--profile", "forensic", "cpu-cpuinfo-absent", "none");
	assert_severity(0, "--profile", "other-host", "cpu-cpuinfo-absent", "warning");
}

/* Whether a rule speaks of WHAT and this process, whatever else there is to say of it. */
static bool speaks_of_self(const char *rule, const char *what)
{
	char number[16], wanted[64];
	struct bytes rest, line;

	snprintf(number, sizeof(number), "%d", getpid());
	snprintf(wanted, sizeof(wanted), "\"rule\": \"%s\"", rule);
	rest = run("check", "--pid", number, "--format", "jsonl", NULL).out;
	for (; rest.len; rest = bytes_from(rest, line.len + 1)) {
		line = bytes_first(rest, bytes_find(rest, '\n'));
		if (memmem(line.data, line.len, wanted, strlen(wanted)) && memmem(line.data, line.len, what, strlen(what)))
			return true;
	}
	return false;
}

/* Rules whose scope is "live" alone speak of what runs, and those of images do not. */
static void what_runs_has_its_own_rules(void **state)
{
	const char *path = scratch_path("locked");
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	(void)state;
	assert_true(file >= 0);
	assert_false(speaks_of_self("file-lock-held", path));
	assert_int_equal(flock(file, LOCK_EX), 0);
	assert_true(speaks_of_self("file-lock-held", path));
	assert_false(speaks_of_self("file-lock", ""));
	assert_false(speaks_of_self("cpu-cpuinfo-absent", ""));
	close(file);
	assert_severity(1, "--assume", "file-locks", "file-lock-held", "none");
}

static void fail_on_is_at_or_above(void **state)
{
	static const struct {
		const char *fail_on;
		int status;
	} rows[] = { { "blocker", 0 }, { "error", 0 }, { "warning", 1 }, { "note", 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(run("check", "samples/podman.tar.zst", "--fail-on", rows[i].fail_on, NULL).status,
				 rows[i].status);
	assert_int_equal(run("check", "samples/podman.tar.zst", "--fail-on", "bad", NULL).status, 2);
	assert_int_equal(run("check", "samples/podman.tar.zst", "--profile", "bad", NULL).status, 2);
	assert_int_equal(run("check", "samples/podman.tar.zst", "--assume", "bad", NULL).status, 2);
	assert_int_equal(run("check", "samples/podman.tar.zst", "--only", "bad", NULL).status, 2);
	assert_int_equal(run("check", "samples/no-such-thing", NULL).status, 3);
	assert_int_equal(run("check", NULL).status, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_rule_does_as_its_fixtures_say, set_up, tear_down),
		cmocka_unit_test_setup_teardown(rules_name_only_rules, set_up, tear_down),
		cmocka_unit_test_setup_teardown(log_patterns_name_only_rules, set_up, tear_down),
		cmocka_unit_test(a_rule_of_ones_own_runs_beside_the_others),
		cmocka_unit_test(a_broken_rule_is_refused_where_it_is_broken),
		cmocka_unit_test(messages_and_subjects_read_as_people_write_them),
		cmocka_unit_test(a_rule_that_takes_too_long_is_stopped),
		cmocka_unit_test(more_findings_than_are_kept_are_counted_and_told),
		cmocka_unit_test(fixtures_that_lie_are_told),
		cmocka_unit_test(severities_follow_profile_and_assumptions),
		cmocka_unit_test(what_runs_has_its_own_rules),
		cmocka_unit_test(fail_on_is_at_or_above),
	};

	return run_all(tests);
}
