/*
 * Where output goes: a file descriptor, or memory.
 *
 * Writing never fails at the call; the first error is kept and asked for once, at the end. A
 * reader that went away (| head) is not an error: the rest is thrown away in silence.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "decoders/base/bytes.h"

struct out {
	char *buffer;
	size_t len, cap;
	int fd;    /* -1: memory only */
	bool color;   /* out_style does something */
	size_t width; /* columns of the terminal that it is, to which listings cut their lines; 0: any */
	bool utf8;    /* its reader shows UTF-8: lines of a tree, an ellipsis */
	int error; /* errno of the first write that failed, else 0 */
	uint64_t hole; /* zeroes of out_hole that are not in a file yet */
	bool can_have_holes, knows_holes; /* for out_hole itself */
};

void out_init(struct out *out, int fd); /* fd -1: collect in memory */
void out_deinit(struct out *out);       /* does not flush, does not close */

/* Where the buffer has no room; out_write is what to call. */
void out_write_slow(struct out *out, const void *data, size_t len);

static inline void out_write(struct out *out, const void *data, size_t len)
{
	if (out->cap - out->len < len) {
		out_write_slow(out, data, len);
		return;
	}
	if (len)
		memcpy(out->buffer + out->len, data, len);
	out->len += len;
}

static inline void out_bytes(struct out *out, struct bytes bytes)
{
	out_write(out, bytes.data, bytes.len);
}

static inline void out_text(struct out *out, const char *text)
{
	out_write(out, text, strlen(text));
}

static inline void out_char(struct out *out, char c)
{
	out_write(out, &c, 1);
}

/* LEN zeroes; a hole, where all of the output goes to a file that was empty. */
void out_hole(struct out *out, uint64_t len);

void out_repeat(struct out *out, char c, size_t times);
void out_printf(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void out_u64(struct out *out, uint64_t value);
void out_i64(struct out *out, int64_t value);
void out_hex(struct out *out, uint64_t value); /* 0x... */

/* How the text that follows looks, where the output has colours; never the only sign of anything. */
enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_WARNING,
	STYLE_ALARM,
};
void out_style(struct out *out, enum style style);

/* Writes out what is buffered; false where any write has failed for another reason than EPIPE. */
bool out_flush(struct out *out);

/* What a memory output holds; valid until the next write. */
static inline struct bytes out_held(const struct out *out)
{
	return (struct bytes){ (const uint8_t *)(out->buffer ? out->buffer : ""), out->len };
}

static inline void out_clear(struct out *out)
{
	out->len = 0;
}
