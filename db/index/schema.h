/*
 * What an index file is made of.
 *
 * Tables of the index's own (STRICT; their layout is counted by user_version, and steps lead from each version to
 * the next), one for each table of the data dictionary, generated from its description: so these are not
 * counted, but completed with the tables and columns that a newer coldcase knows; and views (views.h), made anew
 * where they are other ones. The tables of the dictionary are not STRICT, because their declared types say how values
 * are shown (db/sql/declare.h).
 */
#pragma once

#include <sqlite3.h>

#include "db/index/views.h"
#include "decoders/base/error.h"
#include "decoders/base/out.h"

enum {
	INDEX_APPLICATION = 0x434f4c44, /* application_id: "COLD" */
	INDEX_VERSION = 3,	      /* user_version */
};

/*
 * Makes of an empty database, or of one of an older version, one of this version; in a transaction. NOTES: what was
 * missing in one that was there already.
 */
struct error *schema_bring(sqlite3 *handle, int version, struct problems *notes)
	__attribute__((warn_unused_result));

/*
 * Whether what has a name of ours is of the kind that we make, and nothing in the schema is run by itself: a view
 * in place of a table, a virtual table, a trigger.
 */
struct error *schema_check_kinds(sqlite3 *handle, const char *schema) __attribute__((warn_unused_result));

/* Whether all is there that a database of this version has. SCHEMA: "main", or what it is attached as. */
struct error *schema_check_whole(sqlite3 *handle, const char *schema) __attribute__((warn_unused_result));

/* Functions that statements of this room use on a connection that writes. */
int schema_functions(sqlite3 *handle);

/* Whether there is a TABLE in a SCHEMA, and a COLUMN (NULL: any) in it. */
bool schema_has(sqlite3 *handle, const char *schema, const char *table, const char *column);

enum view_state {
	VIEW_IS_MISSING,
	VIEW_IS_OURS,
	VIEW_IS_OTHER, /* an older one, or somebody else's */
};

enum view_state schema_view_state(sqlite3 *handle, const char *schema, const struct named_query *view);

/* "CREATE VIEW ..." */
void schema_view_text(const struct named_query *view, struct out *out);

/* The error that SQLite reported last, of the kind that it is; PATH: the database, or NULL. */
struct error *schema_error(sqlite3 *handle, const char *path)
	__attribute__((returns_nonnull, warn_unused_result));
