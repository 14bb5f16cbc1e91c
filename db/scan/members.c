/*
 * Members as they are: what the engine wrote, logs, images. Pages are memory, and what is an archive itself is
 * looked into as contents.
 */
#include "db/scan/sources.h"
#include "db/scan/stream.h"
#include "decoders/model/layers.h"

enum { WINDOW = 256 << 10 };

struct walk {
	struct scanner *scanner;
	struct stream stream;
	uint8_t window[WINDOW];
};

static bool is_pages(struct bytes name)
{
	return bytes_start_with(bytes_basename(name), BYTES("pages-")) && bytes_end_with(name, BYTES(".img"));
}

/* Only their digests are asked for, where anybody asks for digests. */
static bool is_looked_at_elsewhere(struct source *source, const struct member *member)
{
	return is_pages(member->name) || source_is_archive(source, member);
}

static bool is_readable(const struct member *member)
{
	return member->type == MEMBER_FILE && member->state != MEMBER_UNSAFE && member->state != MEMBER_REPLACED &&
	       member->state != MEMBER_TRAILING && !member->is_sparse;
}

/* As far as its bytes are there; those of a streamed archive are what was kept. */
static void read_member(struct walk *walk, struct source *source, const struct member *member)
{
	uint64_t readable = member_readable(source, member), done = 0;
	struct find_place place = { .where = "member", .source = source->path, .image = member->name,
				    .pid = ABSENT_U32, .fd = ABSENT_U32, .address = ABSENT_U64 };

	stream_begin(&walk->stream, &place);
	while (done < readable) {
		size_t part = readable - done < WINDOW ? (size_t)(readable - done) : WINDOW;
		struct content_place from = { source->path, member->name, done };
		struct error *error = source_read(source, member, done, walk->window, part);

		if (error) {
			problems_add(walk->scanner->problems, error);
			break;
		}
		stream_add(&walk->stream, done, (struct bytes){ walk->window, part }, &from);
		done += part;
	}
	stream_end(&walk->stream, ABSENT_U64, done == member->size);
}

static void look_at_source(struct walk *walk, struct source *source)
{
	for (size_t i = 0; i < source->members.n; i++) {
		const struct member *member = &source->members.items[i];

		if (is_readable(member) && !is_looked_at_elsewhere(source, member))
			read_member(walk, source, member);
	}
}

/* The source of a layer may be that of another one. */
static bool was_seen(const struct checkpoint *checkpoint, size_t layer)
{
	for (size_t i = 0; i < layer; i++)
		if (checkpoint->layers.items[i].source == checkpoint->layers.items[layer].source)
			return true;
	return false;
}

void scan_members(struct scanner *scanner)
{
	struct checkpoint *checkpoint = scanner->checkpoint;
	struct walk *walk = arena_alloc(&checkpoint->arena, sizeof(*walk));

	*walk = (struct walk){ .scanner = scanner };
	stream_init(&walk->stream, scanner);
	for (size_t i = 0; i < checkpoint->layers.n; i++)
		if (!was_seen(checkpoint, i))
			look_at_source(walk, checkpoint->layers.items[i].source);
	for (struct source *outer = checkpoint->source.outer; outer; outer = outer->outer)
		look_at_source(walk, outer);
	stream_deinit(&walk->stream);
}
