/*
 * check --pid against CRIU itself: a process is put into a condition, check looks at it while it runs, and then CRIU
 * dumps the same process and leaves it running. Where check finds a blocker or an error CRIU refuses, and where it
 * finds none CRIU dumps, in both directions; each condition has a twin without it that both find good.
 *
 * CRIU is $CRIU, or what "tests/live/get-criu build/criu" made; without it, or where it cannot work, "SKIPPED: live:
 * ..." says so. So it does for a condition that this kernel has no means for.
 */
#include "tests/live/conditions.h"
#include "tests/live/criu.h"

/* --- running it ------------------------------------------------------------------------------------------------ */

static bool criu_dumps(pid_t pid, const char *images)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", pid);
	assert_true(mkdir(images, 0777) == 0);
	return run_criu(WORD("dump"), WORD("-t"), number, WORD("-D"), WORD(images), WORD("-v1"), WORD("-o"), WORD("dump.log"),
			WORD("--leave-running"), WORD("--network-lock"), WORD("skip"), WORD("--manage-cgroups=ignore")) == 0;
}

struct started {
	pid_t pid;
	int master; /* of its terminal, or -1 */
};

/* The program once more, with its files out of the mounts that there are now. */
static _Noreturn void hold(const char *file, const char *over)
{
	int null = open("/dev/null", O_RDWR);
	bool can = true;

	for (int fd = 0; fd <= 2; fd++)
		dup2(null, fd);
	close(null);
	if (*file)
		can = open(file, O_RDWR | O_CREAT, 0600) >= 0;
	if (*over)
		can = can && mount("over", over, "tmpfs", 0, NULL) == 0;
	if (write(3, can ? "y" : "n", 1) != 1)
		_exit(1);
	close(3);
	wait_forever();
}

static _Noreturn void be(size_t i, bool on, int ready, int terminal)
{
	bool is_terminal = on && conditions[i].how & ON_TERMINAL, can;
	int null = open("/dev/null", O_RDWR);

	if (!on || !(conditions[i].how & SESSION_OF_ANOTHER))
		setsid();
	if (is_terminal)
		ioctl(terminal, TIOCSCTTY, 0);
	for (int fd = 0; fd <= 2; fd++)
		dup2(is_terminal ? terminal : null, fd);
	ready = fcntl(ready, F_DUPFD, 10);
	outside = fcntl(outside, F_DUPFD, 10);
	if (dup2(ready, 3) < 0 || dup2(outside, 4) < 0)
		_exit(1);
	outside = 4;
	close_range(5, ~0U, 0);
	can = conditions[i].be(on);
	close(outside);
	if (can && conditions[i].how & OF_MOUNTS) {
		execl(own_program, own_program, "hold", held, mounted_over, (char *)NULL);
		can = false;
	}
	if (write(3, can ? "y" : "n", 1) != 1)
		_exit(1);
	close(3);
	if (on && conditions[i].how & LEADER_ENDS)
		pthread_exit(NULL);
	wait_forever();
}

/* False: this kernel has no means for it. */
static bool start(size_t i, bool on, struct started *ret)
{
	int ready[2], slave = -1;
	char answer = 'n';

	*ret = (struct started){ .master = -1 };
	assert_true(pipe2(ready, O_CLOEXEC) == 0);
	if (conditions[i].how & ON_TERMINAL && openpty(&ret->master, &slave, NULL, NULL, NULL) < 0)
		return false;
	ret->pid = fork();
	if (ret->pid == 0)
		be(i, on, ready[1], slave);
	close(ready[1]);
	if (slave >= 0)
		close(slave);
	if (read(ready[0], &answer, 1) != 1)
		answer = 'n';
	close(ready[0]);
	if (on && conditions[i].how & TRACED && ptrace(PTRACE_SEIZE, ret->pid, NULL, NULL) < 0)
		answer = 'n';
	usleep(100000);
	return answer == 'y';
}

/* Its children are in its session, or in none of ours: all of them are looked for. */
static void end(const struct started *started)
{
	char path[64], list[4096];
	FILE *children;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", started->pid, started->pid);
	children = fopen(path, "r");
	if (children && fgets(list, sizeof(list), children))
		for (char *word = strtok(list, " "); word; word = strtok(NULL, " "))
			kill(atoi(word), SIGKILL);
	if (children)
		fclose(children);
	kill(started->pid, SIGKILL);
	waitpid(started->pid, NULL, __WALL);
	if (started->master >= 0)
		close(started->master);
}

/* --- verdicts --------------------------------------------------------------------------------------------------- */

/* The status of check: 1 where it finds an error or worse, 0 where it does not. *RET_SPEAKS: so does the rule. */
static int check_status(pid_t pid, const char *rule, bool *ret_speaks)
{
	char number[16], wanted[64];
	struct outcome outcome;

	snprintf(number, sizeof(number), "%d", pid);
	outcome = run("check", "--pid", number, "--format", "jsonl", NULL);
	if (outcome.status != 0 && outcome.status != 1)
		printf("%s\n", (const char *)outcome.err.data);
	snprintf(wanted, sizeof(wanted), "\"rule\": \"%s\"", rule ? rule : "");
	*ret_speaks = rule && strstr((const char *)outcome.out.data, wanted);
	return outcome.status;
}

/* The first error in its log is why CRIU refused. */
static void print_reason(const char *images)
{
	char path[512], line[1024];
	FILE *log;

	snprintf(path, sizeof(path), "%s/dump.log", images);
	log = fopen(path, "r");
	while (log && fgets(line, sizeof(line), log))
		if (strstr(line, "Error (") && !strstr(line, "RLIMIT_NOFILE")) {
			printf("    %s", line);
			break;
		}
	if (log)
		fclose(log);
}

static size_t n_judged;

/* How many of the verdicts are wrong. */
static unsigned judge(size_t i, bool on)
{
	bool must_be_bad = on && !(conditions[i].how & (BOTH_GOOD | NOT_TO_BE_SEEN)), found, speaks, dumped;
	struct started started;
	const char *images;
	unsigned wrong = 0;
	int status;

	if (!start(i, on, &started)) {
		end(&started);
		printf("SKIPPED: live: %s: there is no way to it here\n", conditions[i].name);
		return 0;
	}
	n_judged++;
	status = check_status(started.pid, conditions[i].rule, &speaks);
	found = status == 1;
	images = scratch_path("images-%zu-%d", i, on);
	dumped = criu_dumps(started.pid, images);
	end(&started);
	wrong += status != 0 && status != 1;
	wrong += found == dumped && !(conditions[i].how & NOT_TO_BE_SEEN);
	wrong += conditions[i].rule && speaks != on;
	wrong += found != must_be_bad;
	printf("%-24s %-4s check: %s, criu: %s%s%s\n", conditions[i].name, on ? "on" : "off", found ? "bad" : "good",
	       dumped ? "dumped" : "refused", conditions[i].rule && speaks != on ? ", and the rule does not fit" : "",
	       wrong ? "   WRONG" : "");
	if (!dumped)
		print_reason(images);
	return wrong;
}

static void start_sharer(void)
{
	sharer = fork();
	if (sharer == 0) {
		if (own_namespace() && new_mount("slave"))
			(void)mount(NULL, file_at("slave"), NULL, MS_SHARED, NULL);
		wait_forever();
	}
	usleep(100000);
}

/* What the processes are connected to. */
static void open_outside(int ret[3])
{
	const char *path = file_at("datagrams");
	int pair[2];

	assert_true(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	outside = pair[0];
	ret[0] = pair[1];
	ret[1] = listening(&outside_address);
	assert_true(ret[1] >= 0);
	ret[2] = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(strlen(path) < sizeof(outside_name.sun_path));
	memcpy(outside_name.sun_path, path, strlen(path));
	assert_true(ret[2] >= 0 && bind(ret[2], (struct sockaddr *)&outside_name, sizeof(outside_name)) == 0);
}

static void check_says_what_criu_does(void **state)
{
	const char *reason = criu_is_missing();
	unsigned wrong = 0;
	int peers[3];

	(void)state;
	if (reason) {
		printf("SKIPPED: live: %s\n", reason);
		skip();
	}
	snprintf(directory, sizeof(directory), "%s", scratch_path("files"));
	assert_true(mkdir(directory, 0777) == 0);
	open_outside(peers);
	start_sharer();
	for (size_t i = 0; i < ARRAY_SIZE(conditions); i++) {
		wrong += judge(i, false);
		wrong += judge(i, true);
	}
	for (size_t i = 0; i < 3; i++)
		close(peers[i]);
	kill(sharer, SIGKILL);
	waitpid(sharer, NULL, 0);
	assert_true(n_judged > ARRAY_SIZE(conditions)); /* of each condition two */
	assert_int_equal(wrong, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_says_what_criu_does),
	};
	int status;

	own_program = realpath(argv[0], NULL);
	if (!own_program)
		return 1;
	if (argc == 4 && !strcmp(argv[1], "hold"))
		hold(argv[2], argv[3]);
	status = run_all(tests);
	free(own_program);
	return status;
}
