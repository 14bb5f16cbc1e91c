/*
 * A run of bytes that somebody else owns: an image's payload, a name, a path.
 *
 * Text in checkpoints is whatever the frozen process left there, so it is carried as bytes with
 * a length. data == NULL means absent, which is not the same as empty.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *data;
	size_t len;
};

#define BYTES(literal) ((struct bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })
#define NO_BYTES ((struct bytes){ NULL, 0 })

/* %.*s of a bytes value; the callers' texts pass the escaper before they reach a terminal. */
#define BYTES_FMT(b) (int)((b).len > 4096 ? 4096 : (b).len), (const char *)(b).data

static inline struct bytes bytes_of(const char *text)
{
	return (struct bytes){ (const uint8_t *)text, text ? strlen(text) : 0 };
}

static inline struct bytes bytes_from(struct bytes b, size_t start)
{
	return start >= b.len ? (struct bytes){ b.data + b.len, 0 }
			      : (struct bytes){ b.data + start, b.len - start };
}

static inline struct bytes bytes_first(struct bytes b, size_t len)
{
	return (struct bytes){ b.data, b.len < len ? b.len : len };
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool bytes_start_with(struct bytes b, struct bytes prefix)
{
	return b.len >= prefix.len && memcmp(b.data, prefix.data, prefix.len) == 0;
}

static inline bool bytes_end_with(struct bytes b, struct bytes suffix)
{
	return b.len >= suffix.len &&
	       memcmp(b.data + b.len - suffix.len, suffix.data, suffix.len) == 0;
}

/* Byte order, then length: as memcmp and strcmp order names. */
int bytes_compare(struct bytes a, struct bytes b);

/* The position of BYTE, or b.len. */
size_t bytes_find(struct bytes b, uint8_t byte);
size_t bytes_find_last(struct bytes b, uint8_t byte);

/* What follows the last '/', and what precedes it ("" where there is none). */
struct bytes bytes_basename(struct bytes path);
struct bytes bytes_dirname(struct bytes path);

/* The next word of a list with blanks or commas between them; false at the end. */
bool word_next(struct bytes *rest, struct bytes *ret);
