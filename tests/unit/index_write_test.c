/* What writing an index leaves behind when it is ended: killed, no room, no place, two at once. */
#include "tests/support/database.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/index/index.h"
#include "db/tables/table.h"
#include "decoders/base/size.h"
#include "tests/support/dying_vfs.h"

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

/* --- killed ---------------------------------------------------------------------------------------------- */

/* How many rows each table has; of two checkpoints hardly any are as many. */
static const char *count_rows(const char *database)
{
	static char counts[4096];
	struct out sql;

	out_init(&sql, -1);
	out_text(&sql, "SELECT (SELECT count(*) FROM indexed) || ' ' || (SELECT count(*) FROM page_range) || ' ' || "
		       "(SELECT count(*) FROM page_list) || ' ' || (SELECT coalesce(sum(pages), 0) FROM page_overlap)");
	for (size_t i = 0; i < n_tables; i++)
		out_printf(&sql, " || ' ' || (SELECT count(*) FROM \"%s\")", tables[i]->name);
	out_char(&sql, '\0');
	ask_into(database, sql.buffer, counts, sizeof(counts));
	out_deinit(&sql);
	return counts;
}

/* The old or the new, never half. */
static bool assert_whole(const char *database, const char *old, const char *new, int kill)
{
	const char *counts;

	/* SQLite plays the journal back, if there is one, when it opens the database for this. */
	assert_string_equal(ask(database, "PRAGMA integrity_check"), "ok");
	assert_string_equal(ask(database, "PRAGMA foreign_key_check"), "");
	counts = count_rows(database);
	if (strcmp(counts, old) != 0 && strcmp(counts, new) != 0)
		fail_msg("killed at %d: %s is neither %s nor %s", kill, counts, old, new);
	return strcmp(counts, new) == 0;
}

/* What the command index does, without its sandbox and its arguments. */
static void index_checkpoint(const char *const *arguments)
{
	const char *database = arguments[0], *path = arguments[1];
	struct entry entry = { .node = "", .path = "/evidence", .inside = "", .pages = true };
	struct problems problems;
	struct checkpoint checkpoint;
	enum outcome_of_entry outcome;
	struct index index;
	uint64_t n_rows;

	problems_init(&problems);
	if (index_open(database, &problems, &index) || identity_take(path, "", NULL, 0, &problems, &entry.identity) ||
	    checkpoint_open_as(path, &(struct opening){ 0 }, &checkpoint) ||
	    index_write(&index, &entry, &checkpoint, &problems, &outcome, &n_rows))
		abort();
	checkpoint_close(&checkpoint);
	index_close(&index);
	problems_deinit(&problems);
}

/*
 * A checkpoint comes in over one at the same path, and the process is killed at a write, a sync, a truncation or a
 * deletion: at KILLS of them, spread over all there are, and at each of the last.
 */
static void killed_at_every_write_it_is_whole(void **state)
{
	const char *database = scratch_path("killed.db"), *journal = scratch_path("killed.db-journal");
	const char *before = sample_case("plain-ppc64el-criu4.2.1"), *const after[] = { database, podman() };
	int kills = atoi(setting("KILLS", "200")), changes, n_old = 0, n_new = 0;
	char old[4096], new[4096];
	struct bytes start;

	(void)state;
	index_checkpoint((const char *[]){ database, before });
	start = read_file(database);
	snprintf(old, sizeof(old), "%s", count_rows(database));
	changes = work_and_die(index_checkpoint, after, 1 << 30);
	snprintf(new, sizeof(new), "%s", count_rows(database));
	assert_string_not_equal(old, new);
	assert_true(changes > 100);
	for (int at = 1, step = changes / kills > 0 ? changes / kills : 1; at <= changes; at += at < changes - 16 ? step : 1) {
		write_file(database, start.data, start.len);
		assert_int_equal(work_and_die(index_checkpoint, after, at), at);
		if (assert_whole(database, old, new, at))
			n_new++;
		else
			n_old++;
		unlink(journal);
	}
	printf("%d changes of files; killed at %d: %d times the old, %d times the new\n", changes, n_old + n_new, n_old,
	       n_new);
	assert_true(n_old > kills / 2 && n_new > 0);
}

/* The program itself, at any moment. */
static void killed_at_any_moment_it_is_whole(void **state)
{
	const char *database = scratch_path("moment.db"), *path = scratch_path("moment.tar");
	struct bytes contents[2] = { read_file(podman()) };
	char rows[2][4096];
	uint64_t random = 34;

	(void)state;
	pack_directory(path, NULL, sample_case("plain-ppc64el-criu4.2.1"), "checkpoint/");
	contents[1] = read_file(path);
	for (int i = 0; i < 12; i++) {
		write_file(path, contents[i % 2].data, contents[i % 2].len);
		run_killed(database, path, i < 2 ? 0 : 1000 + (useconds_t)(next_random(&random) % 60000), 0);
		if (i < 2)
			snprintf(rows[i], sizeof(rows[i]), "%s", count_rows(database));
		else
			assert_whole(database, rows[0], rows[1], i);
	}
}

/* --- no room, no place ------------------------------------------------------------------------------------ */

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

/* Not one page fits, or some of the empty index; an empty file that was there stays. */
static void what_could_not_be_begun_is_not_there(void **state)
{
	static const rlim_t room[] = { 1, 5 * 4096 };
	const char *database = scratch_path("unbegun.db");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(room); i++) {
		assert_int_equal(WEXITSTATUS(run_killed(database, podman(), 0, room[i])), 5);
		assert_int_equal(access(database, F_OK), -1);
		assert_int_equal(access(scratch_path("unbegun.db-journal"), F_OK), -1);
	}
	write_file(database, "", 0);
	assert_int_equal(WEXITSTATUS(run_killed(database, podman(), 0, room[0])), 5);
	assert_int_equal(read_file(database).len, 0);
	add(0, database, podman());
}

static void a_directory_that_cannot_be_written_is_told(void **state)
{
	(void)state;
	assert_int_equal(run("index", "-d", "/proc/x.db", podman(), NULL).status, 3);
	assert_int_equal(run("index", "-d", scratch_path("none/x.db"), podman(), NULL).status, 3);
}

/* As somebody whom the directory does not let in: what is there is read, and not written. */
static void a_read_only_directory_is_read(void **state)
{
	const char *program = setting("COLDCASE", "build/coldcase");
	char directory[] = "/tmp/coldcase-read-only.XXXXXX", database[64], other[8192];
	struct bytes before;
	int status = 0;
	pid_t pid;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(database, sizeof(database), "%s/x.db", directory);
	snprintf(other, sizeof(other), "%.*s/cases/plain-ppc64el-criu4.2.1.tar.zst",
		 (int)(strrchr(podman(), '/') - podman()), podman());
	add(0, database, podman());
	before = read_file(database);
	assert_int_equal(chmod(directory, 0555), 0);
	for (int writes = 0; writes < 2; writes++) {
		pid = fork();
		if (pid == 0) {
			if (getuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
				_exit(126);
			if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
				_exit(126);
			if (writes)
				execl(program, program, "index", "-d", database, other, (char *)NULL);
			else
				execl(program, program, "query", database, "SELECT count(*) FROM process", (char *)NULL);
			_exit(127);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (WEXITSTATUS(status) == 127)
			break; /* the program itself is out of reach of that user */
		assert_int_equal(WEXITSTATUS(status), writes ? 3 : 0);
	}
	chmod(directory, 0755);
	assert_true(bytes_equal(before, read_file(database)));
	unlink(database);
	rmdir(directory);
	if (WEXITSTATUS(status) == 127) {
		printf("SKIPPED: index: the program cannot be run by another user here\n");
		skip();
	}
}

static void a_writer_waits_for_one_that_holds_the_lock(void **state)
{
	const char *database = scratch_path("held.db"), *program = setting("COLDCASE", "build/coldcase");
	sqlite3 *handle;
	int status = 0;
	pid_t pid;

	(void)state;
	add(0, database, podman());
	assert_int_equal(sqlite3_open(database, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	pid = fork();
	if (pid == 0) {
		execl(program, program, "index", "-q", "-o", "/dev/null", "-d", database,
		      sample_case("plain-ppc64el-criu4.2.1"), (char *)NULL);
		_exit(127);
	}
	usleep(700000);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	assert_int_equal(sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(handle);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_string_equal(ask(database, "SELECT count(*) FROM indexed"), "2");
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
		cmocka_unit_test(killed_at_every_write_it_is_whole),
		cmocka_unit_test(killed_at_any_moment_it_is_whole),
		cmocka_unit_test(a_full_disk_damages_nothing),
		cmocka_unit_test(what_could_not_be_begun_is_not_there),
		cmocka_unit_test(a_directory_that_cannot_be_written_is_told),
		cmocka_unit_test(a_read_only_directory_is_read),
		cmocka_unit_test(a_writer_waits_for_one_that_holds_the_lock),
		cmocka_unit_test(two_writers_wait_for_each_other),
	};

	return run_all(tests);
}
