/*
 * What counts as a secret: a table, and nothing else knows a kind.
 *
 * A kind is a row of secrets.def: an expression that finds it (decoders/memory/patterns.h), a check of what the
 * expression cannot say (a checksum, what base64 holds), and an example that it finds beside one that it must not.
 * Rows that are more specific stand before those that are less: of two that overlap the first counts.
 */
#pragma once

#include "db/findings/severity.h"
#include "decoders/memory/patterns.h"

struct secret_text {
	struct bytes whole, secret, name; /* parts of a match; name: absent where it has none */
};

enum verdict {
	VERDICT_NONE,   /* it is none */
	VERDICT_DOUBT,  /* worth a note: *WHY */
	VERDICT_SECRET, /* *WHY may say what confirms it */
};

typedef enum verdict secret_check(const struct secret_text *text, const char **why);

struct secret_kind {
	const char *id;
	enum severity severity;
	const char *title;
	struct pattern_text pattern; /* no regex: found by its name, in environment and arguments */
	secret_check *check;         /* NULL: the expression says it all */
	const char *fires;           /* is found: what is between {{ and }} */
	const char *quiet;           /* is not */
};
extern const struct secret_kind secret_kinds[];
extern const size_t n_secret_kinds;

/* NULL where there is none. */
const struct secret_kind *secret_kind_named(const char *id);

/* Made before the sandbox is entered; patterns are the kinds in their order, without those that have no regex. */
struct error *secret_patterns(struct patterns **ret) __attribute__((warn_unused_result));

/* The kind of a pattern. */
const struct secret_kind *secret_kind_of(size_t pattern);
