/* The state of it all: what is open, and what keys do. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/model/layers.h"
#include "tui/clock.h"
#include "tui/internal.h"

#define SCREEN(name) &screen_##name,
const struct screen *const screens[] = {
#include "tui/screens.def"
};
#undef SCREEN
const size_t n_screens = ARRAY_SIZE(screens);

/* --- the line of messages ------------------------------------------------------------------------- */

void tui_say(struct tui *tui, const char *format, ...)
{
	char text[MOST_MESSAGE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	out_clear(&tui->message);
	escape_text(&tui->message, bytes_of(text));
	tui->is_error = false;
}

void tui_complain(struct tui *tui, struct error *error)
{
	if (!error)
		return;
	out_clear(&tui->message);
	error_print(error, &tui->message);
	tui->is_error = true;
	error_free(error);
}

/* --- opening and closing ---------------------------------------------------------------------------- */

static void close_view(struct view *view)
{
	if (view->screen->close)
		view->screen->close(view);
	free(view->state);
	free(view);
}

/* The oldest but the first goes where the stack is full. */
static void make_room(struct tui *tui)
{
	if (tui->n_views < MOST_VIEWS)
		return;
	close_view(tui->views[1]);
	memmove(&tui->views[1], &tui->views[2], (MOST_VIEWS - 2) * sizeof(struct view *));
	tui->n_views--;
}

static struct error *open_view(struct tui *tui, const struct link *link)
{
	struct view *view = calloc(1, sizeof(*view));
	struct error *error = NULL;

	if (!view)
		out_of_memory();
	*view = (struct view){ .screen = link->screen, .tui = tui, .link = *link };
	view->checkpoint = link->checkpoint ? link->checkpoint
			   : tui->n_views   ? tui_top(tui)->checkpoint
					    : tui->checkpoint;
	view->state = calloc(1, link->screen->state_size + 1);
	if (!view->state)
		out_of_memory();
	if (link->screen->open)
		error = link->screen->open(view, link);
	if (error) {
		free(view->state);
		free(view);
		return error;
	}
	make_room(tui);
	tui->views[tui->n_views++] = view;
	return NULL;
}

void tui_open(struct tui *tui, const struct link *link)
{
	if (link->screen)
		tui_complain(tui, open_view(tui, link));
}

void tui_back(struct tui *tui)
{
	if (tui->n_views > 1)
		close_view(tui->views[--tui->n_views]);
}

struct error *tui_init(struct tui *tui, struct checkpoint *checkpoint, const struct tui_setup *setup, int rows,
		       int columns)
{
	const struct link first = LINK_TO(screens[0]);
	struct error *error;

	*tui = (struct tui){ .checkpoint = checkpoint, .setup = setup, .reveal = setup->reveal };
	display_init(&tui->display, rows, columns, setup->ascii);
	out_init(&tui->message, -1);
	error = open_view(tui, &first);
	if (error)
		tui_deinit(tui);
	return error;
}

void tui_deinit(struct tui *tui)
{
	while (tui->n_views)
		close_view(tui->views[--tui->n_views]);
	display_deinit(&tui->display);
	out_deinit(&tui->message);
}

/* --- links ------------------------------------------------------------------------------------------ */

bool link_named(struct bytes name, struct link *ret)
{
	for (size_t i = 0; i < n_screens; i++)
		if (!screens[i]->by_link && bytes_equal(name, bytes_of(screens[i]->name))) {
			*ret = LINK_TO(screens[i]);
			return true;
		}
	for (size_t i = 0; i < n_tables; i++)
		if (bytes_equal(name, bytes_of(tables[i]->name)) ||
		    (tables[i]->plural && bytes_equal(name, bytes_of(tables[i]->plural)))) {
			*ret = LINK_TO(&screen_table);
			ret->table = tables[i];
			return true;
		}
	return false;
}

static const struct source *source_of(const struct checkpoint *checkpoint, const struct origin *origin)
{
	if (origin->layer == ORIGIN_AROUND)
		return checkpoint->source.outer;
	return origin->layer && origin->layer < checkpoint->layers.n
		       ? checkpoint->layers.items[origin->layer].source
		       : &checkpoint->source;
}

bool link_to_origin(struct checkpoint *checkpoint, const struct origin *origin, struct link *ret)
{
	const struct source *source = source_of(checkpoint, origin);

	if (origin->member == NO_ROW || !source || origin->member >= source->members.n)
		return false;
	*ret = LINK_TO(&screen_bytes);
	ret->layer = origin->layer;
	ret->member = origin->member;
	ret->address = origin->offset == NO_OFFSET ? 0 : origin->offset;
	return true;
}

void put_origin(const struct checkpoint *checkpoint, const struct origin *origin, struct out *out)
{
	const struct source *source = source_of(checkpoint, origin);
	const struct member *member;

	if (origin->member == NO_ROW || !source || origin->member >= source->members.n) {
		out_text(out, "worked out, not read from one place");
		return;
	}
	member = &source->members.items[origin->member];
	escape_text(out, member->name);
	if (origin->entry != NO_ENTRY)
		out_printf(out, " #%u", origin->entry);
	if (origin->offset != NO_OFFSET) {
		out_text(out, " @");
		out_hex(out, origin->offset);
	}
	if (origin->layer == ORIGIN_AROUND)
		out_text(out, " (around the checkpoint)");
	else if (origin->layer)
		out_printf(out, " (ancestor %u)", origin->layer);
}

void put_title(struct view *view, struct out *out)
{
	if (view->screen->title)
		view->screen->title(view, out);
	else
		out_text(out, view->screen->name);
}

void put_quoted(const char *text, struct out *out)
{
	struct bytes rest = bytes_of(text);

	out_char(out, '\'');
	while (rest.len) {
		struct bytes part = bytes_first(rest, bytes_find(rest, '\''));

		out_bytes(out, part);
		out_text(out, part.len < rest.len ? "'\\''" : "");
		rest = bytes_from(rest, part.len + 1);
	}
	out_char(out, '\'');
}

/* --- actions ---------------------------------------------------------------------------------------- */

static struct list *list_of(struct view *view)
{
	return view->screen->list ? view->screen->list(view) : NULL;
}

static struct rows *rows_of(struct view *view)
{
	return view->screen->rows ? view->screen->rows(view) : NULL;
}

/* Ends what goes on, a filter, or the view: the first of these that there is. */
static void step_back(struct tui *tui)
{
	struct view *view = tui_top(tui);
	struct list *list = list_of(view);
	struct rows *rows = rows_of(view);

	if (view->screen->cancel && view->screen->cancel(view))
		return;
	if (list && list->searching) {
		list->searching = false;
	} else if (rows && rows->work && rows->listing.order) {
		rows_cancel(rows);
	} else if (rows && rows->filter) {
		tui_complain(tui, rows_filter(rows, NULL));
	} else if (list && list->matcher) {
		error_free(list_search(list, "", true));
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
		tui_say(tui, "this was not read from one place");
}

static void show_command_line(struct tui *tui)
{
	struct view *view = tui_top(tui);
	const struct source *source = source_outermost(&view->checkpoint->source);
	struct out words;

	if (!view->screen->command) {
		tui_say(tui, "no command prints this");
		return;
	}
	out_init(&words, -1);
	view->screen->command(view, &words);
	out_clear(&tui->message);
	out_text(&tui->message, "coldcase ");
	out_bytes(&tui->message, out_held(&words));
	out_char(&tui->message, ' ');
	escape_text(&tui->message, bytes_of(source->path));
	tui->is_error = false;
	out_deinit(&words);
}

static void open_memory_screen(struct tui *tui)
{
	struct view *view = tui_top(tui);
	uint32_t process = view->screen->process ? view->screen->process(view) : NO_ROW;
	struct link link = LINK_TO(&screen_maps);

	if (process == NO_ROW && view->checkpoint->processes.n)
		process = 0;
	link.row = process;
	if (process == NO_ROW)
		tui_say(tui, "which process? p shows them");
	else
		tui_open(tui, &link);
}

static void open_record(struct tui *tui)
{
	struct rows *rows = rows_of(tui_top(tui));
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

	if (link_named(bytes_of(name), &link))
		tui_open(tui, &link);
}

/* To the screen that is open at the bottom of the stack. */
static void go_home(struct tui *tui)
{
	while (tui->n_views > 1)
		tui_back(tui);
}

static void ask(struct tui *tui, enum prompt_kind kind)
{
	struct view *view = tui_top(tui);
	struct rows *rows = rows_of(view);

	if ((kind == PROMPT_SEARCH && !list_of(view)) || (kind == PROMPT_FILTER && !rows))
		return;
	prompt_begin(&tui->prompt, kind, kind == PROMPT_FILTER && rows->filter ? rows->filter : "");
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
		ask_command(tui, "w ");
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
	default:
		return false;
	}
}

void tui_act(struct tui *tui, enum action action)
{
	struct view *view = tui_top(tui);
	struct rows *rows = rows_of(view);
	struct list *list = list_of(view);

	if (action == ACTION_NONE || (view->screen->act && view->screen->act(view, action)))
		return;
	if (act_anywhere(tui, action) || act_by_asking(tui, action) || act_by_opening(tui, action))
		return;
	if (rows && rows_act(rows, action))
		return;
	if (list && (action == ACTION_NEXT || action == ACTION_PREVIOUS))
		list_search_again(list, action == ACTION_PREVIOUS);
	else if (list)
		(void)list_act(list, action);
}

/* --- the prompt --------------------------------------------------------------------------------------- */

static void finish_prompt(struct tui *tui)
{
	enum prompt_kind kind = tui->prompt.kind;
	struct rows *rows = rows_of(tui_top(tui));
	char text[MOST_PROMPT + 8];

	memcpy(text, tui->prompt.text, sizeof(text));
	tui->prompt.kind = PROMPT_NONE;
	if (kind == PROMPT_COMMAND)
		command_run(tui, text);
	if (kind == PROMPT_FILTER && rows)
		tui_complain(tui, rows_filter(rows, text));
}

/* A search goes on while it is typed; what is no regular expression yet is passed over. */
static void search_as_typed(struct tui *tui)
{
	struct list *list = list_of(tui_top(tui));

	if (tui->prompt.kind == PROMPT_SEARCH && list)
		error_free(list_search(list, tui->prompt.text, true));
}

static void press_prompt(struct tui *tui, uint32_t press)
{
	switch (prompt_press(&tui->prompt, press)) {
	case PROMPT_GOES_ON:
		break;
	case PROMPT_CHANGED:
		search_as_typed(tui);
		break;
	case PROMPT_COMPLETE:
		if (tui->prompt.kind == PROMPT_COMMAND)
			command_complete(tui);
		break;
	case PROMPT_DONE:
		finish_prompt(tui);
		break;
	case PROMPT_GIVEN_UP:
		tui->prompt.kind = PROMPT_NONE;
		break;
	}
}

/* --- from outside ------------------------------------------------------------------------------------- */

void tui_press(struct tui *tui, uint32_t press)
{
	out_clear(&tui->message);
	tui->is_error = false;
	if (tui->prompt.kind)
		press_prompt(tui, press);
	else
		tui_act(tui, key_action(press, KEYS_EVERYWHERE | tui_top(tui)->screen->keys));
}

bool tui_work(struct tui *tui, uint64_t deadline)
{
	struct view *view = tui_top(tui);
	struct rows *rows = rows_of(view);
	struct list *list = list_of(view);
	bool more = false, found = false;

	if (view->screen->work)
		more = view->screen->work(view, deadline);
	if (rows && clock_now() < deadline)
		more |= rows_work(rows, deadline);
	if (list && list->searching) {
		more |= list_work(list, deadline, &found);
		if (!found && !list->searching)
			tui_say(tui, "nothing fits %s", list->wanted);
	}
	return more;
}

void tui_draw(struct tui *tui)
{
	struct view *view = tui_top(tui);
	struct area body;

	display_clear(&tui->display);
	bars_draw(tui, &body);
	if (body.rows > 0 && view->screen->draw)
		view->screen->draw(view, &body);
}
