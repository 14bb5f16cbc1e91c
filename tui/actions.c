/* What keys do, wherever that is not the screen's own affair. */
#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "tui/internal.h"
#include "tui/widgets/hexdump.h"

/* Ends what goes on, a filter, or the view: the first of these that there is. */
static void step_back(struct tui *tui)
{
	struct view *view = tui_top(tui);
	struct list *list = view_list(view);
	struct rows *rows = view_rows(view);
	struct hexdump *dump = view_dump(view);

	if (view->screen->cancel && view->screen->cancel(view))
		return;
	if (list && list->searching) {
		list->searching = false;
	} else if (view_order(view) && order_step_back(view_order(view))) {
		return;
	} else if (rows && rows->work && rows->listing.order) {
		rows_cancel(rows);
	} else if (rows && rows->filter) {
		tui_complain(tui, rows_filter(rows, NULL));
	} else if (list && list->matcher) {
		error_free(list_search(list, "", true));
	} else if (dump && dump->find.searching) {
		dump->find.searching = false;
	} else if (dump && dump->find.pattern) {
		error_free(hexdump_search(dump, ""));
	} else if (tui->n_views > 1) {
		tui_back(tui);
	}
}

static void follow(struct tui *tui)
{
	struct view *view = tui_top(tui);
	struct link link = LINK_TO(NULL);

	if (view->screen->follow && view->screen->follow(view, &link))
		tui_open(tui, &link);
}

static void show_source(struct tui *tui)
{
	struct view *view = tui_top(tui);
	struct link link = LINK_TO(NULL);
	struct origin origin;

	if (view->screen->origin && view->screen->origin(view, &origin) &&
	    link_to_origin(view->checkpoint, &origin, &link))
		tui_open(tui, &link);
	else
		tui_say(tui, view->checkpoint ? "this was not read from one place"
					      : "these are the rows of an index: O opens the checkpoint, and there x its bytes");
}

/* A filter is over what is shown, which no option of "list" is. */
static void put_filter(const struct rows *rows, struct out *out)
{
	if (!rows || !rows->filter)
		return;
	out_printf(out, " | grep -%sP ", rows->filter[0] == '!' ? "v" : "");
	put_quoted(rows->filter + (rows->filter[0] == '!'), out);
}

static void show_command_line(struct tui *tui)
{
	struct view *view = tui_top(tui);
	struct out words;

	if (!view->screen->command) {
		tui_say(tui, "no command prints this");
		return;
	}
	out_init(&words, -1);
	out_text(&words, "coldcase ");
	view->screen->command(view, &words);
	put_filter(view_rows(view), &words);
	tui_offer(tui, out_held(&words));
	out_deinit(&words);
}

static void open_memory_screen(struct tui *tui)
{
	struct view *view = tui_top(tui);
	uint32_t process = view->screen->process ? view->screen->process(view) : NO_ROW;
	struct link link = LINK_TO(&screen_maps);

	if (process == NO_ROW && view->checkpoint && view->checkpoint->processes.n)
		process = 0;
	if (process == NO_ROW) {
		tui_say(tui, "which process? p shows them");
		return;
	}
	checkpoint_need(view->checkpoint, PART_PAGES);
	if (!view->checkpoint->processes.items[process].n_vmas) /* of a pre-dump there are pages alone */
		link = LINK_TO(&screen_memory);
	link.row = process;
	tui_go(tui, &link);
}

static void open_record(struct tui *tui)
{
	struct rows *rows = view_rows(tui_top(tui));
	struct link link = LINK_TO(&screen_record);

	if (!rows || rows_selected(rows) == NO_ROW)
		return;
	link.table = rows->table;
	link.row = rows_selected(rows);
	tui_open(tui, &link);
}

static void open_named(struct tui *tui, const char *name)
{
	struct link link;

	if (!tui_top(tui)->checkpoint && strcmp(name, "tables") == 0)
		name = screen_index_tables.name;
	if (link_named(bytes_of(name), &link))
		tui_go(tui, &link);
}

/* To the screen that is open at the bottom of the stack; of a checkpoint that an index led to, to its first one. */
static void go_home(struct tui *tui)
{
	const struct checkpoint *here = tui->index.path ? tui_top(tui)->checkpoint : NULL;

	while (tui->n_views > 1 && (!here || tui->views[tui->n_views - 2]->checkpoint == here))
		tui_back(tui);
}

/* The number in a column "pid" of the selected row; ABSENT_U32: there is none. */
static uint32_t selected_pid(const struct list *list)
{
	size_t n = list ? list_n_columns(list->model, list->context) : 0;
	struct value value = { .type = VALUE_NULL };
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < n && list->model->value && list->cursor < list->model->count(list->context); i++)
		if (!strcmp(list_heading(list->model, list->context, i), "pid"))
			(void)list->model->value(list->context, list->cursor, i, &arena, &value);
	arena_deinit(&arena);
	return (value.type == VALUE_UINT || value.type == VALUE_INT) && value.number < ABSENT_U32
		       ? (uint32_t)value.number
		       : ABSENT_U32;
}

/* It is opened when that has been told. */
static void open_original(struct tui *tui)
{
	struct view *view = tui_top(tui);

	tui->original_pid = selected_pid(view_list(view));

	tui->original = view->screen->indexed && !view->checkpoint ? view->screen->indexed(view) : 0;
	tui_say(tui, tui->original ? "opening ..." : "this row is about no checkpoint of an index");
}

static void ask(struct tui *tui, enum prompt_kind kind)
{
	struct view *view = tui_top(tui);
	struct rows *rows = view_rows(view);
	struct order *order = view_order(view);
	const char *filter = rows ? rows->filter : order ? order->filter : NULL;

	if ((kind == PROMPT_SEARCH && !view_list(view) && !view_dump(view)) || (kind == PROMPT_FILTER && !rows && !order))
		return;
	prompt_begin(&tui->prompt, kind, kind == PROMPT_FILTER && filter ? filter : "");
}

static void ask_command(struct tui *tui, const char *text)
{
	prompt_begin(&tui->prompt, PROMPT_COMMAND, text);
}

/* Actions that mean the same on all screens; false for others. */
static bool act_anywhere(struct tui *tui, enum action action)
{
	switch (action) {
	case ACTION_FOLLOW:
		follow(tui);
		return true;
	case ACTION_BACK:
		step_back(tui);
		return true;
	case ACTION_CLOSE:
		if (tui->n_views > 1)
			tui_back(tui);
		else
			tui->quits = true;
		return true;
	case ACTION_QUIT:
		tui->quits = true;
		return true;
	case ACTION_SOURCE:
		show_source(tui);
		return true;
	case ACTION_COMMAND_LINE:
		show_command_line(tui);
		return true;
	case ACTION_REVEAL:
		tui->reveal = !tui->reveal;
		tui_say(tui, tui->reveal ? "secrets are shown" : "secrets are masked");
		return true;
	case ACTION_COPY:
		tui_complain(tui, tui_copy_selected(tui, ""));
		return true;
	case ACTION_REDRAW:
		tui->draw_anew = true;
		return true;
	default:
		return false;
	}
}

/* Actions that ask for something to be typed; false for others. */
static bool act_by_asking(struct tui *tui, enum action action)
{
	switch (action) {
	case ACTION_COMMAND:
		ask_command(tui, "");
		return true;
	case ACTION_FIND:
		ask_command(tui, "find ");
		return true;
	case ACTION_WRITE:
		if (tui->setup->make_file)
			ask_command(tui, "w ");
		else
			tui_complain(tui, write_nowhere());
		return true;
	case ACTION_SEARCH:
		ask(tui, PROMPT_SEARCH);
		return true;
	case ACTION_FILTER:
		ask(tui, PROMPT_FILTER);
		return true;
	default:
		return false;
	}
}

/* Actions that open a screen; false for others. */
static bool act_by_opening(struct tui *tui, enum action action)
{
	static const struct {
		enum action action;
		const char *name;
	} named[] = {
		{ ACTION_TREE, "ps" },	     { ACTION_HELP, "help" }, { ACTION_LOG, "log" },
		{ ACTION_PROBLEMS, "problems" }, { ACTION_CHECK, "check" }, { ACTION_TABLES, "tables" },
		{ ACTION_DIFF, "diff" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (named[i].action == action) {
			open_named(tui, named[i].name);
			return true;
		}
	switch (action) {
	case ACTION_OVERVIEW:
		go_home(tui);
		return true;
	case ACTION_MEMORY:
		open_memory_screen(tui);
		return true;
	case ACTION_RECORD:
		open_record(tui);
		return true;
	case ACTION_ORIGINAL:
		open_original(tui);
		return true;
	default:
		return false;
	}
}

void tui_act(struct tui *tui, enum action action)
{
	struct view *view = tui_top(tui);
	struct rows *rows = view_rows(view);
	struct list *list = view_list(view);
	struct hexdump *dump = view_dump(view);
	bool again = action == ACTION_NEXT || action == ACTION_PREVIOUS;

	if (action == ACTION_NONE || (view->screen->act && view->screen->act(view, action)))
		return;
	if (act_anywhere(tui, action) || act_by_asking(tui, action) || act_by_opening(tui, action))
		return;
	if (rows && rows_act(rows, action))
		return;
	if (view_order(view) && order_act(view_order(view), action))
		return;
	if (list && again)
		list_search_again(list, action == ACTION_PREVIOUS);
	else if (dump && again)
		hexdump_search_again(dump, action == ACTION_PREVIOUS);
	else if (list)
		(void)list_act(list, action);
}
