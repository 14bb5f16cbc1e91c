/* Lines and words of an image that is text. */
#pragma once

#include "decoders/base/bytes.h"

static inline bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Without blanks and line feeds around it. */
struct bytes text_trim(struct bytes text);

/* The next line, without its line feed; false at the end. */
bool text_line(struct bytes *rest, struct bytes *ret);

/* The next word; empty at the end. */
struct bytes text_word(struct bytes *rest);

/* The number at the front of TEXT, which is moved behind it; false where there is none. */
bool text_number(struct bytes *text, uint64_t *ret);
