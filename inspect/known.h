/*
 * What is known already: findings that an ignore file names, with a reason, and those of an earlier report.
 *
 *     RULE  SUBJECT  exp:YYYY-MM-DD  # reason
 *
 * A line of an ignore file; SUBJECT (a pattern of shells: *, ?, [...]) and the expiry may be left out, the reason may
 * not. What has expired no longer counts, and is told.
 */
#pragma once

#include "db/findings/findings.h"
#include "decoders/base/arena.h"
#include "decoders/base/error.h"

struct known_line {
	const char *rule, *subject; /* subject: NULL: any */
	unsigned line;
	bool is_expired, was_used;
};

struct known_finding {
	struct bytes rule, subject;
};

struct known {
	struct arena arena;
	const char *ignore; /* the file, or NULL */
	VEC(struct known_line) lines;
	VEC(struct known_finding) baseline;
};

void known_init(struct known *known);
void known_deinit(struct known *known);

/* TODAY is YYYY-MM-DD, in UTC. A usage error with file and line. */
struct error *known_read_ignore(struct known *known, const char *path, const char *today)
	__attribute__((warn_unused_result));

/* A JSON report of check, or a list of them. */
struct error *known_read_baseline(struct known *known, const char *path) __attribute__((warn_unused_result));

bool known_is(struct known *known, const struct finding *finding);

/* Lines that have expired, or that nothing was known by, as notes. */
void known_tell(const struct known *known, struct problems *notes);
