#include "decoders/model/checkpoint.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/model/capture.h"
#include "decoders/model/enter.h"
#include "decoders/model/layers.h"
#include "decoders/model/load.h"

/* --- opening and closing ------------------------------------------------------------------- */

/* What was wrong with the source, or with one inside it, may be why there is nothing. */
static struct error *with_reason(struct error *error, const struct problems *problems,
				 const char *path)
{
	const struct error *reason = problems->items[0];
	bool is_inside;
	struct error *both;

	for (size_t i = 0; i < problems->n && reason->kind != problems->worst; i++)
		reason = problems->items[i];
	is_inside = reason->source && strcmp(reason->source, path) != 0;
	both = error_new(error->kind, "%s; reading it, %s%s%s%s%s", error->message,
			 is_inside ? reason->source : "", is_inside ? ": " : "",
			 reason->image ? reason->image : "", reason->image ? ": " : "",
			 reason->message);
	error_free(error);
	return both;
}

struct error *checkpoint_open(const char *path, struct checkpoint *ret)
{
	return checkpoint_open_as(path, &(struct opening){ 0 }, ret);
}

static bool is_image(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	uint8_t head[IMAGE_HEADER_MAX];
	ssize_t n = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);

	if (fd >= 0)
		close(fd);
	return n > 0 && image_has_magic((struct bytes){ head, (size_t)n });
}

/* What looks like no archive may be an image: one of those that somebody meant to name. */
static struct error *explain(struct error *error, const char *path)
{
	if (error->kind != ERROR_UNREADABLE || !strcmp(path, "-") || !is_image(path))
		return error;
	error_free(error);
	error = error_new(ERROR_UNREADABLE,
			  "one image of a checkpoint: name the directory that it is in, or decode it");
	return error_in_source(error, path);
}

void checkpoint_init(struct checkpoint *ret)
{
	*ret = (struct checkpoint){ .dump_uptime = ABSENT_U64, .inventory_origin = NO_ORIGIN };
	ret->source.fd = -1;
	ret->source.last = NO_OPEN_FILE;
	arena_init(&ret->arena);
	ret->arena.budget = MOST_ROW_BYTES;
	arena_init(&ret->scratch);
	problems_init(&ret->problems);
	problems_init(&ret->notes);
}

struct error *checkpoint_open_as(const char *path, const struct opening *opening,
				 struct checkpoint *ret)
{
	struct capture capture = { .plan = capture_plan, .spool = opening->spool };
	struct error *error;

	checkpoint_init(ret);
	capture.context = capture_new(&ret->arena);
	error = source_open(path, &capture, &ret->source);
	if (error) {
		checkpoint_close(ret);
		return explain(error, path);
	}
	error = enter_images(&ret->source, opening->inside ? opening->inside : "", &ret->arena,
			     &ret->problems, &ret->wrapper, &ret->images);
	if (!error) {
		ret->inside = opening->inside ? arena_printf(&ret->arena, "%s", opening->inside) : NULL;
		ret->n_source_problems = ret->problems.n;
		ret->read_states = arena_zalloc(&ret->arena, (ret->source.members.n + 1) *
								     sizeof(*ret->read_states));
		return NULL;
	}
	if (ret->problems.n)
		error = with_reason(error, &ret->problems, path);
	checkpoint_close(ret);
	return error_in_source(error, path);
}

void checkpoint_close(struct checkpoint *checkpoint)
{
	if (checkpoint->filler)
		checkpoint->filler->close(checkpoint);
	layers_close(checkpoint);
	source_close(&checkpoint->source);
	problems_deinit(&checkpoint->problems);
	problems_deinit(&checkpoint->notes);
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
		if (checkpoint->filler)
			checkpoint->filler->load(checkpoint, loaders[i].part);
		else
			loaders[i].load(checkpoint);
		checkpoint->loaded |= loaders[i].part;
	}
	checkpoint->loaded |= parts & PART_DIGESTS;
}

bool checkpoint_lists_tasks(const struct checkpoint *checkpoint)
{
	return checkpoint->processes.n && !checkpoint->processes.items[0].is_unlisted;
}

const struct file *checkpoint_file(const struct checkpoint *checkpoint, uint32_t row)
{
	return row < checkpoint->files.n ? &checkpoint->files.items[row] : NULL;
}
