/* index --merge: what several nodes have indexed, in one index. */
#include "tests/support/database.h"

#include <unistd.h>

static const char *tree(void)
{
	return sample_case("tree-criu4.2.1");
}

static struct outcome index_pages(const char *database, const char *checkpoint)
{
	struct outcome outcome = run("index", "-d", database, checkpoint, "--pages", "-f", "csv", NULL);

	assert_int_equal(outcome.status, 0);
	return outcome;
}

static struct outcome merge(int status, const char *database, const char *other)
{
	struct outcome outcome = run("index", "-d", database, "--merge", other, "-f", "csv", NULL);

	if (outcome.status != status)
		fail_msg("status %d: %s", outcome.status, (const char *)outcome.err.data);
	return outcome;
}

static void all_rows_come_over(void **state)
{
	const char *one = scratch_path("one.db"), *two = scratch_path("two.db"), *all = scratch_path("all.db");
	struct outcome outcome;
	struct bytes before;

	(void)state;
	index_pages(one, podman());
	index_pages(one, sample_case("fds-criu4.2.1"));
	index_pages(two, sample_case("fds-criu4.2.1"));
	index_pages(two, tree());
	outcome = run("index", "-d", all, "--merge", one, "--merge", two, "-f", "csv", NULL);
	assert_int_equal(outcome.status, 0);
	assert_says(outcome.out, "unchanged");
	assert_string_equal(ask(all, "SELECT group_concat(node) FROM (SELECT node FROM indexed ORDER BY id)"),
			    "one,one,two");
	assert_tables_equal(all, podman(), 1);
	assert_tables_equal(all, sample_case("fds-criu4.2.1"), 2);
	assert_tables_equal(all, tree(), 3);
	assert_string_equal(ask(all, "SELECT count(*) FROM page"),
			    ask_again(all, "SELECT sum(pages) FROM page_run WHERE state = 'present'"));
	assert_counts(all);
	assert_string_equal(ask(all, "PRAGMA integrity_check"), "ok");
	before = read_file(all);
	assert_says(merge(0, all, one).out, "unchanged");
	assert_true(bytes_equal(before, read_file(all)));
	assert_says(run("index", "-d", all, podman(), "--pages", NULL).out, "unchanged");
}

/* /var/lib/kubelet/checkpoints/x.tar is another one on each node. */
static void a_path_is_one_of_its_node(void **state)
{
	const char *one = scratch_path("node1.db"), *two = scratch_path("node2.db"), *all = scratch_path("fleet.db");
	const char *path = scratch_path("x.tar");

	(void)state;
	pack_directory(path, NULL, tree(), "checkpoint/");
	add(0, one, path);
	pack_directory(path, NULL, sample_case("plain-ppc64el-criu4.2.1"), "checkpoint/");
	add(0, two, path);
	merge(0, all, one);
	merge(0, all, two);
	assert_string_equal(ask(all, "SELECT count(DISTINCT path) || ' ' || group_concat(DISTINCT node) FROM indexed"),
			    "1 node1,node2");
	add(0, all, podman());
	assert_string_equal(ask(all, "SELECT node FROM indexed WHERE id = 3"), "");
	/* The same node later has something else there. */
	pack_directory(path, NULL, sample_case("fds-criu4.2.1"), "checkpoint/");
	add(0, two, path);
	change(two, "UPDATE indexed SET indexed_at = '2999-01-01T00:00:00Z'");
	assert_says(merge(0, all, two).out, "replaced");
	assert_string_equal(ask(all, "SELECT count(*) FROM indexed"), "3");
	/* And what is older than that stays outside. */
	change(two, "UPDATE indexed SET indexed_at = '1999-01-01T00:00:00Z', identity = 'another'");
	assert_says(merge(0, all, two).out, "unchanged");
}

static void a_node_can_be_named(void **state)
{
	const char *one = scratch_path("named.db"), *all = scratch_path("named-all.db");

	(void)state;
	add(0, one, podman());
	assert_int_equal(run("index", "-d", all, "--merge", one, "--node", "worker-7", NULL).status, 0);
	assert_string_equal(ask(all, "SELECT node FROM indexed"), "worker-7");
	assert_int_equal(run("index", "-d", all, podman(), "--node", "worker-7", NULL).status, 2);
}

static void more_is_taken_and_less_is_not(void **state)
{
	const char *plain = scratch_path("plain.db"), *pages = scratch_path("more.db"), *all = scratch_path("both.db");

	(void)state;
	add(0, plain, podman());
	index_pages(pages, podman());
	assert_says(merge(0, all, plain).out, "added");
	assert_says(merge(0, all, pages).out, "replaced");
	assert_says(merge(0, all, plain).out, "unchanged");
	assert_string_equal(ask(all, "SELECT count(*) > 50 FROM page"), "1");
}

static void what_failed_comes_over_too(void **state)
{
	const char *one = scratch_path("failed.db"), *all = scratch_path("failed-all.db");

	(void)state;
	write_file(scratch_path("bad.tar"), "no archive", 10);
	add(4, one, scratch_path("bad.tar"));
	assert_says(merge(0, all, one).out, "added");
	assert_says(merge(0, all, one).out, "unchanged");
	assert_string_equal(ask(all, "SELECT status || count(*) FROM indexed JOIN indexed_problem ON checkpoint = id"),
			    "failed1");
}

static void secrets_come_with_reveal_only(void **state)
{
	const char *one = scratch_path("revealed.db"), *all = scratch_path("masked.db");

	(void)state;
	assert_int_equal(run("index", "-d", one, podman(), "--reveal", NULL).status, 0);
	assert_says(merge(2, all, one).err, "--reveal");
	assert_string_equal(ask(all, "SELECT count(*) FROM indexed"), "0");
	assert_int_equal(run("index", "-d", all, "--merge", one, "--reveal", NULL).status, 0);
	assert_string_equal(ask(all, "SELECT revealed FROM indexed"), "1");
}

static void what_is_no_index_is_refused(void **state)
{
	const char *one = scratch_path("odd.db"), *all = scratch_path("whole.db");
	struct bytes before;

	(void)state;
	add(0, all, podman());
	before = read_file(all);
	merge(3, all, podman());
	merge(3, all, scratch_path("nowhere.db"));
	merge(2, all, all);
	add(0, one, tree());
	change(one, "DROP TABLE process; CREATE VIEW process AS SELECT 1 AS pid, 1 AS checkpoint");
	assert_says(merge(3, all, one).err, "its process is a view");
	/* Rows that our tables do not take end it; nothing of that checkpoint is there. */
	unlink(one);
	index_pages(one, tree());
	change(one, "PRAGMA ignore_check_constraints = ON; UPDATE page_list SET hashes = x'00'");
	assert_says(merge(3, all, one).err, "odd.db: its tables are not those of an index: CHECK constraint");
	assert_true(bytes_equal(before, read_file(all)));
	assert_says(run("index", "-d", all, one, NULL).err, "--merge");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_rows_come_over),
		cmocka_unit_test(a_path_is_one_of_its_node),
		cmocka_unit_test(a_node_can_be_named),
		cmocka_unit_test(more_is_taken_and_less_is_not),
		cmocka_unit_test(what_failed_comes_over_too),
		cmocka_unit_test(secrets_come_with_reveal_only),
		cmocka_unit_test(what_is_no_index_is_refused),
	};

	return run_all(tests);
}
