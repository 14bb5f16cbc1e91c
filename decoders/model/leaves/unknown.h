/* What this version does not know: fields of messages, and whole images. */
#pragma once

#include "decoders/model/leaf.h"

enum { UNKNOWN_KEPT = 32 };

struct unknown {
	struct origin origin; /* the field's tag; of an image its start */
	const char *what;     /* field, image */
	const char *message;  /* the innermost message that the field stands in */
	uint32_t field;       /* its number */
	const char *wire;     /* varint, fixed32, fixed64, bytes */
	uint64_t length;      /* bytes of the value; of an image its size */
	uint64_t number;      /* the value, where it is a number */
	uint64_t magic;       /* of an image */
	struct bytes value;   /* its first UNKNOWN_KEPT bytes as they stand there */
};

extern const struct leaf leaf_unknown;
