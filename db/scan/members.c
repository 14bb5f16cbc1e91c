/*
 * Members as they are: what the engine wrote, logs, images. Pages are memory, and what is an archive itself is
 * looked into as contents: of these only digests are taken, where indicators have any.
 */
#include "db/scan/sources.h"
#include "db/scan/stream.h"
#include "decoders/model/layers.h"

enum { WINDOW = 256 << 10 };

struct walk {
	struct scanner *scanner;
	struct stream stream;
	bool wants_digests;
	uint8_t window[WINDOW];
};

static bool is_pages(struct bytes name)
{
	return bytes_start_with(bytes_basename(name), BYTES("pages-")) && bytes_end_with(name, BYTES(".img"));
}

static bool is_looked_at_elsewhere(struct source *source, const struct member *member)
{
	return is_pages(member->name) || source_is_archive(source, member);
}

static bool is_readable(const struct member *member)
{
	return member->type == MEMBER_FILE && member->state != MEMBER_UNSAFE && member->state != MEMBER_REPLACED &&
	       member->state != MEMBER_TRAILING;
}

/* False where an error ended it. */
static bool read_member_to(struct walk *walk, struct source *source, const struct member *member, uint64_t end)
{
	for (uint64_t start = 0; start < end;) {
		uint64_t hole = source_hole(&source->last, source, member, start, end - start);
		size_t part = end - start < WINDOW ? (size_t)(end - start) : WINDOW;
		struct content_place from = { source->path, member->name, start };
		struct error *error;

		if (hole) {
			start += hole;
			continue;
		}
		error = source_read(source, member, start, walk->window, part);
		if (error) {
			problems_add(walk->scanner->problems, error);
			return false;
		}
		stream_add(&walk->stream, start, (struct bytes){ walk->window, part }, &from);
		start += part;
	}
	return true;
}

/* As far as its bytes are there. */
static void read_member(struct walk *walk, struct source *source, const struct member *member, bool is_only_digested)
{
	struct find_place place = { .where = "member", .source = source->path, .image = member->name,
				    .pid = ABSENT_U32, .fd = ABSENT_U32, .address = ABSENT_U64 };
	uint64_t readable = member_readable(source, member);
	bool is_whole = readable == member->size;

	stream_begin(&walk->stream, &place, is_only_digested);
	is_whole &= read_member_to(walk, source, member, readable);
	stream_end(&walk->stream, readable, is_whole);
}

static void look_at_source(struct walk *walk, struct source *source)
{
	for (size_t i = 0; i < source->members.n; i++) {
		const struct member *member = &source->members.items[i];
		bool is_only_digested = is_readable(member) && is_looked_at_elsewhere(source, member);

		if (is_readable(member) && (!is_only_digested || walk->wants_digests))
			read_member(walk, source, member, is_only_digested);
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

	*walk = (struct walk){ .scanner = scanner, .wants_digests = indicators_want_digests(scanner->indicators) };
	stream_init(&walk->stream, scanner);
	for (size_t i = 0; i < checkpoint->layers.n; i++)
		if (!was_seen(checkpoint, i))
			look_at_source(walk, checkpoint->layers.items[i].source);
	for (struct source *outer = checkpoint->source.outer; outer; outer = outer->outer)
		look_at_source(walk, outer);
	stream_deinit(&walk->stream);
}
