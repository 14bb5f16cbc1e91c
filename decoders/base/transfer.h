/*
 * Bytes from their transfer encodings: what json_base64 and quoted-printable text stand for.
 */
#pragma once

#include <stdbool.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"

/* RFC 2045 base64, line breaks anywhere. False where TEXT is none; *ret is in ARENA. */
bool base64_decode(struct arena *arena, struct bytes text, struct bytes *ret)
	__attribute__((warn_unused_result));

/* RFC 2045 quoted-printable; "=" must be followed by two digits or a line feed. */
bool quoted_printable_decode(struct arena *arena, struct bytes text, struct bytes *ret)
	__attribute__((warn_unused_result));
