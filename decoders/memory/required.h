/*
 * What every match of a regular expression holds: one of a few literals, and before it only certain bytes.
 *
 * An engine that tries an expression at every place is ten times slower than a search for bytes. So the
 * expression is read once, and where it cannot match without one of some literals, those are looked for first
 * and the engine is asked only about the places around them. It is a reading that gives up easily: what it does
 * not know (assertions, references, options, verbs) makes it say that nothing is required, and never something
 * wrong.
 */
#pragma once

#include "decoders/base/arena.h"
#include "decoders/memory/literal.h"

enum {
	MOST_REQUIRED = 64,     /* literals, any of which will do */
	SHORTEST_REQUIRED = 3,  /* bytes; shorter ones are everywhere */
	LONGEST_REQUIRED = 64,  /* more of a literal is not looked at */
};

struct byte_set {
	uint64_t words[4];
};

static inline bool byte_set_has(const struct byte_set *set, uint8_t byte)
{
	return set->words[byte >> 6] >> (byte & 63) & 1;
}

struct required {
	struct literal *literals; /* a match has one of them; prepared */
	size_t n;                 /* 0: nothing is known */
	struct byte_set before;   /* the bytes between where a match begins and the literal, */
	size_t longest_before;    /* ... and how many at most; SIZE_MAX: any number */
};

/* REGEX is one that PCRE2 has compiled, over bytes. What RET holds lives in ARENA. */
void required_find(struct arena *arena, struct bytes regex, bool ignore_case, struct required *ret);
