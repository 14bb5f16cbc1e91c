/*
 * scan against the truth: what the workload says that it had in memory and in its environment is found, where it says,
 * and nothing else is. What tasks share is one place.
 */
#include "tests/interop/corpus.h"

static size_t n_secrets, n_variables, n_quiet, n_shared;

static struct json_object *scan(const struct case_files *files)
{
	struct json_object *report = member(listings, "scan");

	if (report)
		return report;
	report = json_parse(run("scan", files->checkpoint, "--all", "--reveal", "--format", "json", NULL).out);
	holds(report != NULL, "scan prints JSON");
	if (report)
		json_object_object_add(listings, "scan", report);
	return report;
}

/* The secret itself, as --reveal shows it at the start of the subject. */
static const char *value_of(struct json_object *finding)
{
	const char *subject = text_of(finding, "subject");

	return make_text("%.*s", (int)number_of(member(finding, "evidence"), "bytes"), subject ? subject : "");
}

static uint64_t address_of(struct json_object *finding)
{
	return cell_mask(member(finding, "evidence"), "address");
}

/* --- memory ------------------------------------------------------------------------------------------------ */

/* What scan calls the kinds of the truth; of aws-key both halves are there. */
static const struct {
	const char *kind, *rules;
} kinds[] = {
	{ "pem-private-key", "private-key" },
	{ "aws-key", "aws-access-key aws-secret-key" },
	{ "jwt", "jwt" },
	{ "github-token", "github-token" },
	{ "utf16-password", "password-assignment" },
	{ "dsn-on-heap", "postgres-url" },
};

static const char *rules_of(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kind && !strcmp(kinds[i].kind, kind))
			return kinds[i].rules;
	return NULL;
}

/* A find of that rule, in the place that the truth says and of its bytes. */
static bool is_found(struct json_object *findings, struct json_object *secret, const char *rule)
{
	uint64_t start = cell_mask(secret, "addr"), end = start + (uint64_t)number_of(secret, "len");
	struct json_object *finding;

	EACH(finding, findings)
		if (!strcmp(text_of(finding, "rule"), rule) && number_of(finding, "pid") == number_of(secret, "pid") &&
		    member(member(finding, "evidence"), "address") && address_of(finding) >= start &&
		    address_of(finding) < end && strstr(text_of(secret, "text"), value_of(finding)))
			return true;
	return false;
}

static void secrets_are_found(const struct case_files *files)
{
	struct json_object *secret;

	if (!files->checkpoint)
		return;
	EACH(secret, member(files->truth, "secret"))
	{
		const char *kind = text_of(secret, "kind"), *rules = rules_of(kind);

		look_at("%s", kind ? kind : "-");
		holds(rules != NULL, "the kind is known");
		for (char *rule = rules ? strtok(make_text("%s", rules), " ") : NULL; rule; rule = strtok(NULL, " ")) {
			holds(is_found(member(scan(files), "findings"), secret, rule), rule);
			n_secrets++;
		}
	}
}

/* --- variables ------------------------------------------------------------------------------------------------ */

static bool has_value(struct json_object *findings, int64_t pid, const char *value)
{
	struct json_object *finding;

	EACH(finding, findings)
		if (number_of(finding, "pid") == pid && !strcmp(value_of(finding), value))
			return true;
	return false;
}

static void variables_are_found(const struct case_files *files)
{
	static const char *const names[] = { "DB_PASSWORD", "API_TOKEN", "OCI_SECRET" };
	struct json_object *env;

	if (!files->checkpoint || is_refused(files))
		return;
	EACH(env, member(files->truth, "env"))
		for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
			const char *value = text_of(member(env, "vars"), names[i]);

			if (!value)
				continue;
			look_at("%s of pid %d", names[i], (int)number_of(env, "pid"));
			holds(has_value(member(scan(files), "findings"), number_of(env, "pid"), value), "it is found");
			n_variables++;
		}
}

/* --- nothing else ----------------------------------------------------------------------------------------------- */

/* Real memory of programs that had no secrets but in variables. */
static void nothing_else_is_found(const struct case_files *files)
{
	struct json_object *finding;

	if (!files->checkpoint || is_refused(files) || member(files->truth, "secret"))
		return;
	n_quiet++;
	EACH(finding, member(scan(files), "findings"))
	{
		const char *message = text_of(finding, "message");

		look_at("%s", message ? message : "-");
		same_text("the kind", "secret-variable", text_of(finding, "rule"));
	}
}

/* --- shared memory ----------------------------------------------------------------------------------------------- */

/* How many places in [START, END) hold TEXT, whoever has them mapped. */
static size_t count_places(const struct case_files *files, const char *text, uint64_t start, uint64_t end)
{
	const char *line = make_text("string %s\n", text), *path = scratch_path("indicators");
	struct json_object *report, *finding;
	size_t n = 0;

	write_file(path, line, strlen(line));
	report = json_parse(run("scan", files->checkpoint, "--all", "--ioc", path, "--format", "json", NULL).out);
	holds(report != NULL, "scan prints JSON");
	EACH(finding, member(report, "findings"))
		n += !strcmp(text_of(finding, "rule"), "ioc-string") &&
		     member(member(finding, "evidence"), "address") && address_of(finding) >= start &&
		     address_of(finding) < end;
	json_object_put(report);
	return n;
}

static void what_is_shared_is_one_place(const struct case_files *files)
{
	struct json_object *shared;

	if (!files->checkpoint || is_refused(files) || fnmatch("page-server-*", files->name, 0) == 0) /* it is elsewhere */
		return;
	EACH(shared, member(files->truth, "shared_anon"))
	{
		const char *text = text_of(member(shared, "pages"), "5");
		uint64_t start = cell_mask(shared, "addr");

		if (!text)
			continue;
		look_at("%s", text);
		same_number("places", 1,
			    (int64_t)count_places(files, text, start, start + (uint64_t)number_of(shared, "len")));
		n_shared++;
	}
}

static void enough_was_shared(void)
{
	enough_was_compared("shared texts", n_shared, 1);
}

static void enough_secrets_were_found(void)
{
	enough_was_compared("secrets", n_secrets, 7);
}

static void enough_variables_were_found(void)
{
	enough_was_compared("variables", n_variables, 2);
}

static void enough_cases_were_quiet(void)
{
	enough_was_compared("cases", n_quiet, 15);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "secrets", secrets_are_found, enough_secrets_were_found },
		{ "variables", variables_are_found, enough_variables_were_found },
		{ "nothing else", nothing_else_is_found, enough_cases_were_quiet },
		{ "shared memory", what_is_shared_is_one_place, enough_was_shared },
	};

	return run_over_cases("scan", subjects, ARRAY_SIZE(subjects));
}
