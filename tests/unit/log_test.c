/* The command log: what a reader sees, and that programs get the table. */
#include "tests/support/handmade.h"

static const char lines[] = "(00.000001) Version: 4.1\n"
			    "(00.000020)      7: Warn  (criu/a.c:1): odd\n"
			    "second line\n"
			    "(00.000300)      7: Error (criu/b.c:22): it broke\x1b[2J\n"
			    "(00.000400) \tindented\n"
			    "(00.000500) Error (criu/c.c:3): Dumping FAILED.\n";

#define SUMMARY                                                                    \
	"\n6 lines, 2 errors, 1 warning; the first error, line 4 of x.log:\n"     \
	"  it broke\\x1b[2J (criu/b.c:22)\n"

static const char *log_file(void)
{
	write_file(scratch_path("x.log"), lines, sizeof(lines) - 1);
	return scratch_path("x.log");
}

/* A checkpoint with two logs: beside the images, and above. */
static const char *checkpoint(void)
{
	struct out pstree;

	write_inventory("ck/img");
	out_init(&pstree, -1);
	put_magic(&pstree, MAGIC_PSTREE);
	put_pstree(&pstree, 1, 0);
	write_image("ck/img", "pstree.img", &pstree);
	write_core("ck/img", 1, BYTES("init"));
	out_deinit(&pstree);
	write_file(scratch_path("ck/img/dump.log"), lines, sizeof(lines) - 1);
	write_file(scratch_path("ck/restore.log"), "(00.000001) fine\n", 17);
	return scratch_path("ck");
}

static void assert_output(struct outcome outcome, const char *wanted)
{
	assert_int_equal(outcome.status, 0);
	assert_string_equal((const char *)outcome.out.data, wanted);
	assert_int_equal(outcome.err.len, 0);
}

static void a_log_is_read_line_by_line(void **state)
{
	(void)state;
	assert_output(run("log", log_file(), NULL),
		      "x.log\n"
		      "00.000001                 Version: 4.1\n"
		      "00.000020       7 warning odd (criu/a.c:1)\n"
		      "                          second line\n"
		      "00.000300       7 error   it broke\\x1b[2J (criu/b.c:22)\n"
		      "00.000400                     indented\n"
		      "00.000500         error   Dumping FAILED. (criu/c.c:3)\n" SUMMARY);
}

static void a_level_leaves_out_what_is_less(void **state)
{
	static const char errors[] = "x.log\n"
				     "00.000300       7 error   it broke\\x1b[2J (criu/b.c:22)\n"
				     "00.000500         error   Dumping FAILED. (criu/c.c:3)\n" SUMMARY;

	(void)state;
	assert_output(run("log", log_file(), "--errors", NULL), errors);
	assert_output(run("log", log_file(), "--level=error", NULL), errors);
	assert_output(run("log", log_file(), "--level", "warning", "-c", "line", NULL),
		      "LINE\n   2\n   4\n   6\n");
	assert_output(run("log", log_file(), "--level", "all", "-p", "7", "-c", "line", NULL),
		      "LINE\n   2\n   4\n");
	assert_int_equal(run("log", log_file(), "--level", "loud", NULL).status, 2);
}

static void errors_stand_out_in_colour(void **state)
{
	struct bytes text = run("log", log_file(), "-e", "--color", "always", NULL).out;

	(void)state;
	assert_non_null(strstr((const char *)text.data, "\033[1;31merror   \033[0m"));
	assert_null(strstr((const char *)text.data, "\x1b[2J"));
}

static void the_logs_of_a_checkpoint_are_told_apart(void **state)
{
	struct bytes text = run("log", checkpoint(), "--errors", NULL).out;

	(void)state;
	assert_memory_equal(text.data, "img/dump.log\n00.000300 ", 23);
	assert_non_null(strstr((const char *)text.data,
			       "\n7 lines, 2 errors, 1 warning; the first error, line 4 of img/dump.log:\n"));
	text = run("log", checkpoint(), NULL).out;
	assert_non_null(strstr((const char *)text.data, "\n\nrestore.log\n00.000001 "));
}

static void programs_get_the_rows_of_the_table(void **state)
{
	static const char *const formats[] = { "json", "jsonl", "csv" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct bytes rows = run("list", "log", checkpoint(), "-f", formats[i], NULL).out;

		assert_true(rows.len > 100);
		assert_output(run("log", checkpoint(), "-f", formats[i], NULL), (const char *)rows.data);
	}
	assert_output(run("log", log_file(), "-f", "csv", "-e", "-c", "file,line,level", NULL),
		      "file,line,level\r\nx.log,4,error\r\nx.log,6,error\r\n");
}

static void what_is_no_log_is_told(void **state)
{
	(void)state;
	assert_int_equal(run("log", scratch_path("missing"), NULL).status, 3);
	write_file(scratch_path("text"), "hello\nworld\n", 12);
	assert_int_equal(run("log", scratch_path("text"), NULL).status, 3);
	write_file(scratch_path("ck2/dump.log"), "(00.1) x\n", 9);
	assert_int_equal(run("log", scratch_path("ck2"), NULL).status, 3); /* no images */
	assert_non_null(strstr((const char *)run("show", scratch_path("ck2"), NULL).err.data,
			       "but a log of one: dump.log"));
	write_file(scratch_path("long.log"), "(00.000001) ", 12);
	assert_output(run("log", scratch_path("long.log"), NULL),
		      "long.log\n00.000001                 \n\n1 line, 0 errors, 0 warnings\n");
}

/* A log of CRIU's own: as many errors as grep finds, and the one that stopped the dump. */
static void the_log_of_a_refused_dump_tells_why(void **state)
{
	const char *path = sample_case("refused-flock-criu4.1.1");
	struct bytes text = run("log", path, "-e", NULL).out;

	(void)state;
	assert_non_null(strstr((const char *)text.data, "the first error, line 563 of "));
	assert_non_null(strstr((const char *)text.data, "Some file locks are hold by dumping tasks!"));
	/* So does its one screen, where the dump did not finish. */
	text = run("show", path, NULL).out;
	assert_non_null(strstr((const char *)text.data, "the first error: Some file locks are hold by"));
	text = run("show", sample_case("tree-criu4.2.1"), NULL).out;
	assert_null(strstr((const char *)text.data, "the first error"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_is_read_line_by_line),
		cmocka_unit_test(a_level_leaves_out_what_is_less),
		cmocka_unit_test(errors_stand_out_in_colour),
		cmocka_unit_test(the_logs_of_a_checkpoint_are_told_apart),
		cmocka_unit_test(programs_get_the_rows_of_the_table),
		cmocka_unit_test(what_is_no_log_is_told),
		cmocka_unit_test(the_log_of_a_refused_dump_tells_why),
	};

	return run_all(tests);
}
