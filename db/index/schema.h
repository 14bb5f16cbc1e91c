/*
 * What an index file is made of.
 *
 * Tables of the index's own (STRICT; their layout is counted by user_version, and steps lead from each version to
 * the next), and one for each table of the data dictionary, generated from its description: so these are not
 * counted, but completed with the tables and columns that a newer coldcase knows. They are not STRICT, because
 * their declared types say how values are shown (db/sql/declare.h).
 */
#pragma once

#include <sqlite3.h>

#include "decoders/base/error.h"

enum {
	INDEX_APPLICATION = 0x434f4c44, /* application_id: "COLD" */
	INDEX_VERSION = 2,	      /* user_version */
};

/* Makes of an empty database, or of one of an older version, one of this version; in a transaction. */
struct error *schema_bring(sqlite3 *handle, int version) __attribute__((warn_unused_result));

/* The error that SQLite reported last, of the kind that it is; PATH: the database. */
struct error *schema_error(sqlite3 *handle, const char *path)
	__attribute__((returns_nonnull, warn_unused_result));
