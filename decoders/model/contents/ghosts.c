/* Deleted files: ghost-file-N.img, whole or in chunks with holes between them. */
#include <sys/stat.h>

#include "decoders/base/cursor.h"
#include "decoders/base/size.h"
#include "decoders/model/contents/contents.h"
#include "files.pb-c.h"

enum { HEAD = 64 << 10, CHUNK_HEADER = 1 << 10 };

struct ghost {
	const struct member *member;
	uint64_t readable; /* bytes of it */
	uint32_t mode;
	bool chunks, big_endian;
	uint64_t size;     /* of the file, or ABSENT_U64 */
	uint64_t body;     /* where in the image the content begins */
};

static uint64_t key_of_ghost(const struct file *file)
{
	return file->remap && !strcmp(file->remap, "ghost") ? file->remap_id : ABSENT_U64;
}

/* The image without what follows its entry, which may be large. */
static struct bytes only_entry(struct bytes head, const struct member *member)
{
	struct image_header header;
	struct cursor cursor;
	struct bytes entry;
	uint32_t size;

	if (!image_recognise(head, member->name, &header) || !header.kind)
		return head;
	cursor = cursor_over(head, header.big_endian);
	if (!cursor_take(&cursor, header.len, &entry) || !cursor_u32(&cursor, &size) ||
	    !cursor_take(&cursor, size, &entry))
		return head;
	return bytes_first(head, (size_t)cursor_offset(&cursor));
}

static void take_entry(const struct image_reader *reader, const struct image_entry *entry,
		       struct ghost *ghost)
{
	const GhostFileEntry *message = (const GhostFileEntry *)entry->message;

	ghost->mode = message->mode;
	ghost->chunks = message->chunks;
	ghost->big_endian = reader->header.big_endian;
	ghost->body = reader->pos;
	if (ghost->readable < ghost->body)
		ghost->readable = ghost->body;
	if (message->has_size)
		ghost->size = message->size;
	else if (!ghost->chunks)
		ghost->size = ghost->member->size - ghost->body;
}

static bool read_ghost(struct checkpoint *checkpoint, const struct member *member, struct ghost *ret)
{
	static uint8_t bytes[HEAD];
	struct bytes head = { bytes, source_head(&checkpoint->source, member, bytes, HEAD) };
	struct ghost ghost = { .member = member, .size = ABSENT_U64,
			       .readable = member_readable(&checkpoint->source, member) };
	struct image_reader reader;
	struct image_entry entry;
	struct error *error;
	bool found;

	error = image_open(only_entry(head, member), member->name, checkpoint->source.path,
			   &checkpoint->problems, &reader);
	if (error) {
		load_problem(checkpoint, member, NO_ENTRY, NO_OFFSET, error);
		return false;
	}
	found = !strcmp(reader.header.kind->name, "GHOST_FILE") && image_next(&reader, &entry);
	if (found)
		take_entry(&reader, &entry, &ghost);
	image_close(&reader);
	if (found)
		*ret = ghost;
	return found;
}

/* --- chunks ----------------------------------------------------------------------------------------------- */

struct chunk {
	uint64_t start, len; /* in the file */
	uint64_t offset;     /* of its bytes, in the image */
};

/* The chunk at *POS, which is moved behind it. */
static struct error *next_chunk(struct checkpoint *checkpoint, const struct ghost *ghost, uint64_t *pos,
				struct chunk *ret)
{
	uint8_t bytes[CHUNK_HEADER];
	uint64_t left = ghost->readable - *pos;
	size_t len = left < CHUNK_HEADER ? (size_t)left : CHUNK_HEADER;
	struct cursor cursor = cursor_over((struct bytes){ bytes, len }, ghost->big_endian);
	struct chunk chunk = { 0 };
	struct bytes header;
	struct error *error;
	uint32_t size;

	error = source_read(&checkpoint->source, ghost->member, *pos, bytes, len);
	if (error)
		return error;
	if (!cursor_u32(&cursor, &size) || !cursor_take(&cursor, size, &header))
		return error_new(ERROR_DAMAGED, "a chunk's header runs past the end of the file");
	wire_number(header, 1, &chunk.len); /* ghost_chunk_entry.len */
	wire_number(header, 2, &chunk.start);
	chunk.offset = *pos + cursor_offset(&cursor);
	*pos = ghost->readable - chunk.offset < chunk.len ? ghost->readable : chunk.offset + chunk.len;
	*ret = chunk;
	return NULL;
}

static uint64_t copy_chunks(struct checkpoint *checkpoint, const struct content_sink *sink,
			    const struct ghost *ghost, const char **ret_why)
{
	uint64_t pos = ghost->body, at = 0, missing = 0, end = 0;
	struct error *error = NULL;
	bool stopped = false;

	while (pos < ghost->readable && !stopped && !error) {
		uint64_t entry = pos;
		struct chunk chunk;

		error = next_chunk(checkpoint, ghost, &pos, &chunk);
		if (!error && (chunk.start < at || !size_add(chunk.start, chunk.len, &end) ||
			       end > ghost->size))
			error = error_new(ERROR_DAMAGED, "a chunk at %llu of %llu bytes does not fit into the file",
					  (unsigned long long)chunk.start, (unsigned long long)chunk.len);
		if (error) {
			load_problem(checkpoint, ghost->member, NO_ENTRY, entry, error);
			*ret_why = "what follows a damaged chunk is missing";
			return missing;
		}
		missing += contents_copy(checkpoint, sink, chunk.start, &checkpoint->source, ghost->member,
					 chunk.offset, chunk.len, &stopped);
		at = end;
	}
	return missing;
}

/* --- ghosts ------------------------------------------------------------------------------------------------- */

static void give(struct checkpoint *checkpoint, const struct content_sink *sink,
		 const struct content *content, const struct ghost *ghost)
{
	bool stopped = false;
	const char *why = NULL;
	uint64_t missing;

	if (!sink->begin(sink->context, content))
		return;
	missing = ghost->chunks ? copy_chunks(checkpoint, sink, ghost, &why)
				: contents_copy(checkpoint, sink, 0, &checkpoint->source, ghost->member,
						ghost->body, ghost->size, &stopped);
	if (missing && !why)
		why = "the image ends early";
	sink->end(sink->context, missing, why);
}

void contents_of_ghosts(struct checkpoint *checkpoint, const struct content_sink *sink)
{
	const struct member *member;
	struct owners owners;
	size_t position = 0;
	uint64_t id;

	owners_by_file(checkpoint, key_of_ghost, &owners);
	while ((member = load_next(checkpoint, "GHOST_FILE", &position, &id))) {
		struct content content = { .kind = "ghost" };
		struct ghost ghost;

		if (!read_ghost(checkpoint, member, &ghost) || !S_ISREG(ghost.mode))
			continue;
		content.id = arena_printf(&checkpoint->arena, "%llx", (unsigned long long)id);
		content.size = ghost.size == ABSENT_U64 ? 0 : ghost.size;
		content.from = (struct content_place){ checkpoint->source.path, member->name, ghost.body };
		owners_of(checkpoint, &owners, id, &content);
		give(checkpoint, sink, &content, &ghost);
	}
}
