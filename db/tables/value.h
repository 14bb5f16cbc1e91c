/* One cell of a table. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"

enum value_type {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_UINT,    /* a count, a size, an id */
	VALUE_HEX,     /* an address or a mask: "0x..." in JSON and text */
	VALUE_OCTAL,   /* permission bits: a mask in JSON and CSV, in text as everybody writes them: 0644 */
	VALUE_REAL,    /* of no table: SQL makes them */
	VALUE_TEXT,    /* bytes as the evidence has them; not always UTF-8 */
	VALUE_STRINGS, /* a list of texts, each ended by a NUL */
	VALUE_NUMBERS, /* a list of u32 */
};

/* A part of a text that is a secret: secret.h. */
struct secret {
	size_t start, len; /* bytes, len > 0 */
};

struct value {
	enum value_type type;
	union {
		bool boolean;
		int64_t integer;
		uint64_t number; /* UINT, HEX and OCTAL */
		double real;
		struct bytes text; /* TEXT and STRINGS */
		struct {
			const uint32_t *items;
			size_t n;
		} numbers;
	};
	const struct secret *secrets; /* of .text, in order and apart from one another */
	size_t n_secrets;
};

static inline bool value_type_is_number(enum value_type type)
{
	return type == VALUE_INT || type == VALUE_UINT || type == VALUE_HEX || type == VALUE_OCTAL || type == VALUE_REAL;
}

static inline struct value value_text(struct bytes text)
{
	return text.data ? (struct value){ .type = VALUE_TEXT, .text = text }
			 : (struct value){ .type = VALUE_NULL };
}

/* Of what lies elsewhere, such as in the row of a statement. */
struct value value_copy(struct arena *arena, const struct value *value);

static inline struct value value_bool(bool boolean)
{
	return (struct value){ .type = VALUE_BOOL, .boolean = boolean };
}

static inline struct value value_number(enum value_type type, uint64_t number)
{
	return (struct value){ .type = type, .number = number };
}

/*
 * Seconds since 1970 as ISO 8601 UTC; null for 0, which is what archives say that keep no time, and for
 * an absent one.
 */
struct value value_time(struct arena *arena, uint64_t seconds);

/* An order over values of one column: null first, then by number or byte by byte. */
int value_compare(const struct value *a, const struct value *b);

/* The next item of VALUE_STRINGS; false at the end. */
bool strings_next(struct bytes *rest, struct bytes *ret);
