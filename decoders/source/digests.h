/*
 * SHA-256 of the members of a source: taken as they pass, where it is streamed, else read.
 *
 * A member that is cut short has the digest of what is there of it.
 */
#pragma once

#include "decoders/base/digest.h"
#include "decoders/source/source.h"

#define MOST_ZEROES ((uint64_t)16 << 30) /* bytes of holes that are digested, in all */

struct member_digest {
	char sha256[DIGEST_TEXT + 1];
	uint64_t size; /* bytes that it is of */
};

struct digests {
	struct arena *arena;
	VEC(struct member_digest *) of; /* by member; NULL: none */
	struct digest *current;
	uint32_t member;
	uint64_t at;     /* bytes of it so far */
	uint64_t zeroes; /* digested in holes; a few bytes of evidence can ask for any number */
	uint64_t read;   /* bytes read by digests_of */
};

void digests_init(struct digests *digests, struct arena *arena);

/* Opens a source so: what it streams is digested, and nothing but heads is kept of it. */
struct capture digests_capture(struct digests *digests);

/*
 * That of a member of type MEMBER_FILE, once SOURCE is open. An error where it cannot be read, or where
 * there are too many zeroes in it.
 */
struct error *digests_of(struct digests *digests, struct source *source, const struct member *member,
			 struct member_digest *ret) __attribute__((warn_unused_result));

/* Keeps nothing but heads; for captures. */
enum capture_plan capture_heads(void *context, const struct source *source,
				const struct member *member, struct bytes head, struct arena *arena,
				const struct range **ret_ranges, size_t *ret_n);
