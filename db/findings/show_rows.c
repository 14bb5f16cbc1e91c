/* Findings as JSON and as CSV. */
#include "decoders/base/size.h"
#include "db/findings/show.h"

enum { N_KEYS = 12 };

static const char *const csv_names[] = {
	"checkpoint", "rule",  "severity", "category", "subject",  "message", "pid",
	"fd",	      "image", "entry",	   "offset",   "evidence", "fix",
};
_Static_assert(ARRAY_SIZE(csv_names) == N_KEYS + 1, "the checkpoint, and what a finding has");

static struct value number_or_null(uint64_t number, uint64_t absent)
{
	return number == absent ? (struct value){ .type = VALUE_NULL }
				: value_number(VALUE_UINT, number);
}

/* All but the evidence, which is no single value. */
static void values_of(const struct finding *finding, struct value ret[N_KEYS])
{
	const struct value values[N_KEYS] = {
		value_text(finding->rule),
		value_text(bytes_of(severities[finding->severity].name)),
		value_text(finding->category),
		value_text(finding->subject),
		value_text(finding->message),
		number_or_null(finding->pid, ABSENT_U32),
		number_or_null(finding->fd, ABSENT_U32),
		value_text(finding->image),
		number_or_null(finding->entry, ABSENT_U32),
		number_or_null(finding->offset, ABSENT_U64),
		{ .type = VALUE_NULL },
		value_text(finding->fix),
	};

	memcpy(ret, values, sizeof(values));
}

enum { EVIDENCE = 10 }; /* its place in there */

/* --- JSON ---------------------------------------------------------------------------------------------- */

static void put_evidence(const struct finding *finding, struct json *json)
{
	json_object_begin(json);
	for (size_t i = 0; i < finding->evidence.n; i++) {
		json_key_bytes(json, bytes_of(finding->evidence.items[i].name));
		render_value_json(&finding->evidence.items[i].value, json);
	}
	json_object_end(json);
}

static void put_keys(const struct finding *finding, struct json *json)
{
	struct value values[N_KEYS];

	values_of(finding, values);
	for (size_t i = 0; i < N_KEYS; i++) {
		json_key(json, csv_names[i + 1]);
		if (i == EVIDENCE)
			put_evidence(finding, json);
		else
			render_value_json(&values[i], json);
	}
}

static void put_summary(const struct findings *findings, struct json *json)
{
	json_key(json, "summary");
	json_object_begin(json);
	for (size_t i = 0; i < N_SEVERITIES; i++)
		json_key_u64(json, severities[i].name, findings->count[i]);
	json_object_end(json);
}

static void put_omitted(const struct findings *findings, struct json *json)
{
	json_key(json, "omitted");
	json_object_begin(json);
	for (size_t i = 0; i < findings->rules.n; i++) {
		const struct rule_count *count = &findings->rules.items[i];

		if (count->found == count->kept)
			continue;
		json_key_bytes(json, count->rule);
		json_u64(json, count->found - count->kept);
	}
	json_object_end(json);
}

static void put_finding(const struct finding *finding, struct json *json)
{
	json_object_begin(json);
	put_keys(finding, json);
	json_object_end(json);
}

static void put_suppressed(const struct findings *findings, struct json *json)
{
	json_key(json, "suppressed");
	json_array_begin(json);
	for (size_t i = 0; i < findings->suppressed.n; i++) {
		const struct suppressed *suppressed = &findings->suppressed.items[i];

		json_object_begin(json);
		put_keys(&suppressed->finding, json);
		json_key(json, "reason");
		json_text(json, suppressed->reason);
		json_key_text(json, "by", suppressed->in_baseline ? "baseline" : "ignore");
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_problems(const struct findings *findings, struct json *json)
{
	json_key(json, "problems");
	json_array_begin(json);
	for (size_t i = 0; i < findings->problems.n; i++)
		json_text(json, findings->problems.items[i]);
	json_array_end(json);
	json_key_u64(json, "problems_omitted", findings->n_problems - findings->problems.n);
}

void findings_show_json(const struct findings *findings, struct bytes checkpoint, struct json *json)
{
	json_object_begin(json);
	json_key_text(json, "schema", FINDINGS_SCHEMA);
	json_key_text(json, "schema_version", FINDINGS_SCHEMA_VERSION);
	json_key(json, "checkpoint");
	json_text(json, checkpoint);
	json_key(json, "findings");
	json_array_begin(json);
	for (size_t i = 0; i < findings->list.n; i++)
		put_finding(&findings->list.items[i], json);
	json_array_end(json);
	put_summary(findings, json);
	put_omitted(findings, json);
	put_suppressed(findings, json);
	put_problems(findings, json);
	json_key(json, "error");
	if (findings->error.data)
		json_text(json, findings->error);
	else
		json_null(json);
	json_object_end(json);
}

void findings_show_jsonl(const struct findings *findings, struct bytes checkpoint, struct out *out)
{
	struct json json;

	for (size_t i = 0; i < findings->list.n; i++) {
		json_init(&json, out, JSON_ONE_LINE);
		json_object_begin(&json);
		json_key(&json, csv_names[0]);
		json_text(&json, checkpoint);
		put_keys(&findings->list.items[i], &json);
		json_object_end(&json);
		out_char(out, '\n');
	}
}

/* --- CSV ----------------------------------------------------------------------------------------------- */

void findings_csv_begin(struct out *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(csv_names); i++)
		out_printf(out, "%s%s", i ? "," : "", csv_names[i]);
	out_text(out, "\r\n");
}

/* JSON in a cell, as lists are (db/tables/render_csv.c): it is escaped already. */
static void put_evidence_cell(const struct finding *finding, struct out *cell, struct out *out)
{
	struct json json;
	struct bytes text;

	if (finding->evidence.n == 0)
		return;
	out_clear(cell);
	json_init(&json, cell, JSON_ONE_LINE);
	put_evidence(finding, &json);
	text = out_held(cell);
	out_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			out_char(out, '"');
		out_char(out, (char)text.data[i]);
	}
	out_char(out, '"');
}

void findings_show_csv(const struct findings *findings, struct bytes checkpoint, struct out *out)
{
	struct value name = value_text(checkpoint), values[N_KEYS];
	struct out cell;

	out_init(&cell, -1);
	for (size_t k = 0; k < findings->list.n; k++) {
		const struct finding *finding = &findings->list.items[k];

		values_of(finding, values);
		render_value_csv(&name, &cell, out);
		for (size_t i = 0; i < N_KEYS; i++) {
			out_char(out, ',');
			if (i == EVIDENCE)
				put_evidence_cell(finding, &cell, out);
			else
				render_value_csv(&values[i], &cell, out);
		}
		out_text(out, "\r\n");
	}
	out_deinit(&cell);
}
