#include "db/findings/findings.h"

#include <stdio.h>
#include <stdlib.h>

const struct severity_words severities[N_SEVERITIES] = {
	[SEVERITY_BLOCKER] = { "blocker", "blockers", "error", "9.5", STYLE_ALARM,
			       "cannot be restored as it is, on any host" },
	[SEVERITY_ERROR] = { "error", "errors", "error", "8.0", STYLE_ALARM,
			     "fails unless an option or something of the host is supplied" },
	[SEVERITY_WARNING] = { "warning", "warnings", "warning", "5.0", STYLE_WARNING,
			       "works, but behaves otherwise, or fails on another host" },
	[SEVERITY_NOTE] = { "note", "notes", "note", "1.0", STYLE_BOLD, "worth knowing" },
};

bool severity_named(const char *name, enum severity *ret)
{
	for (size_t i = 0; i < N_SEVERITIES; i++)
		if (!strcmp(severities[i].name, name)) {
			*ret = (enum severity)i;
			return true;
		}
	return false;
}

void findings_init(struct findings *findings, struct arena *arena)
{
	*findings = (struct findings){
		.arena = arena,
		.most_of_a_rule = FINDINGS_OF_A_RULE,
		.most = FINDINGS_KEPT,
	};
}

/* Rules speak in turn, so the last one is mostly the one. */
static struct rule_count *count_of(struct findings *findings, struct bytes rule,
				   enum severity severity)
{
	struct rule_count *count;

	if (findings->last_rule < findings->rules.n &&
	    bytes_equal(findings->rules.items[findings->last_rule].rule, rule))
		return &findings->rules.items[findings->last_rule];
	for (size_t i = 0; i < findings->rules.n; i++)
		if (bytes_equal(findings->rules.items[i].rule, rule)) {
			findings->last_rule = i;
			return &findings->rules.items[i];
		}
	findings->last_rule = findings->rules.n;
	count = vec_push(findings->arena, &findings->rules);
	count->rule = rule;
	count->severity = severity;
	return count;
}

struct finding *findings_add(struct findings *findings, struct bytes rule, enum severity severity)
{
	struct rule_count *count = count_of(findings, rule, severity);
	struct finding *finding;

	findings->count[severity]++;
	count->found++;
	if (count->kept >= findings->most_of_a_rule || findings->list.n >= findings->most)
		return NULL;
	count->kept++;
	finding = vec_push(findings->arena, &findings->list);
	*finding = (struct finding){
		.rule = rule,
		.severity = severity,
		.pid = ABSENT_U32,
		.fd = ABSENT_U32,
		.entry = ABSENT_U32,
		.offset = ABSENT_U64,
		.ordinal = findings->list.n,
	};
	return finding;
}

void finding_evidence(struct findings *findings, struct finding *finding, const char *name,
		      struct value value)
{
	struct evidence *evidence = vec_push(findings->arena, &finding->evidence);

	evidence->name = name;
	evidence->value = value;
}

struct bytes findings_vtext(struct findings *findings, const char *format, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0)
		out_of_memory();
	text = arena_alloc(findings->arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	return (struct bytes){ (uint8_t *)text, (size_t)len };
}

struct bytes findings_text(struct findings *findings, const char *format, ...)
{
	struct bytes text;
	va_list args;

	va_start(args, format);
	text = findings_vtext(findings, format, args);
	va_end(args);
	return text;
}

struct bytes finding_key(struct arena *arena, const struct finding *finding)
{
	struct bytes subject = finding->subject;
	uint8_t *key;
	size_t len = 0;

	if (bytes_equal(finding->category, CATEGORY_SECRET) || bytes_equal(finding->category, CATEGORY_INDICATOR))
		return subject;
	key = arena_alloc(arena, subject.len + 1);
	for (size_t i = 0; i < subject.len; i++)
		if (subject.data[i] < '0' || subject.data[i] > '9')
			key[len++] = subject.data[i];
	return (struct bytes){ key, len };
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_places(const struct finding *a, const struct finding *b)
{
	int order = bytes_compare(a->image, b->image);

	if (order == 0)
		order = compare_numbers(a->entry, b->entry);
	return order ? order : compare_numbers(a->offset, b->offset);
}

static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order = compare_numbers(a->severity, b->severity);

	if (order == 0)
		order = bytes_compare(a->rule, b->rule);
	if (order == 0)
		order = compare_numbers(a->pid, b->pid);
	if (order == 0)
		order = compare_numbers(a->fd, b->fd);
	if (order == 0)
		order = bytes_compare(a->subject, b->subject);
	if (order == 0)
		order = compare_places(a, b);
	if (order == 0)
		order = bytes_compare(a->message, b->message);
	return order ? order : compare_numbers(a->ordinal, b->ordinal);
}

void findings_sort(struct findings *findings)
{
	if (findings->list.n)
		qsort(findings->list.items, findings->list.n, sizeof(*findings->list.items),
		      compare_findings);
}

static void discount(struct findings *findings, const struct finding *finding)
{
	struct rule_count *count = count_of(findings, finding->rule, finding->severity);

	findings->count[finding->severity]--;
	count->found--;
	count->kept--;
}

/* Rules that no longer have anything to say. */
static void drop_silent(struct findings *findings)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->rules.n; i++)
		if (findings->rules.items[i].found)
			findings->rules.items[n++] = findings->rules.items[i];
	findings->rules.n = n;
	findings->last_rule = 0;
}

void findings_suppress(struct findings *findings, findings_knower knows, void *context)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->list.n; i++) {
		const struct finding *finding = &findings->list.items[i];
		struct suppressed suppressed = { .finding = *finding };

		if (knows(context, finding, &suppressed.reason, &suppressed.in_baseline)) {
			*vec_push(findings->arena, &findings->suppressed) = suppressed;
			discount(findings, finding);
		} else {
			findings->list.items[n++] = *finding;
		}
	}
	findings->list.n = n;
	drop_silent(findings);
}

void findings_fail(struct findings *findings, const struct error *error)
{
	findings->error = findings_text(findings, "%s%s%s", error->image ? error->image : "", error->image ? ": " : "",
					error->message);
}

/* As error_print says it, but not escaped yet. */
static struct bytes told(struct findings *findings, const struct error *error)
{
	const char *image = error->image ? error->image : "";
	struct bytes entry = NO_BYTES, offset = NO_BYTES;
	bool has_place;

	if (error->entry != ABSENT_U32)
		entry = findings_text(findings, "%sentry %u", *image ? " " : "", error->entry);
	if (error->offset != ABSENT_U64)
		offset = findings_text(findings, "%sat 0x%llx", *image || entry.len ? " " : "",
				       (unsigned long long)error->offset);
	has_place = *image || entry.len || offset.len;
	return findings_text(findings, "%s%s%s%.*s%.*s%s%s", error->source ? error->source : "",
			     error->source ? ": " : "", image, BYTES_FMT(entry), BYTES_FMT(offset), has_place ? ": " : "",
			     error->message);
}

void findings_take_problems(struct findings *findings, const struct problems *problems)
{
	for (size_t i = 0; i < problems->n && findings->problems.n < MOST_PROBLEMS_TOLD; i++)
		*vec_push(findings->arena, &findings->problems) = told(findings, problems->items[i]);
	findings->n_problems += problems->n + problems->dropped;
}

size_t findings_omitted(const struct findings *findings)
{
	size_t found = 0;

	for (size_t i = 0; i < N_SEVERITIES; i++)
		found += findings->count[i];
	return found - findings->list.n;
}

bool findings_reach(const struct findings *findings, enum severity least)
{
	for (size_t i = 0; i <= least && i < N_SEVERITIES; i++)
		if (findings->count[i])
			return true;
	return false;
}
