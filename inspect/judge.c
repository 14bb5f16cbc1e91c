#include "inspect/judge.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/findings/show.h"
#include "decoders/base/size.h"
#include "inspect/inputs.h"

/* --- what the options say ------------------------------------------------------------------------------ */

static struct error *take_profile(const char *name, struct check *check)
{
	struct nearest nearest = nearest_to(bytes_of(name));

	for (int i = 0; i < N_PROFILES; i++) {
		if (!strcmp(name, profile_names[i])) {
			check->profile = (enum profile)i;
			return NULL;
		}
		nearest_try(&nearest, bytes_of(profile_names[i]));
	}
	return nearest_hint(&nearest, error_new(ERROR_USAGE, "there is no profile \"%s\"", name),
			    "they are same-host, other-host, other-pod, plain-criu, forensic");
}

struct error *judgement_only(const struct ruleset *rules, const char *list, struct bytes *ret)
{
	struct bytes rest = bytes_of(list), word;

	while (word_next(&rest, &word)) {
		const struct rule *rule;
		bool is_known = false;

		for (size_t i = 0; i < rules->rules.n && !is_known; i++)
			is_known = bytes_equal(rules->rules.items[i].category, word);
		if (!is_known) {
			struct error *error = ruleset_get(rules, word, &rule);

			if (error)
				return error;
		}
	}
	*ret = bytes_of(list);
	return NULL;
}

static struct error *understand(const struct judge_options *options, struct judgement *judgement)
{
	struct check *check = &judgement->check;
	struct error *error = NULL;

	check->rules = &judgement->rules;
	if (options->profile)
		error = take_profile(options->profile, check);
	if (!error && options->assume) {
		check->assumed_is_given = true;
		if (strcmp(options->assume, "none") != 0)
			error = assumptions_parse(bytes_of(options->assume), &check->assumed);
	}
	if (!error && options->only)
		error = judgement_only(&judgement->rules, options->only, &check->only);
	return error;
}

static struct error *read_known(const struct judge_options *options, struct known *known)
{
	struct error *error = known_read_ignore(known, options->ignore);

	if (!error && options->baseline)
		error = known_read_baseline(known, options->baseline);
	return error;
}

/* The host's files are ours, or a copy of another's: they are read before the sandbox, which keeps to the evidence. */
static struct error *read_host(const struct judge_options *options, struct judgement *judgement)
{
	bool is_wanted = options->host || options->host_root || options->root;
	struct error *error = NULL;

	if (options->root) {
		judgement->root = open(options->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (judgement->root < 0)
			return error_in_source(error_errno(ERROR_UNREADABLE, "cannot open"), options->root);
	}
	if (is_wanted)
		error = host_read(options->host_root ? options->host_root : "/", &judgement->host);
	judgement->has_host = is_wanted && !error;
	return error;
}

/* --- reports ----------------------------------------------------------------------------------------- */

static enum report_form form_named(const char *name, size_t len)
{
	static const struct {
		const char *name;
		enum report_form form;
	} forms[] = {
		{ "sarif", REPORT_SARIF },
		{ "junit", REPORT_JUNIT },
		{ "markdown", REPORT_MARKDOWN },
		{ "html", REPORT_HTML },
		{ "json", REPORT_JSON },
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (strlen(forms[i].name) == len && !memcmp(forms[i].name, name, len))
			return forms[i].form;
	return REPORT_NONE;
}

/* Of two that go to one file the second would replace the first; on standard output they would mix. */
static bool is_written(const struct invocation *invocation, const struct target *target)
{
	const struct judgement *judgement = invocation->judgement;
	const char *output = invocation->options.output;
	bool is_twice = target->path ? output && !strcmp(output, target->path) : !output;

	for (size_t i = 0; i < judgement->n_reports; i++) {
		const struct target *other = &judgement->reports[i].target;

		is_twice |= target->real && other->real ? !strcmp(other->real, target->real)
							: !target->path && !other->path;
	}
	return is_twice;
}

static struct error *open_report(const struct invocation *invocation, const char *value)
{
	struct judgement *judgement = invocation->judgement;
	struct report_file *report = &judgement->reports[judgement->n_reports];
	const char *equals = strchr(value, '=');
	struct error *error;
	char *copy;

	if (!equals || !equals[1])
		return error_new(ERROR_USAGE, "--report takes FORMAT=FILE, not \"%s\"", value);
	report->form = form_named(value, (size_t)(equals - value));
	if (report->form == REPORT_NONE)
		return error_new(ERROR_USAGE, "a report is sarif, junit, markdown, html or json, not \"%.*s\"",
				 (int)(equals - value), value);
	report->target.path = strcmp(equals + 1, "-") ? equals + 1 : NULL;
	error = inputs_spare(invocation, report->target.path);
	if (!error)
		error = target_open(&report->target, &report->out);
	if (error)
		return error;
	if (is_written(invocation, &report->target)) {
		error_free(target_close(&report->target, &report->out, false));
		return error_new(ERROR_USAGE, "%s is to be written twice",
				 report->target.path ? report->target.path : "standard output");
	}
	report->is_open = true;
	judgement->n_reports++;
	if (!report->target.real)
		return NULL;
	copy = strdup(report->target.real);
	if (!copy)
		out_of_memory();
	report->directory = copy;
	return NULL;
}

void judgement_directories(struct judgement *judgement, struct sandbox *sandbox)
{
	size_t n = 0;

	for (size_t i = 0; i < judgement->n_reports; i++)
		if (judgement->reports[i].directory)
			judgement->directories[n++] = dirname(judgement->reports[i].directory);
	sandbox->report_directories = judgement->directories;
	sandbox->n_report_directories = n;
}

static void report_json(const struct judged_list *list, struct out *out)
{
	struct json json;

	json_init(&json, out, JSON_INDENTED);
	if (list->n > 1)
		json_array_begin(&json);
	for (size_t i = 0; i < list->n; i++)
		findings_show_json(&list->items[i].findings, list->items[i].name, &json);
	if (list->n > 1)
		json_array_end(&json);
	out_char(out, '\n');
}

void judgement_report(enum report_form form, const struct judged_list *list, struct out *out)
{
	switch (form) {
	case REPORT_NONE:
		break;
	case REPORT_SARIF:
		report_sarif(list, out);
		break;
	case REPORT_JUNIT:
		report_junit(list, out);
		break;
	case REPORT_MARKDOWN:
		report_markdown(list, out);
		break;
	case REPORT_HTML:
		report_html(list, out);
		break;
	case REPORT_JSON:
		report_json(list, out);
		break;
	}
}

struct error *judgement_write(struct judgement *judgement, const struct judged_list *list)
{
	struct error *error = NULL;

	for (size_t i = 0; i < judgement->n_reports && !error; i++) {
		struct report_file *report = &judgement->reports[i];

		judgement_report(report->form, list, &report->out);
		report->is_open = false;
		error = target_close(&report->target, &report->out, true);
	}
	return error;
}

/* --- from beginning to end ----------------------------------------------------------------------------- */

static enum report_form form_of(const struct options *options)
{
	switch (options->format) {
	case FORMAT_SARIF:
		return REPORT_SARIF;
	case FORMAT_JUNIT:
		return REPORT_JUNIT;
	case FORMAT_HTML:
		return REPORT_HTML;
	case FORMAT_MARKDOWN:
		return REPORT_MARKDOWN;
	default:
		return REPORT_NONE;
	}
}

struct error *prepare_judgement(struct invocation *invocation)
{
	const struct judge_options *options = &invocation->options.judge;
	struct judgement *judgement = calloc(1, sizeof(*judgement));
	struct error *error;

	if (!judgement)
		out_of_memory();
	error = ruleset_init(&judgement->rules);
	if (error) {
		free(judgement);
		return error;
	}
	known_init(&judgement->known);
	judgement->root = -1;
	invocation->judgement = judgement;
	judgement->form = form_of(&invocation->options);
	for (size_t i = 0; !error && i < options->n_rules; i++)
		error = ruleset_add_directory(&judgement->rules, options->rules[i]);
	if (!error)
		error = understand(options, judgement);
	if (!error)
		error = read_known(options, &judgement->known);
	if (!error)
		error = read_host(options, judgement);
	for (size_t i = 0; !error && i < options->n_reports; i++)
		error = open_report(invocation, options->reports[i]);
	return error;
}

void release_judgement(struct invocation *invocation)
{
	struct judgement *judgement = invocation->judgement;

	if (!judgement)
		return;
	for (size_t i = 0; i < judgement->n_reports; i++) {
		struct report_file *report = &judgement->reports[i];

		if (report->is_open)
			error_free(target_close(&report->target, &report->out, false));
		free(report->directory);
	}
	known_deinit(&judgement->known);
	if (judgement->has_host)
		host_close(&judgement->host);
	if (judgement->root >= 0)
		close(judgement->root);
	ruleset_deinit(&judgement->rules);
	free(judgement);
	invocation->judgement = NULL;
}
