/* Two checkpoints: what changed, in each table, among the tasks, and in memory. */
#include "tui/screens/diff.h"

#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/base/human.h"
#include "decoders/base/size.h"
#include "tui/widgets/arranged_list.h"

enum { NAP = 2000 /* microseconds */ };

/* Lines before those of tables. */
enum { LINE_BEFORE, LINE_AFTER, LINE_TASKS, LINE_MEMORY, LINE_TABLES };

struct state {
	struct arranged_list shown; /* first */
	struct tui *tui;
	struct comparing *comparing;
	struct arena arena;
	const char *sides[2]; /* what they are, in words */
	bool shows_same;
	size_t done; /* tables that were done when the list was arranged */
};

/* --- as a list --------------------------------------------------------------------------------------- */

enum { COLUMN_WHAT, COLUMN_REMOVED, COLUMN_ADDED, COLUMN_CHANGED, COLUMN_SAME, COLUMN_ABOUT };
static const char *const headings[] = { "what", "removed", "added", "changed", "same", "which is" };

static size_t model_count(void *context)
{
	return LINE_TABLES + comparing_n_tables(((struct state *)context)->comparing);
}

static bool model_is_number(void *context, size_t column)
{
	(void)context;
	return column >= COLUMN_REMOVED && column <= COLUMN_SAME;
}

/* What is known so far; false: nothing. */
static bool counts_of(struct state *state, size_t line, struct comparing_counts *ret)
{
	struct comparing *comparing = state->comparing;
	const struct comparison *comparison = comparing_comparison(comparing);
	struct page_tally total;

	*ret = (struct comparing_counts){ 0 };
	if (line >= LINE_TABLES) {
		*ret = comparing_counts(comparing, line - LINE_TABLES);
		return line - LINE_TABLES < comparing_n_done(comparing);
	}
	if (line < LINE_TASKS || comparing_look(comparing) == COMPARING_TABLES)
		return false;
	if (line == LINE_MEMORY) {
		total = comparing_total(comparing);
		*ret = (struct comparing_counts){ total.pages[PAGES_GONE], total.pages[PAGES_NEW],
						  total.pages[PAGES_CHANGED], total.pages[PAGES_SAME] };
		return !comparing_no_memory(comparing);
	}
	for (uint32_t row = 0; row < comparison->before->processes.n; row++)
		ret->same += comparison->pairs.after_of[row] != NO_ROW;
	ret->removed = comparison->before->processes.n - ret->same;
	ret->added = comparison->after->processes.n - ret->same;
	return true;
}

static void put_memory(struct state *state, struct out *out)
{
	const char *no_memory = comparing_no_memory(state->comparing);
	struct page_tally total = comparing_total(state->comparing);

	if (no_memory) {
		escape_text(out, bytes_of(no_memory));
		return;
	}
	out_text(out, "pages, and where: ");
	print_count(comparing_n_regions(state->comparing), "mapping", "mappings", out);
	if (total.bytes_changed)
		out_printf(out, ", %llu bytes differ", (unsigned long long)total.bytes_changed);
	if (total.pages[PAGES_UNKNOWN])
		out_printf(out, ", %llu pages unknown", (unsigned long long)total.pages[PAGES_UNKNOWN]);
	if (total.in_parent)
		out_printf(out, ", %llu left to the parent", (unsigned long long)total.in_parent);
	if (total.stored_again)
		out_printf(out, ", %llu stored again, unchanged", (unsigned long long)total.stored_again);
}

static void put_about(struct state *state, size_t line, struct out *out)
{
	switch (line) {
	case LINE_BEFORE:
	case LINE_AFTER:
		out_text(out, state->sides[line - LINE_BEFORE]);
		break;
	case LINE_TASKS:
		out_text(out, "who is new, gone, and in both");
		break;
	case LINE_MEMORY:
		put_memory(state, out);
		break;
	default:
		out_text(out, comparing_table(state->comparing, line - LINE_TABLES)->help);
	}
}

static void put_name(struct state *state, size_t line, struct out *out)
{
	static const char *const names[] = { "before", "after", "tasks", "memory" };

	out_text(out, line < LINE_TABLES ? names[line]
					 : comparing_table(state->comparing, line - LINE_TABLES)->name);
}

static void model_cell(void *context, size_t line, size_t column, struct out *out, enum look *look)
{
	struct state *state = context;
	struct comparing_counts counts;
	bool known = counts_of(state, line, &counts);

	if (column == COLUMN_ABOUT) {
		put_about(state, line, out);
		*look = line >= LINE_TABLES ? LOOK_DIM : LOOK_PLAIN;
		return;
	}
	if (column == COLUMN_WHAT) {
		put_name(state, line, out);
		*look = LOOK_LINK;
	} else if (!known) {
		out_text(out, line < LINE_TASKS || comparing_is_stopped(state->comparing) ? "" : "...");
		*look = LOOK_DIM;
	} else if (column == COLUMN_REMOVED) {
		put_change_count(ROW_REMOVED, counts.removed, out, look);
	} else if (column == COLUMN_ADDED) {
		put_change_count(ROW_ADDED, counts.added, out, look);
	} else if (column == COLUMN_CHANGED) {
		put_change_count(ROW_CHANGED, counts.changed, out, look);
	} else {
		out_u64(out, counts.same);
	}
}

static bool model_value(void *context, size_t line, size_t column, struct arena *arena, struct value *ret)
{
	struct comparing_counts counts;

	(void)arena;
	(void)counts_of(context, line, &counts);
	if (column >= COLUMN_REMOVED && column <= COLUMN_SAME) {
		const size_t by_column[] = { counts.removed, counts.added, counts.changed, counts.same };

		*ret = value_number(VALUE_UINT, by_column[column - COLUMN_REMOVED]);
		return true;
	}
	return false;
}

/* Tables of which is known that nothing changed. */
static bool hides(void *context, size_t line)
{
	struct state *state = context;
	struct comparing_counts counts;

	return !state->shows_same && line >= LINE_TABLES && counts_of(state, line, &counts) &&
	       !counts.removed && !counts.added && !counts.changed;
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.is_number = model_is_number,
	.cell = model_cell,
};

/* --- the screen -------------------------------------------------------------------------------------- */

/* "a.tar.zst, podman, container web, frozen 2026-..." */
static const char *words_of(struct checkpoint *checkpoint, struct arena *arena)
{
	const struct engine *engine = &checkpoint->engine;
	const char *words;
	struct out out;

	out_init(&out, -1);
	escape_text(&out, bytes_basename(bytes_of(source_outermost(&checkpoint->source)->path)));
	if (checkpoint->images.len) {
		out_text(&out, ": ");
		escape_text(&out, checkpoint->images);
	}
	out_printf(&out, ", %s", engine->producer);
	if (engine->container.len) {
		out_text(&out, ", container ");
		escape_text(&out, engine->container);
	}
	if (engine->checkpointed.len) {
		out_text(&out, ", frozen ");
		escape_text(&out, engine->checkpointed);
	}
	words = arena_text(arena, out_held(&out));
	out_deinit(&out);
	return words;
}

static struct error *open_diff(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	struct error *error = tui_compare(view->tui, &state->comparing);

	(void)link;
	if (error)
		return error;
	view->checkpoint = view->tui->checkpoint;
	state->tui = view->tui;
	arena_init(&state->arena);
	state->sides[0] = words_of(view->tui->before, &state->arena);
	state->sides[1] = words_of(view->tui->checkpoint, &state->arena);
	arranged_init(&state->shown.arranged, &state->shown.list, &model, state);
	state->shown.arranged.value = model_value;
	state->shown.arranged.hides = hides;
	return NULL;
}

static void close_diff(struct view *view)
{
	struct state *state = view->state;

	arranged_deinit(&state->shown.arranged);
	arena_deinit(&state->arena);
}

/* Tables that are done by now may be left out, too. */
static bool work(struct view *view, uint64_t deadline)
{
	struct state *state = view->state;
	bool more = comparing_look(state->comparing) != COMPARING_OVER; /* before the look at what is done by then */

	(void)deadline;
	if (more)
		usleep(NAP);
	if (state->done != comparing_n_done(state->comparing)) {
		state->done = comparing_n_done(state->comparing);
		order_again(&state->shown.arranged.order);
	}
	return more;
}

/* As long as the thread has the models nothing else is opened. */
static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;

	if (action == ACTION_HIDE) {
		state->shows_same = !state->shows_same;
		order_again(&state->shown.arranged.order);
		return true;
	}
	if (comparing_look(state->comparing) != COMPARING_TABLES || action == ACTION_BACK)
		return false;
	if (action == ACTION_CLOSE || action == ACTION_QUIT) {
		comparing_stop(state->comparing);
		while (comparing_look(state->comparing) == COMPARING_TABLES)
			usleep(NAP);
		return false;
	}
	if (!list_act(&state->shown.list, action) && !order_act(&state->shown.arranged.order, action))
		tui_say(view->tui, "still comparing tables: Esc ends it");
	return true;
}

static struct bytes path_of(const struct checkpoint *checkpoint)
{
	return bytes_of(source_outermost(&checkpoint->source)->path);
}

/* As much of its path as tells it from the other one. */
static void put_side_name(const struct checkpoint *checkpoint, const struct checkpoint *other, struct out *out)
{
	struct bytes path = path_of(checkpoint);

	if (!bytes_equal(bytes_basename(path), bytes_basename(path_of(other))))
		path = bytes_basename(path);
	else if (bytes_equal(path, path_of(other)))
		path = checkpoint->images;
	escape_text(out, path);
}

static void title(struct view *view, struct out *out)
{
	const struct checkpoint *before = view->tui->before, *after = view->tui->checkpoint;

	out_text(out, view == view->tui->views[0] ? "coldcase diff " : "diff ");
	put_side_name(before, after, out);
	out_char(out, ' ');
	put_side_name(after, before, out);
}

static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	size_t line = arranged_selected(&state->shown.arranged);

	switch (line) {
	case SIZE_MAX:
		return false;
	case LINE_BEFORE:
	case LINE_AFTER:
		*ret = LINK_TO(&screen_overview);
		ret->checkpoint = line == LINE_BEFORE ? view->tui->before : view->tui->checkpoint;
		return true;
	case LINE_TASKS:
		*ret = LINK_TO(&screen_diff_tasks);
		return true;
	case LINE_MEMORY:
		*ret = LINK_TO(&screen_diff_maps);
		return true;
	default:
		*ret = LINK_TO(&screen_diff_rows);
		ret->table = comparing_table(state->comparing, line - LINE_TABLES);
		return true;
	}
}

/* Of the two that are compared. */
static void put_selected_path(struct view *view, struct out *out)
{
	size_t line = arranged_selected(&((struct state *)view->state)->shown.arranged);

	if (line == LINE_BEFORE || line == LINE_AFTER)
		escape_text(out, bytes_of(source_outermost(&(line == LINE_BEFORE ? view->tui->before : view->checkpoint)
									->source)->path));
}

static void where(struct view *view, struct out *out)
{
	struct state *state = view->state;
	enum comparing_stage stage = comparing_look(state->comparing);

	if (stage == COMPARING_TABLES)
		out_printf(out, "comparing tables, %zu of %zu", comparing_n_done(state->comparing),
			   comparing_n_tables(state->comparing));
	if (stage == COMPARING_MEMORY) {
		out_text(out, "comparing memory, ");
		print_size(comparing_bytes(state->comparing), out);
		out_text(out, " read");
	}
	if (stage != COMPARING_OVER)
		out_text(out, comparing_is_stopped(state->comparing) ? ", ending" : ", Esc ends it");
	else if (comparing_is_stopped(state->comparing))
		out_text(out, "ended before all was compared");
	else if (comparing_comparison(state->comparing)->has_predump)
		out_text(out, "a pre-dump holds pages and nothing else: tables are not compared");
	else
		put_selected_path(view, out);
}

static void command(struct view *view, struct out *out)
{
	out_text(out, "diff");
	put_reveal(view, out);
	put_compared(view, out);
}

const struct screen screen_diff = {
	.name = "diff",
	.help = "what changed: between the two, or since the parent",
	.keys = KEYS_LIST | KEYS_ORDER | KEYS_DIFF,
	.state_size = sizeof(struct state),
	.open = open_diff,
	.close = close_diff,
	.title = title,
	.draw = arranged_list_draw,
	.act = act,
	.list = arranged_list_of,
	.order = arranged_list_order,
	.follow = follow,
	.where = where,
	.command = command,
	.work = work,
	.cancel = diff_cancel,
};
