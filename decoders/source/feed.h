/*
 * The bytes of an archive, decompressed: what the tar reader reads.
 *
 * A plain archive is read from its input, by seeking. A compressed one, or an input in order, is a stream: it
 * passes once, from a decompressor of libarchive's (gzip: from our own, gunzip.h), and only the block that came
 * last is at hand. The two are kept apart so that what stands behind the end of the archive can be looked at too,
 * and an archive with a damaged header be read on behind the damage.
 */
#pragma once

#include <archive.h>

#include "decoders/source/gunzip.h"
#include "decoders/source/input.h"

enum {
	TAR_BLOCK = 512, /* a header, and what data is padded to */
	FEED_STREAM_STEP = 256 << 10, /* what is read from end to end is read in these */
};

struct feed {
	struct input input;
	uint8_t *buffer; /* of the input */
	size_t step;     /* bytes a read */
	enum compression compression;
	bool is_stream;
	struct archive *decompressor; /* of streams, */
	struct gunzip *gunzip;        /* ... which reads from here where they are gzip; else NULL */
	bool has_begun;               /* the first stored bytes have been looked at */
	char *trouble;                /* the last of feed_trouble */
	struct bytes stored;          /* what was read last: ends at input.read */
	uint64_t pos;                 /* bytes handed out, or skipped */
	const uint8_t *block;         /* the last ones of them: they end at pos */
	size_t len;
	uint8_t tail[TAR_BLOCK]; /* the end of the block before it */
	size_t tail_len;
	struct bytes pending; /* found by salvage_header: handed out next */
	uint8_t *window;      /* that it looks at; it holds pending */
	size_t window_cap;
};

/* CAPTURE may be NULL. Where it wants to see what is stored, the feed is a stream. */
struct error *feed_open(const struct source *source, const struct capture *capture, struct feed *ret)
	__attribute__((warn_unused_result));
void feed_close(struct feed *feed);

/* The next bytes, valid until the next call; 0 at the end, -1 where they are damaged. */
la_ssize_t feed_next(struct feed *feed, const uint8_t **ret);
const char *feed_trouble(struct feed *feed); /* what is wrong then, until the next call */

/*
 * Whether more than zeroes is stored behind the end of what is compressed, once feed_next has come to
 * that end; then where the first of it is in the input. At most LIMIT bytes are looked at. Of
 * bzip2 and lz4 libarchive says nothing of it.
 */
bool feed_has_rest(struct feed *feed, uint64_t limit, uint64_t *ret);

/* Reads what is left of the input, so that .stored has seen all of it. */
struct error *feed_drain(struct feed *feed) __attribute__((warn_unused_result));

/* For archive_read_open2; the context is the feed. */
la_ssize_t feed_read(struct archive *archive, void *feed, const void **ret);
la_int64_t feed_skip(struct archive *archive, void *feed, la_int64_t request);

/* Up to LEN bytes at START, which was passed: of a plain archive only. How many there are. */
size_t feed_again(struct feed *feed, uint64_t start, uint8_t *bytes, size_t len);

/* What a compressed archive may inflate to before it is called a bomb; of a pipe by what came. */
uint64_t feed_inflation_limit(const struct feed *feed);
