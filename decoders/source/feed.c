#include "decoders/source/feed.h"

#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/base/size.h"
#include "decoders/base/window.h"
#include "decoders/source/internal.h"

enum { HEADER_STEP = 16 << 10 }; /* an uncompressed archive is read for its headers */

/* --- the input ----------------------------------------------------------------------------------- */

static ssize_t next_stored(struct feed *feed, const uint8_t **ret)
{
	ssize_t n = input_next(&feed->input, feed->buffer, feed->step, ret);

	if (n > 0 || feed->input.stream) /* at the end the buffer still holds them, a stream's block need not */
		feed->stored = (struct bytes){ *ret, n > 0 ? (size_t)n : 0 };
	return n;
}

/* Inflated bytes; 0 at the end, -1 where they are damaged. */
static ssize_t next_inflated(struct feed *feed, const uint8_t **ret)
{
	ssize_t n;

	for (;;) {
		const uint8_t *stored;

		n = gunzip_next(feed->gunzip, ret);
		if (n != 0 || !gunzip_wants(feed->gunzip))
			return n;
		n = next_stored(feed, &stored);
		if (n < 0)
			return n;
		gunzip_give(feed->gunzip, (struct bytes){ stored, (size_t)n });
	}
}

static ssize_t next_of_input(struct feed *feed, const uint8_t **ret)
{
	ssize_t n;

	if (feed->gunzip)
		return next_inflated(feed, ret);
	n = next_stored(feed, ret);
	if (n <= 0 || feed->has_begun || !gunzip_fits((struct bytes){ *ret, (size_t)n }))
		return n;
	feed->gunzip = gunzip_new(gunzip_best());
	gunzip_give(feed->gunzip, (struct bytes){ *ret, (size_t)n });
	return next_inflated(feed, ret);
}

/* For libarchive, which looks for other compressions in it. */
static la_ssize_t read_input(struct archive *archive, void *context, const void **ret)
{
	struct feed *feed = context;
	const uint8_t *bytes;
	ssize_t n = next_of_input(feed, &bytes);

	feed->has_begun = true;
	if (n < 0) {
		archive_set_error(archive, EIO, "%s", feed_trouble(feed));
		return ARCHIVE_FATAL;
	}
	*ret = bytes;
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

static struct error *start_decompressor(struct feed *feed)
{
	struct archive_entry *entry;
	int status;

	feed->decompressor = new_decompressor();
	status = archive_read_open2(feed->decompressor, feed, NULL, read_input, NULL, NULL);
	if (status == ARCHIVE_OK)
		status = archive_read_next_header(feed->decompressor, &entry);
	if (status == ARCHIVE_EOF)
		return error_new(ERROR_UNREADABLE, "it is empty");
	if (status != ARCHIVE_OK)
		return error_new(ERROR_UNREADABLE, "%s", archive_error_string(feed->decompressor));
	return NULL;
}

struct error *feed_open(const struct source *source, const struct capture *capture, struct feed *ret)
{
	struct error *error;

	*ret = (struct feed){ .step = HEADER_STEP, .buffer = window_new(FEED_STREAM_STEP) };
	error = input_open(source, capture, &ret->input);
	if (!error)
		error = start_decompressor(ret);
	if (error) {
		feed_close(ret);
		return error;
	}
	ret->compression = ret->gunzip ? COMPRESSION_GZIP : compression_of(ret->decompressor);
	ret->is_stream = ret->input.in_order || ret->compression != COMPRESSION_NONE ||
			 (capture && capture->stored);
	if (ret->is_stream) {
		ret->step = FEED_STREAM_STEP;
		return NULL;
	}
	archive_read_free(ret->decompressor);
	ret->decompressor = NULL;
	ret->input.read = 0;
	return NULL;
}

void feed_close(struct feed *feed)
{
	archive_read_free(feed->decompressor);
	gunzip_free(feed->gunzip);
	input_close(&feed->input);
	free(feed->buffer);
	free(feed->trouble);
	free(feed->window);
	*feed = (struct feed){ 0 };
}

bool feed_has_rest(struct feed *feed, uint64_t limit, uint64_t *ret)
{
	uint64_t end = feed->input.read, from;
	const uint8_t *bytes = feed->stored.data;
	ssize_t n = (ssize_t)feed->stored.len;

	if (feed->compression == COMPRESSION_NONE)
		return false;
	if (feed->gunzip)
		return gunzip_has_trailing(feed->gunzip, ret);
	from = (uint64_t)archive_filter_bytes(feed->decompressor, -1);
	limit = from > UINT64_MAX - limit ? UINT64_MAX : from + limit;
	while (n > 0 && end - (uint64_t)n < limit) {
		uint64_t start = end - (uint64_t)n;

		for (uint64_t at = start < from ? from : start; at < end; at++)
			if (bytes[at - start]) {
				*ret = at;
				return true;
			}
		n = input_next(&feed->input, feed->buffer, feed->step, &bytes);
		end = feed->input.read;
	}
	return false;
}

struct error *feed_drain(struct feed *feed)
{
	const uint8_t *bytes;
	ssize_t n;

	do
		n = input_next(&feed->input, feed->buffer, feed->step, &bytes);
	while (n > 0);
	return n < 0 ? error_new(ERROR_DAMAGED, "%s", feed->input.error->message) : NULL;
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

la_ssize_t feed_next(struct feed *feed, const uint8_t **ret)
{
	const void *block = NULL;
	la_ssize_t n;

	if (!feed->decompressor)
		return input_next(&feed->input, feed->buffer, feed->step, ret);
	n = next_block(feed, &block);
	*ret = block;
	return n < 0 ? -1 : n;
}

const char *feed_trouble(struct feed *feed)
{
	const char *trouble = feed->gunzip ? gunzip_trouble(feed->gunzip, NULL) : NULL;
	uint64_t offset = 0;

	if (feed->input.error)
		return feed->input.error->message;
	if (!trouble) {
		trouble = archive_error_string(feed->decompressor);
		return trouble ? trouble : "damaged in a way that libarchive has no words for";
	}
	gunzip_trouble(feed->gunzip, &offset);
	free(feed->trouble);
	if (asprintf(&feed->trouble, "%s, at 0x%llx of what is stored", trouble, (unsigned long long)offset) < 0)
		out_of_memory();
	return feed->trouble;
}

static void keep_tail(struct feed *feed)
{
	feed->tail_len = feed->len < TAR_BLOCK ? feed->len : TAR_BLOCK;
	if (feed->tail_len)
		memcpy(feed->tail, feed->block + feed->len - feed->tail_len, feed->tail_len);
}

la_ssize_t feed_read(struct archive *archive, void *context, const void **ret)
{
	struct feed *feed = context;
	const uint8_t *bytes = feed->pending.data;
	la_ssize_t n = (la_ssize_t)feed->pending.len;

	if (bytes)
		feed->pending = NO_BYTES;
	else
		n = feed_next(feed, &bytes);
	if (n < 0) {
		archive_set_error(archive, EIO, "%s", feed_trouble(feed));
		return ARCHIVE_FATAL;
	}
	keep_tail(feed);
	feed->block = bytes;
	feed->len = (size_t)n;
	feed->pos += (uint64_t)n;
	*ret = bytes;
	return n;
}

la_int64_t feed_skip(struct archive *archive, void *context, la_int64_t request)
{
	struct feed *feed = context;
	uint64_t left = !feed->is_stream && feed->pos < feed->input.size
				? feed->input.size - feed->pos
				: 0;
	uint64_t skipped = request < 0 ? 0 : (uint64_t)request < left ? (uint64_t)request : left;

	(void)archive;
	if (skipped) {
		feed->pos += skipped;
		feed->input.read = feed->pos;
		feed->pending = NO_BYTES;
		feed->len = 0;
	}
	return (la_int64_t)skipped;
}

size_t feed_again(struct feed *feed, uint64_t start, uint8_t *bytes, size_t len)
{
	uint64_t first = feed->pos - feed->len;
	ssize_t got;

	if (start >= first && start + len <= feed->pos) {
		memcpy(bytes, feed->block + (start - first), len);
		return len;
	}
	got = input_read_at(&feed->input, bytes, len, start);
	return got < 0 ? 0 : (size_t)got;
}

uint64_t inflation_limit(uint64_t size, uint64_t factor)
{
	return size > (UINT64_MAX - INFLATED_FLOOR) / factor ? UINT64_MAX
							     : INFLATED_FLOOR + factor * size;
}

uint64_t feed_inflation_limit(const struct feed *feed)
{
	return inflation_limit(feed->input.size ? feed->input.size : feed->input.read,
			       INFLATED_FACTOR);
}
