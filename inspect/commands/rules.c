/* rules: what check looks for. explain RULE: one of them in full. */
#include "db/check/fixtures.h"
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "inspect/judge.h"
#include "inspect/options.h"

enum { WIDTH = 80 };

static void put_scope(const struct rule *rule, struct out *out)
{
	bool any = false;

	for (size_t i = 0; i < N_SCOPES; i++)
		if (rule->scope & scopes[i].bit) {
			out_printf(out, "%s%s", any ? " " : "", scopes[i].name);
			any = true;
		}
}

/* A word is a rule, a category, a severity or a scope. */
static bool has_word(const struct rule *rule, struct bytes word)
{
	bool found = bytes_equal(word, rule->id) || bytes_equal(word, rule->category) ||
		     bytes_equal(word, bytes_of(severities[rule->severity].name));

	for (size_t i = 0; i < N_SCOPES; i++)
		found = found || (rule->scope & scopes[i].bit && bytes_equal(word, bytes_of(scopes[i].name)));
	return found;
}

/* A word that no rule has, whatever the others are. */
static struct error *check_word(const struct ruleset *rules, struct bytes word)
{
	struct nearest nearest = nearest_to(word);

	for (size_t i = 0; i < rules->rules.n; i++) {
		const struct rule *rule = &rules->rules.items[i];

		if (has_word(rule, word))
			return NULL;
		nearest_try(&nearest, rule->id);
		nearest_try(&nearest, rule->category);
	}
	for (size_t i = 0; i < N_SEVERITIES; i++)
		nearest_try(&nearest, bytes_of(severities[i].name));
	for (size_t i = 0; i < N_SCOPES; i++)
		nearest_try(&nearest, bytes_of(scopes[i].name));
	return nearest_hint(&nearest, error_new(ERROR_USAGE, "\"%.*s\" is no rule, category, severity or scope of one",
						BYTES_FMT(word)), NULL);
}

static struct error *check_words(const struct invocation *invocation)
{
	struct error *error = NULL;

	for (int i = 0; !error && i < invocation->n_arguments; i++)
		error = check_word(&invocation->judgement->rules, bytes_of(invocation->arguments[i]));
	return error;
}

static bool is_wanted(const struct rule *rule, const struct invocation *invocation)
{
	for (int i = 0; i < invocation->n_arguments; i++)
		if (!has_word(rule, bytes_of(invocation->arguments[i])))
			return false;
	return true;
}

static const char *const names[] = { "rule", "severity", "category", "scope", "title", "file" };

static void put_row(const struct rule *rule, struct row_writer *writer)
{
	struct value values[ARRAY_SIZE(names)] = {
		value_text(rule->id),
		value_text(bytes_of(severities[rule->severity].name)),
		value_text(rule->category),
		{ .type = VALUE_NULL },
		value_text(rule->title),
		rule->is_builtin ? (struct value){ .type = VALUE_NULL } : value_text(bytes_of(rule->file)),
	};
	struct out scope;

	out_init(&scope, -1);
	put_scope(rule, &scope);
	values[3] = value_text(out_held(&scope));
	rows_put(writer, values);
	out_deinit(&scope);
}

/* The fixtures of users' own rules; of all rules where there are none. */
static struct error *test_rules(struct invocation *invocation)
{
	const struct ruleset *rules = &invocation->judgement->rules;
	bool builtin = invocation->options.judge.n_rules == 0;
	size_t n = 0;

	for (size_t i = 0; i < rules->rules.n; i++) {
		const struct rule *rule = &rules->rules.items[i];
		struct error *error;

		if (rule->is_builtin != builtin || !is_wanted(rule, invocation))
			continue;
		error = fixtures_run(rule);
		if (error)
			invocation->status = 1;
		invocation_note(invocation, error);
		n++;
	}
	out_printf(&invocation->out, "%zu %s tested\n", n, n == 1 ? "rule" : "rules");
	return NULL;
}

static struct error *run_rules(struct invocation *invocation)
{
	const struct ruleset *rules = &invocation->judgement->rules;
	struct error *error = check_words(invocation);
	struct row_writer writer;
	size_t n = 0;

	if (error)
		return error;
	if (invocation->options.judge.test)
		return test_rules(invocation);
	rows_begin(&writer, row_form_of(invocation->options.format), names,
		   ARRAY_SIZE(names) - (invocation->options.format == FORMAT_TEXT), &invocation->out);
	for (size_t i = 0; i < rules->rules.n; i++)
		if (is_wanted(&rules->rules.items[i], invocation)) {
			put_row(&rules->rules.items[i], &writer);
			n++;
		}
	rows_end(&writer);
	if (n == 0)
		invocation_note(invocation, error_new(ERROR_USAGE, "no rule is all of these"));
	return NULL;
}

/* --- explain -------------------------------------------------------------------------------------- */

/* LABEL, then TEXT folded behind it. */
static void put_paragraph(const char *label, struct bytes text, struct out *out)
{
	size_t indent = 14, column = indent;
	struct bytes word;
	bool any = false;

	if (!text.data)
		return;
	out_style(out, STYLE_BOLD);
	out_printf(out, "%-13s", label);
	out_style(out, STYLE_PLAIN);
	while (text.len) {
		size_t len = bytes_find(text, ' ');

		word = bytes_first(text, len);
		text = bytes_from(text, len + 1);
		if (any && column + 1 + text_width(word) > WIDTH) {
			out_char(out, '\n');
			out_repeat(out, ' ', indent);
			column = indent;
		} else {
			out_char(out, ' ');
			column++;
		}
		escape_text(out, word);
		column += text_width(word);
		any = true;
	}
	out_char(out, '\n');
}

static void put_profiles(const struct rule *rule, struct out *out)
{
	struct out text;

	out_init(&text, -1);
	for (int i = 0; i < N_PROFILES; i++) {
		int choice = rule->in_profile[i];

		if (choice == CHOICE_USUAL)
			continue;
		out_printf(&text, "%s%s %s", text.len ? ", " : "", profile_names[i],
			   choice == CHOICE_OFF ? "off" : severities[choice].name);
	}
	for (int i = 0; i < N_ASSUMPTIONS; i++)
		if (rule->assume >> i & 1)
			out_printf(&text, "%snote with %s", text.len ? ", " : "", assumptions[i].name);
	if (text.len)
		put_paragraph("", out_held(&text), out);
	out_deinit(&text);
}

static void explain(const struct rule *rule, struct out *out)
{
	struct out scope;

	put_paragraph("rule", rule->id, out);
	put_paragraph("title", rule->title, out);
	put_paragraph("severity", bytes_of(severities[rule->severity].name), out);
	put_profiles(rule, out);
	put_paragraph("category", rule->category, out);
	out_init(&scope, -1);
	put_scope(rule, &scope);
	put_paragraph("looks at", out_held(&scope), out);
	out_deinit(&scope);
	put_paragraph("why", rule->why, out);
	put_paragraph("fix", rule->fix, out);
	for (int i = 0; i < N_TOOLS; i++)
		if (rule->fixes[i].data)
			put_paragraph(tool_names[i], rule->fixes[i], out);
	put_paragraph("ATT&CK", rule->attack, out);
	put_paragraph("see", rule->see, out);
	if (!rule->is_builtin)
		put_paragraph("file", bytes_of(rule->file), out);
	if (!rule->sql.len)
		return;
	out_char(out, '\n');
	for (struct bytes rest = rule->sql; rest.len;) {
		size_t len = bytes_find(rest, '\n');

		out_text(out, "    ");
		escape_text(out, bytes_first(rest, len));
		out_char(out, '\n');
		rest = bytes_from(rest, len + 1);
	}
}

static void put_key(struct json *json, const char *key, struct bytes text)
{
	json_key(json, key);
	if (text.data)
		json_text(json, text);
	else
		json_null(json);
}

static void explain_json(const struct rule *rule, struct out *out)
{
	struct out scope;
	struct json json;

	json_init(&json, out, JSON_INDENTED);
	json_object_begin(&json);
	put_key(&json, "rule", rule->id);
	put_key(&json, "title", rule->title);
	json_key_text(&json, "severity", severities[rule->severity].name);
	put_key(&json, "category", rule->category);
	out_init(&scope, -1);
	put_scope(rule, &scope);
	put_key(&json, "scope", out_held(&scope));
	out_deinit(&scope);
	put_key(&json, "why", rule->why);
	put_key(&json, "fix", rule->fix);
	json_key(&json, "fixes");
	json_object_begin(&json);
	for (int i = 0; i < N_TOOLS; i++)
		if (rule->fixes[i].data)
			put_key(&json, tool_names[i], rule->fixes[i]);
	json_object_end(&json);
	put_key(&json, "attack", rule->attack);
	put_key(&json, "see", rule->see);
	put_key(&json, "sql", rule->sql.len ? rule->sql : NO_BYTES);
	json_object_end(&json);
	out_char(out, '\n');
}

static struct error *run_explain(struct invocation *invocation)
{
	const struct rule *rule = NULL;
	struct error *error = ruleset_get(&invocation->judgement->rules, bytes_of(invocation->arguments[0]),
					  &rule);

	if (error)
		return error;
	if (invocation->options.format == FORMAT_JSON)
		explain_json(rule, &invocation->out);
	else
		explain(rule, &invocation->out);
	return NULL;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static const struct option test_options[] = {
	{ 0, "test", NULL, "run the rules' fixtures: of --rules, or of all", SETS(judge.test) },
	{ 0 },
};

const struct command command_rules = {
	.name = "rules",
	.arguments = "[WORD...]",
	.help = "what check looks for; of a severity, category or scope",
	.formats = FORMATS_OF_ROWS,
	.options = { test_options, ruleset_options, output_options },
	.files = FILES_NONE,
	.prepare = prepare_judgement,
	.release = release_judgement,
	.most_arguments = 16,
	.run = run_rules,
};

const struct command command_explain = {
	.name = "explain",
	.arguments = "RULE",
	.help = "why a rule speaks and what to do about it",
	.formats = FORMATS_PLAIN,
	.options = { ruleset_options, output_options },
	.files = FILES_NONE,
	.prepare = prepare_judgement,
	.release = release_judgement,
	.least_arguments = 1,
	.most_arguments = 1,
	.run = run_explain,
};
