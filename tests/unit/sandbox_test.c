/*
 * The sandbox: what it forbids fails, what reading needs works. Each case is a child of its own, for there is no
 * way out of it; it says by its status which step went wrong.
 */
#include "tests/support/handmade.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox.h"

/* Skips the test where the kernel has no such fence, loudly. */
static void need(bool there, const char *what)
{
	if (there)
		return;
	printf("SKIPPED: sandbox: %s\n", sandbox_support().sanitized ? "built with a sanitizer" : what);
	skip();
}

static void need_seccomp(void)
{
	need(sandbox_support().seccomp, "the kernel has no seccomp filters");
}

static void need_landlock(void)
{
	need(sandbox_support().landlock_abi > 0, "the kernel has no Landlock");
}

/* --- what is done inside ------------------------------------------------------------------------- */

struct attempt {
	const char *name;
	bool (*succeeds)(void);
};

static bool can_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool openat2_to_write(void)
{
	struct open_how how = { .flags = O_RDWR };

	return syscall(SYS_openat2, AT_FDCWD, scratch_path("in/a"), &how, sizeof(how)) >= 0;
}

static bool execute(void)
{
	char *const words[] = { (char[]){ "true" }, NULL };

	return execv("/bin/true", words) == 0;
}

static bool make_process(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool connect_somewhere(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ||
	       socket(AF_NETLINK, SOCK_RAW, 0) >= 0;
}

static bool use_inherited_socket(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(9) };

	/* Refused by the kernel or by the other end makes a difference. */
	return connect(100, (struct sockaddr *)&address, sizeof(address)) == 0 || errno != EPERM;
}

static bool send_by_inherited_socket(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(9) };

	return sendto(100, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&address, sizeof(address)) == 1 || errno != EPERM;
}

static bool trace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool signal_parent(void)
{
	return kill(getppid(), 0) == 0;
}

static bool make_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
		       MAP_FAILED ||
	       mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool open_to_write(void)
{
	return can_open(scratch_path("in/a"), O_WRONLY) || can_open(scratch_path("in/a"), O_RDWR) ||
	       can_open(scratch_path("in/a"), O_RDONLY | O_TRUNC) ||
	       can_open(scratch_path("in/new"), O_RDONLY | O_CREAT) ||
	       can_open(scratch_path("in"), O_TMPFILE | O_WRONLY);
}

static bool change_names(void)
{
	return unlink(scratch_path("in/a")) == 0 || mkdir(scratch_path("in/d"), 0700) == 0 ||
	       rename(scratch_path("in/a"), scratch_path("in/b")) == 0 ||
	       symlink("a", scratch_path("in/l")) == 0 ||
	       link(scratch_path("in/a"), scratch_path("in/h")) == 0;
}

static bool change_modes(void)
{
	return chmod(scratch_path("in/a"), 0777) == 0 || truncate(scratch_path("in/a"), 0) == 0 ||
	       fchmod(101, 0777) == 0;
}

static const struct attempt forbidden[] = {
	{ "a program", execute },
	{ "a process", make_process },
	{ "a socket", connect_somewhere },
	{ "a connection by a socket that was there", use_inherited_socket },
	{ "a datagram by a socket that was there", send_by_inherited_socket },
	{ "tracing", trace },
	{ "a signal to another process", signal_parent },
	{ "memory that is executable", make_code },
	{ "opening for writing", open_to_write },
	{ "names", change_names },
	{ "modes", change_modes },
};

/* --- running it ---------------------------------------------------------------------------------- */

static void prepare(void)
{
	write_file(scratch_path("in/a"), "evidence", 8);
	write_file(scratch_path("in/deep/b"), "evidence", 8);
	write_file(scratch_path("beside/c"), "evidence", 8);
	write_file(scratch_path("out/old"), "old", 3);
}

/* Runs BODY in a child that is in the sandbox; 0 says that it found nothing wrong. */
static int inside(const struct sandbox *sandbox, int (*body)(void))
{
	int status;
	pid_t pid;

	prepare();
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int sock = socket(AF_INET, SOCK_STREAM, 0), file = open(scratch_path("in/a"), O_RDONLY);

		dup2(sock, 100);
		dup2(file, 101);
		sandbox_enter(sandbox);
		_exit(body());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int try_forbidden(void)
{
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		if (forbidden[i].succeeds())
			return (int)i + 1;
	return 0;
}

/* Outside everything works: that the attempts fail inside is the sandbox's doing. */
static void everything_is_possible_outside(void **state)
{
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		pid_t pid;

		prepare();
		unlink(scratch_path("in/b"));
		unlink(scratch_path("in/new"));
		pid = fork();
		if (pid == 0) {
			dup2(socket(AF_INET, SOCK_STREAM, 0), 100);
			dup2(open(scratch_path("in/a"), O_RDONLY), 101);
			_exit(forbidden[i].succeeds() ? 0 : 1);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("%s is impossible without a sandbox too", forbidden[i].name);
	}
	unlink(scratch_path("in/b"));
	unlink(scratch_path("in/l"));
	unlink(scratch_path("in/h"));
	rmdir(scratch_path("in/d"));
}

static void what_is_not_reading_is_forbidden(void **state)
{
	const char *input = scratch_path("in");
	int status;

	(void)state;
	need_seccomp();
	status = inside(&(struct sandbox){ .inputs = &input, .n_inputs = 1 }, try_forbidden);
	if (status)
		fail_msg("%s is possible", forbidden[status - 1].name);
	assert_true(bytes_equal(read_file(scratch_path("in/a")), BYTES("evidence")));
}

/* Whoever looks at running processes has no Landlock, and still cannot write. */
static pid_t parent;

static int look_at_parent(void)
{
	char path[64], link[256];
	int status = try_forbidden();

	if (status)
		return status;
	if (openat2_to_write())
		return 100;
	snprintf(path, sizeof(path), "/proc/%d/exe", parent);
	if (readlink(path, link, sizeof(link)) <= 0)
		return 101;
	snprintf(path, sizeof(path), "/proc/%d/maps", parent);
	return can_open(path, O_RDONLY) ? 0 : 102;
}

static void processes_are_looked_at_and_nothing_is_written(void **state)
{
	int status;

	(void)state;
	need_seccomp();
	parent = getpid();
	status = inside(&(struct sandbox){ .processes = true }, look_at_parent);
	if (status && status < 100)
		fail_msg("%s is possible", forbidden[status - 1].name);
	assert_int_equal(status, 0);
	assert_true(bytes_equal(read_file(scratch_path("in/a")), BYTES("evidence")));
}

static int read_inputs(void)
{
	struct stat st;
	DIR *directory;

	if (!can_open(scratch_path("in/a"), O_RDONLY) || !can_open(scratch_path("in/deep/b"), O_RDONLY))
		return 1;
	if (!can_open(scratch_path("in/../beside/c"), O_RDONLY))
		return 2;
	directory = opendir(scratch_path("in"));
	if (!directory || !readdir(directory) || stat(scratch_path("in/a"), &st) < 0)
		return 3;
	if (can_open("/etc/passwd", O_RDONLY))
		return 4;
	return openat2_to_write() ? 5 : 0;
}

static void a_directory_and_what_is_beside_it_can_be_read(void **state)
{
	const char *input = scratch_path("in");

	(void)state;
	need_landlock();
	assert_int_equal(inside(&(struct sandbox){ .inputs = &input, .n_inputs = 1 }, read_inputs), 0);
}

static int read_one_file(void)
{
	char bytes[16];
	int fd = open(scratch_path("in/a"), O_RDONLY);

	if (fd < 0 || pread(fd, bytes, sizeof(bytes), 0) != 8)
		return 1;
	if (can_open(scratch_path("in/deep/b"), O_RDONLY))
		return 2;
	return 0;
}

static void of_a_file_only_itself_can_be_read(void **state)
{
	const char *inputs[] = { scratch_path("in/a"), scratch_path("missing") };

	(void)state;
	need_landlock();
	assert_int_equal(inside(&(struct sandbox){ .inputs = inputs, .n_inputs = 2 }, read_one_file), 0);
}

static int place_output(void)
{
	if (rename(scratch_path("out/temporary"), scratch_path("out/old")) < 0)
		return 1;
	if (unlink(scratch_path("out/other")) < 0)
		return 2;
	if (unlink(scratch_path("in/a")) == 0 ||
	    rename(scratch_path("out/old"), scratch_path("in/a")) == 0)
		return 3;
	return can_open(scratch_path("out/old"), O_WRONLY) ? 4 : 0;
}

static void an_output_is_put_in_its_place_and_nowhere_else(void **state)
{
	const char *input = scratch_path("in"), *output = scratch_path("out");
	const struct sandbox sandbox = { .inputs = &input, .n_inputs = 1, .output_directory = output };

	(void)state;
	need_landlock();
	write_file(scratch_path("out/temporary"), "new", 3);
	write_file(scratch_path("out/other"), "", 0);
	assert_int_equal(inside(&sandbox, place_output), 0);
	assert_true(bytes_equal(read_file(scratch_path("out/old")), BYTES("new")));
	assert_true(bytes_equal(read_file(scratch_path("in/a")), BYTES("evidence")));
}

static int make_file(const char *path)
{
	struct open_how how = { .flags = O_WRONLY | O_CREAT | O_EXCL, .mode = 0600 };

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

static int make_files(void)
{
	int fd = make_file(scratch_path("files/new"));

	if (fd < 0 || write(fd, "new", 3) != 3 || ftruncate(fd, 5) < 0)
		return 1;
	if (make_file(scratch_path("in/new")) >= 0 || make_file(scratch_path("new")) >= 0)
		return 2;
	if (open_to_write() || openat2_to_write())
		return 3;
	if (unlinkat(AT_FDCWD, scratch_path("in/a"), 0) == 0 || mkdir(scratch_path("files/below"), 0700) == 0 ||
	    symlink("x", scratch_path("files/link")) == 0 || chmod(scratch_path("files/new"), 04755) == 0)
		return 4;
	if (can_open(scratch_path("files/new"), O_RDONLY))
		return 5;
	return make_file(scratch_path("files/incomplete")) < 0 ||
			       unlinkat(AT_FDCWD, scratch_path("files/incomplete"), 0) < 0
		       ? 6
		       : 0;
}

static void files_are_made_in_their_directory_and_nowhere_else(void **state)
{
	const char *input = scratch_path("in/a"), *files = scratch_path("files");
	const struct sandbox sandbox = { .inputs = &input, .n_inputs = 1, .files_directory = files };

	(void)state;
	need_landlock();
	write_file(scratch_path("files/old"), "", 0);
	assert_int_equal(inside(&sandbox, make_files), 0);
	assert_true(bytes_equal(read_file(scratch_path("files/new")), BYTES("new\0\0")));
	assert_true(bytes_equal(read_file(scratch_path("in/a")), BYTES("evidence")));
}

static void *say_seven(void *context)
{
	*(int *)context = 7;
	return NULL;
}

static int make_thread(void)
{
	pthread_t thread;
	int said = 0;

	if (pthread_create(&thread, NULL, say_seven, &said) != 0 || pthread_join(thread, NULL) != 0)
		return 1;
	return said == 7 ? 0 : 2;
}

static void threads_may_be_made(void **state)
{
	(void)state;
	need_seccomp();
	assert_int_equal(inside(&(struct sandbox){ .n_inputs = 0 }, make_thread), 0);
}

static int die(void)
{
	abort();
}

static void a_failed_assertion_still_ends_the_process(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	need_seccomp();
	pid = fork();
	if (pid == 0) {
		sandbox_enter(&(struct sandbox){ .n_inputs = 0 });
		_exit(die());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* --- the program --------------------------------------------------------------------------------- */

/* How many filters a process is under; -1 where the kernel does not say. */
static int filters_of(const char *pid)
{
	char path[64];
	const char *line;
	int n = -1;

	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	line = strstr((const char *)read_file(path).data, "\nSeccomp_filters:");
	if (line)
		sscanf(line, "\nSeccomp_filters: %d", &n);
	return n;
}

/* The same of a program that waits for its input, which it has begun to read. */
static int filters_of_program(const char *option)
{
	const char *program = getenv("COLDCASE");
	int input[2], waiting = 1, n;
	char number[16];
	pid_t pid;

	assert_int_equal(pipe2(input, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(input[0], 0);
		dup2(null, 1);
		dup2(null, 2);
		execl(program ? program : "build/coldcase", "coldcase", "show", "-", option, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(write(input[1], "x", 1), 1);
	for (int i = 0; waiting && i < 600; i++) {
		assert_int_equal(ioctl(input[1], FIONREAD, &waiting), 0);
		usleep(20000);
	}
	assert_int_equal(waiting, 0);
	snprintf(number, sizeof(number), "%d", (int)pid);
	n = filters_of(number);
	close(input[0]);
	close(input[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return n;
}

/* One filter more than this program, which may be under some itself: in a container it is. */
static void the_program_is_in_it_unless_it_is_asked_not_to(void **state)
{
	int ours = filters_of("self");

	(void)state;
	need_seccomp();
	need(ours >= 0, "the kernel does not say which filters a process is under");
	assert_int_equal(filters_of_program("--quiet"), ours + 1);
	assert_int_equal(filters_of_program("--no-sandbox"), ours);
}

static void the_version_tells_what_holds(void **state)
{
	struct sandbox_state support = sandbox_support();
	struct outcome outcome = run("--version", NULL);
	const char *line = strstr((const char *)outcome.out.data, "\nsandbox: ");

	(void)state;
	assert_non_null(line);
	assert_int_equal(strstr(line, "seccomp") != NULL && !strstr(line, "off"), support.seccomp);
	assert_int_equal(strstr(line, "Landlock (version ") != NULL, support.landlock_abi > 0);
	assert_int_equal(strstr(line, "sanitizer") != NULL, support.sanitized);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_possible_outside),
		cmocka_unit_test(what_is_not_reading_is_forbidden),
		cmocka_unit_test(processes_are_looked_at_and_nothing_is_written),
		cmocka_unit_test(a_directory_and_what_is_beside_it_can_be_read),
		cmocka_unit_test(of_a_file_only_itself_can_be_read),
		cmocka_unit_test(an_output_is_put_in_its_place_and_nowhere_else),
		cmocka_unit_test(files_are_made_in_their_directory_and_nowhere_else),
		cmocka_unit_test(threads_may_be_made),
		cmocka_unit_test(a_failed_assertion_still_ends_the_process),
		cmocka_unit_test(the_program_is_in_it_unless_it_is_asked_not_to),
		cmocka_unit_test(the_version_tells_what_holds),
	};

	return run_all(tests);
}
