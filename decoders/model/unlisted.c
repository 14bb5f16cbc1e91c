/* Tasks that no pstree.img lists: their pids are in the names of images. */
#include "decoders/model/unlisted.h"

#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/model/load.h"
#include "decoders/source/name.h"
#include "task.pb-c.h"

struct finding_tasks {
	struct checkpoint *checkpoint;
	struct unlisted *found;
	struct map seen; /* pids and tids that were found */
};

static struct unlisted_id id_of(const struct finding_tasks *finding, uint64_t id, const struct member *member)
{
	return (struct unlisted_id){
		.id = (uint32_t)id,
		.origin = { .member = source_index(&finding->checkpoint->source, member),
			    .entry = NO_ENTRY, .offset = NO_OFFSET },
	};
}

/* Whether a number in the name of an image is that of a task or thread that has not been met. */
static bool is_new(struct finding_tasks *finding, uint64_t id)
{
	return id && id < ABSENT_U32 &&
	       map_get(&finding->checkpoint->thread_by_tid, id) == MAP_NONE &&
	       map_put(&finding->checkpoint->arena, &finding->seen, id, 0);
}

static void find_by_name(struct finding_tasks *finding, const char *kind)
{
	const struct member *member;
	size_t position = 0;
	uint64_t pid;

	while ((member = load_next(finding->checkpoint, kind, &position, &pid)))
		if (is_new(finding, pid))
			*vec_push(&finding->checkpoint->arena, &finding->found->tasks) =
				id_of(finding, pid, member);
}

/* Whether a core says so: one that cannot be read does not. */
static bool is_of_task(struct checkpoint *checkpoint, const struct member *member)
{
	struct image_reader reader;
	struct image_entry entry;
	bool is_task;

	if (!load_open(checkpoint, member, "CORE", &reader))
		return false;
	is_task = image_next(&reader, &entry) && ((const CoreEntry *)entry.message)->tc;
	load_close(checkpoint, &reader);
	return is_task;
}

static void find_by_core(struct finding_tasks *finding)
{
	struct checkpoint *checkpoint = finding->checkpoint;
	const struct member *member;
	size_t position = 0;
	uint64_t id;

	while ((member = load_next(checkpoint, "CORE", &position, &id))) {
		if (!is_new(finding, id))
			continue;
		if (is_of_task(checkpoint, member))
			*vec_push(&checkpoint->arena, &finding->found->tasks) = id_of(finding, id, member);
		else
			*vec_push(&checkpoint->arena, &finding->found->threads) = id_of(finding, id, member);
	}
}

static int by_id(const void *a, const void *b)
{
	uint32_t left = ((const struct unlisted_id *)a)->id, right = ((const struct unlisted_id *)b)->id;

	return (left > right) - (left < right);
}

static void tell(struct checkpoint *checkpoint, const struct member *pstree, size_t n)
{
	struct bytes name = pstree ? pstree->name
				   : name_join(&checkpoint->arena, checkpoint->images, BYTES("pstree.img"));
	struct error *error =
		error_new(ERROR_DAMAGED,
			  "%s: %zu task%s shown by images of their own; parents and threads are not known",
			  pstree ? "does not list all" : "is not there", n, n == 1 ? " is" : "s are");

	error = error_in_image(error_damage(error, DAMAGE_JOINED), name);
	problems_add(&checkpoint->problems, error_in_source(error, checkpoint->source.path));
}

void unlisted_find(struct checkpoint *checkpoint, struct unlisted *ret)
{
	/* Of a zombie there is a core alone; files of any other task come before it. */
	static const char *const kinds[] = { "IDS", "MM", "PAGEMAP" };
	struct finding_tasks finding = { .checkpoint = checkpoint, .found = ret };
	const struct member *pstree = checkpoint_image(checkpoint, "pstree.img");

	*ret = (struct unlisted){ 0 };
	if (pstree && checkpoint->processes.n &&
	    checkpoint->read_states[source_index(&checkpoint->source, pstree)] == READ_WHOLE)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		find_by_name(&finding, kinds[i]);
	find_by_core(&finding);
	if (ret->tasks.n)
		qsort(ret->tasks.items, ret->tasks.n, sizeof(*ret->tasks.items), by_id);
	if (ret->tasks.n && checkpoint->has_inventory && !checkpoint->is_predump)
		tell(checkpoint, pstree, ret->tasks.n);
}
