/*
 * An index: a plain SQLite file with the rows of many checkpoints, for questions across them and for tools that
 * know nothing of checkpoints.
 *
 * Each checkpoint comes in by one transaction. The journal is SQLite's rollback journal, deleted at each commit:
 * whenever the writer dies the file has the old state or the new one, it is a single file when nobody writes, and
 * it can be read where nothing can be written, which a write-ahead log does not allow.
 *
 * A checkpoint is known by what is in it: the digest of an archive, those of the files in a directory. The same
 * content is not read twice; other content at the same path takes the place of what was there.
 */
#pragma once

#include <sqlite3.h>

#include "decoders/model/checkpoint.h"

enum { INDEX_BUSY_MS = 30000 }; /* how long one writer waits for another */

struct index {
	sqlite3 *handle;
	const char *path;
};

/*
 * Opens it for writing, makes it where there is none, and brings it to this version. It is distrusted as for reading.
 * NOTES: what was missing in it.
 */
struct error *index_open(const char *path, struct problems *notes, struct index *ret) __attribute__((warn_unused_result));
void index_close(struct index *index);

/* Whether the file at PATH is an index, by its first bytes. */
bool index_recognise(const char *path);

/*
 * A connection for reading to the index at PATH, which is distrusted: no code of its schema is run. An error says
 * why it cannot be read: a newer or older version, damage, a writer that was killed.
 */
struct error *index_open_reading(const char *path, struct index *ret) __attribute__((warn_unused_result));

/* Whether hashes of pages are in it, of any checkpoint. */
bool index_has_pages(const struct index *index);

/* The same of one that is attached as SCHEMA, for database_open. */
struct error *index_check(sqlite3 *handle, const char *schema, const char *path) __attribute__((warn_unused_result));

/* What a checkpoint is known by. */
struct identity {
	char key[65];    /* hex digits; "": it, or something in it, has no digest */
	char sha256[65]; /* of an archive; "": none */
};

/*
 * Of what is INSIDE the archive or directory PATH, and of what its memory rests on: PARENTS that were named, and those
 * beside a directory that its links lead to. What cannot be read in it is among PROBLEMS.
 */
struct error *identity_take(const char *path, const char *inside, const char *const *parents, size_t n_parents,
			    struct problems *problems, struct identity *ret) __attribute__((warn_unused_result));

struct entry {
	const char *node; /* where it was indexed; "": here */
	const char *path, *inside;
	struct identity identity;
	bool reveal;
	bool pages; /* hashes of pages too */
};

enum outcome_of_entry {
	INDEX_ADDED,
	INDEX_REPLACED,
	INDEX_UNCHANGED,
	INDEX_FAILED, /* nothing of it could be read; that is recorded */
};

/*
 * Whether the entry's content is in the index, read by this version, with secrets as ENTRY says, and with
 * its pages where they are asked for.
 */
struct error *index_knows(struct index *index, const struct entry *entry, bool *ret)
	__attribute__((warn_unused_result));

/*
 * Writes all tables of CHECKPOINT; NULL: it could not be opened, as PROBLEMS say. All of it or, with an error,
 * nothing.
 */
struct error *index_write(struct index *index, const struct entry *entry, struct checkpoint *checkpoint,
			  const struct problems *problems, enum outcome_of_entry *ret, uint64_t *ret_rows)
	__attribute__((warn_unused_result));

/* What became of one checkpoint of an index that is merged. */
typedef void (*merged_one)(void *context, enum outcome_of_entry outcome, uint64_t n_rows, const char *path,
			   const char *inside);

struct merging {
	const char *node; /* what those are called that FROM has indexed itself: which machine it was */
	bool reveal;      /* take what has secrets as they are */
	merged_one tell;
	void *context;
};

/*
 * Copies what another index has, a transaction a checkpoint. The same content is left alone, unless FROM knows more
 * of it; of other content at the same place of the same node the later one stays. FROM is as distrusted as ever: its
 * rows are values that are bound, no more.
 */
struct error *index_merge(struct index *index, const struct index *from, const struct merging *merging)
	__attribute__((warn_unused_result));
