#include "decoders/source/feed.h"

#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/source/internal.h"

enum {
	HEADER_STEP = 16 << 10,  /* an uncompressed archive is read for its headers */
	STREAM_STEP = 256 << 10, /* a compressed one from end to end */
	LONGEST_TAIL = 64 << 20, /* that is looked at */
};

/* --- the file ------------------------------------------------------------------------------------ */

static ssize_t read_pipe(int fd, void *buffer, size_t len)
{
	ssize_t n;

	do
		n = read(fd, buffer, len);
	while (n < 0 && errno == EINTR);
	return n;
}

static la_ssize_t read_file(struct archive *archive, void *context, const void **ret)
{
	struct feed *feed = context;
	ssize_t n = feed->is_pipe ? read_pipe(feed->fd, feed->buffer, feed->step)
				  : read_fully(feed->fd, feed->buffer, feed->step, feed->read);

	if (n < 0) {
		archive_set_error(archive, errno, "cannot read: %s", strerror(errno));
		return ARCHIVE_FATAL;
	}
	feed->read += (uint64_t)n;
	*ret = feed->buffer;
	return n;
}

/* --- the decompressor ----------------------------------------------------------------------------- */

typedef int (*filter_support)(struct archive *);

/* Filters are enabled one by one: libarchive's "all" would run external programs. */
static struct archive *new_decompressor(void)
{
	static const filter_support filters[] = {
		archive_read_support_filter_gzip, archive_read_support_filter_zstd,
		archive_read_support_filter_xz,   archive_read_support_filter_bzip2,
		archive_read_support_filter_lz4,
	};
	struct archive *archive = archive_read_new();

	if (!archive || archive_read_support_format_raw(archive) != ARCHIVE_OK ||
	    archive_read_support_format_empty(archive) != ARCHIVE_OK)
		out_of_memory();
	/* A warning means that libarchive would start a program instead: not supported then. */
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++)
		if (filters[i](archive) == ARCHIVE_FATAL)
			out_of_memory();
	return archive;
}

static enum compression compression_of(struct archive *archive)
{
	switch (archive_filter_code(archive, 0)) {
	case ARCHIVE_FILTER_GZIP:
		return COMPRESSION_GZIP;
	case ARCHIVE_FILTER_ZSTD:
		return COMPRESSION_ZSTD;
	case ARCHIVE_FILTER_XZ:
		return COMPRESSION_XZ;
	case ARCHIVE_FILTER_BZIP2:
		return COMPRESSION_BZIP2;
	case ARCHIVE_FILTER_LZ4:
		return COMPRESSION_LZ4;
	default:
		return COMPRESSION_NONE;
	}
}

struct error *feed_open(int fd, uint64_t size, struct feed *ret)
{
	struct archive_entry *entry;
	struct error *error = NULL;
	int status;

	*ret = (struct feed){ .fd = fd, .size = size, .is_pipe = lseek(fd, 0, SEEK_CUR) < 0,
			      .step = HEADER_STEP, .buffer = malloc(STREAM_STEP) };
	if (!ret->buffer)
		out_of_memory();
	ret->decompressor = new_decompressor();
	status = archive_read_open2(ret->decompressor, ret, NULL, read_file, NULL, NULL);
	if (status == ARCHIVE_OK)
		status = archive_read_next_header(ret->decompressor, &entry);
	if (status == ARCHIVE_EOF)
		error = error_new(ERROR_UNREADABLE, "it is empty");
	else if (status != ARCHIVE_OK)
		error = error_new(ERROR_UNREADABLE, "%s", archive_error_string(ret->decompressor));
	if (error) {
		feed_close(ret);
		return error;
	}
	ret->compression = compression_of(ret->decompressor);
	ret->is_stream = ret->is_pipe || ret->compression != COMPRESSION_NONE;
	if (ret->is_stream) {
		ret->step = STREAM_STEP;
		return NULL;
	}
	archive_read_free(ret->decompressor);
	ret->decompressor = NULL;
	ret->read = 0;
	return NULL;
}

void feed_close(struct feed *feed)
{
	archive_read_free(feed->decompressor);
	free(feed->buffer);
	*feed = (struct feed){ .fd = -1 };
}

/* --- what the tar reader gets ------------------------------------------------------------------------ */

/* The next block of a stream; 0 at its end, ARCHIVE_FATAL where it is damaged. */
static la_ssize_t next_block(struct feed *feed, const void **ret)
{
	la_int64_t offset;
	size_t len;
	int status;

	do
		status = archive_read_data_block(feed->decompressor, ret, &len, &offset);
	while (status == ARCHIVE_OK && len == 0);
	return status == ARCHIVE_OK ? (la_ssize_t)len : status == ARCHIVE_EOF ? 0 : ARCHIVE_FATAL;
}

la_ssize_t feed_read(struct archive *archive, void *context, const void **ret)
{
	struct feed *feed = context;
	la_ssize_t n = feed->decompressor ? next_block(feed, ret) : read_file(archive, feed, ret);

	if (n < 0 && feed->decompressor)
		archive_set_error(archive, archive_errno(feed->decompressor), "%s",
				  archive_error_string(feed->decompressor));
	if (n < 0)
		return ARCHIVE_FATAL;
	feed->block = *ret;
	feed->len = (size_t)n;
	feed->pos += (uint64_t)n;
	return n;
}

la_int64_t feed_skip(struct archive *archive, void *context, la_int64_t request)
{
	struct feed *feed = context;
	uint64_t left = !feed->is_stream && feed->pos < feed->size ? feed->size - feed->pos : 0;
	uint64_t skipped = request < 0 ? 0 : (uint64_t)request < left ? (uint64_t)request : left;

	(void)archive;
	if (skipped) {
		feed->pos += skipped;
		feed->read = feed->pos;
		feed->len = 0;
	}
	return (la_int64_t)skipped;
}

size_t feed_again(const struct feed *feed, uint64_t start, uint8_t *bytes, size_t len)
{
	uint64_t first = feed->pos - feed->len;
	ssize_t got;

	if (start >= first && start + len <= feed->pos) {
		memcpy(bytes, feed->block + (start - first), len);
		return len;
	}
	got = read_fully(feed->fd, bytes, len, start);
	return got < 0 ? 0 : (size_t)got;
}

static bool has_content(const uint8_t *bytes, size_t len, uint64_t start, uint64_t *ret)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i]) {
			*ret = start + i;
			return true;
		}
	return false;
}

bool feed_has_tail(struct feed *feed, uint64_t end, uint64_t *ret)
{
	uint64_t first = feed->pos - feed->len;
	const void *block;

	/* The block that came last may reach beyond the end. */
	if (end >= first && end < feed->pos &&
	    has_content(feed->block + (end - first), (size_t)(feed->pos - end), end, ret))
		return true;
	while (feed->pos - end < LONGEST_TAIL) {
		uint64_t start = feed->pos;
		la_ssize_t n = feed->decompressor ? next_block(feed, &block)
						  : read_fully(feed->fd, feed->buffer, STREAM_STEP, start);

		if (n <= 0)
			return false;
		feed->pos += (uint64_t)n;
		if (has_content(feed->decompressor ? block : feed->buffer, (size_t)n, start, ret))
			return true;
	}
	return false;
}

uint64_t feed_inflation_limit(const struct feed *feed)
{
	uint64_t size = feed->is_pipe ? feed->read : feed->size;

	return size > (UINT64_MAX - INFLATED_FLOOR) / INFLATED_FACTOR
		       ? UINT64_MAX
		       : INFLATED_FLOOR + INFLATED_FACTOR * size;
}
