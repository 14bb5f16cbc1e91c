#include "decoders/model/layers.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "decoders/base/size.h"
#include "decoders/model/capture.h"
#include "decoders/model/enter.h"
#include "decoders/model/find.h"
#include "decoders/model/load.h"
#include "decoders/model/segments.h"
#include "decoders/model/vma.h"
#include "decoders/source/name.h"

const struct member *layer_image(const struct layer *layer, const char *format, ...)
{
	char name[128];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	return find_image_member(layer->source, layer->images, name);
}

/* --- the chain --------------------------------------------------------------------------------- */

/* "a/b" and "../c" give "a/c"; false where the target climbs out or is absolute. */
static bool resolve(struct arena *arena, struct bytes directory, struct bytes target,
		    struct bytes *ret)
{
	struct bytes rest = target;

	if (target.len == 0 || target.data[0] == '/')
		return false;
	while (bytes_start_with(rest, BYTES("../")) || bytes_equal(rest, BYTES(".."))) {
		if (directory.len == 0)
			return false;
		directory = bytes_dirname(directory);
		rest = bytes_from(rest, 3);
	}
	return name_clean(arena, name_join(arena, directory, rest), ret);
}

static bool has_images(const struct source *source, struct bytes images)
{
	static const char *const names[] = { "inventory.img", "parent" };
	size_t position = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (find_image_member(source, images, names[i]))
			return true;
	return find_next_image(source, images, "PAGEMAP", &position, &(uint64_t){ 0 }) != NULL;
}

static bool is_loop(const struct checkpoint *checkpoint, const struct layer *layer)
{
	for (size_t i = 0; i < checkpoint->layers.n; i++)
		if (source_is_same(checkpoint->layers.items[i].source, layer->source) &&
		    bytes_equal(checkpoint->layers.items[i].images, layer->images))
			return true;
	return false;
}

bool link_is_beside(struct bytes target)
{
	struct bytes name = bytes_from(target, 3);

	return bytes_start_with(target, BYTES("../")) && name.len &&
	       bytes_find(name, '/') == name.len && !bytes_equal(name, BYTES("..")) &&
	       !bytes_equal(name, BYTES("."));
}

/* The names of a chain do not add up: "3/../2/../1" is "3/../1", as 2 is a directory and no link. */
static char *path_beside(struct arena *arena, const struct layer *from, struct bytes target)
{
	struct bytes path = bytes_of(from->source->path);

	if (from->is_ours && from->images.len == 0)
		return arena_printf(arena, "%.*s%.*s", BYTES_FMT(bytes_dirname(path)),
				    BYTES_FMT(bytes_from(target, 2)));
	return arena_printf(arena, "%s/%.*s%s%.*s", from->source->path, BYTES_FMT(from->images),
			    from->images.len ? "/" : "", BYTES_FMT(target));
}

/* A link of a directory that leads beside it, looked for on disk; only that directory itself. */
static bool find_on_disk(struct checkpoint *checkpoint, const struct layer *from, struct bytes target,
			 struct layer *ret)
{
	struct source *source = arena_alloc(&checkpoint->arena, sizeof(*source));
	struct error *error;
	struct stat st;
	char *path;

	if (!from->source->is_directory || !link_is_beside(target))
		return false;
	path = path_beside(&checkpoint->arena, from, target);
	if (lstat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return false; /* a link is not followed */
	error = source_open_flat(path, source);
	if (error) {
		error_free(error);
		return false;
	}
	if (!has_images(source, BYTES(""))) {
		source_close(source);
		return false;
	}
	*ret = (struct layer){ .source = source, .is_ours = true };
	return true;
}

/* The next of the sources that the user named. */
static bool take_given(struct checkpoint *checkpoint, size_t *next_given, struct layer *ret)
{
	if (*next_given == checkpoint->given_parents.n)
		return false;
	*ret = checkpoint->given_parents.items[(*next_given)++];
	return true;
}

/* A directory of pages alone, beside one that has none: what a page server left. */
static bool find_page_server(const struct layer *from, struct layer *ret)
{
	size_t position = 0;
	uint64_t id;

	if (find_next_image(from->source, from->images, "PAGEMAP", &position, &id))
		return false;
	*ret = (struct layer){ .source = from->source };
	return find_pages_directory(from->source, &ret->images) &&
	       !bytes_equal(ret->images, from->images);
}

/* The layer below the last one; false at the end of the chain. */
static bool next_layer(struct checkpoint *checkpoint, size_t *next_given, struct layer *ret)
{
	const struct layer *last = &checkpoint->layers.items[checkpoint->layers.n - 1];
	const struct member *link = layer_image(last, "parent");
	struct bytes target = link && link->type == MEMBER_SYMLINK ? link->link : NO_BYTES;

	*ret = (struct layer){ .source = last->source };
	if (target.data && resolve(&checkpoint->arena, last->images, target, &ret->images) &&
	    has_images(last->source, ret->images))
		return true;
	if (take_given(checkpoint, next_given, ret))
		return true;
	if (!target.data)
		return checkpoint->layers.n == 1 && find_page_server(last, ret);
	if (find_on_disk(checkpoint, last, target, ret))
		return true;
	checkpoint->missing_parent = target;
	return false;
}

static void close_source(struct layer *layer)
{
	if (layer->is_ours)
		source_close(layer->source);
}

/* A chain that goes on behind the last layer that there may be. */
static void tell_end(struct checkpoint *checkpoint)
{
	const struct layer *last = &checkpoint->layers.items[checkpoint->layers.n - 1];
	const struct member *link = layer_image(last, "parent");
	struct error *error;

	if (checkpoint->layers.n < MOST_LAYERS || !link || link->type != MEMBER_SYMLINK)
		return;
	error = error_new(ERROR_LIMIT, "more than %d checkpoints in a chain of parents; what is only further "
				       "up is missing",
			  MOST_LAYERS);
	problems_add(&checkpoint->problems, error_in_source(error_in_image(error, link->name),
							    last->source->path));
}

void layers_find(struct checkpoint *checkpoint)
{
	struct layer layer = { .source = &checkpoint->source, .images = checkpoint->images };
	size_t next_given = 0;

	do {
		if (is_loop(checkpoint, &layer)) {
			const struct member *link = checkpoint_image(checkpoint, "parent");

			close_source(&layer);
			if (link)
				load_problem(checkpoint, link, NO_ENTRY, NO_OFFSET,
					     error_damage(error_new(ERROR_DAMAGED,
								    "the parent links go in a circle"),
							  DAMAGE_CIRCLE));
			return;
		}
		layer.pagemaps = arena_zalloc(&checkpoint->arena, (checkpoint->processes.n + 1) *
								  sizeof(*layer.pagemaps));
		*vec_push(&checkpoint->arena, &checkpoint->layers) = layer;
	} while (checkpoint->layers.n < MOST_LAYERS && next_layer(checkpoint, &next_given, &layer));
	tell_end(checkpoint);
}

void layers_close(struct checkpoint *checkpoint)
{
	for (size_t i = 1; i < checkpoint->layers.n; i++)
		close_source(&checkpoint->layers.items[i]);
	for (size_t i = 0; i < checkpoint->given_parents.n; i++)
		source_close(checkpoint->given_parents.items[i].source);
}

struct error *checkpoint_add_parent(struct checkpoint *checkpoint, const char *path)
{
	struct source *source = arena_alloc(&checkpoint->arena, sizeof(*source));
	struct capture capture = { .plan = capture_plan,
				   .spool = checkpoint->source.spool,
				   .context = capture_new(&checkpoint->arena) };
	struct wrapper wrapper;
	struct bytes images;
	struct error *error = source_open(path, &capture, source);

	if (error)
		return error;
	error = enter_images(source, "", &checkpoint->arena, &checkpoint->problems, &wrapper, &images);
	if (error) {
		source_close(source);
		return error_in_source(error, path);
	}
	*vec_push(&checkpoint->arena, &checkpoint->given_parents) =
		(struct layer){ .source = source, .images = images };
	return NULL;
}

/* --- memory -------------------------------------------------------------------------------------- */

const struct pagemap *layer_pagemap(struct checkpoint *checkpoint, uint32_t layer_index,
				    uint32_t process)
{
	struct layer *layer = &checkpoint->layers.items[layer_index];
	const struct member *member;
	struct image_reader reader;
	struct pagemap *pagemap;

	if (layer->pagemaps[process])
		return layer->pagemaps[process];
	pagemap = layer->pagemaps[process] = arena_zalloc(&checkpoint->arena, sizeof(*pagemap));
	member = layer_image(layer, "pagemap-%u.img",
			     checkpoint->processes.items[process].pid);
	if (member && load_open_in(checkpoint, layer->source, member, "PAGEMAP", &reader)) {
		pagemap_read(&reader, &checkpoint->arena, pagemap);
		load_close(checkpoint, &reader);
	}
	return pagemap;
}

const struct pagemap *layer_shmem_pagemap(struct checkpoint *checkpoint, uint32_t layer_index,
					  uint64_t shmid)
{
	struct layer *layer = &checkpoint->layers.items[layer_index];
	uint32_t row = map_get(&layer->shmem_by_id, shmid);
	const struct member *member;
	struct image_reader reader;
	struct pagemap *pagemap;

	if (row != MAP_NONE)
		return layer->shmem.items[row];
	pagemap = arena_zalloc(&checkpoint->arena, sizeof(*pagemap));
	map_put(&checkpoint->arena, &layer->shmem_by_id, shmid, (uint32_t)layer->shmem.n);
	*vec_push(&checkpoint->arena, &layer->shmem) = pagemap;
	member = layer_image(layer, "pagemap-shmem-%llu.img", (unsigned long long)shmid);
	if (member && load_open_in(checkpoint, layer->source, member, "SHMEM_PAGEMAP", &reader)) {
		pagemap_read(&reader, &checkpoint->arena, pagemap);
		load_close(checkpoint, &reader);
	}
	return pagemap;
}

void layers_read_pagemaps(struct checkpoint *checkpoint)
{
	segment_find(checkpoint, 0); /* whichever is asked for, all are read */
	for (uint32_t layer = 0; layer < checkpoint->layers.n; layer++) {
		for (uint32_t process = 0; process < checkpoint->processes.n; process++)
			layer_pagemap(checkpoint, layer, process);
		for (size_t i = 0; i < checkpoint->vmas.n; i++) {
			uint64_t shmid = vma_shmem(checkpoint, &checkpoint->vmas.items[i]);

			if (shmid != ABSENT_U64)
				layer_shmem_pagemap(checkpoint, layer, shmid);
		}
	}
}

/* Whose pages: a process's, or those of shared memory. */
struct owner {
	uint32_t process; /* NO_ROW: */
	uint64_t shmid;
};

static const struct pagemap *pagemap_of(struct checkpoint *checkpoint, uint32_t layer,
					const struct owner *owner)
{
	return owner->process == NO_ROW ? layer_shmem_pagemap(checkpoint, layer, owner->shmid)
					: layer_pagemap(checkpoint, layer, owner->process);
}

static struct place find_place(struct checkpoint *checkpoint, const struct owner *owner,
			       uint32_t first_layer, uint64_t address, uint64_t len)
{
	struct place place = { .state = PLACE_MISSING, .address = address, .len = len };

	if (!checkpoint->page_size)
		return place;
	for (uint32_t i = first_layer; i < checkpoint->layers.n; i++) {
		struct layer *layer = &checkpoint->layers.items[i];
		const struct pagemap *pagemap = pagemap_of(checkpoint, i, owner);
		struct page_slice slice = pagemap_slice(pagemap, address, place.len,
							checkpoint->page_size);

		if (pagemap->is_there && i == first_layer)
			place.state = PLACE_NOT_DUMPED;
		place.len = slice.len;
		if (!slice.known)
			return place;
		if (slice.present) {
			place.state = PLACE_PRESENT;
			place.layer = i;
			place.offset = slice.offset;
			place.pages = layer_image(layer, "pages-%u.img",
						  pagemap->pages_id);
			if (!place.pages)
				place.state = PLACE_MISSING;
			return place;
		}
		if (!slice.in_parent) {
			place.state = PLACE_LAZY;
			return place;
		}
		place.state = PLACE_MISSING;
	}
	return place;
}

struct place memory_place(struct checkpoint *checkpoint, uint32_t process, uint64_t address,
			  uint64_t len)
{
	return find_place(checkpoint, &(struct owner){ .process = process },
			  checkpoint->pagemap_layers[process], address, len);
}

/* The first layer that has it counts: a page server's is not the checkpoint's own. */
struct place shmem_place(struct checkpoint *checkpoint, uint64_t shmid, uint64_t offset,
			 uint64_t len)
{
	const struct segment *segment;
	uint32_t layer = 0;

	while (layer + 1 < checkpoint->layers.n &&
	       !layer_shmem_pagemap(checkpoint, layer, shmid)->is_there)
		layer++;
	segment = layer_shmem_pagemap(checkpoint, layer, shmid)->is_there
			  ? NULL
			  : segment_find(checkpoint, shmid);
	if (segment && offset < segment->len)
		return (struct place){ .state = PLACE_PRESENT, .address = offset,
				       .len = len < segment->len - offset ? len : segment->len - offset,
				       .pages = segment->member,
				       .offset = segment->offset + offset };
	return find_place(checkpoint, &(struct owner){ .process = NO_ROW, .shmid = shmid }, layer, offset,
			  len);
}

struct error *memory_read(struct checkpoint *checkpoint, uint32_t process, uint64_t address,
			  void *buffer, size_t len, size_t *ret_got)
{
	size_t got = 0;

	while (got < len) {
		struct place place = memory_place(checkpoint, process, address + got, len - got);
		struct error *error;

		if (place.state != PLACE_PRESENT)
			break;
		error = source_read(checkpoint->layers.items[place.layer].source, place.pages,
				    place.offset, (uint8_t *)buffer + got, (size_t)place.len);
		if (error)
			return error;
		got += (size_t)place.len;
	}
	*ret_got = got;
	return NULL;
}
