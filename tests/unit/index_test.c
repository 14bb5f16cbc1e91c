/* The command index, and query on what it made: held against the listings, and against SQLite's own shell. */
#include "tests/support/wire.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

#include "db/index/schema.h"
#include "db/tables/listing.h"

static const char *setting(const char *name, const char *otherwise)
{
	return getenv(name) ? getenv(name) : otherwise;
}

/* Absolute, as it is in an index. */
static const char *podman(void)
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

static struct outcome add(int status, const char *database, const char *checkpoint)
{
	struct outcome outcome = run("index", "-d", database, checkpoint, "-f", "csv", NULL);

	if (outcome.status != status)
		fail_msg("status %d: %s", outcome.status, (const char *)outcome.err.data);
	return outcome;
}

static void assert_says(struct bytes text, const char *words)
{
	if (!strstr((const char *)text.data, words))
		fail_msg("\"%s\" is not in: %s", words, (const char *)text.data);
}

/* By the library and nothing of ours: the first cell of the first row. */
static const char *ask(const char *database, const char *sql)
{
	static char answer[4096];
	sqlite3_stmt *statement;
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(database, &handle), SQLITE_OK);
	if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	answer[0] = '\0';
	if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0))
		snprintf(answer, sizeof(answer), "%s", (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return answer;
}

static void change(const char *database, const char *sql)
{
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(database, &handle), SQLITE_OK);
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	sqlite3_close(handle);
}

/* --- what is in it ---------------------------------------------------------------------------------- */

/* The columns that a listing has, of the checkpoint with this id. */
static const char *select_listing(const struct table *table, int id)
{
	static char sql[8192];
	int n = snprintf(sql, sizeof(sql), "SELECT ");

	for (size_t i = 0, k = 0; i < table->n_columns; i++)
		if (!table->columns[i].on_demand)
			n += snprintf(sql + n, sizeof(sql) - (size_t)n, "%s\"%s\"", k++ ? ", " : "",
				      table->columns[i].name);
	snprintf(sql + n, sizeof(sql) - (size_t)n, " FROM \"%s\" WHERE checkpoint_id = %d ORDER BY rowid",
		 table->name, id);
	return sql;
}

static void assert_tables_equal(const char *database, const char *checkpoint, int id)
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

static void tables_are_the_listings(void **state)
{
	const char *database = scratch_path("tables.db");
	const char *tree = sample_case("tree-criu4.2.1");

	(void)state;
	assert_says(add(0, database, podman()).out, "added");
	assert_says(add(0, database, tree).out, "added");
	assert_tables_equal(database, podman(), 1);
	assert_tables_equal(database, tree, 2);
	assert_string_equal(ask(database, "PRAGMA integrity_check"), "ok");
	assert_string_equal(ask(database, "PRAGMA foreign_key_check"), "");
	assert_string_equal(ask(database, "PRAGMA application_id"), "1129270340");
}

/* The shell knows nothing of us; what ran is what made the sample (samples/README.md). */
static void the_shell_reads_it(void **state)
{
	const char *database = scratch_path("shell.db");
	char command[8192], line[256] = "";
	FILE *shell;

	(void)state;
	if (system("command -v sqlite3 >/dev/null 2>&1") != 0) {
		printf("SKIPPED: index: no sqlite3 shell\n");
		skip();
	}
	add(0, database, podman());
	snprintf(command, sizeof(command),
		 "sqlite3 -readonly '%s' \"SELECT p.pid, p.comm, count(*) FROM process p JOIN fd USING "
		 "(checkpoint_id, pid) WHERE fd.fd = 1 AND p.pid = 1\"", database);
	shell = popen(command, "r");
	assert_non_null(shell);
	assert_non_null(fgets(line, sizeof(line), shell));
	assert_int_equal(pclose(shell), 0);
	assert_string_equal(line, "1|fds|1\n");
}

static void secrets_stay_masked(void **state)
{
	const char *database = scratch_path("secrets.db"), *revealed = scratch_path("revealed.db");
	static const char sql[] = "SELECT count(*) FROM env WHERE value LIKE '%***%'";

	(void)state;
	add(0, database, podman());
	assert_string_equal(ask(database, "SELECT revealed FROM indexed"), "0");
	assert_int_equal(run("index", "-d", revealed, podman(), "--reveal", NULL).status, 0);
	assert_string_equal(ask(revealed, "SELECT revealed FROM indexed"), "1");
	assert_string_equal(ask(revealed, sql), "0");
}

/* --- what is known already --------------------------------------------------------------------------- */

static void the_same_content_is_left_alone(void **state)
{
	const char *database = scratch_path("same.db"), *copy = scratch_path("copy.tar.zst");
	struct bytes before, content = read_file(podman());

	(void)state;
	add(0, database, podman());
	before = read_file(database);
	assert_says(add(0, database, podman()).out, "unchanged");
	write_file(copy, content.data, content.len);
	assert_says(add(0, database, copy).out, "unchanged");
	assert_true(bytes_equal(before, read_file(database)));
}

static void other_content_takes_its_place(void **state)
{
	const char *database = scratch_path("other.db"), *path = scratch_path("x.tar");
	const char *tree = sample_case("tree-criu4.2.1");
	struct bytes content = read_file(podman());

	(void)state;
	write_file(path, content.data, content.len);
	add(0, database, path);
	pack_directory(path, NULL, tree, "checkpoint/");
	assert_says(add(0, database, path).out, "replaced");
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed"), "1");
	assert_string_equal(ask(database, "SELECT count(DISTINCT checkpoint_id) FROM process"), "1");
	assert_string_equal(ask(database, "PRAGMA foreign_key_check"), "");
}

static void what_cannot_be_read_is_recorded(void **state)
{
	const char *database = scratch_path("bad.db");

	(void)state;
	write_file(scratch_path("many/bad.tar"), "no archive", 10);
	pack_directory(scratch_path("many/good.tar"), "gzip", sample_case("tree-criu4.2.1"), "checkpoint/");
	add(4, database, scratch_path("many/bad.tar"));
	add(0, database, scratch_path("many/good.tar"));
	assert_string_equal(ask(database, "SELECT group_concat(status) FROM indexed"), "failed,whole");
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed_problem"), "1");
	add(3, database, scratch_path("many/none.tar"));
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed"), "2");
}

/* --- databases that are not ours ---------------------------------------------------------------------- */

static void queries_are_refused(const char *database, const char *sql, int status, const char *words)
{
	struct outcome outcome = run("query", database, sql, "--steps", "2000000", NULL);

	if (outcome.status != status)
		fail_msg("%s: status %d: %s", sql, outcome.status, (const char *)outcome.err.data);
	assert_says(outcome.err, words);
}

static void reading_is_all_that_query_does(void **state)
{
	const char *database = scratch_path("guard.db");
	struct bytes before;

	(void)state;
	add(0, database, podman());
	before = read_file(database);
	queries_are_refused(database, "DELETE FROM indexed", 2, "not allowed");
	queries_are_refused(database, "ATTACH 'x' AS y", 2, "not allowed");
	queries_are_refused(database, "PRAGMA user_version = 3", 2, "not allowed");
	queries_are_refused(database, "SELECT load_extension('x')", 2, "");
	queries_are_refused(database, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
				      "SELECT count(*) FROM n", 4, "stopped");
	assert_true(bytes_equal(before, read_file(database)));
}

static void damage_is_told(void **state)
{
	const char *database = scratch_path("hostile.db");
	struct outcome outcome;
	struct bytes whole;
	uint64_t random = 12;

	(void)state;
	add(0, database, podman());
	whole = read_file(database);
	for (int i = 0; i < 12; i++) {
		uint8_t *bytes = malloc(whole.len);

		memcpy(bytes, whole.data, whole.len);
		for (int k = 0; k < 64; k++)
			bytes[100 + next_random(&random) % (whole.len - 100)] = (uint8_t)next_random(&random);
		write_file(database, bytes, whole.len - (i & 1 ? 5000 : 0));
		free(bytes);
		outcome = run("query", database, "SELECT count(*), max(path), sum(size) FROM file NATURAL JOIN fd",
			      NULL);
		if (outcome.status > 5 || outcome.status == 5)
			fail_msg("status %d: %s", outcome.status, (const char *)outcome.err.data);
	}
	write_file(database, whole.data, whole.len);
	change(database, "CREATE TRIGGER t AFTER INSERT ON process BEGIN SELECT 1; END");
	queries_are_refused(database, "SELECT 1", 3, "triggers");
	write_file(database, whole.data, whole.len);
	change(database, "DROP TABLE process; CREATE VIEW process AS SELECT 1 AS pid");
	outcome = run("index", "-d", database, podman(), NULL);
	assert_int_equal(outcome.status, 5);
	assert_says(outcome.err, database);
}

static void versions_are_kept_apart(void **state)
{
	const char *database = scratch_path("version.db");

	(void)state;
	add(0, database, podman());
	change(database, "PRAGMA user_version = 1000");
	queries_are_refused(database, "SELECT 1", 3, "newer");
	add(3, database, podman());
	change(database, "DROP TABLE indexed; PRAGMA application_id = 7; PRAGMA user_version = 1");
	add(3, database, podman());
}

/* What an older coldcase would not have known of the data dictionary. */
static void an_older_index_is_completed(void **state)
{
	const char *database = scratch_path("older.db");

	(void)state;
	add(0, database, podman());
	change(database, "DROP TABLE lock; ALTER TABLE process DROP COLUMN comm");
	assert_int_equal(run("index", "-d", database, NULL).status, 0);
	assert_string_equal(ask(database, "SELECT count(*) FROM process WHERE comm IS NULL"), "3");
	assert_string_equal(ask(database, "SELECT count(*) FROM lock"), "0");
	change(database, "PRAGMA foreign_keys = ON; DELETE FROM indexed");
	add(0, database, podman());
	assert_string_equal(ask(database, "SELECT comm FROM process WHERE pid = 1"), "fds");
}

/* A database of version 1 had no pages; what is in it stays. */
static void version_1_is_upgraded(void **state)
{
	const char *database = scratch_path("version-1.db");

	(void)state;
	add(0, database, podman());
	change(database, "DROP VIEW page; DROP VIEW pages_shared_by_checkpoints; DROP VIEW "
			 "pages_shared_by_processes; DROP TABLE page_hashes; ALTER TABLE indexed DROP COLUMN "
			 "has_pages; PRAGMA user_version = 1");
	queries_are_refused(database, "SELECT 1", 3, "coldcase index -d");
	assert_int_equal(run("index", "-d", database, NULL).status, 0);
	assert_string_equal(ask(database, "PRAGMA user_version"), "2");
	assert_string_equal(ask(database, "SELECT count(*) FROM process"), "3");
	assert_string_equal(ask(database, "SELECT count(*) FROM page"), "0");
	assert_says(add(0, database, podman()).out, "unchanged");
}

/* --- pages ----------------------------------------------------------------------------------------------- */

/* The hash of a stored page, of the bytes that lie in the image itself. */
static void assert_hash(const char *database, const char *image, uint64_t offset, uint32_t pid, int64_t address)
{
	struct bytes pages = read_file(image);
	XXH128_canonical_t hash;
	char sql[256], hex[33];

	assert_true(offset + 4096 <= pages.len);
	XXH128_canonicalFromHash(&hash, XXH3_128bits(pages.data + offset, 4096));
	for (int i = 0; i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02X", hash.digest[i]);
	snprintf(sql, sizeof(sql), "SELECT hex(hash) FROM page WHERE checkpoint_id = 1 AND pid = %u AND address = "
				   "%lld", pid, (long long)address);
	if (memcmp(pages.data + offset, pages.data + offset + 1, 4095) == 0 && !pages.data[offset])
		assert_string_equal(ask(database, sql), "00000000000000000000000000000000");
	else
		assert_string_equal(ask(database, sql), hex);
}

static void pages_are_hashed(void **state)
{
	const char *database = scratch_path("pages.db"), *tree = sample_case("tree-criu4.2.1");
	sqlite3_stmt *statement;
	sqlite3 *handle;
	int n = 0;

	(void)state;
	assert_int_equal(run("index", "-d", database, tree, "--pages", NULL).status, 0);
	assert_int_equal(run("index", "-d", database, podman(), "--pages", NULL).status, 0);
	assert_string_equal(ask(database, "SELECT count(*) = (SELECT sum(pages) FROM page_run WHERE kind = 'task' "
					  "AND state = 'present') FROM page"), "1");
	assert_int_equal(sqlite3_open(database, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(handle, "SELECT src_image, pages_image, pages_offset, pid, address FROM "
					    "page_run WHERE checkpoint_id = 1 AND kind = 'task' AND state = "
					    "'present'", -1, &statement, NULL), SQLITE_OK);
	for (; sqlite3_step(statement) == SQLITE_ROW && n < 40; n++) {
		char image[4096];

		struct bytes name = bytes_of((const char *)sqlite3_column_text(statement, 0));

		/* Beside the page map, wherever in the directory that is. */
		name.len -= bytes_basename(name).len;
		snprintf(image, sizeof(image), "%s/%.*s%s", tree, (int)name.len, (const char *)name.data,
			 (const char *)sqlite3_column_text(statement, 1));
		assert_hash(database, image, (uint64_t)sqlite3_column_int64(statement, 2),
			    (uint32_t)sqlite3_column_int(statement, 3), sqlite3_column_int64(statement, 4));
	}
	assert_true(n > 10);
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	assert_string_equal(ask(database, "SELECT count(*) > 0 FROM pages_shared_by_processes"), "1");
	assert_int_equal(run("query", database, "SELECT * FROM pages_shared_by_checkpoints", NULL).status, 0);
	assert_string_equal(ask(database, "SELECT pages = (SELECT count(*) FROM (SELECT hash FROM page WHERE "
					  "checkpoint_id = checkpoint_a AND pid = pid_a AND NOT is_zero INTERSECT "
					  "SELECT hash FROM page WHERE checkpoint_id = checkpoint_b AND pid = "
					  "pid_b)) FROM pages_shared_by_processes"), "1");
}

static void pages_are_added_when_they_are_asked_for(void **state)
{
	const char *database = scratch_path("later.db");

	(void)state;
	add(0, database, podman());
	assert_says(run("index", "-d", database, podman(), "--pages", NULL).out, "replaced");
	assert_says(add(0, database, podman()).out, "unchanged");
	assert_string_equal(ask(database, "SELECT count(*) > 0 FROM page"), "1");
}

/* --- when writing fails --------------------------------------------------------------------------------- */

/* The program, killed after so many microseconds or not; its status as waitpid has it. */
static int run_killed(const char *database, const char *checkpoint, useconds_t after, rlim_t most)
{
	const char *program = setting("COLDCASE", "build/coldcase");
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		const struct rlimit limit = { most, most };

		if (most)
			setrlimit(RLIMIT_FSIZE, &limit);
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(126);
		execl(program, program, "index", "-d", database, checkpoint, (char *)NULL);
		_exit(127);
	}
	if (after) {
		usleep(after);
		kill(pid, SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* The old or the new, never half. */
static void assert_whole(const char *database, const char *rows_a, const char *rows_b)
{
	static const char counted[] = "SELECT coalesce((SELECT count(*) FROM process), 0) || ',' || "
				      "(SELECT count(*) FROM vma) || ',' || (SELECT count(*) FROM indexed)";
	const char *answer;

	assert_string_equal(ask(database, "PRAGMA integrity_check"), "ok");
	answer = ask(database, counted);
	if (strcmp(answer, rows_a) != 0 && strcmp(answer, rows_b) != 0)
		fail_msg("%s is neither %s nor %s", answer, rows_a, rows_b);
	assert_string_equal(ask(database, "PRAGMA foreign_key_check"), "");
}

/* KILLS: how often; seeded, spread over the time that a run takes. */
static void killed_at_any_moment_it_is_whole(void **state)
{
	const char *database = scratch_path("killed.db"), *path = scratch_path("killed.tar");
	const char *tree = sample_case("tree-criu4.2.1");
	char rows[2][64];
	uint64_t random = 34;
	int n = atoi(setting("KILLS", "12"));

	(void)state;
	for (int i = 0; i < n + 2; i++) {
		useconds_t after = i < 2 ? 0 : 1000 + (useconds_t)(next_random(&random) % 120000);
		static const char counted[] = "SELECT (SELECT count(*) FROM process) || ',' || "
					      "(SELECT count(*) FROM vma) || ',' || "
					      "(SELECT count(*) FROM indexed)";

		if (i % 2) {
			struct bytes content = read_file(podman());

			write_file(path, content.data, content.len);
		} else {
			pack_directory(path, NULL, tree, "checkpoint/");
		}
		run_killed(database, path, after, 0);
		if (i < 2)
			snprintf(rows[i], sizeof(rows[i]), "%s", ask(database, counted));
		else
			assert_whole(database, rows[0], rows[1]);
	}
}

static void a_full_disk_damages_nothing(void **state)
{
	const char *database = scratch_path("full.db");
	int status;

	(void)state;
	add(0, database, sample_case("tree-criu4.2.1"));
	status = run_killed(database, podman(), 0, (rlim_t)read_file(database).len + 40960);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 5);
	assert_string_equal(ask(database, "PRAGMA integrity_check"), "ok");
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed"), "1");
}

static void a_directory_that_cannot_be_written_is_told(void **state)
{
	(void)state;
	assert_int_equal(run("index", "-d", "/proc/x.db", podman(), NULL).status, 3);
	assert_int_equal(run("index", "-d", scratch_path("none/x.db"), podman(), NULL).status, 3);
}

static void two_writers_wait_for_each_other(void **state)
{
	const char *database = scratch_path("two.db");
	const char *program = setting("COLDCASE", "build/coldcase");
	const char *checkpoints[] = { podman(), sample_case("tree-criu4.2.1") };
	pid_t pids[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			execl(program, program, "index", "-q", "-o", "/dev/null", "-d", database, checkpoints[i],
			      (char *)NULL);
			_exit(127);
		}
	}
	for (int i = 0; i < 2; i++) {
		int status = 0;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed WHERE status = 'whole'"), "2");
	assert_string_equal(ask(database, "PRAGMA integrity_check"), "ok");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_the_listings),
		cmocka_unit_test(the_shell_reads_it),
		cmocka_unit_test(secrets_stay_masked),
		cmocka_unit_test(the_same_content_is_left_alone),
		cmocka_unit_test(other_content_takes_its_place),
		cmocka_unit_test(what_cannot_be_read_is_recorded),
		cmocka_unit_test(reading_is_all_that_query_does),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(versions_are_kept_apart),
		cmocka_unit_test(an_older_index_is_completed),
		cmocka_unit_test(version_1_is_upgraded),
		cmocka_unit_test(pages_are_hashed),
		cmocka_unit_test(pages_are_added_when_they_are_asked_for),
		cmocka_unit_test(killed_at_any_moment_it_is_whole),
		cmocka_unit_test(a_full_disk_damages_nothing),
		cmocka_unit_test(a_directory_that_cannot_be_written_is_told),
		cmocka_unit_test(two_writers_wait_for_each_other),
	};

	return run_all(tests);
}
