/*
 * Leaves of images that no bundled checkpoint has: the layout of old dumps, where limits, signals,
 * timers and watches have images of their own, BPF maps, MIPS, and siginfos of every kind.
 */
#include "tests/support/handmade.h"

#include "decoders/base/size.h"

enum {
	MAGIC_RLIMIT = 0x57113925,
	MAGIC_SIGACT = 0x55344201,
	MAGIC_ITIMERS = 0x57464056,
	MAGIC_POSIX_TIMERS = 0x52603957,
	MAGIC_SIGNAL = 0x59255647,
	MAGIC_EVENTPOLL_TFD = 0x44433746,
	MAGIC_INOTIFY_WD = 0x54562009,
	MAGIC_FANOTIFY_MARK = 0x56506035,
	MAGIC_BPFMAP_FILE = 0x57506142,
	MAGIC_BPFMAP_DATA = 0x64324033,
	MAGIC_FILE_LOCKS = 0x54323616,
	MAGIC_REG_FILES = 0x50363636,
	MAGIC_FIFO = 0x58364939,
	MARCH_X86_64 = 1,
	MARCH_MIPS = 6,
	PID = 7,
};

static struct out image, payload, inner, raw;
static const char *directory;

static int make_outs(void **state)
{
	(void)state;
	out_init(&image, -1);
	out_init(&payload, -1);
	out_init(&inner, -1);
	out_init(&raw, -1);
	return 0;
}

static int drop_outs(void **state)
{
	(void)state;
	out_deinit(&image);
	out_deinit(&payload);
	out_deinit(&inner);
	out_deinit(&raw);
	return 0;
}

/* A checkpoint of one task, whose core says nothing of what the leaves show. */
static void begin(const char *name, unsigned march)
{
	directory = name;
	write_inventory(directory);
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, PID, 0);
	write_image(directory, "pstree.img", &image);
	put_number(&payload, 1, march);
	put_number(&inner, 1, 1);
	for (uint64_t field = 2; field <= 5; field++)
		put_number(&inner, field, 0);
	put_text(&inner, 6, "task");
	put_message(&payload, 3, &inner);
	write_entry(directory, "core-7.img", MAGIC_CORE, &payload);
}

static void begin_image(uint32_t magic)
{
	put_magic(&image, magic);
}

/* An entry of numbers: its fields from 1 on. */
static void put_numbers(const uint64_t *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_number(&payload, i + 1, numbers[i]);
	put_entry(&image, &payload);
}
#define PUT(...)                                                \
	put_numbers((const uint64_t[]){ __VA_ARGS__ },          \
		    sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static void end_image(const char *name)
{
	write_image(directory, name, &image);
}

static struct json_object *list(const char *table)
{
	return run_json(0, "list", table, "--format", "json", scratch_path("%s", directory),
			NULL);
}

/* That cells are so: "column=value ..." of row N, with "null" for null. */
static void expect(struct json_object *rows, size_t n, const char *cells)
{
	struct json_object *row = json_object_array_get_idx(rows, n), *value;
	char *copy = strdup(cells), *rest = copy, *word;

	assert_non_null(row);
	while ((word = strsep(&rest, " "))) {
		char *wanted = strchr(word, '=');

		*wanted++ = '\0';
		if (!json_object_object_get_ex(row, word, &value))
			fail_msg("there is no column %s", word);
		if (strcmp(wanted, value ? json_object_get_string(value) : "null") != 0)
			fail_msg("row %zu: %s is %s, not %s", n, word,
				 json_object_get_string(value), wanted);
	}
	free(copy);
}

/* --- images of old dumps -------------------------------------------------------------------- */

static void limits_of_old_dumps(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("rlimit", MARCH_X86_64);
	begin_image(MAGIC_RLIMIT);
	for (uint64_t i = 0; i < 17; i++)
		PUT(i, UINT64_MAX);
	end_image("rlimit-7.img");
	rows = list("rlimit");
	expect(rows, 5, "pid=7 name=rss soft=5 hard=null soft_unlimited=false hard_unlimited=true");
	expect(rows, 7, "name=nofile soft=7 unit=files");
	expect(rows, 16, "resource=16 name=null soft=16 unit=null");
	json_object_put(rows);
}

static void limits_of_mips(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("rlimit-mips", MARCH_MIPS);
	begin_image(MAGIC_RLIMIT);
	for (uint64_t i = 0; i < 16; i++)
		PUT(i, i);
	end_image("rlimit-7.img");
	rows = list("rlimit");
	expect(rows, 5, "resource=5 name=nofile");
	expect(rows, 6, "resource=6 name=as");
	expect(rows, 7, "resource=7 name=rss");
	expect(rows, 8, "resource=8 name=nproc");
	expect(rows, 9, "resource=9 name=memlock");
	expect(rows, 10, "resource=10 name=locks");
	json_object_put(rows);
}

static void actions_of_old_dumps(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("sigacts", MARCH_X86_64);
	begin_image(MAGIC_SIGACT);
	for (uint64_t i = 0; i < 62; i++)
		PUT(i, i == 8 ? 0x44000004 : 0, 0x99, 0);
	end_image("sigacts-7.img");
	rows = list("sigaction");
	expect(rows, 0, "signal=1 name=SIGHUP action=default handler=null");
	expect(rows, 1, "signal=2 action=ignore handler=null");
	expect(rows, 7, "signal=8 name=SIGFPE");
	expect(rows, 8, "signal=10 name=SIGUSR1 action=handler handler=0x8 restorer=0x99 "
			"flag_names=SA_SIGINFO|SA_RESTORER|SA_NODEFER");
	expect(rows, 16, "signal=18 name=SIGCONT");
	expect(rows, 17, "signal=20 name=SIGTSTP");
	expect(rows, 61, "signal=64 name=SIG64");
	json_object_put(rows);
}

static void actions_of_mips(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("sigacts-mips", MARCH_MIPS);
	begin_image(MAGIC_SIGACT);
	for (uint64_t i = 0; i < 126; i++)
		PUT(0x1000, 0x10000008, 0, 0);
	end_image("sigacts-7.img");
	rows = list("sigaction");
	expect(rows, 8, "signal=10 name=SIGBUS flag_names=SA_SIGINFO|SA_RESTART");
	expect(rows, 20, "signal=22 name=SIGIO");
	expect(rows, 21, "signal=24 name=SIGTSTP");
	expect(rows, 125, "signal=128 name=SIG128");
	json_object_put(rows);
}

static void timers_of_old_dumps(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("timers", MARCH_X86_64);
	begin_image(MAGIC_ITIMERS);
	PUT(0, 0, 0, 0);
	PUT(1, 500000, 2, 250000);
	PUT(UINT64_MAX, 0, 1, 0);
	end_image("itimers-7.img");
	begin_image(MAGIC_POSIX_TIMERS);
	PUT(3, (uint32_t)-6, 34, 4, UINT64_MAX, 9, 0, 0, 0, 1, PID);
	end_image("posix-timers-7.img");
	rows = list("timer");
	assert_int_equal(json_object_array_length(rows), 3);
	expect(rows, 0, "kind=itimer name=virtual remaining_ns=2250000000 interval_ns=1500000000 "
			"armed=true absolute=null id=null value=null");
	expect(rows, 1, "name=prof remaining_ns=1000000000 interval_ns=null");
	expect(rows, 2, "kind=posix id=3 clock=CLOCK_PROCESS_CPUTIME_ID clock_id=-6 signal=34 "
			"notify=SIGEV_THREAD_ID notify_tid=7 value=0xffffffffffffffff missed=9 "
			"remaining_ns=1 armed=true");
	json_object_put(rows);
}

static void watches_of_old_dumps(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("watches", MARCH_X86_64);
	begin_image(MAGIC_EVENTPOLL_TFD);
	PUT(11, 5, UINT32_MAX, UINT64_MAX);
	end_image("eventpoll-tfd.img");
	begin_image(MAGIC_INOTIFY_WD);
	put_number(&inner, 1, 8);
	put_number(&inner, 2, 1);
	put_message(&payload, 7, &inner);
	PUT(12, 99, 0x40000002, 0, 8 << 20 | 1, 3);
	end_image("inotify-wd.img");
	begin_image(MAGIC_FANOTIFY_MARK);
	PUT(13, 2, 0, 0x100020, 0, 0);
	end_image("fanotify-mark.img");
	rows = list("epoll");
	expect(rows, 0, "file_id=11 target_fd=5 target_file_id=null events=0xffffffff "
			"data=0xffffffffffffffff target_inode=null target_device=null");
	json_object_put(rows);
	rows = list("inotify");
	expect(rows, 0, "file_id=12 kind=inotify wd=3 inode=99 device=8:1 path=null "
			"mask_names=IN_MODIFY|IN_ISDIR");
	expect(rows, 1, "file_id=13 kind=fanotify target=mount wd=null inode=null "
			"mask_names=FAN_OPEN|0x100000");
	json_object_put(rows);
}

/* A fifo's path was that of the regular file with its own id; the table has one file an id. */
static void fifos_of_old_dumps(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("fifos", MARCH_X86_64);
	begin_image(MAGIC_REG_FILES);
	for (uint64_t field = 1; field <= 5; field++)
		put_number(&inner, field, 0);
	put_message(&payload, 5, &inner);
	put_text(&payload, 6, "/run/fifo");
	PUT(9, 2, 0);
	end_image("reg-files.img");
	begin_image(MAGIC_FIFO);
	PUT(9, 77);
	end_image("fifo.img");
	rows = list("file");
	assert_int_equal(json_object_array_length(rows), 2);
	expect(rows, 0, "id=9 type=reg path=/run/fifo flags=0x2");
	expect(rows, 1, "id=10 image_id=9 type=fifo path=/run/fifo flags=0x2 inode=77");
	json_object_put(rows);
}

/* --- what no case has ----------------------------------------------------------------------- */

static void bpf_maps(void **state)
{
	static const uint64_t numbers[] = { 1, 4, 8, 13, 16, 2, 4096, 1 }; /* from map_type on */
	struct json_object *rows;

	(void)state;
	begin("bpf", MARCH_X86_64);
	begin_image(MAGIC_BPFMAP_FILE);
	for (uint64_t field = 1; field <= 5; field++)
		put_number(&inner, field, 0);
	put_message(&payload, 4, &inner);
	put_text(&payload, 13, "counts");
	put_number(&payload, 14, 0);
	for (uint64_t i = 0; i < ARRAY_SIZE(numbers); i++)
		put_number(&payload, i + 5, numbers[i]);
	PUT(21, 0x8002, 0);
	end_image("bpfmap-file.img");
	begin_image(MAGIC_BPFMAP_DATA);
	PUT(13, 8, 16, 2);
	out_bytes(&image, BYTES("kkkkkkkkvvvvvvvvvvvvvvvv"));
	end_image("bpfmap-data.img");
	rows = list("bpfmap");
	expect(rows, 0, "file_id=21 pid=null map_id=13 name=counts map_type=1 type=hash key_size=4 "
			"value_size=8 max_entries=16 flags=0x2 memlock=4096 frozen=true entries=2 "
			"keys_bytes=8 values_bytes=16 extra=null");
	json_object_put(rows);
	rows = list("bpfmap_entry");
	assert_int_equal(json_object_array_length(rows), 2);
	expect(rows, 1, "map_id=13 place=1 key=6b6b6b6b value=7676767676767676");
	json_object_put(rows);
}

static void locks_of_nobody(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("locks", MARCH_X86_64);
	begin_image(MAGIC_FILE_LOCKS);
	PUT(4, 0, UINT64_MAX, UINT64_MAX, 0, 0);
	PUT(8, 5, PID, 3, 0, 0);
	PUT(2, 96, PID, 3, 1, 1);
	PUT(16, 9, PID, 3, 1, 1);
	end_image("filelocks.img");
	rows = list("lock");
	expect(rows, 0, "pid=null fd=null kind=ofd mode=read to_eof=true file_id=null");
	expect(rows, 1, "kind=lease mode=write breaking=true");
	expect(rows, 2, "kind=flock length=1 to_eof=false breaking=false");
	expect(rows, 3, "kind=null mode=null");
	json_object_put(rows);
}

/* --- siginfo -------------------------------------------------------------------------------- */

/* An entry with a siginfo of WORDS, of 128 bytes as the kernel's, in the byte order asked for. */
static void put_siginfo(const uint32_t *words, size_t n, bool big_endian)
{
	for (size_t i = 0; i < 32; i++)
		put_u32(&raw, i < n ? words[i] : 0, big_endian);
	put_bytes(&payload, 1, out_held(&raw));
	out_clear(&raw);
	put_u32(&image, (uint32_t)payload.len, big_endian);
	out_bytes(&image, out_held(&payload));
	out_clear(&payload);
}
#define SIGINFO(big_endian, ...)                                \
	put_siginfo((const uint32_t[]){ __VA_ARGS__ },          \
		    sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4, big_endian)

static void signals_of_every_kind(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("signals", MARCH_X86_64);
	begin_image(MAGIC_SIGNAL);
	SIGINFO(false, 17, 0, 1, 0, 42, 1000, 3);             /* SIGCHLD, CLD_EXITED */
	SIGINFO(false, 11, 0, 1, 0, 0xdead0000, 0x7f);        /* SIGSEGV, SEGV_MAPERR */
	SIGINFO(false, 14, 0, (uint32_t)-2, 0, 5, 6, 8, 9);   /* SI_TIMER */
	SIGINFO(false, 29, 0, 1, 0, 65, 0, 12);               /* SIGIO, POLL_IN */
	SIGINFO(false, 31, 2, 1, 0, 0x1000, 0, 39, 0xc000003e); /* SIGSYS */
	SIGINFO(false, 9, 0, 0x80, 0, 0, 0);                  /* SI_KERNEL */
	end_image("signal-s-7.img");
	begin_image(MAGIC_SIGNAL);
	SIGINFO(false, 10, 0, 0, 0, 1, 33);                   /* SI_USER */
	end_image("signal-p-7.img");
	rows = list("signal");
	expect(rows, 0, "pid=7 tid=null name=SIGCHLD code=1 code_name=null sender_pid=42 "
			"sender_uid=1000 status=3 value=null address=null");
	expect(rows, 1, "name=SIGSEGV address=0x7fdead0000 sender_pid=null");
	expect(rows, 2, "code_name=SI_TIMER timer_id=5 overrun=6 value=0x900000008 value_int=8");
	expect(rows, 3, "name=SIGIO fd=12 sender_pid=null");
	expect(rows, 4, "name=SIGSYS errno=2 address=0x1000 syscall=39");
	expect(rows, 5, "name=SIGKILL code_name=SI_KERNEL sender_pid=0");
	expect(rows, 6, "tid=7 name=SIGUSR1 code_name=SI_USER sender_pid=1 sender_uid=33");
	json_object_put(rows);
}

/* Where int comes first in a union, the pointer has it in its upper half. */
static void signals_big_endian(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("signals-big", MARCH_X86_64);
	put_u32(&image, 0x54564319, true);
	put_u32(&image, MAGIC_SIGNAL, true);
	SIGINFO(true, 35, 0, (uint32_t)-1, 0, 42, 0, 77, 0);
	end_image("signal-s-7.img");
	rows = list("signal");
	expect(rows, 0, "signal=35 code=-1 sender_pid=42 value=0x4d00000000 value_int=77");
	json_object_put(rows);
}

static void signals_of_mips(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("signals-mips", MARCH_MIPS);
	begin_image(MAGIC_SIGNAL);
	SIGINFO(false, 18, 1, 5, 0, 42, 0, 3);
	end_image("signal-s-7.img");
	rows = list("signal");
	expect(rows, 0, "name=SIGCHLD code=1 errno=5 sender_pid=42 status=3");
	json_object_put(rows);
}

static void signals_cut_off(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("signals-cut", MARCH_X86_64);
	begin_image(MAGIC_SIGNAL);
	put_bytes(&payload, 1, BYTES("\12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0"));
	put_entry(&image, &payload);
	put_entry(&image, &payload);
	SIGINFO(false, 10, 0, 0, 0, 1, 33);
	end_image("signal-s-7.img");
	rows = run_json(4, "list", "signal", "--format", "json", scratch_path("%s", directory),
			NULL);
	assert_int_equal(json_object_array_length(rows), 1);
	expect(rows, 0, "name=SIGUSR1 sender_uid=33");
	json_object_put(rows);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_outs, drop_outs)
	const struct CMUnitTest tests[] = {
		TEST(limits_of_old_dumps),   TEST(limits_of_mips),
		TEST(actions_of_old_dumps),  TEST(actions_of_mips),
		TEST(timers_of_old_dumps),   TEST(watches_of_old_dumps),
		TEST(bpf_maps),		     TEST(locks_of_nobody),
		TEST(fifos_of_old_dumps),
		TEST(signals_of_every_kind), TEST(signals_big_endian),
		TEST(signals_of_mips),	     TEST(signals_cut_off),
	};
#undef TEST
	return run_all(tests);
}
