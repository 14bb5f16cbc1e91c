/*
 * Ids of the rows of a SELECT over an index, found by a thread that has a connection of its own.
 *
 * The SELECT's first column is the id. Rows are filtered by their cells as they are shown.
 */
#pragma once

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "db/sql/database.h"
#include "tui/widgets/list.h"

/* An index that is being looked at. */
struct sql_index {
	const char *path;
	struct database *database; /* for whoever draws */
};
struct error *sql_index_open(const char *path, struct sql_index *ret) __attribute__((warn_unused_result));
void sql_index_close(struct sql_index *index);

/* "a name" with its quotes doubled, as SQL has identifiers. */
void put_sql_name(const char *name, struct out *out);

enum { MOST_SQL_ROWS = 1 << 24 };

struct sql_ids {
	char *path, *sql, *filter; /* NULL: no filter */
	struct pattern *pattern;
	struct matcher *matcher;
	bool inverted;
	pthread_t thread;
	bool has_thread;
	volatile sig_atomic_t stop;
	atomic_bool over;
	pthread_mutex_t lock; /* of what follows */
	int64_t *items;
	size_t n, room, seen; /* .seen: rows that were looked at */
	struct error *error;  /* once it is over: why rows are missing; NULL: they are not */
};

/* Begins. FILTER: "x", or "!x" for rows that do not fit; NULL or "": all. */
struct error *sql_ids_new(const char *path, const char *sql, const char *filter, struct sql_ids **ret)
	__attribute__((warn_unused_result));

/* Ends it and waits for that; NULL is passed over. */
void sql_ids_free(struct sql_ids *ids);

/* Whether it goes on. */
bool sql_ids_look(struct sql_ids *ids);

/* Ends it; the ids that are known by then stay. */
void sql_ids_stop(struct sql_ids *ids);

size_t sql_ids_count(struct sql_ids *ids, size_t *ret_seen);
int64_t sql_ids_at(struct sql_ids *ids, size_t i);
