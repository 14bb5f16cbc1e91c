/*
 * What is done with messages straight on the wire, where unpacking them costs more.
 *
 * Numbers of the tiny headers inside extras; and messages without a part that is most of them and
 * that nobody has asked for.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"

/* The last varint of field NUMBER; false (and *ret untouched) where there is none. */
bool wire_number(struct bytes wire, uint32_t number, uint64_t *ret);

/* A field of a sub-message, by their numbers; zero: none. */
struct wire_path {
	uint32_t message, field;
};

/*
 * The message without the fields that PATH leads to, which are not required. WIRE must have passed
 * the pre-scan. The result is WIRE itself where it has none of them, else in ARENA.
 */
struct bytes wire_without(struct bytes wire, struct wire_path path, struct arena *arena);
