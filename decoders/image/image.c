#include "decoders/image/image.h"

#include <string.h>

#include "decoders/base/cursor.h"
#include "decoders/image/extra.h"

/* Why bytes that no kind fits are no image. */
static struct error *not_an_image(struct bytes image)
{
	struct cursor cursor = cursor_over(image, false);
	uint32_t first = 0;

	if (image.len == 0)
		return error_damage(error_new(ERROR_DAMAGED, "an empty file"), DAMAGE_CUT);
	if (image.len < IMAGE_HEADER_MAX)
		return error_damage(error_new(ERROR_DAMAGED, "%zu bytes, too few for an image's magic",
					      image.len),
				    DAMAGE_CUT);
	if (!cursor_u32(&cursor, &first))
		return error_new(ERROR_INTERNAL, "8 bytes hold no number");
	return error_damage(error_new(ERROR_DAMAGED, "0x%08x is not the magic of a CRIU image", first),
			    DAMAGE_MAGIC);
}

struct error *image_open(struct bytes image, struct bytes name, const char *source,
			 struct problems *problems, struct image_reader *ret)
{
	struct image_header header = { 0 };
	struct error *error = NULL;

	if (!image_recognise(bytes_first(image, IMAGE_HEADER_MAX), name, &header))
		error = error_at(not_an_image(image), NO_ENTRY, 0);
	else if (!header.kind)
		error = error_at(error_damage(error_new(ERROR_DAMAGED,
							"0x%08x is not the magic of a known kind",
							header.magic),
					      DAMAGE_MAGIC),
				 NO_ENTRY, 4);
	if (error)
		return error_in_image(error, name);
	*ret = (struct image_reader){ .header = header, .image = image, .name = name,
				      .source = source, .problems = problems, .pos = header.len,
				      .problems_before = problems->n };
	arena_init(&ret->scratch);
	return NULL;
}

void image_close(struct image_reader *reader)
{
	arena_deinit(&reader->scratch);
}

void image_problem(struct image_reader *reader, struct error *error, uint32_t entry,
		   uint64_t offset)
{
	error = error_in_image(error_at(error, entry, offset), reader->name);
	if (reader->source)
		error = error_in_source(error, reader->source);
	problems_add(reader->problems, error);
}

/* The message of an entry, or NULL with the reason among the problems. */
static const ProtobufCMessage *unpack(struct image_reader *reader, const struct image_entry *entry)
{
	uint64_t start = entry->offset + sizeof(uint32_t);
	const ProtobufCMessage *message;
	struct prescan scan;
	struct error *error;

	error = prescan_observed(entry->schema, entry->payload, start,
				 reader->observer ? &reader->observer->fields : NULL, &scan);
	if (error) {
		image_problem(reader, error_damage(error, DAMAGE_MESSAGE), entry->index, start);
		return NULL;
	}
	if (scan.n_missing)
		image_problem(reader,
			      error_damage(error_new(ERROR_DAMAGED, "%s: the field %s is missing%s",
						     scan.missing_in->name, scan.missing,
						     scan.n_missing > 1 ? ", and others" : ""),
					   DAMAGE_FIELD),
			      entry->index, scan.missing_offset);
	arena_reset(&reader->scratch);
	reader->scratch.budget = prescan_budget(entry->payload.len);
	message = unpack_message(entry->schema, entry->payload, reader->leaves_out, &reader->scratch);
	if (!message)
		image_problem(reader,
			      error_damage(error_new(ERROR_DAMAGED, "%s: not a valid message",
						     entry->schema->name),
					   DAMAGE_MESSAGE),
			      entry->index, start);
	return message;
}

static bool frame(struct image_reader *reader, struct cursor *cursor, struct image_entry *ret)
{
	uint32_t size;

	if (!cursor_u32(cursor, &size)) {
		image_problem(reader,
			      error_damage(error_new(ERROR_DAMAGED,
						     "%zu bytes left, too few for an entry's size",
						     cursor_left(cursor)),
					   DAMAGE_CUT),
			      ret->index, ret->offset);
		return false;
	}
	if (!cursor_take(cursor, size, &ret->payload)) {
		image_problem(reader,
			      error_damage(error_new(ERROR_DAMAGED, "length %u runs past the end, %zu left",
						     size, cursor_left(cursor)),
					   DAMAGE_CUT),
			      ret->index, ret->offset);
		return false;
	}
	return true;
}

enum { EMPTY_ENTRIES = 64 };

/*
 * A hole, or the rest of a file that was never written, reads as entries of no bytes, one for each four
 * of its zeroes. Looked for at every 64th entry: so many in a row are none.
 */
static bool is_in_zeroes(const struct image_reader *reader, const struct image_entry *entry)
{
	const uint8_t *at = reader->image.data + entry->offset;
	size_t len = EMPTY_ENTRIES * sizeof(uint32_t);

	return entry->payload.len == 0 && entry->index % EMPTY_ENTRIES == 0 &&
	       reader->image.len - entry->offset >= len && at[0] == 0 && !memcmp(at, at + 1, len - 1);
}

/* The extra of an entry; where it is cut short, what there is, up to the end of the file. */
static void measure(struct image_reader *reader, struct cursor *cursor, struct image_entry *entry)
{
	const uint8_t *start = cursor->pos;
	struct error *error;

	error = reader->header.kind->extra->measure(entry->message, cursor, &entry->extra_payload);
	if (error) {
		image_problem(reader, error_damage(error, DAMAGE_CUT), entry->index, cursor_offset(cursor));
		cursor->pos = cursor->end;
	}
	entry->extra = (struct bytes){ start, (size_t)(cursor->pos - start) };
}

bool image_has_room(struct image_reader *reader)
{
	if (!reader->rows || arena_has_room(reader->rows))
		return true;
	image_problem(reader,
		      error_new(ERROR_LIMIT, "more than %zu bytes of rows; the rest is left out",
				reader->rows->budget),
		      NO_ENTRY, reader->pos);
	return false;
}

bool image_next(struct image_reader *reader, struct image_entry *ret)
{
	const struct image_kind *kind = reader->header.kind;

	while (kind->message && reader->pos < reader->image.len && image_has_room(reader)) {
		struct cursor cursor = cursor_over(reader->image, reader->header.big_endian);
		struct image_entry entry = { .index = reader->next++, .offset = reader->pos };

		entry.schema = kind->later && entry.index ? kind->later : kind->message;
		cursor.pos += reader->pos;
		reader->pos = reader->image.len; /* where the framing is lost, there is no next */
		if (!frame(reader, &cursor, &entry))
			return false;
		if (is_in_zeroes(reader, &entry)) {
			image_problem(reader,
				      error_damage(error_new(ERROR_DAMAGED,
							     "zeroes where entries should be; the rest is left out"),
						   DAMAGE_CUT),
				      entry.index, entry.offset);
			return false;
		}
		if (reader->observer)
			reader->observer->entry(reader->observer->fields.context, &entry);
		entry.message = unpack(reader, &entry);
		if (kind->extra && !entry.message)
			return false;
		if (kind->extra)
			measure(reader, &cursor, &entry);
		reader->pos = cursor_offset(&cursor);
		if (entry.message) {
			*ret = entry;
			return true;
		}
	}
	return false;
}

uint64_t image_count(struct image_reader *reader)
{
	struct cursor cursor = cursor_over(reader->image, reader->header.big_endian);
	struct image_entry entry;
	struct bytes payload;
	uint64_t n = 0;
	uint32_t size;

	if (reader->header.kind->extra) {
		while (image_next(reader, &entry))
			n++;
		return n;
	}
	cursor.pos += reader->pos;
	while (cursor_u32(&cursor, &size) && cursor_take(&cursor, size, &payload))
		n++;
	return n;
}
