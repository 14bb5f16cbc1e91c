#include "db/scan/stream.h"

#include <stdlib.h>

#include "db/scan/indicators.h"
#include "decoders/source/digests.h"

enum { BLOCK = 256 << 10, ROOM = SCAN_BEHIND + BLOCK + SCAN_AHEAD };

void stream_init(struct stream *stream, struct scanner *scanner)
{
	*stream = (struct stream){ .scanner = scanner, .buffer = malloc(ROOM) };
	if (!stream->buffer)
		out_of_memory();
	arena_init(&stream->arena);
}

void stream_deinit(struct stream *stream)
{
	digests_free(stream->digests);
	arena_deinit(&stream->arena);
	free(stream->buffer);
}

/* Forgets what is held: the next byte is the first of the stream, or behind a hole. */
static void start_anew(struct stream *stream, uint64_t at)
{
	stream->held = stream->from = 0;
	stream->at = at;
	arena_reset(&stream->arena);
	memset(&stream->parts, 0, sizeof(stream->parts));
}

void stream_begin(struct stream *stream, const struct find_place *place, bool is_only_digested)
{
	stream->place = *place;
	stream->is_only_digested = is_only_digested;
	digests_free(stream->digests);
	stream->digests = digests_begin(stream->scanner->indicators);
	start_anew(stream, 0);
}

/* --- looking --------------------------------------------------------------------------------------------------- */

static void locate(void *context, size_t position, struct find_place *ret)
{
	const struct stream *stream = context;
	const struct stream_part *part = stream->parts.items;
	uint64_t at = stream->at + position;
	bool is_wide = ret->is_wide;

	for (size_t i = 1; i < stream->parts.n && stream->parts.items[i].start <= at; i++)
		part = &stream->parts.items[i];
	*ret = stream->place;
	ret->is_wide = is_wide;
	ret->source = part->place.source;
	ret->image = part->place.image;
	ret->offset = part->place.offset == NO_OFFSET ? NO_OFFSET : part->place.offset + (at - part->start);
}

static void look(struct stream *stream, size_t limit, bool ends)
{
	const struct locator locator = { locate, stream };
	struct subject subject = { stream->buffer, stream->held, ends };

	scanner_look(stream->scanner, &subject, stream->from, limit, &locator);
	stream->from = limit;
}

/* Keeps what the bytes to come need before them. */
static void make_room(struct stream *stream)
{
	size_t gone, n = 0;

	look(stream, stream->held - SCAN_AHEAD, false);
	gone = stream->from - SCAN_BEHIND;
	memmove(stream->buffer, stream->buffer + gone, stream->held - gone);
	stream->held -= gone;
	stream->from -= gone;
	stream->at += gone;
	while (n + 1 < stream->parts.n && stream->parts.items[n + 1].start <= stream->at)
		n++;
	memmove(stream->parts.items, stream->parts.items + n, (stream->parts.n - n) * sizeof(*stream->parts.items));
	stream->parts.n -= n;
}

static void finish(struct stream *stream)
{
	if (stream->held > stream->from)
		look(stream, stream->held, true);
}

/* --- pieces ------------------------------------------------------------------------------------------------------- */

/* A few bytes of evidence can ask for any number of zeroes to be digested. */
static void add_hole(struct stream *stream, uint64_t len)
{
	struct error *error;

	if (!stream->digests)
		return;
	if (len <= MOST_ZEROES - stream->zeroes) {
		digests_add_hole(stream->digests, len);
		stream->zeroes += len;
		return;
	}
	error = error_new(ERROR_LIMIT, "not held against digests: more than %llu bytes of holes",
			  (unsigned long long)MOST_ZEROES);
	problems_add(stream->scanner->problems,
		     error_in_source(error_in_image(error, stream->place.image), stream->place.source));
	digests_free(stream->digests);
	stream->digests = NULL;
}

static bool goes_on(const struct stream_part *part, uint64_t start, const struct content_place *place)
{
	return part->place.source == place->source && part->place.image.data == place->image.data &&
	       part->place.offset != NO_OFFSET && part->place.offset + (start - part->start) == place->offset;
}

static void note_part(struct stream *stream, uint64_t start, const struct content_place *place)
{
	if (stream->parts.n && goes_on(&stream->parts.items[stream->parts.n - 1], start, place))
		return;
	*vec_push(&stream->arena, &stream->parts) = (struct stream_part){ start, *place };
}

void stream_add(struct stream *stream, uint64_t start, struct bytes data, const struct content_place *from)
{
	struct content_place place = *from;
	uint64_t end = stream->at + stream->held;

	if (start < end) { /* again, from runs that overlap: the first counts */
		uint64_t again = end - start;

		if (again >= data.len)
			return;
		data = bytes_from(data, (size_t)again);
		place.offset += place.offset == NO_OFFSET ? 0 : again;
		start = end;
	}
	if (start > end) {
		add_hole(stream, start - end);
		finish(stream);
		start_anew(stream, start);
	}
	digests_add_all(stream->digests, data);
	if (stream->is_only_digested) {
		stream->at = start + data.len;
		return;
	}
	note_part(stream, start, &place);
	while (data.len) {
		size_t part = ROOM - stream->held < data.len ? ROOM - stream->held : data.len;

		memcpy(stream->buffer + stream->held, data.data, part);
		stream->held += part;
		data = bytes_from(data, part);
		if (stream->held == ROOM)
			make_room(stream);
	}
}

void stream_end(struct stream *stream, uint64_t size, bool is_whole)
{
	uint64_t end = stream->at + stream->held;
	struct find_place place = stream->place;

	finish(stream);
	if (size != ABSENT_U64 && size > end)
		add_hole(stream, size - end);
	if (is_whole)
		digests_compare(stream->digests, stream->scanner->indicators, stream->scanner->finds, &place);
}
