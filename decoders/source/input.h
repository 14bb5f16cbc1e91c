/*
 * The bytes of an archive as they are stored: a file, a pipe, or a member of another source.
 *
 * A file can be read anywhere, and so can a member of a source that can. What comes from a pipe, or
 * from a member of an archive that is streamed, comes in order and once; the latter runs a pass of
 * its own over the archive around it.
 */
#pragma once

#include <sys/types.h>

#include "decoders/source/source.h"

struct member_stream;

struct input {
	struct source *outer; /* the source that the bytes are a member of; NULL: */
	const struct member *member;
	int fd;               /* ... a file or a pipe; borrowed */
	bool in_order;
	struct member_stream *stream; /* in order, of a member */
	uint64_t start;       /* of the archive in the file: in a spool others lie beside it */
	uint64_t size;        /* stored bytes; of a pipe 0 */
	uint64_t read;        /* position: bytes that were read or skipped */
	const struct capture *capture; /* its .stored sees what input_next reads; may be NULL */
	struct error *error;  /* what went wrong, where a read failed */
};

/* Of the archive that SOURCE is. */
struct error *input_open(const struct source *source, const struct capture *capture, struct input *ret)
	__attribute__((warn_unused_result));
void input_close(struct input *input);

/* The next bytes, up to LEN, in BUFFER or elsewhere until the next call; 0 at the end, or -1. */
ssize_t input_next(struct input *input, uint8_t *buffer, size_t len, const uint8_t **ret);

/* Bytes at OFFSET, up to LEN; not of an input in order. How many, or -1. */
ssize_t input_read_at(struct input *input, void *buffer, size_t len, uint64_t offset);

/* Whether the archive comes from a pipe, at whatever depth: then it passes only once. */
bool source_is_pipe(const struct source *source);
