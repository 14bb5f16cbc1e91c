/*
 * Many regular expressions over the same bytes, in one pass.
 *
 * Each must have literals that its matches cannot be without (required.h), of which all are looked for together
 * (literals.h, in as many groups as it takes); PCRE2 is asked about the places around those that are there, each
 * expression about its own. So what is not there costs next to nothing, however many expressions there are.
 *
 * Made once, before the sandbox is entered (PCRE2 makes machine code), and not changed afterwards.
 */
#pragma once

#include "decoders/memory/pattern.h"

enum {
	PATTERN_ANY_CASE = 1 << 0,   /* of ASCII letters */
	PATTERN_WORD_START = 1 << 1, /* no letter, digit or "_" stands before it, */
	PATTERN_WORD_END = 1 << 2,   /* ... or behind it */
};

struct pattern_text {
	const char *regex; /* a group "secret" or "name" in it is told apart */
	unsigned flags;
};

enum {
	LONGEST_FOUND = 16 << 10,  /* bytes that an expression is shown behind where a match begins */
	MOST_BEFORE_LITERAL = 256, /* bytes of a match before its literal */
	FOUND_LIMIT = 50000,       /* steps of an attempt, as PCRE2 counts them */
};

struct patterns;

/* An error for an expression that cannot be looked for so: it names which. */
struct error *patterns_new(const struct pattern_text *items, size_t n, struct patterns **ret)
	__attribute__((warn_unused_result));
void patterns_free(struct patterns *patterns);

/* A part of a match, in the subject; none: start == end. */
struct found_part {
	size_t start, end;
};

struct found {
	size_t pattern; /* its place among the items */
	struct found_part whole, secret, name; /* secret: the whole, where there is no such group */
};

struct found_sink {
	void (*take)(void *context, const struct found *found);
	void *context;
};

struct patterns_matcher;
struct patterns_matcher *patterns_matcher_new(const struct patterns *patterns) __attribute__((returns_nonnull));
void patterns_matcher_free(struct patterns_matcher *matcher);

/*
 * Every match that begins in [FROM, LIMIT), in no certain order; those of one expression do not overlap. Where
 * less than LONGEST_FOUND bytes follow LIMIT the memory should end. Returns at how many places a limit was hit, so
 * that it is not known whether there is a match.
 */
size_t patterns_find(struct patterns_matcher *matcher, const struct subject *subject, size_t from, size_t limit,
		     const struct found_sink *sink);

/* How often PCRE2 was asked, so far: what bytes cost that nothing is found in. */
uint64_t patterns_attempts(const struct patterns_matcher *matcher);
