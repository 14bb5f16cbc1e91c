/* query on an index, on several, on indexes among checkpoints; what people ask of many checkpoints. */
#include "tests/support/database.h"

#include <unistd.h>

static struct outcome query(int status, const char *const *words)
{
	const char *all[16] = { "query", "-f", "csv" };
	struct outcome outcome;
	size_t n = 3;

	while (*words)
		all[n++] = *words++;
	outcome = run_words(all);
	if (outcome.status != status)
		fail_msg("status %d: %s", outcome.status, (const char *)outcome.err.data);
	return outcome;
}
#define QUERY(status, ...) query(status, (const char *const[]){ __VA_ARGS__, NULL })

static void prints(struct outcome outcome, const char *wanted)
{
	assert_string_equal((const char *)outcome.out.data, wanted);
}

static const char *fds(void)
{
	return sample_case("fds-criu4.2.1");
}

/* --- which databases ------------------------------------------------------------------------------------ */

static void an_index_is_a_schema_among_others(void **state)
{
	const char *one = scratch_path("one ?%%#.db"), *two = scratch_path("two.db");

	(void)state;
	add(0, one, podman());
	add(0, two, fds());
	prints(QUERY(0, one, "SELECT count(*) AS n FROM process UNION ALL SELECT count(*) FROM every.process"),
	       "n\r\n3\r\n3\r\n");
	prints(QUERY(0, one, two, podman(), "SELECT (SELECT count(*) FROM a.process) AS a, (SELECT count(*) FROM "
					    "b.process) AS b, (SELECT count(*) FROM c.process) AS c, (SELECT path "
					    "LIKE '%fds%' FROM b.indexed) AS p"),
	       "a,b,c,p\r\n3,4,3,1\r\n");
	QUERY(2, one, two, "SELECT count(*) FROM process");
	/* Never a part of what there is for all of it. */
	assert_says(QUERY(2, podman(), two, podman(), "SELECT count(*) FROM every.process").err,
		    "every.process has no rows of an index, as b is");
	QUERY(2, one, two, "SELECT count(*) FROM every.process");
	QUERY(2, one, two, "DELETE FROM a.process");
	QUERY(2, one, "--name", "grown");
	change(two, "DROP TABLE process; CREATE VIEW process AS SELECT 1 AS pid, 1 AS checkpoint");
	assert_says(QUERY(3, one, two, "SELECT 1").err, "its process is a view");
}

static void too_many_are_told_the_way_out(void **state)
{
	const char *words[] = { podman(), podman(), podman(), podman(), podman(), podman(), podman(), podman(), podman(),
				podman(), podman(), "SELECT 1", NULL };

	(void)state;
	assert_says(query(2, words).err, "coldcase index -d FILE");
}

static void other_commands_say_what_it_is(void **state)
{
	const char *one = scratch_path("ps.db");

	(void)state;
	add(0, one, podman());
	assert_says(run("ps", one, NULL).err, "coldcase query");
	assert_int_equal(run("ps", one, NULL).status, 2);
	assert_int_equal(run("fds", one, NULL).status, 2);
}

/* --- values ----------------------------------------------------------------------------------------------- */

static void values_are_bound(void **state)
{
	static const char hostile[] = "x' OR 1 = 1 --";
	const char *one = scratch_path("args.db");

	(void)state;
	add(0, one, podman());
	prints(QUERY(0, one, "SELECT comm FROM process WHERE pid = ?1 AND comm = ?2", "--arg", "9", "--arg", "net"),
	       "comm\r\nnet\r\n");
	prints(QUERY(0, one, "SELECT count(*) AS n FROM process WHERE comm = ?1", "--arg", hostile), "n\r\n0\r\n");
	prints(QUERY(0, podman(), "SELECT ?1 AS v", "--arg", hostile), "v\r\n\"x' OR 1 = 1 --\"\r\n");
	assert_says(QUERY(2, one, "SELECT ?1").err, "1 parameters");
	assert_says(QUERY(2, one, "SELECT 1", "--arg", "x").err, "0 parameters");
	assert_says(QUERY(2, one, "--name", "holds-ip").err, "ADDRESS");
	assert_says(QUERY(2, podman(), "--name", "trend").err, "asks an index");
	prints(QUERY(0, one, "-- a comment\nSELECT 1 AS n"), "n\r\n1\r\n");
}

/* --- what people ask -------------------------------------------------------------------------------------- */

/* What ran in the sample is known (samples/README.md); which page has which hash is the other test's matter. */
static void things_are_found_by_what_they_are(void **state)
{
	const char *one = scratch_path("find.db");
	char hash[4096], address[4096];

	(void)state;
	assert_int_equal(run("index", "-d", one, podman(), fds(), "--pages", NULL).status, 0);
	snprintf(hash, sizeof(hash), "%s", ask(one, "SELECT hex(hash) FROM page WHERE checkpoint = 1 AND pid = 9 AND NOT "
						    "is_zero GROUP BY hash HAVING count(*) = 1 LIMIT 1"));
	snprintf(address, sizeof(address), "%s", ask(one, "SELECT address FROM page WHERE hex(hash) = (SELECT hex(hash) FROM "
							  "page WHERE checkpoint = 1 AND pid = 9 AND NOT is_zero GROUP BY "
							  "hash HAVING count(*) = 1 LIMIT 1) AND pid = 9"));
	assert_says(QUERY(0, one, "--name", "holds-page", "--arg", hash).out, address);
	prints(QUERY(0, one, "--name", "holds-page", "--arg", "no digits"), "checkpoint,node,pid,comm,shmid,address,path\r\n");
	assert_says(QUERY(0, one, "--name", "holds-ip", "--arg", "127.0.0.1").out, "1,socket,9,net,tcp LISTEN,127.0.0.1:7101,");
	prints(QUERY(0, one, "--name", "holds-ip", "--arg", "203.0.113.0/24"), "checkpoint,what,pid,comm,state,local,remote\r\n");
	assert_says(QUERY(0, one, "--name", "runs", "--arg", "net").out, "1,9,1,net,");
	assert_says(QUERY(0, one, "--name", "holds-file", "--arg", "/bin/ne?").out, "1,9,net,runs,,false,/bin/net");
	assert_says(QUERY(0, one, "--name", "holds-hash", "--arg",
			  ask(one, "SELECT upper(sha256) FROM rootfs WHERE path = '/data/lock-3'")).out, "/data/lock-3");
	assert_says(QUERY(0, one, "--name", "holds-hash", "--arg", ask(one, "SELECT sha256 FROM indexed WHERE id = 1")).out,
		    "archive");
	assert_says(QUERY(0, one, "--name", "like", "--arg", "1").out, "\r\n1,2,");
	assert_says(QUERY(0, one, "--name", "like", "--arg", fds()).out, "\r\n2,1,");
	prints(QUERY(0, one, "--name", "like", "--arg", "nosuch"),
	       "one,checkpoint,node,pod,container,checkpointed,pages,pages_of_it,path\r\n");
	assert_says(QUERY(0, one, "--name", "deleted-open").out, "1,1,fds,11,reg,/data/ghost-1,5000,5000");
}

/* Memory that it holds grew into that of the dump: by itself it is no point in time. */
static void a_predump_is_no_dump_that_grew(void **state)
{
	const char *one = scratch_path("predump.db"), *from = sample_case("predump-read-criu4.1.1");
	char path[4096];

	(void)state;
	for (int i = 1; i <= 2; i++) {
		snprintf(path, sizeof(path), "%s/%d", from, i);
		add(0, one, path);
	}
	change(one, "UPDATE checkpoint SET container = 'app', checkpointed = '2026-11-0' || checkpoint || 'T00:00:00Z'");
	prints(QUERY(0, one, "SELECT checkpoint, previous, processes FROM trend"), "checkpoint,previous,processes\r\n2,,2\r\n");
	prints(QUERY(0, one, "SELECT count(*) AS n FROM growth"), "n\r\n0\r\n");
	prints(QUERY(0, one, "SELECT c.pre_dump, c.pages > 0 AS pages, count(p.pid) AS tasks FROM checkpoint AS c "
			     "JOIN process AS p ON p.checkpoint = c.checkpoint WHERE c.checkpoint = 1 GROUP BY 1"),
	       "pre_dump,pages,tasks\r\ntrue,1,2\r\n");
}

/* Of the same container three times; the numbers are the test's own. */
static void time_shows_what_grew(void **state)
{
	const char *one = scratch_path("time.db"), *path = scratch_path("time.tar");

	(void)state;
	add(0, one, podman());
	pack_directory(path, NULL, sample_case("plain-ppc64el-criu4.2.1"), "checkpoint/");
	add(0, one, path);
	add(0, one, fds());
	change(one, "UPDATE checkpoint SET namespace = 'prod', pod = 'web-0', container = 'app', size = 1000 * checkpoint, "
		    "pages = 10 * checkpoint * checkpoint, checkpointed = '2026-11-0' || (4 - checkpoint) || 'T00:00:00Z';"
		    "UPDATE stat SET value = 7 * checkpoint WHERE name = 'frozen_time' AND phase = 'dump';"
		    "DELETE FROM process WHERE pid <> 1; UPDATE process SET bytes_present = 100 * checkpoint, fds = 3;");
	prints(QUERY(0, one, "SELECT checkpoint, previous, size_more, pages_more, frozen_us FROM trend ORDER BY checkpointed"),
	       "checkpoint,previous,size_more,pages_more,frozen_us\r\n3,,,,21\r\n2,3,-1000,-50,14\r\n1,2,-1000,-30,7\r\n");
	change(one, "DELETE FROM process; INSERT INTO process(checkpoint, pid, comm, bytes_present, fds, threads, vmas) VALUES "
		    "(3, 1, 'app', 100, 5, 1, 9), (2, 1, 'app', 700, 5, 2, 9), (2, 8, 'new', 50, 3, 1, 4), (1, 1, 'app', 600, 5, "
		    "2, 9)");
	prints(QUERY(0, one, "SELECT previous, checkpoint, pid, state, bytes_more, threads_more FROM growth ORDER BY "
			     "bytes_more DESC"),
	       "previous,checkpoint,pid,state,bytes_more,threads_more\r\n3,2,1,there,600,1\r\n3,2,8,new,50,1\r\n"
	       "2,1,1,there,-100,0\r\n");
	assert_says(QUERY(0, one, "--name", "growth").out, "prod,web-0,app,3,2,");
	assert_says(QUERY(0, one, "--name", "trend").out, "prod,web-0,app,3,2026-11-01T00:00:00Z,21,");
}

/* Two containers of one pod, one of another; the connections are the test's own. */
static void ends_are_found_in_other_checkpoints(void **state)
{
	static const char sql[] = "SELECT checkpoint, peer_checkpoint, local, peer_local FROM connection ORDER BY 1, 2, 3";
	const char *one = scratch_path("talk.db"), *path = scratch_path("talk.tar");

	(void)state;
	add(0, one, podman());
	pack_directory(path, NULL, sample_case("plain-ppc64el-criu4.2.1"), "checkpoint/");
	add(0, one, path);
	add(0, one, fds());
	change(one, "DELETE FROM socket; UPDATE checkpoint SET namespace = 'prod', container_id = 'c' || checkpoint, pod = "
		    "CASE checkpoint WHEN 3 THEN 'other' ELSE 'web-0' END;"
		    "INSERT INTO socket(checkpoint, id, pid, family, proto, state, local, remote, local_addr, local_port, "
		    "remote_addr, remote_port) VALUES "
		    /* across pods */
		    "(1, 1, 1, 'inet', 'tcp', 'ESTABLISHED', '10.0.0.1:80', '10.0.0.3:5000', '10.0.0.1', 80, '10.0.0.3', 5000),"
		    "(3, 1, 1, 'inet', 'tcp', 'ESTABLISHED', '10.0.0.3:5000', '10.0.0.1:80', '10.0.0.3', 5000, '10.0.0.1', 80),"
		    /* on the loopback device of one pod, and by chance the same ports in another */
		    "(1, 2, 1, 'inet', 'tcp', 'ESTABLISHED', '127.0.0.1:90', '127.0.0.1:6000', '127.0.0.1', 90, '127.0.0.1', 6000),"
		    "(2, 2, 1, 'inet', 'tcp', 'ESTABLISHED', '127.0.0.1:6000', '127.0.0.1:90', '127.0.0.1', 6000, '127.0.0.1', 90),"
		    "(3, 2, 1, 'inet', 'tcp', 'ESTABLISHED', '127.0.0.1:6000', '127.0.0.1:90', '127.0.0.1', 6000, '127.0.0.1', 90)");
	prints(QUERY(0, one, sql), "checkpoint,peer_checkpoint,local,peer_local\r\n1,2,127.0.0.1:90,127.0.0.1:6000\r\n"
				   "1,3,10.0.0.1:80,10.0.0.3:5000\r\n");
	/* A container does not talk to its own past. */
	change(one, "UPDATE checkpoint SET container_id = 'c1'");
	prints(QUERY(0, one, sql), "checkpoint,peer_checkpoint,local,peer_local\r\n");
	assert_int_equal(QUERY(0, one, "--name", "talks").status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_index_is_a_schema_among_others),
		cmocka_unit_test(too_many_are_told_the_way_out),
		cmocka_unit_test(other_commands_say_what_it_is),
		cmocka_unit_test(values_are_bound),
		cmocka_unit_test(things_are_found_by_what_they_are),
		cmocka_unit_test(time_shows_what_grew),
		cmocka_unit_test(a_predump_is_no_dump_that_grew),
		cmocka_unit_test(ends_are_found_in_other_checkpoints),
	};

	return run_all(tests);
}
