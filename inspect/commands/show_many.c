#include "inspect/commands/show_many.h"
#include "inspect/live.h"

#include "db/tables/render.h"
#include "decoders/base/human.h"
#include "decoders/base/size.h"

struct shown {
	struct origin origin;
	struct bytes path, inside;
	const char *producer;
	struct bytes container, pod, namespace, image, created, checkpointed;
	uint32_t tasks, problems;
	uint64_t size, memory;
	struct bytes error;
};

static const struct column columns[] = {
	{ .name = "path", .help = "the archive or directory", COLUMN(shown, path, BYTES) },
	{ .name = "inside", .help = "where it is in there: --inside", COLUMN(shown, inside, BYTES) },
	{ .name = "producer", .help = "who wrote it", COLUMN(shown, producer, NAME) },
	{ .name = "container", .help = "its name", COLUMN(shown, container, BYTES) },
	{ .name = "pod", .help = "name or id of its pod", COLUMN(shown, pod, BYTES) },
	{ .name = "namespace", .help = "Kubernetes namespace", COLUMN(shown, namespace, BYTES) },
	{ .name = "image", .help = "container image", .detail = true, COLUMN(shown, image, BYTES) },
	{ .name = "created", .help = "birth of the container", .detail = true,
	  COLUMN(shown, created, BYTES) },
	{ .name = "checkpointed", .help = "moment of the dump", COLUMN(shown, checkpointed, BYTES) },
	{ .name = "tasks", .help = "processes", COLUMN(shown, tasks, U32) },
	{ .name = "memory", .help = "of it that is in the checkpoint", .unit = "bytes",
	  COLUMN(shown, memory, U64) },
	{ .name = "size", .help = "of the archive, or of all files", .unit = "bytes", .detail = true,
	  COLUMN(shown, size, U64) },
	{ .name = "problems", .help = "things that are wrong with it", COLUMN(shown, problems, U32) },
	{ .name = "error", .help = "why it cannot be shown, or the first problem",
	  COLUMN(shown, error, BYTES) },
};

static const struct table table = {
	.name = "checkpoints",
	.help = "a checkpoint of several",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
};

static struct bytes keep(struct arena *arena, struct bytes text)
{
	return text.data ? arena_copy(arena, text) : NO_BYTES;
}

static struct bytes error_text(struct arena *arena, const struct error *error)
{
	const char *image = error->image;

	return bytes_of(arena_printf(arena, "%s%s%s", image ? image : "", image ? ": " : "",
				     error->message));
}

static void take(struct checkpoint *checkpoint, struct arena *arena, struct shown *row)
{
	const struct engine *engine = &checkpoint->engine;
	uint64_t pages = 0;

	checkpoint_need(checkpoint, PART_ENGINE | PART_TASKS | PART_PAGES);
	for (size_t i = 0; i < checkpoint->processes.n; i++)
		pages += checkpoint->processes.items[i].pages_present;
	row->producer = engine->producer;
	row->container = keep(arena, engine->container);
	row->pod = keep(arena, engine->pod);
	row->namespace = keep(arena, engine->namespace);
	row->image = keep(arena, engine->image);
	row->created = keep(arena, engine->created);
	row->checkpointed = keep(arena, engine->checkpointed);
	row->tasks = (uint32_t)checkpoint->processes.n;
	row->size = source_outermost(&checkpoint->source)->size;
	if (checkpoint->page_size)
		row->memory = pages * checkpoint->page_size;
	row->problems = (uint32_t)(checkpoint->problems.n + checkpoint->problems.dropped);
	if (checkpoint->problems.n)
		row->error = error_text(arena, checkpoint->problems.items[0]);
}

static void show_one(struct invocation *invocation, const struct collected *collected,
		     struct arena *arena, struct shown *row)
{
	struct checkpoint checkpoint;
	struct error *error = NULL;

	if (!live_take(invocation, collected->path, &checkpoint))
		error = checkpoint_open_as(collected->path, &(struct opening){ .inside = collected->inside },
					   &checkpoint);
	*row = (struct shown){ .path = bytes_of(collected->path), .tasks = ABSENT_U32,
			       .size = ABSENT_U64, .memory = ABSENT_U64 };
	if (collected->inside[0])
		row->inside = bytes_of(collected->inside);
	if (error) {
		row->error = error_text(arena, error);
		row->problems = 1;
		error->kind = ERROR_DAMAGED; /* one of several: the others are shown */
		problems_add(&invocation->problems, error);
		return;
	}
	take(&checkpoint, arena, row);
	finish_checkpoint(invocation, &checkpoint);
}

enum {
	NARROW = 120, /* columns of a terminal */
	MEMORY_WIDTH = 7,
};

/* What is left out where there is no room: errors stand in full behind the table, and archives are called after pods. */
static bool has_no_room(const struct column *column)
{
	static const char *const names[] = { "pod", "namespace", "tasks", "error" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(column->name, names[i]))
			return true;
	return false;
}

/* Columns that are empty in every row say nothing in text. */
static bool is_empty(const struct listing *listing, const struct column *column)
{
	for (size_t i = 0; i < listing->n; i++) {
		struct value value;

		table_cell(NULL, column, listing_row(listing, i), listing->arena, &value);
		if (value.type != VALUE_NULL)
			return false;
	}
	return true;
}

static void drop_columns(struct listing *listing, bool is_narrow)
{
	size_t n = 0;

	for (size_t i = 0; i < listing->n_columns; i++)
		if (!is_empty(listing, listing->columns[i]) && !(is_narrow && has_no_room(listing->columns[i])))
			listing->columns[n++] = listing->columns[i];
	listing->n_columns = n;
}

/* "  14.2M", to the right as numbers are. */
static void get_memory(const struct checkpoint *checkpoint, const void *row, struct arena *arena, struct value *ret)
{
	struct out out;

	(void)checkpoint;
	out_init(&out, -1);
	print_size_column(((const struct shown *)row)->memory, MEMORY_WIDTH, &out);
	*ret = value_text(arena_copy(arena, out_held(&out)));
	out_deinit(&out);
}

/* "11-23 13:42": no wider than its heading, so that it is not cut. */
static void get_minute(const struct checkpoint *checkpoint, const void *row, struct arena *arena, struct value *ret)
{
	struct bytes time = ((const struct shown *)row)->checkpointed;

	(void)checkpoint;
	if (time.len >= strlen("2026-11-23T13:42") && time.data[10] == 'T')
		*ret = value_text(bytes_of(arena_printf(arena, "%.5s %.5s", time.data + 5, time.data + 11)));
	else
		*ret = value_text(time);
}

/* In text, sizes are as in the other listings, and times where there is no room. */
static void put_into_words(struct listing *listing, bool is_narrow)
{
	static const struct column memory = { .name = "memory", COMPUTED(TEXT, get_memory) };
	static const struct column minute = { .name = "checkpointed", COMPUTED(TEXT, get_minute) };

	for (size_t i = 0; i < listing->n_columns; i++) {
		if (!strcmp(listing->columns[i]->name, memory.name))
			listing->columns[i] = &memory;
		if (is_narrow && !strcmp(listing->columns[i]->name, minute.name))
			listing->columns[i] = &minute;
	}
}

static void render_words(struct invocation *invocation, struct listing *listing)
{
	bool is_narrow = invocation->out.width && invocation->out.width < NARROW;

	drop_columns(listing, is_narrow);
	put_into_words(listing, is_narrow);
	render_text(NULL, listing, &invocation->out);
}

/* On a terminal the directory that all lie in goes without saying: the names in it are what differs. */
static void shorten_paths(struct shown *rows, size_t n)
{
	size_t same = n ? bytes_dirname(rows[0].path).len : 0;

	for (size_t i = 1; i < n; i++) {
		size_t at = 0;

		while (at < same && at < rows[i].path.len &&
		       rows[i].path.data[at] == rows[0].path.data[at])
			at++;
		if (at < same || at == rows[i].path.len || rows[i].path.data[at] != '/')
			same = bytes_dirname(bytes_first(rows[0].path, at)).len;
	}
	for (size_t i = 0; same && i < n; i++)
		rows[i].path = bytes_from(rows[i].path, same + 1);
}

static void render(struct invocation *invocation, struct listing *listing)
{
	switch (invocation->options.format) {
	case FORMAT_TEXT:
		render_words(invocation, listing);
		break;
	case FORMAT_JSON:
		render_json(NULL, listing, &invocation->out);
		break;
	case FORMAT_JSONL:
		render_jsonl(NULL, listing, &invocation->out);
		break;
	case FORMAT_CSV:
		render_csv(NULL, listing, &invocation->out);
		break;
	default: /* not offered */
		break;
	}
}

struct error *show_many(struct invocation *invocation, const struct collection *collection)
{
	struct listing_request request = { .shortened = invocation->options.format == FORMAT_TEXT };
	struct listing listing;
	struct shown *rows;
	struct error *error;
	struct arena arena;

	arena_init(&arena);
	error = listing_init(&arena, &table, &request, &listing);
	rows = arena_alloc(&arena, (collection->n + 1) * sizeof(*rows));
	listing.order = arena_alloc(&arena, (collection->n + 1) * sizeof(*listing.order));
	for (uint32_t i = 0; !error && i < collection->n; i++) {
		show_one(invocation, &collection->items[i], &arena, &rows[i]);
		listing.order[listing.n++] = i;
	}
	listing.rows = (struct row_set){ rows, collection->n, sizeof(*rows) };
	if (invocation->out.width)
		shorten_paths(rows, collection->n);
	if (!error)
		render(invocation, &listing);
	arena_deinit(&arena);
	return error;
}
