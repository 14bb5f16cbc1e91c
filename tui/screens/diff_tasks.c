/* Which tasks are new, gone, and the same, and what became of their pages. */
#include "tui/screens/diff.h"

#include <unistd.h>

#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "tui/widgets/arranged_list.h"

enum { NAP = 2000 /* microseconds */ };

struct task {
	uint32_t before, after; /* rows of process; NO_ROW */
	struct page_tally tally;
};

struct state {
	struct arranged_list shown; /* first */
	struct tui *tui;
	struct comparing *comparing;
	const struct comparison *comparison;
	struct arena arena, line;
	struct task *tasks; /* those of after, then those that are gone */
	size_t n;
	uint32_t *gone;     /* by row of process before, which of .tasks */
	size_t n_summed;    /* regions that are in the tallies */
	bool hides_same;
};

/* --- what is known of them ----------------------------------------------------------------------------- */

static void find_tasks(struct state *state)
{
	const struct comparison *comparison = state->comparison;
	size_t n_before = comparison->before->processes.n, n_after = comparison->after->processes.n;

	state->tasks = arena_zalloc(&state->arena, (n_before + n_after + 1) * sizeof(*state->tasks));
	state->gone = arena_zalloc(&state->arena, (n_before + 1) * sizeof(*state->gone));
	for (uint32_t row = 0; row < n_after; row++)
		state->tasks[state->n++] = (struct task){ .before = comparison->pairs.before_of[row], .after = row };
	for (uint32_t row = 0; row < n_before; row++)
		if (comparison->pairs.after_of[row] == NO_ROW) {
			state->gone[row] = (uint32_t)state->n;
			state->tasks[state->n++] = (struct task){ .before = row, .after = NO_ROW };
		}
}

/* Mappings that have been compared since the last time. */
static void sum_regions(struct state *state)
{
	size_t n = comparing_n_regions(state->comparing);

	for (; state->n_summed < n; state->n_summed++) {
		struct memory_region region = comparing_region(state->comparing, state->n_summed);
		struct task *task = &state->tasks[region.process_after != NO_ROW ? region.process_after
										 : state->gone[region.process_before]];

		for (int i = 0; i < N_PAGE_CHANGES; i++)
			task->tally.pages[i] += region.tally.pages[i];
	}
}

static const struct process *process_of(const struct state *state, const struct task *task, bool is_before)
{
	uint32_t row = is_before ? task->before : task->after;
	const struct checkpoint *checkpoint = is_before ? state->comparison->before : state->comparison->after;

	return row == NO_ROW ? NULL : &checkpoint->processes.items[row];
}

/* Of one that is in both whether anything in its memory is other. */
static const char *sign_of(const struct task *task, enum look *look)
{
	enum row_change change = task->after == NO_ROW ? ROW_REMOVED
				 : task->before == NO_ROW ? ROW_ADDED
							  : ROW_CHANGED;

	*look = LOOK_PLAIN;
	if (change == ROW_CHANGED && !tally_differing(&task->tally))
		return "=";
	*look = change_look(change);
	return change_sign(change);
}

/* --- as a list ----------------------------------------------------------------------------------------- */

enum { COLUMN_SIGN, COLUMN_PID, COLUMN_WAS, COLUMN_GONE, COLUMN_NEW, COLUMN_CHANGED, COLUMN_SAME, COLUMN_COMMAND };
static const char *const headings[] = { "", "pid", "was", "pages gone", "new", "changed", "same", "command" };

static size_t model_count(void *context)
{
	return ((struct state *)context)->n;
}

static bool model_is_number(void *context, size_t column)
{
	(void)context;
	return column != COLUMN_SIGN && column != COLUMN_COMMAND;
}

static void put_command(struct state *state, const struct task *task, struct out *out)
{
	const struct process *after = process_of(state, task, false);

	if (after)
		render_process(state->comparison->after, after, state->tui->reveal, &state->line, out);
	else
		render_process(state->comparison->before, process_of(state, task, true), state->tui->reveal,
			       &state->line, out);
	arena_reset(&state->line);
}

/* A pid that is another one now is told in a column of its own. */
static void put_pids(struct state *state, const struct task *task, bool was, struct out *out, enum look *look)
{
	const struct process *before = process_of(state, task, true), *after = process_of(state, task, false);

	if (!was)
		out_u64(out, after ? after->pid : before->pid);
	else if (before && after && before->pid != after->pid)
		out_u64(out, before->pid);
	else
		out_char(out, '.');
	if (was)
		*look = LOOK_DIM;
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	struct state *state = context;
	const struct task *task = &state->tasks[row];

	switch (column) {
	case COLUMN_SIGN:
		out_text(out, sign_of(task, look));
		break;
	case COLUMN_PID:
	case COLUMN_WAS:
		put_pids(state, task, column == COLUMN_WAS, out, look);
		break;
	case COLUMN_GONE:
		put_change_count(ROW_REMOVED, task->tally.pages[PAGES_GONE], out, look);
		break;
	case COLUMN_NEW:
		put_change_count(ROW_ADDED, task->tally.pages[PAGES_NEW], out, look);
		break;
	case COLUMN_CHANGED:
		put_change_count(ROW_CHANGED, task->tally.pages[PAGES_CHANGED], out, look);
		break;
	case COLUMN_SAME:
		out_u64(out, task->tally.pages[PAGES_SAME]);
		break;
	default:
		put_command(state, task, out);
	}
}

static bool model_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	struct state *state = context;
	const struct task *task = &state->tasks[row];
	const struct process *before = process_of(state, task, true), *after = process_of(state, task, false);
	static const enum page_change changes[] = { [COLUMN_GONE] = PAGES_GONE, [COLUMN_NEW] = PAGES_NEW,
						    [COLUMN_CHANGED] = PAGES_CHANGED, [COLUMN_SAME] = PAGES_SAME };

	(void)arena;
	if (column >= COLUMN_GONE && column <= COLUMN_SAME) {
		*ret = value_number(VALUE_UINT, task->tally.pages[changes[column]]);
	} else if (column == COLUMN_PID) {
		*ret = value_number(VALUE_UINT, after ? after->pid : before->pid);
	} else if (column == COLUMN_WAS) {
		*ret = before ? value_number(VALUE_UINT, before->pid) : (struct value){ .type = VALUE_NULL };
	} else {
		return false;
	}
	return true;
}

static bool hides(void *context, size_t row)
{
	struct state *state = context;
	const struct task *task = &state->tasks[row];

	return state->hides_same && task->before != NO_ROW && task->after != NO_ROW && !tally_differing(&task->tally);
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.is_number = model_is_number,
	.cell = model_cell,
};

/* --- the screen ---------------------------------------------------------------------------------------- */

static struct error *open_tasks(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	const struct comparing *comparing = NULL;
	struct error *error = diff_ready(view, &comparing);

	(void)link;
	if (error)
		return error;
	state->tui = view->tui;
	state->comparing = view->tui->comparing;
	state->comparison = comparing_comparison(comparing);
	arena_init(&state->arena);
	arena_init(&state->line);
	find_tasks(state);
	sum_regions(state);
	arranged_init(&state->shown.arranged, &state->shown.list, &model, state);
	state->shown.arranged.value = model_value;
	state->shown.arranged.hides = hides;
	return NULL;
}

static void close_tasks(struct view *view)
{
	struct state *state = view->state;

	arranged_deinit(&state->shown.arranged);
	arena_deinit(&state->line);
	arena_deinit(&state->arena);
}

static bool work(struct view *view, uint64_t deadline)
{
	struct state *state = view->state;
	bool more = comparing_look(state->comparing) != COMPARING_OVER;
	size_t n_summed = state->n_summed;

	(void)deadline;
	sum_regions(state);
	if (state->n_summed != n_summed && state->shown.arranged.rows)
		order_again(&state->shown.arranged.order);
	if (more)
		usleep(NAP);
	return more;
}

static void title(struct view *view, struct out *out)
{
	(void)view;
	out_text(out, "tasks compared");
}

static const struct task *selected(struct view *view)
{
	struct state *state = view->state;
	size_t row = arranged_selected(&state->shown.arranged);

	return row == SIZE_MAX ? NULL : &state->tasks[row];
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;
	const struct task *task = selected(view);
	struct link link;

	switch (action) {
	case ACTION_HIDE:
		state->hides_same = !state->hides_same;
		order_again(&state->shown.arranged.order);
		return true;
	case ACTION_RECORD:
		if (!task)
			return true;
		link = link_to_task(state->comparison, task->before, task->after);
		tui_open(view->tui, &link);
		return true;
	default:
		return false;
	}
}

/* Its mappings, compared. */
static bool follow(struct view *view, struct link *ret)
{
	const struct task *task = selected(view);

	*ret = LINK_TO(&screen_diff_maps);
	if (!task)
		return false;
	ret->row = task->after == NO_ROW ? task->before : task->after;
	ret->number = task->after == NO_ROW;
	return true;
}

static void where(struct view *view, struct out *out)
{
	struct state *state = view->state;
	const struct task *task = selected(view);

	if (!task)
		return;
	if (task->before != NO_ROW)
		put_origin(state->comparison->before, &process_of(state, task, true)->origin, out);
	if (task->before != NO_ROW && task->after != NO_ROW)
		out_text(out, glyph_text(GLYPH_ARROW, !out->utf8));
	if (task->after != NO_ROW)
		put_origin(state->comparison->after, &process_of(state, task, false)->origin, out);
}

static void command(struct view *view, struct out *out)
{
	put_diff_command(view, "process,memory", out);
}

static uint32_t process(struct view *view)
{
	const struct task *task = selected(view);

	return task ? task->after : NO_ROW;
}

const struct screen screen_diff_tasks = {
	.name = "diff-tasks",
	.help = "tasks before and after: new, gone, in both",
	.keys = KEYS_LIST | KEYS_ORDER | KEYS_COLUMNS | KEYS_DIFF,
	.state_size = sizeof(struct state),
	.open = open_tasks,
	.close = close_tasks,
	.title = title,
	.draw = arranged_list_draw,
	.act = act,
	.list = arranged_list_of,
	.order = arranged_list_order,
	.follow = follow,
	.where = where,
	.command = command,
	.process = process,
	.work = work,
};
