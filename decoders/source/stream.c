/* The bytes of one member of a streamed archive, in order: a pass of its own, up to the member. */
#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/source/internal.h"
#include "decoders/source/tar.h"

enum { HOLE = 64 << 10 }; /* zeroes that are handed out at once */

struct member_stream {
	struct tar_walk tar;
	const struct member *member;
	uint64_t at;     /* bytes handed out */
	struct bytes block; /* read, and not handed out yet: */
	uint64_t block_at;  /* ... it stands here; before it is a hole */
	bool is_at_end;
	uint8_t zeroes[HOLE];
};

struct error *member_stream_open(struct source *source, const struct member *member,
				 struct member_stream **ret)
{
	struct member_stream *stream;
	struct archive_entry *entry;
	struct error *error;

	if (source_is_pipe(source))
		return member_error(error_new(ERROR_LIMIT, "a pipe cannot be read a second time for what is "
							   "inside a member"),
				    source, member);
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		out_of_memory();
	stream->member = member;
	error = tar_open(source, true, NULL, &stream->tar);
	if (error) {
		free(stream);
		return error;
	}
	do
		error = tar_next(&stream->tar, &entry);
	while (!error && entry && stream->tar.position < source_index(source, member));
	if (!error && !entry)
		error = member_error(error_new(ERROR_DAMAGED, "not there when the archive was read again"),
				     source, member);
	if (!error) {
		*ret = stream;
		return NULL;
	}
	member_stream_close(stream);
	return error;
}

void member_stream_close(struct member_stream *stream)
{
	tar_close(&stream->tar);
	free(stream);
}

/* The next block; what is wrong with the member was told when it was indexed. */
static struct error *read_block(struct member_stream *stream)
{
	const void *data;
	la_int64_t offset;
	size_t len;
	int status;

	status = archive_read_data_block(stream->tar.archive, &data, &len, &offset);
	if (status == ARCHIVE_OK) {
		stream->block = (struct bytes){ data, len };
		stream->block_at = (uint64_t)offset;
		return NULL;
	}
	stream->is_at_end = true;
	stream->block = NO_BYTES;
	stream->block_at = stream->member->size;
	return status == ARCHIVE_EOF ? NULL : tar_error(&stream->tar, ERROR_DAMAGED);
}

struct error *member_stream_next(struct member_stream *stream, const uint8_t **ret, size_t *ret_len)
{
	struct error *error = NULL;

	while (!error && !stream->is_at_end && stream->block.len == 0 &&
	       stream->block_at <= stream->at)
		error = read_block(stream);
	if (error)
		return error;
	if (stream->at < stream->block_at) {
		uint64_t hole = stream->block_at - stream->at;

		*ret = stream->zeroes;
		*ret_len = hole < HOLE ? (size_t)hole : HOLE;
	} else {
		*ret = stream->block.data;
		*ret_len = stream->block.len;
		stream->block = NO_BYTES;
	}
	stream->at += *ret_len;
	return NULL;
}
