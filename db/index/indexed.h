/* The table indexed: what is in the index. */
#pragma once

#include "db/index/index.h"

struct indexed {
	const char *identity; /* NULL: none */
	const char *node, *path, *inside;
	const char *sha256;   /* of an archive; NULL */
	const char *indexed_at, *tool_version;
	const char *status;   /* whole, damaged, failed */
	int64_t revealed, n_rows, has_pages, is_complete;
};

/* A row, and the id that it has. */
struct error *indexed_insert(struct index *index, const struct indexed *row, int64_t *ret)
	__attribute__((warn_unused_result));

/*
 * Takes away what has the identity of ROW, wherever it was, and what was at the same place; all their rows go with
 * them. *RET: whether there was anything.
 */
struct error *indexed_remove(struct index *index, const struct indexed *row, bool *ret)
	__attribute__((warn_unused_result));

/* What tells a row from others: the parameters 1 to 4 are its identity, node, path, inside. */
void indexed_bind_place(sqlite3_stmt *statement, const struct indexed *row);

/* Binds a text, or NULL. */
void bind_text(sqlite3_stmt *statement, int parameter, const char *text);

/* Runs a statement that is bound already; it is gone then. */
struct error *statement_finish(const struct index *index, sqlite3_stmt *statement)
	__attribute__((warn_unused_result));

/* The same of a write of what another index holds: where our tables do not take it, that one is wrong. */
struct error *index_copy_failed(const struct index *index, const struct index *from)
	__attribute__((returns_nonnull, warn_unused_result));

/* The error that SQLite reported last. */
struct error *index_failed(const struct index *index) __attribute__((returns_nonnull, warn_unused_result));
