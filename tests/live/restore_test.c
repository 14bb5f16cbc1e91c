/*
 * check against CRIU itself: a task of this test's is dumped, the host is changed beneath it, and "check --host" says
 * whether the restore that follows will work.
 *
 * Tasks have the pids of the host and get them back there. CRIU is $CRIU, or what "tests/live/get-criu build/criu" made;
 * without it, or where it cannot work, "SKIPPED: live: ..." says so.
 */
#include "tests/support/corrupt.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "decoders/base/size.h"
#include "tests/live/criu.h"

enum { OWN_FD = 3, PORT = 47123 };

static pid_t task;            /* the one at hand */
static const char *file_path; /* that it has open */
static int taken = -1;        /* a socket of the test's own */

/* --- what the task has -------------------------------------------------------------------------------------- */

static void has_file(void)
{
	if (open(file_path, O_RDWR | O_CREAT, 0600) != OWN_FD || write(OWN_FD, "content", 7) != 7)
		_exit(1);
}

static void has_lock(void)
{
	has_file();
	if (flock(OWN_FD, LOCK_EX) < 0)
		_exit(1);
}

static void has_removed_file(void)
{
	has_file();
	unlink(file_path);
}

static int listen_at(const char *address)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, address, &to.sin_addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)) < 0 || listen(fd, 1) < 0)
		_exit(1);
	return fd;
}

static void listens(void)
{
	listen_at("0.0.0.0");
}

#define ADDRESS "10.213.77.9"

/* A second address of the loopback device, for as long as it is up. */
static void set_address(bool up)
{
	struct ifreq request = { .ifr_name = "lo:77" };
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	inet_pton(AF_INET, ADDRESS, &address.sin_addr);
	memcpy(&request.ifr_addr, &address, sizeof(address));
	if (up)
		(void)ioctl(fd, SIOCSIFADDR, &request);
	else
		(void)ioctl(fd, SIOCGIFFLAGS, &request);
	request.ifr_flags = (short)(up ? request.ifr_flags : request.ifr_flags & ~IFF_UP);
	if (!up)
		(void)ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
}

static void listens_at_address(void)
{
	set_address(true);
	listen_at(ADDRESS);
}

/* --- what happens to the host --------------------------------------------------------------------------------- */

static void remove_file(void)
{
	assert_int_equal(unlink(file_path), 0);
}

static void grow_file(void)
{
	assert_int_equal(truncate(file_path, 8), 0);
}

static void rewrite_file(void) /* with what has the same size */
{
	write_file(file_path, "CONTENT", 7);
}

static void take_port(void)
{
	taken = listen_at("127.0.0.1");
}

static void take_address(void)
{
	set_address(false);
}

/* The pid is made to be the next one, and somebody is born. */
static void take_pid(void)
{
	for (int i = 0; i < 100 && kill(task, 0) != 0; i++) {
		FILE *last = fopen("/proc/sys/kernel/ns_last_pid", "w");
		pid_t pid;

		if (last) {
			fprintf(last, "%d", task - 1);
			fclose(last);
		}
		pid = fork();
		if (pid == 0)
			for (;;)
				pause();
		if (pid != task) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
	}
	assert_int_equal(kill(task, 0), 0);
}

/* --- dump and restore ------------------------------------------------------------------------------------------- */

static _Noreturn void be_dumped(void (*has)(void))
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	for (int fd = 0; fd <= 2; fd++)
		dup2(null, fd);
	close_range(3, ~0U, 0);
	if (has)
		has();
	for (;;)
		pause();
}

/* False: there can be none here. */
static bool dump_task(const char *directory, void (*has)(void))
{
	char number[16];
	int status;

	task = fork();
	if (task == 0)
		be_dumped(has);
	assert_true(task > 0);
	snprintf(number, sizeof(number), "%d", task);
	usleep(200000);
	assert_int_equal(mkdir(directory, 0777), 0);
	status = run_criu(WORD("dump"), WORD("-t"), number, WORD("-D"), WORD(directory), WORD("-v1"), WORD("-o"),
			  WORD("dump.log"), WORD("--network-lock"), WORD("skip"), WORD("--file-locks"),
			  WORD("--manage-cgroups=ignore"));
	kill(task, SIGKILL);
	waitpid(task, NULL, 0);
	return status == 0;
}

/* The restored task becomes a child of this test, as whoever adopts orphans. */
static bool is_restored(const char *directory, const char *option)
{
	int status = run_criu(WORD("restore"), WORD("-D"), WORD(directory), WORD("-v1"), WORD("-o"), WORD("restore.log"),
			      WORD("-d"), WORD("--manage-cgroups=ignore"), WORD(option ? option : "--ext-unix-sk"));

	if (kill(task, 0) == 0) {
		kill(task, SIGKILL);
		waitpid(task, NULL, 0);
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return status == 0;
}

/* --- verdicts ------------------------------------------------------------------------------------------------------ */

static const struct condition {
	const char *name;
	void (*has)(void), (*happens)(void);
	const char *assumed, *option; /* what the restore is given, as check and as CRIU call it */
	const char *rule;             /* that is an error then; NULL: nothing is */
	struct changed changed;       /* of the images */
} conditions[] = {
	{ "nothing", NULL, NULL, "none", NULL, NULL, { 0 } },
	{ "a file", has_file, NULL, "none", NULL, NULL, { 0 } },
	{ "a file, rewritten", has_file, rewrite_file, "none", NULL, NULL, { 0 } },
	{ "a file, gone", has_file, remove_file, "none", NULL, "host-file-missing", { 0 } },
	{ "a file, grown", has_file, grow_file, "none", NULL, "host-file-size", { 0 } },
	{ "a removed file", has_removed_file, NULL, "none", NULL, NULL, { 0 } },
	{ "a lock, without the option", has_lock, NULL, "none", NULL, NULL, { 0 } }, /* it is lost */
	{ "a lock, with the option", has_lock, NULL, "file-locks", "--file-locks", NULL, { 0 } },
	{ "a port", listens, NULL, "none", NULL, NULL, { 0 } },
	{ "a port, taken", listens, take_port, "none", NULL, "host-port-taken", { 0 } },
	{ "an address", listens_at_address, NULL, "none", NULL, NULL, { 0 } },
	{ "an address, gone", listens_at_address, take_address, "none", NULL, "host-address-missing", { 0 } },
	{ "a pid, taken", NULL, take_pid, "none", NULL, "host-pid-taken", { 0 } },
	{ "no core", NULL, NULL, "none", NULL, "img-missing-member", { "core-PID.img", DELETE, NULL, NULL } },
	{ "pages in a parent that is not there", NULL, NULL, "none", NULL, "parent-missing",
	  { "pagemap-PID.img", SET, "/entries/1/flags", "1" } },
	{ "no inventory", NULL, NULL, "none", NULL, "img-inventory-missing", { "inventory.img", DELETE, NULL, NULL } },
};

/* Which errors there are: "RULE RULE". */
static const char *errors_of(const char *directory, const struct condition *condition)
{
	static char rules[4096];
	struct outcome outcome = run("check", directory, "--host", "--root", "/", "--profile", "plain-criu", "--assume",
				     condition->assumed, "--ignore", scratch_path("ignore"), "--format", "json", NULL);
	struct json_object *report = json_parse(outcome.out), *list, *value, *severity;

	rules[0] = '\0';
	if (!report)
		fail_msg("check says: %s", (const char *)outcome.err.data);
	assert_true(json_object_object_get_ex(report, "findings", &list));
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *finding = json_object_array_get_idx(list, i);

		json_object_object_get_ex(finding, "rule", &value);
		json_object_object_get_ex(finding, "severity", &severity);
		if (!strcmp(json_object_get_string(severity), "error") ||
		    !strcmp(json_object_get_string(severity), "blocker"))
			snprintf(rules + strlen(rules), sizeof(rules) - strlen(rules), "%s ",
				 json_object_get_string(value));
	}
	json_object_put(report);
	return rules;
}

static bool is_foretold(const struct condition *condition, size_t i)
{
	const char *images = scratch_path("images-%zu", i), *errors;
	struct changed changed = condition->changed;
	char name[64];
	bool restored;

	file_path = scratch_path("file-%zu", i);
	assert_true(dump_task(images, condition->has));
	if (changed.file) {
		const char *at = strstr(changed.file, "PID");

		snprintf(name, sizeof(name), at ? "%.*s%d%s" : "%.*s", (int)(at ? at - changed.file : 63), changed.file,
			 task, at ? at + 3 : "");
		changed.file = name;
		apply(images, &changed);
	}
	if (condition->happens)
		condition->happens();
	errors = errors_of(images, condition);
	restored = is_restored(images, condition->option);
	if (taken >= 0)
		close(taken);
	taken = -1;
	printf("%-40s %s, errors: %s\n", condition->name, restored ? "restored" : "not restored", errors);
	return restored == !*errors && (!condition->rule || strstr(errors, condition->rule));
}

static void check_says_what_criu_does(void **state)
{
	static const char given[] = "host-no-criu # it is in no package\nhost-criu-too-old # another one is used\n";
	const char *reason = criu_is_missing();
	size_t wrong = 0;

	(void)state;
	if (!reason && !dump_task(scratch_path("first"), NULL))
		reason = "no task can be dumped here";
	if (reason) {
		printf("SKIPPED: live: %s\n", reason);
		skip();
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	write_file(scratch_path("ignore"), given, sizeof(given) - 1);
	for (size_t i = 0; i < ARRAY_SIZE(conditions); i++)
		wrong += !is_foretold(&conditions[i], i);
	set_address(false);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_says_what_criu_does),
	};

	return run_all(tests);
}
