#include "db/check/integrity.h"

#include "db/check/builtin.h"
#include "db/verify/verify.h"

/* --- rules ---------------------------------------------------------------------------------------------- */

static bool is_in_logs(const char *id)
{
	for (size_t i = 0; i < n_log_patterns; i++)
		if (!strcmp(log_patterns[i].rule, id))
			return true;
	return false;
}

static struct rule rule_of(const struct verify_check *check)
{
	struct rule rule = {
		.file = "verify",
		.is_builtin = true,
		.is_verified = true,
		.id = bytes_of(check->id),
		.category = BYTES("integrity"),
		.title = bytes_of(check->title),
		.message = BYTES("{subject}"),
		.why = bytes_of(check->why),
		.fix = bytes_of(check->fix),
		.see = BYTES("coldcase verify"),
		.severity = check->severity,
		.scope = SCOPE_IMAGE | (is_in_logs(check->id) ? SCOPE_LOG : 0),
	};

	for (size_t i = 0; i < N_PROFILES; i++)
		rule.in_profile[i] = CHOICE_USUAL;
	if (check->severity < SEVERITY_WARNING) /* what is left can be looked at */
		rule.in_profile[PROFILE_FORENSIC] = SEVERITY_WARNING;
	return rule;
}

void integrity_rules(struct ruleset *ruleset)
{
	const struct verify_check *check;

	for (size_t i = 0; (check = verify_check_at(i)); i++)
		if (!ruleset_find(ruleset, bytes_of(check->id)))
			ruleset_add(ruleset, rule_of(check));
}

/* --- running ---------------------------------------------------------------------------------------------- */

static bool is_wanted(const struct check *check, const struct rule *rule)
{
	return rule->is_verified && (!check->only.data || rule_is_in(rule, check->only));
}

static bool wants_any(const struct check *check)
{
	for (size_t i = 0; i < check->rules->rules.n; i++)
		if (is_wanted(check, &check->rules->rules.items[i]))
			return true;
	return false;
}

static void take(struct hits *hits, const struct finding *finding)
{
	struct hit *hit = hits_add(hits, NO_BYTES);

	if (!hit)
		return;
	hit->subject = finding->subject;
	hit->message = finding->message;
	hit->pid = finding->pid;
	hit->fd = finding->fd;
	hit->image = finding->image;
	hit->entry = finding->entry;
	hit->offset = finding->offset;
	for (size_t i = 0; i < finding->evidence.n; i++)
		*vec_push(hits->arena, &hit->evidence) = finding->evidence.items[i];
	hit_list(hits, hit, hit->subject);
}

/* Those of one check follow one another. */
static void take_count(struct hits *hits, const struct rule *rule, const struct finding *first,
		       const struct rule_count *count)
{
	hits_of(hits, rule);
	for (size_t i = 0; i < count->kept; i++)
		take(hits, &first[i]);
	hits->rules.items[hits->rules.n - 1].more += count->found - count->kept;
}

void integrity_run(struct checkpoint *checkpoint, const struct check *check, struct hits *hits)
{
	struct findings findings;
	size_t at = 0;
	bool damaged;

	if (!wants_any(check))
		return;
	findings_init(&findings, hits->arena);
	verify_checkpoint(checkpoint, &findings, &damaged);
	for (size_t i = 0; i < findings.rules.n; i++) {
		const struct rule_count *count = &findings.rules.items[i];
		const struct rule *rule = ruleset_find(check->rules, count->rule);

		if (rule && is_wanted(check, rule))
			take_count(hits, rule, &findings.list.items[at], count);
		at += count->kept;
	}
	if (damaged && !checkpoint->problems.n) /* all could be read, and contradicts itself */
		problems_add(&checkpoint->problems,
			     error_in_source(error_new(ERROR_DAMAGED, "the images are damaged, as findings tell"),
					     checkpoint->source.path));
}
