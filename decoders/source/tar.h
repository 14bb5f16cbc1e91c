/*
 * The members of a tar archive, one after the other, read through libarchive.
 *
 * Where a header is damaged, or the archive ends and more stands behind the end, the walk goes on at
 * the next thing that is a header by its checksum; it says so, and says of each entry where it was
 * found. Reading the same archive again gives the same entries in the same order.
 */
#pragma once

#include <archive_entry.h>
#include <locale.h>

#include "decoders/source/feed.h"

struct tar_walk {
	struct source *source;
	bool is_quiet;          /* a second pass: what is wrong was said */
	struct feed feed;
	struct archive *archive;
	uint64_t base;          /* where in the feed it began */
	enum member_state found; /* MEMBER_OK, MEMBER_SALVAGED or MEMBER_TRAILING: of the next entries */
	unsigned restarts;
	uint32_t position;      /* of the current entry among all */
	bool has_begun, is_at_entry;
	bool is_cut;            /* set by who reads data: it ends there, and that was told */
	locale_t pinned, before;
};

/* CAPTURE: for feed_open. */
struct error *tar_open(struct source *source, bool is_quiet, const struct capture *capture,
		       struct tar_walk *ret)
	__attribute__((warn_unused_result));
void tar_close(struct tar_walk *tar);

/*
 * The next entry; NULL at the end. An error means that there is no archive at all. What the caller
 * has not read of the entry before is skipped.
 */
struct error *tar_next(struct tar_walk *tar, struct archive_entry **ret)
	__attribute__((warn_unused_result));

/* Where the walk is, in decompressed bytes. */
uint64_t tar_at(const struct tar_walk *tar);

/* Adds a problem, about MEMBER where it is not NULL; of a quiet walk none, nor of what was not inflated. */
void tar_problem(const struct tar_walk *tar, const struct member *member, struct error *error);

/* What libarchive says went wrong, and where. */
struct error *tar_error(const struct tar_walk *tar, enum error_kind kind)
	__attribute__((warn_unused_result));
