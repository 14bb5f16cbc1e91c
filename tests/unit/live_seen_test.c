/* Running processes as a checkpoint: as much of real ones as whoever asks may see, and as the program shows. */
#include "tests/support/fake_proc.h"
#include "tests/support/screens.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* Whoever may not look is told what is missing and why, each kind once, and what may be seen is there. */
static void without_privilege_it_is_told_what_is_missing(void **state)
{
	struct live_options options = { .pid = (uint32_t)getpid() };
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0) {
		printf("SKIPPED: live: not root, so there is nobody to be less than\n");
		skip();
	}
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		size_t n_files = 0;

		if (setgid(65534) < 0 || setuid(65534) < 0 || live_open("/proc/parent", &options, &checkpoint))
			_exit(1);
		checkpoint_need(&checkpoint, PART_EVERYTHING);
		for (size_t i = 0; i < checkpoint.problems.n; i++)
			n_files += strstr(checkpoint.problems.items[i]->message, "descriptors and the files") != NULL;
		_exit(n_files != 1				       ? 2
		      : !is_told("mappings could not be seen")	       ? 3
		      : !is_told("CAP_SYS_PTRACE: Permission denied")  ? 4
		      : process_of((uint32_t)getppid())->comm.len == 0 ? 5
								       : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* --- the program -------------------------------------------------------------------------------------- */

static const char *own_path(void)
{
	static char path[32];

	snprintf(path, sizeof(path), "/proc/%d", getpid());
	return path;
}

static void every_command_takes_a_process_or_says_why_not(void **state)
{
	static const char *const of_images[] = { "mem", "strings", "core", "carve", "verify", "manifest", "decode", "info", "scan" };
	struct outcome outcome = run("query", own_path(), "SELECT count(*) FROM process WHERE ppid = 0", NULL);

	(void)state;
	assert_int_equal(outcome.status, 0);
	assert_non_null(strstr((const char *)outcome.out.data, "1"));
	assert_int_equal(run("show", own_path(), NULL).status, 0);
	assert_int_equal(run("ps", own_path(), NULL).status, 0);
	for (size_t i = 0; i < ARRAY_SIZE(of_images); i++) {
		outcome = run(of_images[i], own_path(), "-o", scratch_path("never"), NULL);
		assert_int_equal(outcome.status, 2);
		assert_non_null(strstr((const char *)outcome.err.data, i == 3 ? "" : "running processes"));
	}
	assert_int_equal(run("ps", "/proc/2147483647", NULL).status, 3);
	assert_int_equal(run("check", "--pid", "2147483647", NULL).status, 3);
	assert_int_equal(run("check", "--pid", "none", NULL).status, 2);
	assert_int_equal(run("check", "--cgroup", scratch_path("no-group"), NULL).status, 3);
	outcome = run("check", "--cgroup", "samples/cases", NULL);
	assert_int_equal(outcome.status, 3);
	assert_int_equal(outcome.out.len, 0);
	assert_string_equal((const char *)outcome.err.data, "coldcase: samples/cases: no control group (v2)\n");
	assert_int_equal(run("check", "--cgroup", own_path(), NULL).status, 3);
	assert_int_equal(run("show", own_path(), "/proc/self", NULL).status, 0);
	assert_int_equal(run("tui", own_path(), "--script", "tests/tui/screens.script", "--size", "120x40", NULL).status, 0);
}

static void rows_say_which_file_of_proc_they_are_from(void **state)
{
	struct json_object *rows, *row, *image;
	int fd = open("/dev/null", O_RDONLY);
	char wanted[64];
	bool found = false;

	(void)state;
	snprintf(wanted, sizeof(wanted), "%s/fdinfo/%d", own_path(), fd);
	rows = run_json(0, "list", "fd", own_path(), "--pid", own_path() + strlen("/proc/"), "--provenance", "--format", "json",
			NULL);
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		image = json_object_object_get(row, "src_image");
		if (strcmp(json_object_get_string(image), wanted) != 0)
			continue;
		found = true;
		assert_string_equal(json_object_get_string(json_object_object_get(row, "path")), "/dev/null");
	}
	assert_true(found);
	json_object_put(rows);
	close(fd);
}

/* Rows of a table in which NUMBER is null, as is what is told of it in words. */
static size_t count_unknown(const char *table, const char *number, const char *words)
{
	struct json_object *rows = run_json(0, "list", table, own_path(), "--format", "json", NULL);
	size_t n = 0;

	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);

		if (json_object_object_get(row, number))
			continue;
		n++;
		assert_null(json_object_object_get(row, words));
	}
	json_object_put(rows);
	return n;
}

/* /proc does not say which seals a memory file has, nor with which flags a signal is handled. */
static void what_is_not_known_has_no_names(void **state)
{
	int fd = (int)syscall(SYS_memfd_create, "unsealed", 0);

	(void)state;
	assert_true(fd >= 0);
	signal(SIGUSR1, SIG_IGN);
	assert_int_equal(count_unknown("memfd", "seals", "seal_names"), 1);
	assert_in_range(count_unknown("sigaction", "flags", "flag_names"), 1, 64);
	signal(SIGUSR1, SIG_DFL);
	close(fd);
}

static bool says(struct bytes text, const char *words)
{
	return memmem(text.data, text.len, words, strlen(words)) != NULL;
}

/* No dump that failed, no pages that were lost, and no bytes of what cannot be read again. */
static void screens_know_that_it_is_running(void **state)
{
	struct bytes screen;

	(void)state;
	shown[0] = own_path();
	screen = screen_after("save overview\n");
	assert_says(screen, "running    now");
	assert_false(says(screen, "INCOMPLETE") || says(screen, "made by") || says(screen, "not recorded"));
	screen = screen_after("keys m\nsave heat\n");
	assert_says(screen, "PAGES_PRESENT");
	assert_false(says(screen, "missing") || says(screen, "?? "));
	screen = screen_after("keys m Enter\nsave mapping\n");
	assert_says(screen, "vm_flags");
	screen = screen_after("keys G Enter\nsave member\n");
	assert_says(screen, "name                /proc/");
	shown[0] = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_privilege_it_is_told_what_is_missing),
		cmocka_unit_test(every_command_takes_a_process_or_says_why_not),
		cmocka_unit_test(rows_say_which_file_of_proc_they_are_from),
		cmocka_unit_test(what_is_not_known_has_no_names),
		cmocka_unit_test(screens_know_that_it_is_running),
	};

	return run_all(tests);
}
