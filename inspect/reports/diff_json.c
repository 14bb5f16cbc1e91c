/* A diff as JSON: an object with a key a table, and one for the memory. */
#include "db/tables/render.h"
#include "inspect/reports/diff.h"

/* --- tables --------------------------------------------------------------------------------------- */

struct row_view {
	struct diff_step *step;
	const struct table_diff *diff;
	struct json *json;
	struct arena arena; /* of one row's computed text */
};

static void put_cell(struct row_view *view, bool is_before, uint32_t row, size_t column)
{
	struct value value;

	diff_cell(view->step, view->diff, is_before, row, column, &view->arena, &value);
	render_value_json(&value, view->json);
}

static void put_named_cell(struct row_view *view, const char *name, bool is_before, uint32_t row,
			   size_t column)
{
	json_key(view->json, name);
	put_cell(view, is_before, row, column);
}

static void put_whole_row(struct row_view *view, const struct row_difference *difference)
{
	const struct listing *listing = &view->diff->after;

	json_object_begin(view->json);
	for (size_t i = 0; i < listing->n_columns; i++)
		put_named_cell(view, listing->columns[i]->name, is_told_by_before(difference),
			       told_row(difference), i);
	json_object_end(view->json);
}

static void put_changed_row(struct row_view *view, const struct row_difference *difference)
{
	const struct listing *listing = &view->diff->after;
	struct json *json = view->json;

	json_object_begin(json);
	json_key(json, "key");
	json_object_begin(json);
	for (size_t i = 0; i < listing->n_columns; i++)
		if (view->diff->is_key[i])
			put_named_cell(view, listing->columns[i]->name, false, difference->after, i);
	json_object_end(json);
	json_key(json, "columns");
	json_object_begin(json);
	for (size_t i = 0; i < listing->n_columns; i++) {
		if (!cell_differs(&view->step->comparison, view->diff, difference, i, &view->arena))
			continue;
		json_key(json, listing->columns[i]->name);
		json_object_begin(json);
		put_named_cell(view, "before", true, difference->before, i);
		put_named_cell(view, "after", false, difference->after, i);
		json_object_end(json);
	}
	json_object_end(json);
	json_object_end(json);
}

static void put_changes(struct row_view *view, const char *name, enum row_change change)
{
	json_key(view->json, name);
	json_array_begin(view->json);
	for (size_t i = 0; i < view->diff->n; i++) {
		const struct row_difference *difference = &view->diff->differences[i];

		if (difference->change != change)
			continue;
		if (change == ROW_CHANGED)
			put_changed_row(view, difference);
		else
			put_whole_row(view, difference);
		arena_reset(&view->arena);
	}
	json_array_end(view->json);
}

static void put_table(struct diff_step *step, const struct table *table, struct json *json)
{
	struct table_diff diff;
	struct row_view view = { .step = step, .diff = &diff, .json = json };

	arena_init(&view.arena);
	diff_table(step, table, &diff);
	json_key(json, table->name);
	json_object_begin(json);
	put_changes(&view, "added", ROW_ADDED);
	put_changes(&view, "removed", ROW_REMOVED);
	put_changes(&view, "changed", ROW_CHANGED);
	json_object_end(json);
	arena_deinit(&view.arena);
}

/* --- memory ---------------------------------------------------------------------------------------- */

static void put_hex(struct json *json, const char *key, bool is_there, uint64_t value)
{
	json_key(json, key);
	if (is_there)
		json_hex(json, value);
	else
		json_null(json);
}

static void put_pid(struct json *json, const char *key, const struct process *process)
{
	json_key(json, key);
	if (process)
		json_u64(json, process->pid);
	else
		json_null(json);
}

static void put_tally(struct json *json, const struct page_tally *tally)
{
	for (int i = 0; i < N_PAGE_CHANGES; i++)
		json_key_u64(json, page_change_name((enum page_change)i), tally->pages[i]);
	json_key_u64(json, "in_parent", tally->in_parent);
	json_key_u64(json, "stored_again", tally->stored_again);
	json_key_u64(json, "bytes_changed", tally->bytes_changed);
}

/* Pages that are gone have the address that they had. */
static void put_addresses(struct json *json, const char *key, const struct memory_region *region,
			  uint32_t page_size, enum page_change change)
{
	json_key(json, key);
	json_array_begin(json);
	for (size_t i = 0; i < region->n_ranges; i++) {
		const struct page_range *range = &region->ranges[i];
		uint64_t first = change == PAGES_GONE ? range->before : range->after;

		for (uint64_t page = 0; range->change == change && page < range->n; page++)
			json_hex(json, first + page * page_size);
	}
	json_array_end(json);
}

static void put_pages(struct json *json, const struct memory_region *region, uint32_t page_size)
{
	json_key(json, "pages");
	json_object_begin(json);
	put_addresses(json, "changed", region, page_size, PAGES_CHANGED);
	put_addresses(json, "new", region, page_size, PAGES_NEW);
	put_addresses(json, "gone", region, page_size, PAGES_GONE);
	put_addresses(json, "unknown", region, page_size, PAGES_UNKNOWN);
	put_addresses(json, "stored_again", region, page_size, PAGES_SAME);
	json_object_end(json);
}

static void put_digits(struct json *json, const char *key, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * DIFF_LINE];

	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	json_key(json, key);
	json_text(json, (struct bytes){ (const uint8_t *)text, 2 * len });
}

static void put_line(void *context, uint64_t address, const uint8_t *before, const uint8_t *after,
		     size_t len)
{
	struct json *json = context;

	json_object_begin(json);
	put_hex(json, "addr", true, address);
	put_digits(json, "before", before, len);
	put_digits(json, "after", after, len);
	json_object_end(json);
}

static void put_bytes(struct diff_step *step, struct memory_diff *memory,
		      const struct memory_region *region, struct json *json)
{
	json_key(json, "bytes");
	json_array_begin(json);
	for (size_t i = 0; i < region->n_ranges; i++)
		diff_lines(step, memory, &region->ranges[i], put_line, json);
	json_array_end(json);
}

static void put_region(struct diff_step *step, struct memory_diff *memory,
		       const struct memory_region *region, struct json *json)
{
	const struct options *options = &step->invocation->options;
	const struct process *after = region_process(&step->comparison, region, false);
	bool is_before;
	const struct vma *vma = region_vma(&step->comparison, region, &is_before);

	json_object_begin(json);
	put_pid(json, "pid", after ? after : region_process(&step->comparison, region, true));
	put_pid(json, "before_pid", region_process(&step->comparison, region, true));
	put_pid(json, "after_pid", after);
	put_hex(json, "start", true, region->after);
	put_hex(json, "end", true, region->after + region->len);
	put_hex(json, "before_start", region->moved, region->before);
	json_key(json, "kind");
	json_text(json, bytes_of(vma ? vma->kind : "pages"));
	json_key(json, "prot");
	json_text(json, bytes_of(vma ? vma->prot : ""));
	json_key(json, "name");
	json_text(json, region_name(&step->comparison, region).data ? region_name(&step->comparison, region) : BYTES(""));
	json_key(json, "mapped");
	json_bool(json, !region->is_gone);
	json_key(json, "moved");
	json_bool(json, region->moved);
	put_tally(json, &region->tally);
	if (options->pages)
		put_pages(json, region, step->comparison.after->page_size);
	if (options->show_bytes)
		put_bytes(step, memory, region, json);
	json_object_end(json);
}

static void put_memory(struct diff_step *step, struct json *json)
{
	const struct options *options = &step->invocation->options;
	struct memory_diff *memory = diff_memory_begin(step, options->pages || options->show_bytes);
	struct memory_region region;

	json_key(json, "memory");
	json_array_begin(json);
	while (memory && memory_diff_next(memory, &region)) {
		put_region(step, memory, &region, json);
		diff_check_ranges(step, &region);
	}
	json_array_end(json);
	if (memory) {
		json_key(json, "memory_total");
		json_object_begin(json);
		put_tally(json, memory_diff_total(memory));
		json_object_end(json);
	}
	diff_memory_end(step, memory);
}

void diff_render_json(struct diff_step *step, struct json *json)
{
	json_object_begin(json);
	json_key(json, "before");
	json_text(json, bytes_of(step->before));
	json_key(json, "after");
	json_text(json, bytes_of(step->after));
	for (size_t i = 0; i < step->n_tables; i++)
		put_table(step, step->tables[i], json);
	if (step->has_memory)
		put_memory(step, json);
	json_key(json, "differs");
	json_bool(json, step->differs);
	json_object_end(json);
}
