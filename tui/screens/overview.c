/*
 * The first screen: what the checkpoint is, and its members.
 *
 * Nothing of it is waited for: parts of the model are loaded between keys, and lines fill as they come.
 */
#include "decoders/base/escape.h"
#include "decoders/base/human.h"
#include "decoders/base/size.h"
#include "decoders/live/live.h"
#include "tui/references.h"

/* What is loaded, a step each. */
static const unsigned steps[] = { PART_TASKS, PART_FILES | PART_FDS, PART_MAPPINGS, PART_PAGES };

struct state {
	size_t step; /* of steps; behind them the list of members */
	bool has_rows;
	struct list list;
	struct rows rows;
};

static struct error *open_overview(struct view *view, const struct link *link)
{
	(void)link;
	checkpoint_need(view->checkpoint, PART_INVENTORY | PART_ENGINE);
	return NULL;
}

static void close_overview(struct view *view)
{
	struct state *state = view->state;

	if (state->has_rows)
		rows_close(&state->rows);
}

static bool work(struct view *view, uint64_t deadline)
{
	struct state *state = view->state;

	(void)deadline;
	if (state->step < ARRAY_SIZE(steps)) {
		checkpoint_need(view->checkpoint, steps[state->step++]);
		return true;
	}
	if (state->step > ARRAY_SIZE(steps))
		return false;
	state->step++;
	tui_complain(view->tui, rows_open(&state->rows, &state->list, view->checkpoint,
					  table_named("member"), NULL, NULL,
					  tui_kept(view, NULL), &view->tui->reveal));
	state->has_rows = true;
	return state->rows.work;
}

/* --- the facts -------------------------------------------------------------------------------------- */

static void put_words(const char *before, struct bytes text, struct out *out)
{
	if (!text.data || !text.len)
		return;
	out_text(out, out->len ? "  " : "");
	out_text(out, before);
	escape_text(out, text);
}

static void put_container(struct view *view, struct out *out)
{
	const struct engine *engine = &view->checkpoint->engine;

	put_words("", engine->container, out);
	put_words("of ", engine->image, out);
	put_words("pod ", engine->pod, out);
	put_words("namespace ", engine->namespace, out);
	put_words("id ", bytes_first(engine->container_id, 12), out);
	if (!out->len)
		out_text(out, live_is(view->checkpoint) ? "none known" : "none: a bare checkpoint");
}

static void put_made(struct view *view, struct out *out)
{
	static const char *const compressions[] = { "", "gzip ", "zstd ", "xz ", "bzip2 ", "lz4 " };
	const struct checkpoint *checkpoint = view->checkpoint;
	const struct source *source = source_outermost(&checkpoint->source);

	out_text(out, checkpoint->engine.producer);
	put_words("with ", checkpoint->engine.runtime, out);
	put_words("CRIU ", checkpoint->engine.criu_version, out);
	if (source->is_directory)
		out_text(out, "  a directory of ");
	else
		out_printf(out, "  a %star archive of ", compressions[source->compression]);
	print_size(source->size, out);
}

static void put_running(struct view *view, struct out *out)
{
	const char *producer = view->checkpoint->engine.producer;

	out_text(out, "now");
	if (strcmp(producer, "criu") != 0)
		put_words("in a container of ", bytes_of(producer), out);
}

static void put_time(struct view *view, struct out *out)
{
	const struct engine *engine = &view->checkpoint->engine;

	put_words("frozen ", engine->checkpointed, out);
	put_words("born ", engine->created, out);
	if (!out->len)
		out_text(out, "not recorded");
}

static void put_machine(struct view *view, struct out *out)
{
	const struct checkpoint *checkpoint = view->checkpoint;

	put_words("", bytes_of(checkpoint->arch), out);
	put_words("Linux ", checkpoint->engine.kernel, out);
	put_words("LSM ", bytes_of(checkpoint->lsm), out);
	if (checkpoint->page_size)
		out_printf(out, "  pages of %u KiB", checkpoint->page_size / 1024);
	put_words("parent ", checkpoint->parent, out);
}

static void put_tasks(struct view *view, struct out *out)
{
	const struct checkpoint *checkpoint = view->checkpoint;
	size_t odd = 0;

	if (checkpoint->is_predump)
		out_text(out, checkpoint->has_inventory ? "INCOMPLETE: a pre-dump, memory and nothing else  "
							: "INCOMPLETE: memory alone, as a page server has it  ");
	else if (!checkpoint->has_inventory && !live_is(checkpoint))
		out_text(out, "INCOMPLETE: no inventory.img, the dump did not finish  ");
	else if (!checkpoint_lists_tasks(checkpoint))
		out_text(out, "INCOMPLETE: no list of tasks  ");
	print_count(checkpoint->processes.n, "process", "processes", out);
	out_text(out, "  ");
	print_count(checkpoint->threads.n, "thread", "threads", out);
	for (size_t i = 0; i < checkpoint->processes.n; i++)
		odd += checkpoint->processes.items[i].state &&
		       strcmp(checkpoint->processes.items[i].state, "alive") != 0;
	if (odd)
		out_printf(out, "  %zu not alive", odd);
}

static void put_files(struct view *view, struct out *out)
{
	const struct checkpoint *checkpoint = view->checkpoint;
	size_t deleted = 0, outside = 0;

	for (size_t i = 0; i < checkpoint->files.n; i++)
		deleted += checkpoint->files.items[i].deleted;
	for (size_t i = 0; i < checkpoint->sockets.n; i++)
		outside += checkpoint->sockets.items[i].is_connected &&
			   !checkpoint->sockets.items[i].peer_inside;
	print_count(checkpoint->fds.n, "descriptor", "descriptors", out);
	if (deleted)
		out_printf(out, "  %zu deleted", deleted);
	out_text(out, "  ");
	print_count(checkpoint->sockets.n, "socket", "sockets", out);
	if (outside)
		out_printf(out, "  %zu to the outside", outside);
}

static void put_memory(struct view *view, struct out *out)
{
	const struct checkpoint *checkpoint = view->checkpoint;
	struct page_counts pages = { 0 };

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		pages.present += checkpoint->processes.items[i].pages_present;
		pages.parent += checkpoint->processes.items[i].pages_parent;
		pages.lazy += checkpoint->processes.items[i].pages_lazy;
	}
	print_count(pages.present, "page", "pages", out);
	if (checkpoint->page_size) {
		out_text(out, ", ");
		print_size(pages.present * checkpoint->page_size, out);
	}
	out_printf(out, " in %zu mappings", checkpoint->vmas.n);
	if (pages.parent)
		out_printf(out, "  %llu in the parent", (unsigned long long)pages.parent);
	if (pages.lazy)
		out_printf(out, "  %llu lazy", (unsigned long long)pages.lazy);
}

static const struct fact {
	const char *name;
	size_t after; /* steps that must be done */
	void (*put)(struct view *view, struct out *out);
} facts[] = {
	{ "container", 0, put_container }, { "made by", 0, put_made },	 { "time", 0, put_time },
	{ "machine", 4, put_machine },	   { "tasks", 1, put_tasks },	 { "files", 2, put_files },
	{ "memory", 4, put_memory },
}, live_facts[] = {
	{ "container", 0, put_container }, { "running", 0, put_running }, { "machine", 4, put_machine },
	{ "tasks", 1, put_tasks },	   { "files", 2, put_files },	  { "memory", 4, put_memory },
};

struct fact_list {
	const struct fact *items;
	int n;
};

static struct fact_list facts_of(const struct view *view)
{
	return live_is(view->checkpoint) ? (struct fact_list){ live_facts, ARRAY_SIZE(live_facts) }
					 : (struct fact_list){ facts, ARRAY_SIZE(facts) };
}

/* Rows that the facts take, so that some are left for the list. */
static int fact_rows(const struct view *view, const struct area *area)
{
	int n = facts_of(view).n;

	return area->rows - 4 >= n ? n : area->rows > 4 ? area->rows - 4 : 0;
}

static void draw_facts(struct view *view, const struct area *area, int n)
{
	const struct fact *fact = facts_of(view).items;
	const struct state *state = view->state;
	struct out out;

	out_init(&out, -1);
	for (int i = 0; i < n; i++, fact++) {
		out_clear(&out);
		area_text(area, i, 1, LOOK_STRONG, fact->name);
		if (state->step >= fact->after)
			fact->put(view, &out);
		else
			out_text(&out, "...");
		area_put(area, i, 12, -1, LOOK_PLAIN, out_held(&out));
	}
	out_deinit(&out);
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;
	int n = fact_rows(view, area);
	struct area below = area_rows(area, n ? n + 1 : 0, -1);

	draw_facts(view, area, n);
	if (n)
		area_rule(area, n, " Members ");
	if (state->has_rows)
		list_draw(&state->list, &below);
	else
		area_text(&below, 0, 2, LOOK_DIM, "...");
}

/* --- the members ------------------------------------------------------------------------------------- */

static struct rows *rows(struct view *view)
{
	struct state *state = view->state;

	return state->has_rows ? &state->rows : NULL;
}

static struct list *list(struct view *view)
{
	struct state *state = view->state;

	return state->has_rows ? &state->list : NULL;
}

static bool follow(struct view *view, struct link *ret)
{
	struct rows *members = rows(view);
	uint32_t row = members ? rows_selected(members) : NO_ROW;

	return row != NO_ROW && row_follow(view->checkpoint, members->table, row, ret);
}

static bool origin(struct view *view, struct origin *ret)
{
	return rows(view) && rows_origin(rows(view), ret);
}

static void title(struct view *view, struct out *out)
{
	const struct source *source = source_outermost(&view->checkpoint->source);

	out_text(out, view->tui->index.path ? "" : "coldcase ");
	escape_text(out, bytes_basename(bytes_of(source->path)));
	out_text(out, view->tui->index.path ? " (original)" : "");
}

static void command(struct view *view, struct out *out)
{
	out_text(out, "show");
	put_checkpoint(view, out);
}

const struct screen screen_overview = {
	.name = "overview",
	.help = "what the checkpoint is, and its members",
	.keys = KEYS_LIST | KEYS_TABLE,
	.state_size = sizeof(struct state),
	.open = open_overview,
	.close = close_overview,
	.title = title,
	.draw = draw,
	.list = list,
	.rows = rows,
	.follow = follow,
	.origin = origin,
	.command = command,
	.work = work,
};
