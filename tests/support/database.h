/* What the tests of indexes share: making one, and asking it by SQLite's library and nothing of ours. */
#pragma once

#include "tests/support/wire.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/tables/listing.h"

HELPER const char *setting(const char *name, const char *otherwise)
{
	return getenv(name) ? getenv(name) : otherwise;
}

/* Absolute, as it is in an index. */
HELPER const char *podman(void)
{
	static char path[8192], *directory;

	if (!directory) {
		directory = realpath(setting("SAMPLES", "samples"), NULL);
		assert_non_null(directory);
		snprintf(path, sizeof(path), "%s/podman.tar.zst", directory);
		free(directory);
	}
	return path;
}

HELPER struct outcome add(int status, const char *database, const char *checkpoint)
{
	struct outcome outcome = run("index", "-d", database, checkpoint, "-f", "csv", NULL);

	if (outcome.status != status)
		fail_msg("status %d: %s", outcome.status, (const char *)outcome.err.data);
	return outcome;
}

HELPER void assert_says(struct bytes text, const char *words)
{
	if (!strstr((const char *)text.data, words))
		fail_msg("\"%s\" is not in: %s", words, (const char *)text.data);
}

HELPER void ask_into(const char *database, const char *sql, char *answer, size_t size)
{
	sqlite3_stmt *statement;
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(database, &handle), SQLITE_OK);
	if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	answer[0] = '\0';
	if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0))
		snprintf(answer, size, "%s", (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(handle);
}

/* The first cell of the first row; valid until the next time. */
HELPER const char *ask(const char *database, const char *sql)
{
	static char answer[4096];

	ask_into(database, sql, answer, sizeof(answer));
	return answer;
}

/* The same beside an answer that is still wanted. */
HELPER const char *ask_again(const char *database, const char *sql)
{
	static char answer[4096];

	ask_into(database, sql, answer, sizeof(answer));
	return answer;
}

HELPER void change(const char *database, const char *sql)
{
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(database, &handle), SQLITE_OK);
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	sqlite3_close(handle);
}

HELPER void assert_query_refused(const char *database, const char *sql, int status, const char *words)
{
	struct outcome outcome = run("query", database, sql, "--steps", "2000000", NULL);

	if (outcome.status != status)
		fail_msg("%s: status %d: %s", sql, outcome.status, (const char *)outcome.err.data);
	assert_says(outcome.err, words);
}

/* The columns that a listing has, of the checkpoint with this id. */
HELPER const char *select_listing(const struct table *table, int id)
{
	static char sql[8192];
	int n = snprintf(sql, sizeof(sql), "SELECT ");

	for (size_t i = 0, k = 0; i < table->n_columns; i++)
		if (!table->columns[i].on_demand)
			n += snprintf(sql + n, sizeof(sql) - (size_t)n, "%s\"%s\"", k++ ? ", " : "",
				      table->columns[i].name);
	snprintf(sql + n, sizeof(sql) - (size_t)n, " FROM \"%s\" WHERE checkpoint = %d ORDER BY rowid",
		 table->name, id);
	return sql;
}

HELPER void assert_tables_equal(const char *database, const char *checkpoint, int id)
{
	for (size_t i = 0; i < n_tables; i++) {
		struct outcome listed = run("list", tables[i]->name, checkpoint, "-f", "json", "-q", NULL);
		struct outcome selected = run("query", database, select_listing(tables[i], id), "-f", "json",
					      NULL);

		if (selected.status)
			fail_msg("%s: %s", tables[i]->name, (const char *)selected.err.data);
		if (!bytes_equal(listed.out, selected.out))
			fail_msg("%s differs:\n%.2000s\n%.2000s", tables[i]->name, (const char *)listed.out.data,
				 (const char *)selected.out.data);
	}
}

/* Counted when they came in, and by SQLite out of the pages themselves. */
HELPER void assert_counts(const char *database)
{
	assert_string_equal(ask(database, "SELECT group_concat(pages) FROM (SELECT pages FROM page_overlap ORDER BY a, b)"),
			    ask_again(database, "WITH one AS (SELECT DISTINCT checkpoint, hash FROM page WHERE NOT is_zero) "
						"SELECT group_concat(n) FROM (SELECT count(*) AS n FROM one a JOIN one b "
						"USING (hash) WHERE a.checkpoint <= b.checkpoint GROUP BY a.checkpoint, "
						"b.checkpoint ORDER BY a.checkpoint, b.checkpoint)"));
	assert_string_equal(ask(database, "SELECT count(*) FROM page_list WHERE id NOT IN (SELECT list FROM page_range)"),
			    "0");
	assert_string_equal(ask(database, "PRAGMA foreign_key_check"), "");
}
