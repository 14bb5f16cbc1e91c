#include "decoders/model/leaves/rootfs.h"

#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/engine/document.h"
#include "decoders/model/leaves/mount.h"
#include "decoders/model/leaves/rootfs_places.h"
#include "decoders/source/name.h"

enum { MOST_ROWS = 1000000, WINDOW = 256 << 10 };

/* --- digests ---------------------------------------------------------------------------------------- */

/* Of the members of a streamed archive, taken as they pass. */
struct digests {
	struct arena *arena;
	VEC(char *) of; /* by member; NULL: none */
	struct digest *current;
	uint32_t member;
	uint64_t at; /* bytes of it so far */
};

static char **digest_slot(struct digests *digests, uint32_t member)
{
	while (digests->of.n <= member)
		*vec_push(digests->arena, &digests->of) = NULL;
	return &digests->of.items[member];
}

/* Ends the digest of a member, whose end may be a hole. */
static void end_digest(struct digests *digests, uint64_t size)
{
	char *text;

	if (!digests->current)
		return;
	if (digests->at < size)
		digest_add_zeroes(digests->current, size - digests->at);
	text = arena_alloc(digests->arena, DIGEST_TEXT + 1);
	digest_end(digests->current, text);
	*digest_slot(digests, digests->member) = text;
	digests->current = NULL;
}

static enum capture_plan keep_heads(void *context, const struct source *source,
				    const struct member *member, struct bytes head,
				    struct arena *arena, const struct range **ret_ranges,
				    size_t *ret_n)
{
	(void)context;
	(void)source;
	(void)member;
	(void)head;
	(void)arena;
	(void)ret_ranges;
	(void)ret_n;
	return CAPTURE_NOTHING;
}

static void digest_passing(void *context, const struct source *source, const struct member *member,
			   uint64_t start, struct bytes data)
{
	struct digests *digests = context;
	uint32_t index = source_index(source, member);

	if (digests->current && digests->member != index)
		end_digest(digests, source->members.items[digests->member].size);
	if (!digests->current) {
		digests->current = digest_new();
		digests->member = index;
		digests->at = 0;
	}
	if (digests->at < start)
		digest_add_zeroes(digests->current, start - digests->at);
	digest_add(digests->current, data);
	digests->at = start + data.len;
}

/* Of a member that can be read; NULL, with the reason among the problems, where it cannot. */
static char *digest_read(struct checkpoint *checkpoint, struct source *source,
			 const struct member *member, struct digests *digests)
{
	static uint8_t window[WINDOW];

	digests->current = digest_new();
	digests->member = source_index(source, member);
	for (digests->at = 0; digests->at < member->size;) {
		uint64_t left = member->size - digests->at;
		size_t len = left < WINDOW ? (size_t)left : WINDOW;
		struct error *error = source_read(source, member, digests->at, window, len);

		if (error) {
			problems_add(&checkpoint->problems, error);
			digest_free(digests->current);
			digests->current = NULL;
			return NULL;
		}
		digest_add(digests->current, (struct bytes){ window, len });
		digests->at += len;
	}
	end_digest(digests, member->size);
	return *digest_slot(digests, digests->member);
}

static void take_digest(struct checkpoint *checkpoint, struct source *source,
			const struct member *member, struct digests *digests, struct rootfs *row)
{
	char *text;

	if (member->type != MEMBER_FILE || member->state == MEMBER_TRUNCATED ||
	    row->size == ABSENT_U64 || !(checkpoint->loaded & PART_DIGESTS))
		return;
	text = *digest_slot(digests, source_index(source, member));
	if (!text && (!source->is_streamed || member->size == 0))
		text = digest_read(checkpoint, source, member, digests);
	if (text)
		memcpy(row->sha256, text, DIGEST_TEXT + 1);
}

/* --- members ------------------------------------------------------------------------------------------ */

/* WHERE/NAME, with one slash between and one in front. */
static struct bytes container_path(struct checkpoint *checkpoint, struct bytes where,
				   struct bytes name)
{
	uint8_t *path = arena_alloc(&checkpoint->arena, where.len + name.len + 1);

	while (where.len && where.data[where.len - 1] == '/')
		where.len--;
	if (where.len)
		memcpy(path, where.data, where.len);
	path[where.len] = '/';
	if (name.len)
		memcpy(path + where.len + 1, name.data, name.len);
	return (struct bytes){ path, where.len + 1 + name.len };
}

/* A whiteout's name is that of what it deletes behind ".wh."; ".wh..wh..opq" deletes all beside it. */
static bool take_whiteout(struct checkpoint *checkpoint, const struct rootfs_place *place,
			  struct bytes name, struct rootfs *row)
{
	struct bytes prefix = BYTES(".wh."), base = bytes_basename(name), gone = bytes_dirname(name);

	if (!place->has_whiteouts || !bytes_start_with(base, prefix))
		return false;
	row->change = "deleted";
	row->is_certain = true;
	row->type = NULL;
	if (bytes_equal(base, BYTES(".wh..wh..opq")))
		row->type = "opaque";
	else
		gone = name_join(&checkpoint->arena, gone, bytes_from(base, prefix.len));
	row->path = container_path(checkpoint, place->where, gone);
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
	row->path = container_path(checkpoint, place->where, member->name);
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
	struct digests digests = { .arena = &checkpoint->arena };
	bool digesting = checkpoint->loaded & PART_DIGESTS;
	struct capture capture = { .plan = keep_heads, .pass = digesting ? digest_passing : NULL,
				   .context = &digests };
	struct source inner;
	struct error *error;

	if (archive->size == 0)
		return;
	error = source_open_member(place->source, archive, &capture, &inner);
	if (error) {
		error->kind = ERROR_DAMAGED; /* the rest of the checkpoint is there */
		problems_add(&checkpoint->problems, error);
		return;
	}
	if (digests.current)
		end_digest(&digests, inner.members.items[digests.member].size);
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
	struct capture capture = { .plan = keep_heads };

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
			     container_path(checkpoint, BYTES(""), layer.members.items[k].name));
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
	.load = load,
};
