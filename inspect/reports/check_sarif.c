/* Findings as SARIF 2.1.0. A checkpoint is no source file: results stand at line 1 of it, or of the anchor. */
#include "db/check/hits.h"
#include "db/tables/render.h"
#include "decoders/base/digest.h"
#include "decoders/base/escape.h"
#include "decoders/base/json.h"
#include "inspect/reports/check.h"

enum { LONGEST_TEXT = 1000 }; /* characters; GitHub takes 1024 */

struct sarif {
	const struct judged_list *list;
	struct json json;
	struct out text;
	size_t n_results;
};

/* The longest beginning of TEXT that is spelled in LONGEST_TEXT characters: a byte may take four. */
static struct bytes shortened(struct bytes text)
{
	struct bytes rest = text;
	size_t n = 0;
	uint32_t c;

	while (rest.len) {
		struct bytes before = rest;

		if (utf8_next(&rest, &c)) {
			n += c == '\\' ? 2 : 1;
		} else {
			rest = bytes_from(rest, 1);
			n += 4;
		}
		if (n > LONGEST_TEXT)
			return bytes_first(text, text.len - before.len);
	}
	return text;
}

/* "[text](place)" is a link in a message: what the evidence is called makes none. */
static struct bytes unlinked(struct sarif *sarif, struct bytes text)
{
	out_clear(&sarif->text);
	for (size_t i = 0; i < text.len; i++) {
		out_char(&sarif->text, (char)text.data[i]);
		if (text.data[i] == ']' && i + 1 < text.len && text.data[i + 1] == '(')
			out_char(&sarif->text, ' ');
	}
	return out_held(&sarif->text);
}

/* Neither empty nor too long. */
static void put_text(struct sarif *sarif, const char *key, struct bytes text)
{
	json_key(&sarif->json, key);
	json_object_begin(&sarif->json);
	json_key(&sarif->json, "text");
	json_text(&sarif->json, text.len ? shortened(unlinked(sarif, text)) : BYTES("-"));
	json_object_end(&sarif->json);
}

/* A path as RFC 3986 has it: one from the root is a URI, any other a relative reference. */
static void put_uri(struct sarif *sarif, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";

	out_clear(&sarif->text);
	if (*path == '/')
		out_text(&sarif->text, "file://");
	for (const char *p = path; *p; p++)
		if (strchr(plain, *p))
			out_char(&sarif->text, *p);
		else
			out_printf(&sarif->text, "%%%02X", (unsigned char)*p);
	json_key(&sarif->json, "uri");
	json_text(&sarif->json, out_held(&sarif->text));
}

/* --- the tool ----------------------------------------------------------------------------------------- */

static void put_rule(struct sarif *sarif, const struct rule *rule)
{
	struct json *json = &sarif->json;

	json_object_begin(json);
	json_key(json, "id");
	json_text(json, rule->id);
	put_text(sarif, "shortDescription", rule->title);
	put_text(sarif, "fullDescription", rule->why);
	put_text(sarif, "help", rule->fix);
	json_key(json, "defaultConfiguration");
	json_object_begin(json);
	json_key_text(json, "level", severities[rule->severity].sarif_level);
	json_object_end(json);
	json_key(json, "properties");
	json_object_begin(json);
	json_key_text(json, "security-severity", severities[rule->severity].security_severity);
	json_key(json, "tags");
	json_array_begin(json);
	json_text(json, rule->category);
	if (rule->attack.data)
		json_text(json, rule->attack);
	json_array_end(json);
	json_object_end(json);
	json_object_end(json);
}

static void put_tool(struct sarif *sarif)
{
	struct json *json = &sarif->json;

	json_key(json, "tool");
	json_object_begin(json);
	json_key(json, "driver");
	json_object_begin(json);
	json_key_text(json, "name", "coldcase");
	json_key_text(json, "semanticVersion", COLDCASE_VERSION);
	json_key(json, "rules");
	json_array_begin(json);
	for (size_t i = 0; i < sarif->list->rules->rules.n; i++)
		put_rule(sarif, &sarif->list->rules->rules.items[i]);
	json_array_end(json);
	json_object_end(json);
	json_object_end(json);
}

/* --- results ------------------------------------------------------------------------------------------- */

/* A result, and what is known of it already. */
struct told {
	const char *path;
	struct bytes checkpoint;
	const struct finding *finding;
	const char *state;          /* towards the baseline; NULL: there is none */
	struct bytes justification; /* of one that somebody suppressed; absent: nobody did */
};

static void put_physical(struct sarif *sarif, const char *path)
{
	static const char *const ones[] = { "startLine", "startColumn", "endLine", "endColumn" };
	struct json *json = &sarif->json;

	json_key(json, "physicalLocation");
	json_object_begin(json);
	json_key(json, "artifactLocation");
	json_object_begin(json);
	put_uri(sarif, sarif->list->anchor ? sarif->list->anchor : path);
	json_object_end(json);
	json_key(json, "region");
	json_object_begin(json);
	for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); i++)
		json_key_u64(json, ones[i], 1);
	json_object_end(json);
	json_object_end(json);
}

static void put_locations(struct sarif *sarif, const char *path, const struct finding *finding)
{
	struct json *json = &sarif->json;

	json_key(json, "locations");
	json_array_begin(json);
	json_object_begin(json);
	put_physical(sarif, path);
	if (finding && finding->image.len) {
		json_key(json, "logicalLocations");
		json_array_begin(json);
		json_object_begin(json);
		json_key(json, "name");
		json_text(json, finding->image);
		json_key_text(json, "kind", "resource");
		json_object_end(json);
		json_array_end(json);
	}
	json_object_end(json);
	json_array_end(json);
}

/* What stays the same in the next checkpoint: numbers and addresses of the subject do not count. */
static void put_fingerprint(struct sarif *sarif, const struct finding *finding)
{
	struct digest *digest = digest_new();
	char text[DIGEST_TEXT + 1];
	struct arena arena;

	arena_init(&arena);
	digest_add(digest, finding->rule);
	digest_add(digest, BYTES("\0"));
	digest_add(digest, finding_key(&arena, finding));
	arena_deinit(&arena);
	digest_end(digest, text);
	json_key(&sarif->json, "partialFingerprints");
	json_object_begin(&sarif->json);
	json_key_text(&sarif->json, "primaryLocationLineHash", text);
	json_object_end(&sarif->json);
}

static void put_properties(struct sarif *sarif, struct bytes checkpoint, const struct finding *finding)
{
	struct json *json = &sarif->json;

	json_key(json, "properties");
	json_object_begin(json);
	json_key_text(json, "severity", severities[finding->severity].name);
	json_key(json, "checkpoint");
	json_text(json, checkpoint);
	json_key(json, "subject");
	json_text(json, finding->subject);
	if (finding->pid != ABSENT_U32)
		json_key_u64(json, "pid", finding->pid);
	if (finding->entry != ABSENT_U32)
		json_key_u64(json, "entry", finding->entry);
	if (finding->offset != ABSENT_U64)
		json_key_u64(json, "offset", finding->offset);
	json_key(json, "evidence");
	json_object_begin(json);
	for (size_t i = 0; i < finding->evidence.n; i++) {
		json_key_bytes(json, bytes_of(finding->evidence.items[i].name));
		render_value_json(&finding->evidence.items[i].value, json);
	}
	json_object_end(json);
	json_object_end(json);
}

static void put_known(struct sarif *sarif, const struct told *told)
{
	struct json *json = &sarif->json;

	if (told->state)
		json_key_text(json, "baselineState", told->state);
	if (!told->justification.data)
		return;
	json_key(json, "suppressions");
	json_array_begin(json);
	json_object_begin(json);
	json_key_text(json, "kind", "external");
	json_key_text(json, "status", "accepted");
	json_key(json, "justification");
	json_text(json, told->justification);
	json_object_end(json);
	json_array_end(json);
}

static void put_result(struct sarif *sarif, const struct told *told)
{
	const struct finding *finding = told->finding;
	const struct rule *rule = ruleset_find(sarif->list->rules, finding->rule);
	struct json *json = &sarif->json;

	if (++sarif->n_results > SARIF_MOST_RESULTS)
		return;
	json_object_begin(json);
	json_key(json, "ruleId");
	json_text(json, finding->rule);
	if (rule)
		json_key_u64(json, "ruleIndex", (uint64_t)(rule - sarif->list->rules->rules.items));
	json_key_text(json, "level", severities[finding->severity].sarif_level);
	put_text(sarif, "message", finding->message);
	put_locations(sarif, told->path, finding);
	put_fingerprint(sarif, finding);
	put_known(sarif, told);
	put_properties(sarif, told->checkpoint, finding);
	json_object_end(json);
}

/* Towards the baseline; NULL: there is none. */
static const char *state_of(const struct known *known, const struct finding *finding)
{
	const struct known_finding *before = known_find(known, finding);

	if (!known->has_baseline)
		return NULL;
	if (!before)
		return "new";
	return finding->severity < before->finding.severity ? "updated" : "unchanged";
}

static void put_found(struct sarif *sarif, int severity)
{
	for (size_t i = 0; i < sarif->list->n; i++) {
		const struct judged *judged = &sarif->list->items[i];

		for (size_t j = 0; j < judged->findings.list.n; j++) {
			const struct finding *finding = &judged->findings.list.items[j];

			if ((int)finding->severity == severity)
				put_result(sarif, &(struct told){ judged->path, judged->name, finding,
								  state_of(sarif->list->known, finding),
								  NO_BYTES });
		}
	}
}

/* The same in an earlier report, or known for another reason. */
static void put_suppressed(struct sarif *sarif)
{
	for (size_t i = 0; i < sarif->list->n; i++) {
		const struct judged *judged = &sarif->list->items[i];

		for (size_t j = 0; j < judged->findings.suppressed.n; j++) {
			const struct suppressed *one = &judged->findings.suppressed.items[j];

			put_result(sarif, &(struct told){
				judged->path, judged->name, &one->finding,
				state_of(sarif->list->known, &one->finding),
				one->in_baseline ? NO_BYTES : one->reason });
		}
	}
}

/* What an earlier report has and this run would have found; of a partial result nobody knows. */
static void put_absent(struct sarif *sarif)
{
	const struct known *known = sarif->list->known;

	for (size_t i = 0; i < known->baseline.n && !sarif->list->partial; i++) {
		const struct known_finding *one = &known->baseline.items[i];
		const struct rule *rule = ruleset_find(sarif->list->rules, one->finding.rule);

		if (!one->was_found && rule &&
		    (!sarif->list->only.data || rule_is_in(rule, sarif->list->only)))
			put_result(sarif, &(struct told){ (const char *)one->checkpoint.data, one->checkpoint,
							  &one->finding, "absent", NO_BYTES });
	}
}

/* The most severe of what counts comes first: readers cut at the end. */
static void put_results(struct sarif *sarif)
{
	size_t n;

	json_key(&sarif->json, "results");
	json_array_begin(&sarif->json);
	for (int severity = 0; severity < N_SEVERITIES; severity++)
		put_found(sarif, severity);
	put_suppressed(sarif);
	put_absent(sarif);
	json_array_end(&sarif->json);
	n = sarif->n_results;
	json_key(&sarif->json, "properties");
	json_object_begin(&sarif->json);
	json_key_u64(&sarif->json, "omitted", n > SARIF_MOST_RESULTS ? n - SARIF_MOST_RESULTS : 0);
	json_object_end(&sarif->json);
}

/* Each that was looked at, or should have been: one without results is a result, too. */
static void put_artifacts(struct sarif *sarif)
{
	struct json *json = &sarif->json;

	json_key(json, "artifacts");
	json_array_begin(json);
	for (size_t i = 0; i < sarif->list->n; i++) {
		json_object_begin(json);
		json_key(json, "location");
		json_object_begin(json);
		put_uri(sarif, sarif->list->items[i].path);
		json_object_end(json);
		json_key(json, "roles");
		json_array_begin(json);
		json_text(json, BYTES("analysisTarget"));
		json_array_end(json);
		json_key(json, "description");
		json_object_begin(json);
		json_key(json, "text");
		json_text(json, sarif->list->items[i].name);
		json_object_end(json);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_notification(struct sarif *sarif, const struct judged *judged, struct bytes text)
{
	struct json *json = &sarif->json;

	json_object_begin(json);
	json_key_text(json, "level", "error");
	put_text(sarif, "message", text);
	put_locations(sarif, judged->path, NULL);
	json_object_end(json);
}

static void put_invocation(struct sarif *sarif)
{
	struct json *json = &sarif->json;

	json_key(json, "invocations");
	json_array_begin(json);
	json_object_begin(json);
	json_key(json, "executionSuccessful");
	json_bool(json, !sarif->list->partial);
	json_key(json, "toolExecutionNotifications");
	json_array_begin(json);
	for (size_t i = 0; i < sarif->list->n; i++) {
		const struct judged *judged = &sarif->list->items[i];

		if (judged->findings.error.data)
			put_notification(sarif, judged, judged->findings.error);
		for (size_t k = 0; k < judged->findings.problems.n; k++)
			put_notification(sarif, judged, judged->findings.problems.items[k]);
	}
	json_array_end(json);
	json_object_end(json);
	json_array_end(json);
}

void report_sarif(const struct judged_list *list, struct out *out)
{
	struct sarif sarif = { .list = list };
	struct json *json = &sarif.json;

	out_init(&sarif.text, -1);
	json_init(json, out, JSON_INDENTED);
	json_object_begin(json);
	json_key_text(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	json_key_text(json, "version", "2.1.0");
	json_key(json, "runs");
	json_array_begin(json);
	json_object_begin(json);
	put_tool(&sarif);
	json_key(json, "automationDetails");
	json_object_begin(json);
	out_clear(&sarif.text);
	out_printf(&sarif.text, "coldcase/%s/", list->command);
	json_key(json, "id");
	json_text(json, out_held(&sarif.text));
	json_object_end(json);
	put_invocation(&sarif);
	put_artifacts(&sarif);
	put_results(&sarif);
	json_object_end(json);
	json_array_end(json);
	json_object_end(json);
	out_char(out, '\n');
	out_deinit(&sarif.text);
}
