/*
 * Checkpoints as a database: SQL over their tables.
 *
 * Every table of the data dictionary (db/tables) is a virtual table of SQLite; its rows are the
 * model's, nothing is copied. Each checkpoint is a schema of its own, named by letters in the order of the
 * checkpoints ("a.process", "b.process"); the schema "every" has the rows of all of them behind a column
 * "checkpoint" that holds the letter; where a database file stands among them it is refused. A plain name,
 * "process", is that of a single checkpoint. Of several it is an error: a join must not run across checkpoints because
 * somebody forgot a letter.
 *
 * Values: addresses, masks and counts are integers of 64 bits in two's complement; booleans 0 or 1;
 * text that is not UTF-8 has the spelling of escape.h (\xNN, and \\ for a backslash); lists are JSON;
 * what is absent is NULL. Where the column of a result comes straight from a table, statement_value
 * gives the table's own value back: a mask is VALUE_HEX again, a list VALUE_STRINGS.
 *
 * Every row has its provenance in columns that "SELECT *" leaves out: src_image, src_entry, src_offset,
 * src_archive_offset. So are costly columns. Rows and costly columns are loaded when a statement is prepared that uses them;
 * damage goes to the checkpoint's problems, as ever.
 *
 * Secrets (tables/secret.h) are masked before SQLite sees them, so that no comparison can tell what
 * they are; only the function memory() reads what is there, as the command mem does.
 *
 * Statements read and do nothing else: an authorizer refuses all but SELECT, and functions that are
 * not listed (functions.h). Each has a budget of steps, and values, statements and the heap have limits
 * (the enum below). A connection belongs to one thread.
 */
#pragma once

#include <signal.h>
#include <sqlite3.h>
#include <stdint.h>

#include "db/tables/value.h"
#include "decoders/base/error.h"
#include "decoders/base/out.h"
#include "decoders/model/checkpoint.h"

enum {
	SQL_STATEMENT_MOST = 1 << 20,      /* bytes of a statement */
	SQL_VALUE_MOST = 64 << 20,         /* bytes of a value or row */
	SQL_HEAP_MOST = 512 << 20,         /* bytes of SQLite's heap, of all connections together */
	SQL_SORTED_MOST = 512 << 20,       /* bytes of sorted rows that joins rest on, of a connection */
	SQL_STEPS_USUAL = 1 << 30,         /* steps of SQLite's machine for a statement; about half a minute */
};

struct database;

struct database_options {
	bool reveal;    /* secrets as they are */
	uint64_t steps; /* for each statement; 0: SQL_STEPS_USUAL */
	const volatile sig_atomic_t *interrupt; /* what makes a statement end when it is not 0, of a signal or another thread; or NULL */
	/* Of database_open: in place of a checkpoint that is NULL, a database file that is a schema; once it is checked. */
	const char *const *files;
	struct error *(*check)(sqlite3 *handle, const char *schema, const char *path);
};

/*
 * Opens a database over CHECKPOINTS, which must outlive it; NULL: options.files. A usage error where they are more
 * than SQLite can hold at once.
 */
struct error *database_open(struct checkpoint *const *checkpoints, size_t n,
			    const struct database_options *options, struct database **ret)
	__attribute__((warn_unused_result));

/*
 * The same guard around a connection of one's own, such as one to an index file, with whatever tables
 * and TEMP views have been made in it; those that exist now may be read. HANDLE belongs to the database,
 * also where this fails.
 */
struct error *database_adopt(sqlite3 *handle, const struct database_options *options,
			     struct database **ret) __attribute__((warn_unused_result));

/* NULL is passed over. Statements must be gone. */
void database_close(struct database *database);

struct statement;

/*
 * Prepares one SELECT (or WITH, VALUES, EXPLAIN). A usage error says what is wrong with it, where, and
 * what may have been meant.
 */
struct error *statement_prepare(struct database *database, struct bytes sql, struct statement **ret)
	__attribute__((warn_unused_result));

/* The values of "?1", "?2", ... (counted from 1); what is not bound is NULL. Before the first step. */
void statement_bind_integer(struct statement *statement, int parameter, int64_t value);
void statement_bind_text(struct statement *statement, int parameter, struct bytes text);

/*
 * The next row; *ret is false behind the last. An error of kind ERROR_LIMIT where the budget or the
 * memory is used up, or where the statement was interrupted (database_interrupted).
 */
struct error *statement_step(struct statement *statement, bool *ret)
	__attribute__((warn_unused_result));

/* Back before the first row, with the whole budget; what is bound stays. */
void statement_reset(struct statement *statement);
void statement_free(struct statement *statement);

/* Whether the last step ended because of database_options.interrupt. */
bool database_interrupted(const struct database *database);

size_t statement_columns(const struct statement *statement);

/* Parameters in it: the highest number. */
int statement_parameters(const struct statement *statement);

/* The name of a column, as SQLite calls it; valid until the statement is gone. */
const char *statement_name(const struct statement *statement, size_t column);

/* The column called NAME, of any case; SIZE_MAX where there is none. */
size_t statement_column(const struct statement *statement, const char *name);

/*
 * A value of the current row. Blobs are VALUE_TEXT, the bytes they are. Bytes point to ARENA or to the
 * row, and are valid until the next step.
 */
void statement_value(const struct statement *statement, size_t column, struct arena *arena,
		     struct value *ret);
