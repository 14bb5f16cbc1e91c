/*
 * SHA-256 of evidence, as it passes in parts. The algorithm is libcrypto's.
 */
#pragma once

#include "decoders/base/bytes.h"

enum { DIGEST_TEXT = 64 }; /* hex digits */

struct digest;

struct digest *digest_new(void) __attribute__((returns_nonnull));
void digest_add(struct digest *digest, struct bytes bytes);
void digest_add_zeroes(struct digest *digest, uint64_t n);

/* The hex digits, ended by a NUL; DIGEST is gone then. */
void digest_end(struct digest *digest, char ret[DIGEST_TEXT + 1]);
void digest_free(struct digest *digest);
