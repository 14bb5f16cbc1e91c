/*
 * verify against CRIU itself: images of a task that this test starts are changed, one thing at a time, and restored
 * from. What verify finds whole is restored, and what it finds broken is not.
 *
 * A restore happens in a pid namespace of its own, with whose first process everything in it ends. CRIU is $CRIU, or
 * what "tests/live/get-criu build/criu" made; without it, or where it cannot work, "SKIPPED: live: ..." says so.
 */
#include "tests/support/corrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>

#include "decoders/base/size.h"
#include "tests/live/criu.h"

enum { PATIENCE = 15 /* seconds */ };

/* --- the task -------------------------------------------------------------------------------------- */

/* Memory of its own, a descriptor of its own, and then nothing more. */
static _Noreturn void be_dumped(void)
{
	size_t size = 1 << 20;
	uint8_t *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int null = open("/dev/null", O_RDWR);

	if (memory != MAP_FAILED)
		memset(memory, 7, size);
	setsid();
	for (int fd = 0; fd <= 2; fd++)
		dup2(null, fd);
	close_range(3, ~0U, 0);
	for (;;)
		pause();
}

/* The images of a task that is gone afterwards; 0: there can be none here. */
static pid_t dump_task(const char *directory)
{
	pid_t pid = fork();
	char number[16];
	int status;

	if (pid == 0)
		be_dumped();
	assert_true(pid > 0);
	snprintf(number, sizeof(number), "%d", pid);
	usleep(300000);
	assert_true(mkdir(directory, 0777) == 0);
	status = run_criu(WORD("dump"), WORD("-t"), number, WORD("-D"), WORD(directory), WORD("-v1"), WORD("-o"),
			  WORD("dump.log"), WORD("--network-lock"), WORD("skip"),
			  WORD("--manage-cgroups=ignore"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return status == 0 ? pid : 0;
}

/* --- restoring ------------------------------------------------------------------------------------- */

/* The first process of a pid namespace: what is restored ends when it does. */
static _Noreturn void restore_inside(const char *directory)
{
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) < 0)
		_exit(126);
	_exit(run_criu(WORD("restore"), WORD("-D"), WORD(directory), WORD("-v1"), WORD("-o"), WORD("restore.log"),
		       WORD("-d"), WORD("--manage-cgroups=ignore")) == 0
		      ? 0
		      : 1);
}

/* False too where it does not end: CRIU 4.2 reads a file of pages that is cut for ever. */
static bool is_restored(const char *directory)
{
	pid_t outer = fork(), inner;
	int status = 1;

	if (outer == 0) {
		if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0 || (inner = fork()) < 0)
			_exit(126);
		if (inner == 0)
			restore_inside(directory);
		for (int i = 0; i < PATIENCE * 20; i++, usleep(50000))
			if (waitpid(inner, &status, WNOHANG) == inner)
				_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
		kill(inner, SIGKILL);
		waitpid(inner, NULL, 0);
		_exit(1);
	}
	assert_true(outer > 0 && waitpid(outer, &status, 0) == outer);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 126);
	return WEXITSTATUS(status) == 0;
}

/* --- verdicts -------------------------------------------------------------------------------------- */

/* PID stands for the pid of the task. */
static const struct changed changes[] = {
	{ "", UNCHANGED, NULL, NULL },
	{ "inventory.img", DELETE, NULL, NULL },
	{ "inventory.img", SET, "/entries/0/img_version", "3" },
	{ "ids-PID.img", DELETE, NULL, NULL },
	{ "core-PID.img", DELETE, NULL, NULL },
	{ "pagemap-PID.img", DELETE, NULL, NULL },
	{ "fs-PID.img", BYTE, "4 0x99", NULL },
	{ "fs-PID.img", SET, "/entries/0/cwd_id", "999" },
	{ "mm-PID.img", SET, "/entries/0/exe_file_id", "999" },
	{ "mm-PID.img", SET, "/entries/0/mm_start_brk", "140737488351232" },
	{ "fdinfo-2.img", SET, "/entries/0/id", "999" },
	{ "files.img", CUT, "3", NULL },
	{ "pagemap-PID.img", SET, "/entries/1/vaddr", "4096" },
	{ "pagemap-PID.img", SET, "/entries/1/flags", "1" }, /* in a parent, and there is none */
	{ "pages-1.img", CUT, "4096", NULL },
};

static const char *with_pid(const char *name, pid_t pid)
{
	static char text[64];
	const char *at = strstr(name, "PID");

	if (!at)
		return name;
	snprintf(text, sizeof(text), "%.*s%d%s", (int)(at - name), name, pid, at + 3);
	return text;
}

static void verify_says_what_criu_does(void **state)
{
	const char *images = scratch_path("images"), *reason = criu_is_missing();
	pid_t pid = reason ? 0 : dump_task(images);
	size_t wrong = 0;

	(void)state;
	if (!pid) {
		printf("SKIPPED: live: %s\n", reason ? reason : "no task can be dumped here");
		skip();
	}
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		const char *directory = scratch_path("changed-%zu", i);
		struct changed changed = changes[i];
		bool is_whole, restored;

		changed.file = with_pid(changed.file, pid);
		copy_below(images, directory);
		apply(directory, &changed);
		is_whole = run("verify", directory, NULL).status == 0;
		restored = is_restored(directory);
		printf("%-16s %s, %s\n", changed.file, is_whole ? "whole" : "broken",
		       restored ? "restored" : "not restored");
		wrong += is_whole != restored;
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verify_says_what_criu_does),
	};

	return run_all(tests);
}
