/*
 * Bytes, looked through for secrets and for the texts of indicators, a block after the other.
 *
 * Whoever has bytes (memory, contents, members: sources.h) hands them over with some of what is before and behind
 * them, and says of a position where that is. UTF-16 is looked through as text of one byte a character.
 */
#pragma once

#include "db/scan/finds.h"
#include "decoders/model/checkpoint.h"

enum {
	SCAN_BEHIND = MOST_BEFORE_LITERAL, /* bytes before a block that are wanted, */
	SCAN_AHEAD = LONGEST_FOUND,        /* ... and behind it */
};

struct scanner {
	struct checkpoint *checkpoint;
	struct finds *finds;
	struct problems *problems;
	const struct indicators *indicators; /* NULL: none */
	struct patterns_matcher *matcher;
	bool big_endian;
	struct arena arena;                  /* of a block */
	uint64_t n_limits;                   /* places where a limit of matching was hit */
	uint64_t done;                       /* bytes */
	uint8_t *narrow;                     /* room for a run of UTF-16 */
	size_t narrow_room;
};

void scanner_init(struct scanner *scanner, const struct patterns *patterns, struct checkpoint *checkpoint,
		  struct finds *finds, struct problems *problems);

/* Tells the limits that were hit. */
void scanner_deinit(struct scanner *scanner);

/* Where the byte at POSITION of a subject is. */
struct locator {
	void (*locate)(void *context, size_t position, struct find_place *ret);
	void *context;
};

/* What begins in [FROM, LIMIT) of SUBJECT. */
void scanner_look(struct scanner *scanner, const struct subject *subject, size_t from, size_t limit,
		  const struct locator *locator);
