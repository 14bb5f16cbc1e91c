/*
 * "Did you mean": the word most like one that was not found.
 *
 * Case does not count, one letter may be wrong in a short word and two in a longer one.
 */
#pragma once

#include "decoders/base/bytes.h"
#include "decoders/base/error.h"

struct nearest {
	struct bytes word;
	struct bytes best; /* of what was tried; absent: nothing is near */
	size_t distance;   /* letters in which it differs; only what differs in fewer counts */
};

struct nearest nearest_to(struct bytes word);

/* CANDIDATE must outlive NEAREST. */
void nearest_try(struct nearest *nearest, struct bytes candidate);

/*
 * The error that the word is not there, with what is near in quotes behind its message, or with OTHERWISE
 * (may be NULL) where nothing is. What else the error says stays.
 */
struct error *nearest_hint(const struct nearest *nearest, struct error *error,
			   const char *otherwise)
	__attribute__((returns_nonnull, warn_unused_result));
