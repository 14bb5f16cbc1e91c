/* What the tests of indexes share: making one, and asking it by SQLite's library and nothing of ours. */
#pragma once

#include "tests/support/wire.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

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
