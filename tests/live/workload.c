/*
 * workload DIRECTORY [WORD...]: a process with children, threads, files, sockets and memory of many
 * kinds, made to be dumped. What it did it tells on standard output, a line of JSON for each thing
 * (the lines that the cases of tests/interop have in truth.json), and "ready" at the end. Then
 * every process of it closes its end of that pipe and sleeps: after the end of the pipe nothing
 * changes.
 *
 * The kernel ends it with its parent, so that no test leaves it behind.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *directory;
static pid_t main_pid;

/* --- telling ---------------------------------------------------------------------------------- */

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "workload: %s: %s\n", what, strerror(errno));
	_exit(1);
}

#define MUST(call) ({ long result_ = (long)(call); if (result_ < 0) die(#call); result_; })

/* {"type": TYPE, "pid": the main process, MORE} */
__attribute__((format(printf, 2, 3))) static void tell(const char *type, const char *more, ...)
{
	va_list args;

	printf("{\"type\":\"%s\",\"pid\":%d,", type, main_pid);
	va_start(args, more);
	vprintf(more, args);
	va_end(args);
	puts("}");
}

static const char *path_of(const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		die("asprintf");
	return path;
}

/* A closed pipe is how the test knows that this process has settled. */
static _Noreturn void settle(void)
{
	dup2(STDIN_FILENO, STDOUT_FILENO); /* both /dev/null now */
	for (;;)
		pause();
}

/* --- files ------------------------------------------------------------------------------------ */

enum { FILE_SIZE = 10000, GHOST_SIZE = 5000, MEMFD_SIZE = 20480 };

static int make_file(const char *path, int flags, size_t size)
{
	int fd = (int)MUST(open(path, O_CREAT | O_TRUNC | O_RDWR, 0640));

	for (size_t i = 0; i < size; i++)
		MUST(write(fd, &"0123456789"[i % 10], 1));
	close(fd);
	return (int)MUST(open(path, flags));
}

static void open_regular_files(void)
{
	const char *path = path_of("plain file"); /* with a space */
	int fd = make_file(path, O_RDWR, FILE_SIZE), twin, appended;

	MUST(lseek(fd, 1234, SEEK_SET));
	twin = (int)MUST(dup(fd));
	tell("fd", "\"fd\":%d,\"kind\":\"reg\",\"path\":\"%s\",\"pos\":1234,\"size\":%d,"
	     "\"cloexec\":false", fd, path, FILE_SIZE);
	tell("fd", "\"fd\":%d,\"kind\":\"reg\",\"path\":\"%s\",\"pos\":1234,\"dup_of_fd\":%d", twin,
	     path, fd);
	path = path_of("appended");
	appended = make_file(path, O_WRONLY | O_APPEND | O_CLOEXEC, 10);
	MUST(write(appended, "more", 4));
	/* No size: CRIU notes that of a file only where the descriptor may read it. */
	tell("fd", "\"fd\":%d,\"kind\":\"reg\",\"path\":\"%s\",\"pos\":14,\"cloexec\":true",
	     appended, path);
}

static void open_other_files(void)
{
	const char *path = path_of("deleted");
	int fd = make_file(path, O_RDWR, GHOST_SIZE);

	MUST(lseek(fd, 4000, SEEK_SET));
	MUST(unlink(path));
	tell("fd", "\"fd\":%d,\"kind\":\"ghost\",\"path\":\"%s\",\"pos\":4000,\"size\":%d,"
	     "\"deleted\":true", fd, path, GHOST_SIZE);
	fd = (int)MUST(open(directory, O_RDONLY | O_DIRECTORY));
	tell("fd", "\"fd\":%d,\"kind\":\"dir\",\"path\":\"%s\"", fd, directory);
	fd = (int)MUST(open(directory, O_PATH));
	tell("fd", "\"fd\":%d,\"kind\":\"o_path\",\"path\":\"%s\"", fd, directory);
	fd = (int)MUST(open("/dev/zero", O_RDWR | O_NONBLOCK));
	tell("fd", "\"fd\":%d,\"kind\":\"chr\",\"path\":\"/dev/zero\"", fd);
}

static void open_pipes(void)
{
	static const char unread[3000];
	const char *path = path_of("fifo");
	int ends[2], fifo;

	MUST(pipe(ends));
	MUST(write(ends[1], unread, sizeof(unread)));
	tell("fd", "\"fd\":%d,\"kind\":\"pipe\",\"unread\":3000", ends[0]);
	tell("fd", "\"fd\":%d,\"kind\":\"pipe\"", ends[1]);
	MUST(pipe2(ends, O_NONBLOCK | O_CLOEXEC));
	MUST(write(ends[1], "the writer is gone", 18));
	close(ends[1]);
	tell("fd", "\"fd\":%d,\"kind\":\"pipe\",\"unread\":18,\"cloexec\":true", ends[0]);
	MUST(mkfifo(path, 0600));
	fifo = (int)MUST(open(path, O_RDWR));
	MUST(write(fifo, "unread", 6));
	tell("fd", "\"fd\":%d,\"kind\":\"fifo\",\"path\":\"%s\",\"unread\":6", fifo, path);
}

/* The timer goes off in a year, so it stays as it is. */
static void open_event_files(void)
{
	struct itimerspec year = { .it_value.tv_sec = 365 * 24 * 3600 };
	int event = (int)MUST(eventfd(12345, EFD_NONBLOCK));
	int timer = (int)MUST(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
	int epoll = (int)MUST(epoll_create1(0)), signals;
	struct epoll_event watch = { .events = EPOLLIN, .data.u64 = 0xfeedfacecafebeef };
	sigset_t set;

	MUST(timerfd_settime(timer, 0, &year, NULL));
	MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, event, &watch));
	MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &watch));
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	signals = (int)MUST(signalfd(-1, &set, 0));
	tell("fd", "\"fd\":%d,\"kind\":\"eventfd\"", event);
	tell("fd", "\"fd\":%d,\"kind\":\"timerfd\",\"cloexec\":true", timer);
	tell("fd", "\"fd\":%d,\"kind\":\"epoll\"", epoll);
	tell("fd", "\"fd\":%d,\"kind\":\"signalfd\"", signals);
}

/* --- sockets ---------------------------------------------------------------------------------- */

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

/* The loopback address, and a port that the kernel chooses: nobody else's. */
static union address loopback(int family)
{
	union address address = { .any.sa_family = (sa_family_t)family };

	if (family == AF_INET6)
		address.in6.sin6_addr = in6addr_loopback;
	else
		address.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static union address own_address(int fd)
{
	union address address;
	socklen_t len = sizeof(address);

	MUST(getsockname(fd, &address.any, &len));
	return address;
}

/* The port lies at the same place in both families. */
static int port_of(int fd)
{
	return ntohs(own_address(fd).in.sin_port);
}

static int bound_socket(int family, int type)
{
	union address address = loopback(family);
	int fd = (int)MUST(socket(family, type, 0));

	MUST(bind(fd, &address.any, sizeof(address)));
	return fd;
}

static int connected_socket(int type, int to)
{
	union address address = own_address(to);
	int fd = (int)MUST(socket(address.any.sa_family, type, 0));

	MUST(connect(fd, &address.any, sizeof(address)));
	return fd;
}

/* Sends, and waits until all has arrived and is acknowledged. */
static void send_to_peer(int fd, int peer, size_t n)
{
	int arrived = 0, unacknowledged = 1;
	char data[8192] = { 0 };

	MUST(send(fd, data, n, 0));
	while (arrived < (int)n || unacknowledged) {
		usleep(1000);
		MUST(ioctl(peer, SIOCINQ, &arrived));
		MUST(ioctl(fd, SIOCOUTQ, &unacknowledged));
	}
}

static void tell_connection(int fd, int peer, int unread)
{
	tell("socket", "\"fd\":%d,\"kind\":\"tcp-established\",\"peer_fd\":%d,"
	     "\"local\":[\"127.0.0.1\",%d],\"remote\":[\"127.0.0.1\",%d],\"unread\":%d,\"outq\":0",
	     fd, peer, port_of(fd), port_of(peer), unread);
}

static void open_tcp(void)
{
	int listener = bound_socket(AF_INET, SOCK_STREAM), client, server;

	MUST(listen(listener, 17));
	client = connected_socket(SOCK_STREAM, listener);
	server = (int)MUST(accept(listener, NULL, NULL));
	send_to_peer(client, server, 5000);
	send_to_peer(server, client, 1234);
	tell("socket", "\"fd\":%d,\"kind\":\"tcp-listen\",\"addr\":\"127.0.0.1\",\"port\":%d,"
	     "\"backlog\":17", listener, port_of(listener));
	tell_connection(client, server, 1234);
	tell_connection(server, client, 5000);
}

/* Where the machine has IPv6. */
static void open_tcp6(void)
{
	union address address = loopback(AF_INET6);
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return;
	if (bind(fd, &address.any, sizeof(address)) < 0) {
		close(fd);
		return;
	}
	MUST(listen(fd, 5));
	tell("socket", "\"fd\":%d,\"kind\":\"tcp-listen\",\"family\":\"inet6\",\"addr\":\"::1\","
	     "\"port\":%d,\"backlog\":5", fd, port_of(fd));
}

static void open_udp(void)
{
	int fd = bound_socket(AF_INET, SOCK_DGRAM), connected = connected_socket(SOCK_DGRAM, fd);

	tell("socket", "\"fd\":%d,\"kind\":\"udp-bound\",\"local\":[\"127.0.0.1\",%d]", fd,
	     port_of(fd));
	tell("socket", "\"fd\":%d,\"kind\":\"udp-connected\",\"local\":[\"127.0.0.1\",%d],"
	     "\"remote\":[\"127.0.0.1\",%d]", connected, port_of(connected), port_of(fd));
}

static void tell_pair(const int *fds, const char *type, const char *unread)
{
	tell("socket", "\"fd\":%d,\"kind\":\"unix-pair\",\"stype\":\"%s\",\"peer_fd\":%d", fds[0],
	     type, fds[1]);
	tell("socket", "\"fd\":%d,\"kind\":\"unix-pair\",\"stype\":\"%s\",\"peer_fd\":%d,%s",
	     fds[1], type, fds[0], unread);
}

static void open_unix_pairs(void)
{
	static const char data[7000];
	int fds[2];

	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	MUST(write(fds[0], data, sizeof(data)));
	tell_pair(fds, "stream", "\"unread\":7000");
	MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds));
	MUST(write(fds[0], "one", 3));
	MUST(write(fds[0], "twotwo", 6));
	tell_pair(fds, "seqpacket", "\"unread_packets\":[\"one\",\"twotwo\"]");
	MUST(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, fds));
	MUST(write(fds[0], "datagram", 8));
	tell_pair(fds, "dgram", "\"unread_datagrams\":[\"datagram\"]");
}

static void open_named_unix(void)
{
	union address address = { .un.sun_family = AF_UNIX };
	int listener = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
	int client = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), server;

	snprintf(address.un.sun_path, sizeof(address.un.sun_path), "%s/socket", directory);
	MUST(bind(listener, &address.any, sizeof(address.un)));
	MUST(listen(listener, 9));
	MUST(connect(client, &address.any, sizeof(address.un)));
	server = (int)MUST(accept(listener, NULL, NULL));
	MUST(write(client, "to the server", 13));
	tell("socket", "\"fd\":%d,\"kind\":\"unix-listen\",\"stype\":\"stream\",\"name\":\"%s\","
	     "\"backlog\":9", listener, address.un.sun_path);
	tell("socket", "\"fd\":%d,\"kind\":\"unix-established\",\"stype\":\"stream\","
	     "\"peer_fd\":%d", client, server);
	tell("socket", "\"fd\":%d,\"kind\":\"unix-established\",\"stype\":\"stream\","
	     "\"name\":\"%s\",\"peer_fd\":%d,\"unread\":13", server, address.un.sun_path, client);
}

/* --- memory ----------------------------------------------------------------------------------- */

/* Places apart from each other, so that no two mappings become one; below 2^39 for all machines. */
enum { PAGE = 65536 /* or a part of it, on any machine */ };
static const uintptr_t first_place = 0x2100000000;

static char *map(int place, int prot, int flags, int fd, off_t offset)
{
	void *wanted = (void *)(first_place + (uintptr_t)place * 0x1000000);
	void *found = mmap(wanted, 2 * PAGE, prot, flags, fd, offset);

	if (found == MAP_FAILED || found != wanted)
		die("mmap");
	return found;
}

/* Text in the middle of the second page. */
static void mark(char *memory, const char *text)
{
	char *place = strcpy(memory + PAGE + 100, text);

	tell("marker", "\"addr\":\"0x%" PRIxPTR "\",\"mapping\":\"0x%" PRIxPTR "\",\"text\":\"%s\"",
	     (uintptr_t)place, (uintptr_t)memory, text);
}

static void map_anonymous(void)
{
	char *hidden = map(1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mark(map(0, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
	     "MARK-ANONYMOUS-MEMORY");
	mark(hidden, "MARK-READ-ONLY-MEMORY");
	MUST(mprotect(hidden, 2 * PAGE, PROT_READ));
	map(2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void map_files(void)
{
	int fd = make_file(path_of("mapped"), O_RDWR, 0), memfd;
	struct stat st;

	MUST(ftruncate(fd, 4 * PAGE));
	mark(map(3, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, PAGE), "MARK-PRIVATE-FILE");
	map(4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 2 * PAGE)[0] = 1;
	map(5, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	close(fd);
	fd = make_file(path_of("mapped and deleted"), O_RDWR, 0);
	MUST(ftruncate(fd, 2 * PAGE));
	map(6, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	MUST(unlink(path_of("mapped and deleted")));
	memfd = (int)MUST(syscall(SYS_memfd_create, "live", 0));
	MUST(ftruncate(memfd, MEMFD_SIZE));
	MUST(write(memfd, "in a memfd", 10));
	map(7, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
	MUST(fstat(memfd, &st));
	tell("fd", "\"fd\":%d,\"kind\":\"memfd\",\"pos\":10,\"size\":%d,\"held\":%" PRIdMAX, memfd,
	     MEMFD_SIZE, (intmax_t)st.st_blocks * 512);
}

/* Shared with the children, which come later. */
static void map_shared(void)
{
	char *memory = map(8, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	strcpy(memory, "shared");
	tell("shared_anon", "\"addr\":\"0x%" PRIxPTR "\",\"pids\":[%d]", (uintptr_t)memory,
	     main_pid);
}

/* --- processes -------------------------------------------------------------------------------- */

static pid_t start_child(const char *name)
{
	pid_t pid;

	fflush(stdout);
	pid = (pid_t)MUST(fork());
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != main_pid)
			_exit(1);
		prctl(PR_SET_NAME, name);
		return 0;
	}
	printf("{\"type\":\"task\",\"pid\":%d,\"comm\":\"%s\",\"ppid\":%d}\n", pid, name, main_pid);
	return pid;
}

static void start_sleeper(void)
{
	if (start_child("sleeper") == 0)
		settle();
}

static bool has_capability(int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	MUST(syscall(SYS_capget, &header, data));
	return data[capability / 32].effective >> capability % 32 & 1;
}

/*
 * Other credentials, another place, another mask. CRIU reads the limits of a task with other ids
 * only with CAP_SYS_RESOURCE, which root does not have in every container; groups do not matter.
 */
static void start_other_user(void)
{
	static const gid_t groups[] = { 2001, 2002 };
	bool may_have_other_ids = has_capability(CAP_SYS_RESOURCE);

	if (start_child("other user"))
		return;
	umask(027);
	MUST(chdir("/"));
	MUST(setgroups(2, groups));
	if (may_have_other_ids) {
		MUST(setresgid(1004, 1005, 1006));
		MUST(setresuid(1001, 1002, 1003));
	} else {
		setfsgid(1006);
		setfsuid(1003);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* which other credentials have undone */
	settle();
}

static void start_zombie(void)
{
	pid_t pid = start_child("zombie");

	if (pid == 0)
		_exit(42);
	MUST(waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT));
	printf("{\"type\":\"zombie\",\"pid\":%d,\"wait_status\":%d}\n", pid, 42 << 8);
}

static void start_stopped(void)
{
	pid_t pid = start_child("stopped");

	if (pid == 0) {
		dup2(STDIN_FILENO, STDOUT_FILENO);
		raise(SIGSTOP);
		settle();
	}
	MUST(waitid(P_PID, (id_t)pid, NULL, WSTOPPED | WNOWAIT));
	printf("{\"type\":\"stopped\",\"pid\":%d}\n", pid);
}

static pthread_barrier_t named;

static void *sleep_as(void *name)
{
	prctl(PR_SET_NAME, name);
	flockfile(stdout);
	tell("thread", "\"tid\":%d,\"comm\":\"%s\"", gettid(), (const char *)name);
	funlockfile(stdout);
	pthread_barrier_wait(&named);
	for (;;)
		pause();
	return NULL; /* never; compilers ask for it */
}

static void start_threads(void)
{
	static char names[][16] = { "first thread", "second thread" };
	pthread_t thread;

	pthread_barrier_init(&named, NULL, 3);
	for (size_t i = 0; i < 2; i++)
		if (pthread_create(&thread, NULL, sleep_as, names[i]) != 0)
			die("pthread_create");
	pthread_barrier_wait(&named);
}

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	tell("pending", "\"blocked\":[%d],\"pdeathsig\":%d", SIGUSR2, SIGKILL);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	directory = argv[1];
	main_pid = getpid();
	MUST(chdir(directory));
	umask(022);
	block_signals();
	start_sleeper(); /* with few descriptors */
	open_regular_files();
	open_other_files();
	open_pipes();
	open_event_files();
	open_tcp();
	open_tcp6();
	open_udp();
	open_unix_pairs();
	open_named_unix();
	map_anonymous();
	map_files();
	map_shared();
	start_other_user(); /* with all of the above */
	start_zombie();
	start_stopped();
	start_threads();
	puts("ready");
	fflush(stdout);
	settle();
}
