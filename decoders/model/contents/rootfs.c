/* Files of the container's file systems, which lie in archives inside the checkpoint. */
#include "decoders/model/contents/contents.h"
#include "decoders/model/leaves/mount.h"
#include "decoders/model/leaves/rootfs_places.h"
#include "decoders/source/digests.h"

/* One archive. A member of one that is streamed is given while it passes. */
struct giving {
	struct checkpoint *checkpoint;
	const struct content_sink *sink;
	const struct rootfs_place *place;
	unsigned number;  /* of the place */
	uint32_t next;    /* members before it have been given, but for the last of them while: */
	bool is_passing;
	bool is_wanted;   /* ... and the sink wants it */
	uint64_t at;      /* bytes of it so far */
	uint64_t base;    /* what an offset in it is in the archive: more by this; or NO_OFFSET */
};

static bool has_content(const struct giving *giving, const struct member *member)
{
	return member->type == MEMBER_FILE && !rootfs_is_whiteout(giving->place, member->name);
}

/* Places are told in the archive, with whatever is around it. */
static struct content_place place_at(const struct giving *giving, uint64_t start)
{
	const struct source *around = giving->place->source;

	return (struct content_place){ around->path, around->members.items[giving->place->member].name,
				       giving->base == NO_OFFSET ? NO_OFFSET : giving->base + start };
}

static bool begin(struct giving *giving, const struct member *member, uint32_t index)
{
	struct content content = { .kind = "rootfs", .size = member->size };

	giving->at = 0;
	giving->base = member->archive_offset;
	if (!has_content(giving, member))
		return false;
	content.path = rootfs_container_path(giving->checkpoint, giving->place->where, member->name);
	content.id = arena_printf(&giving->checkpoint->arena, "%u-%u", giving->number, index);
	content.from = place_at(giving, 0);
	return giving->sink->begin(giving->sink->context, &content);
}

static bool take(struct giving *giving, uint64_t start, struct bytes data)
{
	struct content_place place = place_at(giving, start);

	giving->at = start + data.len;
	return giving->sink->take(giving->sink->context, start, data, &place);
}

static void end(struct giving *giving, uint64_t missing)
{
	giving->sink->end(giving->sink->context, missing,
			  missing ? "the archive ends inside it, or cannot be read" : NULL);
}

/* --- as they pass --------------------------------------------------------------------------------------------- */

static void end_passing(struct giving *giving, const struct source *source)
{
	const struct member *member;
	bool is_cut;

	if (!giving->is_passing)
		return;
	member = &source->members.items[giving->next - 1];
	is_cut = member->state == MEMBER_TRUNCATED && giving->at < member->size;
	if (giving->is_wanted)
		end(giving, is_cut ? member->size - giving->at : 0);
	giving->is_passing = false;
}

/* Members that had no data to pass: empty, or nothing but a hole. */
static void give_empty(struct giving *giving, const struct source *source, uint32_t index)
{
	for (; giving->next < index; giving->next++) {
		const struct member *member = &source->members.items[giving->next];

		if (begin(giving, member, giving->next))
			end(giving, member->state == MEMBER_TRUNCATED ? member->size : 0);
	}
}

static void pass(void *context, const struct source *source, const struct member *member, uint64_t start,
		 struct bytes data)
{
	struct giving *giving = context;
	uint32_t index = source_index(source, member);

	if (!giving->is_passing || giving->next != index + 1) {
		end_passing(giving, source);
		give_empty(giving, source, index);
		giving->is_wanted = begin(giving, member, index);
		giving->is_passing = true;
		giving->next = index + 1;
	}
	if (start != giving->at)
		giving->base = NO_OFFSET; /* behind a hole: the archive has none */
	if (giving->is_wanted)
		take(giving, start, data);
}

/* --- read -------------------------------------------------------------------------------------------------------- */

static bool take_read(void *context, uint64_t start, struct bytes data, const struct content_place *place)
{
	(void)place;
	return take(context, start, data);
}

static void read_member(struct giving *giving, struct source *source, uint32_t index)
{
	const struct member *member = &source->members.items[index];
	struct content_sink sink = { .take = take_read, .context = giving };
	uint64_t missing = 0;
	bool stopped = false;

	if (!begin(giving, member, index))
		return;
	if (!member->is_sparse)
		missing = contents_copy(giving->checkpoint, &sink, 0, source, member, 0, member->size, &stopped);
	for (size_t i = 0; member->is_sparse && i < member->n_pieces && !stopped; i++) {
		const struct piece *piece = &member->pieces[i];

		giving->base = piece->archive_offset - piece->start;
		missing += contents_copy(giving->checkpoint, &sink, piece->start, source, member, piece->start,
					 piece->len, &stopped);
	}
	end(giving, missing);
}

static void give_place(struct checkpoint *checkpoint, const struct content_sink *sink,
		       const struct rootfs_place *place, unsigned number)
{
	struct giving giving = { .checkpoint = checkpoint, .sink = sink, .place = place, .number = number };
	struct capture capture = { .plan = capture_heads, .pass = pass, .context = &giving };
	const struct member *archive = &place->source->members.items[place->member];
	struct source inner;
	struct error *error = source_open_member(place->source, archive, &capture, &inner);

	if (error) {
		error->kind = ERROR_DAMAGED; /* the rest of the checkpoint is there */
		problems_add(&checkpoint->problems, error);
		if (giving.is_passing && giving.is_wanted)
			end(&giving, 1);
		return;
	}
	problems_move(&checkpoint->problems, &inner.problems);
	if (inner.is_streamed) {
		end_passing(&giving, &inner);
		give_empty(&giving, &inner, (uint32_t)inner.members.n);
	} else {
		for (uint32_t i = 0; i < inner.members.n; i++)
			read_member(&giving, &inner, i);
	}
	source_close(&inner);
}

void contents_of_rootfs(struct checkpoint *checkpoint, const struct content_sink *sink)
{
	struct rootfs_places places;

	checkpoint_need(checkpoint, PART_ENGINE);
	checkpoint_need_leaf(checkpoint, &leaf_mount);
	rootfs_find_places(checkpoint, &places);
	for (size_t i = 0; i < places.n; i++)
		give_place(checkpoint, sink, &places.items[i], (unsigned)i);
}
