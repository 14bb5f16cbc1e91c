#include "decoders/model/checkpoint.h"

#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/model/capture.h"
#include "decoders/model/load.h"

/* --- finding the image directory ----------------------------------------------------------- */

static bool is_image(struct source *source, const struct member *member)
{
	uint8_t head[IMAGE_HEADER_MAX];
	size_t len = source_head(source, member, head, sizeof(head));

	return image_has_magic((struct bytes){ head, len });
}

/*
 * A full dump has an inventory. A dump that failed has none, but some images of tasks; a page
 * server's directory has page maps only.
 */
static unsigned rank_of(const struct member *member)
{
	static const struct {
		const char *kind;
		unsigned rank;
	} tells[] = { { "INVENTORY", 3 }, { "PSTREE", 2 }, { "CORE", 2 }, { "MM", 2 },
		      { "FDINFO", 2 },	  { "FILES", 2 },  { "IDS", 2 },  { "SECCOMP", 2 },
		      { "PAGEMAP", 1 } };
	uint64_t id;

	for (size_t i = 0; i < ARRAY_SIZE(tells); i++)
		if (image_name_fits(image_kind_named(tells[i].kind), member->name, &id))
			return tells[i].rank;
	return 0;
}

/* Directories that hold images, the most telling first. */
struct candidates {
	struct bytes *names;
	size_t n, cap;
	unsigned rank;
};

static void consider(struct checkpoint *checkpoint, struct candidates *candidates,
		     const struct member *member)
{
	unsigned rank = rank_of(member);
	struct bytes directory = bytes_dirname(member->name);

	if (rank == 0 || rank < candidates->rank || member->type != MEMBER_FILE)
		return;
	if (rank == candidates->rank && candidates->n &&
	    bytes_equal(candidates->names[candidates->n - 1], directory))
		return;
	if (!is_image(&checkpoint->source, member))
		return;
	if (rank > candidates->rank)
		candidates->n = 0;
	candidates->rank = rank;
	*(struct bytes *)vec_push_raw(&checkpoint->arena, (void **)&candidates->names,
				      &candidates->n, &candidates->cap, sizeof(struct bytes)) = directory;
}

static struct bytes full_name(struct checkpoint *checkpoint, struct bytes directory,
			      const char *name)
{
	return bytes_of(arena_printf(&checkpoint->scratch, "%.*s%s%s", (int)directory.len,
				     (const char *)directory.data, directory.len ? "/" : "", name));
}

/* Whether another candidate's parent link leads to this one; then it is not a leaf of the chain. */
static bool is_parent_of_another(struct checkpoint *checkpoint, const struct candidates *candidates,
				 struct bytes directory)
{
	for (size_t i = 0; i < candidates->n; i++) {
		const struct member *link = source_find(
			&checkpoint->source, full_name(checkpoint, candidates->names[i], "parent"));
		struct bytes last;

		if (!link || link->type != MEMBER_SYMLINK)
			continue;
		last = bytes_basename(link->link);
		if (bytes_equal(last, bytes_basename(directory)) &&
		    bytes_equal(bytes_dirname(candidates->names[i]), bytes_dirname(directory)))
			return true;
	}
	return false;
}

/* Of several directories tied by parent links, the one that no other rests on. */
static struct error *choose(struct checkpoint *checkpoint, const struct candidates *candidates)
{
	const struct bytes *chosen = NULL;

	for (size_t i = 0; i < candidates->n; i++) {
		if (is_parent_of_another(checkpoint, candidates, candidates->names[i]))
			continue;
		if (chosen)
			return error_new(ERROR_UNREADABLE,
					 "holds several checkpoints (%.*s, %.*s, ...): name one of them",
					 BYTES_FMT(*chosen), BYTES_FMT(candidates->names[i]));
		chosen = &candidates->names[i];
	}
	if (!chosen)
		return error_new(ERROR_UNREADABLE, "holds no checkpoint: no CRIU images in it");
	checkpoint->images = *chosen;
	return NULL;
}

static struct error *find_images(struct checkpoint *checkpoint)
{
	const struct source *source = &checkpoint->source;
	struct candidates candidates = { 0 };

	for (size_t i = 0; i < source->n_by_name; i++)
		consider(checkpoint, &candidates, &source->members.items[source->by_name[i]]);
	return choose(checkpoint, &candidates);
}

/* --- opening and closing ------------------------------------------------------------------- */

/* The source's problems become the checkpoint's. */
static void take_problems(struct checkpoint *checkpoint)
{
	struct problems *from = &checkpoint->source.problems;

	for (size_t i = 0; i < from->n; i++)
		problems_add(&checkpoint->problems, from->items[i]);
	checkpoint->problems.dropped += from->dropped;
	free(from->items);
	problems_init(from);
}

struct error *checkpoint_open(const char *path, struct checkpoint *ret)
{
	struct capture capture = { .plan = capture_plan };
	struct error *error;

	*ret = (struct checkpoint){ .dump_uptime = ABSENT_U64 };
	ret->source.fd = ret->source.open_fd = -1;
	arena_init(&ret->arena);
	arena_init(&ret->scratch);
	problems_init(&ret->problems);
	capture.context = capture_new(&ret->arena);
	error = source_open(path, &capture, &ret->source);
	if (error) {
		checkpoint_close(ret);
		return error;
	}
	take_problems(ret);
	error = find_images(ret);
	if (error) {
		error = error_in_source(error, path);
		checkpoint_close(ret);
	}
	return error;
}

void checkpoint_close(struct checkpoint *checkpoint)
{
	source_close(&checkpoint->source);
	problems_deinit(&checkpoint->problems);
	arena_deinit(&checkpoint->arena);
	arena_deinit(&checkpoint->scratch);
}

/* --- parts ---------------------------------------------------------------------------------- */

/* In an order in which each part's needs stand before it. */
static const struct {
	unsigned part, needs;
	void (*load)(struct checkpoint *checkpoint);
} loaders[] = {
	{ PART_INVENTORY, 0, load_inventory },
	{ PART_ENGINE, PART_INVENTORY, load_engine },
	{ PART_TASKS, PART_INVENTORY, load_tasks },
	{ PART_FILES, PART_INVENTORY, load_files },
	{ PART_FDS, PART_TASKS | PART_FILES, load_fds },
	{ PART_MAPPINGS, PART_TASKS | PART_FILES, load_mappings },
	{ PART_PAGES, PART_MAPPINGS, load_pages },
	{ PART_STRINGS, PART_PAGES, load_strings },
};

void checkpoint_need(struct checkpoint *checkpoint, unsigned parts)
{
	for (size_t i = ARRAY_SIZE(loaders); i-- > 0;)
		if (parts & loaders[i].part)
			parts |= loaders[i].needs;
	for (size_t i = 0; i < ARRAY_SIZE(loaders); i++) {
		if (!(parts & ~checkpoint->loaded & loaders[i].part))
			continue;
		loaders[i].load(checkpoint);
		checkpoint->loaded |= loaders[i].part;
	}
}

const struct process *checkpoint_process(const struct checkpoint *checkpoint, uint32_t pid)
{
	uint32_t row = map_get(&checkpoint->process_by_pid, pid);

	return row == MAP_NONE ? NULL : &checkpoint->processes.items[row];
}

const struct file *checkpoint_file(const struct checkpoint *checkpoint, uint32_t row)
{
	return row < checkpoint->files.n ? &checkpoint->files.items[row] : NULL;
}
