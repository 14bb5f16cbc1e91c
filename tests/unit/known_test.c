/* What is known already: ignore files and baselines, and how each report tells of it. */
#include "tests/support/support.h"

#include <fnmatch.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "db/findings/ignore.h"

#define SAMPLE "samples/podman.tar.zst"

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

static struct json_object *first(struct json_object *object, const char *key)
{
	struct json_object *list = member(object, key);

	assert_true(json_object_array_length(list) > 0);
	return json_object_array_get_idx(list, 0);
}


static const char *text_of(struct json_object *object, const char *key)
{
	return json_object_get_string(member(object, key));
}

static const char *known_file(const char *name, const char *text)
{
	const char *path = scratch_path("%s", name);

	write_file(path, text, strlen(text));
	return path;
}

/* --- what is known ---------------------------------------------------------------------------------------------- */

static void what_is_known_is_left_out(void **state)
{
	static const char known[] = "# known\n\nvma-anonymous-executable process* exp:2999-01-01 # by design\n"
				    "file-lock exp:2001-01-01 # has expired\nfile-ghost nothing-like-it # never\n";
	const char *path = scratch_path("known");
	struct outcome outcome;

	(void)state;
	write_file(path, known, sizeof(known) - 1);
	outcome = run("check", SAMPLE, "--ignore", path, "--fail-on", "warning", NULL);
	assert_int_equal(outcome.status, 0);
	assert_null(strstr((const char *)outcome.out.data, "vma-anonymous-executable"));
	assert_non_null(strstr((const char *)outcome.out.data, "file-lock"));
	assert_non_null(strstr((const char *)outcome.out.data, ", 1 suppressed\n"));
	assert_non_null(strstr((const char *)outcome.err.data, "line 4: file-lock has expired"));
	assert_non_null(strstr((const char *)outcome.err.data, "line 5: nothing is known by it"));
}

static void assert_refused(const char *text, const char *wanted)
{
	const char *path = scratch_path("refused");
	struct outcome outcome;

	write_file(path, text, strlen(text));
	outcome = run("check", SAMPLE, "--ignore", path, NULL);
	assert_int_equal(outcome.status, 2);
	assert_non_null(strstr((const char *)outcome.err.data, wanted));
}

static void an_ignore_file_needs_reasons(void **state)
{
	(void)state;
	assert_refused("file-lock\n", "line 1: no reason");
	assert_refused("\nfile-lock #  \n", "line 2: no reason");
	assert_refused("file-lock exp:tomorrow # x\n", "refused: line 1: \"exp:tomorrow\" is no exp:");
	assert_refused("file-lock exp:2026-02-31 # x\n", "line 1: \"exp:2026-02-31\"");
	assert_refused("file-lock exp:2100-02-29 # x\n", "line 1: ");
	assert_refused("file-lock exp:2026-13-01 # x\n", "line 1: ");
	assert_refused("file-lock exp:2026-00-01 # x\n", "line 1: ");
	assert_refused("file-lock exp:2026-01-00 # x\n", "line 1: ");
	assert_refused("# x\nfile-lock exp:2026-01-011 # x\n", "line 2: ");
	assert_int_equal(run("check", SAMPLE, "--ignore", known_file("leap", "file-lock exp:2028-02-29 # x\n"), NULL).status,
			 0);
	assert_refused("file-lock a b # x\n", "line 1: more than");
}

static void a_fifo_is_not_waited_for(void **state)
{
	const char *path = scratch_path("fifo");

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(run("check", SAMPLE, "--ignore", path, NULL).status, 2);
	assert_int_equal(run("check", SAMPLE, "--baseline", path, NULL).status, 2);
}

static void a_baseline_knows_what_an_earlier_report_has(void **state)
{
	struct outcome outcome = run("check", SAMPLE, "--format", "json", NULL);
	const char *path = scratch_path("baseline.json");

	(void)state;
	write_file(path, outcome.out.data, outcome.out.len);
	outcome = run("check", SAMPLE, "--baseline", path, "--fail-on", "note", NULL);
	assert_int_equal(outcome.status, 0);
	assert_memory_equal(outcome.out.data, "nothing found, ", 15);
	outcome = run("check", SAMPLE, "--baseline", path, "--format", "json", NULL);
	write_file(path, outcome.out.data, outcome.out.len);
	/* what was known to that run is known to the next */
	assert_int_equal(run("check", SAMPLE, "--baseline", path, "--fail-on", "note", NULL).status, 0);
	/* what was a note is not known as an error */
	assert_int_equal(run("check", SAMPLE, "--baseline", path, "--profile", "plain-criu", NULL).status, 1);
}

static void assert_no_baseline(const char *text, size_t len, const char *wanted)
{
	const char *path = scratch_path("no-baseline.json");
	struct outcome outcome;

	write_file(path, text, len);
	outcome = run("check", SAMPLE, "--baseline", path, NULL);
	if (outcome.status != 2 || outcome.out.len || !strstr((const char *)outcome.err.data, wanted))
		fail_msg("\"%s\" is not in: %s", wanted, (const char *)outcome.err.data);
}

#define REPORT "{\"schema\": \"coldcase/findings\", \"findings\": [{\"rule\": \"file-lock\", \"severity\": \"note\"}]}"

static void a_baseline_is_a_report_and_nothing_else(void **state)
{
	static const char *const none[] = { "", "nothing", "[1]", "{}", "{\"schema\": \"coldcase/findings\"}", "[" REPORT,
					    "{\"schema\": \"coldcase/findings\", \"findings\": [{\"rule\": \"x\"}]}",
					    "{\"schema\": \"coldcase/findings\", \"findings\": [1]}",
					    REPORT " x", REPORT REPORT };

	(void)state;
	assert_int_equal(run("check", SAMPLE, "--baseline", known_file("whole", REPORT "\n"), NULL).status, 0);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_no_baseline(none[i], strlen(none[i]), "no-baseline.json: ");
	assert_no_baseline(REPORT "\0 x", sizeof(REPORT) + 2, "NUL");
}

/* More than any list of known findings should hold, and none of it is passed over. */
static void a_large_baseline_is_read_to_its_end(void **state)
{
	enum { MANY = 60000 };
	const char *path = scratch_path("large.json");
	FILE *file = fopen(path, "w");

	(void)state;
	assert_non_null(file);
	fputs("{\"schema\": \"coldcase/findings\", \"findings\": [", file);
	for (int i = 0; i < MANY; i++)
		fprintf(file, "{\"rule\": \"x%d\", \"severity\": \"note\"},\n", i);
	fputs("{\"rule\": \"vma-anonymous-executable\", \"severity\": \"warning\", \"subject\": \"process 1\"}]}", file);
	fclose(file);
	assert_int_equal(run("check", SAMPLE, "--only", "vma-anonymous-executable", "--baseline", path, "--fail-on",
			     "note", NULL).status, 0);
}

/* --- how reports tell ------------------------------------------------------------------------------------ */

#define REASON "by design | <b>"
#define IGNORED "vma-anonymous-executable # " REASON "\n"

static void json_keeps_what_is_suppressed(void **state)
{
	struct json_object *report = run_json(0, "check", SAMPLE, "--ignore", known_file("ignored", IGNORED), "--format",
					      "json", NULL);
	struct json_object *suppressed = member(report, "suppressed");

	(void)state;
	assert_int_equal(json_object_array_length(suppressed), 1);
	assert_string_equal(text_of(element(suppressed, 0), "rule"), "vma-anonymous-executable");
	assert_string_equal(text_of(element(suppressed, 0), "reason"), REASON);
	assert_string_equal(text_of(element(suppressed, 0), "by"), "ignore");
	assert_int_equal(json_object_get_int(member(member(report, "summary"), "warning")), 0);
	json_object_put(report);
}

static void sarif_keeps_what_is_suppressed(void **state)
{
	struct json_object *report = run_json(0, "check", SAMPLE, "--ignore", known_file("ignored", IGNORED), "--format",
					      "sarif", NULL);
	struct json_object *results = member(first(report, "runs"), "results"), *suppression = NULL, *list;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < json_object_array_length(results); i++) {
		struct json_object *result = element(results, i);

		if (!json_object_object_get_ex(result, "suppressions", &list))
			continue;
		assert_string_equal(text_of(result, "ruleId"), "vma-anonymous-executable");
		suppression = element(list, 0);
		n++;
	}
	assert_int_equal(n, 1);
	assert_string_equal(text_of(suppression, "kind"), "external");
	assert_string_equal(text_of(suppression, "justification"), REASON);
	json_object_put(report);
}

static void the_others_tell_of_it_too(void **state)
{
	const char *path = known_file("ignored", IGNORED);
	struct outcome junit = run("check", SAMPLE, "--ignore", path, "--format", "junit", NULL);
	struct outcome markdown = run("check", SAMPLE, "--ignore", path, "--format", "markdown", NULL);
	struct outcome csv = run("check", SAMPLE, "--ignore", path, "--format", "csv", NULL);

	(void)state;
	assert_non_null(strstr((const char *)junit.out.data, "skipped=\"1\""));
	assert_non_null(strstr((const char *)junit.out.data, "<skipped message=\"by design | &lt;b&gt;\"/>"));
	assert_non_null(strstr((const char *)markdown.out.data, "<summary>1 suppressed</summary>"));
	assert_null(strstr((const char *)markdown.out.data, "<b>"));
	assert_null(strstr((const char *)csv.out.data, "vma-anonymous-executable"));
	assert_non_null(strstr((const char *)csv.err.data, "1 suppressed"));
}

static size_t count_states(struct json_object *report, const char *state)
{
	struct json_object *results = member(first(report, "runs"), "results");
	size_t n = 0;

	for (size_t i = 0; i < json_object_array_length(results); i++)
		n += !strcmp(text_of(element(results, i), "baselineState"), state);
	return n;
}

#define BASELINE                                                                                          \
	"{\"schema\": \"coldcase/findings\", \"checkpoint\": \"old.tar\", \"findings\": [\n"                   \
	"{\"rule\": \"vma-anonymous-executable\", \"severity\": \"warning\", \"subject\": \"process 77\"},\n" \
	"{\"rule\": \"file-lock\", \"severity\": \"error\", \"subject\": \"long gone\", \"message\": \"m\"}]}"

static void sarif_tells_new_from_known_and_gone(void **state)
{
	const char *path = known_file("states.json", BASELINE);
	struct json_object *report = run_json(0, "check", SAMPLE, "--baseline", path, "--format", "sarif", NULL);

	(void)state;
	assert_int_equal(count_states(report, "unchanged"), 1);
	assert_int_equal(count_states(report, "absent"), 1);
	assert_true(count_states(report, "new") > 3);
	json_object_put(report);
	/* what was not looked for is not gone */
	report = run_json(0, "check", SAMPLE, "--baseline", path, "--format", "sarif", "--only", "memory", NULL);
	assert_int_equal(count_states(report, "absent"), 0);
	json_object_put(report);
	path = known_file("graver.json", "{\"schema\": \"coldcase/findings\", \"findings\": [{\"rule\": \"file-lock\", "
			  "\"severity\": \"note\", \"subject\": \"process 2\"}]}");
	report = run_json(0, "check", SAMPLE, "--baseline", path, "--format", "sarif", "--only", "file-lock",
			  "--profile", "plain-criu", NULL);
	assert_int_equal(count_states(report, "updated"), 1);
	json_object_put(report);
}

static void a_subject_with_blanks_stands_in_quotes(void **state)
{
	static const struct {
		const char *line, *subject, *expires, *reason;
	} lines[] = {
		{ "file-lock \"process 1\" # r", "process 1", NULL, "r" },
		{ "file-lock \"a # b\" exp:2030-01-01 # r \"s\"", "a # b", "2030-01-01", "r \"s\"" },
		{ "file-lock exp:2030-01-01 \"exp:1\"#r", "exp:1", "2030-01-01", "r" },
		{ "file-lock \"say \\\"x\\\" to it\" # r", "say \\\"x\\\" to it", NULL, "r" },
		{ "file-lock process?1 # r", "process?1", NULL, "r" },
		{ "file-lock \"\" # r", "", NULL, "r" },
		{ "file-lock # r", NULL, NULL, "r" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		char *text = strdup(lines[i].line);
		struct ignore_line line;

		assert_null(ignore_line_parse(text, &line));
		assert_string_equal(line.rule, "file-lock");
		assert_true(!line.subject == !lines[i].subject && !line.expires == !lines[i].expires);
		if (line.subject)
			assert_string_equal(line.subject, lines[i].subject);
		if (line.expires)
			assert_string_equal(line.expires, lines[i].expires);
		assert_true(bytes_equal(line.reason, bytes_of(lines[i].reason)));
		free(text);
	}
	assert_refused("file-lock process 1 # r\n", "stands in quotes");
	assert_refused("file-lock \"process 1 # r\n", "line 1: no reason");
	assert_refused("file-lock \"process 1\" \"2\" # r\n", "more than RULE SUBJECT");
}

/* A line for a finding names it, whatever its subject is, and holds nothing but printable text. */
static void a_line_fits_its_finding(void **state)
{
	static const char *const subjects[] = {
		"process 1", "/data/a b", "\"a\" b\\", "\"", "exp:2001-01-01", "*", "[x]?\\*", "#", "a\nrule * # b", "\x1b]0;x\a\xff\xfe", "\u8b66 e\u0301 \u202e",
		"a long one 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789", "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++) {
		struct finding finding = { .rule = BYTES("some-rule"), .subject = bytes_of(subjects[i]) };
		struct ignore_line line;
		struct out out;

		out_init(&out, -1);
		ignore_line_put(&finding, "2030-12-31", &out);
		for (size_t k = 0; k < out.len; k++)
			assert_true((uint8_t)out.buffer[k] >= ' ' && out.buffer[k] != 0x7f);
		out_text(&out, "meant");
		out_char(&out, '\0');
		assert_null(ignore_line_parse(out.buffer, &line));
		assert_string_equal(line.rule, "some-rule");
		assert_string_equal(line.expires, "2030-12-31");
		assert_true(bytes_equal(line.reason, BYTES("meant")));
		if (*subjects[i])
			assert_int_equal(fnmatch(line.subject, subjects[i], 0), 0);
		else
			assert_null(line.subject);
		out_deinit(&out);
	}
}

/* b on the screen of findings: each line that it writes makes one finding known to check. */
static void the_screen_writes_lines(void **state)
{
	static const char script[] = "keys i g b\ntype meant\nkeys Enter g b\ntype also # meant\nkeys Enter\nsave after\n"
				     "keys b ^U\ntype no reason\nkeys Enter\nsave refused\nkeys b Esc\n";
	const char *path = known_file("b.script", script), *directory = scratch_path("b"), *written;
	struct outcome outcome;
	struct bytes lines;
	time_t then = time(NULL) + 90 * 24 * 3600;
	char expires[32];

	(void)state;
	assert_int_equal(run("tui", SAMPLE, "--script", path, "-o", directory, NULL).status, 0);
	lines = read_file(written = scratch_path("b/.coldcaseignore"));
	assert_non_null(memmem(lines.data, lines.len, " # meant\n", 9));
	assert_non_null(memmem(lines.data, lines.len, " # also # meant\n", 16));
	strftime(expires, sizeof(expires), " exp:%Y-%m-%d #", gmtime(&then));
	assert_non_null(memmem(lines.data, lines.len, expires, strlen(expires)));
	assert_non_null(strstr((const char *)read_file(scratch_path("b/refused")).data, "no reason"));
	outcome = run("check", SAMPLE, "--ignore", written, NULL);
	assert_non_null(strstr((const char *)outcome.out.data, "2 suppressed"));
	assert_null(memmem(outcome.err.data, outcome.err.len, "nothing is known by it", 22));
	/* Without a directory the line is shown. */
	outcome = run("tui", SAMPLE, "--script", known_file("c.script", "keys i b\ntype meant\nkeys Enter\nsave\n"), NULL);
	assert_non_null(strstr((const char *)outcome.out.data, " # meant"));
}

static void assert_on_screen(const char *script, const char *ignore, const char *words)
{
	struct outcome outcome = run("tui", SAMPLE, "--ignore", ignore, "--size", "200x50", "-o",
				     scratch_path("seen-%s", words), "--script", known_file("seen.script", script), NULL);

	assert_int_equal(outcome.status, 0);
	if (!memmem(outcome.out.data, outcome.out.len, words, strlen(words)))
		fail_msg("\"%s\" is not on the screen:\n%.*s", words, BYTES_FMT(outcome.out));
}

/* What the file knows is known on the screen, behind the rest and with its reason; what has expired is not. */
static void the_screen_shows_what_is_known(void **state)
{
	const char *ignore = known_file("seen.ignore", "file-lock process?1 # wanted\neng-volume-exists # kept by hand\n"
						       "mnt-external exp:2020-01-01 # long ago\n");
	struct json_object *report = run_json(0, "check", SAMPLE, "--ignore", ignore, "-f", "json", NULL);
	size_t n = json_object_array_length(json_object_object_get(report, "findings"));
	char words[64];

	(void)state;
	assert_int_equal(json_object_array_length(json_object_object_get(report, "suppressed")), 2);
	assert_on_screen("keys i Down\nsave\n", ignore, "  2 known  2 of ");
	assert_on_screen("keys i\nsave\n", ignore, "line 3: mnt-external has expired");
	assert_on_screen("keys i\nsave\n", ignore, "  note      mnt-external ");
	assert_on_screen("keys i G\nsave\n", ignore, ">*known     file-lock ");
	assert_on_screen("keys i G\nsave\n", ignore, "  [wanted] 4 locks: ");
	assert_on_screen("keys i G b\nsave\n", ignore, " known already: wanted");
	assert_on_screen("keys i G Enter\nsave\n", ignore, "  known       wanted");
	/* So is what b writes, now and when the rules are asked again. */
	assert_on_screen("keys i g b\ntype meant\nkeys Enter\nsave\n", ignore, "  [meant] 1 mapping");
	snprintf(words, sizeof(words), "  3 known  1 of %zu", n + 2);
	assert_on_screen("keys i g b\ntype meant\nkeys Enter Esc i g\nsave\n", ignore, words);
	json_object_put(report);
	/* A file that says nothing is told before anything is shown. */
	assert_int_equal(run("tui", SAMPLE, "--ignore", known_file("bad.ignore", "file-lock\n"), "--script",
			     known_file("save.script", "save\n"), NULL).status, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_is_left_out),
		cmocka_unit_test(an_ignore_file_needs_reasons),
		cmocka_unit_test(a_subject_with_blanks_stands_in_quotes),
		cmocka_unit_test(a_line_fits_its_finding),
		cmocka_unit_test(the_screen_writes_lines),
		cmocka_unit_test(the_screen_shows_what_is_known),
		cmocka_unit_test(a_fifo_is_not_waited_for),
		cmocka_unit_test(a_baseline_knows_what_an_earlier_report_has),
		cmocka_unit_test(a_baseline_is_a_report_and_nothing_else),
		cmocka_unit_test(a_large_baseline_is_read_to_its_end),
		cmocka_unit_test(json_keeps_what_is_suppressed),
		cmocka_unit_test(sarif_keeps_what_is_suppressed),
		cmocka_unit_test(the_others_tell_of_it_too),
		cmocka_unit_test(sarif_tells_new_from_known_and_gone),
	};

	return run_all(tests);
}
