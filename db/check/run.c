/* The rules that are SQL, one after the other. */
#include "db/check/run.h"

#include "db/tables/render.h"
#include "decoders/base/size.h"

enum { LONGEST_LISTED = 4096 }; /* bytes of a subject, group or piece of evidence that are kept */

/* Where the columns are that have a meaning. */
struct places {
	size_t subject, pid, fd, image, entry, offset, archive_offset, severity;
};

struct run {
	struct statement *statement;
	const struct rule *rule;
	struct hits *hits;
	struct places at;
	struct arena row; /* of the row at hand */
};

/* --- one row ------------------------------------------------------------------------------------------ */

static void value_of(struct run *run, size_t column, struct value *ret)
{
	*ret = (struct value){ .type = VALUE_NULL };
	if (column != SIZE_MAX)
		statement_value(run->statement, column, &run->row, ret);
}

static uint64_t number_of(struct run *run, size_t column, uint64_t absent)
{
	struct value value;

	value_of(run, column, &value);
	if (value.type == VALUE_INT)
		return (uint64_t)value.integer;
	return value.type == VALUE_UINT || value.type == VALUE_HEX ? value.number : absent;
}

/* A text that outlives the row. */
static struct bytes kept_text(struct run *run, struct bytes text)
{
	return arena_copy(run->hits->arena, bytes_first(text, LONGEST_LISTED));
}

static struct bytes text_of(struct run *run, size_t column)
{
	struct value value;
	struct out out;
	struct bytes text;

	value_of(run, column, &value);
	if (value.type == VALUE_NULL)
		return NO_BYTES;
	if (value.type == VALUE_TEXT)
		return kept_text(run, value.text);
	out_init(&out, -1);
	render_value(&value, &out);
	text = kept_text(run, out_held(&out));
	out_deinit(&out);
	return text;
}

/* Lists and texts point into the row. */
static void keep(struct run *run, struct value *value)
{
	if (value->type == VALUE_TEXT)
		value->text = kept_text(run, value->text);
	else if (value->type == VALUE_STRINGS)
		value->text = arena_copy(run->hits->arena, value->text);
	else if (value->type == VALUE_NUMBERS)
		value->numbers.items = (const uint32_t *)(const void *)arena_copy(
			run->hits->arena,
			(struct bytes){ (const uint8_t *)value->numbers.items,
					value->numbers.n * sizeof(uint32_t) }).data;
	value->secrets = NULL;
	value->n_secrets = 0;
}

static bool has_a_meaning(const struct places *at, size_t i)
{
	return i == at->subject || i == at->pid || i == at->fd || i == at->image || i == at->entry ||
	       i == at->offset || i == at->archive_offset || i == at->severity;
}

static void take_evidence(struct run *run, struct hit *hit)
{
	for (size_t i = 0; i < statement_columns(run->statement); i++) {
		struct evidence *evidence;

		if (has_a_meaning(&run->at, i))
			continue;
		evidence = vec_push(run->hits->arena, &hit->evidence);
		evidence->name = arena_text(run->hits->arena, bytes_of(statement_name(run->statement, i)));
		value_of(run, i, &evidence->value);
		keep(run, &evidence->value);
	}
}

static bool groups_all(const struct rule *rule)
{
	return bytes_equal(rule->group, BYTES("all"));
}

/* What rows of one finding have in common; absent where each is one of its own. */
static struct bytes group_of(struct run *run)
{
	struct bytes columns = run->rule->group, column, group;
	struct out out;

	if (!columns.data || groups_all(run->rule))
		return columns;
	out_init(&out, -1);
	while (word_next(&columns, &column)) {
		char *name = arena_text(&run->row, column);

		out_bytes(&out, text_of(run, statement_column(run->statement, name)));
		out_char(&out, '\0');
	}
	group = arena_copy(run->hits->arena, out_held(&out));
	out_deinit(&out);
	return group;
}

/* "process 7", "process 7, /bin/x", "no process", "/vol", "ns_id 13" */
static struct bytes about(struct run *run)
{
	struct bytes columns = run->rule->group, column, text;
	struct out out;

	if (!columns.data || groups_all(run->rule))
		return NO_BYTES;
	out_init(&out, -1);
	while (word_next(&columns, &column)) {
		char *name = arena_text(&run->row, column);
		size_t at = statement_column(run->statement, name);
		struct value value;

		value_of(run, at, &value);
		out_text(&out, out.len ? ", " : "");
		if (bytes_equal(column, BYTES("pid")))
			out_text(&out, value.type == VALUE_NULL ? "no process" : "process ");
		else if (value.type != VALUE_TEXT) /* a number alone says nothing */
			out_printf(&out, "%s ", name);
		out_bytes(&out, text_of(run, at));
	}
	text = arena_copy(run->hits->arena, out_held(&out));
	out_deinit(&out);
	return text;
}

static void take_first(struct run *run, struct hit *hit)
{
	struct value severity;

	hit->subject = text_of(run, run->at.subject);
	hit->about = about(run);
	hit->pid = (uint32_t)number_of(run, run->at.pid, ABSENT_U32);
	hit->fd = (uint32_t)number_of(run, run->at.fd, ABSENT_U32);
	hit->image = text_of(run, run->at.image);
	hit->entry = (uint32_t)number_of(run, run->at.entry, ABSENT_U32);
	hit->offset = number_of(run, run->at.offset, ABSENT_U64);
	value_of(run, run->at.severity, &severity);
	for (int i = 0; severity.type == VALUE_TEXT && i < N_SEVERITIES; i++)
		if (bytes_equal(severity.text, bytes_of(severities[i].name)))
			hit->severity = i;
	take_evidence(run, hit);
}

static void take_row(struct run *run)
{
	struct bytes group = group_of(run);
	struct hit *hit = hits_add(run->hits, group);

	if (hit && hit->n == 1)
		take_first(run, hit);
	if (hit && hit->list.n <= MOST_LISTED)
		hit_list(run->hits, hit, text_of(run, run->at.subject));
}

/* --- one rule ------------------------------------------------------------------------------------------ */

static struct error *find_places(struct run *run)
{
	const struct {
		const char *name;
		size_t *place;
		bool is_required;
	} wanted[] = {
		{ "subject", &run->at.subject, true },
		{ "pid", &run->at.pid, true },
		{ "fd", &run->at.fd, true },
		{ "src_image", &run->at.image, true },
		{ "src_entry", &run->at.entry, true },
		{ "src_offset", &run->at.offset, true },
		{ "src_archive_offset", &run->at.archive_offset, false },
		{ "severity", &run->at.severity, false },
	};
	struct bytes group = groups_all(run->rule) ? NO_BYTES : run->rule->group, column;

	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		*wanted[i].place = statement_column(run->statement, wanted[i].name);
		if (*wanted[i].place == SIZE_MAX && wanted[i].is_required)
			return error_new(ERROR_USAGE, "its SELECT has no column \"%s\"", wanted[i].name);
	}
	while (word_next(&group, &column)) {
		char *name = arena_text(&run->row, column);

		if (statement_column(run->statement, name) == SIZE_MAX)
			return error_new(ERROR_USAGE, "its SELECT has no column \"%s\" to group by", name);
	}
	return NULL;
}

static struct error *step_all(struct run *run)
{
	struct error *error = find_places(run);
	bool found = false;

	while (!error && !(error = statement_step(run->statement, &found)) && found) {
		take_row(run);
		arena_reset(&run->row);
	}
	return error;
}

/* An error of SQL, told as one of this rule; a built-in rule that SQLite refuses is our own fault. */
static struct error *of_rule(struct error *error, const struct rule *rule)
{
	enum error_kind kind = error->kind;
	struct error *told;

	if (kind == ERROR_USAGE && rule->is_builtin)
		kind = ERROR_INTERNAL;
	told = error_new(kind, "rule %.*s: %s", BYTES_FMT(rule->id), error->message);
	error_free(error);
	return rule->is_builtin ? told : error_in_source(told, rule->file);
}

struct error *run_rule(struct database *database, const struct rule *rule, struct hits *hits)
{
	struct run run = { .rule = rule, .hits = hits };
	struct error *error;

	arena_init(&run.row);
	hits_of(hits, rule);
	error = statement_prepare(database, rule->sql, &run.statement);
	if (!error) {
		error = step_all(&run);
		statement_free(run.statement);
	}
	arena_deinit(&run.row);
	return error ? of_rule(error, rule) : NULL;
}
