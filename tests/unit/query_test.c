/* The commands query and list --where, as a user runs them. */
#include "tests/support/database.h"
#include "tests/support/handmade.h"

#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static const char *sample(void)
{
	return sample_case("tree-criu4.2.1");
}

static bool says(struct bytes text, const char *words)
{
	return strstr((const char *)text.data, words) != NULL;
}

static void prints(const char *format, const char *sql, const char *wanted)
{
	struct outcome outcome = run("query", sample(), sql, "--format", format, NULL);

	assert_int_equal(outcome.status, 0);
	assert_string_equal((const char *)outcome.out.data, wanted);
}

static void fails(int status, const char *sql, const char *words)
{
	struct outcome outcome = run("query", sample(), sql, NULL);

	if (outcome.status != status || !says(outcome.err, words))
		fail_msg("%s: status %d: %s", sql, outcome.status, (const char *)outcome.err.data);
}

/* --- forms ---------------------------------------------------------------------------------------- */

static void rows_come_in_every_form(void **state)
{
	static const char sql[] = "SELECT 1 AS n, 'a,b' AS t, NULL AS x, 1.5 AS r, x'00ff' AS b";

	(void)state;
	prints("text", sql, "N  T    X    R  B\n1  a,b  -  1.5  \\x00\\xff\n");
	prints("json", sql, "[\n{\"n\": 1, \"t\": \"a,b\", \"x\": null, \"r\": 1.5, \"b\": \"\\u0000\\\\xff\"}\n]\n");
	prints("jsonl", sql, "{\"n\": 1, \"t\": \"a,b\", \"x\": null, \"r\": 1.5, \"b\": \"\\u0000\\\\xff\"}\n");
	prints("csv", sql, "n,t,x,r,b\r\n1,\"a,b\",,1.5,\\x00\\xff\r\n");
	prints("json", "SELECT 1 WHERE 0", "[]\n");
	prints("csv", "SELECT 1 AS n WHERE 0", "n\r\n");
}

static void names_may_be_anything(void **state)
{
	(void)state;
	prints("jsonl", "SELECT 1 AS pid, 2 AS pid, 3 AS pid", "{\"pid\": 1, \"pid_2\": 2, \"pid_3\": 3}\n");
	prints("jsonl", "SELECT 1 AS \"a\"\"b\"", "{\"a\\\"b\": 1}\n");
	prints("csv", "SELECT 1 AS \"=x,\"", "\"'=x,\"\r\n1\r\n");
	prints("text", "SELECT 1 AS \"\x1b[31m\xff\"", "\\X1B[31M\\XFF\n           1\n");
}

/* A million rows are not kept: the first come before the last are made. */
static void rows_stream(void **state)
{
	struct outcome outcome = run("query", sample(), "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT "
					     "x + 1 FROM n WHERE x < 200000) SELECT x FROM n", NULL);

	(void)state;
	assert_int_equal(outcome.status, 0);
	assert_true(says(outcome.out, "\n   1\n") || says(outcome.out, "\n1\n") || says(outcome.out, "   1\n"));
	assert_true(says(outcome.out, "\n200000\n"));
}

/* --- where the statement comes from --------------------------------------------------------------- */

static void the_statement_is_the_last_argument_or_given(void **state)
{
	struct outcome outcome;

	(void)state;
	outcome = run("query", "-e", "SELECT count(*) FROM every.process", sample(), sample(), "-f", "csv", NULL);
	assert_int_equal(outcome.status, 0);
	assert_string_equal((const char *)outcome.out.data, "count(*)\r\n32\r\n");
	outcome = run("query", sample(), sample(), "(SELECT 1)", NULL);
	assert_int_equal(outcome.status, 2);
	outcome = run("query", sample(), sample(), "WITH x AS (SELECT 7) SELECT * FROM x", "-f", "csv", NULL);
	assert_string_equal((const char *)outcome.out.data, "7\r\n7\r\n");
	assert_int_equal(run("query", NULL).status, 2);
	assert_int_equal(run("query", "SELECT 1", NULL).status, 2);
	outcome = run("query", sample(), NULL); /* standard input is empty */
	assert_int_equal(outcome.status, 2);
	assert_true(says(outcome.err, "no statement"));
	assert_int_equal(run("query", "-", NULL).status, 2);
	assert_int_equal(run("query", "/nowhere", "SELECT 1", NULL).status, 3);
	assert_int_equal(run("query", sample(), "--name", "unread", "-e", "SELECT 1", NULL).status, 2);
}

/* --- what is wrong -------------------------------------------------------------------------------- */

static void statuses_tell(void **state)
{
	(void)state;
	fails(2, "SELECT pidd FROM fd", "did you mean \"pid\"?");
	fails(2, "SELECT ?1", "--arg");
	fails(2, "DROP TABLE process", "not allowed");
	fails(2, "SELECT 1; SELECT 2", "one SELECT at a time");
}

/* The rows until then are a result; JSON stays valid. */
static void a_budget_ends_a_statement_with_what_it_has(void **state)
{
	struct outcome outcome = run("query", sample(), "--steps", "1000000", "--format", "json",
				     "SELECT a.pid FROM vma a, vma b, vma c, vma d", NULL);
	struct json_object *rows = json_parse(outcome.out);

	(void)state;
	assert_int_equal(outcome.status, 4);
	assert_true(says(outcome.err, "stopped after 1000000 steps"));
	assert_non_null(rows);
	assert_true(json_object_array_length(rows) > 1000);
	json_object_put(rows);
	assert_int_equal(run("query", sample(), "--steps", "0", "SELECT 1", NULL).status, 2);
}

static void damage_is_told_and_the_rest_is_there(void **state)
{
	struct bytes pstree = read_file(scratch_path("cases/tree-criu4.2.1/img/pstree.img"));
	struct outcome outcome;

	(void)state;
	write_file(scratch_path("cut/pstree.img"), pstree.data, pstree.len - 5);
	write_inventory("cut");
	outcome = run("query", scratch_path("cut"), "SELECT count(*) FROM process", "-f", "csv", NULL);
	assert_int_equal(outcome.status, 4);
	assert_true(says(outcome.err, "pstree.img"));
	assert_string_equal((const char *)outcome.out.data, "count(*)\r\n15\r\n");
}

/* --- secrets -------------------------------------------------------------------------------------- */

static const char *task_with_secrets(void)
{
	static const char strings[] = "DB_PASSWORD=geheim\0PLAIN=open\0";
	uint8_t page[4096] = { 0 };
	struct out image;

	out_init(&image, -1);
	write_inventory("ck");
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, 1, 0);
	write_image("ck", "pstree.img", &image);
	write_core("ck", 1, BYTES("app"));
	out_clear(&image);
	put_mm(&image, 0x10000, 0x10000 + sizeof(strings) - 1);
	put_vma(&image, 0x10000, 0x11000);
	write_mm("ck", 1, &image);
	write_pagemap("ck", 1, 1, 0x10000, 1);
	memcpy(page, strings, sizeof(strings));
	write_file(scratch_path("ck/pages-1.img"), page, sizeof(page));
	out_deinit(&image);
	return scratch_path("ck");
}

/* Not even a comparison, a length or an order tells what it is. */
static void a_secret_cannot_be_asked_for(void **state)
{
	static const char *const questions[] = {
		"SELECT count(*) FROM env WHERE value = 'geheim'",
		"SELECT count(*) FROM env WHERE value LIKE 'g%'",
		"SELECT count(*) FROM env WHERE value GLOB 'g*'",
		"SELECT count(*) FROM env WHERE value REGEXP '^g'",
		"SELECT count(*) FROM env WHERE value > 'g' AND value < 'h'",
		"SELECT count(*) FROM env WHERE length(value) = 6",
		"SELECT count(*) FROM env WHERE substr(value, 1, 1) = 'g'",
		"SELECT count(*) FROM process, json_each(argv) WHERE value LIKE '%geheim%'",
		"SELECT count(*) FROM process WHERE argv LIKE '%geheim%'",
		"SELECT count(*) FROM env a JOIN (SELECT 'geheim' AS g) b ON a.value = b.g",
		"SELECT count(*) FROM env WHERE value IN ('geheim', 'x')",
		"SELECT count(*) FROM every.env WHERE value = 'geheim'",
	};
	const char *path = task_with_secrets();

	(void)state;
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		struct outcome masked = run("query", path, questions[i], "-f", "csv", NULL);
		struct outcome revealed = run("query", path, questions[i], "-f", "csv", "--reveal", NULL);

		if (masked.status || !says(masked.out, "\n0\r"))
			fail_msg("%s: %s", questions[i], (const char *)masked.out.data);
		if (revealed.status || says(revealed.out, "\n0\r"))
			fail_msg("%s with --reveal: %s", questions[i], (const char *)revealed.out.data);
	}
	assert_false(says(run("env", path, "--where", "value = 'geheim'", NULL).out, "DB_PASSWORD"));
	assert_true(says(run("env", path, "--where", "value = 'geheim'", "--reveal", NULL).out, "DB_PASSWORD"));
}

/* --- list --where --------------------------------------------------------------------------------- */

static void rows_are_chosen_by_an_expression(void **state)
{
	struct outcome outcome;

	(void)state;
	outcome = run("list", "process", sample(), "--where", "state = 'zombie'", "-c", "comm", "-s", "-comm",
		      "-f", "csv", NULL);
	assert_int_equal(outcome.status, 0);
	assert_string_equal((const char *)outcome.out.data, "comm\r\nzombie42\r\nzombie-sig\r\n");
	outcome = run("ps", sample(), "--where", "pid IN (SELECT pid FROM thread GROUP BY pid HAVING count(*) > 1)",
		      "-c", "comm,threads", "-f", "csv", NULL);
	assert_string_equal((const char *)outcome.out.data, "comm,threads\r\nthreads,5\r\n");
	outcome = run("maps", sample(), "--where", "start >= 0x7f0000000000 AND prot = 'x' -- none", "-c", "pid",
		      "-f", "csv", NULL);
	assert_string_equal((const char *)outcome.out.data, "pid\r\n");
	outcome = run("fds", sample(), "--where", "pidd = 1", NULL);
	assert_int_equal(outcome.status, 2);
	assert_true(says(outcome.err, "at character 1: no such column: pidd; did you mean \"pid\"?"));
	outcome = run("fds", sample(), "--where", "comm = 'x'", NULL);
	assert_true(says(outcome.err, "no such column: comm; other tables have one"));
	assert_int_equal(run("fds", sample(), "--where", "pid = 1; DROP TABLE fd", NULL).status, 2);
	assert_int_equal(run("fds", sample(), "--where", "", NULL).status, 2);
	assert_int_equal(run("fds", sample(), "--where", "load_extension('x')", NULL).status, 2);
}

/* --- the prompt ----------------------------------------------------------------------------------- */

static char typed[64 << 10]; /* what the prompt printed */
static size_t n_typed;

/* Reads to where WORDS appear behind START, or to the end where they are NULL. */
static void read_until(int master, size_t start, const char *words)
{
	ssize_t got;

	while (!words || !strstr(typed + start, words)) {
		got = read(master, typed + n_typed, sizeof(typed) - 1 - n_typed);
		if (got <= 0)
			break;
		n_typed += (size_t)got;
		typed[n_typed] = '\0';
	}
}

/* Types LINES at the prompt of WORDS (program, command, ...), each when it waits for it; NULL ends both. */
static void type_at(const char *const *words, const char *const *lines)
{
	static const char waiting[] = "> \033[K\r\033[10C"; /* drawn, with nothing typed yet */
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	size_t start = 0;
	int master;
	pid_t pid = forkpty(&master, NULL, NULL, &size);

	if (pid == 0) {
		setenv("LC_ALL", "C.UTF-8", 1);
		setenv("NO_COLOR", "1", 1);
		execv(words[0], (char *const *)(uintptr_t)words);
		_exit(127);
	}
	assert_true(pid > 0);
	n_typed = 0;
	typed[0] = '\0';
	alarm(300);
	for (; *lines; lines++) {
		read_until(master, start, waiting);
		start = n_typed;
		assert_int_equal(write(master, *lines, strlen(*lines)), strlen(*lines));
	}
	read_until(master, start, NULL);
	close(master); /* which ends it too, where it is not at its end yet */
	waitpid(pid, NULL, 0);
	alarm(0);
}

static void type(const char *const *lines)
{
	const char *const words[] = { getenv("COLDCASE"), "query", sample(), NULL };

	type_at(words, lines);
}

static void printed(const char *words)
{
	if (!strstr(typed, words))
		fail_msg("\"%s\" is not in: %s", words, typed);
}

static void statements_are_typed(void **state)
{
	static const char *const lines[] = {
		"SELECT count(*) AS tasks,\r",
		"2 AS two FROM process;\r",
		"SELECT 40 + 23x\x7f\x7f" "2 AS sum;\r",
		"\x1b[A\x01\x06\x06\x06\x06\x06\x06\x06\x1b[3~1\x05\r", /* the 4 is a 1 now */
		".a\xc3\xa4\x02\x02\x0btables\r", /* never empty: that looks as if it waited for the next line */
		"SELECT 1\x03",
		"SELECT pidd FROM fd;\r",
		".halp\r",
		".run unread\r",
		".quit\r",
		NULL,
	};
	static const char *const end[] = { "\x04", NULL };

	(void)state;
	type(lines);
	printed("TASKS  TWO\r\n   16    2");
	printed("SUM\r\n 62");
	printed("SUM\r\n 32");
	printed("an open file description");
	printed("did you mean \"pid\"?");
	printed("did you mean \".help\"?");
	printed("BYTES_IN");
	type(end);
	printed("coldcase> ");
}

static void schemas_are_told_of_all_that_is_there(void **state)
{
	static const char *const of_index[] = {
		".schema indexed\r", ".schema pages_shared_by_checkpoints\r", ".schema every.fd\r", ".schema odd\r",
		".schema a.fd\r",    ".quit\r",				NULL,
	};
	static const char *const of_several[] = {
		".schema a.page_overlap\r", ".schema B.fds\r", ".schema b.indexed\r", ".schema c.fd\r",
		".tables\r",		    ".quit\r",		NULL,
	};
	const char *one = scratch_path("schema.db");
	const char *const index[] = { getenv("COLDCASE"), "query", one, NULL };
	const char *const several[] = { getenv("COLDCASE"), "query", one, podman(), NULL };

	(void)state;
	add(0, one, podman());
	change(one, "CREATE TABLE odd(x /* \x1b]0;title\a */)");
	type_at(index, of_index);
	printed("CREATE TABLE indexed(\r\n");
	printed("  identity TEXT UNIQUE,\r\n");
	printed("FROM page_overlap\r\nWHERE a < b;\r\n");
	printed("  -- number of the descriptor\r\n");
	printed("x /* \\x1b]0;title\\x07 */);\r\n");
	printed("there is no schema \"a\"");
	type_at(several, of_several);
	printed("CREATE TABLE page_overlap(\r\n");
	printed("CREATE TABLE fd (\r\n\tpid UNSIGNED INTEGER, -- its process");
	printed("there is no table \"indexed\"");
	printed("there is no schema \"c\"");
	printed("each as a.TABLE to b.TABLE\r\n"); /* no "every" */
}

/* What will be typed is not known when the archive is opened. */
static void memory_of_a_compressed_archive_is_read(void **state)
{
	static const char *const lines[] = {
		"SELECT 'bytes ' || hex(memory(1, 0x401000, 4)) AS bytes;\r",
		"SELECT 'page ' || memory_state(1, 0x4e4000) AS page;\r",
		".quit\r",
		NULL,
	};
	const char *path = podman();
	const char *const words[] = { getenv("COLDCASE"), "query", path, NULL };
	struct outcome outcome;

	(void)state;
	type_at(words, lines);
	printed("bytes 4883EC08");
	printed("page present");
	outcome = run("query", path, "SELECT hex(\"memory\" (1, 0x4e4000, 4)), memory_state(1, 0x4e4000)", "-f", "csv", NULL);
	assert_int_equal(outcome.status, 0);
	assert_true(says(outcome.out, "\r\n00000000,present\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_in_every_form),
		cmocka_unit_test(names_may_be_anything),
		cmocka_unit_test(rows_stream),
		cmocka_unit_test(the_statement_is_the_last_argument_or_given),
		cmocka_unit_test(statuses_tell),
		cmocka_unit_test(a_budget_ends_a_statement_with_what_it_has),
		cmocka_unit_test(damage_is_told_and_the_rest_is_there),
		cmocka_unit_test(a_secret_cannot_be_asked_for),
		cmocka_unit_test(rows_are_chosen_by_an_expression),
		cmocka_unit_test(statements_are_typed),
		cmocka_unit_test(schemas_are_told_of_all_that_is_there),
		cmocka_unit_test(memory_of_a_compressed_archive_is_read),
	};

	return run_all(tests);
}
