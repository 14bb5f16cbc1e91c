#include "inspect/judge.h"

#include <stdlib.h>

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

/* Each word is a rule or a category. */
static struct error *take_only(const struct ruleset *rules, const char *list, struct bytes *ret)
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
	check->scope = SCOPE_IMAGE;
	if (options->profile)
		error = take_profile(options->profile, check);
	if (!error && options->assume) {
		check->assumed_is_given = true;
		if (strcmp(options->assume, "none") != 0)
			error = assumptions_parse(bytes_of(options->assume), &check->assumed);
	}
	if (!error && options->only)
		error = take_only(&judgement->rules, options->only, &check->only);
	return error;
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
	invocation->judgement = judgement;
	for (size_t i = 0; !error && i < options->n_rules; i++)
		error = ruleset_add_directory(&judgement->rules, options->rules[i]);
	return error ? error : understand(options, judgement);
}

void release_judgement(struct invocation *invocation)
{
	if (!invocation->judgement)
		return;
	ruleset_deinit(&invocation->judgement->rules);
	free(invocation->judgement);
	invocation->judgement = NULL;
}
