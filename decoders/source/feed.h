/*
 * The bytes of an archive, decompressed: what the tar reader reads.
 *
 * A plain archive is read from its file, by seeking. A compressed one, or a pipe, is a stream: it
 * passes once, from a decompressor of libarchive's, and only the block that came last is at hand. The
 * two are kept apart so that what stands behind the end of the archive can be looked at too.
 */
#pragma once

#include <archive.h>

#include "decoders/source/source.h"

struct feed {
	int fd;
	bool is_pipe;
	uint64_t size;             /* of the file */
	uint64_t read;             /* bytes of the file that were read so far, or skipped */
	uint8_t *buffer;           /* of the file */
	size_t step;               /* bytes a read */
	enum compression compression;
	bool is_stream;
	struct archive *decompressor; /* of streams */
	uint64_t pos;              /* bytes handed out, or skipped */
	const uint8_t *block;      /* the last ones of them: they end at pos */
	size_t len;
};

struct error *feed_open(int fd, uint64_t size, struct feed *ret) __attribute__((warn_unused_result));
void feed_close(struct feed *feed);

/* For archive_read_open2; the context is the feed. */
la_ssize_t feed_read(struct archive *archive, void *feed, const void **ret);
la_int64_t feed_skip(struct archive *archive, void *feed, la_int64_t request);

/* Up to LEN bytes at START, which was passed: of a plain archive only. How many there are. */
size_t feed_again(const struct feed *feed, uint64_t start, uint8_t *bytes, size_t len);

/* Whether anything but zeroes stands at or behind END, where the archive ended; *ret is where. */
bool feed_has_tail(struct feed *feed, uint64_t end, uint64_t *ret);

/* What a compressed archive may inflate to before it is called a bomb; of a pipe by what came. */
uint64_t feed_inflation_limit(const struct feed *feed);
