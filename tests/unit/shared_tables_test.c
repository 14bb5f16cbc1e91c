/* Which running tasks share a table of descriptors: those of which kcmp(2) says so. */
#include "tests/support/support.h"

#include <linux/kcmp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn int wait_for_the_end(void *unused)
{
	(void)unused;
	for (;;)
		pause();
}

static pid_t start(int shared)
{
	static char stacks[2][64 << 10] __attribute__((aligned(16)));
	pid_t pid = clone(wait_for_the_end, stacks[shared != 0] + sizeof(stacks[0]), shared | SIGCHLD, NULL);

	assert_true(pid > 0);
	return pid;
}

static int64_t files_id(struct json_object *rows, pid_t pid)
{
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);

		if (json_object_get_int(json_object_object_get(row, "pid")) == pid)
			return json_object_get_int64(json_object_object_get(row, "files_id"));
	}
	fail_msg("there is no process %d", pid);
	return 0;
}

static void only_what_is_shared_has_one_id(void **state)
{
	pid_t thread_like, forked;
	struct json_object *rows;
	char path[32];

	(void)state;
	if (syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILES, 0UL, 0UL) != 0) {
		printf("SKIPPED: live: there is no kcmp(2) here\n");
		skip();
	}
	thread_like = start(CLONE_FILES);
	forked = start(0);
	snprintf(path, sizeof(path), "/proc/%d", getpid());
	rows = json_parse(run("list", "process", path, "--columns", "pid,files_id", "--format", "json", NULL).out);
	kill(thread_like, SIGKILL);
	kill(forked, SIGKILL);
	waitpid(thread_like, NULL, 0);
	waitpid(forked, NULL, 0);
	assert_non_null(rows);
	assert_int_equal(files_id(rows, getpid()), files_id(rows, thread_like));
	assert_int_not_equal(files_id(rows, getpid()), files_id(rows, forked));
	json_object_put(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_shared_has_one_id),
	};

	return run_all(tests);
}
