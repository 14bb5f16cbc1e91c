/* What the rules say of the checkpoint: "coldcase check" as a list, each finding with its evidence; what is known last. */
#include <stdio.h>
#include <time.h>

#include "db/check/check.h"
#include "db/findings/ignore.h"
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "tui/screens/finding.h"
#include "tui/widgets/arranged_list.h"
#include "tui/widgets/pane.h"

struct state {
	struct arranged_list shown; /* first */
	struct tui *tui;
	struct arena arena;
	struct findings findings;
	bool is_done;
};

enum { COLUMN_SEVERITY, COLUMN_RULE, COLUMN_SUBJECT, COLUMN_MESSAGE };
static const char *const headings[] = { "severity", "rule", "subject", "message" };

static size_t model_count(void *context)
{
	const struct findings *findings = &((struct state *)context)->findings;

	return findings->list.n + findings->suppressed.n;
}

/* What a row is known by; NULL: it is not. */
static const struct suppressed *known_at(const struct findings *findings, size_t row)
{
	return row < findings->list.n ? NULL : &findings->suppressed.items[row - findings->list.n];
}

static const struct finding *finding_at(const struct findings *findings, size_t row)
{
	const struct suppressed *known = known_at(findings, row);

	return known ? &known->finding : &findings->list.items[row];
}

static enum look look_of(enum severity severity)
{
	return severity <= SEVERITY_ERROR ? LOOK_ALARM : severity == SEVERITY_WARNING ? LOOK_WARNING : LOOK_DIM;
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct findings *findings = &((struct state *)context)->findings;
	const struct suppressed *known = known_at(findings, row);
	const struct finding *finding = finding_at(findings, row);

	if (known)
		*look = LOOK_DIM;
	switch (column) {
	case COLUMN_SEVERITY:
		out_text(out, known ? "known" : severities[finding->severity].name);
		*look = known ? LOOK_DIM : look_of(finding->severity);
		break;
	case COLUMN_RULE:
		escape_text(out, finding->rule);
		break;
	case COLUMN_SUBJECT:
		escape_text(out, finding->subject);
		break;
	default:
		if (known) {
			out_char(out, '[');
			escape_text(out, known->reason);
			out_text(out, "] ");
		}
		escape_text(out, finding->message);
	}
}

static bool model_is_tagged(void *context, size_t row)
{
	return known_at(&((struct state *)context)->findings, row) != NULL;
}

/* By how grave it is, and what is known last. */
static bool sort_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	const struct findings *findings = &((struct state *)context)->findings;

	(void)arena;
	*ret = value_number(VALUE_UINT, known_at(findings, row) ? N_SEVERITIES : finding_at(findings, row)->severity);
	return column == COLUMN_SEVERITY;
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.cell = model_cell,
	.is_tagged = model_is_tagged,
};

static struct error *open_findings(struct view *view, const struct link *link)
{
	struct state *state = view->state;

	(void)link;
	state->tui = view->tui;
	arena_init(&state->arena);
	findings_init(&state->findings, &state->arena);
	arranged_init(&state->shown.arranged, &state->shown.list, &model, state);
	state->shown.arranged.value = sort_value;
	return NULL;
}

static void close_findings(struct view *view)
{
	struct state *state = view->state;

	arranged_deinit(&state->shown.arranged);
	arena_deinit(&state->arena);
}

static bool knows(void *context, const struct finding *finding, struct bytes *ret_reason, bool *ret_in_baseline)
{
	*ret_in_baseline = false;
	return ignore_list_knows(context, finding, ret_reason);
}

static void leave_known_out(struct view *view)
{
	struct state *state = view->state;

	if (view->tui->setup->ignored)
		findings_suppress(&state->findings, knows, view->tui->setup->ignored);
	if (state->shown.arranged.rows)
		order_again(&state->shown.arranged.order);
}

/* A line that knew a finding and has expired is told, as check tells it; of several the first. */
static void tell_expired(struct view *view)
{
	const struct ignore_list *ignored = view->tui->setup->ignored;

	for (size_t i = 0; ignored && i < ignored->lines.n; i++) {
		const struct ignored_line *line = &ignored->lines.items[i];

		if (line->is_expired && line->was_used) {
			tui_say(view->tui, "%s: line %u: %s has expired", ignored->path ? ignored->path : IGNORE_FILE,
				line->line, line->says.rule);
			return;
		}
	}
}

/* Behind the first picture, which says that it goes on. */
static bool work(struct view *view, uint64_t deadline)
{
	struct state *state = view->state;
	struct check check = { .profile = PROFILE_SAME_HOST };
	struct ruleset rules;
	struct error *error;

	(void)deadline;
	if (state->is_done)
		return false;
	state->is_done = true;
	error = ruleset_init(&rules);
	if (!error) {
		check.rules = &rules;
		error = check_run(view->checkpoint, &check, &state->findings);
		ruleset_deinit(&rules);
	}
	findings_sort(&state->findings);
	leave_known_out(view);
	tell_expired(view);
	tui_complain(view->tui, error);
	return false;
}

static const struct finding *selected(struct view *view)
{
	struct state *state = view->state;
	size_t row = arranged_selected(&state->shown.arranged);

	return row == SIZE_MAX ? NULL : finding_at(&state->findings, row);
}

static const struct suppressed *selected_known(struct view *view)
{
	struct state *state = view->state;
	size_t row = arranged_selected(&state->shown.arranged);

	return row == SIZE_MAX ? NULL : known_at(&state->findings, row);
}

const struct finding *finding_selected(struct view *view, const struct suppressed **ret_known)
{
	if (view->screen != &screen_findings)
		return NULL;
	*ret_known = selected_known(view);
	return selected(view);
}

/* What is selected is below in full: rows of a list are cut. */
static struct area draw_selected(struct view *view, const struct area *area)
{
	const struct finding *finding = selected(view);
	struct area above;
	struct out text;

	if (!finding)
		return *area;
	out_init(&text, -1);
	escape_text(&text, finding->message);
	out_text(&text, finding->fix.len ? "\nfix: " : "");
	escape_text(&text, finding->fix);
	above = pane_draw(area, 3, out_held(&text));
	out_deinit(&text);
	return above;
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;
	struct area above;

	if (state->is_done) {
		above = draw_selected(view, area);
		arranged_list_draw(view, &above);
	} else {
		area_text(area, 0, 2, LOOK_DIM, "checking ...");
	}
}

/* --- what is known ------------------------------------------------------------------------------------- */

/* A line is good for so long unless another day is typed. */
static void put_expiry(char *text, size_t size)
{
	time_t then = time(NULL) + 90 * 24 * 3600;
	struct tm day;

	gmtime_r(&then, &day);
	strftime(text, size, "%Y-%m-%d", &day);
}

static void ask_reason(struct view *view, const struct finding *finding)
{
	struct prompt *prompt = &view->tui->prompt;
	char expires[16];
	struct out line;

	put_expiry(expires, sizeof(expires));
	out_init(&line, -1);
	ignore_line_put(finding, expires, &line);
	out_char(&line, '\0');
	prompt_begin(prompt, PROMPT_SCREEN, line.buffer);
	prompt->hint = "type the reason, or change the rest; Enter writes the line, Esc does not";
	out_deinit(&line);
}

static void typed(struct view *view, const char *text)
{
	char words[MOST_PROMPT + 8];
	struct ignore_line line;
	struct error *error;

	snprintf(words, sizeof(words), "%s", text);
	error = ignore_line_parse(words, &line);
	if (!error && !line.rule)
		error = error_new(ERROR_USAGE, "no rule");
	if (!error && !view->tui->setup->make_file) {
		tui_offer(view->tui, bytes_of(text)); /* nothing can be written without -o DIR */
		return;
	}
	if (!error)
		error = tui_write_known(view->tui, text);
	if (error) {
		tui_complain(view->tui, error);
		return;
	}
	if (view->tui->setup->ignored)
		error = ignore_list_add(view->tui->setup->ignored, bytes_of(text));
	leave_known_out(view);
	tui_say(view->tui, "written to " IGNORE_FILE ": %s", text);
	tui_complain(view->tui, error);
}

static bool act(struct view *view, enum action action)
{
	const struct finding *finding = selected(view);

	if (action != ACTION_IGNORE)
		return false;
	if (selected_known(view))
		tui_say(view->tui, "known already: %.*s", BYTES_FMT(selected_known(view)->reason));
	else if (finding)
		ask_reason(view, finding);
	return true;
}

/* --- the rest of the screen ------------------------------------------------------------------------------ */

static bool follow(struct view *view, struct link *ret)
{
	*ret = LINK_TO(&screen_finding);
	return selected(view) != NULL;
}

bool finding_origin(struct checkpoint *checkpoint, const struct finding *finding, struct origin *ret)
{
	struct source *source = &checkpoint->source;
	const struct member *member = finding && finding->image.data ? source_find(source, finding->image) : NULL;

	if (!member)
		return false;
	*ret = (struct origin){ .member = source_index(source, member), .entry = finding->entry,
				.offset = finding->offset };
	return true;
}

static bool origin(struct view *view, struct origin *ret)
{
	return finding_origin(view->checkpoint, selected(view), ret);
}

static void status(struct view *view, struct out *out)
{
	struct state *state = view->state;
	size_t omitted = findings_omitted(&state->findings);

	for (int i = 0; i < N_SEVERITIES; i++)
		if (state->findings.count[i])
			out_printf(out, "%zu %s  ", state->findings.count[i],
				   state->findings.count[i] == 1 ? severities[i].name : severities[i].plural);
	if (omitted)
		out_printf(out, "%zu of them not kept  ", omitted);
	if (state->findings.suppressed.n)
		out_printf(out, "%zu known  ", state->findings.suppressed.n);
	order_status(&state->shown.arranged.order, out);
}

static void command(struct view *view, struct out *out)
{
	const struct ignore_list *ignored = view->tui->setup->ignored;

	out_text(out, "check");
	if (ignored && ignored->path && strcmp(ignored->path, IGNORE_FILE) != 0) {
		out_text(out, " --ignore");
		put_path(ignored->path, out);
	}
	put_checkpoint(view, out);
}

static uint32_t process(struct view *view)
{
	const struct finding *finding = selected(view);
	uint32_t row = finding ? map_get(&view->checkpoint->process_by_pid, finding->pid) : MAP_NONE;

	return row == MAP_NONE ? NO_ROW : row;
}

const struct screen screen_findings = {
	.name = "check",
	.help = "what the rules say: what will not restore, and what is odd",
	.keys = KEYS_LIST | KEYS_ORDER | KEYS_FINDINGS,
	.state_size = sizeof(struct state),
	.open = open_findings,
	.close = close_findings,
	.draw = draw,
	.act = act,
	.typed = typed,
	.list = arranged_list_of,
	.order = arranged_list_order,
	.follow = follow,
	.origin = origin,
	.status = status,
	.command = command,
	.process = process,
	.work = work,
};
