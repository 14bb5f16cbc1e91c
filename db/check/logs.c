#define PCRE2_CODE_UNIT_WIDTH 8
#include "db/check/logs.h"

#include <pcre2.h>
#include <stdlib.h>

#include "db/check/builtin.h"
#include "decoders/model/leaves/log.h"

enum {
	MATCH_STEPS = 100000,  /* of PCRE2, for a line and a pattern */
	LONGEST_LINE = 4096,   /* bytes of a line that are looked at */
	MOST_LINES = 20000,    /* errors and warnings that are looked at */
};

struct logs {
	struct checkpoint *checkpoint;
	const struct ruleset *rules;
	struct hits *hits;
	pcre2_code **codes; /* of log_patterns; NULL: not compiled yet */
	pcre2_match_context *context;
	pcre2_match_data *match;
	size_t looked_at;
};

/* One log on its way. */
struct log {
	uint32_t member;
	const struct log_line *cause;        /* the first error that is known */
	const struct log_pattern *pattern;   /* by this one */
	const struct log_line *first;        /* the first error that is not known, and no noise */
	const struct log_line *end;          /* "Dumping FAILED." and the like */
	bool is_restore, succeeded, is_talkative; /* it would have said that it succeeded */
};

/* --- patterns ------------------------------------------------------------------------------------ */

static struct bytes source_name(const struct log_line *line)
{
	struct bytes file = bytes_first(line->source, bytes_find(line->source, ':'));

	return bytes_basename(file);
}

static bool matches(struct logs *logs, size_t i, struct bytes text)
{
	const struct log_pattern *pattern = &log_patterns[i];
	int code = 0;
	PCRE2_SIZE at = 0;

	if (!logs->codes[i])
		logs->codes[i] = pcre2_compile((PCRE2_SPTR)pattern->pattern, PCRE2_ZERO_TERMINATED,
					       PCRE2_NEVER_UTF, &code, &at, NULL);
	return logs->codes[i] && pcre2_match(logs->codes[i], text.data, text.len, 0, 0, logs->match,
					     logs->context) > 0;
}

/* The pattern that knows the line; NULL where none does. */
static const struct log_pattern *find_pattern(struct logs *logs, const struct log_line *line)
{
	struct bytes text = bytes_first(line->message, LONGEST_LINE), file = source_name(line);

	for (size_t i = 0; i < n_log_patterns; i++) {
		const struct log_pattern *pattern = &log_patterns[i];

		if (strcmp(pattern->file, "*") != 0 && !bytes_equal(file, bytes_of(pattern->file)))
			continue;
		if (matches(logs, i, text))
			return pattern;
	}
	return NULL;
}

static bool is_noise(const struct log_pattern *pattern)
{
	return pattern->rule[0] == '-' && !pattern->rule[1];
}

/* --- hits ------------------------------------------------------------------------------------------- */

/* What named groups of the pattern matched. The match data are those of the last match. */
static void take_groups(struct logs *logs, const struct log_pattern *pattern, const struct log_line *line,
			struct hit *hit)
{
	const pcre2_code *code = logs->codes[pattern - log_patterns];
	const PCRE2_SIZE *at;
	uint32_t n = 0, size = 0;
	PCRE2_SPTR names = NULL;

	if (!matches(logs, (size_t)(pattern - log_patterns), bytes_first(line->message, LONGEST_LINE)))
		return;
	at = pcre2_get_ovector_pointer(logs->match);
	pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &n);
	pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &names);
	for (uint32_t i = 0; i < n; i++, names += size) {
		size_t group = (size_t)names[0] << 8 | names[1];
		struct evidence *evidence;

		if (at[2 * group] == PCRE2_UNSET)
			continue;
		evidence = vec_push(logs->hits->arena, &hit->evidence);
		evidence->name = arena_text(logs->hits->arena, bytes_of((const char *)names + 2));
		evidence->value = value_text(arena_copy(
			logs->hits->arena, (struct bytes){ line->message.data + at[2 * group],
							   at[2 * group + 1] - at[2 * group] }));
	}
}

static struct bytes file_name(const struct logs *logs, const struct log_line *line)
{
	return logs->checkpoint->source.members.items[line->origin.member].name;
}

/* The same words in a second copy of the log, or again, are the same hit. */
static void add(struct logs *logs, const char *id, const struct log_pattern *pattern,
		const struct log_line *line, int severity)
{
	const struct rule *rule = ruleset_find(logs->rules, bytes_of(id));
	struct bytes name = arena_copy(logs->hits->arena, file_name(logs, line));
	struct hit *hit;

	if (!rule)
		return;
	hits_of(logs->hits, rule);
	hit = hits_add(logs->hits, NO_BYTES);
	hit->severity = severity;
	hit->subject = bytes_of(arena_printf(logs->hits->arena, "%.*s line %u", BYTES_FMT(name), line->line));
	hit->message = arena_copy(logs->hits->arena, bytes_first(line->message, LONGEST_LINE));
	hit->image = name;
	hit->offset = line->origin.offset;
	if (line->pid != ABSENT_U32)
		hit->pid = line->pid;
	if (pattern)
		take_groups(logs, pattern, line, hit);
}

static bool is_told(const struct logs *logs, const char *id)
{
	for (size_t i = 0; i < logs->hits->rules.n; i++) {
		const struct rule_hits *of = &logs->hits->rules.items[i];

		if (of->n && logs->hits->hits.items[of->first].message.data &&
		    bytes_equal(of->rule->id, bytes_of(id)))
			return true;
	}
	return false;
}

/* --- one log ---------------------------------------------------------------------------------------- */

static bool is_level(const struct log_line *line, const char *level)
{
	return line->level && !strcmp(line->level, level);
}

static bool begins(const struct log_line *line, const char *text)
{
	return bytes_start_with(line->message, bytes_of(text));
}

static bool is_end(const struct log_line *line)
{
	return begins(line, "Dumping FAILED.") || begins(line, "Pre-dumping FAILED.") ||
	       begins(line, "Restoring FAILED.");
}

static bool is_success(const struct log_line *line)
{
	return begins(line, "Dumping finished successfully") ||
	       begins(line, "Pre-dumping finished successfully") ||
	       begins(line, "Restore finished successfully");
}

/* Consequences are told once, and as notes; a warning weighs what its rule does. */
static void take_line(struct logs *logs, struct log *log, const struct log_line *line)
{
	const struct log_pattern *pattern;

	if (is_end(line))
		log->end = line;
	log->is_restore = log->is_restore || begins(line, "Restoring FAILED.");
	log->succeeded = log->succeeded || is_success(line);
	log->is_talkative = log->is_talkative || (!line->level && line->time.data);
	if (!line->level || is_end(line) || logs->looked_at++ >= MOST_LINES)
		return;
	pattern = find_pattern(logs, line);
	if (pattern && is_noise(pattern))
		return;
	if (is_level(line, "warning")) {
		if (pattern && !is_told(logs, pattern->rule))
			add(logs, pattern->rule, pattern, line, CHOICE_USUAL);
		return;
	}
	if (!pattern) {
		log->first = log->first ? log->first : line;
		return;
	}
	if (!log->cause) {
		log->cause = line;
		log->pattern = pattern;
	} else if (strcmp(pattern->rule, log->pattern->rule) != 0 && !is_told(logs, pattern->rule)) {
		add(logs, pattern->rule, pattern, line, SEVERITY_NOTE);
	}
}

/* A full disk cuts the log short as well: then it ends without a word. */
static bool has_failed(const struct log *log)
{
	return log->end || (!log->succeeded && log->is_talkative && (log->cause || log->first));
}

static int cause_severity(const struct logs *logs, const struct log *log, const char *id)
{
	const struct rule *rule = ruleset_find(logs->rules, bytes_of(id));

	if (!has_failed(log))
		return rule && rule->severity > SEVERITY_WARNING ? (int)rule->severity : SEVERITY_WARNING;
	if (log->is_restore)
		return rule && rule->severity < SEVERITY_ERROR ? (int)rule->severity : SEVERITY_ERROR;
	return SEVERITY_BLOCKER;
}

/* The cause, or where nothing is known the first error. */
static void end_log(struct logs *logs, const struct log *log)
{
	const struct log_line *line = log->cause ? log->cause : log->first ? log->first : log->end;
	const char *id = log->cause ? log->pattern->rule : "log-error";

	if (line && !is_told(logs, id))
		add(logs, id, log->pattern, line, cause_severity(logs, log, id));
	if (!has_failed(log))
		return;
	for (size_t i = 0; i < logs->hits->hits.n; i++) { /* the cause says it better */
		struct hit *hit = &logs->hits->hits.items[i];

		if (bytes_equal(hit->rule->id, BYTES("img-dump-failed")) ||
		    bytes_equal(hit->rule->id, BYTES("img-inventory-missing")))
			hit->hidden = true;
	}
}

static void take_lines(struct logs *logs, const struct leaf_rows *rows)
{
	const struct log_line *lines = rows->items;
	struct log log = { .member = NO_ROW };

	for (size_t i = 0; i < rows->n; i++) {
		if (lines[i].origin.member != log.member) {
			if (log.member != NO_ROW)
				end_log(logs, &log);
			log = (struct log){ .member = lines[i].origin.member };
		}
		take_line(logs, &log, &lines[i]);
	}
	if (log.member != NO_ROW)
		end_log(logs, &log);
	if (logs->looked_at > MOST_LINES)
		problems_add(&logs->checkpoint->problems,
			     error_new(ERROR_LIMIT, "only the first %d errors and warnings of the logs were "
						    "looked at", MOST_LINES));
}

void logs_run(struct checkpoint *checkpoint, const struct ruleset *rules, struct hits *hits)
{
	struct logs logs = { .checkpoint = checkpoint, .rules = rules, .hits = hits };
	struct leaf_rows rows;

	checkpoint_need_leaf(checkpoint, &leaf_log);
	rows = checkpoint_leaf(checkpoint, &leaf_log);
	if (rows.n == 0)
		return;
	logs.codes = calloc(n_log_patterns, sizeof(*logs.codes));
	logs.context = pcre2_match_context_create(NULL);
	logs.match = pcre2_match_data_create(16, NULL);
	if (!logs.codes || !logs.context || !logs.match)
		out_of_memory();
	pcre2_set_match_limit(logs.context, MATCH_STEPS);
	take_lines(&logs, &rows);
	for (size_t i = 0; i < n_log_patterns; i++)
		pcre2_code_free(logs.codes[i]);
	free(logs.codes);
	pcre2_match_context_free(logs.context);
	pcre2_match_data_free(logs.match);
}
