/*
 * One number of a flat message, straight from the wire.
 *
 * For the tiny headers inside extras, where unpacking a message would cost more than reading it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/bytes.h"

/* The last varint of field NUMBER; false (and *ret untouched) where there is none. */
bool wire_number(struct bytes wire, uint32_t number, uint64_t *ret);
