/* Databases that query and index are given: hostile, damaged, somebody else's. */
#include "tests/support/database.h"

#include <unistd.h>

/* --- databases that are not ours ---------------------------------------------------------------------- */

static void reading_is_all_that_query_does(void **state)
{
	const char *database = scratch_path("guard.db");
	struct bytes before;

	(void)state;
	add(0, database, podman());
	before = read_file(database);
	assert_query_refused(database, "DELETE FROM indexed", 2, "not allowed");
	assert_query_refused(database, "ATTACH 'x' AS y", 2, "not allowed");
	assert_query_refused(database, "PRAGMA user_version = 3", 2, "not allowed");
	assert_query_refused(database, "SELECT load_extension('x')", 2, "");
	assert_query_refused(database, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
				      "SELECT count(*) FROM n", 4, "stopped");
	assert_true(bytes_equal(before, read_file(database)));
}

/* --- hostile ------------------------------------------------------------------------------------------- */

static void refused_by_both(const char *database, const char *words)
{
	struct outcome outcome = run("query", database, "SELECT count(*) FROM process", NULL);

	if (outcome.status != 3)
		fail_msg("query: status %d: %s", outcome.status, (const char *)outcome.err.data);
	assert_says(outcome.err, words);
	outcome = run("index", "-d", database, podman(), NULL);
	if (outcome.status != 3)
		fail_msg("index: status %d: %s", outcome.status, (const char *)outcome.err.data);
	assert_says(outcome.err, words);
	assert_says(outcome.err, database);
}

/* What would answer in place of a table, or run when a row comes in. */
static void what_is_no_table_is_refused(void **state)
{
	static const struct {
		const char *sql, *words;
	} changes[] = {
		{ "CREATE TRIGGER t AFTER INSERT ON process BEGIN SELECT 1; END", "has a trigger (t)" },
		{ "CREATE TRIGGER t INSTEAD OF INSERT ON page BEGIN SELECT 1; END", "has a trigger (t)" },
		{ "DROP TABLE process; CREATE VIEW process AS SELECT 1 AS pid, 1 AS checkpoint", "its process is a view" },
		{ "DROP TABLE process; CREATE VIEW PROCESS AS SELECT 1 AS pid", "its PROCESS is a view" },
		{ "DROP VIEW page; CREATE TABLE page(checkpoint, hash)", "its page is a table" },
		{ "PRAGMA foreign_keys = OFF; DROP TABLE indexed; CREATE VIEW indexed AS SELECT 1 AS id",
		  "its indexed is a view" },
		{ "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('table', 'extra', 'extra', 0, "
		  "'CREATE VIRTUAL TABLE extra USING fts5(x)')", "virtual table (extra)" },
	};
	const char *database = scratch_path("kinds.db");
	struct bytes whole;

	(void)state;
	add(0, database, podman());
	whole = read_file(database);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		write_file(database, whole.data, whole.len);
		change(database, changes[i].sql);
		refused_by_both(database, changes[i].words);
	}
}

/* Not refused, but never believed: query says what is missing, index makes it anew. */
static void what_is_not_as_we_make_it_is_told(void **state)
{
	static const struct {
		const char *sql, *words;
	} changes[] = {
		{ "DROP VIEW page; CREATE VIEW page AS SELECT 1 AS checkpoint, 'x' AS hash", "the view page" },
		{ "DROP VIEW trend", "the view trend" },
		{ "DROP TABLE lock", "the table lock" },
	};
	const char *database = scratch_path("other.db");

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		add(0, database, podman());
		change(database, changes[i].sql);
		assert_query_refused(database, "SELECT 1", 3, changes[i].words);
		assert_int_equal(run("index", "-d", database, NULL).status, 0);
		assert_int_equal(run("query", database, "SELECT 1", NULL).status, 0);
		unlink(database);
	}
}

/* Functions of SQLite's own that tell or do too much are not run by anybody's view. */
static void a_view_may_no_more_than_a_statement(void **state)
{
	const char *database = scratch_path("view.db");

	(void)state;
	add(0, database, podman());
	change(database, "CREATE VIEW mine AS SELECT comm FROM process; CREATE VIEW bad AS SELECT "
			 "load_extension('x')");
	assert_int_equal(run("query", database, "SELECT * FROM mine", NULL).status, 0);
	assert_int_equal(run("query", database, "SELECT * FROM bad", NULL).status, 2);
}

/* A constraint that no row fits, in a table with a name and columns of ours. */
static void a_table_that_takes_no_rows_is_not_our_fault(void **state)
{
	const char *database = scratch_path("check.db");
	struct outcome outcome;

	(void)state;
	assert_int_equal(run("index", "-d", database, NULL).status, 0);
	change(database, "CREATE UNIQUE INDEX one ON vma(checkpoint)");
	outcome = run("index", "-d", database, podman(), NULL);
	assert_int_equal(outcome.status, 3);
	assert_says(outcome.err, "not those of an index");
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed"), "0");
}

/* Of a journal that ends with another's name SQLite would delete the file of that name. */
static void a_journal_that_names_a_file_is_left_alone(void **state)
{
	static const char named[] = "victim";
	const char *database = scratch_path("super.db"), *victim = scratch_path("victim");
	struct out journal;
	char name[4200];
	uint32_t sum = 0;
	size_t len;

	(void)state;
	add(0, database, podman());
	write_file(victim, named, sizeof(named));
	len = (size_t)snprintf(name, sizeof(name), "%s", victim);
	for (size_t i = 0; i < len; i++)
		sum += (uint8_t)name[i];
	out_init(&journal, -1);
	/* A header of one sector, and what SQLite writes behind the pages where there are several databases. */
	out_write(&journal, "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\0\0\0\0\0\0\0\0\0\0\0\1\0\0\2\0\0\0\x10\0", 28);
	out_repeat(&journal, '\0', 512 - 28);
	out_write(&journal, "\0\0\0\0", 4);
	out_write(&journal, name, len);
	for (int shift = 24; shift >= 0; shift -= 8)
		out_char(&journal, (char)(len >> shift));
	for (int shift = 24; shift >= 0; shift -= 8)
		out_char(&journal, (char)(sum >> shift));
	out_write(&journal, "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
	write_file(scratch_path("super.db-journal"), out_held(&journal).data, journal.len);
	out_deinit(&journal);
	add(3, database, podman());
	assert_int_equal(access(victim, F_OK), 0);
	assert_int_equal(access(scratch_path("super.db-journal"), F_OK), 0);
}

static void a_write_ahead_log_is_taken_away(void **state)
{
	const char *database = scratch_path("wal.db");

	(void)state;
	add(0, database, podman());
	change(database, "PRAGMA journal_mode = WAL; CREATE TABLE mine(x)");
	assert_int_equal(run("index", "-d", database, NULL).status, 0);
	assert_string_equal(ask(database, "PRAGMA journal_mode"), "delete");
	assert_int_equal(run("query", database, "SELECT count(*) FROM process", NULL).status, 0);
}

/* --- damaged ------------------------------------------------------------------------------------------- */

static void assert_told(const char *what, int round, struct outcome outcome)
{
	if (outcome.status != 0 && outcome.status != 3 && outcome.status != 4)
		fail_msg("%s, round %d: status %d: %s", what, round, outcome.status, (const char *)outcome.err.data);
}

/* FLIPS: how often. Every other time where the schema lies; the first bytes too, that say what it is. */
static void damage_is_told(void **state)
{
	static const char sql[] = "SELECT count(*), max(f.path), sum(f.size) FROM file f NATURAL JOIN fd JOIN vma USING "
				  "(checkpoint, pid) JOIN page USING (checkpoint, pid)";
	const char *database = scratch_path("damaged.db"), *fresh = sample_case("plain-ppc64el-criu4.2.1");
	int n = atoi(setting("FLIPS", "60"));
	struct bytes whole;
	uint64_t random = 12;

	(void)state;
	assert_int_equal(run("index", "-d", database, podman(), "--pages", NULL).status, 0);
	whole = read_file(database);
	for (int i = 0; i < n; i++) {
		size_t most = i & 1 && whole.len > 100000 ? 100000 : whole.len, cut = i % 7 == 0 ? 5000 : 0;
		uint8_t *bytes = malloc(whole.len);

		memcpy(bytes, whole.data, whole.len);
		for (int k = 0; k < 1 << i % 8; k++)
			bytes[next_random(&random) % most] = (uint8_t)next_random(&random);
		write_file(database, bytes, whole.len - cut);
		free(bytes);
		assert_told("query", i, run("query", database, sql, "--steps", "20000000", NULL));
		assert_told("index", i, run("index", "-d", database, fresh, "--pages", NULL));
		unlink(scratch_path("damaged.db-journal"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_is_all_that_query_does),
		cmocka_unit_test(what_is_no_table_is_refused),
		cmocka_unit_test(what_is_not_as_we_make_it_is_told),
		cmocka_unit_test(a_view_may_no_more_than_a_statement),
		cmocka_unit_test(a_table_that_takes_no_rows_is_not_our_fault),
		cmocka_unit_test(a_journal_that_names_a_file_is_left_alone),
		cmocka_unit_test(a_write_ahead_log_is_taken_away),
		cmocka_unit_test(damage_is_told),
	};

	return run_all(tests);
}
