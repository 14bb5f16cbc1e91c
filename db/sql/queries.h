/*
 * Queries that are made already: what people ask of a checkpoint.
 *
 * Each is a file of queries/, compiled in. Its name is the file's; its first line is a comment that says
 * what it shows.
 */
#pragma once

#include <stddef.h>

#include "decoders/base/error.h"

struct named_query {
	const char *name;  /* "deleted-open" */
	const char *title;
	const char *sql;   /* the file, comments and all */
};

extern const struct named_query named_queries[];
extern const size_t n_named_queries;

/* An error says what may have been meant. */
struct error *named_query_find(const char *name, const struct named_query **ret)
	__attribute__((warn_unused_result));
