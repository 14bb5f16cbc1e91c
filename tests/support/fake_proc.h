/*
 * A directory that is laid out as /proc is, and the checkpoint that is read out of it or of the real one. Included by
 * the tests of running processes.
 */
#pragma once

#include "tests/support/wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/live/live.h"
#include "decoders/model/leaf.h"

/* --- the directory ------------------------------------------------------------------------------------ */

static const char *fake; /* of the test at hand */

__attribute__((format(printf, 2, 3))) HELPER void put(const char *name, const char *format, ...)
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

HELPER void put_link(const char *name, const char *target)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", fake, name);
	write_file(path, "", 0); /* makes the directories */
	unlink(path);
	assert_int_equal(symlink(target, path), 0);
}

HELPER void make_directory(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", fake, name);
	assert_true(mkdir(path, 0777) == 0 || errno == EEXIST);
}

HELPER const char *of(unsigned pid, const char *name)
{
	static char texts[4][512];
	static unsigned n;
	char *text = texts[n++ % ARRAY_SIZE(texts)];

	snprintf(text, sizeof(texts[0]), "%u/%s", pid, name);
	return text;
}

HELPER void put_stat(const char *name, unsigned pid, const char *comm, char state, unsigned ppid)
{
	put(name, "%u (%s) %c %u %u %u 34816 -1 4194304 1 0 0 0 1 2 0 0 20 -5 1 0 %u 1 2 3 1 1 4096 0 0 0 0 0 0 0 0 0 17 "
		  "3 9 2 0 0 0 0 0 0 0 0 0 0 512\n",
	    pid, comm, state, ppid, pid, pid, 1000 + pid);
}

/* What every process has. */
HELPER void put_process(unsigned pid, const char *comm, unsigned ppid)
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

HELPER void put_fd(unsigned pid, unsigned fd, const char *link, const char *info)
{
	char name[64];

	snprintf(name, sizeof(name), "fd/%u", fd);
	put_link(of(pid, name), link);
	snprintf(name, sizeof(name), "fdinfo/%u", fd);
	put(of(pid, name), "%s", info);
}

/* 100 with its child 101 and grandchild 102; 200 is nobody's. */
HELPER void begin(const char *name)
{
	fake = scratch_path("%s", name);
	put_process(100, "init", 1);
	put_process(101, "worker", 100);
	put_process(102, "deep", 101);
	put_process(200, "stranger", 1);
	put(".keep", "%s", "");
}

/* --- the checkpoint ----------------------------------------------------------------------------------- */

static struct checkpoint checkpoint;

HELPER void open_fake(uint32_t pid)
{
	const struct live_options options = { .proc = fake, .pid = pid };

	assert_null(live_open("fake", &options, &checkpoint));
}

HELPER void close_fake(void)
{
	checkpoint_close(&checkpoint);
}

HELPER const struct process *process_of(uint32_t pid)
{
	uint32_t row = map_get(&checkpoint.process_by_pid, pid);

	assert_true(row != MAP_NONE);
	return &checkpoint.processes.items[row];
}

HELPER const struct fd *fd_of(uint32_t pid, uint32_t number)
{
	for (size_t i = 0; i < checkpoint.fds.n; i++)
		if (checkpoint.fds.items[i].pid == pid && checkpoint.fds.items[i].fd == number)
			return &checkpoint.fds.items[i];
	fail_msg("process %u has no descriptor %u", pid, number);
	return NULL;
}

HELPER const struct file *file_of(uint32_t pid, uint32_t number)
{
	return &checkpoint.files.items[fd_of(pid, number)->file];
}

HELPER struct leaf_rows rows_of(const struct leaf *leaf)
{
	checkpoint_need_leaf(&checkpoint, leaf);
	return checkpoint_leaf(&checkpoint, leaf);
}

HELPER const char *text_of(struct bytes bytes)
{
	static char text[256];

	snprintf(text, sizeof(text), "%.*s", BYTES_FMT(bytes));
	return text;
}

/* Where a row is from is FILE, below .fake. */
HELPER void assert_source(struct origin origin, const char *file)
{
	char wanted[512];

	snprintf(wanted, sizeof(wanted), "%s/%s", fake, file);
	assert_true(origin.member < checkpoint.source.members.n);
	assert_string_equal(text_of(checkpoint.source.members.items[origin.member].name), wanted);
}

HELPER bool is_told(const char *text)
{
	for (size_t i = 0; i < checkpoint.problems.n; i++)
		if (strstr(checkpoint.problems.items[i]->message, text))
			return true;
	return false;
}
