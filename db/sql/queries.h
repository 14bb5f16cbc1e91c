/*
 * Queries that are made already: what people ask of a checkpoint, of several, or of an index.
 *
 * Each is a file of queries/, compiled in (queries.awk). Its name is the file's; its first line is a comment that
 * says what it shows. Most can be asked of anything: "every.process" is the process of several checkpoints, behind
 * a column "checkpoint" with the letter, and in an index the table itself, where that column is indexed.id.
 */
#pragma once

#include <stddef.h>

#include "decoders/base/error.h"

enum query_over {
	QUERY_OVER_ANY,
	QUERY_OVER_CHECKPOINTS, /* it reads memory */
	QUERY_OVER_TWO,		/* it names checkpoints by their letters */
	QUERY_OVER_INDEX,
	QUERY_OVER_PAGES,	/* an index with hashes of pages: of another it has no rows */
};

struct named_query {
	const char *name;  /* "deleted-open" */
	const char *title;
	enum query_over over;
	const char *arguments; /* what ?1, ?2, ... are: "ADDRESS" */
	int n_arguments;
	const char *sql;   /* the file, comments and all */
};

extern const struct named_query named_queries[];
extern const size_t n_named_queries;

/* "anything", "checkpoints", "two checkpoints", "an index", "an index with pages" */
const char *query_over_name(enum query_over over);

/* An error says what may have been meant. */
struct error *named_query_find(const char *name, const struct named_query **ret)
	__attribute__((warn_unused_result));

/* An error where it takes another number of arguments than N. */
struct error *named_query_arguments(const struct named_query *query, size_t n)
	__attribute__((warn_unused_result));

/* An error where it cannot be asked of so many checkpoints; 0: of an index. */
struct error *named_query_check(const struct named_query *query, size_t n_checkpoints)
	__attribute__((warn_unused_result));
