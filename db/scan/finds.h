/*
 * What a scan has found: each thing once, with the places where it is.
 *
 * The same key lies in the environment, on the heap and in a file; it is one find with three places. The same
 * place comes up twice, too (a page as memory and as content): it counts once, by where its byte is stored. Of
 * everything there is only so much: what is beyond is counted and told.
 */
#pragma once

#include "db/findings/findings.h"
#include "db/scan/secrets.h"
#include "decoders/base/map.h"

enum {
	FINDS_KEPT = 20000,    /* of which each has at least one place */
	PLACES_KEPT = 1000,    /* of one find, where all are asked for, */
	ALL_PLACES_KEPT = FINDINGS_KEPT, /* ... and of all finds, beside the first of each */
	FIND_DIGEST = 8,       /* hex digits: two can be compared, and a guess be confirmed */
	PLACES_KNOWN = 400000, /* told apart; beyond it one may count twice */
};
#define FIND_BYTES ((size_t)16 << 20) /* of all values and texts */

struct find_place {
	const char *where;   /* memory, environment, arguments, member, or the kind of a content */
	const char *source;  /* the archive or directory, */
	struct bytes image;  /* the member in it, */
	uint64_t offset;     /* ... and the byte in that: or NO_OFFSET */
	const char *id;      /* of a content; NULL */
	struct bytes path;   /* of a content or a mapped file, or a variable's name; may be absent */
	uint32_t pid, fd;    /* ABSENT_U32 */
	uint64_t address;    /* ABSENT_U64 */
	const char *mapping; /* kind of vma; NULL */
	bool is_wide;        /* UTF-16 */
};

struct find {
	const struct secret_kind *kind; /* or of indicators: */
	const struct indicator *indicator;
	struct bytes value;  /* the secret; absent where there was no room for it */
	size_t len;          /* of it, bytes */
	char digest[FIND_DIGEST + 1]; /* the first digits of its SHA-256 */
	struct bytes text;   /* the match that it is in, the secret left out of it as SECRET_MASK */
	struct bytes name;   /* that gave it away; may be absent */
	const char *why;     /* it is certain, or in doubt; may be NULL */
	bool in_doubt;
	VEC(struct find_place) places;
	size_t n_places;     /* kept or not */
};

struct finds {
	struct arena *arena;
	VEC(struct find) list;
	struct map by_value, by_place;
	size_t bytes;        /* held */
	size_t most_places;  /* of one find */
	size_t n_places;     /* kept of all, beside the first */
	size_t n_dropped;    /* finds that were not kept */
	size_t n_dropped_places;
};

#define SECRET_MASK "********"

/* Of each find the first place is kept; ALL: others too. */
void finds_init(struct finds *finds, struct arena *arena, bool all);

/* A secret at a place. Everything is copied. */
void finds_add_secret(struct finds *finds, const struct secret_kind *kind, const struct secret_text *text,
		      bool in_doubt, const char *why, const struct find_place *place);

/* An indicator, which outlives FINDS, at a place. */
void finds_add_indicator(struct finds *finds, const struct indicator *indicator, const struct find_place *place);
