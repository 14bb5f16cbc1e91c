#include "inspect/scan_rules.h"

#include <stdlib.h>

#include "db/scan/indicators.h"
#include "db/scan/secrets.h"

static void add(struct ruleset *rules, const char *id, const char *title, enum severity severity, struct bytes category)
{
	bool is_secret = bytes_equal(category, CATEGORY_SECRET);

	*vec_push(&rules->arena, &rules->rules) = (struct rule){
		.file = "scan",
		.is_builtin = true,
		.id = bytes_of(id),
		.category = category,
		.title = bytes_of(title),
		.why = is_secret ? BYTES("A checkpoint is a copy of memory: whoever gets it has this secret.")
				 : BYTES("Somebody has listed it as a sign of an attack."),
		.fix = is_secret ? BYTES("Take the secret out of use, and keep the checkpoint as safe as the secret was.")
				 : BYTES("Look at the process or file that it is in, and at what else that has done."),
		.severity = severity,
		.scope = 1,
		.sql = BYTES("-"), /* it is run: what has none only speaks through logs */
	};
}

static int by_id(const void *a, const void *b)
{
	const struct rule *left = a, *right = b;

	return bytes_compare(left->id, right->id);
}

bool scan_rule_begins(size_t type)
{
	return type == 0 || strcmp(indicator_types[type].rule, indicator_types[type - 1].rule) != 0;
}

void scan_rules(struct ruleset *rules)
{
	ruleset_deinit(rules);
	*rules = (struct ruleset){ .lister = "\"coldcase scan --help\" lists them" };
	arena_init(&rules->arena);
	for (size_t i = 0; i < n_secret_kinds; i++)
		add(rules, secret_kinds[i].id, secret_kinds[i].title, secret_kinds[i].severity, CATEGORY_SECRET);
	for (size_t i = 0; i < N_INDICATOR_TYPES; i++)
		if (scan_rule_begins(i))
			add(rules, indicator_types[i].rule, indicator_types[i].title, SEVERITY_ERROR,
			    CATEGORY_INDICATOR);
	qsort(rules->rules.items, rules->rules.n, sizeof(*rules->rules.items), by_id);
}

bool scan_finds(const char *id)
{
	for (size_t i = 0; i < N_INDICATOR_TYPES; i++)
		if (!strcmp(indicator_types[i].rule, id))
			return true;
	return secret_kind_named(id) != NULL;
}
