/*
 * Running processes as a checkpoint: rows out of a directory that is laid out as /proc is, with what a hostile or broken
 * one may hold; and out of the real one, held against what the processes know of themselves.
 */
#include "tests/support/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoders/base/out.h"
#include "decoders/base/size.h"
#include "decoders/live/live.h"
#include "decoders/model/leaves/epoll.h"
#include "decoders/model/leaves/inotify.h"
#include "decoders/model/leaves/lock.h"
#include "decoders/model/leaves/mount.h"
#include "decoders/model/leaves/namespace.h"
#include "decoders/model/leaves/rlimit.h"
#include "decoders/model/leaves/signal.h"
#include "decoders/model/leaves/timer.h"
#include "decoders/model/leaves/tty.h"

/* --- a directory as /proc is ------------------------------------------------------------------------------------ */

static const char *fake; /* of the test at hand */

__attribute__((format(printf, 2, 3))) static void put(const char *name, const char *format, ...)
{
	char path[512], text[8192];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	assert_true(len >= 0 && (size_t)len < sizeof(text));
	snprintf(path, sizeof(path), "%s/%s", fake, name);
	write_file(path, text, (size_t)len);
}

static void put_link(const char *name, const char *target)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", fake, name);
	write_file(path, "", 0); /* makes the directories */
	unlink(path);
	assert_int_equal(symlink(target, path), 0);
}

static void make_directory(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", fake, name);
	assert_true(mkdir(path, 0777) == 0 || errno == EEXIST);
}

static const char *of(unsigned pid, const char *name)
{
	static char texts[4][512];
	static unsigned n;
	char *text = texts[n++ % ARRAY_SIZE(texts)];

	snprintf(text, sizeof(texts[0]), "%u/%s", pid, name);
	return text;
}

static void put_stat(const char *name, unsigned pid, const char *comm, char state, unsigned ppid)
{
	put(name, "%u (%s) %c %u %u %u 34816 -1 4194304 1 0 0 0 1 2 0 0 20 -5 1 0 %u 1 2 3 1 1 4096 0 0 0 0 0 0 0 0 0 17 "
		  "3 9 2 0 0 0 0 0 0 0 0 0 0 512\n",
	    pid, comm, state, ppid, pid, pid, 1000 + pid);
}

/* What every process has. */
static void put_process(unsigned pid, const char *comm, unsigned ppid)
{
	char thread[64];

	put_stat(of(pid, "stat"), pid, comm, 'S', ppid);
	put(of(pid, "status"), "Name:\tx\nUmask:\t0027\nTracerPid:\t%u\nUid:\t1000\t1001\t1002\t1003\nGid:\t1\t2\t3\t4\n"
			       "Groups:\t4 24 \nNSpid:\t%u\t7\nNSsid:\t%u\t0\nSigPnd:\t0000000000000000\nShdPnd:\t"
			       "0000000000000200\nSigBlk:\t0000000000010000\nSigIgn:\t0000000000001000\nSigCgt:\t"
			       "0000000180004002\nCapInh:\t0000000000000001\nCapPrm:\t000001ffffffffff\nCapEff:\t"
			       "0000000000000002\nCapBnd:\t0000000000000003\nCapAmb:\t0000000000000004\nNoNewPrivs:\t1\n"
			       "Seccomp:\t2\nSeccomp_filters:\t1\n",
	    pid == 101 ? 99 : 0, pid, pid);
	snprintf(thread, sizeof(thread), "task/%u/stat", pid);
	put_stat(of(pid, thread), pid, comm, 'S', ppid);
	snprintf(thread, sizeof(thread), "task/%u/status", pid);
	put(of(pid, thread), "SigBlk:\t0000000000010000\nSigPnd:\t0000000000000010\nSeccomp:\t2\n");
	make_directory(of(pid, "fd"));
	put_link(of(pid, "ns/net"), "net:[4026531840]");
	put_link(of(pid, "ns/mnt"), pid == 102 ? "mnt:[5]" : "mnt:[4]");
	put(of(pid, "cgroup"), "0::/machine.slice/libpod-%064d.scope/container\n", 7);
	put(of(pid, "personality"), "00040000\n");
	put(of(pid, "loginuid"), "4294967295");
	put(of(pid, "oom_score_adj"), "-500\n");
	put(of(pid, "attr/current"), "container-default (enforce)\n");
}

/* 100 with its child 101 and grandchild 102; 200 is nobody's. */
static void begin(const char *name)
{
	fake = scratch_path("%s", name);
	put_process(100, "init", 1);
	put_process(101, "worker", 100);
	put_process(102, "deep", 101);
	put_process(200, "stranger", 1);
	put(".keep", "%s", "");
}

static struct checkpoint checkpoint;

static void open_fake(uint32_t pid)
{
	const struct live_options options = { .proc = fake, .pid = pid };

	assert_null(live_open("fake", &options, &checkpoint));
}

static void close_fake(void)
{
	checkpoint_close(&checkpoint);
}

static const struct process *process_of(uint32_t pid)
{
	uint32_t row = map_get(&checkpoint.process_by_pid, pid);

	assert_true(row != MAP_NONE);
	return &checkpoint.processes.items[row];
}

static const char *text_of(struct bytes bytes)
{
	static char text[256];

	snprintf(text, sizeof(text), "%.*s", BYTES_FMT(bytes));
	return text;
}

static const char *source_of(struct origin origin)
{
	assert_true(origin.member < checkpoint.source.members.n);
	return text_of(checkpoint.source.members.items[origin.member].name);
}

static bool is_told(const char *text)
{
	for (size_t i = 0; i < checkpoint.problems.n; i++)
		if (strstr(checkpoint.problems.items[i]->message, text))
			return true;
	return false;
}

/* --- tasks -------------------------------------------------------------------------------------------------------- */

static void a_tree_is_a_process_and_what_descends_from_it(void **state)
{
	const struct process *root, *worker;

	(void)state;
	begin("tree");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_TASKS | PART_ENGINE);
	assert_int_equal(checkpoint.processes.n, 3);
	root = process_of(100);
	worker = process_of(101);
	assert_int_equal(root->ppid, 0);
	assert_int_equal(worker->ppid, 100);
	assert_int_equal(process_of(102)->ppid, 101);
	assert_string_equal(text_of(worker->comm), "worker");
	assert_string_equal(worker->state, "alive");
	assert_int_equal(worker->credentials.uid, 1000);
	assert_int_equal(worker->credentials.fsgid, 4);
	assert_int_equal(worker->credentials.n_groups, 2);
	assert_int_equal(worker->credentials.groups[1], 24);
	assert_int_equal(worker->credentials.cap_permitted, 0x1ffffffffff);
	assert_int_equal(worker->credentials.cap_ambient, 4);
	assert_int_equal(worker->credentials.no_new_privs, 1);
	assert_string_equal(worker->seccomp, "filter");
	assert_int_equal(worker->umask, 027);
	assert_int_equal(worker->tracer_pid, 99);
	assert_int_equal(root->tracer_pid, 0);
	assert_int_equal(worker->ns_pid, 7);
	assert_int_equal(worker->ns_sid, 0);
	assert_int_equal(worker->personality, 0x40000);
	assert_int_equal(worker->loginuid, UINT32_MAX);
	assert_int_equal(worker->oom_score_adj, -500);
	assert_int_equal(worker->net_ns, 4026531840u);
	assert_int_equal(worker->ipc_ns, ABSENT_U32);
	assert_int_equal(worker->tty, 34816);
	assert_string_equal(text_of(worker->credentials.lsm_profile), "container-default (enforce)");
	assert_int_equal(checkpoint.threads.items[0].nice, -5);
	assert_int_equal(checkpoint.threads.items[0].sched_policy, 2);
	assert_int_equal(checkpoint.threads.items[0].sched_priority, 9);
	assert_int_equal(checkpoint.threads.items[0].blocked_signals, 0x10000);
	assert_string_equal(checkpoint.threads.items[0].state, "sleeping");
	assert_string_equal(checkpoint.engine.producer, "podman");
	assert_int_equal(checkpoint.engine.container_id.len, 64);
	assert_int_equal(checkpoint.problems.n, 0);
	{
		char wanted[512];

		snprintf(wanted, sizeof(wanted), "%s/101/stat", fake);
		assert_string_equal(source_of(worker->origin), wanted);
	}
	close_fake();
}

/* The name of a task may hold what ends it, and whatever else. */
static void names_do_not_lead_astray(void **state)
{
	(void)state;
	begin("names");
	put_stat("101/stat", 101, "a) Z 1 (b", 'T', 100);
	put_stat("102/stat", 102, "\x1b[2J\n)) R 9", 'S', 101);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_TASKS);
	assert_int_equal(checkpoint.processes.n, 3);
	assert_string_equal(text_of(process_of(101)->comm), "a) Z 1 (b");
	assert_string_equal(process_of(101)->state, "stopped");
	assert_int_equal(process_of(101)->ppid, 100);
	assert_string_equal(text_of(process_of(102)->comm), "\x1b[2J\n)) R 9");
	assert_int_equal(process_of(102)->ppid, 101);
	close_fake();
}

static void parents_in_a_circle_are_gone_through_once(void **state)
{
	(void)state;
	begin("circle");
	put_stat("100/stat", 100, "init", 'S', 102);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_TASKS);
	assert_int_equal(checkpoint.processes.n, 3);
	close_fake();
}

static void garbage_costs_its_task_and_no_other(void **state)
{
	static const char *const lines[] = { "", "garbage", "101 (worker", "101 (worker) S", ")101(", "101 (w) S 99999999999999999999999",
					     "101 (w) \xff \xff" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		fake = NULL;
		begin(i % 2 ? "garbage-1" : "garbage-0");
		put("101/task/101/stat", "%s", lines[i]);
		put("101/status", "%s", lines[i]);
		put("101/limits", "Max open files  nonsense\n%s", lines[i]);
		open_fake(100);
		checkpoint_need(&checkpoint, PART_EVERYTHING);
		checkpoint_need_leaf(&checkpoint, &leaf_rlimit);
		assert_int_equal(process_of(100)->n_threads, 1);
		assert_int_equal(process_of(102)->n_threads, 1);
		close_fake();
		put("101/stat", "%s", lines[i]);
		open_fake(100);
		checkpoint_need(&checkpoint, PART_EVERYTHING);
		assert_int_equal(map_get(&checkpoint.process_by_pid, 101), MAP_NONE);
		assert_true(map_get(&checkpoint.process_by_pid, 100) != MAP_NONE);
		close_fake();
	}
}

/* A task that ended after it was found is a note, and the others are there. */
static void who_ends_meanwhile_is_told_and_nothing_is_wrong(void **state)
{
	char path[512], gone[512];

	(void)state;
	begin("ended");
	open_fake(100);
	snprintf(path, sizeof(path), "%s/101", fake);
	snprintf(gone, sizeof(gone), "%s/gone", fake);
	assert_int_equal(rename(path, gone), 0);
	checkpoint_need(&checkpoint, PART_EVERYTHING);
	assert_int_equal(checkpoint.processes.n, 2);
	assert_int_equal(checkpoint.problems.n, 0);
	assert_int_equal(checkpoint.notes.n, 1);
	assert_non_null(strstr(checkpoint.notes.items[0]->message, "1 process ended"));
	close_fake();
}

static void what_is_no_file_is_not_waited_for(void **state)
{
	char path[512];

	(void)state;
	begin("pipes");
	snprintf(path, sizeof(path), "%s/101/status", fake);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	snprintf(path, sizeof(path), "%s/102/mountinfo", fake);
	assert_int_equal(mkfifo(path, 0600), 0);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_EVERYTHING);
	checkpoint_need_leaf(&checkpoint, &leaf_mount);
	assert_true(is_told("tasks could not be seen"));
	assert_true(is_told("mounts could not be seen"));
	assert_int_equal(checkpoint.processes.n, 2);
	close_fake();
}

/* Of a control group the task that was there first is the root; whoever came in from outside keeps its parent. */
static void a_control_group_has_the_first_task_as_its_root(void **state)
{
	const char *group = scratch_path("group");
	struct live_options options = { .cgroup = group };
	struct error *error;

	(void)state;
	begin("cgroup");
	options.proc = fake;
	write_file(scratch_path("group/cgroup.procs"), "200\n101\n", 8);
	write_file(scratch_path("group/below/cgroup.procs"), "102\n4711\n0\nx\n", 13);
	assert_true(live_recognise(group, &(struct live_options){ 0 }));
	assert_null(live_open(group, &options, &checkpoint));
	checkpoint_need(&checkpoint, PART_TASKS);
	assert_int_equal(checkpoint.processes.n, 3);
	assert_int_equal(process_of(101)->ppid, 0);
	assert_int_equal(process_of(102)->ppid, 101);
	assert_int_equal(process_of(200)->ppid, 1);
	close_fake();
	write_file(scratch_path("group/cgroup.procs"), "", 0);
	write_file(scratch_path("group/below/cgroup.procs"), "", 0);
	error = live_open(group, &options, &checkpoint);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_UNREADABLE);
	error_free(error);
}

static void there_must_be_such_a_process(void **state)
{
	struct live_options options = { .pid = 77 };
	struct error *error;

	(void)state;
	begin("missing");
	options.proc = fake;
	error = live_open("fake", &options, &checkpoint);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_UNREADABLE);
	error_free(error);
}

/* --- descriptors ---------------------------------------------------------------------------------------------------- */

static const struct fd *fd_of(uint32_t pid, uint32_t number)
{
	for (size_t i = 0; i < checkpoint.fds.n; i++)
		if (checkpoint.fds.items[i].pid == pid && checkpoint.fds.items[i].fd == number)
			return &checkpoint.fds.items[i];
	fail_msg("process %u has no descriptor %u", pid, number);
	return NULL;
}

static const struct file *file_of(uint32_t pid, uint32_t number)
{
	return &checkpoint.files.items[fd_of(pid, number)->file];
}

static void put_fd(unsigned pid, unsigned fd, const char *link, const char *info)
{
	char name[64];

	snprintf(name, sizeof(name), "fd/%u", fd);
	put_link(of(pid, name), link);
	snprintf(name, sizeof(name), "fdinfo/%u", fd);
	put(of(pid, name), "%s", info);
}

static void descriptors_are_what_their_links_say(void **state)
{
	static const struct {
		const char *link, *type;
	} links[] = {
		{ "anon_inode:[eventfd]", "eventfd" }, { "anon_inode:[eventpoll]", "eventpoll" },
		{ "anon_inode:inotify", "inotify" },   { "anon_inode:[fanotify]", "fanotify" },
		{ "anon_inode:[signalfd]", "signalfd" }, { "anon_inode:[timerfd]", "timerfd" },
		{ "anon_inode:[pidfd]", "pidfd" },     { "anon_inode:bpf-map", "bpfmap" },
		{ "anon_inode:[io_uring]", "und" },    { "anon_inode:bpf-prog", "und" },
		{ "pipe:[7]", "pipe" },		       { "net:[4026531840]", "ns" },
		{ "/memfd:x (deleted)", "memfd" },     { "/nowhere/at/all", "reg" },
	};
	char path[512];

	(void)state;
	begin("links");
	for (unsigned i = 0; i < ARRAY_SIZE(links); i++)
		put_fd(101, i, links[i].link, "pos:\t4096\nflags:\t02100001\nmnt_id:\t15\nino:\t9\n");
	snprintf(path, sizeof(path), "%s/101/fdinfo/99", fake); /* no link: closed meanwhile */
	write_file(path, "pos:\t0\n", 7);
	put_link("101/fd/98", "/no/fdinfo");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_FDS);
	assert_int_equal(checkpoint.fds.n, ARRAY_SIZE(links));
	for (unsigned i = 0; i < ARRAY_SIZE(links); i++) {
		assert_string_equal(file_of(101, i)->type, links[i].type);
		assert_int_equal(file_of(101, i)->pos, 4096);
		assert_int_equal(file_of(101, i)->flags, 0100001);
		assert_int_equal(file_of(101, i)->mnt_id, 15);
		assert_true(fd_of(101, i)->close_on_exec);
	}
	assert_int_equal(file_of(101, 10)->inode, 7);
	assert_true(file_of(101, 12)->deleted);
	assert_string_equal(text_of(file_of(101, 12)->path), "/memfd:x");
	{
		char wanted[512];

		snprintf(wanted, sizeof(wanted), "%s/101/fdinfo/3", fake);
		assert_string_equal(source_of(fd_of(101, 3)->origin), wanted);
	}
	close_fake();
}

/* What the kernel asks about by stat is real here: links lead to real files. */
static void removed_files_are_told_from_odd_names(void **state)
{
	const char *there = scratch_path("there"), *odd = scratch_path("odd (deleted)");
	struct stat st;

	(void)state;
	begin("removed");
	write_file(there, "twelve bytes", 12);
	write_file(odd, "", 0);
	put_fd(101, 0, there, "flags:\t02\n");
	put_fd(101, 1, "/etc", "flags:\t0200000\n");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_FDS);
	assert_int_equal(stat(there, &st), 0);
	assert_int_equal(file_of(101, 0)->size, 12);
	assert_int_equal(file_of(101, 0)->mode, st.st_mode);
	assert_int_equal(file_of(101, 0)->links, 1);
	assert_false(file_of(101, 0)->deleted);
	assert_true(S_ISDIR(file_of(101, 1)->mode));
	close_fake();
}

static void details_of_files_become_rows(void **state)
{
	struct leaf_rows epolls, watches, timers, locks, ttys;
	const struct epoll *epoll;
	const struct inotify *inotify;
	const struct timer *timer;
	const struct lock *lock;

	(void)state;
	begin("details");
	put_fd(101, 3, "anon_inode:[eventpoll]",
	       "pos:\t0\nflags:\t02\nmnt_id:\t15\nino:\t9\n"
	       "tfd:        5 events:       19 data:         deadbeef  pos:0 ino:61af sdev:7\n"
	       "tfd:       77 events: 80000001 data: ffffffffffffffff  pos:8 ino:62 sdev:8\n"
	       "tfd: nonsense\n\xff\xfe\n");
	put_fd(101, 4, "anon_inode:inotify",
	       "pos:\t0\nflags:\t00\nmnt_id:\t15\n"
	       "inotify wd:3 ino:9e7e sdev:800013 mask:800afce ignored_mask:0 fhandle-bytes:8 fhandle-type:1 "
	       "f_handle:7e9e0000640d1b6d\n");
	put_fd(101, 5, "anon_inode:[timerfd]",
	       "pos:\t0\nflags:\t02\nmnt_id:\t15\nclockid: 1\nticks: 2\nsettime flags: 01\nit_value: (3, 500)\nit_interval: (1, 0)\n");
	put_fd(101, 6, "/tmp/locked",
	       "pos:\t0\nflags:\t02\nmnt_id:\t15\nlock:\t1: FLOCK  ADVISORY  WRITE 101 00:13:11691 0 EOF\n"
	       "lock:\t2: POSIX  ADVISORY  READ 101 00:13:11691 10 19\nlock:\t3: LEASE  BREAKING  READ 101 00:13:1 0 EOF\n");
	put_fd(102, 6, "/tmp/locked",
	       "pos:\t0\nflags:\t02\nmnt_id:\t15\nlock:\t1: OFDLCK ADVISORY  WRITE -1 00:13:11691 0 EOF\nlock:\tx\n");
	put_fd(101, 7, "anon_inode:[pidfd]", "pos:\t0\nflags:\t02\nPid:\t4711\nNSpid:\t4711\n");
	put("101/timers", "ID: 9\nsignal: 60/00007fff86e452a8\nnotify: thread/tid.2634\nClockID: -6\nID: 10\nnotify: none/pid.1\n");
	open_fake(100);
	checkpoint_need_leaf(&checkpoint, &leaf_epoll);
	checkpoint_need_leaf(&checkpoint, &leaf_inotify);
	checkpoint_need_leaf(&checkpoint, &leaf_timer);
	checkpoint_need_leaf(&checkpoint, &leaf_lock);
	checkpoint_need_leaf(&checkpoint, &leaf_tty);
	epolls = checkpoint_leaf(&checkpoint, &leaf_epoll);
	watches = checkpoint_leaf(&checkpoint, &leaf_inotify);
	timers = checkpoint_leaf(&checkpoint, &leaf_timer);
	locks = checkpoint_leaf(&checkpoint, &leaf_lock);
	ttys = checkpoint_leaf(&checkpoint, &leaf_tty);
	assert_int_equal(ttys.n, 0);

	assert_int_equal(epolls.n, 2);
	epoll = epolls.items;
	assert_int_equal(epoll[0].target_fd, 5);
	assert_int_equal(epoll[0].target_file_id, file_of(101, 5)->id);
	assert_int_equal(epoll[0].events, 0x19);
	assert_int_equal(epoll[0].data, 0xdeadbeef);
	assert_int_equal(epoll[0].target_inode, 0x61af);
	assert_int_equal(epoll[0].origin.entry, 4);
	assert_int_equal(epoll[1].target_file_id, ABSENT_U32);
	assert_int_equal(epoll[1].data, UINT64_MAX);
	assert_string_equal(text_of(file_of(101, 3)->detail), "3 watched");

	assert_int_equal(watches.n, 1);
	inotify = watches.items;
	assert_int_equal(inotify->wd, 3);
	assert_int_equal(inotify->inode, 0x9e7e);
	assert_int_equal(inotify->device, 0x800013);
	assert_int_equal(inotify->mask, 0x800afce);
	assert_int_equal(inotify->handle.len, 8);
	assert_int_equal(inotify->handle.data[7], 0x6d);

	assert_int_equal(timers.n, 3);
	timer = timers.items;
	assert_int_equal(timer[0].id, 9);
	assert_int_equal(timer[0].signal, 60);
	assert_int_equal(timer[0].value, 0x7fff86e452a8);
	assert_int_equal(timer[0].notify_tid, 2634);
	assert_int_equal((int32_t)timer[0].clock, -6);
	assert_int_equal(timer[1].notify, 1);
	assert_string_equal(timer[2].kind, "timerfd");
	assert_int_equal(timer[2].remaining_ns, 3000000500);
	assert_int_equal(timer[2].interval_ns, 1000000000);
	assert_int_equal(timer[2].missed, 2);
	assert_true(timer[2].is_absolute);

	assert_int_equal(locks.n, 4);
	lock = locks.items;
	assert_string_equal(lock[0].kind, "flock");
	assert_string_equal(lock[0].mode, "exclusive");
	assert_int_equal(lock[0].length, ABSENT_U64);
	assert_string_equal(lock[1].kind, "posix");
	assert_string_equal(lock[1].mode, "read");
	assert_int_equal(lock[1].start, 10);
	assert_int_equal(lock[1].length, 10);
	assert_string_equal(lock[2].kind, "lease");
	assert_true(lock[2].is_breaking);
	assert_string_equal(lock[3].kind, "ofd");
	assert_int_equal(lock[3].pid, 102);
	assert_string_equal(text_of(file_of(101, 7)->detail), "pid 4711");
	close_fake();
}

/* --- mappings, mounts, limits ------------------------------------------------------------------------------------------- */

static void mappings_come_with_what_the_kernel_says_of_them(void **state)
{
	const struct vma *vma;
	const struct process *process;

	(void)state;
	begin("maps");
	put("101/smaps",
	    "00400000-00402000 r-xp 00001000 08:01 42                         /bin/odd name (deleted)\n"
	    "Size:                  8 kB\nRss:                   8 kB\nAnonymous:             4 kB\nSwap:                  0 kB\n"
	    "VmFlags: rd ex mr mw me \n"
	    "00500000-00501000 rw-p 00000000 00:00 0                          [heap]\nAnonymous:             4 kB\n"
	    "Swap:                  4 kB\nVmFlags: rd wr mr mw me ac lo \n"
	    "00600000-00601000 rw-s 00000000 00:01 77                         /memfd:m (deleted)\nRss:                   4 kB\n"
	    "7f0000000000-7f0000400000 rw-p 00000000 00:0f 9                  /anon_hugepage (deleted)\nVmFlags: rd wr ht\n"
	    "7f0000500000-7f0000501000 rw-s 00000000 00:00 8                  anon_inode:[io_uring]\nVmFlags: rd wr sh pf io\n"
	    "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                  [stack]\n"
	    "7ffc00030000-7ffc00034000 r--p 00000000 00:00 0                  [vvar_vclock]\n"
	    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          [vsyscall]\n");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_PAGES);
	process = process_of(101);
	assert_int_equal(process->n_vmas, 8);
	vma = &checkpoint.vmas.items[process->first_vma];
	assert_int_equal(vma[0].start, 0x400000);
	assert_int_equal(vma[0].end, 0x402000);
	assert_int_equal(vma[0].pgoff, 0x1000);
	assert_string_equal(vma[0].prot, "r-xp");
	assert_string_equal(vma[0].kind, "file");
	assert_true(checkpoint.files.items[vma[0].file].deleted);
	assert_string_equal(text_of(checkpoint.files.items[vma[0].file].path), "/bin/odd name");
	assert_string_equal(text_of(vma[0].vm_flags), "rd ex mr mw me");
	assert_int_equal(vma[0].pages_present, 4096 / (uint64_t)checkpoint.page_size);
	assert_string_equal(vma[1].kind, "heap");
	assert_int_equal(vma[1].pages_present, 8192 / (uint64_t)checkpoint.page_size);
	assert_int_equal(vma[1].flags, 0x2022); /* private, anonymous, locked */
	assert_string_equal(vma[2].kind, "memfd");
	assert_int_equal(vma[3].flags & 0x40000, 0x40000);
	assert_string_equal(text_of(vma[4].vm_flags), "rd wr sh pf io");
	assert_string_equal(vma[5].kind, "stack");
	assert_string_equal(vma[6].kind, "vvar");
	assert_int_equal(vma[7].start, 0xffffffffff600000);
	assert_string_equal(vma[7].kind, "vsyscall");
	assert_int_equal(vma[3].origin.entry, 3);
	close_fake();
}

static void odd_mappings_are_passed_over(void **state)
{
	(void)state;
	begin("odd-maps");
	put("101/smaps", "VmFlags: rd\nAnonymous: 4 kB\n00402000-00400000 r-xp 0 0:0 0\n00400000 r-xp\n"
			 "fffffffffffffffff-1 rwxp 0 0:0 0\n00400000-00401000 r\n00400000-00401000 rwxp 0 0:0\n"
			 "00400000-00401000 rwxp 0 0:0 0 \x1b[31m\n\xff\xff\xff");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_PAGES);
	assert_int_equal(process_of(101)->n_vmas, 1);
	assert_string_equal(text_of(checkpoint.files.items[checkpoint.vmas.items[0].file].path), "\x1b[31m");
	close_fake();
}

static void a_line_without_end_is_cut(void **state)
{
	char path[512], *text;
	size_t len = 200 << 10;

	(void)state;
	begin("long");
	text = malloc(len);
	assert_non_null(text);
	memset(text, 'x', len);
	memcpy(text, "00400000-00401000 rwxp 0 0:1 2 /", 32);
	memcpy(text + len - 48, "\n00500000-00501000 rw-p 0 0:0 0 [heap]\n         ", 48);
	snprintf(path, sizeof(path), "%s/101/smaps", fake);
	write_file(path, text, len);
	free(text);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_PAGES);
	assert_int_equal(process_of(101)->n_vmas, 2);
	assert_string_equal(checkpoint.vmas.items[1].kind, "heap");
	assert_true(is_told("a line of more than 65536 bytes"));
	close_fake();
}

/* A process may have more mappings than we hold: the rest is left out, and that is told. */
static void a_million_mappings_are_a_limit(void **state)
{
	enum { MOST = 1000000 };
	char path[512], line[64];
	struct out text;

	(void)state;
	begin("many");
	out_init(&text, -1);
	for (unsigned i = 0; i < MOST + 10; i++) {
		int len = snprintf(line, sizeof(line), "%x000-%x000 rw-p 0 0:0 0\n", i + 1, i + 2);

		out_bytes(&text, (struct bytes){ (const uint8_t *)line, (size_t)len });
	}
	snprintf(path, sizeof(path), "%s/101/maps", fake);
	write_file(path, out_held(&text).data, out_held(&text).len);
	out_deinit(&text);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_MAPPINGS);
	assert_int_equal(checkpoint.vmas.n, MOST);
	assert_true(is_told("more than 1000000 mappings"));
	assert_int_equal(checkpoint.problems.worst, ERROR_LIMIT);
	assert_true(checkpoint.arena.used < (size_t)1 << 30);
	close_fake();
}

static void mounts_are_those_of_each_namespace_once(void **state)
{
	struct leaf_rows rows;
	const struct mount *mount;

	(void)state;
	begin("mounts");
	put("100/mountinfo",
	    "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=continue\n"
	    "23 22 0:22 /sub//deleted /mnt/with\\040blank\\134 ro,nosuid,nodev master:7 propagate_from:2 - fuse.sshfs h:\\011/x rw\n"
	    "garbage\n24 22 0:23 / /proc rw - proc proc rw\n");
	put("101/mountinfo", "99 1 0:1 / / rw - ext4 never read\n");
	put("102/mountinfo", "40 1 0:40 / / rw - overlay overlay rw,lowerdir=/a\n");
	open_fake(100);
	checkpoint_need_leaf(&checkpoint, &leaf_mount);
	rows = checkpoint_leaf(&checkpoint, &leaf_mount);
	mount = rows.items;
	assert_int_equal(rows.n, 4);
	assert_int_equal(mount[0].ns_id, 4);
	assert_int_equal(mount[0].mnt_id, 22);
	assert_int_equal(mount[0].device, 254 << 20 | 1);
	assert_int_equal(mount[0].shared_id, 1);
	assert_int_equal(mount[0].master_id, ABSENT_U32);
	assert_string_equal(text_of(mount[0].options), "rw,errors=continue");
	assert_string_equal(text_of(mount[1].mountpoint), "/mnt/with blank\\");
	assert_string_equal(text_of(mount[1].source), "h:\t/x");
	assert_string_equal(text_of(mount[1].root), "/sub");
	assert_true(mount[1].is_deleted);
	assert_int_equal(mount[1].master_id, 7);
	assert_int_equal(mount[1].flags, 7); /* read-only, nosuid, nodev */
	assert_int_equal(mount[2].origin.entry, 3);
	assert_int_equal(mount[3].ns_id, 5);
	assert_true(is_told("no line of a mount"));
	assert_int_equal(checkpoint.problems.items[0]->entry, 2);
	close_fake();
}

static void limits_and_signals_are_rows(void **state)
{
	struct leaf_rows limits, signals;
	const struct rlimit_row *limit;
	const struct signal *signal;

	(void)state;
	begin("limits");
	put("101/limits", "Limit                     Soft Limit           Hard Limit           Units     \n"
			  "Max cpu time              unlimited            unlimited            seconds   \n"
			  "Max open files            1024                 524288               files     \n"
			  "Max something new         1                    2                    \n");
	open_fake(100);
	checkpoint_need_leaf(&checkpoint, &leaf_rlimit);
	checkpoint_need_leaf(&checkpoint, &leaf_signal);
	limits = checkpoint_leaf(&checkpoint, &leaf_rlimit);
	limit = limits.items;
	assert_int_equal(limits.n, 2);
	assert_string_equal(limit[0].name, "cpu");
	assert_int_equal(limit[0].soft, ABSENT_U64);
	assert_int_equal(limit[1].resource, 7);
	assert_int_equal(limit[1].soft, 1024);
	assert_int_equal(limit[1].hard, 524288);
	signals = checkpoint_leaf(&checkpoint, &leaf_signal);
	signal = signals.items;
	assert_int_equal(signals.n, 6); /* of each process one that any thread takes, and one of its thread */
	assert_int_equal(signal[0].signal, 10);
	assert_int_equal(signal[0].tid, ABSENT_U32);
	assert_int_equal(signal[3].signal, 5);
	assert_int_equal(signal[3].tid, 100);
	close_fake();
}

static void arguments_and_environment_are_strings(void **state)
{
	char path[512];

	(void)state;
	begin("strings");
	snprintf(path, sizeof(path), "%s/101/cmdline", fake);
	write_file(path, "a\0b c\0\0\0\0", 9);
	snprintf(path, sizeof(path), "%s/101/environ", fake);
	write_file(path, "A=1\0\0B=2=3\0NOVALUE\0=x", 22);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_STRINGS);
	assert_true(bytes_equal(process_of(101)->argv.bytes, BYTES("a\0b c\0")));
	assert_int_equal(checkpoint.env.n, 4);
	assert_string_equal(text_of(checkpoint.env.items[1].name), "B");
	assert_string_equal(text_of(checkpoint.env.items[1].value), "2=3");
	assert_int_equal(checkpoint.env.items[1].origin.offset, 5);
	assert_null(checkpoint.env.items[2].value.data);
	close_fake();
}

/* --- the real one ---------------------------------------------------------------------------------------------------------- */

/* A child that has ends of connections, and tells their inodes and names. */
struct known {
	uint64_t tcp_ino, unix_ino, listener_ino, pair_ino, peer_ino;
	uint16_t port, peer_port;
};

static uint64_t inode_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? st.st_ino : 0;
}

static _Noreturn void hold_sockets(int ready, int outside)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), server, pair[2];
	socklen_t len = sizeof(address);
	struct known known = { 0 };

	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 5) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &len) < 0 ||
	    connect(client, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || write(pair[0], "seven b", 7) != 7)
		_exit(1);
	known.port = ntohs(address.sin_port);
	server = accept(listener, NULL, NULL);
	if (server < 0 || write(client, "abc", 3) != 3 || getsockname(client, (struct sockaddr *)&address, &len) < 0)
		_exit(1);
	known.peer_port = ntohs(address.sin_port);
	known.tcp_ino = inode_of(server);
	known.listener_ino = inode_of(listener);
	known.pair_ino = inode_of(pair[1]);
	known.peer_ino = inode_of(pair[0]);
	known.unix_ino = inode_of(outside);
	if (write(ready, &known, sizeof(known)) != sizeof(known))
		_exit(1);
	for (;;)
		pause();
}

static const struct socket *socket_of(uint64_t ino)
{
	uint32_t row = map_get(&checkpoint.socket_by_ino, ino);

	assert_true(row != MAP_NONE);
	return &checkpoint.sockets.items[row];
}

static void look_at_sockets(const struct known *known, pid_t pid)
{
	const struct socket *server = socket_of(known->tcp_ino), *listener = socket_of(known->listener_ino);
	const struct socket *pair = socket_of(known->pair_ino), *half = socket_of(known->unix_ino);
	const struct file *file = &checkpoint.files.items[server->file];

	assert_string_equal(server->state, "ESTABLISHED");
	assert_string_equal(server->family, "inet");
	assert_string_equal(text_of(server->proto), "tcp");
	assert_string_equal(text_of(server->remote_addr), "127.0.0.1");
	assert_int_equal(server->local_port, known->port);
	assert_int_equal(server->remote_port, known->peer_port);
	assert_int_equal(server->inq_bytes, 3);
	assert_true(server->peer_inside);
	assert_string_equal(file->type, "inetsk");
	assert_int_equal(file->first_pid, pid);
	assert_string_equal(listener->state, "LISTEN");
	assert_int_equal(listener->backlog, 5);
	assert_int_equal(listener->inq_bytes, 0);
	assert_string_equal(pair->family, "unix");
	assert_string_equal(pair->type, "stream");
	assert_int_equal(pair->peer_ino, known->peer_ino);
	assert_int_equal(pair->inq_bytes, 7);
	assert_true(pair->peer_inside);
	assert_true(half->is_connected);
	assert_false(half->peer_inside);
}

static void sockets_are_what_their_owner_knows(void **state)
{
	struct live_options options = { 0 };
	struct known known;
	int ready[2], outside[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, outside), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		close(outside[0]);
		hold_sockets(ready[1], outside[1]);
	}
	assert_int_equal(read(ready[0], &known, sizeof(known)), sizeof(known));
	options.pid = (uint32_t)pid;
	assert_null(live_open("/proc/child", &options, &checkpoint));
	checkpoint_need(&checkpoint, PART_FDS);
	assert_int_equal(checkpoint.problems.n, 0);
	look_at_sockets(&known, pid);
	close_fake();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (int i = 0; i < 2; i++) {
		close(ready[i]);
		close(outside[i]);
	}
}

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

/* --- the program -------------------------------------------------------------------------------------------------------------- */

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_is_a_process_and_what_descends_from_it),
		cmocka_unit_test(names_do_not_lead_astray),
		cmocka_unit_test(parents_in_a_circle_are_gone_through_once),
		cmocka_unit_test(garbage_costs_its_task_and_no_other),
		cmocka_unit_test(who_ends_meanwhile_is_told_and_nothing_is_wrong),
		cmocka_unit_test(what_is_no_file_is_not_waited_for),
		cmocka_unit_test(a_control_group_has_the_first_task_as_its_root),
		cmocka_unit_test(there_must_be_such_a_process),
		cmocka_unit_test(descriptors_are_what_their_links_say),
		cmocka_unit_test(removed_files_are_told_from_odd_names),
		cmocka_unit_test(details_of_files_become_rows),
		cmocka_unit_test(mappings_come_with_what_the_kernel_says_of_them),
		cmocka_unit_test(odd_mappings_are_passed_over),
		cmocka_unit_test(a_line_without_end_is_cut),
		cmocka_unit_test(a_million_mappings_are_a_limit),
		cmocka_unit_test(mounts_are_those_of_each_namespace_once),
		cmocka_unit_test(limits_and_signals_are_rows),
		cmocka_unit_test(arguments_and_environment_are_strings),
		cmocka_unit_test(sockets_are_what_their_owner_knows),
		cmocka_unit_test(without_privilege_it_is_told_what_is_missing),
		cmocka_unit_test(every_command_takes_a_process_or_says_why_not),
		cmocka_unit_test(rows_say_which_file_of_proc_they_are_from),
	};

	return run_all(tests);
}
