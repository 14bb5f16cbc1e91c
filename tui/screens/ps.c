/* The tree of processes, foldable. */
#include "db/tables/render.h"
#include "decoders/base/human.h"
#include "decoders/base/size.h"
#include "decoders/model/tree.h"
#include "tui/references.h"
#include "tui/screens/oddities.h"

struct state {
	struct view *view;
	struct arena arena, line_arena;
	struct tree tree;
	bool *folded;      /* by node: what is below it is not shown */
	char (*odd)[16];   /* by node */
	uint64_t *open;    /* by node: the levels on which siblings are still to come below it */
	uint32_t *visible; /* nodes */
	size_t n;
	struct list list;
};

static const struct process *process_at(const struct state *state, size_t line)
{
	const struct tree_node *node = &state->tree.nodes[state->visible[line]];

	return &state->view->checkpoint->processes.items[node->row];
}

/* --- as a list ------------------------------------------------------------------------------------- */

static const char *const headings[] = { "pid", "ppid", "uid", "thr", "fds", "memory", "odd", "command" };
enum { COLUMN_PID, COLUMN_PPID, COLUMN_UID, COLUMN_THREADS, COLUMN_FDS, COLUMN_MEMORY, COLUMN_ODD, COLUMN_COMMAND };

static size_t model_count(void *context)
{
	return ((struct state *)context)->n;
}

static bool model_is_number(void *context, size_t column)
{
	(void)context;
	return column < COLUMN_ODD;
}

static void put_branch(const struct state *state, uint32_t node, struct out *out)
{
	const struct tree *tree = &state->tree;
	uint32_t depth = tree->nodes[node].depth;
	bool has_children = node + 1 < tree->n && tree->nodes[node + 1].depth > depth;
	bool ascii = !out->utf8;

	for (uint32_t level = 1; level < depth && level < TREE_DEEPEST; level++)
		out_text(out, glyph_text(state->open[node] >> level & 1 ? GLYPH_LINE : GLYPH_SPACE, ascii));
	if (depth)
		out_text(out, glyph_text(tree->nodes[node].last ? GLYPH_LAST : GLYPH_BRANCH, ascii));
	if (has_children && state->folded[node])
		out_text(out, glyph_text(GLYPH_FOLDED, ascii));
}

/* Of a column of numbers; ABSENT_U64: not known. */
static uint64_t number_of(const struct state *state, size_t row, size_t column)
{
	const struct process *process = process_at(state, row);
	bool is_predump = state->view->checkpoint->is_predump;
	const uint64_t numbers[] = {
		[COLUMN_PID] = process->pid,
		[COLUMN_PPID] = process->ppid == ABSENT_U32 ? ABSENT_U64 : process->ppid,
		[COLUMN_UID] = process->has_credentials ? process->credentials.uid : ABSENT_U64,
		[COLUMN_THREADS] = process->is_unlisted ? ABSENT_U64 : process->n_threads,
		[COLUMN_FDS] = is_predump ? ABSENT_U64 : process->n_fds,
		[COLUMN_MEMORY] = process->bytes_present,
	};

	return numbers[column];
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	struct state *state = context;
	const struct process *process = process_at(state, row);
	const char *odd = state->odd[state->visible[row]];
	uint64_t number = model_is_number(context, column) ? number_of(state, row, column) : 0;

	switch (column) {
	case COLUMN_MEMORY:
		print_size_column(number, 0, out);
		break;
	case COLUMN_ODD:
		out_text(out, *odd ? odd : "-");
		*look = *odd ? LOOK_WARNING : LOOK_DIM;
		break;
	case COLUMN_COMMAND:
		put_branch(state, state->visible[row], out);
		render_process(state->view->checkpoint, process, state->view->tui->reveal, &state->line_arena, out);
		break;
	default:
		if (number == ABSENT_U64)
			out_char(out, '-');
		else
			out_u64(out, number);
	}
}

/* Numbers; the rest is what the cell says. */
static bool model_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	uint64_t number;

	(void)arena;
	if (!model_is_number(context, column))
		return false;
	number = number_of(context, row, column);
	*ret = value_number(number == ABSENT_U64 ? VALUE_NULL : VALUE_UINT, number);
	return true;
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.is_number = model_is_number,
	.cell = model_cell,
	.value = model_value,
};

/* --- folding --------------------------------------------------------------------------------------- */

static void find_visible(struct state *state)
{
	uint32_t hidden_below = UINT32_MAX; /* depth of the folded node that hides what comes */

	state->n = 0;
	for (uint32_t i = 0; i < state->tree.n; i++) {
		uint32_t depth = state->tree.nodes[i].depth;

		if (hidden_below != UINT32_MAX && depth > hidden_below)
			continue;
		hidden_below = state->folded[i] ? depth : UINT32_MAX;
		state->visible[state->n++] = i;
	}
}

static void fold(struct state *state, enum action action)
{
	uint32_t selected;

	if (!state->n)
		return;
	selected = state->visible[state->list.cursor];
	if (action == ACTION_FOLD)
		state->folded[selected] = !state->folded[selected];
	else
		memset(state->folded, action == ACTION_FOLD_ALL, state->tree.n);
	find_visible(state);
	/* The cursor stays on its process, or goes to the one that hides it. */
	for (size_t i = 0; i < state->n && state->visible[i] <= selected; i++)
		state->list.cursor = i;
}

/* --- the screen ------------------------------------------------------------------------------------- */

static void find_oddities(struct state *state)
{
	const struct checkpoint *checkpoint = state->view->checkpoint;

	for (size_t i = 0; i < state->tree.n; i++) {
		const struct process *process = &checkpoint->processes.items[state->tree.nodes[i].row];
		size_t n = 0;

		for (size_t k = 0; k < n_oddities; k++)
			if (oddities[k].is(checkpoint, process))
				state->odd[i][n++] = oddities[k].letter;
	}
}

static void find_open(struct state *state)
{
	uint64_t open = 0;

	for (size_t i = state->tree.n; i-- > 0;) {
		uint32_t depth = state->tree.nodes[i].depth;

		if (depth < 63)
			open &= ((uint64_t)1 << (depth + 1)) - 1;
		state->open[i] = open;
		if (depth < 64)
			open |= (uint64_t)1 << depth;
	}
}

static struct error *open_ps(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	size_t n;

	(void)link;
	_Static_assert(sizeof(*state->odd) > 10, "a letter for each oddity");
	state->view = view;
	arena_init(&state->arena);
	arena_init(&state->line_arena);
	checkpoint_need(view->checkpoint, ODDITY_PARTS | PART_FDS);
	state->tree = tree_build(view->checkpoint, &state->arena);
	n = state->tree.n + 1;
	state->folded = arena_zalloc(&state->arena, n);
	state->visible = arena_alloc(&state->arena, n * sizeof(*state->visible));
	state->odd = arena_zalloc(&state->arena, n * sizeof(*state->odd));
	state->open = arena_alloc(&state->arena, n * sizeof(*state->open));
	find_oddities(state);
	find_open(state);
	find_visible(state);
	list_init(&state->list, &model, state);
	return NULL;
}

static void close_ps(struct view *view)
{
	struct state *state = view->state;

	list_deinit(&state->list);
	arena_deinit(&state->arena);
	arena_deinit(&state->line_arena);
}

static void title(struct view *view, struct out *out)
{
	(void)view;
	out_text(out, "processes");
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;

	list_draw(&state->list, area);
}

static struct list *list(struct view *view)
{
	struct state *state = view->state;

	return &state->list;
}

static uint32_t process(struct view *view)
{
	struct state *state = view->state;

	return state->n ? state->tree.nodes[state->visible[state->list.cursor]].row : NO_ROW;
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;
	struct link link = LINK_TO(&screen_table);

	switch (action) {
	case ACTION_FOLD:
	case ACTION_FOLD_ALL:
	case ACTION_UNFOLD_ALL:
		fold(state, action);
		return true;
	case ACTION_FLAT:
	case ACTION_RECORD:
		link.table = table_named("process");
		link.row = process(view);
		if (action == ACTION_RECORD)
			link.screen = &screen_record;
		tui_open(view->tui, &link);
		return true;
	default:
		return false;
	}
}

static bool follow(struct view *view, struct link *ret)
{
	*ret = LINK_TO(&screen_process);
	ret->row = process(view);
	return ret->row != NO_ROW;
}

static bool origin(struct view *view, struct origin *ret)
{
	uint32_t row = process(view);

	if (row == NO_ROW)
		return false;
	*ret = view->checkpoint->processes.items[row].origin;
	return true;
}

/* What the letters of the selected process mean stands before where it is from. */
static void where(struct view *view, struct out *out)
{
	struct state *state = view->state;
	const char *odd = state->n ? state->odd[state->visible[state->list.cursor]] : "";
	struct origin from;

	for (; *odd; odd++)
		for (size_t k = 0; k < n_oddities; k++)
			if (oddities[k].letter == *odd)
				out_printf(out, "%c: %s  ", *odd, oddities[k].what);
	if (origin(view, &from))
		put_origin(view->checkpoint, &from, out);
}

static void command(struct view *view, struct out *out)
{
	out_text(out, "ps");
	put_reveal(view, out);
	put_checkpoint(view, out);
}

const struct screen screen_ps = {
	.name = "ps",
	.help = "the tree of processes",
	.keys = KEYS_LIST | KEYS_TREE,
	.state_size = sizeof(struct state),
	.open = open_ps,
	.close = close_ps,
	.title = title,
	.draw = draw,
	.act = act,
	.list = list,
	.follow = follow,
	.origin = origin,
	.where = where,
	.command = command,
	.process = process,
};
