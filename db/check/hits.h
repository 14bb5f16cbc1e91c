/*
 * What rules say, before it is weighed: rows, put together where they belong together.
 */
#pragma once

#include "db/check/check.h"

struct hit {
	const struct rule *rule;
	int severity;         /* enum severity, or CHOICE_USUAL: as the rule and the profile say */
	struct bytes subject; /* of the first row */
	struct bytes about;   /* of rows together: the process, or what they have in common; else absent */
	struct bytes message; /* absent: as the rule's template says */
	uint32_t pid, fd;     /* ABSENT_U32 */
	struct bytes image;
	uint32_t entry;
	uint64_t offset;
	VEC(struct evidence) evidence; /* of the first row */
	struct bytes group;   /* what rows of one finding have in common; absent: it stands alone */
	size_t n;             /* rows */
	VEC(struct bytes) list; /* the first different subjects */
	bool hidden;
};

struct rule_hits {
	const struct rule *rule;
	size_t first, n;      /* in hits */
	size_t more;          /* counted only */
};

struct hits {
	struct arena *arena;
	VEC(struct hit) hits;
	VEC(struct rule_hits) rules;
};

void hits_init(struct hits *hits, struct arena *arena);

/* All hits of a rule are added between this and the next one. */
void hits_of(struct hits *hits, const struct rule *rule);

/*
 * The hit of the rule at hand that has this group, or a new one; NULL where there are too many. Its n is 1 where
 * it is new.
 */
struct hit *hits_add(struct hits *hits, struct bytes group);

/* SUBJECT, one more that the hit is about. */
void hit_list(struct hits *hits, struct hit *hit, struct bytes subject);

/* Hides what a more specific rule says as well. */
void hits_suppress(struct hits *hits);

/* Hides everything but what the rules of these ids and categories say. */
void hits_keep_only(struct hits *hits, const char *const *words, size_t n);

/* Weighs them and adds the findings. */
void hits_tell(const struct hits *hits, const struct check *check, unsigned assumed, enum tool tool,
	       struct findings *findings);

/*
 * TEMPLATE with {name} replaced: n, list, subject, pid, fd, or a piece of evidence; "-" where that is null.
 * {n|word|words} is a number with the word that goes with it, and so is {evidence|word|words}.
 */
struct bytes hit_expand(const struct hit *hit, struct bytes template, struct arena *arena);

/* Whether a list of ids and categories names the rule. */
bool rule_is_in(const struct rule *rule, struct bytes list);
