#include "decoders/model/enter.h"

#include "decoders/image/kinds.h"
#include "decoders/model/capture.h"
#include "decoders/model/find.h"

enum { MOST_ARCHIVES = 64 }; /* inside an archive, that are looked into */

struct search {
	struct arena *arena;
	struct problems *problems;
	struct wrapper *wrapper;
	struct bytes *images;
	unsigned archives;   /* that were looked into */
	struct bytes inside; /* what is left of the way that the user named */
};

static struct error *enter(struct search *search, struct source *source);

static struct error *open_member(struct search *search, struct source *source, uint32_t member,
				 struct source *ret)
{
	struct capture capture = { .plan = capture_plan, .context = capture_new(search->arena) };

	return source_open_member(source, &source->members.items[member], &capture, ret);
}

/* Whether INNER has images, at whatever depth; else it is closed. */
static bool has_images(struct search *search, struct source *inner)
{
	struct error *error = enter(search, inner);

	if (!error)
		return true;
	source_close(inner);
	error_free(error); /* it has none, or several checkpoints */
	return false;
}

/* The first of the archives of an OCI image that has images. */
static bool enter_wrapper(struct search *search, struct source *source, struct wrapper *wrapper,
			  struct source *ret)
{
	for (size_t i = 0; i < wrapper->n_images; i++) {
		struct error *error = open_member(search, source, wrapper->images[i], ret);

		if (error) {
			error->kind = ERROR_DAMAGED; /* it should have been an archive */
			problems_add(search->problems, error);
			continue;
		}
		if (!has_images(search, ret))
			continue;
		/* The members that it names are those of the source around the images. */
		if (ret->outer != source)
			*wrapper = (struct wrapper){ .is_wrapper = true, .annotations = UINT32_MAX,
						     .spec = UINT32_MAX, .changes = UINT32_MAX };
		*search->wrapper = *wrapper;
		return true;
	}
	return false;
}

static bool try_archive(struct search *search, struct source *source, uint32_t member,
			struct source *ret)
{
	struct error *error;

	if (!source_is_archive(source, &source->members.items[member]))
		return false;
	search->archives++;
	error = open_member(search, source, member, ret);
	if (!error)
		return has_images(search, ret);
	if (error->kind == ERROR_UNREADABLE)
		error_free(error); /* it only looked like one */
	else
		problems_add(search->problems, error);
	return false;
}

static struct error *several(const struct source *source, uint32_t first, uint32_t second)
{
	return error_new(ERROR_UNREADABLE, "holds several checkpoints (%.*s, %.*s, ...): name one with --inside",
			 BYTES_FMT(source->members.items[first].name),
			 BYTES_FMT(source->members.items[second].name));
}

/* A dump that was refused before its first image leaves a log and nothing else. */
static struct error *nothing_found(const struct source *source)
{
	for (size_t i = 0; i < source->n_by_name; i++) {
		struct bytes name = source->members.items[source->by_name[i]].name;

		if (bytes_equal(bytes_basename(name), BYTES("dump.log")))
			return error_new(ERROR_UNREADABLE,
					 "holds no checkpoint: no CRIU images in it, but a log of one: %.*s",
					 BYTES_FMT(name));
	}
	return error_new(ERROR_UNREADABLE, "holds no checkpoint: no CRIU images in it");
}

/* The one archive among the members that has images. */
static struct error *enter_nested(struct search *search, struct source *source, struct source *ret)
{
	uint32_t found = UINT32_MAX;

	for (size_t i = 0; i < source->n_by_name && search->archives < MOST_ARCHIVES; i++) {
		uint32_t member = source->by_name[i];
		struct source second;

		if (!try_archive(search, source, member, found == UINT32_MAX ? ret : &second))
			continue;
		if (found != UINT32_MAX) {
			source_close(&second);
			source_close(ret);
			return several(source, found, member);
		}
		found = member;
	}
	if (found == UINT32_MAX)
		return nothing_found(source);
	return NULL;
}

/* SOURCE becomes the one inside it; between them may be others, which are owned already. */
static void take(struct source *source, struct source *inner)
{
	struct source *first = inner;

	while (first->outer != source)
		first = first->outer;
	source_own_outer(first);
	*source = *inner;
}

/* The image directory that the user named; of a chain of dumps any of them. */
static bool find_named(struct search *search, struct source *source)
{
	struct directories all;

	find_image_directories(source, search->arena, &all);
	if (directories_find(&all, search->inside) == all.n &&
	    !find_telling(source, search->inside, TELLS_END) && !find_telling(source, search->inside, TELLS_PAGES))
		return false; /* neither one of them, nor one that others rest on */
	*search->images = arena_copy(search->arena, search->inside);
	return true;
}

/* The archive that the way the user named begins with. */
static struct error *enter_named(struct search *search, struct source *source, struct source *ret)
{
	struct bytes whole = search->inside, name = whole;

	for (; name.len; name = bytes_dirname(name)) {
		const struct member *member = source_find(source, name);

		if (!member || member->type != MEMBER_FILE)
			continue;
		search->inside = bytes_from(whole, name.len + 1);
		if (try_archive(search, source, source_index(source, member), ret))
			return NULL;
		break;
	}
	return error_new(ERROR_UNREADABLE, "holds no checkpoint at \"%.*s\"", BYTES_FMT(whole));
}

static struct error *enter(struct search *search, struct source *source)
{
	struct wrapper wrapper;
	struct source inner;
	struct error *error;
	bool found = false;

	problems_move(search->problems, &source->problems);
	if (search->inside.len) {
		if (find_named(search, source))
			return NULL;
		error = enter_named(search, source, &inner);
		if (!error)
			take(source, &inner);
		return error;
	}
	error = find_image_directory(source, search->arena, &found, search->images);
	if (error || found)
		return error;
	wrapper_read(source, search->problems, &wrapper);
	if (!wrapper.is_wrapper || !enter_wrapper(search, source, &wrapper, &inner))
		error = enter_nested(search, source, &inner);
	if (!error)
		take(source, &inner);
	return error;
}

struct error *enter_images(struct source *source, const char *inside, struct arena *arena,
			   struct problems *problems, struct wrapper *ret_wrapper,
			   struct bytes *ret_images)
{
	struct search search = { .arena = arena, .problems = problems, .wrapper = ret_wrapper,
				 .images = ret_images, .inside = bytes_of(inside) };

	*ret_wrapper = (struct wrapper){ 0 };
	return enter(&search, source);
}
