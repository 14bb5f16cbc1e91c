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
	QUERY_OVER_CHECKPOINTS, /* it reads memory, or names checkpoints by their letters */
	QUERY_OVER_INDEX,
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

/* "anything", "checkpoints", "an index" */
const char *query_over_name(enum query_over over);

/* An error says what may have been meant. */
struct error *named_query_find(const char *name, const struct named_query **ret)
	__attribute__((warn_unused_result));

/* An error where it takes another number of arguments than N. */
struct error *named_query_arguments(const struct named_query *query, size_t n)
	__attribute__((warn_unused_result));

/* An error where it cannot be asked of an index, or of what is none. */
struct error *named_query_check(const struct named_query *query, bool over_index)
	__attribute__((warn_unused_result));
