/*
 * Messages and numbers into bytes: the counterpart of the cursor and of unpacking.
 *
 * protobuf-c packs what it does not know behind everything else. An image must come back as it
 * was, so this writer puts every field, known or not, where its number says: the one ordinary
 * form in which CRIU, protobuf-c and Google's libraries write the same message to the same bytes.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/out.h"

/* Appends the ordinary wire form; OUT is in memory. Unknown fields keep their order. */
void pack_message(struct out *out, const ProtobufCMessage *message);

/* One number of a flat message, field and value. */
void pack_number(struct out *out, uint32_t number, uint64_t value);

/* Numbers between the messages, in the byte order of the image. */
void pack_u16(struct out *out, uint16_t value, bool big_endian);
void pack_u32(struct out *out, uint32_t value, bool big_endian);
