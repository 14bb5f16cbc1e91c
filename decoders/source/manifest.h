/*
 * What an archive or a directory is made of: size and SHA-256 of every regular file in it, and of the
 * archive itself, taken while it is read once from end to end.
 *
 * What is inside an archive that is a member is that archive's business: it is a member like others.
 */
#pragma once

#include "decoders/base/digest.h"
#include "decoders/source/source.h"

struct manifest_entry {
	struct bytes name; /* of a member; of the archive its file's, without directories */
	bool is_archive;
	uint64_t size;     /* bytes; of a member that is cut short those that are there */
	char sha256[DIGEST_TEXT + 1]; /* empty: it could not be read, which is among the problems */
};

struct manifest {
	VEC(struct manifest_entry) entries; /* the archive first, then members in their order */
	bool is_directory;
};

/* Of the archive or directory PATH ("-": standard input). Everything of *ret is in ARENA. */
struct error *manifest_take(const char *path, struct arena *arena, struct problems *problems,
			    struct manifest *ret) __attribute__((warn_unused_result));
