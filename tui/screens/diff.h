/* What the screens of a comparison share. */
#pragma once

#include "tui/view.h"

/* Signs of what changed, which stand beside each colour; by enum row_change. */
static inline const char *change_sign(enum row_change change)
{
	static const char *const signs[] = { [ROW_REMOVED] = "-", [ROW_ADDED] = "+", [ROW_CHANGED] = "~" };

	return signs[change];
}

static inline enum look change_look(enum row_change change)
{
	static const enum look looks[] = { [ROW_REMOVED] = LOOK_ALARM, [ROW_ADDED] = LOOK_GOOD,
					   [ROW_CHANGED] = LOOK_WARNING };

	return looks[change];
}

/* "~15" in its colour; "-" where there is none. */
void put_change_count(enum row_change change, uint64_t n, struct out *out, enum look *look);

/* An error where the tables are not compared yet: there is nothing to look at then. */
struct error *diff_ready(struct view *view, const struct comparing **ret) __attribute__((warn_unused_result));

/* The command that compares the tables NAMES ("fd,socket"). */
void put_diff_command(struct view *view, const char *names, struct out *out);

/* Esc: ends the comparison; false where it is over. */
bool diff_cancel(struct view *view);

/* A link to a process: in after, or where it is gone in before. */
struct link link_to_task(const struct comparison *comparison, uint32_t before, uint32_t after);

/* The task that a region is of: after, or where it is gone before. */
const struct process *region_task(const struct comparison *comparison, const struct memory_region *region);

/* Its protection; "" where nothing says. */
const char *region_prot(const struct comparison *comparison, const struct memory_region *region);

/* A strip of signs: how much of each part of a region changed. HALVED: at most half as many as there are parts. */
void put_heat(const struct memory_region *region, bool halved, struct out *out);
