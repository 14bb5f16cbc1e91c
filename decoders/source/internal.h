/* What the parts of the source room share: making members, and the two kinds of index. */
#pragma once

#include <sys/types.h>

#include "decoders/source/source.h"

/*
 * A new member with its name cleaned. NULL, with the reason in source->problems, where there
 * are too many.
 */
struct member *source_add_member(struct source *source, struct bytes raw_name);

/* By the type bits of a mode. */
enum member_type member_type_of(mode_t mode);

struct error *index_directory(struct source *source) __attribute__((warn_unused_result));
struct error *index_tar(struct source *source, const struct capture *capture)
	__attribute__((warn_unused_result));

/* An error about MEMBER, with the source and the member named. */
struct error *member_error(struct error *error, const struct source *source,
			   const struct member *member) __attribute__((warn_unused_result));

/*
 * Inflates what is compressed into source->spool; a plain archive stays where it is. An error means that there is
 * nothing to read; what came short of all is a problem of the source's.
 */
struct error *spool_archive(struct source *source) __attribute__((warn_unused_result));

/* What SIZE compressed bytes may inflate to before they are called a bomb: INFLATED_FLOOR + FACTOR * SIZE. */
uint64_t inflation_limit(uint64_t size, uint64_t factor);

/* pread that goes on after a short count: bytes read, or -1. */
ssize_t read_fully(int fd, void *buffer, size_t len, uint64_t offset);

/* How many bytes of a file are in holes; fewer than MOST_ZEROES are not looked for. */
uint64_t holes_of_file(int fd);

/* The bytes of a member of a streamed archive, in order; the archive is read once more for it. */
struct member_stream;
struct error *member_stream_open(struct source *source, const struct member *member,
				 struct member_stream **ret) __attribute__((warn_unused_result));
void member_stream_close(struct member_stream *stream);

/* The next of them, valid until the next call; *ret_len is 0 at the end. */
struct error *member_stream_next(struct member_stream *stream, const uint8_t **ret, size_t *ret_len)
	__attribute__((warn_unused_result));
