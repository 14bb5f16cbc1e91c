/* Logs: the cause is told, ahead of what it leads to; by lines as CRIU's sources have them. */
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#define DUMP_END "(00.2) Error (criu/cr-dump.c:2111): Dumping FAILED.\n"
#define RESTORE_END "(00.2) Error (criu/cr-restore.c:2547): Restoring FAILED.\n"

static const struct {
	const char *lines, *rule, *severity;
} logs[] = {
	{ "(00.1) Error (criu/mount.c:1088): mnt: Mount 5 ./x has unreachable sharing. Try --enable-external-masters.\n"
	  DUMP_END, "mnt-unreachable-master", "blocker" },
	{ "(00.1) Error (criu/files-ext.c:94): Can't dump file 7 of that type [600] (anon anon_inode:[userfaultfd])\n"
	  "(00.1) Error (criu/cr-dump.c:1681): Dump files (pid: 9) failed with -1\n" DUMP_END,
	  "anon-userfaultfd", "blocker" },
	{ "(00.1) Error (criu/files-ext.c:94): Can't dump file 7 of that type [20666] (chr 195:255)\n" DUMP_END,
	  "dev-nvidia", "blocker" },
	{ "(00.1) Error (criu/sk-unix.c:874): unix: Can't dump half of stream unix connection.\n" DUMP_END,
	  "unix-external-stream", "blocker" },
	{ "(00.1) Error (criu/namespaces.c:1): Can't dump nested pid namespace for 42\n" DUMP_END, "ns-nested",
	  "blocker" },
	{ "(00.1) Error (criu/pstree.c:1): A session leader of 5(5) is not a session leader. Consider using "
	  "--shell-job option\n" DUMP_END, "root-not-session-leader", "blocker" },
	{ "(00.1) Error (criu/xyz.c:1): something that nobody has seen before\n"
	  "(00.1) Error (criu/cr-dump.c:1681): Dump files (pid: 9) failed with -1\n" DUMP_END, "log-error", "blocker" },
	/* restoring: the pid column and what the restorer says */
	{ "(00.1)      7: Error (criu/sk-inet.c:1057): inet: Can't bind inet socket (id 9): Cannot assign requested "
	  "address\n(00.1) Error (criu/cr-restore.c:1480): 7 exited, status=1\n" RESTORE_END, "inet-bound-specific-ip",
	  "error" },
	{ "(00.1)      7: Error (criu/sk-inet.c:1057): inet: Can't bind inet socket (id 9): Address already in use\n"
	  RESTORE_END, "inet-port-busy", "error" },
	{ "(00.1)      7: Error (criu/files-reg.c:2143): File usr/bin/x has bad size 5 (expect 6)\n" RESTORE_END,
	  "file-changed", "error" },
	{ "(00.1) Error (criu/cr-restore.c:1228): Can't fork for 42: File exists\n" RESTORE_END, "pid-collision",
	  "error" },
	{ "pie: 42: Error (criu/pie/restorer.c:771): Can't restore 20000000 mapping with fffffffffffffff4\n"
	  "(00.1) Error (criu/cr-restore.c:1480): 42 killed by signal 9: Killed\n" RESTORE_END, "mem-restore-full",
	  "error" },
	{ "(00.1) Error (criu/mount.c:2906): mnt: No mapping for 166:/vol mountpoint\n" RESTORE_END, "mnt-external",
	  "error" },
	{ "(00.1)      7: Error (criu/sk-inet.c:900): inet: Connected TCP socket in image\n" RESTORE_END,
	  "tcp-established", "error" },
	{ "(00.1) Error (criu/lsm.c:1): mismatched lsm types and lsm profile specified\n" RESTORE_END, "lsm-mismatch",
	  "error" },
	/* an error of a dump that went well is none */
	{ "(00.1) Error (criu/xyz.c:1): odd, but not the end\n(00.1) Dumping finished successfully\n", "log-error",
	  "warning" },
};

static void the_cause_comes_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		const char *path = scratch_path("%zu.log", i);
		struct json_object *report, *findings, *rule, *severity, *first;
		struct outcome outcome;

		write_file(path, logs[i].lines, strlen(logs[i].lines));
		outcome = run("check", "--log", path, "--format", "json", NULL);
		report = json_parse(outcome.out);
		if (!report || !json_object_object_get_ex(report, "findings", &findings) ||
		    !json_object_array_length(findings))
			fail_msg("nothing is found in: %s", logs[i].lines);
		first = json_object_array_get_idx(findings, 0);
		json_object_object_get_ex(first, "rule", &rule);
		json_object_object_get_ex(first, "severity", &severity);
		if (strcmp(json_object_get_string(rule), logs[i].rule) != 0 ||
		    strcmp(json_object_get_string(severity), logs[i].severity) != 0)
			fail_msg("%s %s, not %s %s, is found in: %s", json_object_get_string(severity),
				 json_object_get_string(rule), logs[i].severity, logs[i].rule, logs[i].lines);
		assert_int_equal(outcome.status, strcmp(logs[i].severity, "warning") != 0);
		json_object_put(report);
	}
}

static void a_log_that_went_well_has_nothing(void **state)
{
	static const char text[] = "(00.1) Version: 4.2.1\n(00.2) Dumping finished successfully\n";
	const char *path = scratch_path("well.log");
	struct outcome outcome;

	(void)state;
	write_file(path, text, sizeof(text) - 1);
	outcome = run("check", path, NULL);
	assert_int_equal(outcome.status, 0);
	assert_string_equal((const char *)outcome.out.data, "nothing found\n");
	assert_int_equal(run("check", "--log", "samples/podman.tar.zst", NULL).status, 3);
}

/* A log may say anything, and as much of it as it likes. */
static void hostile_logs_end(void **state)
{
	const char *path = scratch_path("hostile.log");
	FILE *file = fopen(path, "w");
	struct outcome outcome;

	(void)state;
	assert_non_null(file);
	for (int i = 0; i < 30000; i++)
		fprintf(file, "(00.1) Error (criu/mount.c:1): %0*d \x1b]0;x\a\n", i % 300, 7);
	fputs(DUMP_END, file);
	fclose(file);
	outcome = run("check", path, NULL);
	assert_int_equal(outcome.status, 4); /* not all were looked at */
	assert_null(strchr((const char *)outcome.out.data, '\x1b'));
	assert_non_null(strstr((const char *)outcome.out.data, "log-error"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cause_comes_first),
		cmocka_unit_test(a_log_that_went_well_has_nothing),
		cmocka_unit_test(hostile_logs_end),
	};

	return run_all(tests);
}
