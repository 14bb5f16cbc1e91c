#include "db/check/hits.h"

void hits_init(struct hits *hits, struct arena *arena)
{
	*hits = (struct hits){ .arena = arena };
}

void hits_of(struct hits *hits, const struct rule *rule)
{
	struct rule_hits *of = vec_push(hits->arena, &hits->rules);

	of->rule = rule;
	of->first = hits->hits.n;
}

/* Rows of a group mostly follow one another. */
static struct hit *find_group(const struct hits *hits, const struct rule_hits *of, struct bytes group)
{
	for (size_t i = of->n; group.data && i-- > 0;) {
		struct hit *hit = &hits->hits.items[of->first + i];

		if (bytes_equal(hit->group, group))
			return hit;
	}
	return NULL;
}

struct hit *hits_add(struct hits *hits, struct bytes group)
{
	struct rule_hits *of = &hits->rules.items[hits->rules.n - 1];
	struct hit *hit = find_group(hits, of, group);

	if (hit) {
		hit->n++;
		return hit;
	}
	if (of->n == MOST_HITS) {
		of->more++;
		return NULL;
	}
	of->n++;
	hit = vec_push(hits->arena, &hits->hits);
	*hit = (struct hit){
		.rule = of->rule,
		.severity = CHOICE_USUAL,
		.pid = ABSENT_U32,
		.fd = ABSENT_U32,
		.entry = ABSENT_U32,
		.offset = ABSENT_U64,
		.group = group,
		.n = 1,
	};
	return hit;
}

void hit_list(struct hits *hits, struct hit *hit, struct bytes subject)
{
	for (size_t i = 0; i < hit->list.n; i++)
		if (bytes_equal(hit->list.items[i], subject))
			return;
	if (hit->list.n <= MOST_LISTED)
		*vec_push(hits->arena, &hit->list) = subject;
}

/* --- the specific over the general --------------------------------------------------------------- */

bool rule_is_in(const struct rule *rule, struct bytes list)
{
	struct bytes word;

	while (word_next(&list, &word))
		if (bytes_equal(word, rule->id) || bytes_equal(word, rule->category))
			return true;
	return false;
}

static bool is_about_the_same(const struct hit *a, const struct hit *b)
{
	bool known = a->pid != ABSENT_U32 && b->pid != ABSENT_U32;

	if (known && a->pid != b->pid)
		return false;
	for (size_t i = 0; i < a->list.n; i++)
		for (size_t j = 0; j < b->list.n; j++)
			if (bytes_equal(a->list.items[i], b->list.items[j]))
				return true;
	return bytes_equal(a->subject, b->subject);
}

static void hide(struct hits *hits, const struct rule_hits *over, const struct rule_hits *under, bool all)
{
	for (size_t i = 0; i < under->n; i++) {
		struct hit *hit = &hits->hits.items[under->first + i];

		for (size_t j = 0; j < over->n && !hit->hidden; j++)
			hit->hidden = all || is_about_the_same(&hits->hits.items[over->first + j], hit);
	}
}

void hits_suppress(struct hits *hits)
{
	for (size_t i = 0; i < hits->rules.n; i++) {
		const struct rule_hits *over = &hits->rules.items[i];

		for (size_t j = 0; over->n && j < hits->rules.n; j++) {
			const struct rule_hits *under = &hits->rules.items[j];

			if (i == j || under->n == 0)
				continue;
			if (rule_is_in(under->rule, over->rule->over_all))
				hide(hits, over, under, true);
			else if (rule_is_in(under->rule, over->rule->over))
				hide(hits, over, under, false);
		}
	}
}

void hits_keep_only(struct hits *hits, const char *const *words, size_t n)
{
	for (size_t i = 0; i < hits->hits.n; i++) {
		struct hit *hit = &hits->hits.items[i];
		bool kept = false;

		for (size_t j = 0; j < n && !kept; j++)
			kept = rule_is_in(hit->rule, bytes_of(words[j]));
		if (!kept)
			hit->hidden = true;
	}
}

/* --- weighing --------------------------------------------------------------------------------------- */

/* Forensic profiles ask what ran, not how to restore it. */
static int usual_severity(const struct rule *rule, enum profile profile)
{
	static const char *const not_forensic[] = { "engine", "time", "cpu", "cgroup" };

	if (profile == PROFILE_FORENSIC)
		for (size_t i = 0; i < sizeof(not_forensic) / sizeof(not_forensic[0]); i++)
			if (bytes_equal(rule->category, bytes_of(not_forensic[i])))
				return CHOICE_OFF;
	return (int)rule->severity;
}

static int severity_of(const struct hit *hit, const struct check *check, unsigned assumed)
{
	const struct rule *rule = hit->rule;
	int severity = rule->in_profile[check->profile];

	if (hit->severity != CHOICE_USUAL)
		return hit->severity;
	if (severity == CHOICE_USUAL)
		severity = usual_severity(rule, check->profile);
	if (severity < SEVERITY_NOTE && rule->assume & assumed)
		severity = SEVERITY_NOTE;
	return severity;
}

static void tell(const struct hit *hit, int severity, enum tool tool, struct findings *findings)
{
	struct finding *finding = findings_add(findings, hit->rule->id, (enum severity)severity);

	if (!finding)
		return;
	finding->category = hit->rule->category;
	finding->title = hit->rule->title;
	finding->subject = hit->group.data ? hit->about : hit->subject;
	finding->pid = hit->pid;
	finding->fd = hit->fd;
	finding->image = hit->image;
	finding->entry = hit->entry;
	finding->offset = hit->offset;
	finding->message = hit->message.data ? hit->message
					     : hit_expand(hit, hit->rule->message, findings->arena);
	finding->fix = hit_expand(hit, rule_fix(hit->rule, tool), findings->arena);
	for (size_t i = 0; i < hit->evidence.n; i++)
		finding_evidence(findings, finding, hit->evidence.items[i].name, hit->evidence.items[i].value);
}

void hits_tell(const struct hits *hits, const struct check *check, unsigned assumed, enum tool tool,
	       struct findings *findings)
{
	for (size_t i = 0; i < hits->rules.n; i++) {
		const struct rule_hits *of = &hits->rules.items[i];
		const struct hit *last = NULL;

		for (size_t j = 0; j < of->n; j++) {
			const struct hit *hit = &hits->hits.items[of->first + j];
			int severity = severity_of(hit, check, assumed);

			if (hit->hidden || severity == CHOICE_OFF)
				continue;
			tell(hit, severity, tool, findings);
			last = hit;
		}
		for (size_t j = 0; last && j < of->more; j++)
			(void)findings_add(findings, of->rule->id,
					   (enum severity)severity_of(last, check, assumed));
	}
}
