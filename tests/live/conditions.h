/*
 * Conditions that a process can be in, for preflight_test.c: a function each puts the process that it runs in into one,
 * or into its clean twin.
 */
#pragma once

#include "tests/support/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoders/base/size.h"

/* --- conditions ---------------------------------------------------------------------------------------------- */

/* In the process itself. ON: the condition, else its clean twin. False: this kernel has no means for it. */
typedef bool (*condition)(bool on);

static char directory[256]; /* for files of the conditions */

static const char *file_at(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static bool nothing(bool on)
{
	(void)on;
	return true;
}

/* --- kernel objects ------------------------------------------------------------------------------------------ */

static bool io_uring(bool on)
{
	uint8_t parameters[256] = { 0 };

	return !on || syscall(SYS_io_uring_setup, 4, parameters) >= 0;
}

static bool userfault(bool on)
{
	return !on || syscall(SYS_userfaultfd, O_CLOEXEC) >= 0;
}

static bool perf_event(bool on)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE, .size = sizeof(attr),
					.config = PERF_COUNT_SW_CPU_CLOCK };

	return !on || syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0) >= 0;
}

/* r0 = 0; exit */
static bool bpf_program(bool on)
{
	static const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
				.insns = (uint64_t)(uintptr_t)code, .insn_cnt = 2,
				.license = (uint64_t)(uintptr_t)"GPL" };

	return !on || syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr)) >= 0;
}

static bool landlock(bool on)
{
	uint64_t files = 1;

	return !on || syscall(444 /* landlock_create_ruleset */, &files, sizeof(files), 0) >= 0;
}

static bool secret_memory(bool on)
{
	return !on || syscall(447 /* memfd_secret */, 0) >= 0;
}

/* --- devices -------------------------------------------------------------------------------------------------- */

static bool character_device(bool on)
{
	static const char *const devices[] = { "/dev/loop-control", "/dev/fuse", "/dev/rtc0", "/dev/hwrng",
					       "/dev/vhost-vsock", "/dev/kvm", "/dev/cpu_dma_latency" };

	if (!on)
		return open("/dev/zero", O_RDWR) >= 0;
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		if (open(devices[i], O_RDONLY) >= 0)
			return true;
	return false;
}

static bool block_device(bool on)
{
	static const char *const devices[] = { "/dev/vda", "/dev/sda", "/dev/nvme0n1", "/dev/loop0" };

	for (size_t i = 0; on && i < ARRAY_SIZE(devices); i++)
		if (open(devices[i], O_RDONLY) >= 0)
			return true;
	return !on;
}

/* --- sockets -------------------------------------------------------------------------------------------------- */

static bool kernel_crypto(bool on)
{
	return !on || socket(38 /* AF_ALG */, SOCK_SEQPACKET, 0) >= 0;
}

static bool vsock(bool on)
{
	return !on || socket(40 /* AF_VSOCK */, SOCK_STREAM, 0) >= 0;
}

static bool multipath(bool on)
{
	return socket(AF_INET, SOCK_STREAM, on ? 262 /* IPPROTO_MPTCP */ : IPPROTO_TCP) >= 0;
}

/* A socket that listens on a port of loopback; *RET_ADDRESS is it. */
static int listening(struct sockaddr_in *ret_address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(*ret_address);

	*ret_address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)ret_address, sizeof(*ret_address)) < 0 || listen(fd, 8) < 0 ||
	    getsockname(fd, (struct sockaddr *)ret_address, &len) < 0)
		return -1;
	return fd;
}

static int connected(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ? fd : -1;
}

static bool connection_inside(bool on)
{
	struct sockaddr_in address;
	int listener = listening(&address);

	return listener >= 0 && (!on || (connected(&address) >= 0 && accept(listener, NULL, NULL) >= 0));
}

static bool not_accepted(bool on)
{
	struct sockaddr_in address;
	int listener = listening(&address), client;

	if (listener < 0 || !on)
		return listener >= 0;
	client = connected(&address);
	if (client < 0)
		return false;
	close(client); /* only what waits at the listener is left */
	return true;
}

/* What the process had when it was started is the peer's, which lives in the test. */
static int outside = -1;
static struct sockaddr_in outside_address;
static struct sockaddr_un outside_name = { .sun_family = AF_UNIX };

static bool connection_outside(bool on)
{
	return !on || connected(&outside_address) >= 0;
}

static bool unix_stream_outside(bool on)
{
	int pair[2];

	if (on)
		return dup(outside) >= 0;
	return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

static bool unix_datagram_outside(bool on)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	return fd >= 0 && (!on || connect(fd, (struct sockaddr *)&outside_name, sizeof(outside_name)) == 0);
}

/* An end of a pair that is connected elsewhere meanwhile: whoever is connected to it has no way back. */
static bool unix_unreachable(bool on)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int pair[2], third = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (third < 0 || strlen(file_at("fourth")) >= sizeof(name.sun_path))
		return false;
	strcpy(name.sun_path, file_at(on ? "third" : "fourth"));
	return socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0 &&
	       bind(third, (struct sockaddr *)&name, sizeof(name)) == 0 &&
	       (!on || connect(pair[1], (struct sockaddr *)&name, sizeof(name)) == 0);
}

/* The answer to a question waits. */
static bool netlink_unread(bool on)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	struct {
		struct nlmsghdr header;
		struct rtgenmsg body;
	} question = {
		.header = { .nlmsg_len = sizeof(question), .nlmsg_type = RTM_GETLINK,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return false;
	return !on || send(fd, &question, sizeof(question), 0) > 0;
}

static bool corked(bool on)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(9),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return false;
	return !on || (setsockopt(fd, IPPROTO_UDP, UDP_CORK, &one, sizeof(one)) == 0 && send(fd, "x", 1, 0) == 1);
}

/* --- files ---------------------------------------------------------------------------------------------------- */

static int new_file(const char *name, size_t size)
{
	int fd = open(file_at(name), O_RDWR | O_CREAT | O_TRUNC, 0600);
	char block[4096];

	memset(block, 7, sizeof(block));
	for (size_t i = 0; fd >= 0 && i < size; i += sizeof(block))
		if (write(fd, block, sizeof(block)) < 0)
			return -1;
	return fd;
}

static bool flock_held(bool on)
{
	int fd = new_file("flock", 0);

	return fd >= 0 && (!on || flock(fd, LOCK_EX) == 0);
}

static bool record_held(bool on)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 10 };
	int fd = new_file("record", 0);

	return fd >= 0 && (!on || fcntl(fd, F_SETLK, &lock) == 0);
}

static bool lease_held(bool on)
{
	int fd = new_file("lease", 0);

	if (fd >= 0)
		close(fd);
	fd = open(file_at("lease"), O_RDONLY);
	return fd >= 0 && (!on || fcntl(fd, F_SETLEASE, F_RDLCK) == 0);
}

static bool large_ghost(bool on)
{
	return new_file("ghost", on ? 3 << 20 : 4096) >= 0 && unlink(file_at("ghost")) == 0;
}

/* Large by its size, with nothing in it: what counts is what is stored. */
static bool sparse_ghost(bool on)
{
	int fd = new_file("sparse", on ? 3 << 20 : 4096);

	return fd >= 0 && (on || ftruncate(fd, 64 << 20) == 0) && unlink(file_at("sparse")) == 0;
}

static bool other_name(bool on)
{
	char old[512];

	if (new_file("linked", 4096) < 0)
		return false;
	snprintf(old, sizeof(old), "%s", file_at("linked"));
	unlink(file_at("other"));
	return link(old, file_at("other")) == 0 && (!on || unlink(old) == 0);
}

/* A file that is called as the kernel calls those that were removed. */
static bool odd_name(bool on)
{
	int fd = new_file("odd (deleted)", on ? 3 << 20 : 4096);

	if (fd < 0)
		return false;
	return !on || unlink(file_at("odd (deleted)")) == 0;
}

static bool packet_pipe(bool on)
{
	int ends[2];

	return pipe2(ends, on ? O_DIRECT : 0) == 0 && write(ends[1], "x", 1) == 1;
}

/* --- mounts --------------------------------------------------------------------------------------------------- */

/* A mount namespace of its own, with a copy of what is mounted. */
static bool own_namespace(void)
{
	return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static bool new_mount(const char *name)
{
	return (mkdir(file_at(name), 0777) == 0 || errno == EEXIST) &&
	       mount(name, file_at(name), "tmpfs", 0, NULL) == 0;
}

static char *own_program; /* by its path: the link in /proc would lead out of the mounts */

/* The file that is open, and what is mounted over it then, when the program runs once more from its own mounts. */
static char held[512], mounted_over[512];

static bool own_mounts(bool on)
{
	return own_namespace() && (!on || new_mount("mounted"));
}

static bool overmounted(bool on)
{
	if (!own_namespace() || !new_mount("over"))
		return false;
	snprintf(held, sizeof(held), "%s", file_at("over/file"));
	snprintf(mounted_over, sizeof(mounted_over), "%s", on ? file_at("over") : "");
	return true;
}

static bool shown_in_part(bool on)
{
	char part[512];

	if (!own_namespace() || !new_mount("whole") || mkdir(file_at("whole/part"), 0777) < 0 ||
	    (mkdir(file_at("other-place"), 0777) < 0 && errno != EEXIST))
		return false;
	snprintf(part, sizeof(part), "%s", file_at("whole/part"));
	return mount(part, file_at("other-place"), NULL, MS_BIND, NULL) == 0 &&
	       (!on || umount2(file_at("whole"), MNT_DETACH) == 0);
}

static bool odd_file_system(bool on)
{
	return own_namespace() && new_mount("odd") &&
	       (!on || mount("ram", file_at("odd"), "ramfs", 0, NULL) == 0);
}

/* It receives what is mounted in a namespace that is not the process's, but of this one that the test has started. */
static pid_t sharer;

static bool slave_mount(bool on)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", sharer);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && setns(fd, CLONE_NEWNS) == 0 && close(fd) == 0 && unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, file_at("slave"), NULL, on ? MS_SLAVE : MS_PRIVATE, NULL) == 0;
}

/* What it runs from is of the mounts that there were before. */
static bool program_of_before(bool on)
{
	if (on)
		own_program = strdup("/proc/self/exe");
	return own_namespace();
}

/* --- tasks ---------------------------------------------------------------------------------------------------- */

static bool other_session(bool on)
{
	/* Whoever started it has made a session for the twin alone. */
	return !on || getsid(0) != getpid();
}

static _Noreturn void wait_forever(void)
{
	for (;;)
		pause();
}

static void *be_thread(void *context)
{
	(void)context;
	wait_forever();
}

static bool dead_leader(bool on)
{
	pthread_t thread;

	(void)on; /* it ends when all is told */
	return pthread_create(&thread, NULL, be_thread, NULL) == 0;
}

/* A child without what its parent has from the test. */
static pid_t new_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		close_range(3, ~0U, 0);
	return pid;
}

/* A child that is somewhere else, and its twin in the same place. */
static bool child_in(bool on, int namespace)
{
	pid_t pid;

	if (on && namespace == CLONE_NEWPID && unshare(CLONE_NEWPID) < 0)
		return false;
	pid = new_child();
	if (pid == 0) {
		if (on && namespace != CLONE_NEWPID && unshare(namespace) < 0)
			_exit(1);
		wait_forever();
	}
	usleep(100000);
	return pid > 0 && waitpid(pid, NULL, WNOHANG) == 0;
}

static bool nested_user(bool on)
{
	return child_in(on, CLONE_NEWUSER);
}

static bool nested_uts(bool on)
{
	return child_in(on, CLONE_NEWUTS);
}

static bool nested_pid(bool on)
{
	return child_in(on, CLONE_NEWPID);
}

static bool zombie(bool on)
{
	pid_t pid = new_child();

	if (pid == 0)
		_exit(3);
	if (!on)
		waitpid(pid, NULL, 0);
	return pid > 0;
}

static bool stopped(bool on)
{
	pid_t pid = new_child();

	if (pid == 0)
		wait_forever();
	usleep(100000);
	return pid > 0 && (!on || kill(pid, SIGSTOP) == 0);
}

static bool pidfd_outside(bool on)
{
	return syscall(SYS_pidfd_open, on ? getppid() : getpid(), 0) >= 0;
}

static bool pidfd_of_thread(bool on)
{
	return syscall(SYS_pidfd_open, getpid(), on ? O_EXCL /* PIDFD_THREAD */ : 0) >= 0;
}

/* Opened before it went into a namespace, or behind that; another one is always of that. */
static bool socket_of_another(bool on)
{
	bool before = !on || socket(AF_UNIX, SOCK_DGRAM, 0) >= 0;

	return before && unshare(CLONE_NEWNET) == 0 && socket(AF_UNIX, SOCK_DGRAM, 0) >= 0;
}

/* Of a kind that this kernel has; CRIU needs ip, too. */
static bool odd_device(bool on)
{
	return unshare(CLONE_NEWNET) == 0 &&
	       (!on || system("ip link add odd0 type dummy 2>/dev/null || ip link add odd0 type ifb 2>/dev/null") == 0);
}

/* A namespace that nobody is in, and the one that it is in itself. */
static bool foreign_namespace(bool on)
{
	int ours = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
	bool done = ours >= 0;

	if (on)
		done = unshare(CLONE_NEWUTS) == 0 && open("/proc/self/ns/uts", O_RDONLY) >= 0 &&
		       setns(ours, CLONE_NEWUTS) == 0;
	if (on)
		close(ours);
	return done;
}

/* Signals and timers that CRIU has no trouble with. */
static bool watches(bool on)
{
	int fd = inotify_init1(0);

	return fd >= 0 && (!on || inotify_add_watch(fd, directory, IN_CREATE) >= 0);
}

/* --- memory --------------------------------------------------------------------------------------------------- */

static bool shared_memory(bool on)
{
	void *memory = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | (on ? MAP_SHARED : MAP_PRIVATE), -1, 0);

	return memory != MAP_FAILED && memset(memory, 7, 1 << 16);
}

/* Of a device: what the firmware left for the BIOS, by a node of its own. */
static bool mapped_device(bool on)
{
	enum { BIOS = 0xf0000 };
	int fd;

	if (on && mknod(file_at("memory"), S_IFCHR | 0600, makedev(1, 1)) < 0)
		return false;
	fd = open(on ? file_at("memory") : "/dev/zero", O_RDONLY);
	if (fd < 0 || mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, on ? BIOS : 0) == MAP_FAILED)
		return false;
	return close(fd) == 0;
}

/* --- who does it ----------------------------------------------------------------------------------------------- */

enum {
	SESSION_OF_ANOTHER = 1 << 0, /* of the condition: it makes no session of its own */
	TRACED = 1 << 1,
	LEADER_ENDS = 1 << 2,
	ON_TERMINAL = 1 << 3,	     /* a pty, whose master the test has */
	BOTH_GOOD = 1 << 4,	     /* no trouble for CRIU, and none must be made of it */
	OF_MOUNTS = 1 << 6,	     /* what it runs from and has open must be of these */
	NOT_TO_BE_SEEN = 1 << 5,     /* by anybody outside: check warns, whatever CRIU does then */
};

static const struct {
	const char *name;
	condition be;
	const char *rule; /* that speaks of it */
	unsigned how;
} conditions[] = {
	{ "nothing", nothing, NULL, BOTH_GOOD },
	{ "io_uring", io_uring, "anon-io-uring", 0 },
	{ "userfaultfd", userfault, "anon-userfaultfd", 0 },
	{ "perf event", perf_event, "anon-perf-event", 0 },
	{ "BPF program", bpf_program, "anon-bpf-prog", 0 },
	{ "landlock ruleset", landlock, "anon-other", 0 },
	{ "secret memory", secret_memory, "file-unknown-mount", 0 },
	{ "character device", character_device, NULL, 0 },
	{ "block device", block_device, "dev-block-open", 0 },
	{ "AF_ALG", kernel_crypto, "sock-family", 0 },
	{ "AF_VSOCK", vsock, "sock-family", 0 },
	{ "MPTCP", multipath, "sock-proto", 0 },
	{ "TCP inside", connection_inside, "tcp-established-refused", 0 },
	{ "TCP outside", connection_outside, "tcp-established-refused", 0 },
	{ "TCP not accepted", not_accepted, "tcp-in-flight", 0 },
	{ "unix stream outside", unix_stream_outside, "unix-external-stream", 0 },
	{ "unix datagram outside", unix_datagram_outside, "unix-external", 0 },
	{ "unix unreachable", unix_unreachable, "unix-unreachable-peer", 0 },
	{ "socket of another netns", socket_of_another, "sock-foreign-netns", 0 },
	{ "odd device", odd_device, "link-unsupported", 0 },
	{ "netlink unread", netlink_unread, "netlink-data", 0 },
	{ "UDP corked", corked, "udp-corked", 0 },
	{ "flock", flock_held, "file-lock-held", 0 },
	{ "record lock", record_held, "file-lock-held", 0 },
	{ "lease", lease_held, "file-lock-held", 0 },
	{ "large ghost", large_ghost, "ghost-too-big", 0 },
	{ "sparse ghost", sparse_ghost, "ghost-too-big", 0 },
	{ "other name", other_name, "link-remap-needed", 0 },
	{ "odd name", odd_name, "ghost-too-big", 0 },
	{ "packet pipe", packet_pipe, "pipe-packetized", NOT_TO_BE_SEEN },
	{ "own mounts", own_mounts, NULL, BOTH_GOOD | OF_MOUNTS },
	{ "overmounted file", overmounted, "file-overmounted", OF_MOUNTS },
	{ "part of a file system", shown_in_part, "mnt-bind-no-root", OF_MOUNTS },
	{ "odd file system", odd_file_system, "fs-unsupported", OF_MOUNTS },
	{ "slave mount", slave_mount, "mnt-unreachable-master", OF_MOUNTS },
	{ "program of before", program_of_before, "file-unknown-mount", OF_MOUNTS },
	{ "other session", other_session, "tty-shell-job", SESSION_OF_ANOTHER },
	{ "terminal", nothing, "pts-no-master", ON_TERMINAL },
	{ "traced", nothing, "traced", TRACED },
	{ "dead leader", dead_leader, "zombie-threads", LEADER_ENDS },
	{ "nested user namespace", nested_user, "ns-nested", 0 },
	{ "nested UTS namespace", nested_uts, "ns-nested", 0 },
	{ "nested pid namespace", nested_pid, "ns-nested", 0 },
	{ "pidfd outside", pidfd_outside, "pidfd-outside", 0 },
	{ "pidfd of a thread", pidfd_of_thread, "pidfd-thread", 0 },
	{ "foreign namespace", foreign_namespace, "ns-fd-foreign", 0 },
	{ "zombie", zombie, NULL, BOTH_GOOD },
	{ "stopped", stopped, NULL, BOTH_GOOD },
	{ "watches", watches, NULL, BOTH_GOOD },
	{ "shared memory", shared_memory, NULL, BOTH_GOOD },
	{ "mapped device", mapped_device, "dev-mapped", 0 },
};
