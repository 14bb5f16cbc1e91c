/* What the files of the room's core share. */
#pragma once

#include "tui/view.h"

/* --- bars.c --- */

/* The first line, the one of messages, and that of keys; *ret is what is left between them. */
void bars_draw(struct tui *tui, struct area *ret);

/* --- commands.c --- */

/* What was typed behind ":". */
void command_run(struct tui *tui, const char *line);

/* --- complete.c --- */

/* Completes what is in the prompt; where there are several ways they are the message. */
void command_complete(struct tui *tui);

/* --- write.c --- */

/* That there is no directory for it. */
struct error *write_nowhere(void) __attribute__((warn_unused_result));

/* Rows that are shown, in a form that the file's name says; or bytes from the mark to the cursor. */
struct error *write_what_is_shown(struct tui *tui, const char *name) __attribute__((warn_unused_result));

/* Goes on with rows that are being written (tui->writing), until DEADLINE; true where there are more. */
bool write_on(struct tui *tui, uint64_t deadline);

/* Ends that, and what is written stays. */
void write_end(struct tui *tui);

/* --- original.c --- */

/* The checkpoint with this id in the index, on a screen of its own; on top of that its process PID, unless ABSENT_U32. */
struct error *original_open(struct tui *tui, int64_t id, uint32_t pid) __attribute__((warn_unused_result));

/* Closes it where no view is about it any more. */
void original_release(struct tui *tui, struct checkpoint *checkpoint);

/* --- copy.c --- */

/* The cell of a column of the selected row; "": all of the row. In bytes the address. */
struct error *tui_copy_selected(struct tui *tui, const char *column) __attribute__((warn_unused_result));

/* --- tui.c --- */

void tui_back(struct tui *tui);

/* Takes the message away: somebody has done something. */
void tui_hush(struct tui *tui);
void put_title(struct view *view, struct out *out);

/* What the view shows at the moment; NULL: no list, no rows of a table. */
static inline struct list *view_list(struct view *view)
{
	return view->screen->list ? view->screen->list(view) : NULL;
}

static inline struct rows *view_rows(struct view *view)
{
	return view->screen->rows ? view->screen->rows(view) : NULL;
}

static inline struct order *view_order(struct view *view)
{
	return view->screen->order ? view->screen->order(view) : NULL;
}

static inline struct hexdump *view_dump(struct view *view)
{
	return view->screen->dump ? view->screen->dump(view) : NULL;
}
