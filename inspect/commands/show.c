/*
 * show CHECKPOINT: one screen. What it is, when, who, how big, what ran, what is wrong. Of several
 * checkpoints a row each.
 */
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "decoders/live/live.h"
#include "decoders/model/leaves/log.h"
#include "decoders/model/leaves/member.h"
#include "decoders/model/leaves/mount.h"
#include "decoders/model/leaves/stat.h"
#include "inspect/checkpoints.h"
#include "inspect/options.h"
#include "inspect/commands/show_many.h"
#include "decoders/base/human.h"

static void label(const char *text, struct out *out)
{
	out_style(out, STYLE_BOLD);
	out_printf(out, "%-13s", text);
	out_style(out, STYLE_PLAIN);
}

static void print_field(const char *name, struct bytes value, struct out *out)
{
	if (!value.data || value.len == 0)
		return;
	label(name, out);
	escape_text(out, value);
	out_char(out, '\n');
}

static void print_identity(const struct checkpoint *checkpoint, struct out *out)
{
	const struct engine *engine = &checkpoint->engine;

	print_field("container", engine->container, out);
	print_field("id", engine->container_id, out);
	print_field("pod", engine->pod, out);
	print_field("namespace", engine->namespace, out);
	print_field("image", engine->image, out);
	print_field("created", engine->created, out);
	print_field("checkpointed", engine->checkpointed, out);
	print_field("address", engine->ip, out);
}

static void print_head(const struct checkpoint *checkpoint, struct out *out)
{
	static const char *const compressions[] = { "", "gzip ", "zstd ", "xz ", "bzip2 ", "lz4 " };
	const struct source *source = source_outermost(&checkpoint->source);

	label("checkpoint", out);
	escape_text(out, bytes_of(source->path));
	out_char(out, '\n');
	if (live_is(checkpoint)) {
		bool in_container = strcmp(checkpoint->engine.producer, "criu") != 0;

		label("running", out);
		out_printf(out, "now%s%s\n", in_container ? ", in a container of " : "",
			   in_container ? checkpoint->engine.producer : "");
		return;
	}
	label("made by", out);
	out_text(out, checkpoint->engine.producer);
	if (checkpoint->engine.is_wrapped)
		out_text(out, ", in an OCI image");
	if (source->is_directory)
		out_text(out, ", a directory of ");
	else
		out_printf(out, ", a %star archive of ", compressions[source->compression]);
	print_size(source->size, out);
	out_char(out, '\n');
}

static void print_software(const struct engine *engine, struct out *out)
{
	label("software", out);
	out_text(out, "CRIU ");
	escape_text(out, engine->criu_version.data ? engine->criu_version : BYTES("(version unknown)"));
	if (engine->runtime.data) {
		out_text(out, ", ");
		escape_text(out, engine->runtime);
	}
	if (engine->kernel.data) {
		out_text(out, ", Linux ");
		escape_text(out, engine->kernel);
	}
	out_char(out, '\n');
}

static void print_machine(const struct checkpoint *checkpoint, struct out *out)
{
	label("machine", out);
	out_text(out, checkpoint->arch ? checkpoint->arch : "architecture unknown");
	if (checkpoint->page_size)
		out_printf(out, ", pages of %u KiB", checkpoint->page_size / 1024);
	if (checkpoint->lsm)
		out_printf(out, ", LSM %s", checkpoint->lsm);
	out_char(out, '\n');
}

struct totals {
	uint64_t zombies, stopped;
	uint64_t present, parent, lazy;
	uint64_t deleted, held_bytes;
	uint64_t outside; /* connected sockets whose other end is not in the checkpoint */
};

static struct totals add_up(const struct checkpoint *checkpoint)
{
	struct totals totals = { 0 };

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		const struct process *process = &checkpoint->processes.items[i];

		totals.zombies += process->state && !strcmp(process->state, "zombie");
		totals.stopped += process->state && !strcmp(process->state, "stopped");
		totals.present += process->pages_present;
		totals.parent += process->pages_parent;
		totals.lazy += process->pages_lazy;
	}
	for (size_t i = 0; i < checkpoint->files.n; i++) {
		totals.deleted += checkpoint->files.items[i].deleted;
		totals.held_bytes += checkpoint->files.items[i].held_bytes;
	}
	for (size_t i = 0; i < checkpoint->sockets.n; i++)
		totals.outside += checkpoint->sockets.items[i].is_connected &&
				  !checkpoint->sockets.items[i].peer_inside;
	return totals;
}

static void print_some(uint64_t n, const char *what, struct out *out)
{
	if (n)
		out_printf(out, ", %llu %s", (unsigned long long)n, what);
}

static void print_contents(const struct checkpoint *checkpoint, const struct totals *totals,
			   struct out *out)
{
	label("tasks", out);
	print_count(checkpoint->processes.n, "process", "processes", out);
	out_text(out, ", ");
	print_count(checkpoint->threads.n, "thread", "threads", out);
	print_some(totals->stopped, "stopped", out);
	print_some(totals->zombies, totals->zombies == 1 ? "zombie" : "zombies", out);
	out_char(out, '\n');
	label("files", out);
	print_count(checkpoint->fds.n, "descriptor", "descriptors", out);
	print_some(totals->deleted, "deleted", out);
	if (totals->held_bytes) {
		out_text(out, ", ");
		print_size(totals->held_bytes, out);
		out_text(out, " of their content held");
	}
	out_char(out, '\n');
	label("sockets", out);
	print_count(checkpoint->sockets.n, "socket", "sockets", out);
	print_some(totals->outside, "connected to the outside", out);
	out_char(out, '\n');
	label("mounts", out);
	print_count(checkpoint_leaf(checkpoint, &leaf_mount).n, "mount", "mounts", out);
	out_char(out, '\n');
}

static void print_memory(const struct checkpoint *checkpoint, const struct totals *totals,
			 struct out *out)
{
	label("memory", out);
	print_count(totals->present, "page", "pages", out);
	if (checkpoint->page_size) {
		out_text(out, " (");
		print_size(totals->present * checkpoint->page_size, out);
		out_char(out, ')');
	}
	out_printf(out, " in %zu mappings", checkpoint->vmas.n);
	print_some(totals->parent, "pages in the parent checkpoint", out);
	print_some(totals->lazy, "pages left to a page server", out);
	out_char(out, '\n');
	if (checkpoint->parent.data) {
		label("parent", out);
		escape_text(out, checkpoint->parent);
		if (checkpoint->missing_parent.data)
			out_text(out, bytes_equal(checkpoint->missing_parent, checkpoint->parent)
					      ? ", not found: name it with --parent"
					      : ", which has a parent that was not found: --parent");
		out_char(out, '\n');
	}
}

static void print_stats(const struct checkpoint *checkpoint, struct out *out)
{
	const struct stat_row *frozen = dump_stat(checkpoint, "frozen_time");
	const struct stat_row *dumped = dump_stat(checkpoint, "memdump_time");
	const struct stat_row *written = dump_stat(checkpoint, "memwrite_time");

	if (!frozen || !dumped || !written)
		return;
	label("dump", out);
	out_text(out, "frozen for ");
	print_duration(frozen->value, out);
	out_text(out, ", memory taken in ");
	print_duration(dumped->value, out);
	out_text(out, ", written in ");
	print_duration(written->value, out);
	out_char(out, '\n');
}

/* Members that are images but not whole, by state. */
static void print_members(const struct checkpoint *checkpoint, struct out *out)
{
	struct leaf_rows rows = checkpoint_leaf(checkpoint, &leaf_member);
	const struct member_row *members = rows.items;
	size_t images = 0, other = 0;

	for (size_t i = 0; i < rows.n; i++) {
		const struct member_row *row = &members[i];

		images += row->kind[0] >= 'A' && row->kind[0] <= 'Z';
		other += strcmp(row->state, "ok") != 0;
	}
	label("images", out);
	out_printf(out, "%zu of %zu members", images, rows.n);
	print_some(other, "not ok (list member)", out);
	out_char(out, '\n');
}

/* Why nothing can be restored from it; NULL: it is all there. */
static const char *what_is_lacking(const struct checkpoint *checkpoint)
{
	if (checkpoint->is_predump && checkpoint->has_inventory)
		return "a pre-dump: memory, and nothing else of the tasks";
	if (checkpoint->is_predump)
		return "memory alone, as a page server receives it";
	if (!checkpoint->has_inventory)
		return "no inventory.img: the dump did not finish";
	return checkpoint_lists_tasks(checkpoint) ? NULL : "no tasks, or no list of them: pstree.img is missing or broken";
}

static void print_warnings(const struct checkpoint *checkpoint, struct out *out)
{
	const char *lacking = what_is_lacking(checkpoint);

	if (!lacking)
		return;
	label("incomplete", out);
	out_text(out, lacking);
	out_char(out, '\n');
}

static const struct log_line *first_error(const struct checkpoint *checkpoint)
{
	struct leaf_rows rows = checkpoint_leaf(checkpoint, &leaf_log);
	const struct log_line *lines = rows.items;

	for (size_t i = 0; i < rows.n; i++)
		if (lines[i].level && !strcmp(lines[i].level, "error"))
			return &lines[i];
	return NULL;
}

/* What is nearest to the cause is the first one; those behind it are what it led to. */
static void print_first_error(struct checkpoint *checkpoint, struct out *out)
{
	const struct log_line *line;

	if (checkpoint->has_inventory && checkpoint_lists_tasks(checkpoint))
		return;
	checkpoint_need_leaf(checkpoint, &leaf_log);
	line = first_error(checkpoint);
	if (!line)
		return;
	label("log", out);
	out_text(out, "the first error: ");
	escape_text(out, line->message);
	out_char(out, '\n');
}

static void print_text(struct checkpoint *checkpoint, struct out *out)
{
	struct totals totals = add_up(checkpoint);

	print_head(checkpoint, out);
	print_identity(checkpoint, out);
	if (!live_is(checkpoint))
		print_software(&checkpoint->engine, out);
	print_machine(checkpoint, out);
	print_contents(checkpoint, &totals, out);
	print_memory(checkpoint, &totals, out);
	if (!live_is(checkpoint)) {
		print_stats(checkpoint, out);
		print_members(checkpoint, out);
		print_warnings(checkpoint, out);
		print_first_error(checkpoint, out);
	}
	if (checkpoint->problems.n) {
		label("problems", out);
		out_printf(out, "%zu, the first: ", checkpoint->problems.n);
		error_print(checkpoint->problems.items[0], out);
		out_char(out, '\n');
	}
}

static void print_problem_list(const struct checkpoint *checkpoint, struct json *json)
{
	struct out text;

	out_init(&text, -1);
	json_key(json, "problems");
	json_array_begin(json);
	for (size_t i = 0; i < checkpoint->problems.n; i++) {
		out_clear(&text);
		error_print(checkpoint->problems.items[i], &text);
		json_exact(json, out_held(&text));
	}
	json_array_end(json);
	out_deinit(&text);
}

/* The row of the table checkpoint, and what is wrong. */
static void print_json(struct checkpoint *checkpoint, struct out *out)
{
	const struct table *table = table_named("checkpoint");
	struct arena arena;
	struct json json;

	arena_init(&arena);
	json_init(&json, out, JSON_INDENTED);
	json_object_begin(&json);
	for (size_t i = 0; i < table->n_columns; i++) {
		struct value value;

		table_cell(checkpoint, &table->columns[i], checkpoint, &arena, &value);
		json_key(&json, table->columns[i].name);
		render_value_json(&value, &json);
	}
	print_problem_list(checkpoint, &json);
	json_object_end(&json);
	out_char(out, '\n');
	arena_deinit(&arena);
}

static void show_one(struct invocation *invocation, struct checkpoint *checkpoint)
{
	checkpoint_need(checkpoint, PART_EVERYTHING);
	checkpoint_need_leaf(checkpoint, &leaf_mount);
	checkpoint_need_leaf(checkpoint, &leaf_stat);
	checkpoint_need_leaf(checkpoint, &leaf_member);
	if (invocation->options.format != FORMAT_TEXT)
		print_json(checkpoint, &invocation->out);
	else
		print_text(checkpoint, &invocation->out);
	finish_checkpoint(invocation, checkpoint);
}

/* An archive is looked into for several checkpoints only where it holds not just one. */
static struct error *show_archive(struct invocation *invocation, struct arena *arena)
{
	const char *path = invocation->arguments[0];
	struct collection found = { 0 };
	struct checkpoint checkpoint;
	struct error *error = open_checkpoint(invocation, path, &checkpoint);

	if (!error) {
		show_one(invocation, &checkpoint);
		return NULL;
	}
	if (!collect_several(invocation, path, error, arena, &found))
		return error;
	error_free(error);
	return show_many(invocation, &found);
}

static struct error *run_show(struct invocation *invocation)
{
	struct collection collection = { 0 };
	struct error *error;
	struct arena arena;

	arena_init(&arena);
	collect_checkpoints(invocation, &arena, &collection);
	if (collection.n > 1 && !invocation->options.inside[0])
		error = show_many(invocation, &collection);
	else
		error = show_archive(invocation, &arena);
	arena_deinit(&arena);
	return error;
}

const struct command command_show = {
	.name = "show",
	.arguments = "CHECKPOINT...",
	.help = "one screen: what, who, how big, what is wrong; of several a row each",
	.formats = FORMATS_PLAIN,
	.options = { parent_options, output_options },
	.least_arguments = 1,
	.most_arguments = MANY_ARGUMENTS,
	.run = run_show,
};
