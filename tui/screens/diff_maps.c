/* Mapping by mapping: pages that are the same, changed, new, gone, and a strip that shows where. */
#include "tui/screens/diff.h"

#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/base/human.h"
#include "decoders/base/size.h"
#include "tui/widgets/arranged_list.h"

enum { NAP = 2000 /* microseconds */, WIDE = 110 /* columns of a display with room for all of it */ };

struct state {
	struct arranged_list shown; /* first */
	struct tui *tui;
	struct comparing *comparing;
	const struct comparison *comparison;
	uint32_t task;   /* row of a process: only its mappings; NO_ROW: those of all */
	bool is_gone;    /* the row is one of before */
	bool shows_same;
};

/* --- as a list ----------------------------------------------------------------------------------------- */

enum {
	COLUMN_SIGN, COLUMN_PID, COLUMN_ADDRESS, COLUMN_HEAT, COLUMN_GONE, COLUMN_NEW, COLUMN_CHANGED, COLUMN_SAME,
	COLUMN_NAME, COLUMN_PROT, COLUMN_SIZE, COLUMN_COMM, COLUMN_WAS,
};
static const char *const headings[] = { "", "pid", "address", "where", "gone", "new", "changed", "same",
					"mapping", "prot", "size", "task", "moved from" };

static size_t model_count(void *context)
{
	return comparing_n_regions(((struct state *)context)->comparing);
}

static size_t model_columns(void *context)
{
	return ((struct state *)context)->tui->display.columns < WIDE ? COLUMN_PROT : ARRAY_SIZE(headings);
}

static bool model_is_number(void *context, size_t column)
{
	(void)context;
	return column == COLUMN_PID || column == COLUMN_ADDRESS || (column >= COLUMN_GONE && column <= COLUMN_SAME) ||
	       column == COLUMN_SIZE || column == COLUMN_WAS;
}

/* By its pages: all new, all gone, or of any kind. */
static void put_sign(const struct memory_region *region, struct out *out, enum look *look)
{
	const uint64_t *pages = region->tally.pages;
	uint64_t stay = pages[PAGES_SAME] + pages[PAGES_CHANGED] + pages[PAGES_UNKNOWN];
	enum row_change change = stay || (pages[PAGES_NEW] && pages[PAGES_GONE]) ? ROW_CHANGED
				 : pages[PAGES_NEW]				  ? ROW_ADDED
										  : ROW_REMOVED;

	if (!tally_differing(&region->tally)) {
		out_char(out, pages[PAGES_UNKNOWN] ? '?' : '=');
		return;
	}
	out_text(out, change_sign(change));
	*look = change_look(change);
}

static void put_name(const struct state *state, const struct memory_region *region, struct out *out)
{
	struct bytes name = region_name(state->comparison, region);

	if (name.data)
		escape_text(out, name);
	else
		out_char(out, '-');
}

static void put_cell(struct state *state, const struct memory_region *region, size_t column, struct out *out,
		     enum look *look)
{
	switch (column) {
	case COLUMN_SIGN:
		put_sign(region, out, look);
		break;
	case COLUMN_PID:
		out_u64(out, region_task(state->comparison, region)->pid);
		break;
	case COLUMN_COMM:
		escape_text(out, region_task(state->comparison, region)->comm);
		break;
	case COLUMN_ADDRESS:
		out_printf(out, "%llx", (unsigned long long)region->after);
		break;
	case COLUMN_GONE:
		put_change_count(ROW_REMOVED, region->tally.pages[PAGES_GONE], out, look);
		break;
	case COLUMN_NEW:
		put_change_count(ROW_ADDED, region->tally.pages[PAGES_NEW], out, look);
		break;
	case COLUMN_CHANGED:
		put_change_count(ROW_CHANGED, region->tally.pages[PAGES_CHANGED], out, look);
		break;
	case COLUMN_SAME:
		out_u64(out, region->tally.pages[PAGES_SAME]);
		break;
	case COLUMN_HEAT:
		put_heat(region, state->tui->display.columns < WIDE, out);
		break;
	case COLUMN_PROT:
		out_text(out, region_prot(state->comparison, region));
		break;
	case COLUMN_SIZE:
		print_size(region->len, out);
		break;
	case COLUMN_WAS:
		if (region->moved)
			out_printf(out, "%llx", (unsigned long long)region->before);
		break;
	default:
		put_name(state, region, out);
	}
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	struct state *state = context;
	struct memory_region region = comparing_region(state->comparing, row);

	put_cell(state, &region, column, out, look);
}

static bool model_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	struct state *state = context;
	struct memory_region region = comparing_region(state->comparing, row);
	const uint64_t numbers[] = {
		[COLUMN_PID] = region_task(state->comparison, &region)->pid, [COLUMN_ADDRESS] = region.after,
		[COLUMN_GONE] = region.tally.pages[PAGES_GONE], [COLUMN_NEW] = region.tally.pages[PAGES_NEW],
		[COLUMN_CHANGED] = region.tally.pages[PAGES_CHANGED], [COLUMN_SAME] = region.tally.pages[PAGES_SAME],
		[COLUMN_HEAT] = tally_differing(&region.tally), [COLUMN_SIZE] = region.len,
		[COLUMN_WAS] = region.before,
	};
	bool is_address = column == COLUMN_ADDRESS || column == COLUMN_WAS;

	(void)arena;
	if (column == COLUMN_SIGN || column == COLUMN_NAME || column == COLUMN_PROT || column == COLUMN_COMM)
		return false;
	*ret = value_number(is_address ? VALUE_HEX : VALUE_UINT, numbers[column]);
	if (column == COLUMN_WAS && !region.moved)
		*ret = (struct value){ .type = VALUE_NULL };
	return true;
}

static const struct list_model model = {
	.count = model_count,
	.n_columns = model_columns,
	LIST_HEADINGS(headings),
	.is_number = model_is_number,
	.cell = model_cell,
};

/* --- the screen ---------------------------------------------------------------------------------------- */

/* Those of other tasks than the one that is wanted, and unless they are asked for those that are the same. */
static bool hides(void *context, size_t row)
{
	const struct state *state = context;
	struct memory_region region = comparing_region(state->comparing, row);
	bool is_gone = region.process_after == NO_ROW;

	if (state->task != NO_ROW && (state->is_gone != is_gone ||
				      state->task != (is_gone ? region.process_before : region.process_after)))
		return true;
	return !state->shows_same && !tally_differing(&region.tally) && !region.tally.pages[PAGES_UNKNOWN];
}

static struct error *open_maps(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	const struct comparing *comparing = NULL;
	struct error *error = diff_ready(view, &comparing);

	if (!error && comparing_no_memory(comparing))
		error = error_new(ERROR_USAGE, "%s", comparing_no_memory(comparing));
	if (error)
		return error;
	state->tui = view->tui;
	state->comparing = view->tui->comparing;
	state->comparison = comparing_comparison(comparing);
	state->task = link->row;
	state->is_gone = link->row != NO_ROW && link->number;
	arranged_init(&state->shown.arranged, &state->shown.list, &model, state);
	state->shown.arranged.value = model_value;
	state->shown.arranged.hides = hides;
	return NULL;
}

static void close_maps(struct view *view)
{
	arranged_deinit(&((struct state *)view->state)->shown.arranged);
}

/* Mappings come as they are compared. */
static bool work(struct view *view, uint64_t deadline)
{
	struct state *state = view->state;
	bool more = comparing_look(state->comparing) != COMPARING_OVER;

	(void)deadline;
	if (more)
		usleep(NAP);
	return more;
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;

	if (action != ACTION_HIDE)
		return false;
	state->shows_same = !state->shows_same;
	order_again(&state->shown.arranged.order);
	return true;
}

static const struct process *task_of(const struct state *state)
{
	return &(state->is_gone ? state->comparison->before : state->comparison->after)->processes.items[state->task];
}

static void title(struct view *view, struct out *out)
{
	struct state *state = view->state;

	out_text(out, "memory compared");
	if (state->task != NO_ROW)
		out_printf(out, " of %u", task_of(state)->pid);
}

/* Its pages. */
static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	size_t row = arranged_selected(&state->shown.arranged);

	*ret = LINK_TO(&screen_diff_pages);
	ret->number = row;
	return row != SIZE_MAX;
}

static void where(struct view *view, struct out *out)
{
	struct state *state = view->state;

	if (comparing_look(state->comparing) == COMPARING_OVER) {
		out_text(out, comparing_is_stopped(state->comparing) ? "ended before all was compared  " : "");
		out_text(out, state->shows_same ? "" : "u shows what is the same");
		return;
	}
	out_text(out, "comparing, ");
	print_size(comparing_bytes(state->comparing), out);
	out_text(out, " read, Esc ends it");
}

static void command(struct view *view, struct out *out)
{
	struct state *state = view->state;

	out_text(out, "diff --tables memory");
	if (state->task != NO_ROW)
		out_printf(out, " -p %u", task_of(state)->pid);
	put_compared(view, out);
}

static uint32_t process(struct view *view)
{
	struct state *state = view->state;
	size_t row = arranged_selected(&state->shown.arranged);

	return row == SIZE_MAX ? NO_ROW : comparing_region(state->comparing, row).process_after;
}

const struct screen screen_diff_maps = {
	.name = "diff-memory",
	.help = "memory before and after, mapping by mapping",
	.keys = KEYS_LIST | KEYS_ORDER | KEYS_DIFF,
	.state_size = sizeof(struct state),
	.open = open_maps,
	.close = close_maps,
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
	.cancel = diff_cancel,
};
