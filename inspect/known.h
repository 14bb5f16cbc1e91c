/*
 * What is known already: findings that a line of an ignore file (db/findings/ignore.h) names, and those of an earlier
 * report. What has expired no longer counts, and is told. What is known stays in the reports as suppressed.
 */
#pragma once

#include "db/findings/findings.h"
#include "db/findings/ignore.h"
#include "decoders/base/arena.h"
#include "decoders/base/error.h"

/* A finding of an earlier report. */
struct known_finding {
	struct finding finding;  /* its rule, severity, category, subject, message */
	struct bytes checkpoint; /* what that one was called */
	struct bytes key;        /* the subject, as far as the next checkpoint has the same */
	bool was_found;          /* again */
};

struct known {
	struct arena arena;
	struct ignore_list ignored;
	bool has_baseline;
	VEC(struct known_finding) baseline; /* by rule and key, each once */
};

void known_init(struct known *known);
void known_deinit(struct known *known);

/* PATH: NULL for that of the working directory, where there is one. A usage error with file and line. */
struct error *known_read_ignore(struct known *known, const char *path) __attribute__((warn_unused_result));

/*
 * A JSON report of check, or a list of them; what was known to that one by a baseline of its own is known here too. A
 * usage error with the file, and where in it, if it is anything else.
 */
struct error *known_read_baseline(struct known *known, const char *path) __attribute__((warn_unused_result));

/* The finding of the baseline that this one is, maybe graver now; NULL: none. */
struct known_finding *known_find(const struct known *known, const struct finding *finding);

/* Suppresses what is known; what is graver than in the baseline is not. */
void known_apply(struct known *known, struct findings *findings);

/* Lines that have expired, or that nothing was known by, as notes: those about what scan finds, or all others. */
void known_tell(const struct known *known, bool of_scan, struct problems *notes);

/* The whole of a small file, with a NUL behind it; without the mark of UTF-8 that it may begin with. */
struct error *known_read_file(struct arena *arena, const char *path, struct bytes *ret)
	__attribute__((warn_unused_result));
