/*
 * Where in a source the images are.
 *
 * Producers put CRIU's image directory at different depths. It is found by its images: names say
 * where to look, bytes confirm. A full dump has an inventory; one that failed has some images of
 * tasks; a page server's directory has page maps only.
 */
#pragma once

#include "decoders/source/source.h"

/* Names of directories, in order. */
struct directories {
	struct bytes *items;
	size_t n, cap;
};

/* The index of that name, or .n. */
size_t directories_find(const struct directories *directories, struct bytes name);

/*
 * The image directories of a source, however incomplete what they hold is; "" is its top. Of several tied by parent
 * links the one that no other rests on; of those whose links go in a circle, each.
 */
void find_image_directories(struct source *source, struct arena *arena, struct directories *ret);

/* The only one, or the top where there are images in it; else an error where there are several. */
struct error *find_image_directory(struct source *source, struct arena *arena, bool *ret_found,
				   struct bytes *ret) __attribute__((warn_unused_result));

/* The one directory that holds page maps and nothing else of a checkpoint; false if not just one. */
bool find_pages_directory(struct source *source, struct bytes *ret);

/* The member NAME of the directory IMAGES, or NULL. */
const struct member *find_image_member(const struct source *source, struct bytes images,
				       const char *name);

/* An image of the directory that tells this of it (TELLS_TASKS, kinds.h), by its name; NULL: there is none. */
const struct member *find_telling(const struct source *source, struct bytes images, unsigned tells);

/*
 * The next image of a kind ("CORE") in the directory IMAGES, in order of names. Start with
 * *position = 0; *ret_id is the number in its name. NULL at the end.
 */
const struct member *find_next_image(const struct source *source, struct bytes images,
				     const char *kind, size_t *position, uint64_t *ret_id);
