/*
 * What is looked for in memory: a text, bytes some of which may be anything, or a regular expression.
 *
 * Memory is searched in pieces that overlap, so a match has a longest length, MOST_MATCH; and regular
 * expressions can take any time, so each attempt has limits. Where one of them is hit, that is told with its
 * place, and the search goes on behind it.
 *
 * A pattern is made once (before the sandbox is entered: PCRE2 makes machine code of it) and not changed
 * afterwards; each thread has a matcher of its own.
 */
#pragma once

#include <stdbool.h>

#include "decoders/base/bytes.h"
#include "decoders/base/error.h"

enum {
	MOST_MATCH = 64 << 10,       /* bytes of a match */
	MOST_BEHIND = 256,           /* bytes before a match that a regular expression may look at */
	MATCH_LIMIT = 200000,        /* steps of an attempt to match, as PCRE2 counts them */
	MATCH_HEAP = 16 << 10,       /* KiB that it may take */
};

enum pattern_kind {
	PATTERN_TEXT,
	PATTERN_HEX,     /* "de ad ?? e?": a "?" is any digit */
	PATTERN_UTF16LE, /* a UTF-8 text, as UTF-16 */
	PATTERN_UTF16BE,
	PATTERN_REGEX,   /* of PCRE2, over bytes; "." is not a line feed, "^" and "$" are those of lines */
};

struct pattern;

/* An error says what is wrong with TEXT. IGNORE_CASE: that of ASCII letters. */
struct error *pattern_new(struct bytes text, enum pattern_kind kind, bool ignore_case,
			  struct pattern **ret) __attribute__((warn_unused_result));
void pattern_free(struct pattern *pattern);

/* Bytes that the longest match takes; MOST_MATCH for a regular expression. */
size_t pattern_longest(const struct pattern *pattern);

/* Bytes before a match that decide about it. */
size_t pattern_behind(const struct pattern *pattern);

struct matcher;
struct matcher *matcher_new(const struct pattern *pattern) __attribute__((returns_nonnull));
void matcher_free(struct matcher *matcher);

struct subject {
	const uint8_t *data;
	size_t len;
	bool ends; /* behind it is nothing, rather than more of the same memory */
};

enum match {
	MATCH_NONE,
	MATCH_FOUND,
	MATCH_CUT,   /* found, but a longer one that begins there would be the expression's choice */
	MATCH_LIMITED, /* at *ret_start a limit was hit: whether it matches there is unknown */
};

/*
 * The first match that begins at FROM or behind it, and before LIMIT. Where less than MOST_MATCH bytes follow
 * LIMIT the memory should end. Matches are never empty.
 */
enum match matcher_next(struct matcher *matcher, const struct subject *subject, size_t from,
			size_t limit, size_t *ret_start, size_t *ret_end);
