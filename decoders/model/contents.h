/*
 * Contents: bytes that the images hold beside the memory of tasks, piece by piece with their places.
 *
 * Deleted files, shared memory, what waits in pipes and sockets, messages, the files of a container's root
 * file system: each kind is a row of content_kinds with a function that walks them. It hands the bytes to a
 * sink in order and in small pieces, so that no content is in memory whole because of it; what lies between
 * the pieces is a hole.
 */
#pragma once

#include "decoders/model/checkpoint.h"

/* Who has it: a descriptor, or a mapping. */
struct content_owner {
	uint64_t key;      /* of its kind: the id in its image's name or entry */
	uint32_t pid, fd;  /* fd: ABSENT_U32: mapped */
	uint64_t address;  /* of the mapping, or ABSENT_U64 */
	uint32_t file;     /* row of file, or NO_ROW */
};

/* Where the bytes of a piece are. */
struct content_place {
	const char *source;  /* the archive or directory */
	struct bytes image;  /* the member in it */
	uint64_t offset;     /* in that, or NO_OFFSET */
};

struct content {
	const char *kind;  /* of content_kinds */
	const char *id;    /* letters, digits and "-"; of one kind each its own, unless evidence repeats itself */
	struct bytes path; /* in the container, or what /proc shows; may be absent */
	uint64_t size;     /* bytes, holes and all */
	const struct content_owner *owners; /* descriptors first, by pid and fd */
	size_t n_owners;
	struct content_place from; /* what says that it is there; of one without bytes there is no other */
};

struct content_sink {
	/* False: not this one. */
	bool (*begin)(void *context, const struct content *content);
	/* DATA stands at START, behind what came before. False: no more of it. */
	bool (*take)(void *context, uint64_t start, struct bytes data, const struct content_place *place);
	/* MISSING: bytes of it that the evidence should have and has not; WHY: in words, or NULL. */
	void (*end)(void *context, uint64_t missing, const char *why);
	void *context;
};

struct content_kind {
	const char *name, *help;
	void (*each)(struct checkpoint *checkpoint, const struct content_sink *sink);
};
extern const struct content_kind content_kinds[];
extern const size_t n_content_kinds;
