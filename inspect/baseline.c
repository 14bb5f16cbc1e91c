#include "inspect/known.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "decoders/base/escape.h"

enum { DEPTH = 16 }; /* of a report; evidence nests no deeper than a list in it */

/* --- reading -------------------------------------------------------------------------------------------- */

static struct bytes text_of(struct arena *arena, struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value) || !json_object_is_type(value, json_type_string))
		return NO_BYTES;
	return escape_undo(arena, (struct bytes){ (const uint8_t *)json_object_get_string(value),
						  (size_t)json_object_get_string_len(value) });
}

static struct error *take_finding(struct known *known, struct json_object *object, struct bytes checkpoint)
{
	struct known_finding *taken;
	struct arena *arena = &known->arena;
	struct bytes severity = text_of(arena, object, "severity");
	struct finding finding = { .rule = text_of(arena, object, "rule"),
				   .category = text_of(arena, object, "category"),
				   .subject = text_of(arena, object, "subject"),
				   .message = text_of(arena, object, "message"),
				   .pid = ABSENT_U32, .fd = ABSENT_U32, .entry = ABSENT_U32, .offset = ABSENT_U64 };

	if (!finding.rule.len || !severity.data || !severity_named(arena_text(arena, severity), &finding.severity))
		return error_new(ERROR_USAGE, "finding %zu has no rule or no severity", known->baseline.n + 1);
	taken = vec_push(arena, &known->baseline);
	*taken = (struct known_finding){ .finding = finding, .checkpoint = checkpoint,
					 .key = finding_key(arena, &finding) };
	return NULL;
}

/* All of LIST; of what was suppressed only what was so by a baseline. */
static struct error *take_list(struct known *known, struct json_object *list, struct bytes checkpoint,
			       bool are_suppressed)
{
	struct error *error = NULL;

	for (size_t i = 0; !error && i < json_object_array_length(list); i++) {
		struct json_object *finding = json_object_array_get_idx(list, i);

		if (!are_suppressed || bytes_equal(text_of(&known->arena, finding, "by"), BYTES("baseline")))
			error = take_finding(known, finding, checkpoint);
	}
	return error;
}

static struct error *take_report(struct known *known, struct json_object *report)
{
	struct json_object *findings = NULL, *suppressed = NULL;
	struct bytes checkpoint;
	struct error *error;

	if (!bytes_equal(text_of(&known->arena, report, "schema"), bytes_of(FINDINGS_SCHEMA)) ||
	    !json_object_object_get_ex(report, "findings", &findings) ||
	    !json_object_is_type(findings, json_type_array))
		return error_new(ERROR_USAGE, "is no JSON report of check");
	checkpoint = bytes_of(arena_text(&known->arena, text_of(&known->arena, report, "checkpoint")));
	error = take_list(known, findings, checkpoint, false);
	if (!error && json_object_object_get_ex(report, "suppressed", &suppressed) &&
	    json_object_is_type(suppressed, json_type_array))
		error = take_list(known, suppressed, checkpoint, true);
	return error;
}

static struct error *take_document(struct known *known, struct json_object *document)
{
	struct error *error = NULL;

	if (!json_object_is_type(document, json_type_array))
		return take_report(known, document);
	for (size_t i = 0; !error && i < json_object_array_length(document); i++)
		error = take_report(known, json_object_array_get_idx(document, i));
	return error;
}

/* One document and nothing behind it. */
static struct error *parse(struct bytes text, struct json_object **ret)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH);
	struct error *error = NULL;
	struct json_object *root;

	if (!tokener)
		out_of_memory();
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, (const char *)text.data, (int)text.len + 1);
	if (memchr(text.data, '\0', text.len))
		error = error_new(ERROR_USAGE, "not JSON: there is a NUL in it");
	else if (json_tokener_get_error(tokener) != json_tokener_success)
		error = error_at(error_new(ERROR_USAGE, "not JSON: %s",
					   json_tokener_error_desc(json_tokener_get_error(tokener))),
				 NO_ENTRY, json_tokener_get_parse_end(tokener));
	json_tokener_free(tokener);
	if (error)
		json_object_put(root);
	else
		*ret = root;
	return error;
}

static int by_rule_and_key(const void *left, const void *right)
{
	const struct known_finding *a = left, *b = right;
	int order = bytes_compare(a->finding.rule, b->finding.rule);

	return order ? order : bytes_compare(a->key, b->key);
}

static int with_the_gravest_first(const void *left, const void *right)
{
	const struct known_finding *a = left, *b = right;
	int order = by_rule_and_key(a, b);

	return order ? order : (int)a->finding.severity - (int)b->finding.severity;
}

/* Of those with the same key one is left, the gravest. */
static void sort(struct known *known)
{
	struct known_finding *items = known->baseline.items;
	size_t n = 0;

	if (!known->baseline.n)
		return;
	qsort(items, known->baseline.n, sizeof(*items), with_the_gravest_first);
	for (size_t i = 0; i < known->baseline.n; i++)
		if (n == 0 || by_rule_and_key(&items[n - 1], &items[i]) != 0)
			items[n++] = items[i];
	known->baseline.n = n;
}

struct error *known_read_baseline(struct known *known, const char *path)
{
	struct json_object *document = NULL;
	struct bytes text = NO_BYTES;
	struct error *error = known_read_file(&known->arena, path, &text);

	if (error)
		return error;
	error = parse(text, &document);
	if (!error) {
		error = take_document(known, document);
		json_object_put(document);
	}
	known->has_baseline = true;
	sort(known);
	return error ? error_in_source(error, path) : NULL;
}

/* --- looking up ------------------------------------------------------------------------------------------- */

/* The first that is not before WANTED. */
static size_t place_of(const struct known *known, const struct known_finding *wanted)
{
	size_t low = 0, high = known->baseline.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_rule_and_key(&known->baseline.items[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct known_finding *known_find(const struct known *known, const struct finding *finding)
{
	struct known_finding wanted = { .finding = *finding };
	struct arena scratch;
	size_t place;
	bool found;

	arena_init(&scratch);
	wanted.key = finding_key(&scratch, finding);
	place = place_of(known, &wanted);
	found = place < known->baseline.n && by_rule_and_key(&known->baseline.items[place], &wanted) == 0;
	arena_deinit(&scratch);
	return found ? &known->baseline.items[place] : NULL;
}
