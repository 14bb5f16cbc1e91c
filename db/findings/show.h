/*
 * Findings, shown. The list is sorted before (findings_sort); each form walks it as it is.
 */
#pragma once

#include "db/findings/findings.h"
#include "db/tables/render.h"
#include "decoders/base/json.h"

/*
 * For people: a heading for each rule, beneath it what it found with evidence and place, what to do about it,
 * and at the end how many of each severity. Lines are folded at OUT's width, where it has one.
 */
void findings_show_text(const struct findings *findings, struct out *out);

/* "2 blockers, 1 warning, 3 suppressed" or "nothing found", without a line feed: the last line of the text. */
void findings_show_summary(const struct findings *findings, struct out *out);

/*
 * One object: schema, schema_version, checkpoint (what it is called), findings, summary (how many of each
 * severity, kept or not), omitted (rule and number of those that the bounds left out), suppressed (findings with a
 * reason), and error: why nothing could be looked at, or null. docs/schema/check.schema.json has all of it.
 */
void findings_show_json(const struct findings *findings, struct bytes checkpoint, struct json *json);

/* An object a line, or lines of CSV with a header line; the keys of the findings above behind "checkpoint". */
void findings_show_jsonl(const struct findings *findings, struct bytes checkpoint, struct out *out);
void findings_csv_begin(struct out *out);
void findings_show_csv(const struct findings *findings, struct bytes checkpoint, struct out *out);
