/*
 * A diff as Markdown, for the comment of a pull request: bounded, whatever differs.
 *
 * Everything from the evidence stands in a code span, in which nothing is markup; the two characters that could
 * end one, or a cell, have the escaper's spelling.
 */
#include <stdlib.h>

#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "inspect/reports/diff.h"

enum {
	MOST_ROWS = 25,   /* of a table, and of the memory */
	MOST_COLUMNS = 8, /* of a row that came, went or changed */
	MOST_TEXT = 120,  /* columns of a code span */
};

struct markdown_view {
	struct diff_step *step;
	struct out *out, cell, cut;
	struct arena arena;
};

/* What .cell holds, as a code span; an empty one would be no span. */
static void put_span(struct markdown_view *view)
{
	struct bytes text;

	text_cut(&view->cut, out_held(&view->cell), MOST_TEXT);
	text = out_held(&view->cut);
	out_char(view->out, '`');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '`' || text.data[i] == '|')
			out_printf(view->out, "\\x%02x", text.data[i]);
		else
			out_char(view->out, (char)text.data[i]);
	}
	out_text(view->out, text.len ? "`" : " `");
	out_clear(&view->cell);
	out_clear(&view->cut);
}

static void put_text(struct markdown_view *view, struct bytes text)
{
	escape_text(&view->cell, text);
	put_span(view);
}

static void put_value(struct markdown_view *view, const struct table_diff *diff, bool is_before,
		      uint32_t row, size_t column)
{
	struct value value;

	diff_cell(view->step, diff, is_before, row, column, &view->arena, &value);
	render_value(&value, &view->cell);
	put_span(view);
}

/* --- tables ---------------------------------------------------------------------------------------- */

static void put_cells(struct markdown_view *view, const struct table_diff *diff,
		      const struct row_difference *difference, bool of_key)
{
	size_t n = 0;

	for (size_t i = 0; i < diff->after.n_columns; i++) {
		const struct column *column = diff->after.columns[i];

		if (diff->is_key[i] != of_key ||
		    (!of_key && (diff->is_noise[i] || column->detail || n == MOST_COLUMNS)))
			continue;
		out_printf(view->out, "%s%s ", n++ ? ", " : "", column->name);
		put_value(view, diff, is_told_by_before(difference), told_row(difference), i);
	}
}

static void put_columns(struct markdown_view *view, const struct table_diff *diff,
			const struct row_difference *difference)
{
	size_t n = 0;

	for (size_t i = 0; i < diff->after.n_columns; i++) {
		if (!cell_differs(&view->step->comparison, diff, difference, i, &view->arena))
			continue;
		if (n == MOST_COLUMNS) {
			out_text(view->out, ", and more");
			return;
		}
		out_printf(view->out, "%s%s ", n++ ? ", " : "", diff->after.columns[i]->name);
		put_value(view, diff, true, difference->before, i);
		out_text(view->out, " → ");
		put_value(view, diff, false, difference->after, i);
	}
}

static void put_rows(struct markdown_view *view, const struct table_diff *diff)
{
	static const char *const words[] = { "removed", "added", "changed" };

	out_printf(view->out, "\n### %s\n\n| | row | |\n| --- | --- | --- |\n", diff->table->name);
	for (size_t i = 0; i < diff->n && i < MOST_ROWS; i++) {
		const struct row_difference *difference = &diff->differences[i];

		out_printf(view->out, "| %s | ", words[difference->change]);
		put_cells(view, diff, difference, true);
		out_text(view->out, " | ");
		if (difference->change == ROW_CHANGED)
			put_columns(view, diff, difference);
		else
			put_cells(view, diff, difference, false);
		out_text(view->out, " |\n");
		arena_reset(&view->arena);
	}
	if (diff->n > MOST_ROWS)
		out_printf(view->out, "\n... and %zu more\n", diff->n - MOST_ROWS);
}

static void put_tables(struct markdown_view *view, const struct table_diff *diffs)
{
	const struct diff_step *step = view->step;
	size_t n = 0;

	for (size_t i = 0; i < step->n_tables; i++) {
		if (!diffs[i].n)
			continue;
		if (!n++)
			out_text(view->out, "| table | added | removed | changed |\n"
					    "| --- | ---: | ---: | ---: |\n");
		out_printf(view->out, "| %s | %zu | %zu | %zu |\n", diffs[i].table->name,
			   diffs[i].n_changes[ROW_ADDED], diffs[i].n_changes[ROW_REMOVED],
			   diffs[i].n_changes[ROW_CHANGED]);
	}
	if (!n && step->n_tables)
		out_printf(view->out, "%zu tables are the same.\n", step->n_tables);
	for (size_t i = 0; i < step->n_tables; i++)
		if (diffs[i].n)
			put_rows(view, &diffs[i]);
}

/* --- memory ------------------------------------------------------------------------------------------ */

static void put_counts(struct markdown_view *view, const struct page_tally *tally)
{
	for (int i = 0; i < N_PAGE_CHANGES; i++)
		out_printf(view->out, " %llu |", (unsigned long long)tally->pages[i]);
	out_printf(view->out, " %llu |\n", (unsigned long long)tally->bytes_changed);
}

static void put_region(struct markdown_view *view, const struct memory_region *region)
{
	const struct process *process = region_process(&view->step->comparison, region, false);
	struct bytes name = region_name(&view->step->comparison, region);

	if (!process)
		process = region_process(&view->step->comparison, region, true);
	out_printf(view->out, "| %u | `%llx-%llx` | ", process->pid, (unsigned long long)region->after,
		   (unsigned long long)region->after + region->len);
	if (name.data)
		put_text(view, name);
	out_text(view->out, " |");
	put_counts(view, &region->tally);
}

static void put_memory(struct markdown_view *view)
{
	struct memory_diff *memory = diff_memory_begin(view->step, false);
	struct memory_region region;
	size_t n = 0;

	if (!memory)
		return;
	out_text(view->out, "\n### memory\n\n| pid | mapping | | same | changed | new | gone | unknown | "
			    "bytes differ |\n"
			    "| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
	while (memory_diff_next(memory, &region))
		if (tally_differing(&region.tally) && n++ < MOST_ROWS)
			put_region(view, &region);
	out_text(view->out, "| | all pages | |");
	put_counts(view, memory_diff_total(memory));
	if (n > MOST_ROWS)
		out_printf(view->out, "\n... and %zu more mappings that differ\n", n - MOST_ROWS);
	diff_memory_end(view->step, memory);
}

void diff_render_markdown(struct diff_step *step)
{
	struct markdown_view view = { .step = step, .out = &step->invocation->out };
	struct table_diff *diffs = arena_zalloc(&step->comparison.arena,
						(step->n_tables + 1) * sizeof(*diffs));

	out_init(&view.cell, -1);
	out_init(&view.cut, -1);
	arena_init(&view.arena);
	for (size_t i = 0; i < step->n_tables; i++)
		diff_table(step, step->tables[i], &diffs[i]);
	out_text(view.out, "## ");
	put_text(&view, bytes_of(step->before));
	out_text(view.out, " → ");
	put_text(&view, bytes_of(step->after));
	out_text(view.out, "\n\n");
	put_tables(&view, diffs);
	put_memory(&view);
	arena_deinit(&view.arena);
	out_deinit(&view.cut);
	out_deinit(&view.cell);
}
