/* A diff for people: first how much differs, then what. Lines fit a terminal, or are cut to it. */
#include <stdlib.h>

#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "decoders/base/human.h"
#include "inspect/reports/diff.h"

struct text_view {
	struct diff_step *step;
	struct out *out, line, cell;
	struct arena arena; /* of one row's computed text */
	struct table_diff *tables;
	struct memory_region *regions; /* those that differ, without their ranges */
	size_t n_regions, room;
	struct page_tally total;
	bool has_memory;
};

static void end_line(struct text_view *view)
{
	text_cut(view->out, out_held(&view->line), view->out->width);
	out_char(view->out, '\n');
	out_clear(&view->line);
}

/* --- the summary ------------------------------------------------------------------------------------ */

static void put_counts(const struct table_diff *diff, struct out *out)
{
	static const char *const words[] = { "removed", "added", "changed" };
	static const enum row_change order[] = { ROW_ADDED, ROW_REMOVED, ROW_CHANGED };
	const char *between = "";

	for (int i = 0; i < 3; i++) {
		if (!diff->n_changes[order[i]])
			continue;
		out_printf(out, "%s%zu %s", between, diff->n_changes[order[i]], words[order[i]]);
		between = ", ";
	}
}

static void put_side(struct text_view *view, const char *label, const char *path)
{
	out_text(&view->line, label);
	escape_text(&view->line, bytes_of(path));
	end_line(view);
}

/* "1 task that is gone (7), ..."; nothing where all are the same. */
static void put_tasks(struct text_view *view)
{
	const struct comparison *comparison = &view->step->comparison;
	size_t n_same = 0, n_renamed = 0;

	for (uint32_t row = 0; row < comparison->before->processes.n; row++) {
		uint32_t other = comparison->pairs.after_of[row];

		if (other == NO_ROW)
			continue;
		n_same++;
		n_renamed += comparison->before->processes.items[row].pid !=
			     comparison->after->processes.items[other].pid;
	}
	out_printf(&view->line, "tasks    %zu in both", n_same);
	if (n_renamed)
		out_printf(&view->line, " (%zu by another pid)", n_renamed);
	out_printf(&view->line, ", %zu new, %zu gone", comparison->after->processes.n - n_same,
		   comparison->before->processes.n - n_same);
	end_line(view);
}

static void put_tables(struct text_view *view)
{
	size_t n_differing = 0;

	for (size_t i = 0; i < view->step->n_tables; i++)
		n_differing += view->tables[i].n > 0;
	if (!view->step->n_tables) {
		out_text(&view->line, "tables   not compared");
		end_line(view);
		return;
	}
	out_printf(&view->line, "tables   %zu of %zu differ", n_differing, view->step->n_tables);
	end_line(view);
	for (size_t i = 0; i < view->step->n_tables; i++) {
		if (!view->tables[i].n)
			continue;
		out_printf(&view->line, "  %-16s ", view->tables[i].table->name);
		put_counts(&view->tables[i], &view->line);
		end_line(view);
	}
}

/* "4071 same, 15 changed, ..."; what is not there is left out, but same. */
static void put_tally(const struct page_tally *tally, struct out *out)
{
	out_printf(out, "%llu same", (unsigned long long)tally->pages[PAGES_SAME]);
	for (int i = PAGES_CHANGED; i < N_PAGE_CHANGES; i++)
		if (tally->pages[i])
			out_printf(out, ", %llu %s", (unsigned long long)tally->pages[i],
				   page_change_name((enum page_change)i));
}

/* What is beyond the counts; nothing where there is nothing. */
static void put_more(const struct page_tally *tally, struct out *out)
{
	const char *between = "";

	if (tally->bytes_changed) {
		out_printf(out, "%llu bytes differ", (unsigned long long)tally->bytes_changed);
		between = ", ";
	}
	if (tally->in_parent) {
		out_printf(out, "%s%llu left to the parent", between,
			   (unsigned long long)tally->in_parent);
		between = ", ";
	}
	if (tally->stored_again)
		out_printf(out, "%s%llu stored again, unchanged", between,
			   (unsigned long long)tally->stored_again);
}

static bool has_more(const struct page_tally *tally)
{
	return tally->bytes_changed || tally->in_parent || tally->stored_again;
}

static void put_summary(struct text_view *view)
{
	put_side(view, "before   ", view->step->before);
	put_side(view, "after    ", view->step->after);
	put_tasks(view);
	put_tables(view);
	if (!view->has_memory)
		return;
	out_text(&view->line, "pages    ");
	put_tally(&view->total, &view->line);
	end_line(view);
	if (has_more(&view->total)) {
		out_text(&view->line, "         ");
		put_more(&view->total, &view->line);
		end_line(view);
	}
}

/* --- rows -------------------------------------------------------------------------------------------- */

static void put_value(struct text_view *view, const struct table_diff *diff, bool is_before, uint32_t row,
		      size_t column)
{
	struct value value;

	diff_cell(view->step, diff, is_before, row, column, &view->arena, &value);
	render_value(&value, &view->line);
}

static bool is_null(struct text_view *view, const struct table_diff *diff, bool is_before, uint32_t row,
		    size_t column)
{
	struct value value;

	diff_cell(view->step, diff, is_before, row, column, &view->arena, &value);
	return value.type == VALUE_NULL;
}

/* "pid 7, fd 3" */
static void put_key(struct text_view *view, const struct table_diff *diff,
		    const struct row_difference *difference)
{
	const char *between = "";

	for (size_t i = 0; i < diff->after.n_columns; i++) {
		if (!diff->is_key[i] ||
		    is_null(view, diff, is_told_by_before(difference), told_row(difference), i))
			continue;
		out_printf(&view->line, "%s%s ", between, diff->after.columns[i]->name);
		put_value(view, diff, is_told_by_before(difference), told_row(difference), i);
		between = ", ";
	}
	if (!*between)
		out_text(&view->line, diff->table->name);
}

/* What a listing would show of a row that came or went, behind its key. */
static void put_rest(struct text_view *view, const struct table_diff *diff,
		     const struct row_difference *difference)
{
	const char *between = ": ";

	for (size_t i = 0; i < diff->after.n_columns; i++) {
		const struct column *column = diff->after.columns[i];

		if (diff->is_key[i] || diff->is_noise[i] || column->detail ||
		    is_null(view, diff, is_told_by_before(difference), told_row(difference), i))
			continue;
		out_printf(&view->line, "%s%s ", between, column->name);
		put_value(view, diff, is_told_by_before(difference), told_row(difference), i);
		between = ", ";
	}
}

static void put_columns(struct text_view *view, const struct table_diff *diff,
			const struct row_difference *difference)
{
	for (size_t i = 0; i < diff->after.n_columns; i++) {
		if (!cell_differs(&view->step->comparison, diff, difference, i, &view->arena))
			continue;
		out_printf(&view->line, "      %s  ", diff->after.columns[i]->name);
		put_value(view, diff, true, difference->before, i);
		out_text(&view->line, " -> ");
		put_value(view, diff, false, difference->after, i);
		end_line(view);
	}
}

static void put_row(struct text_view *view, const struct table_diff *diff,
		    const struct row_difference *difference)
{
	static const char *const signs[] = { "  - ", "  + ", "  ~ " };

	out_text(&view->line, signs[difference->change]);
	put_key(view, diff, difference);
	if (difference->change != ROW_CHANGED)
		put_rest(view, diff, difference);
	end_line(view);
	if (difference->change == ROW_CHANGED)
		put_columns(view, diff, difference);
	arena_reset(&view->arena);
}

static void put_heading(struct text_view *view, const char *text)
{
	out_char(view->out, '\n');
	out_style(view->out, STYLE_BOLD);
	out_text(view->out, text);
	out_style(view->out, STYLE_PLAIN);
}

static void put_table(struct text_view *view, const struct table_diff *diff)
{
	if (!diff->n)
		return;
	put_heading(view, diff->table->name);
	out_text(&view->line, ": ");
	put_counts(diff, &view->line);
	end_line(view);
	for (size_t i = 0; i < diff->n; i++)
		put_row(view, diff, &diff->differences[i]);
}

/* --- memory -------------------------------------------------------------------------------------------- */

static void put_process(struct text_view *view, const struct memory_region *region)
{
	const struct process *before = region_process(&view->step->comparison, region, true);
	const struct process *after = region_process(&view->step->comparison, region, false);
	const struct process *one = after ? after : before;

	out_printf(&view->line, "  pid %u", one->pid);
	if (before && after && before->pid != after->pid)
		out_printf(&view->line, " (was %u)", before->pid);
	if (one->comm.data) {
		out_char(&view->line, ' ');
		escape_text(&view->line, one->comm);
	}
	out_text(&view->line, !after ? ": gone" : !before ? ": new" : "");
	end_line(view);
}

static void put_map(struct text_view *view, const struct memory_region *region)
{
	static const char signs[] = { [HEAT_NOTHING] = ' ', [HEAT_SAME] = '.', [HEAT_SOME] = '-',
				      [HEAT_MUCH] = '+', [HEAT_ALL] = '#' };

	out_text(&view->line, "      [");
	for (uint32_t i = 0; i < region->n_heat; i++)
		out_char(&view->line, signs[region->heat[i]]);
	out_text(&view->line, "] ");
}

static void put_place(struct text_view *view, const struct memory_region *region)
{
	bool is_before;
	const struct vma *vma = region_vma(&view->step->comparison, region, &is_before);
	struct bytes name = region_name(&view->step->comparison, region);

	out_printf(&view->line, "    %llx-%llx ", (unsigned long long)region->after,
		   (unsigned long long)region->after + region->len);
	if (vma)
		out_printf(&view->line, "%s ", vma->prot);
	print_size(region->len, &view->line);
	if (name.data) {
		out_char(&view->line, ' ');
		escape_text(&view->line, name);
	}
	if (region->moved)
		out_printf(&view->line, " (moved from %llx)", (unsigned long long)region->before);
	else if (region->is_gone && region->vma_before != NO_ROW)
		out_text(&view->line, " (no longer mapped)");
	end_line(view);
}

static void put_region(struct text_view *view, const struct memory_region *region)
{
	put_place(view, region);
	put_map(view, region);
	put_tally(&region->tally, &view->line);
	end_line(view);
	if (has_more(&region->tally)) {
		out_text(&view->line, "        ");
		put_more(&region->tally, &view->line);
		end_line(view);
	}
}

/* Two lines of the same bytes, one below the other. */
static void put_line(void *context, uint64_t address, const uint8_t *before, const uint8_t *after,
		     size_t len)
{
	struct text_view *view = context;

	for (int side = 0; side < 2; side++) {
		if (side)
			out_repeat(&view->line, ' ', 16);
		else
			out_printf(&view->line, "%16llx", (unsigned long long)address);
		out_text(&view->line, side ? " +" : " -");
		for (size_t i = 0; i < len; i++)
			out_printf(&view->line, "%s%02x", i % 8 ? " " : "  ", (side ? after : before)[i]);
		end_line(view);
	}
}

static void put_ranges(struct text_view *view, struct memory_diff *memory,
		       const struct memory_region *region)
{
	uint32_t page_size = view->step->comparison.after->page_size;

	for (size_t i = 0; i < region->n_ranges; i++) {
		const struct page_range *range = &region->ranges[i];
		uint64_t first = range->change == PAGES_GONE ? range->before : range->after;

		out_printf(&view->line, "      %-12s 0x%llx",
			   range->stored_again ? "stored again" : page_change_name(range->change),
			   (unsigned long long)first);
		if (range->n > 1)
			out_printf(&view->line, " to 0x%llx, %llu pages",
				   (unsigned long long)first + range->n * page_size,
				   (unsigned long long)range->n);
		end_line(view);
		if (view->step->invocation->options.show_bytes)
			diff_lines(view->step, memory, range, put_line, view);
	}
}

static bool is_worth_a_line(const struct memory_region *region)
{
	return tally_differing(&region->tally) || region->tally.stored_again || region->moved;
}

static bool is_other_task(const struct memory_region *a, const struct memory_region *b)
{
	return a->process_before != b->process_before || a->process_after != b->process_after;
}

static void put_memory_heading(struct text_view *view)
{
	put_heading(view, "memory");
	out_text(&view->line, ": [.] same  [-] less than a quarter  [+] more  [#] all pages differ");
	end_line(view);
}

/* The regions that were found. */
static void put_regions(struct text_view *view)
{
	if (view->n_regions)
		put_memory_heading(view);
	for (size_t i = 0; i < view->n_regions; i++) {
		if (i == 0 || is_other_task(&view->regions[i - 1], &view->regions[i]))
			put_process(view, &view->regions[i]);
		put_region(view, &view->regions[i]);
	}
}

/* The same with their pages, for which the memory is compared once more: they are too many to keep. */
static void put_regions_with_pages(struct text_view *view)
{
	struct memory_diff *memory = view->n_regions ? diff_memory_begin(view->step, true) : NULL;
	struct memory_region region, last = { .process_before = NO_ROW, .process_after = NO_ROW };

	if (memory)
		put_memory_heading(view);
	while (memory && memory_diff_next(memory, &region)) {
		if (!is_worth_a_line(&region))
			continue;
		if (is_other_task(&last, &region))
			put_process(view, &region);
		last = region;
		put_region(view, &region);
		put_ranges(view, memory, &region);
		diff_check_ranges(view->step, &region);
	}
	diff_memory_end(view->step, memory);
}

/* --- all of it ------------------------------------------------------------------------------------------- */

static void keep_region(struct text_view *view, const struct memory_region *region)
{
	if (view->n_regions == view->room) {
		view->room = view->room ? 2 * view->room : 64;
		view->regions = realloc(view->regions, view->room * sizeof(*view->regions));
		if (!view->regions)
			out_of_memory();
	}
	view->regions[view->n_regions++] = *region;
}

static void compare(struct text_view *view)
{
	struct diff_step *step = view->step;
	struct memory_diff *memory;
	struct memory_region region;

	view->tables = arena_zalloc(&step->comparison.arena, (step->n_tables + 1) * sizeof(*view->tables));
	for (size_t i = 0; i < step->n_tables; i++)
		diff_table(step, step->tables[i], &view->tables[i]);
	memory = diff_memory_begin(step, false);
	if (!memory)
		return;
	while (memory_diff_next(memory, &region))
		if (is_worth_a_line(&region))
			keep_region(view, &region);
	view->total = *memory_diff_total(memory);
	view->has_memory = true;
	diff_memory_end(step, memory);
}

void diff_render_text(struct diff_step *step)
{
	const struct options *options = &step->invocation->options;
	struct text_view view = { .step = step, .out = &step->invocation->out };

	out_init(&view.line, -1);
	out_init(&view.cell, -1);
	arena_init(&view.arena);
	compare(&view);
	put_summary(&view);
	for (size_t i = 0; i < step->n_tables; i++)
		put_table(&view, &view.tables[i]);
	if (options->pages || options->show_bytes)
		put_regions_with_pages(&view);
	else
		put_regions(&view);
	free(view.regions);
	arena_deinit(&view.arena);
	out_deinit(&view.line);
	out_deinit(&view.cell);
}
