#include "decoders/source/spool.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "decoders/source/feed.h"
#include "decoders/source/internal.h"

enum { PAGE = 4096 };

void spool_empty(struct spool *spool)
{
	if (spool && spool->used && ftruncate(spool->fd, 0) == 0 && lseek(spool->fd, 0, SEEK_SET) == 0)
		*spool = (struct spool){ .fd = spool->fd };
}

static bool write_fully(int fd, const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static bool is_zero(const uint8_t *data, size_t len)
{
	return len && data[0] == 0 && memcmp(data, data + 1, len - 1) == 0;
}

/* How many bytes from the start are alike, zeroes or not, page by page. */
static size_t alike(const uint8_t *data, size_t len, bool *ret_zero)
{
	size_t n = len < PAGE ? len : PAGE;
	bool zero = is_zero(data, n);

	while (n < len) {
		size_t part = len - n < PAGE ? len - n : PAGE;

		if (is_zero(data + n, part) != zero)
			break;
		n += part;
	}
	*ret_zero = zero;
	return n;
}

/* Pages of zeroes become holes. */
static bool append(struct spool *spool, const uint8_t *data, size_t len)
{
	while (len) {
		bool zero;
		size_t part = alike(data, len, &zero);

		if (zero ? lseek(spool->fd, (off_t)part, SEEK_CUR) < 0
			 : !write_fully(spool->fd, data, part)) {
			spool->is_full = true;
			return false;
		}
		spool->used += part;
		data += part;
		len -= part;
	}
	return true;
}

/* A hole at the end is none until a byte is behind it. */
static bool end(struct spool *spool)
{
	off_t there = lseek(spool->fd, 0, SEEK_END);

	if (there >= 0 && (uint64_t)there >= spool->used)
		return true;
	if (there >= 0 && lseek(spool->fd, (off_t)spool->used - 1, SEEK_SET) >= 0 &&
	    write_fully(spool->fd, (const uint8_t *)"", 1))
		return true;
	if (there >= 0 && spool->is_full)
		return true; /* told already: the hole ends what there is */
	spool->is_full = true;
	return false;
}

static struct error *inflate(struct feed *feed, struct spool *spool)
{
	uint64_t start = spool->used;
	const uint8_t *bytes;
	la_ssize_t n;

	while ((n = feed_next(feed, &bytes)) > 0) {
		if (!append(spool, bytes, (size_t)n))
			return error_errno(ERROR_LIMIT, "cannot be inflated into a temporary file");
		if (spool->used - start > feed_inflation_limit(feed))
			return error_new(ERROR_LIMIT, "the archive inflates to more than %llu bytes; the "
						      "rest of it is left out",
					 (unsigned long long)feed_inflation_limit(feed));
	}
	if (n < 0)
		return error_at(error_new(ERROR_DAMAGED, "%s", feed_trouble(feed)), NO_ENTRY,
				spool->used - start);
	return NULL;
}

struct error *spool_archive(struct source *source)
{
	struct spool *spool = source->spool;
	struct feed feed;
	struct error *error = feed_open(source, NULL, &feed);

	if (error)
		return error;
	if (feed.is_stream && spool->is_full) {
		error = error_new(ERROR_LIMIT, "the temporary file has no room for it");
	} else if (feed.is_stream) {
		source->spool_start = spool->used;
		error = inflate(&feed, spool);
		source->lacks_rest = error && error->kind == ERROR_LIMIT;
		source->spool_size = spool->used - source->spool_start;
		if (!source->lacks_rest || source->spool_size >= TAR_BLOCK) {
			problems_add(&source->problems, error_in_source(error, source->path));
			error = end(spool) ? NULL : error_errno(ERROR_LIMIT, "cannot write a temporary file");
		}
		source->compression = feed.compression;
		source->is_spooled = true;
		if (feed.input.in_order && !source->outer)
			source->size = feed.input.read;
		source->unpacked += source->spool_size;
	}
	feed_close(&feed);
	return error;
}
