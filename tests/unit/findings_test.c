/* Findings: kept, counted, ordered, shown; and whatever the evidence says stays text. */
#include "tests/support/wire.h"

#include <stdlib.h>

#include "db/findings/show.h"

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

static struct finding *add(struct findings *findings, const char *rule, enum severity severity,
			   const char *subject, const char *message)
{
	struct finding *finding = findings_add(findings, bytes_of(rule), severity);

	assert_non_null(finding);
	finding->category = BYTES("integrity");
	finding->subject = bytes_of(subject);
	finding->message = bytes_of(message);
	return finding;
}

static const char *shown(void (*show)(const struct findings *findings, struct out *out),
			 const struct findings *findings, size_t width)
{
	struct out out;
	const char *text;

	out_init(&out, -1);
	out.width = width;
	show(findings, &out);
	text = arena_text(&arena, out_held(&out));
	out_deinit(&out);
	return text;
}

static const char *as_json(const struct findings *findings)
{
	struct out out;
	struct json json;
	const char *text;

	out_init(&out, -1);
	json_init(&json, &out, JSON_ONE_LINE);
	findings_show_json(findings, BYTES("a.tar"), &json);
	text = arena_text(&arena, out_held(&out));
	out_deinit(&out);
	return text;
}

/* --- severities ------------------------------------------------------------------------------- */

static void severities_have_names_and_numbers_in_their_order(void **state)
{
	enum severity severity = N_SEVERITIES;

	(void)state;
	for (size_t i = 0; i < N_SEVERITIES; i++) {
		assert_true(severity_named(severities[i].name, &severity));
		assert_int_equal(severity, i);
		if (i)
			assert_true(atof(severities[i].security_severity) <
				    atof(severities[i - 1].security_severity));
	}
	assert_false(severity_named("fatal", &severity));
	assert_false(severity_named("", &severity));
}

static void a_list_reaches_the_severity_of_its_worst(void **state)
{
	struct findings findings;

	(void)state;
	findings_init(&findings, &arena);
	assert_false(findings_reach(&findings, SEVERITY_NOTE));
	add(&findings, "a", SEVERITY_WARNING, "x", "y");
	assert_true(findings_reach(&findings, SEVERITY_NOTE));
	assert_true(findings_reach(&findings, SEVERITY_WARNING));
	assert_false(findings_reach(&findings, SEVERITY_ERROR));
	assert_false(findings_reach(&findings, SEVERITY_BLOCKER));
}

/* --- the list --------------------------------------------------------------------------------- */

static void the_most_severe_come_first_then_by_rule_and_subject(void **state)
{
	static const char *const wanted[] = { "7", "3", "2", "6", "5", "4", "1" };
	struct findings findings;

	(void)state;
	findings_init(&findings, &arena);
	add(&findings, "note", SEVERITY_NOTE, "a", "1");
	add(&findings, "b", SEVERITY_BLOCKER, "a", "2")->pid = 10;
	add(&findings, "b", SEVERITY_BLOCKER, "b", "3")->pid = 9;
	add(&findings, "z", SEVERITY_ERROR, "b", "4");
	add(&findings, "z", SEVERITY_ERROR, "a", "5");
	add(&findings, "z", SEVERITY_ERROR, "c", "6")->fd = 0;
	add(&findings, "a", SEVERITY_BLOCKER, "z", "7");
	findings_sort(&findings);
	for (size_t i = 0; i < 7; i++)
		assert_true(bytes_equal(findings.list.items[i].message, bytes_of(wanted[i])));
}

static void beyond_the_bound_is_counted_and_told(void **state)
{
	struct findings findings;
	struct json_object *json, *omitted, *summary;

	(void)state;
	findings_init(&findings, &arena);
	findings.most_of_a_rule = 2;
	findings.most = 3;
	for (int i = 0; i < 10; i++) {
		struct finding *finding = findings_add(&findings, BYTES("a"), SEVERITY_ERROR);

		assert_int_equal(finding != NULL, i < 2);
		(void)!findings_add(&findings, BYTES("b"), SEVERITY_NOTE);
	}
	(void)!findings_add(&findings, BYTES("c"), SEVERITY_BLOCKER);
	findings_sort(&findings);
	assert_int_equal(findings.list.n, 3);
	assert_int_equal(findings_omitted(&findings), 18);
	assert_true(findings_reach(&findings, SEVERITY_BLOCKER));
	json = json_parse(bytes_of(as_json(&findings)));
	omitted = json_object_object_get(json, "omitted");
	summary = json_object_object_get(json, "summary");
	assert_int_equal(json_object_get_int(json_object_object_get(omitted, "a")), 8);
	assert_int_equal(json_object_get_int(json_object_object_get(omitted, "b")), 9);
	assert_int_equal(json_object_get_int(json_object_object_get(omitted, "c")), 1);
	assert_int_equal(json_object_get_int(json_object_object_get(summary, "error")), 10);
	assert_int_equal(json_object_get_int(json_object_object_get(summary, "blocker")), 1);
	json_object_put(json);
	assert_string_equal(shown(findings_show_text, &findings, 0), "ERROR a\n    \n    \n    and 8 more\n\n"
								     "NOTE b\n    \n    and 9 more\n\n"
								     "c: 1, not shown\n"
								     "1 blocker, 10 errors, 10 notes\n");
}

/* --- text ------------------------------------------------------------------------------------- */

static void fill(struct findings *findings)
{
	struct finding *finding;

	findings_init(findings, &arena);
	finding = add(findings, "pages-short", SEVERITY_BLOCKER, "pages-1.img",
		      "holds fewer pages than the page maps that lead to it say");
	finding->title = BYTES("a pages file ends too early");
	finding->image = BYTES("checkpoint/pagemap-12.img");
	finding->entry = 3;
	finding->offset = 0x1a0;
	finding->pid = 12;
	finding->fix = BYTES("copy the images once more");
	finding_evidence(findings, finding, "needed", value_number(VALUE_UINT, 8192));
	finding_evidence(findings, finding, "found", value_number(VALUE_UINT, 4096));
	finding = add(findings, "pages-short", SEVERITY_BLOCKER, "pages-2.img", "is not there");
	finding->fix = BYTES("copy the images once more");
	finding = add(findings, "other", SEVERITY_WARNING, "pid 7", "odd");
	finding->fd = 0;
	findings_sort(findings);
}

static void text_stands_by_rule_with_its_evidence_and_one_remedy(void **state)
{
	struct findings findings;

	(void)state;
	fill(&findings);
	assert_string_equal(shown(findings_show_text, &findings, 0),
			    "BLOCKER pages-short (integrity): a pages file ends too early\n"
			    "    pages-1.img: holds fewer pages than the page maps that lead to it say\n"
			    "        needed 8192, found 4096; checkpoint/pagemap-12.img entry 3 at 0x1a0\n"
			    "    pages-2.img: is not there\n"
			    "    fix: copy the images once more\n"
			    "\n"
			    "WARNING other (integrity)\n"
			    "    pid 7: odd\n"
			    "\n"
			    "2 blockers, 1 warning\n");
}

static void lines_are_folded_at_the_width_between_words(void **state)
{
	struct findings findings;
	const char *text;

	(void)state;
	fill(&findings);
	text = shown(findings_show_text, &findings, 40);
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		assert_true(strcspn(line, "\n") <= 40);
	assert_non_null(strstr(text, "    pages-1.img: holds fewer pages than\n"
				     "      the page maps that lead to it say\n"));
}

static void nothing_is_said_to_be_nothing(void **state)
{
	struct findings findings;

	(void)state;
	findings_init(&findings, &arena);
	assert_string_equal(shown(findings_show_text, &findings, 80), "nothing found\n");
}

/* --- JSON, CSV -------------------------------------------------------------------------------- */

static void json_has_the_keys_that_scripts_rely_on(void **state)
{
	static const char *const keys[] = { "rule", "severity", "category", "subject", "message", "pid", "fd",
					    "image", "entry", "offset", "evidence", "fix" };
	struct findings findings;
	struct json_object *json, *list, *first, *last;
	size_t i = 0;

	(void)state;
	fill(&findings);
	json = json_parse(bytes_of(as_json(&findings)));
	assert_string_equal(json_object_get_string(json_object_object_get(json, "schema")),
			    "coldcase/findings");
	assert_string_equal(json_object_get_string(json_object_object_get(json, "schema_version")), "1.2");
	assert_string_equal(json_object_get_string(json_object_object_get(json, "checkpoint")), "a.tar");
	list = json_object_object_get(json, "findings");
	assert_int_equal(json_object_array_length(list), 3);
	first = json_object_array_get_idx(list, 0);
	json_object_object_foreach(first, key, value) {
		(void)value;
		assert_string_equal(key, keys[i++]);
	}
	assert_int_equal(i, 12);
	assert_int_equal(json_object_get_int(json_object_object_get(
				 json_object_object_get(first, "evidence"), "needed")), 8192);
	assert_int_equal(json_object_get_int(json_object_object_get(first, "entry")), 3);
	last = json_object_array_get_idx(list, 2);
	assert_null(json_object_object_get(last, "pid"));
	assert_null(json_object_object_get(last, "image"));
	assert_int_equal(json_object_get_int(json_object_object_get(last, "fd")), 0);
	json_object_put(json);
}

static void show_csv(const struct findings *findings, struct out *out)
{
	findings_csv_begin(out);
	findings_show_csv(findings, BYTES("a.tar"), out);
}

static void show_jsonl(const struct findings *findings, struct out *out)
{
	findings_show_jsonl(findings, BYTES("a.tar"), out);
}

static void csv_has_the_evidence_in_one_cell(void **state)
{
	struct findings findings;

	(void)state;
	fill(&findings);
	findings.list.n = 1;
	assert_string_equal(shown(show_csv, &findings, 0),
			    "checkpoint,rule,severity,category,subject,message,pid,fd,image,entry,offset,"
			    "evidence,fix\r\n"
			    "a.tar,pages-short,blocker,integrity,pages-1.img,holds fewer pages than the page "
			    "maps that lead to it say,12,,checkpoint/pagemap-12.img,3,416,"
			    "\"{\"\"needed\"\": 8192, \"\"found\"\": 4096}\",copy the images once more\r\n");
}

/* --- hostile text ----------------------------------------------------------------------------- */

static void whatever_the_evidence_says_stays_text(void **state)
{
	static const char evil[] = "\033]0;x\a\xff\xe2\x80\xae\"},\r\n=1+1\x00z";
	struct bytes hostile = { (const uint8_t *)evil, sizeof(evil) - 1 };
	struct findings findings;
	struct finding *finding;
	struct json_object *json;
	const char *text;

	(void)state;
	findings_init(&findings, &arena);
	finding = findings_add(&findings, hostile, SEVERITY_ERROR);
	finding->category = finding->title = finding->subject = finding->message = hostile;
	finding->image = finding->fix = hostile;
	finding_evidence(&findings, finding, evil, value_text(hostile));
	for (size_t width = 0; width <= 80; width += 40) {
		text = shown(findings_show_text, &findings, width);
		for (const char *p = text; *p; p++)
			assert_true(*p == '\n' || (*p >= ' ' && *p <= '~'));
	}
	json = json_parse(bytes_of(as_json(&findings)));
	assert_non_null(json);
	json_object_put(json);
	json = json_parse(bytes_of(shown(show_jsonl, &findings, 0)));
	assert_non_null(json);
	json_object_put(json);
	text = shown(show_csv, &findings, 0);
	for (const char *p = text; *p; p++)
		assert_true(*p == '\r' || *p == '\n' || (*p >= ' ' && *p <= '~'));
	assert_null(strstr(text, ",="));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(severities_have_names_and_numbers_in_their_order, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_list_reaches_the_severity_of_its_worst, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_most_severe_come_first_then_by_rule_and_subject, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(beyond_the_bound_is_counted_and_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(text_stands_by_rule_with_its_evidence_and_one_remedy, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(lines_are_folded_at_the_width_between_words, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(nothing_is_said_to_be_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(json_has_the_keys_that_scripts_rely_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(csv_has_the_evidence_in_one_cell, set_up, tear_down),
		cmocka_unit_test_setup_teardown(whatever_the_evidence_says_stays_text, set_up, tear_down),
	};

	return run_all(tests);
}
