/* Help, made of the tables of keys and screens, and of what is odd about processes. */
#include "tui/screens/oddities.h"
#include "tui/view.h"

struct line {
	const char *left, *right; /* right NULL: a heading */
};

struct state {
	struct arena arena;
	VEC(struct line) lines;
	struct list list;
};

static size_t model_count(void *context)
{
	return ((struct state *)context)->lines.n;
}

static const char *const headings[] = { "", "" };

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct line *line = &((struct state *)context)->lines.items[row];

	*look = line->right && column ? LOOK_PLAIN : LOOK_STRONG;
	if (!column)
		out_text(out, line->left);
	else if (line->right)
		out_text(out, line->right);
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.cell = model_cell,
};

static void add(struct state *state, const char *left, const char *right)
{
	*vec_push(&state->arena, &state->lines) = (struct line){ left, right };
}

static void add_keys(struct state *state, unsigned where, const char *title)
{
	add(state, title, NULL);
	for (size_t i = 0; i < n_keys; i++)
		if (keys[i].where & where)
			add(state, keys[i].names, keys[i].help);
	add(state, "", "");
}

static const struct {
	unsigned where;
	const char *title;
} sections[] = {
	{ KEYS_LIST, "In lists" },	   { KEYS_TABLE, "In tables" },
	{ KEYS_TABS, "Where there are tabs" }, { KEYS_TREE, "In the tree of processes" },
	{ KEYS_MEMORY, "In memory and bytes" }, { KEYS_LOG, "In the log" },
	{ KEYS_FINDINGS, "Among findings" }, { KEYS_INDEX, "In an index" },
	{ KEYS_DIFF, "Where things are compared" },
	{ KEYS_PAIRS, "In bytes before and after" },
	{ KEYS_EVERYWHERE, "Everywhere" },
};

static struct error *open_help(struct view *view, const struct link *link)
{
	unsigned here = tui_top(view->tui)->screen->keys | KEYS_EVERYWHERE;
	struct state *state = view->state;

	(void)link;
	arena_init(&state->arena);
	for (int pass = 0; pass < 2; pass++) /* those of the screen from which it is called first */
		for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
			if ((sections[i].where & here) ? pass == 0 : pass == 1)
				add_keys(state, sections[i].where, sections[i].title);
	add(state, "Behind \":\", beside the names of tables", NULL);
	for (size_t i = 0; i < n_screens; i++)
		if (!screens[i]->by_link)
			add(state, screens[i]->name, screens[i]->help);
	for (size_t i = 0; i < n_tui_commands; i++)
		add(state, arena_printf(&state->arena, "%s %s", tui_commands[i].name, tui_commands[i].takes),
		    tui_commands[i].help);
	add(state, "", "");
	add(state, "Letters in the column ODD", NULL);
	for (size_t i = 0; i < n_oddities; i++)
		add(state, arena_printf(&state->arena, "%c", oddities[i].letter), oddities[i].what);
	list_init(&state->list, &model, state);
	state->list.no_headings = true;
	return NULL;
}

static void close_help(struct view *view)
{
	struct state *state = view->state;

	list_deinit(&state->list);
	arena_deinit(&state->arena);
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;

	list_draw(&state->list, area);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

const struct screen screen_help = {
	.name = "help",
	.help = "keys and commands",
	.of_index = true,
	.keys = KEYS_LIST,
	.state_size = sizeof(struct state),
	.open = open_help,
	.close = close_help,
	.draw = draw,
	.list = list,
};
