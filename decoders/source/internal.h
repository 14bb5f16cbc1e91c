/* What the parts of the source room share: making members, and the two kinds of index. */
#pragma once

#include "decoders/source/source.h"

/*
 * A new member with its name cleaned. NULL, with the reason in source->problems, where there
 * are too many.
 */
struct member *source_add_member(struct source *source, struct bytes raw_name);

struct error *index_directory(struct source *source) __attribute__((warn_unused_result));
struct error *index_tar(struct source *source, const struct capture *capture)
	__attribute__((warn_unused_result));

/* An error about MEMBER, with the source and the member named. */
struct error *member_error(struct error *error, const struct source *source,
			   const struct member *member) __attribute__((warn_unused_result));

/* pread that goes on after a short count: bytes read, or -1. */
ssize_t read_fully(int fd, void *buffer, size_t len, uint64_t offset);
