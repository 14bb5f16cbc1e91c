/*
 * SHA-256 of evidence, as it passes in parts, and what others have for digests. The algorithms are libcrypto's.
 */
#pragma once

#include "decoders/base/bytes.h"

enum { DIGEST_TEXT = 64 }; /* hex digits */

struct digest;

enum digest_kind {
	DIGEST_SHA256,
	DIGEST_SHA1, /* to be compared with what others have: neither this one nor MD5 proves anything */
	DIGEST_MD5,
	N_DIGEST_KINDS,
};
extern const size_t digest_texts[N_DIGEST_KINDS]; /* hex digits of each */

struct digest *digest_new(void) __attribute__((returns_nonnull));

/* NULL where libcrypto was told not to offer it. */
struct digest *digest_new_of(enum digest_kind kind);
void digest_add(struct digest *digest, struct bytes bytes);
void digest_add_zeroes(struct digest *digest, uint64_t n);

/* The hex digits, ended by a NUL; DIGEST is gone then. */
void digest_end(struct digest *digest, char ret[DIGEST_TEXT + 1]);
void digest_free(struct digest *digest);
