#include "tui/screens/diff.h"

void put_change_count(enum row_change change, uint64_t n, struct out *out, enum look *look)
{
	if (n)
		out_printf(out, "%s%llu", change_sign(change), (unsigned long long)n);
	else
		out_char(out, '.');
	*look = n ? change_look(change) : LOOK_DIM;
}

struct error *diff_ready(struct view *view, const struct comparing **ret)
{
	struct comparing *comparing = NULL;
	struct error *error = tui_compare(view->tui, &comparing);

	if (!error && comparing_look(comparing) == COMPARING_TABLES)
		error = error_new(ERROR_USAGE, "the tables are being compared: d shows how far it is");
	if (error)
		return error;
	view->checkpoint = view->tui->checkpoint;
	*ret = comparing;
	return NULL;
}

void put_diff_command(struct view *view, const char *names, struct out *out)
{
	out_printf(out, "diff --tables %s", names);
	put_reveal(view, out);
	put_compared(view, out);
}

bool diff_cancel(struct view *view)
{
	if (comparing_look(view->tui->comparing) == COMPARING_OVER)
		return false;
	comparing_stop(view->tui->comparing);
	tui_say(view->tui, "ended");
	return true;
}

struct link link_to_task(const struct comparison *comparison, uint32_t before, uint32_t after)
{
	struct link link = LINK_TO(&screen_process);

	link.checkpoint = after == NO_ROW ? comparison->before : comparison->after;
	link.row = after == NO_ROW ? before : after;
	return link;
}

/* --- regions ------------------------------------------------------------------------------------------- */

const struct process *region_task(const struct comparison *comparison, const struct memory_region *region)
{
	return region->process_after != NO_ROW ? &comparison->after->processes.items[region->process_after]
					       : &comparison->before->processes.items[region->process_before];
}

const char *region_prot(const struct comparison *comparison, const struct memory_region *region)
{
	bool is_before;
	const struct vma *vma = region_vma(comparison, region, &is_before);

	return vma ? vma->prot : "";
}

/* Of two parts that are one sign. */
static uint8_t heat_of_both(uint8_t a, uint8_t b)
{
	if (a == b || a == HEAT_NOTHING || b == HEAT_NOTHING)
		return a > b ? a : b;
	return a + b == HEAT_SAME + HEAT_SOME ? HEAT_SOME : HEAT_MUCH;
}

void put_heat(const struct memory_region *region, bool halved, struct out *out)
{
	static const enum glyph glyphs[] = { [HEAT_SAME] = GLYPH_HEAT_SAME, [HEAT_SOME] = GLYPH_HEAT_SOME,
					     [HEAT_MUCH] = GLYPH_HEAT_MUCH, [HEAT_ALL] = GLYPH_HEAT_ALL };
	uint32_t parts = halved && region->n_heat > HEAT_CELLS / 2 ? 2 : 1;

	for (uint32_t i = 0; i < region->n_heat; i += parts) {
		uint8_t heat = region->heat[i];

		if (parts == 2 && i + 1 < region->n_heat)
			heat = heat_of_both(heat, region->heat[i + 1]);
		out_text(out, heat == HEAT_NOTHING ? " " : glyph_text(glyphs[heat], !out->utf8));
	}
}
