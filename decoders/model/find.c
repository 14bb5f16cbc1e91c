#include "decoders/model/find.h"

#include <stdio.h>

#include "decoders/base/size.h"
#include "decoders/image/kinds.h"

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
	uint64_t id;

	for (unsigned i = 0; i < n_image_kinds; i++)
		if (image_kinds[i].tells && image_name_fits(&image_kinds[i], member->name, &id))
			return image_kinds[i].tells;
	return 0;
}

enum { MOST_CANDIDATES = 1000 }; /* directories that are compared with one another */

/* Directories that hold images, the most telling first. */
struct candidates {
	struct bytes *names;
	size_t n, cap;
	unsigned rank;
};

static void consider(struct source *source, struct arena *arena, struct candidates *candidates,
		     const struct member *member)
{
	unsigned rank = rank_of(member);
	struct bytes directory = bytes_dirname(member->name);

	if (rank == 0 || rank < candidates->rank || member->type != MEMBER_FILE)
		return;
	if (rank == candidates->rank && candidates->n &&
	    bytes_equal(candidates->names[candidates->n - 1], directory))
		return;
	if (!is_image(source, member))
		return;
	if (rank > candidates->rank)
		candidates->n = 0;
	candidates->rank = rank;
	if (candidates->n == MOST_CANDIDATES)
		return;
	*(struct bytes *)vec_push_raw(arena, (void **)&candidates->names,
				      &candidates->n, &candidates->cap, sizeof(struct bytes)) = directory;
}

/* Whether another candidate's parent link leads to this one; then it is not a leaf of the chain. */
static bool is_parent_of_another(const struct source *source, const struct candidates *candidates,
				 struct bytes directory)
{
	for (size_t i = 0; i < candidates->n; i++) {
		const struct member *link = find_image_member(source, candidates->names[i], "parent");
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
static struct error *choose(const struct source *source, const struct candidates *candidates,
			    struct bytes *ret)
{
	const struct bytes *chosen = NULL;

	for (size_t i = 0; i < candidates->n; i++) {
		if (is_parent_of_another(source, candidates, candidates->names[i]))
			continue;
		if (chosen)
			return error_new(ERROR_UNREADABLE,
					 "holds several checkpoints (%.*s, %.*s, ...): name one of them",
					 BYTES_FMT(*chosen), BYTES_FMT(candidates->names[i]));
		chosen = &candidates->names[i];
	}
	if (!chosen)
		return error_new(ERROR_UNREADABLE, "holds no checkpoint: no CRIU images in it");
	*ret = *chosen;
	return NULL;
}

struct error *find_image_directory(struct source *source, struct arena *arena, struct bytes *ret)
{
	struct candidates candidates = { 0 };

	for (size_t i = 0; i < source->n_by_name; i++)
		consider(source, arena, &candidates, &source->members.items[source->by_name[i]]);
	return choose(source, &candidates, ret);
}

bool find_pages_directory(struct source *source, struct bytes *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < source->n_by_name; i++) {
		const struct member *member = &source->members.items[source->by_name[i]];
		struct bytes directory = bytes_dirname(member->name);
		size_t position = 0;
		uint64_t id;

		if (rank_of(member) != 1 || (n && bytes_equal(*ret, directory)) ||
		    find_image_member(source, directory, "inventory.img") ||
		    find_next_image(source, directory, "MM", &position, &id))
			continue;
		*ret = directory;
		n++;
	}
	return n == 1;
}

const struct member *find_image_member(const struct source *source, struct bytes images,
				       const char *name)
{
	char path[4096];
	int len = snprintf(path, sizeof(path), "%.*s%s%s", (int)images.len,
			   (const char *)images.data, images.len ? "/" : "", name);

	if (len < 0 || (size_t)len >= sizeof(path))
		return NULL;
	return source_find(source, (struct bytes){ (const uint8_t *)path, (size_t)len });
}

/* The first place in the sorted names that is not before DIRECTORY/PREFIX. */
static size_t first_of(const struct source *source, struct bytes prefix)
{
	size_t low = 0, high = source->n_by_name;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct bytes name = source->members.items[source->by_name[middle]].name;

		if (bytes_compare(name, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct member *find_next_image(const struct source *source, struct bytes images,
				     const char *kind_name, size_t *position, uint64_t *ret_id)
{
	const struct image_kind *kind = image_kind_named(kind_name);
	size_t literal = strcspn(kind->pattern, "%");
	char prefix[4096];
	int len = snprintf(prefix, sizeof(prefix), "%.*s%s%.*s", (int)images.len,
			   (const char *)images.data, images.len ? "/" : "",
			   (int)literal, kind->pattern);
	struct bytes start = { (const uint8_t *)prefix, (size_t)len };

	if (len < 0 || (size_t)len >= sizeof(prefix))
		return NULL;
	if (*position == 0)
		*position = first_of(source, start);
	for (; *position < source->n_by_name; ++*position) {
		const struct member *member =
			&source->members.items[source->by_name[*position]];

		if (!bytes_start_with(member->name, start))
			return NULL;
		if (!bytes_equal(bytes_dirname(member->name), images) ||
		    !image_name_fits(kind, member->name, ret_id))
			continue;
		++*position;
		return member;
	}
	return NULL;
}
