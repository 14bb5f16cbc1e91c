/* The command index, and query on what it made: held against the listings, and against SQLite's own shell. */
#include "tests/support/database.h"

#include <unistd.h>
#include <xxhash.h>

#include "decoders/base/digest.h"

/* --- what is in it ---------------------------------------------------------------------------------- */

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
		 "(checkpoint, pid) WHERE fd.fd = 1 AND p.pid = 1\"", database);
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

/* Whatever compresses it: SHA-256 of its file, and over that, a line of its digits. */
static void an_archive_is_known_by_its_file(void **state)
{
	const char *database = scratch_path("known.db");
	struct digest *digest = digest_new();
	char file[DIGEST_TEXT + 1], key[DIGEST_TEXT + 1];

	(void)state;
	digest_add(digest, read_file(podman()));
	digest_end(digest, file);
	digest = digest_new();
	digest_add(digest, bytes_of(file));
	digest_add(digest, BYTES("\n"));
	digest_end(digest, key);
	add(0, database, podman());
	assert_string_equal(ask(database, "SELECT sha256 FROM indexed"), file);
	assert_string_equal(ask(database, "SELECT identity FROM indexed"), key);
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
	assert_string_equal(ask(database, "SELECT count(DISTINCT checkpoint) FROM process"), "1");
	assert_string_equal(ask(database, "PRAGMA foreign_key_check"), "");
}

static void what_cannot_be_read_is_recorded(void **state)
{
	const char *database = scratch_path("bad.db");

	(void)state;
	write_file(scratch_path("many/bad.tar"), "no archive", 10);
	pack_directory(scratch_path("many/good.tar"), "gzip", sample_case("tree-criu4.2.1"), "checkpoint/");
	write_file(scratch_path("many/copy.tar"), "no archive", 10);
	add(4, database, scratch_path("many/bad.tar"));
	add(4, database, scratch_path("many/copy.tar"));
	add(0, database, scratch_path("many/good.tar"));
	assert_string_equal(ask(database, "SELECT group_concat(status) FROM indexed"), "failed,failed,whole");
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed_problem"), "2");
	add(3, database, scratch_path("many/none.tar"));
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed"), "3");
}

/* Each of them by itself, beside one that is alone; and none of the archive as a whole. */
static void several_in_an_archive_are_told_apart(void **state)
{
	const char *database = scratch_path("several.db"), *archive = scratch_path("several.tar");

	(void)state;
	sample_case("tree-criu4.2.1");
	sample_case("fds-criu4.2.1");
	pack_directory(archive, NULL, scratch_path("cases"), "");
	assert_int_equal(run("index", "-d", database, archive, podman(), NULL).status, 0);
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed WHERE path LIKE '%/several.tar' AND "
					  "inside IN ('tree-criu4.2.1/img', 'fds-criu4.2.1/img')"), "2");
	assert_string_equal(ask(database, "SELECT count(DISTINCT identity) = count(*) AND min(status) = 'whole' AND "
					  "sum(inside = '') = 1 FROM indexed"), "1");
	assert_says(add(0, database, archive).out, "unchanged");
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed WHERE inside = ''"), "1");
}

/* In the same order, and as much is told. */
static void threads_find_what_one_finds(void **state)
{
	static const char all[] = "SELECT group_concat(id || path || ' ' || inside || quote(identity) || quote(sha256) || "
				  "status || n_rows) FROM indexed";
	const char *threads[] = { "1", "2", "9" }, *database, *bad = scratch_path("threads/bad.tar");
	const char *archive = scratch_path("threads/several.tar"), *none = scratch_path("threads/none.tar");
	const char *tree = sample_case("tree-criu4.2.1");
	struct outcome outcome[3];
	char *rows[3];

	(void)state;
	sample_case("fds-criu4.2.1");
	write_file(bad, "no archive", 10);
	pack_directory(archive, "zstd", scratch_path("cases"), "");
	for (int i = 0; i < 3; i++) {
		database = scratch_path("threads-%s.db", threads[i]);
		outcome[i] = run("index", "-d", database, "-j", threads[i], podman(), bad, archive, none, tree, podman(), NULL);
		assert_int_equal(outcome[i].status, 3);
		rows[i] = strdup(ask(database, all));
		assert_true(bytes_equal(outcome[i].out, outcome[0].out));
		assert_true(bytes_equal(outcome[i].err, outcome[0].err));
		assert_string_equal(rows[i], rows[0]);
	}
	assert_non_null(strstr(rows[0], "several.tar tree-criu4.2.1/img"));
	for (int i = 0; i < 3; i++)
		free(rows[i]);
}

/* --- pages ----------------------------------------------------------------------------------------------- */

/* The hashes of stored pages, of the bytes that lie in the image itself, as SQLite's hex() has them. */
static const char *hashes_of(struct bytes image, uint64_t offset, int64_t pages, struct out *out)
{
	out_clear(out);
	for (int64_t i = 0; i < pages; i++) {
		const uint8_t *page = image.data + offset + 4096 * i;
		XXH128_canonical_t hash = { { 0 } };

		assert_true(offset + 4096 * (uint64_t)(i + 1) <= image.len);
		if (page[0] || memcmp(page, page + 1, 4095) != 0)
			XXH128_canonicalFromHash(&hash, XXH3_128bits(page, 4096));
		for (int k = 0; k < 16; k++)
			out_printf(out, "%02X", hash.digest[k]);
	}
	out_char(out, '\0');
	return out->buffer;
}

/* Every run that page_run says is present in checkpoint 1, whose images lie in DIRECTORY. */
static int assert_hashes(sqlite3 *handle, const char *directory)
{
	static const char sql[] =
		"SELECT r.src_image, r.pages_image, r.pages_offset, r.pages, group_concat(hex(p.hash), '') FROM page_run r "
		"JOIN (SELECT * FROM page ORDER BY address) p ON p.checkpoint = 1 AND p.pid IS r.pid AND p.shmid IS r.shmid "
		"AND p.address >= r.address AND p.address < r.\"end\" WHERE r.checkpoint = 1 AND r.state = 'present' "
		"GROUP BY r.rowid";
	sqlite3_stmt *statement;
	struct out hashes;
	int n = 0;

	out_init(&hashes, -1);
	assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
	for (; sqlite3_step(statement) == SQLITE_ROW; n++) {
		struct bytes name = bytes_of((const char *)sqlite3_column_text(statement, 0));
		struct bytes image;

		/* Beside the page map, wherever in the directory that is. */
		name.len -= bytes_basename(name).len;
		image = read_file(scratch_path("%s/%.*s%s", directory, (int)name.len, (const char *)name.data,
					       (const char *)sqlite3_column_text(statement, 1)));
		assert_string_equal((const char *)sqlite3_column_text(statement, 4),
				    hashes_of(image, (uint64_t)sqlite3_column_int64(statement, 2),
					      sqlite3_column_int64(statement, 3), &hashes));
	}
	sqlite3_finalize(statement);
	out_deinit(&hashes);
	return n;
}

static void pages_are_hashed(void **state)
{
	const char *database = scratch_path("pages.db");
	sqlite3 *handle;

	(void)state;
	assert_int_equal(run("index", "-d", database, sample_case("fds-criu4.2.1"), "--pages", NULL).status, 0);
	assert_string_equal(ask(database, "SELECT count(*) = (SELECT sum(pages) FROM page_run WHERE state = 'present') "
					  "FROM page"), "1");
	assert_string_equal(ask(database, "SELECT count(*) = (SELECT sum(pages) FROM page_run WHERE kind = 'shmem' "
					  "AND state = 'present') AND count(*) > 0 FROM page WHERE pid IS NULL"), "1");
	assert_int_equal(sqlite3_open(database, &handle), SQLITE_OK);
	assert_true(assert_hashes(handle, "cases/fds-criu4.2.1") > 10);
	sqlite3_close(handle);
}

static void pages_in_common_are_counted(void **state)
{
	static const char *const cases[] = { "fds-criu4.2.1", "net-criu4.2.1", "fds-ipcns-criu4.1.1" };
	const char *database = scratch_path("common.db"), *path = scratch_path("common.tar");
	struct outcome outcome;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(run("index", "-d", database, sample_case(cases[i]), "--pages", NULL).status, 0);
	assert_int_equal(run("index", "-d", database, podman(), "--pages", NULL).status, 0);
	assert_counts(database);
	assert_string_equal(ask(database, "SELECT count(*) > 3 FROM pages_shared_by_checkpoints"), "1");
	pack_directory(path, NULL, sample_case("fds-ipcns-criu4.1.1"), "checkpoint/");
	assert_int_equal(run("index", "-d", database, path, "--pages", NULL).status, 0);
	assert_counts(database);
	pack_directory(path, NULL, sample_case("tree-criu4.2.1"), "checkpoint/");
	outcome = run("index", "-d", database, path, "--pages", NULL);
	assert_says(outcome.out, "replaced");
	assert_counts(database);
	assert_string_equal(ask(database, "SELECT count(*) > 0 FROM pages_shared_by_processes WHERE checkpoint_a = 1 AND "
					  "checkpoint_b = 1"), "1");
	assert_string_equal(ask(database, "SELECT count(*) FROM pages_shared_by_processes s WHERE checkpoint_a = 1 AND "
					  "checkpoint_b IN (1, 2) AND pages <> (SELECT count(*) FROM (SELECT hash FROM page "
					  "WHERE checkpoint = checkpoint_a AND pid = pid_a AND NOT is_zero INTERSECT SELECT "
					  "hash FROM page WHERE checkpoint = checkpoint_b AND pid = pid_b))"), "0");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_the_listings),
		cmocka_unit_test(the_shell_reads_it),
		cmocka_unit_test(secrets_stay_masked),
		cmocka_unit_test(the_same_content_is_left_alone),
		cmocka_unit_test(an_archive_is_known_by_its_file),
		cmocka_unit_test(other_content_takes_its_place),
		cmocka_unit_test(what_cannot_be_read_is_recorded),
		cmocka_unit_test(several_in_an_archive_are_told_apart),
		cmocka_unit_test(threads_find_what_one_finds),
		cmocka_unit_test(pages_are_hashed),
		cmocka_unit_test(pages_in_common_are_counted),
		cmocka_unit_test(pages_are_added_when_they_are_asked_for),
	};

	return run_all(tests);
}
