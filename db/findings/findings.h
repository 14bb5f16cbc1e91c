/*
 * What was found: the one form in which verify, the rules and the screens say that something is wrong.
 *
 * A finding is a value: which rule, how grave, about what, and where in the evidence it stands. Whoever finds
 * something fills one in and knows nothing of how it is shown (show.h) or of who counts. A list of them has a
 * bound, because evidence can repeat what is wrong a million times: of each rule the first are kept, all are
 * counted, and what was left out is told.
 *
 * Texts are bytes of the evidence as they are and live as long as the list's arena; they are escaped when they
 * are shown. Secrets in values of the evidence are masked by whoever adds them (db/tables/secret.h).
 */
#pragma once

#include <stdarg.h>

#include "db/findings/severity.h"
#include "db/tables/value.h"
#include "decoders/base/error.h"
#include "decoders/model/rows.h"

/* What reports in JSON call themselves. */
#define FINDINGS_SCHEMA "coldcase/findings"
#define FINDINGS_SCHEMA_VERSION "1.2"

struct evidence {
	const char *name; /* one of our own words, or a rule's column */
	struct value value;
};

struct finding {
	struct bytes rule;     /* its id: stable, people suppress by it */
	enum severity severity;
	struct bytes category; /* integrity, network, ... */
	struct bytes title;    /* what all findings of the rule have in common; heads their group in text */
	struct bytes subject;  /* what it is about: "fd 3 of pid 12", "pages-1.img" */
	struct bytes message;
	uint32_t pid, fd;      /* ABSENT_U32: none */
	struct bytes image;    /* the member of the source, as it is called there; absent: none */
	uint32_t entry;        /* NO_ENTRY is ABSENT_U32 */
	uint64_t offset;       /* bytes; NO_OFFSET is ABSENT_U64 */
	VEC(struct evidence) evidence;
	struct bytes fix;      /* one line: what to do about it; may be absent */
	size_t ordinal;        /* found as the n-th: the last word of the order */
};

/* What a scan finds: its subject is a value, or stands for one. */
#define CATEGORY_SECRET BYTES("secret")
#define CATEGORY_INDICATOR BYTES("indicator")

/*
 * What the subject has in common with that of the next checkpoint: pids and addresses differ, so digits do not count,
 * unless it is a value.
 */
struct bytes finding_key(struct arena *arena, const struct finding *finding);

/* One that is known already: it is shown, with the reason, and does not count. */
struct suppressed {
	struct finding finding;
	struct bytes reason;
	bool in_baseline;       /* an earlier report has it; else somebody has written down a reason */
};

/* How often a rule spoke. */
struct rule_count {
	struct bytes rule;
	enum severity severity; /* of the first */
	size_t found, kept;
};

struct findings {
	struct arena *arena;
	VEC(struct finding) list;
	VEC(struct rule_count) rules; /* by their first finding */
	size_t last_rule;             /* that was looked up */
	size_t most_of_a_rule, most;  /* kept */
	size_t count[N_SEVERITIES];   /* found, whether kept or not */
	VEC(struct suppressed) suppressed; /* and these are not among them */
	struct bytes error;           /* why nothing could be looked at; absent: it was */
	VEC(struct bytes) problems;   /* what could not be read, or not as a whole: the findings are not all; the first */
	size_t n_problems;            /* of so many */
};

enum {
	FINDINGS_OF_A_RULE = 1000,
	FINDINGS_KEPT = 50000, /* of all rules together */
	MOST_PROBLEMS_TOLD = 100,
};

/* An empty list, with the bounds above. Whoever wants others sets them. */
void findings_init(struct findings *findings, struct arena *arena);

/*
 * A new finding with nothing but a rule and a severity, valid until the next one; NULL where it is only counted,
 * because a bound is reached. RULE must live as long as the arena.
 */
struct finding *findings_add(struct findings *findings, struct bytes rule, enum severity severity);

/* NAME must live as long as the arena, and so must text in VALUE. */
void finding_evidence(struct findings *findings, struct finding *finding, const char *name,
		      struct value value);

/* A text for a finding; what %s or %.*s put in may be as hostile as it likes. */
struct bytes findings_text(struct findings *findings, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct bytes findings_vtext(struct findings *findings, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/*
 * The most severe first, then by rule, pid, fd, subject and place; absent numbers last. The order depends on
 * what was found only, not on when.
 */
void findings_sort(struct findings *findings);

/*
 * Takes out of the list what KNOWS has a reason for, to which it sets *ret_reason and *ret_in_baseline; those are in
 * .suppressed afterwards, in the same order.
 */
typedef bool (*findings_knower)(void *context, const struct finding *finding, struct bytes *ret_reason,
				bool *ret_in_baseline);
void findings_suppress(struct findings *findings, findings_knower knows, void *context);

/* Nothing could be looked at, because of ERROR. */
void findings_fail(struct findings *findings, const struct error *error);

/* What went wrong on the way, which whoever reads nothing but a report has to know. */
void findings_take_problems(struct findings *findings, const struct problems *problems);

/* How many were counted and not kept. */
size_t findings_omitted(const struct findings *findings);

/* Whether anything is as severe as LEAST or more. */
bool findings_reach(const struct findings *findings, enum severity least);
