/* Indexes of older layouts, as coldcase of those times wrote them (samples/README.md), are brought to ours in place. */
#include "tests/support/database.h"

#include <unistd.h>

#include "db/index/index.h"
#include "db/index/schema.h"
#include "tests/support/dying_vfs.h"

static const char *sample(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s.tar.zst", setting("SAMPLES", "samples"), name);
	return path;
}

/* As it was written. */
static const char *older_index(int version)
{
	char name[32];

	snprintf(name, sizeof(name), "index-version-%d", version);
	unpack(sample(name), name);
	return scratch_path("%s/index.db", name);
}

static void index_podman(const char *database)
{
	assert_int_equal(run("index", "-d", database, podman(), "--pages", NULL).status, 0);
}

/* --- nothing is lost ------------------------------------------------------------------------------------- */

/* What the TABLE of the older index has, in that one and in ours, by names of then and now. */
struct then_and_now {
	struct out then, now;
};

static int name_column(void *argument, int n, char **values, char **names)
{
	struct then_and_now *columns = argument;
	const char *comma = columns->then.len ? ", " : "";

	(void)n;
	(void)names;
	out_printf(&columns->then, "%s\"%s\"", comma, values[0]);
	out_printf(&columns->now, "%s\"%s\"", comma, strcmp(values[0], "checkpoint_id") ? values[0] : "checkpoint");
	return 0;
}

static int count(sqlite3 *handle, const char *sql)
{
	sqlite3_stmt *statement;
	int ret;

	if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	ret = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return ret;
}

/* Of each row as many, value for value, in what these two select. */
static void assert_same_rows(sqlite3 *handle, const char *what, const char *then, const char *now)
{
	char sql[16384];

	for (int way = 0; way < 2; way++) {
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM (%s EXCEPT %s)", way ? now : then, way ? then : now);
		if (count(handle, sql))
			fail_msg("%s: rows of %s are not in %s", what, way ? "now" : "then", way ? "then" : "now");
	}
	snprintf(sql, sizeof(sql), "SELECT (SELECT count(*) FROM (%s)) - (SELECT count(*) FROM (%s))", then, now);
	if (count(handle, sql))
		fail_msg("%s: %d rows more were there then", what, count(handle, sql));
}

static void assert_same_table(sqlite3 *handle, const char *table)
{
	char sql[256], then[8192], now[8192];
	struct then_and_now columns;

	out_init(&columns.then, -1);
	out_init(&columns.now, -1);
	snprintf(sql, sizeof(sql), "SELECT name FROM pragma_table_info('%s', 'older')", table);
	assert_int_equal(sqlite3_exec(handle, sql, name_column, &columns, NULL), SQLITE_OK);
	snprintf(then, sizeof(then), "SELECT %.*s FROM older.\"%s\"", (int)columns.then.len, columns.then.buffer, table);
	snprintf(now, sizeof(now), "SELECT %.*s FROM main.\"%s\"", (int)columns.now.len, columns.now.buffer, table);
	assert_same_rows(handle, table, then, now);
	out_deinit(&columns.then);
	out_deinit(&columns.now);
}

/* All that is in OLDER is in DATABASE: in the tables of the dictionary, and with OWN in the index's own. */
static void assert_same_tables(const char *database, const char *older, bool own)
{
	static const char sql[] = "SELECT name FROM older.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
				  "AND name <> 'page_hashes' AND (?1 OR name NOT LIKE 'indexed%')";
	sqlite3_stmt *names;
	sqlite3 *handle;
	char *attach = sqlite3_mprintf("ATTACH %Q AS older", older);
	int n = 0;

	assert_int_equal(sqlite3_open(database, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, attach, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &names, NULL), SQLITE_OK);
	sqlite3_bind_int(names, 1, own);
	for (; sqlite3_step(names) == SQLITE_ROW; n++)
		assert_same_table(handle, (const char *)sqlite3_column_text(names, 0));
	assert_true(n > 40);
	if (count(handle, "SELECT count(*) FROM older.sqlite_schema WHERE name = 'page_hashes'"))
		assert_same_rows(handle, "pages",
				 "SELECT checkpoint_id, pid, address, n_pages, page_size, hashes FROM older.page_hashes",
				 "SELECT checkpoint, pid, address, length(hashes) / 16, page_size, hashes FROM "
				 "main.page_range r JOIN main.page_list l ON r.list = l.id WHERE pid IS NOT NULL");
	sqlite3_finalize(names);
	sqlite3_close(handle);
	sqlite3_free(attach);
}

/*
 * INDEX_THE_SAME makes an index of what is in that one; where it was found then is put into its place. NULL: of the same
 * more is told today.
 */
static const char *assert_upgraded(int version, void (*index_the_same)(const char *))
{
	const char *database = older_index(version), *kept = scratch_path("kept-%d.db", version);
	const char *fresh = scratch_path("fresh-%d.db", version);
	struct bytes before = read_file(database);

	write_file(kept, before.data, before.len);
	assert_int_equal(run("index", "-d", database, NULL).status, 0);
	assert_string_equal(ask(database, "PRAGMA user_version"), "3");
	assert_string_equal(ask(database, "PRAGMA integrity_check"), "ok");
	assert_string_equal(ask(database, "PRAGMA foreign_key_check"), "");
	assert_same_tables(database, kept, true);
	if (!index_the_same)
		return database;
	index_the_same(fresh);
	change(fresh, "UPDATE checkpoint SET path = '/srv/checkpoints' || substr(path, length(rtrim(path, "
		      "replace(path, '/', ''))))");
	/* the other end of a socket had no word then */
	change(fresh, "UPDATE fd SET detail = NULL WHERE type LIKE '%sk'");
	change(kept, "UPDATE fd SET detail = NULL WHERE type LIKE '%sk'");
	assert_same_tables(fresh, kept, false);
	return database;
}

/*
 * An archive, most of it, and too little of it for anything: two had something to tell. It is of a dump that failed, whose
 * task is told by now; of pages nothing was known then.
 */
static void version_1_is_upgraded(void **state)
{
	const char *database;

	(void)state;
	database = assert_upgraded(1, NULL);
	assert_string_equal(ask(database, "SELECT group_concat(status || ' ' || n_rows || ' ' || has_pages || node || ' ' "
					  "|| is_complete) FROM indexed"), "whole 1193 0 0,damaged 1171 0 0,failed 0 0 0");
	assert_string_equal(ask(database, "SELECT group_concat(checkpoint || ':' || position || ' ' || (message LIKE "
					  "'%Truncated%')) FROM indexed_problem"), "2:0 1,3:0 1");
	assert_string_equal(ask(database, "SELECT count(*) FROM page"), "0");
}

static void version_2_is_upgraded(void **state)
{
	const char *database;

	(void)state;
	database = assert_upgraded(2, index_podman);
	assert_string_equal(ask(database, "SELECT count(*) > 50 FROM page"), "1");
	assert_string_equal(ask(database, "SELECT pages = (SELECT count(DISTINCT hash) FROM page WHERE NOT is_zero) "
					  "FROM page_overlap"), "1");
	assert_int_equal(run("index", "-d", database, podman(), "--pages", NULL).status, 0); /* what came since is read */
	assert_says(run("index", "-d", database, podman(), "--pages", NULL).out, "unchanged");
}

/* --- killed ---------------------------------------------------------------------------------------------- */

static void upgrade(const char *const *database)
{
	struct problems notes;
	struct index index;

	problems_init(&notes);
	if (index_open(*database, &notes, &index))
		abort();
	index_close(&index);
	problems_deinit(&notes);
}

/* At KILLS of its writes, syncs, truncations and deletions, and at each of the last: as it was or as it will be. */
static void assert_survives(int version)
{
	const char *database = older_index(version), *journal = scratch_path("index-version-%d/index.db-journal", version);
	int kills = atoi(setting("KILLS", "8")), changes, n_old = 0, n_new = 0;
	struct bytes old = read_file(database), new;

	changes = work_and_die(upgrade, &database, 1 << 30);
	new = read_file(database);
	assert_false(bytes_equal(old, new));
	assert_true(changes > kills);
	for (int at = 1; at <= changes; at += at < changes - 6 ? changes / kills : 1) {
		struct bytes left;

		write_file(database, old.data, old.len);
		assert_int_equal(work_and_die(upgrade, &database, at), at);
		/* SQLite plays the journal back, if there is one, when it opens the database for this. */
		assert_string_equal(ask(database, "PRAGMA integrity_check"), "ok");
		left = read_file(database);
		if (!bytes_equal(left, old) && !bytes_equal(left, new))
			fail_msg("version %d, killed at %d of %d: neither the old nor the new", version, at, changes);
		n_old += bytes_equal(left, old);
		n_new += bytes_equal(left, new);
		unlink(journal);
	}
	assert_true(n_old > kills / 2 && n_new > 0);
}

static void killed_at_any_write_it_is_the_old_or_the_new(void **state)
{
	(void)state;
	for (int version = 1; version < INDEX_VERSION; version++)
		assert_survives(version);
}

/* --- what is not upgraded -------------------------------------------------------------------------------- */

/* Nothing is written by those who only read: they say what does it. */
static void whoever_reads_says_the_command(void **state)
{
	const char *script = scratch_path("script");

	(void)state;
	write_file(script, "screen\n", 7);
	for (int version = 1; version < INDEX_VERSION; version++) {
		const char *database = older_index(version);
		struct bytes before = read_file(database);
		char words[4200];

		snprintf(words, sizeof(words), "is an index of version %d: \"coldcase index -d %s\" brings it to version 3",
			 version, database);
		assert_query_refused(database, "SELECT 1", 3, words);
		assert_says(run("tui", "--script", script, database, NULL).err, words);
		assert_says(run("index", "-d", scratch_path("other.db"), "--merge", database, NULL).err, words);
		assert_true(bytes_equal(before, read_file(database)));
	}
}

static void a_newer_one_is_left_alone(void **state)
{
	const char *database = scratch_path("newer.db");
	struct bytes before;
	char sql[64];

	(void)state;
	add(0, database, podman());
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", INDEX_VERSION + 1);
	change(database, sql);
	before = read_file(database);
	assert_query_refused(database, "SELECT 1", 3, "is an index of version 4, made by a newer coldcase; this one knows 3");
	assert_says(add(3, database, podman()).err, "is an index of version 4, made by a newer coldcase; this one knows 3");
	assert_true(bytes_equal(before, read_file(database)));
	change(database, "PRAGMA application_id = 7; PRAGMA user_version = 1");
	add(3, database, podman());
}

/* What an older coldcase would not have known of the data dictionary; it is told, and read again. */
static void an_older_index_is_completed(void **state)
{
	const char *database = scratch_path("older.db");
	struct outcome outcome;

	(void)state;
	add(0, database, podman());
	change(database, "DROP VIEW connection; DROP VIEW growth; DROP TABLE lock; ALTER TABLE process DROP COLUMN "
			 "comm");
	outcome = run("index", "-d", database, NULL);
	assert_int_equal(outcome.status, 0);
	assert_says(outcome.err, "lock was not in it");
	assert_says(outcome.err, "process.comm was not in it");
	assert_string_equal(ask(database, "SELECT count(*) FROM process WHERE comm IS NULL"), "3");
	assert_string_equal(ask(database, "SELECT count(*) FROM lock"), "0");
	assert_says(add(0, database, podman()).out, "replaced");
	assert_string_equal(ask(database, "SELECT comm FROM process WHERE pid = 1"), "fds");
	assert_says(add(0, database, podman()).out, "unchanged");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_1_is_upgraded),
		cmocka_unit_test(version_2_is_upgraded),
		cmocka_unit_test(killed_at_any_write_it_is_the_old_or_the_new),
		cmocka_unit_test(whoever_reads_says_the_command),
		cmocka_unit_test(a_newer_one_is_left_alone),
		cmocka_unit_test(an_older_index_is_completed),
	};

	return run_all(tests);
}
