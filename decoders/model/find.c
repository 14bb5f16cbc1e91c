#include "decoders/model/find.h"

#include <stdlib.h>

#include "decoders/base/arena.h"

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

/* Directories that hold images that tell the most. */
struct candidates {
	struct directories found;
	unsigned rank;
};

static void push(struct arena *arena, struct directories *directories, struct bytes name)
{
	*(struct bytes *)vec_push_raw(arena, (void **)&directories->items, &directories->n,
				      &directories->cap, sizeof(struct bytes)) = name;
}

static void consider(struct source *source, struct arena *arena, struct candidates *candidates,
		     const struct member *member)
{
	unsigned rank = rank_of(member);
	struct bytes directory = bytes_dirname(member->name);

	struct directories *found = &candidates->found;

	if (rank == 0 || rank < candidates->rank || member->type != MEMBER_FILE)
		return;
	if (rank == candidates->rank && found->n &&
	    bytes_equal(found->items[found->n - 1], directory))
		return;
	if (!is_image(source, member))
		return;
	if (rank > candidates->rank)
		found->n = 0;
	candidates->rank = rank;
	if (found->n < MOST_CANDIDATES)
		push(arena, found, directory);
}

/* Where the parent link of the directory with that index leads: another one's index, or all->n. */
static size_t parent_of(const struct source *source, const struct directories *all, size_t i)
{
	struct bytes directory = all->items[i];
	const struct member *link = find_image_member(source, directory, "parent");
	size_t parent = 0;

	if (!link || link->type != MEMBER_SYMLINK)
		return all->n;
	while (parent < all->n &&
	       (parent == i ||
		!bytes_equal(bytes_basename(link->link), bytes_basename(all->items[parent])) ||
		!bytes_equal(bytes_dirname(directory), bytes_dirname(all->items[parent]))))
		parent++;
	return parent;
}

/*
 * The leaves of the chains, and what no leaf leads to: links that go in a circle would hide the
 * checkpoints in it.
 */
static void push_leaves(const struct source *source, struct arena *arena,
			const struct directories *all, struct directories *ret)
{
	size_t *parents = arena_alloc(arena, (all->n + 1) * sizeof(*parents));
	bool *is_parent = arena_zalloc(arena, all->n + 1);
	bool *is_covered = arena_zalloc(arena, all->n + 1);

	for (size_t i = 0; i < all->n; i++) {
		parents[i] = parent_of(source, all, i);
		is_parent[parents[i]] = true;
	}
	for (size_t i = 0; i < all->n; i++)
		for (size_t p = parents[i]; !is_parent[i] && p < all->n && !is_covered[p]; p = parents[p])
			is_covered[p] = true;
	for (size_t i = 0; i < all->n; i++)
		if (!is_covered[i])
			push(arena, ret, all->items[i]);
}

void find_image_directories(struct source *source, struct arena *arena, struct directories *ret)
{
	struct candidates candidates = { 0 };

	*ret = (struct directories){ 0 };
	for (size_t i = 0; i < source->n_by_name; i++)
		consider(source, arena, &candidates, &source->members.items[source->by_name[i]]);
	push_leaves(source, arena, &candidates.found, ret);
}

struct error *find_image_directory(struct source *source, struct arena *arena, bool *ret_found,
				   struct bytes *ret)
{
	struct directories leaves;

	find_image_directories(source, arena, &leaves);
	if (leaves.n > 1)
		return error_new(ERROR_UNREADABLE,
				 "holds several checkpoints (%.*s, %.*s, ...): name one with --inside",
				 BYTES_FMT(leaves.items[0]), BYTES_FMT(leaves.items[1]));
	*ret_found = leaves.n == 1;
	if (*ret_found)
		*ret = leaves.items[0];
	return NULL;
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

/* DIRECTORY/NAME, on the heap only where it is long. */
struct joined {
	uint8_t small[256];
	uint8_t *text;
	size_t len;
};

static struct bytes join(struct joined *joined, struct bytes directory, struct bytes name)
{
	size_t before = directory.len ? directory.len + 1 : 0;

	joined->len = before + name.len;
	joined->text = joined->len <= sizeof(joined->small) ? joined->small : malloc(joined->len);
	if (!joined->text)
		out_of_memory();
	if (before) {
		memcpy(joined->text, directory.data, directory.len);
		joined->text[directory.len] = '/';
	}
	memcpy(joined->text + before, name.data, name.len);
	return (struct bytes){ joined->text, joined->len };
}

static void join_free(struct joined *joined)
{
	if (joined->text != joined->small)
		free(joined->text);
}

const struct member *find_image_member(const struct source *source, struct bytes images,
				       const char *name)
{
	struct joined joined;
	const struct member *member = source_find(source, join(&joined, images, bytes_of(name)));

	join_free(&joined);
	return member;
}

/* The first place in the sorted names that is not before PREFIX. */
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

const struct member *find_telling(const struct source *source, struct bytes images, unsigned tells)
{
	struct joined joined;
	struct bytes prefix = join(&joined, images, (struct bytes){ 0 });
	const struct member *found = NULL;

	for (size_t i = first_of(source, prefix); !found && i < source->n_by_name; i++) {
		const struct member *member = &source->members.items[source->by_name[i]];

		if (!bytes_start_with(member->name, prefix))
			break;
		if (bytes_equal(bytes_dirname(member->name), images) && rank_of(member) == tells)
			found = member;
	}
	join_free(&joined);
	return found;
}

const struct member *find_next_image(const struct source *source, struct bytes images,
				     const char *kind_name, size_t *position, uint64_t *ret_id)
{
	const struct image_kind *kind = image_kind_named(kind_name);
	struct bytes literal = bytes_first(bytes_of(kind->pattern), strcspn(kind->pattern, "%"));
	const struct member *found = NULL;
	struct joined joined;
	struct bytes prefix = join(&joined, images, literal);

	if (*position == 0)
		*position = first_of(source, prefix);
	for (; !found && *position < source->n_by_name; ++*position) {
		const struct member *member = &source->members.items[source->by_name[*position]];

		if (!bytes_start_with(member->name, prefix))
			break;
		if (bytes_equal(bytes_dirname(member->name), images) &&
		    image_name_fits(kind, member->name, ret_id))
			found = member;
	}
	join_free(&joined);
	return found;
}
