#include "decoders/model/collection.h"

#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/engine/wrapper.h"
#include "decoders/model/capture.h"
#include "decoders/model/find.h"
#include "decoders/source/name.h"
#include "decoders/source/source.h"

void collection_add(struct arena *arena, struct collection *collection, const char *path,
		    const char *inside)
{
	*(struct collected *)vec_push_raw(arena, (void **)&collection->items, &collection->n,
					  &collection->cap, sizeof(struct collected)) =
		(struct collected){ .path = path, .inside = inside };
}

/* Whether images are where docker puts them, two directories below what it says of the container. */
static bool is_dockers(struct arena *arena, const struct source *source, struct bytes images)
{
	struct bytes checkpoints = bytes_dirname(images), container = bytes_dirname(checkpoints);

	return bytes_equal(bytes_basename(checkpoints), BYTES("checkpoints")) &&
	       source_find(source, name_join(arena, container, BYTES("config.v2.json")));
}

/*
 * Below a directory on disk things have paths of their own; inside an archive they are named. So are docker's
 * in the container's directory: seen from there its name is known.
 */
static void add_inside(struct arena *arena, const struct source *source, struct bytes name,
		       struct collection *ret)
{
	char *text = arena_text(arena, name);
	struct bytes container;

	if (!source->is_directory) {
		collection_add(arena, ret, source->path, text);
	} else if (!is_dockers(arena, source, name)) {
		collection_add(arena, ret, arena_printf(arena, "%s/%s", source->path, text), "");
	} else {
		container = bytes_dirname(bytes_dirname(name));
		collection_add(arena, ret,
			       arena_printf(arena, "%s%s%.*s", source->path, container.len ? "/" : "",
					    BYTES_FMT(container)),
			       text + (container.len ? container.len + 1 : 0));
	}
}

/*
 * Whether an archive is part of one of the checkpoints: among the images, or beside the directory where engines put
 * them, as the changes to the root file system are. Beside any other directory it may be a checkpoint of its own.
 */
static bool belongs_to(struct arena *arena, const struct directories *images, struct bytes name)
{
	static const char *const of_engines[] = { "checkpoint", "pre-checkpoint" };

	do {
		name = bytes_dirname(name);
		if (directories_find(images, name) < images->n)
			return true;
		for (size_t i = 0; i < ARRAY_SIZE(of_engines); i++)
			if (directories_find(images, name_join(arena, name, bytes_of(of_engines[i]))) < images->n)
				return true;
	} while (name.len);
	return false;
}

static int by_name(const void *a, const void *b)
{
	const struct collected *left = a, *right = b;
	int order = strcmp(left->path, right->path);

	return order ? order : strcmp(left->inside, right->inside);
}

/*
 * Whether a file of a directory is called like an archive. What is none by its bytes is listed then, with its error: the
 * disk was full, or somebody wrote over it, and it must not be missing without a word.
 */
static bool is_called_archive(const struct source *source, struct bytes name)
{
	static const char *const suffixes[] = { ".tar", ".tgz", ".tar.gz", ".tar.gzip", ".tar.zst",
						".tar.xz", ".tar.bz2", ".tar.lz4" };

	for (size_t i = 0; source->is_directory && i < ARRAY_SIZE(suffixes); i++)
		if (bytes_end_with(name, bytes_of(suffixes[i])))
			return true;
	return false;
}

static void collect(struct source *source, struct arena *arena, struct problems *problems,
		    struct collection *ret)
{
	struct directories images;
	struct wrapper wrapper;

	find_image_directories(source, arena, &images);
	for (size_t i = 0; i < images.n; i++)
		add_inside(arena, source, images.items[i], ret);
	wrapper_read(source, problems, &wrapper);
	for (size_t i = 0; i < source->n_by_name && !wrapper.is_wrapper; i++) {
		const struct member *member = &source->members.items[source->by_name[i]];

		if (member->type == MEMBER_FILE && !belongs_to(arena, &images, member->name) &&
		    (source_is_archive(source, member) || is_called_archive(source, member->name)))
			add_inside(arena, source, member->name, ret);
	}
	if (ret->n)
		qsort(ret->items, ret->n, sizeof(*ret->items), by_name);
}

/* "dir/" is dir, and "/" is nothing before a slash. */
static struct bytes without_slashes(struct bytes path)
{
	while (path.len && path.data[path.len - 1] == '/')
		path.len--;
	return path;
}

struct error *collection_find(const char *path, struct arena *arena, struct problems *problems,
			      struct collection *ret)
{
	struct capture capture = { .plan = capture_plan, .context = capture_new(arena) };
	struct source source;
	struct error *error;

	*ret = (struct collection){ 0 };
	error = source_open(path, &capture, &source);
	if (error)
		return error;
	source.path = arena_text(arena, without_slashes(bytes_of(path))); /* the items keep it */
	problems_move(problems, &source.problems);
	collect(&source, arena, problems, ret);
	source_close(&source);
	if (ret->n == 0)
		collection_add(arena, ret, path, "");
	if (ret->n == 1)
		ret->items[0] = (struct collected){ .path = path, .inside = "" };
	return NULL;
}
