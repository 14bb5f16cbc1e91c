#include "db/check/check.h"

#include "db/check/hits.h"
#include "db/check/integrity.h"
#include "db/check/logs.h"
#include "db/check/run.h"
#include "decoders/live/live.h"

static bool is_wanted(const struct check *check, unsigned scope, const struct rule *rule)
{
	return rule->sql.len && rule->scope & scope &&
	       (!check->only.data || rule_is_in(rule, check->only));
}

unsigned check_scope(const struct checkpoint *checkpoint, const struct check *check)
{
	unsigned scope = check->with_host || check->host_only ? SCOPE_HOST : 0;

	if (check->logs_only)
		return 0;
	if (!check->host_only)
		scope |= live_is(checkpoint) ? SCOPE_LIVE : SCOPE_IMAGE;
	return scope;
}

static struct error *run_rules(struct checkpoint *checkpoint, const struct check *check, struct hits *hits)
{
	const unsigned scope = check_scope(checkpoint, check);
	const struct database_options options = { .steps = RULE_STEPS, .interrupt = check->interrupt };
	struct database *database;
	struct error *error = database_open(&checkpoint, 1, &options, &database);

	if (error)
		return error;
	for (size_t i = 0; !error && i < check->rules->rules.n && !database_interrupted(database); i++) {
		const struct rule *rule = &check->rules->rules.items[i];

		if (is_wanted(check, scope, rule))
			error = run_rule(database, rule, hits);
		if (!error || error->kind == ERROR_USAGE)
			continue; /* a rule that is none: there is no verdict without it */
		problems_add(&checkpoint->problems, error);
		error = NULL;
	}
	database_close(database);
	return error;
}

/* Of a dump that failed only the cause matters, and what there is to be seen of the tasks. */
static void keep_cause(struct hits *hits)
{
	static const char *const kept[] = { "forensics", "security", "img-dump-failed", "img-inventory-missing",
					    "img-truncated", "img-magic", "img-message", "img-field-missing",
					    "img-unreadable", "img-trailing", "img-salvaged", "img-unsafe-name",
					    "archive-damaged", "archive-trailing" };

	hits_keep_only(hits, kept, sizeof(kept) / sizeof(kept[0]));
}

static bool speaks(const struct hits *hits, const char *id)
{
	for (size_t i = 0; i < hits->rules.n; i++)
		if (hits->rules.items[i].n && bytes_equal(hits->rules.items[i].rule->id, bytes_of(id)))
			return true;
	return false;
}

struct error *check_run(struct checkpoint *checkpoint, const struct check *check, struct findings *findings)
{
	const char *producer;
	unsigned assumed = check->assumed;
	struct error *error = NULL;
	struct hits hits;

	hits_init(&hits, findings->arena);
	checkpoint_need(checkpoint, PART_ENGINE);
	producer = checkpoint->engine.producer;
	if (!check->assumed_is_given)
		assumed = check->profile == PROFILE_PLAIN_CRIU ? 0
			  : live_is(checkpoint)		       ? engine_assumptions(producer)
							       : producer_assumptions(producer);
	if (check_scope(checkpoint, check) & SCOPE_IMAGE)
		integrity_run(checkpoint, check, &hits);
	if (!check->logs_only)
		error = run_rules(checkpoint, check, &hits);
	if (error)
		return error;
	hits_suppress(&hits);
	if (speaks(&hits, "img-dump-failed") || speaks(&hits, "img-inventory-missing"))
		keep_cause(&hits);
	if (!check->only.data || check->logs_only)
		logs_run(checkpoint, check->rules, &hits);
	hits_tell(&hits, check, assumed, producer_tool(producer, check->profile), findings);
	findings_sort(findings);
	return NULL;
}
