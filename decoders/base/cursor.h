/*
 * The one way to read numbers from the evidence.
 *
 * A cursor walks a run of bytes. Every read is checked against the end and, where it does not
 * fit, returns false and leaves the position where it was, so that the caller can say at which
 * offset the input ends. s390x writes its images big-endian; all others little-endian.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoders/base/bytes.h"

struct cursor {
	const uint8_t *start, *pos, *end;
	bool big_endian;
};

static inline struct cursor cursor_over(struct bytes bytes, bool big_endian)
{
	const uint8_t *end = bytes.len ? bytes.data + bytes.len : bytes.data; /* which may be NULL */

	return (struct cursor){ bytes.data, bytes.data, end, big_endian };
}

static inline size_t cursor_left(const struct cursor *cursor)
{
	return (size_t)(cursor->end - cursor->pos);
}

/* Bytes from the start. */
static inline uint64_t cursor_offset(const struct cursor *cursor)
{
	return (uint64_t)(cursor->pos - cursor->start);
}

bool cursor_u16(struct cursor *cursor, uint16_t *ret) __attribute__((warn_unused_result));
bool cursor_u32(struct cursor *cursor, uint32_t *ret) __attribute__((warn_unused_result));
bool cursor_u64(struct cursor *cursor, uint64_t *ret) __attribute__((warn_unused_result));

/* A protobuf varint of at most 10 bytes; its upper bits beyond 64 are dropped, as protobuf does. */
bool cursor_varint_slow(struct cursor *cursor, uint64_t *ret) __attribute__((warn_unused_result));

static inline bool cursor_varint(struct cursor *cursor, uint64_t *ret)
{
	/* Most are one byte: tags, flags, small numbers. */
	if (cursor->pos < cursor->end && *cursor->pos < 0x80) {
		*ret = *cursor->pos++;
		return true;
	}
	return cursor_varint_slow(cursor, ret);
}

/* LEN bytes, in place. */
bool cursor_take(struct cursor *cursor, uint64_t len, struct bytes *ret)
	__attribute__((warn_unused_result));
