#include "decoders/model/capture.h"

#include <stdlib.h>

#include "decoders/base/map.h"
#include "decoders/base/size.h"
#include "decoders/engine/engine.h"
#include "decoders/image/image.h"
#include "decoders/memory/pagemap.h"
#include "memory.pb-c.h"

enum {
	LARGEST_STRINGS = 8 << 20,
};

/*
 * What is kept of members that are no images, by the end of their names; of others only the head,
 * so that decoys cannot use up what there is to keep.
 */
static const struct {
	const char *ending;
	uint64_t len;
} documents[] = {
	{ ".log", 64 << 20 },	       { ".dump", ENGINE_JSON_MAX }, { ".json", ENGINE_JSON_MAX },
	{ "network.status", ENGINE_JSON_MAX }, { "status", ENGINE_JSON_MAX },
	{ "bind.mounts", ENGINE_JSON_MAX },    { "deleted.files", ENGINE_JSON_MAX },
	{ "tty.info", ENGINE_JSON_MAX },
};

struct capture_state {
	struct arena *arena;
	size_t seen;         /* members of the source that were looked at for page maps */
	struct bytes directory; /* of the one seen last: each has ids of its own */
	struct map pagemaps;    /* pages id to member */
	struct map mms;         /* pid to member */
	uint64_t small;         /* bytes kept of what is neither an image nor known by name */
};

/*
 * Documents of an OCI layout are named by their digest: JSON, or a protobuf Any with a type_url. And a
 * small archive that is kept need not be streamed to once more.
 */
static bool is_small(struct capture_state *state, const struct member *member, struct bytes head)
{
	enum { DOCUMENT = 1 << 20, ARCHIVE = 4 << 20, ALL = 64 << 20 };
	bool is_document = head.len && (head.data[0] == '{' || head.data[0] == (1 << 3 | 2));
	bool is_archive = bytes_end_with(member->name, BYTES(".tar"));
	uint64_t most = is_archive ? ARCHIVE : is_document ? DOCUMENT : 0;

	if (member->size > most || state->small > ALL)
		return false;
	state->small += member->size;
	return true;
}

static uint64_t document_len(struct capture_state *state, const struct member *member,
			     struct bytes head)
{
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++)
		if (bytes_end_with(member->name, bytes_of(documents[i].ending)))
			return documents[i].len;
	return is_small(state, member, head) ? member->size : 4096;
}

struct capture_state *capture_new(struct arena *arena)
{
	struct capture_state *state = arena_zalloc(arena, sizeof(*state));

	state->arena = arena;
	return state;
}

/* The bytes of a member that was kept whole. */
static struct bytes kept(const struct source *source, uint32_t member)
{
	const struct member *item = &source->members.items[member];

	if (item->n_pieces != 1 || item->pieces[0].start != 0 || !item->pieces[0].memory)
		return NO_BYTES;
	return (struct bytes){ item->pieces[0].memory, (size_t)item->pieces[0].len };
}

/* Opens a kept image; whatever is wrong with it is reported when it is read for real. */
static bool open_kept(const struct source *source, uint32_t member, const char *kind,
		      struct problems *problems, struct image_reader *ret)
{
	struct bytes image = kept(source, member);
	struct error *error;

	if (!image.data)
		return false;
	error = image_open(image, source->members.items[member].name, NULL, problems, ret);
	if (error) {
		error_free(error);
		return false;
	}
	if (!strcmp(ret->header.kind->name, kind))
		return true;
	image_close(ret);
	return false;
}

static void note_pagemap(struct capture_state *state, const struct source *source, uint32_t member)
{
	struct image_reader reader;
	struct image_entry entry;
	struct problems ignored;

	problems_init(&ignored);
	if (open_kept(source, member, "PAGEMAP", &ignored, &reader)) {
		if (image_next(&reader, &entry))
			map_put(state->arena, &state->pagemaps,
				((const PagemapHead *)entry.message)->pages_id, member);
		image_close(&reader);
	}
	problems_deinit(&ignored);
}

/* Looks at the members that came since the last time. */
static void catch_up(struct capture_state *state, const struct source *source)
{
	static const struct image_kind *pagemap, *mm;

	if (!pagemap) {
		pagemap = image_kind_named("PAGEMAP");
		mm = image_kind_named("MM");
	}
	for (; state->seen < source->members.n; state->seen++) {
		struct bytes name = source->members.items[state->seen].name;
		uint64_t id;

		if (!bytes_equal(bytes_dirname(name), state->directory)) {
			state->directory = bytes_dirname(name);
			state->pagemaps = state->mms = (struct map){ 0 };
		}
		if (image_name_fits(pagemap, name, &id))
			note_pagemap(state, source, (uint32_t)state->seen);
		else if (image_name_fits(mm, name, &id))
			map_put(state->arena, &state->mms, id, (uint32_t)state->seen);
	}
}

struct wanted {
	struct range *ranges;
	size_t n, cap;
};

/* The places in the pages file of an address range, as far as it is there. */
static void want(struct arena *arena, const struct pagemap *pagemap, uint32_t page_size,
		 uint64_t start, uint64_t end, struct wanted *wanted)
{
	if (end <= start || end - start > LARGEST_STRINGS)
		return;
	while (start < end) {
		struct page_slice slice = pagemap_slice(pagemap, start, end - start, page_size);

		if (!slice.present)
			return;
		*(struct range *)vec_push_raw(arena, (void **)&wanted->ranges, &wanted->n,
					      &wanted->cap, sizeof(struct range)) =
			(struct range){ slice.offset, slice.len };
		start += slice.len;
	}
}

static int by_start(const void *a, const void *b)
{
	const struct range *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

/* Sorts, and joins ranges that touch or overlap. */
static void tidy(struct wanted *wanted)
{
	size_t n = 0;

	if (wanted->n)
		qsort(wanted->ranges, wanted->n, sizeof(*wanted->ranges), by_start);
	for (size_t i = 0; i < wanted->n; i++) {
		struct range *last = n ? &wanted->ranges[n - 1] : NULL;
		struct range next = wanted->ranges[i];

		if (!last || next.start > last->start + last->len)
			wanted->ranges[n++] = next;
		else if (next.start + next.len > last->start + last->len)
			last->len = next.start + next.len - last->start;
	}
	wanted->n = n;
}

static void want_strings(const struct source *source, uint32_t mm_member, const struct pagemap *pagemap, uint64_t pages_size,
			 struct arena *arena, struct wanted *wanted)
{
	uint32_t page_size = page_size_of(pages_size, pagemap->total.present);
	struct image_reader reader;
	struct image_entry entry;
	struct problems ignored;

	problems_init(&ignored);
	if (page_size && open_kept(source, mm_member, "MM", &ignored, &reader)) {
		if (image_next(&reader, &entry)) {
			const MmEntry *mm = (const MmEntry *)entry.message;

			want(arena, pagemap, page_size, mm->mm_arg_start, mm->mm_arg_end, wanted);
			want(arena, pagemap, page_size, mm->mm_env_start, mm->mm_env_end, wanted);
		}
		image_close(&reader);
	}
	problems_deinit(&ignored);
	tidy(wanted);
}

/* The ranges of a pages file that hold argv and environ of its task. */
static void plan_pages(struct capture_state *state, const struct source *source,
		       const struct member *pages, uint64_t pages_id, struct arena *arena,
		       struct wanted *wanted)
{
	static const struct image_kind *pagemap_kind;
	struct problems ignored;
	struct pagemap pagemap;
	struct image_reader reader;
	uint32_t member, mm;
	uint64_t pid;

	catch_up(state, source);
	pagemap_kind = image_kind_named("PAGEMAP");
	member = map_get(&state->pagemaps, pages_id);
	if (member == MAP_NONE ||
	    !image_name_fits(pagemap_kind, source->members.items[member].name, &pid))
		return;
	mm = map_get(&state->mms, pid);
	problems_init(&ignored);
	if (mm != MAP_NONE && open_kept(source, member, "PAGEMAP", &ignored, &reader)) {
		pagemap_read(&reader, arena, &pagemap);
		image_close(&reader);
		want_strings(source, mm, &pagemap, pages->size, arena, wanted);
	}
	problems_deinit(&ignored);
}

enum capture_plan capture_plan(void *context, const struct source *source,
			       const struct member *member, struct bytes head, struct arena *arena,
			       const struct range **ret_ranges, size_t *ret_n)
{
	struct wanted wanted = { 0 };
	struct image_header header;
	bool known = image_recognise(head, member->name, &header) && header.kind;

	if (known && !strcmp(header.kind->name, "PAGES")) {
		uint64_t pages_id;

		image_name_fits(header.kind, member->name, &pages_id);
		plan_pages(context, source, member, pages_id, arena, &wanted);
	} else {
		*(struct range *)vec_push_raw(arena, (void **)&wanted.ranges, &wanted.n,
					      &wanted.cap, sizeof(struct range)) =
			(struct range){ 0, known ? MAX_LOADED : document_len(context, member, head) };
		if (wanted.ranges[0].len > member->size)
			wanted.ranges[0].len = member->size;
	}
	*ret_ranges = wanted.ranges;
	*ret_n = wanted.n;
	return CAPTURE_RANGES;
}
