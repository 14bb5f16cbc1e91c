/* Running processes as a checkpoint: descriptors, and what the kernel says of each kind of file. */
#include "tests/support/fake_proc.h"

#include "decoders/model/leaves/epoll.h"
#include "decoders/model/leaves/inotify.h"
#include "decoders/model/leaves/lock.h"
#include "decoders/model/leaves/timer.h"
#include "decoders/model/leaves/tty.h"

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
	bool has_position;
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
		/* of others the kernel shows a 0 that says nothing, and images have none */
		has_position = !strcmp(links[i].type, "reg") || !strcmp(links[i].type, "memfd") ||
			       !strcmp(links[i].type, "bpfmap");
		assert_true(file_of(101, i)->pos == (has_position ? 4096 : ABSENT_U64));
		assert_int_equal(file_of(101, i)->flags, 0100001);
		assert_int_equal(file_of(101, i)->mnt_id, 15);
		assert_true(fd_of(101, i)->close_on_exec);
	}
	assert_int_equal(file_of(101, 10)->inode, 7);
	assert_true(file_of(101, 12)->deleted);
	assert_string_equal(text_of(file_of(101, 12)->path), "/memfd:x");
	assert_source(fd_of(101, 3)->origin, "101/fdinfo/3");
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

/* --- details ------------------------------------------------------------------------------------------ */

static const struct {
	unsigned pid, fd;
	const char *link, *info;
} details[] = {
	{ 101, 3, "anon_inode:[eventpoll]",
	  "pos:\t0\nflags:\t02\nmnt_id:\t15\nino:\t9\n"
	  "tfd:        5 events:       19 data:         deadbeef  pos:0 ino:61af sdev:7\n"
	  "tfd:       77 events: 80000001 data: ffffffffffffffff  pos:8 ino:62 sdev:8\n"
	  "tfd: nonsense\n\xff\xfe\n" },
	{ 101, 4, "anon_inode:inotify",
	  "pos:\t0\nflags:\t00\nmnt_id:\t15\n"
	  "inotify wd:3 ino:9e7e sdev:800013 mask:800afce ignored_mask:0 fhandle-bytes:8 fhandle-type:1 "
	  "f_handle:7e9e0000640d1b6d\n" },
	{ 101, 5, "anon_inode:[timerfd]",
	  "pos:\t0\nflags:\t02\nmnt_id:\t15\n"
	  "clockid: 1\nticks: 2\nsettime flags: 01\nit_value: (3, 500)\nit_interval: (1, 0)\n" },
	{ 101, 6, "/tmp/locked",
	  "pos:\t0\nflags:\t02\nmnt_id:\t15\n"
	  "lock:\t1: FLOCK  ADVISORY  WRITE 101 00:13:11691 0 EOF\n"
	  "lock:\t2: POSIX  ADVISORY  READ 101 00:13:11691 10 19\n"
	  "lock:\t3: LEASE  BREAKING  READ 101 00:13:1 0 EOF\n" },
	{ 102, 6, "/tmp/locked",
	  "pos:\t0\nflags:\t02\nmnt_id:\t15\n"
	  "lock:\t1: OFDLCK ADVISORY  WRITE -1 00:13:11691 0 EOF\nlock:\tx\n" },
	{ 101, 7, "anon_inode:[pidfd]", "pos:\t0\nflags:\t02\nPid:\t4711\nNSpid:\t4711\n" },
};

/* All at once: no kind has a row that is another's. */
static int open_details(void **state)
{
	(void)state;
	begin("details");
	for (size_t i = 0; i < ARRAY_SIZE(details); i++)
		put_fd(details[i].pid, details[i].fd, details[i].link, details[i].info);
	put("101/timers", "ID: 9\nsignal: 60/00007fff86e452a8\nnotify: thread/tid.2634\nClockID: -6\n"
			  "ID: 10\nnotify: none/pid.1\n");
	open_fake(100);
	return 0;
}

static int close_details(void **state)
{
	(void)state;
	close_fake();
	return 0;
}

#define DETAILS(name) cmocka_unit_test_setup_teardown(name, open_details, close_details)

static void what_an_epoll_watches_is_rows(void **state)
{
	struct leaf_rows rows = rows_of(&leaf_epoll);
	const struct epoll *epoll = rows.items;

	(void)state;
	assert_int_equal(rows.n, 2);
	assert_int_equal(epoll[0].target_fd, 5);
	assert_int_equal(epoll[0].target_file_id, file_of(101, 5)->id);
	assert_int_equal(epoll[0].events, 0x19);
	assert_int_equal(epoll[0].data, 0xdeadbeef);
	assert_int_equal(epoll[0].target_inode, 0x61af);
	assert_int_equal(epoll[0].origin.entry, 4);
	assert_int_equal(epoll[1].target_file_id, ABSENT_U32);
	assert_int_equal(epoll[1].data, UINT64_MAX);
	assert_string_equal(text_of(file_of(101, 3)->detail), "3 watched");
}

static void what_an_inotify_watches_is_rows(void **state)
{
	struct leaf_rows rows = rows_of(&leaf_inotify);
	const struct inotify *inotify = rows.items;

	(void)state;
	assert_int_equal(rows.n, 1);
	assert_int_equal(inotify->wd, 3);
	assert_int_equal(inotify->inode, 0x9e7e);
	assert_int_equal(inotify->device, 0x800013);
	assert_int_equal(inotify->mask, 0x800afce);
	assert_int_equal(inotify->handle.len, 8);
	assert_int_equal(inotify->handle.data[7], 0x6d);
}

static void timers_are_those_of_the_process_and_of_its_files(void **state)
{
	struct leaf_rows rows = rows_of(&leaf_timer);
	const struct timer *timer = rows.items;

	(void)state;
	assert_int_equal(rows.n, 3);
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
}

static void locks_are_those_of_whoever_holds_the_file(void **state)
{
	struct leaf_rows rows = rows_of(&leaf_lock);
	const struct lock *lock = rows.items;

	(void)state;
	assert_int_equal(rows.n, 4);
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
}

static void a_pidfd_says_whose_it_is(void **state)
{
	(void)state;
	checkpoint_need(&checkpoint, PART_FDS);
	assert_string_equal(text_of(file_of(101, 7)->detail), "pid 4711");
}

static void what_is_no_terminal_has_no_row(void **state)
{
	(void)state;
	assert_int_equal(rows_of(&leaf_tty).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors_are_what_their_links_say),
		cmocka_unit_test(removed_files_are_told_from_odd_names),
		DETAILS(what_an_epoll_watches_is_rows),
		DETAILS(what_an_inotify_watches_is_rows),
		DETAILS(timers_are_those_of_the_process_and_of_its_files),
		DETAILS(locks_are_those_of_whoever_holds_the_file),
		DETAILS(a_pidfd_says_whose_it_is),
		DETAILS(what_is_no_terminal_has_no_row),
	};

	return run_all(tests);
}
