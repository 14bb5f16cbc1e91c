/* The state of it all: what is open, and what keys do. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "tui/clock.h"
#include "tui/internal.h"
#include "tui/widgets/hexdump.h"

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
	tui->is_error = tui->is_offered = false;
}

void tui_offer(struct tui *tui, struct bytes text)
{
	out_clear(&tui->message);
	out_bytes(&tui->message, text);
	tui->is_error = false;
	tui->is_offered = true;
}

void tui_complain(struct tui *tui, struct error *error)
{
	if (!error)
		return;
	out_clear(&tui->message);
	error_print(error, &tui->message);
	tui->is_error = true;
	tui->is_offered = false;
	error_free(error);
}

/* --- opening and closing ---------------------------------------------------------------------------- */

/* VIEW is on the stack no more. */
static void close_view(struct view *view)
{
	struct checkpoint *checkpoint = view->checkpoint;
	struct tui *tui = view->tui;

	if (view->screen->close)
		view->screen->close(view);
	free(view->state);
	free(view);
	original_release(tui, checkpoint);
}

/* The oldest but the first goes where the stack is full. */
static void make_room(struct tui *tui)
{
	struct view *oldest = tui->views[1];

	if (tui->n_views < MOST_VIEWS)
		return;
	memmove(&tui->views[1], &tui->views[2], (MOST_VIEWS - 2) * sizeof(struct view *));
	tui->n_views--;
	close_view(oldest);
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
	if (!view->checkpoint && !link->screen->of_index) {
		free(view);
		return error_new(ERROR_USAGE, "this is an index: \"%s\" is a screen of a checkpoint", link->screen->name);
	}
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

void tui_go(struct tui *tui, const struct link *link)
{
	const struct link *here = &tui_top(tui)->link;

	if (here->screen != link->screen || here->row != link->row || here->table != link->table ||
	    here->column != link->column || here->number != link->number || strcmp(here->text, link->text) != 0)
		tui_open(tui, link);
}

void tui_back(struct tui *tui)
{
	if (tui->n_views > 1)
		close_view(tui->views[--tui->n_views]);
}

/* --- what is kept of lists ----------------------------------------------------------------------------- */

struct kept {
	const struct screen *screen;
	const void *of;
	struct kept_columns columns;
	struct kept *next;
};

struct kept_columns *tui_kept(struct view *view, const void *of)
{
	struct tui *tui = view->tui;
	struct kept *kept = tui->kept;

	while (kept && (kept->screen != view->screen || kept->of != of))
		kept = kept->next;
	if (kept)
		return &kept->columns;
	kept = calloc(1, sizeof(*kept));
	if (!kept)
		out_of_memory();
	*kept = (struct kept){ .screen = view->screen, .of = of, .next = tui->kept };
	tui->kept = kept;
	return &kept->columns;
}

static void forget_kept(struct tui *tui)
{
	while (tui->kept) {
		struct kept *kept = tui->kept;

		tui->kept = kept->next;
		free(kept->columns.columns);
		free(kept);
	}
}

/* --- beginning and end ------------------------------------------------------------------------------------ */

struct error *tui_init(struct tui *tui, struct checkpoint *checkpoint, const struct tui_setup *setup, int rows,
		       int columns)
{
	const struct link first = LINK_TO(setup->index	  ? &screen_index
					  : setup->before ? &screen_diff
							  : screens[0]);
	struct error *error = NULL;

	*tui = (struct tui){ .checkpoint = checkpoint, .setup = setup, .before = setup->before, .reveal = setup->reveal,
			      .mouse = !setup->no_mouse, .ignore_file = -1 };
	display_init(&tui->display, rows, columns, setup->ascii);
	out_init(&tui->message, -1);
	out_init(&tui->copied, -1);
	if (setup->index)
		error = sql_index_open(setup->index, &tui->index);
	if (!error)
		error = open_view(tui, &first);
	if (error)
		tui_deinit(tui);
	return error;
}

void tui_deinit(struct tui *tui)
{
	if (tui->writing)
		write_end(tui);
	while (tui->n_views)
		close_view(tui->views[--tui->n_views]);
	comparing_free(tui->comparing);
	sql_index_close(&tui->index);
	display_deinit(&tui->display);
	out_deinit(&tui->message);
	out_deinit(&tui->copied);
	forget_kept(tui);
	if (tui->ignore_file >= 0)
		close(tui->ignore_file);
}

struct error *tui_compare(struct tui *tui, struct comparing **ret)
{
	const struct tui_setup *setup = tui->setup;
	struct error *error = NULL;

	if (!tui->checkpoint)
		error = error_new(ERROR_USAGE, "what an index led to is not compared here: \"coldcase tui BEFORE AFTER\" does that");
	else if (!tui->before && !setup->open_parent)
		error = error_new(ERROR_USAGE, "one checkpoint alone: start with two, BEFORE and AFTER");
	else if (!tui->before && tui->checkpoint->is_predump)
		error = error_new(ERROR_USAGE, "a pre-dump: start with two, its parent and it");
	else if (!tui->before)
		error = setup->open_parent(setup->context, tui->checkpoint, &tui->before);
	if (error)
		return error;
	if (!tui->comparing) {
		checkpoint_need(tui->before, PART_INVENTORY | PART_ENGINE);
		checkpoint_need(tui->checkpoint, PART_INVENTORY | PART_ENGINE);
		tui->comparing = comparing_new(tui->before, tui->checkpoint);
	}
	*ret = tui->comparing;
	return NULL;
}

void put_title(struct view *view, struct out *out)
{
	if (view->checkpoint && view->checkpoint == view->tui->before)
		out_text(out, "before: ");
	if (view->screen->title)
		view->screen->title(view, out);
	else
		out_text(out, view->screen->name);
}

/* --- the prompt --------------------------------------------------------------------------------------- */

static void finish_prompt(struct tui *tui)
{
	enum prompt_kind kind = tui->prompt.kind;
	struct view *view = tui_top(tui);
	struct rows *rows = view_rows(view);
	char text[MOST_PROMPT + 8];

	memcpy(text, tui->prompt.text, sizeof(text));
	tui->prompt.kind = PROMPT_NONE;
	if (kind == PROMPT_COMMAND)
		command_run(tui, text);
	if (kind == PROMPT_FILTER && rows)
		tui_complain(tui, rows_filter(rows, text));
	else if (kind == PROMPT_FILTER && view_order(view))
		tui_complain(tui, order_filter(view_order(view), text));
	if (kind == PROMPT_SCREEN && view->screen->typed)
		view->screen->typed(view, text);
}

/* A search goes on while it is typed; what is no regular expression yet is passed over. */
static void search_as_typed(struct tui *tui)
{
	struct list *list = view_list(tui_top(tui));
	struct hexdump *dump = view_dump(tui_top(tui));

	if (tui->prompt.kind == PROMPT_SEARCH && list)
		error_free(list_search(list, tui->prompt.text, true));
	else if (tui->prompt.kind == PROMPT_SEARCH && dump)
		error_free(hexdump_search(dump, tui->prompt.text));
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

void tui_hush(struct tui *tui)
{
	out_clear(&tui->message);
	tui->is_error = tui->is_offered = false;
}

static void copy_message(struct tui *tui)
{
	struct out text;

	out_init(&text, -1);
	out_bytes(&text, out_held(&tui->message));
	tui_copy(tui, out_held(&text));
	out_deinit(&text);
}

void tui_press(struct tui *tui, uint32_t press)
{
	enum action action = key_action(press, KEYS_EVERYWHERE | tui_top(tui)->screen->keys);

	if (tui->writing) {
		if (action == ACTION_BACK || action == ACTION_CLOSE || action == ACTION_QUIT)
			write_end(tui);
		return;
	}
	if (!tui->prompt.kind && action == ACTION_COPY && tui->is_offered) {
		copy_message(tui);
		return;
	}
	if (tui->prompt.kind != PROMPT_SEARCH || press != PRESS_ENTER)
		tui_hush(tui); /* else it may be that nothing fits, and that stays */
	if (tui->prompt.kind)
		press_prompt(tui, press);
	else
		tui_act(tui, action);
}

bool tui_work(struct tui *tui, uint64_t deadline)
{
	struct view *view = tui_top(tui);
	struct rows *rows = view_rows(view);
	struct list *list = view_list(view);
	struct hexdump *dump = view_dump(view);
	bool more = false, found = false;

	if (tui->writing)
		return write_on(tui, deadline);
	if (tui->original) {
		int64_t id = tui->original;

		tui->original = 0;
		tui_complain(tui, original_open(tui, id, tui->original_pid));
		return true;
	}
	if (view->screen->work)
		more = view->screen->work(view, deadline);
	if (rows && clock_now() < deadline)
		more |= rows_work(rows, deadline);
	if (view_order(view) && clock_now() < deadline)
		more |= order_work(view_order(view), deadline);
	if (list && list->searching) {
		more |= list_work(list, deadline, &found);
		if (!found && !list->searching)
			tui_say(tui, "nothing fits %s", list->wanted);
	}
	if (dump && dump->find.searching) {
		more |= hexdump_search_on(dump, deadline, &found);
		if (!found && !dump->find.searching)
			tui_say(tui, "nothing fits %s", dump->find.wanted);
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
