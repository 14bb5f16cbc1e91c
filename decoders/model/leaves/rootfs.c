#include "decoders/model/leaves/rootfs.h"

#include <stdlib.h>

#include "decoders/engine/document.h"
#include "decoders/model/leaves/mount.h"
#include "decoders/model/leaves/rootfs_places.h"
#include "decoders/source/digests.h"
#include "decoders/source/name.h"

enum { MOST_ROWS = 1000000 };

static void take_digest(struct checkpoint *checkpoint, struct source *source,
			const struct member *member, struct digests *digests, struct rootfs *row)
{
	struct member_digest digest;
	struct error *error;

	if (member->type != MEMBER_FILE || member->state == MEMBER_TRUNCATED ||
	    row->size == ABSENT_U64 || !(checkpoint->loaded & PART_DIGESTS))
		return;
	error = digests_of(digests, source, member, &digest);
	problems_add(&checkpoint->problems, error);
	if (!error)
		memcpy(row->sha256, digest.sha256, sizeof(row->sha256));
}

/* --- members ------------------------------------------------------------------------------------------ */

/* A whiteout's name is that of what it deletes behind ".wh."; ".wh..wh..opq" deletes all beside it. */
static bool take_whiteout(struct checkpoint *checkpoint, const struct rootfs_place *place,
			  struct bytes name, struct rootfs *row)
{
	struct bytes prefix = BYTES(".wh."), base = bytes_basename(name), gone = bytes_dirname(name);

	if (!rootfs_is_whiteout(place, name))
		return false;
	row->change = "deleted";
	row->is_certain = true;
	row->type = NULL;
	if (bytes_equal(base, BYTES(".wh..wh..opq")))
		row->type = "opaque";
	else
		gone = name_join(&checkpoint->arena, gone, bytes_from(base, prefix.len));
	row->path = rootfs_container_path(checkpoint, place->where, gone);
	row->size = row->mtime = ABSENT_U64;
	row->mode = row->uid = row->gid = ABSENT_U32;
	return true;
}

static struct rootfs *add_member(struct checkpoint *checkpoint, struct leaf_rows *rows,
				 const struct rootfs_place *place, const struct member *member)
{
	struct rootfs *row = leaf_add(checkpoint, rows);

	*row = (struct rootfs){
		.origin = { .member = place->member, .entry = NO_ENTRY,
			    .offset = member->archive_offset,
			    .layer = place->source == &checkpoint->source ? 0 : ORIGIN_AROUND },
		.change = "added",
		.is_certain = !place->is_difference,
		.type = member_type_name(member->type),
		.from = place->from,
		.size = member->type == MEMBER_FILE ? member->size : ABSENT_U64,
		.mtime = (uint64_t)member->mtime,
		.mode = member->mode, .uid = member->uid, .gid = member->gid,
	};
	if (take_whiteout(checkpoint, place, member->name, row))
		return row;
	row->path = rootfs_container_path(checkpoint, place->where, member->name);
	if (member->link.data)
		row->link = arena_copy(&checkpoint->arena, member->link);
	return row;
}

static bool is_full(struct checkpoint *checkpoint, const struct leaf_rows *rows,
		    const struct source *source)
{
	if (rows->n < MOST_ROWS)
		return false;
	problems_add(&checkpoint->problems,
		     error_in_source(error_new(ERROR_LIMIT, "more than %d files; the rest is left out",
					       MOST_ROWS),
				     source->path));
	return true;
}

static void load_place(struct checkpoint *checkpoint, struct leaf_rows *rows,
		       const struct rootfs_place *place)
{
	const struct member *archive = &place->source->members.items[place->member];
	struct digests digests;
	struct capture capture;
	struct source inner;
	struct error *error;

	if (archive->size == 0)
		return;
	digests_init(&digests, &checkpoint->arena);
	capture = digests_capture(&digests);
	if (!(checkpoint->loaded & PART_DIGESTS))
		capture.pass = NULL;
	error = source_open_member(place->source, archive, &capture, &inner);
	if (error) {
		error->kind = ERROR_DAMAGED; /* the rest of the checkpoint is there */
		problems_add(&checkpoint->problems, error);
		return;
	}
	problems_move(&checkpoint->problems, &inner.problems);
	for (size_t i = 0; i < inner.n_by_name && !is_full(checkpoint, rows, &inner); i++) {
		const struct member *member = &inner.members.items[inner.by_name[i]];

		if (member->name.len)
			take_digest(checkpoint, &inner, member, &digests,
				    add_member(checkpoint, rows, place, member));
	}
	source_close(&inner);
}

/* --- deleted.files -------------------------------------------------------------------------------------- */

static void load_deletions(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	const struct member *member = rootfs_deletions(checkpoint);
	struct document document;
	struct arena scratch;
	size_t n;

	arena_init(&scratch);
	document_init(&checkpoint->source, member, &scratch, &checkpoint->problems, &document);
	n = json_object_is_type(document.root, json_type_array) ? json_object_array_length(document.root)
								: 0;
	for (size_t i = 0; i < n && !is_full(checkpoint, rows, &checkpoint->source); i++) {
		struct json_object *path = json_object_array_get_idx(document.root, i);
		struct rootfs *row;

		if (!json_object_is_type(path, json_type_string))
			continue;
		row = leaf_add(checkpoint, rows);
		*row = (struct rootfs){
			.origin = { .member = source_index(&checkpoint->source, member),
				    .entry = (uint32_t)i, .offset = NO_OFFSET },
			.path = arena_copy(&checkpoint->arena, bytes_of(json_object_get_string(path))),
			.change = "deleted", .is_certain = true, .from = "deleted.files",
			.size = ABSENT_U64, .mtime = ABSENT_U64,
			.mode = ABSENT_U32, .uid = ABSENT_U32, .gid = ABSENT_U32,
		};
	}
	document_deinit(&document);
	arena_deinit(&scratch);
}

/* --- added or modified -------------------------------------------------------------------------------------- */

/* Paths, sorted. */
struct paths {
	struct bytes *items;
	size_t n, cap;
};

static void push(struct checkpoint *checkpoint, struct paths *paths, struct bytes path)
{
	*(struct bytes *)vec_push_raw(&checkpoint->arena, (void **)&paths->items, &paths->n, &paths->cap,
				      sizeof(path)) = path;
}

static int compare_paths(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static void sort(struct paths *paths)
{
	if (paths->n)
		qsort(paths->items, paths->n, sizeof(*paths->items), compare_paths);
}

static bool has(const struct paths *paths, struct bytes path)
{
	return paths->n &&
	       bsearch(&path, paths->items, paths->n, sizeof(path), compare_paths) != NULL;
}

/* The directories that something was deleted from were there before, and so were those above them. */
static void find_old(struct checkpoint *checkpoint, const struct leaf_rows *rows, struct paths *ret)
{
	const struct rootfs *all = rows->items;

	for (size_t i = 0; i < rows->n; i++) {
		bool is_opaque = all[i].type && !strcmp(all[i].type, "opaque");
		struct bytes path = is_opaque ? all[i].path : bytes_dirname(all[i].path);

		if (!strcmp(all[i].change, "deleted"))
			for (; path.len > 1; path = bytes_dirname(path))
				push(checkpoint, ret, path);
	}
	sort(ret);
}

/* What the layers of the container's image have; false where they are not all here. */
static bool find_base(struct checkpoint *checkpoint, struct paths *ret)
{
	const struct wrapper *wrapper = &checkpoint->wrapper;
	struct capture capture = { .plan = capture_heads };

	for (size_t i = 0; i < wrapper->n_base; i++) {
		struct source *around = checkpoint->source.outer, layer;
		struct error *error = source_open_member(
			around, &around->members.items[wrapper->base[i]], &capture, &layer);

		if (error) {
			problems_add(&checkpoint->problems, error);
			return false;
		}
		for (size_t k = 0; k < layer.members.n; k++)
			push(checkpoint, ret,
			     rootfs_container_path(checkpoint, BYTES(""), layer.members.items[k].name));
		source_close(&layer);
	}
	sort(ret);
	return wrapper->n_base > 0;
}

/* podman and CRI-O leave out directories that merely changed: one that is listed is new. */
static void find_new(struct checkpoint *checkpoint, const struct leaf_rows *rows, struct paths *ret)
{
	const struct rootfs *all = rows->items;

	for (size_t i = 0; i < rows->n; i++)
		if (!strcmp(all[i].from, "rootfs-diff") && all[i].type &&
		    !strcmp(all[i].type, "directory"))
			push(checkpoint, ret, all[i].path);
	sort(ret);
}

static bool is_below_new(const struct paths *new, struct bytes path)
{
	for (; path.len > 1; path = bytes_dirname(path))
		if (has(new, path))
			return true;
	return false;
}

static void judge(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	bool lists_new = !strcmp(checkpoint->engine.producer, "podman") ||
			 !strcmp(checkpoint->engine.producer, "cri-o");
	struct paths old = { 0 }, new = { 0 }, base = { 0 };
	struct rootfs *all = rows->items;
	bool has_base = find_base(checkpoint, &base);

	find_old(checkpoint, rows, &old);
	if (lists_new)
		find_new(checkpoint, rows, &new);
	for (size_t i = 0; i < rows->n; i++) {
		if (all[i].is_certain)
			continue;
		if (has(&old, all[i].path) || has(&base, all[i].path))
			all[i].change = "modified";
		all[i].is_certain = has_base || !strcmp(all[i].change, "modified") ||
				    is_below_new(&new, all[i].path);
	}
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct rootfs_places places;

	checkpoint_need_leaf(checkpoint, &leaf_mount);
	rootfs_find_places(checkpoint, &places);
	for (size_t i = 0; i < places.n; i++)
		load_place(checkpoint, rows, &places.items[i]);
	load_deletions(checkpoint, rows);
	judge(checkpoint, rows);
}

const struct leaf leaf_rootfs = {
	.name = "rootfs",
	.row_size = sizeof(struct rootfs),
	.needs = PART_ENGINE,
	.wishes = PART_DIGESTS,
	.load = load,
};
