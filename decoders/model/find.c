#include "decoders/model/find.h"

#include <stdlib.h>

#include "decoders/base/arena.h"
#include "decoders/base/size.h"
#include "decoders/image/kinds.h"
#include "decoders/source/name.h"

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

static void push(struct arena *arena, struct directories *directories, struct bytes name)
{
	*(struct bytes *)vec_push_raw(arena, (void **)&directories->items, &directories->n,
				      &directories->cap, sizeof(struct bytes)) = name;
}

static int by_name(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

size_t directories_find(const struct directories *directories, struct bytes name)
{
	const struct bytes *found =
		directories->n ? bsearch(&name, directories->items, directories->n, sizeof(name), by_name) : NULL;

	return found ? (size_t)(found - directories->items) : directories->n;
}

/*
 * Every directory with an image that tells something, however little that is: a dump that failed lies beside one that
 * did not. Members of a directory may have those of others among them, so that it comes more than once.
 */
static void find_all(struct source *source, struct arena *arena, struct directories *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < source->n_by_name; i++) {
		const struct member *member = &source->members.items[source->by_name[i]];
		struct bytes directory = bytes_dirname(member->name);

		if (member->type == MEMBER_FILE && rank_of(member) &&
		    !(ret->n && bytes_equal(ret->items[ret->n - 1], directory)) && is_image(source, member))
			push(arena, ret, directory);
	}
	if (ret->n)
		qsort(ret->items, ret->n, sizeof(*ret->items), by_name);
	for (size_t i = 0; i < ret->n; i++)
		if (!n || !bytes_equal(ret->items[n - 1], ret->items[i]))
			ret->items[n++] = ret->items[i];
	ret->n = n;
}

/* Where the parent link of the directory with that index leads: to one beside it, or all->n. */
static size_t parent_of(const struct source *source, struct arena *arena, const struct directories *all, size_t i)
{
	struct bytes directory = all->items[i];
	const struct member *link = find_image_member(source, directory, "parent");
	size_t parent;

	if (!link || link->type != MEMBER_SYMLINK)
		return all->n;
	parent = directories_find(all, name_join(arena, bytes_dirname(directory), bytes_basename(link->link)));
	return parent == i ? all->n : parent;
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
		parents[i] = parent_of(source, arena, all, i);
		is_parent[parents[i]] = true;
	}
	for (size_t i = 0; i < all->n; i++)
		for (size_t p = parents[i]; !is_parent[i] && p < all->n && !is_covered[p]; p = parents[p])
			is_covered[p] = true;
	for (size_t i = 0; i < all->n; i++)
		if (!is_covered[i])
			push(arena, ret, all->items[i]);
}

/* Nothing in the images says which dump a page server's pages are of: of two directories that is plain. */
static void join_page_server(struct source *source, struct directories *leaves)
{
	size_t position = 0, dump;
	struct bytes pages;

	if (leaves->n != 2 || !find_pages_directory(source, &pages))
		return;
	dump = bytes_equal(leaves->items[0], pages);
	if (!find_image_member(source, leaves->items[dump], "inventory.img") ||
	    find_next_image(source, leaves->items[dump], "PAGEMAP", &position, &(uint64_t){ 0 }))
		return;
	leaves->items[0] = leaves->items[dump];
	leaves->n = 1;
}

void find_image_directories(struct source *source, struct arena *arena, struct directories *ret)
{
	struct directories all = { 0 };

	*ret = (struct directories){ 0 };
	find_all(source, arena, &all);
	push_leaves(source, arena, &all, ret);
	join_page_server(source, ret);
}

struct error *find_image_directory(struct source *source, struct arena *arena, bool *ret_found,
				   struct bytes *ret)
{
	struct directories leaves;

	find_image_directories(source, arena, &leaves);
	if (leaves.n > 1 && leaves.items[0].len) /* else it is the directory itself that was named */
		return error_new(ERROR_UNREADABLE,
				 "holds several checkpoints (%.*s, %.*s, ...): name one with --inside",
				 BYTES_FMT(leaves.items[0]), BYTES_FMT(leaves.items[1]));
	*ret_found = leaves.n > 0;
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

		if (rank_of(member) != TELLS_PAGES || (n && bytes_equal(*ret, directory)) ||
		    find_telling(source, directory, TELLS_END) || find_telling(source, directory, TELLS_TASKS))
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
	if (name.len) /* else its bytes may be none */
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
	struct bytes prefix = join(&joined, images, BYTES(""));
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
