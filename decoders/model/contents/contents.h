/* What the kinds of contents share: who has one, and copying its bytes. */
#pragma once

#include "decoders/model/contents.h"
#include "decoders/model/load.h"

/* The kinds, a function each. */
void contents_of_ghosts(struct checkpoint *checkpoint, const struct content_sink *sink);
void contents_of_memfds(struct checkpoint *checkpoint, const struct content_sink *sink);
void contents_of_shmem(struct checkpoint *checkpoint, const struct content_sink *sink);
void contents_of_sysv(struct checkpoint *checkpoint, const struct content_sink *sink);
void contents_of_pipes(struct checkpoint *checkpoint, const struct content_sink *sink);
void contents_of_fifos(struct checkpoint *checkpoint, const struct content_sink *sink);
void contents_of_packets(struct checkpoint *checkpoint, const struct content_sink *sink);
void contents_of_tcp(struct checkpoint *checkpoint, const struct content_sink *sink);
void contents_of_messages(struct checkpoint *checkpoint, const struct content_sink *sink);
void contents_of_rootfs(struct checkpoint *checkpoint, const struct content_sink *sink);

/* --- owners ----------------------------------------------------------------------------------------- */

struct owners {
	struct content_owner *items; /* by key; of one key descriptors first, by pid, fd and address */
	size_t n, cap;
};

/* The key of a file's content in its kind; ABSENT_U64: it has none there. */
typedef uint64_t file_key(const struct file *file);

/* Everybody who has a file open or mapped that has a key. */
void owners_by_file(struct checkpoint *checkpoint, file_key *key, struct owners *ret);

/* Everybody who has memory mapped whose shmid is the key, without a file. */
void owners_by_shmid(struct checkpoint *checkpoint, struct owners *ret);

/* Gives CONTENT its owners, and its path where it has none and they have a file. */
void owners_of(const struct checkpoint *checkpoint, const struct owners *owners, uint64_t key,
	       struct content *content);

/* --- copying ------------------------------------------------------------------------------------------ */

/*
 * LEN bytes at OFFSET of a member stand at START of the content. How many of them are missing; why is among
 * the problems then. Holes are not handed out, which makes them holes. *STOPPED: the sink wants no more.
 */
uint64_t contents_copy(struct checkpoint *checkpoint, const struct content_sink *sink, uint64_t start,
		       struct source *source, const struct member *member, uint64_t offset, uint64_t len,
		       bool *stopped);

/* A content that is a part of an entry, all of which is in memory. */
void contents_give(const struct content_sink *sink, const struct content *content,
		   const struct image_reader *reader, struct bytes data);
