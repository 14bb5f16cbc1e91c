#include "inspect/kin.h"

#include "decoders/model/layers.h"
#include "inspect/live.h"

/* What one of them says of its kin; all absent of what cannot be opened. */
struct relative {
	bool is_open, is_archive;
	struct bytes missing_parent; /* target of its link */
	struct bytes images, container_id, checkpointed;
	size_t parent;               /* index of it; the number of them: none of them is */
	bool has_child;
};

void kin_init(struct kin *kin, struct invocation *invocation, const struct collection *collection)
{
	*kin = (struct kin){ .invocation = invocation, .collection = collection };
	arena_init(&kin->arena);
}

void kin_deinit(struct kin *kin)
{
	arena_deinit(&kin->arena);
}

/* --- asking all of them ----------------------------------------------------------------------------------- */

static struct bytes keep(struct kin *kin, struct bytes text)
{
	return text.data ? arena_copy(&kin->arena, text) : NO_BYTES;
}

/* Whether it has a link to a parent that leads nowhere by itself. */
static bool lacks_parent(struct checkpoint *checkpoint)
{
	checkpoint_need(checkpoint, PART_INVENTORY);
	if (!checkpoint->parent.data)
		return false;
	checkpoint_need(checkpoint, PART_PAGES);
	return checkpoint->missing_parent.data;
}

static struct relative ask(struct kin *kin, const struct collected *one)
{
	const struct opening opening = { .inside = one->inside };
	struct checkpoint checkpoint;
	struct relative relative = { .is_open = true };
	struct error *error = live_is_named(one->path) ? error_new(ERROR_UNREADABLE, "no images")
						       : checkpoint_open_as(one->path, &opening, &checkpoint);

	if (error) {
		error_free(error); /* it is told where it is that one's turn */
		return (struct relative){ .is_open = false };
	}
	relative.is_archive = !source_outermost(&checkpoint.source)->is_directory;
	if (lacks_parent(&checkpoint))
		relative.missing_parent = keep(kin, checkpoint.missing_parent);
	checkpoint_need(&checkpoint, PART_ENGINE);
	relative.images = keep(kin, checkpoint.images);
	relative.container_id = keep(kin, checkpoint.engine.container_id);
	relative.checkpointed = keep(kin, checkpoint.engine.checkpointed);
	checkpoint_close(&checkpoint);
	return relative;
}

/* --- who is whose parent ---------------------------------------------------------------------------------- */

/* "../2" names images in "2", and an archive "2.tar.gz". */
static bool is_named(const struct relative *relative, const char *path, struct bytes link)
{
	struct bytes wanted = bytes_basename(link), name = bytes_basename(bytes_of(path));

	return bytes_equal(wanted, bytes_basename(relative->images)) ||
	       bytes_equal(wanted, bytes_first(name, bytes_find(name, '.')));
}

/* Of a directory the link itself says where on the disk it is, and there it is not. */
static bool may_be_parent(const struct kin *kin, size_t item, size_t other)
{
	const struct relative *child = &kin->relatives[item], *parent = &kin->relatives[other];
	const char *path = kin->collection->items[item].path, *parent_path = kin->collection->items[other].path;

	return item != other && child->is_archive && parent->is_open &&
	       bytes_equal(bytes_dirname(bytes_of(path)), bytes_dirname(bytes_of(parent_path))) &&
	       is_named(parent, parent_path, child->missing_parent) &&
	       bytes_equal(child->container_id, parent->container_id) &&
	       bytes_compare(parent->checkpointed, child->checkpointed) <= 0;
}

static size_t parent_of(const struct kin *kin, size_t item)
{
	size_t n = kin->collection->n, found = n;

	for (size_t i = 0; kin->relatives[item].missing_parent.data && i < n; i++)
		if (may_be_parent(kin, item, i) &&
		    (found == n || bytes_compare(kin->relatives[found].checkpointed,
						 kin->relatives[i].checkpointed) < 0))
			found = i;
	return found;
}

static void ask_all(struct kin *kin)
{
	size_t n = kin->collection->n;

	if (kin->relatives)
		return;
	kin->relatives = arena_zalloc(&kin->arena, (n + 1) * sizeof(*kin->relatives));
	for (size_t i = 0; i < n; i++)
		kin->relatives[i] = ask(kin, &kin->collection->items[i]);
	for (size_t i = 0; i < n; i++) {
		kin->relatives[i].parent = parent_of(kin, i);
		kin->relatives[kin->relatives[i].parent].has_child = true; /* the last one is nobody */
	}
}

/* --- opening ---------------------------------------------------------------------------------------------- */

static struct error *open_with_parents(struct kin *kin, size_t item, struct checkpoint *ret)
{
	struct error *error = collected_open(kin->invocation, &kin->collection->items[item], ret);
	size_t parent = kin->relatives[item].parent;

	for (int i = 0; !error && parent < kin->collection->n && i < MOST_LAYERS; i++) {
		error = checkpoint_add_parent(ret, kin->collection->items[parent].path);
		if (error)
			checkpoint_close(ret);
		parent = kin->relatives[parent].parent;
	}
	return error;
}

struct error *kin_open(struct kin *kin, size_t item, struct checkpoint *ret)
{
	struct error *error = collected_open(kin->invocation, &kin->collection->items[item], ret);
	bool lacks;

	if (error || ret->filler || kin->collection->n < 2 || kin->invocation->options.n_parents)
		return error;
	lacks = lacks_parent(ret);
	if (!lacks && !ret->is_predump)
		return NULL;
	ask_all(kin);
	if (lacks && kin->relatives[item].parent < kin->collection->n) {
		checkpoint_close(ret);
		error = open_with_parents(kin, item, ret);
	}
	if (!error)
		ret->has_child = kin->relatives[item].has_child;
	return error;
}
