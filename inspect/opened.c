#include "inspect/opened.h"

#include "inspect/memory.h"

static struct error *find_memory(struct checkpoint *checkpoint)
{
	checkpoint_need(checkpoint, PART_PAGES);
	return memory_is_readable(checkpoint);
}

void opened_close(struct invocation *invocation, struct opened *opened)
{
	if (opened->is_open)
		finish_checkpoint(invocation, &opened->checkpoint);
	opened->is_open = false;
}

static struct error *take_opened(struct invocation *invocation, struct error *error, struct opened *opened)
{
	if (error)
		return error;
	opened->is_open = true;
	error = find_memory(&opened->checkpoint);
	if (error)
		opened_close(invocation, opened);
	return error;
}

struct error *opened_one(struct invocation *invocation, const char *path, struct opened *ret)
{
	struct opened opened = { .name = path };

	*ret = opened;
	return take_opened(invocation, open_checkpoint(invocation, path, &ret->checkpoint), ret);
}

/* Whether the link of a checkpoint to its parent has the name of that other one's images. */
static bool is_parent_named(const struct checkpoint *checkpoint, const struct opened *other)
{
	struct bytes wanted = bytes_basename(checkpoint->missing_parent);

	return bytes_equal(wanted, bytes_basename(other->checkpoint.images)) ||
	       bytes_equal(wanted, bytes_basename(bytes_of(other->name)));
}

struct error *opened_next(struct invocation *invocation, const char *const *paths, int at,
			       const struct opened *before, struct opened *ret)
{
	const struct opening opening = { .inside = invocation->options.inside,
					 .spool = invocation->spool };
	struct error *error = opened_one(invocation, paths[at], ret);

	if (error || !ret->checkpoint.missing_parent.data || invocation->options.n_parents ||
	    !is_parent_named(&ret->checkpoint, before))
		return error;
	checkpoint_close(&ret->checkpoint);
	ret->is_open = false;
	error = checkpoint_open_as(paths[at], &opening, &ret->checkpoint);
	for (int i = at - 1; !error && i >= 0; i--) {
		error = checkpoint_add_parent(&ret->checkpoint, paths[i]);
		if (error)
			checkpoint_close(&ret->checkpoint);
	}
	return take_opened(invocation, error, ret);
}

/* --- a checkpoint's own parent ------------------------------------------------------------------------ */

static struct error *no_parent(const struct opened *child)
{
	const struct checkpoint *checkpoint = &child->checkpoint;

	if (checkpoint->missing_parent.data && checkpoint->layers.n < 2)
		return error_in_source(error_new(ERROR_UNREADABLE,
						 "its parent \"%.*s\" is not here: --parent PATH names it",
						 BYTES_FMT(checkpoint->missing_parent)),
				       child->name);
	if (checkpoint->layers.n < 2 || !checkpoint->parent.data)
		return error_in_source(error_new(ERROR_UNREADABLE,
						 "has no parent to compare it with: it is not incremental"),
				       child->name);
	if (strcmp(child->name, "-") == 0)
		return error_new(ERROR_USAGE, "standard input cannot be read twice, for the parent in it");
	return NULL;
}

/* The way to a directory of images in the source that a checkpoint is in, as --inside has it. */
static const char *way_to(struct checkpoint *checkpoint, struct bytes images)
{
	const struct source *outermost = source_outermost(&checkpoint->source);
	size_t len = strlen(outermost->path);

	if (outermost == &checkpoint->source)
		return arena_text(&checkpoint->arena, images);
	return arena_printf(&checkpoint->arena, "%s/%.*s", checkpoint->source.path + len + 1,
			    BYTES_FMT(images));
}

/* "a/3" and its link "../2" give "a/2", which reads better than what was opened. */
static const char *name_beside(struct opened *child, const struct source *parent)
{
	struct bytes name = bytes_of(child->name), directory = bytes_dirname(name);
	struct bytes last = bytes_basename(name), target = bytes_basename(bytes_of(parent->path));

	if (!directory.len || !last.len || bytes_equal(last, BYTES("..")) ||
	    bytes_equal(last, BYTES(".")) || child->checkpoint.images.len)
		return parent->path;
	return arena_printf(&child->checkpoint.arena, "%.*s/%.*s", BYTES_FMT(directory),
			    BYTES_FMT(target));
}

struct error *opened_parent(struct invocation *invocation, struct opened *child, struct opened *ret)
{
	const struct options *options = &invocation->options;
	struct checkpoint *checkpoint = &child->checkpoint;
	struct opening opening = { .inside = "", .spool = invocation->spool };
	struct error *error = no_parent(child);
	const struct layer *layer;
	bool is_given;

	*ret = (struct opened){ .name = child->name };
	if (error)
		return error;
	layer = &checkpoint->layers.items[1];
	is_given = checkpoint->given_parents.n &&
		   layer->source == checkpoint->given_parents.items[0].source;
	if (layer->source == &checkpoint->source) {
		opening.inside = way_to(checkpoint, layer->images);
		ret->name = arena_printf(&checkpoint->arena, "%s: %.*s", child->name,
					 BYTES_FMT(layer->images));
		error = checkpoint_open_as(child->name, &opening, &ret->checkpoint);
	} else {
		error = checkpoint_open_as(is_given ? options->parents[0] : layer->source->path, &opening,
					   &ret->checkpoint);
		ret->name = is_given ? options->parents[0] : name_beside(child, layer->source);
	}
	for (size_t i = is_given; !error && i < options->n_parents; i++) {
		error = checkpoint_add_parent(&ret->checkpoint, options->parents[i]);
		if (error)
			checkpoint_close(&ret->checkpoint);
	}
	return take_opened(invocation, error, ret);
}
