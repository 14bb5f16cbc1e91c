/*
 * The tables fd and file against /proc/PID/fd and fdinfo (proc.json), and against what the
 * workload says that it opened (truth.json).
 */
#pragma once

#include "tests/interop/corpus.h"
#include "tests/interop/tasks.h"

#include <fcntl.h>

static size_t n_descriptors, n_descriptor_truths;

/* --- /proc ------------------------------------------------------------------------------------ */

/* "flags:\t0100002": the rest of the line of fdinfo that begins with KEY; NULL: there is none. */
static const char *info_of(struct json_object *descriptor, const char *key)
{
	struct json_object *line;

	EACH(line, member(descriptor, "info")) {
		const char *text = json_object_get_string(line);

		if (!strncmp(text, key, strlen(key)))
			return text + strlen(key);
	}
	return NULL;
}

/* What /proc/PID/fd/N shows says the type of file; several where /proc does not tell them apart. */
static const struct {
	const char *link, *types;
} link_types[] = {
	{ "pipe:*", "pipe" },
	{ "socket:*", "inetsk unixsk netlinksk packetsk" },
	{ "anon_inode:?eventfd?", "eventfd" },
	{ "anon_inode:?eventpoll?", "eventpoll" },
	{ "anon_inode:?signalfd?", "signalfd" },
	{ "anon_inode:?timerfd?", "timerfd" },
	{ "anon_inode:inotify", "inotify" },
	{ "anon_inode:?fanotify?", "fanotify" },
	{ "anon_inode:?pidfd?", "pidfd" },
	{ "/memfd:*", "memfd" },
	{ "/dev/pts/*", "tty" },
	{ "/dev/ptmx", "tty" },
	{ "/dev/tty*", "tty" },
	{ "/dev/net/tun", "tunf" },
	{ "/*", "reg fifo" }, /* a fifo has a path like any file */
};

static void compare_type(struct json_object *row, const char *link)
{
	const char *type = cell_text(row, "type");

	n_compared++;
	for (size_t i = 0; i < ARRAY_SIZE(link_types); i++) {
		if (fnmatch(link_types[i].link, link, 0) != 0)
			continue;
		if (!is_one_of(link_types[i].types, type))
			differs("type is %s, not %s", type ? type : "null", link_types[i].types);
		return;
	}
	differs("no type is known for %s", link);
}

static void compare_path(struct json_object *row, const char *link)
{
	static const char mark[] = " (deleted)";
	size_t len = strlen(link);
	bool deleted = len > strlen(mark) && !strcmp(link + len - strlen(mark), mark);

	if (deleted)
		len -= strlen(mark);
	/* Images do not keep the inode of a packet socket. */
	if (!strcmp(cell_text(row, "type"), "packetsk"))
		return;
	same_text("path", make_text("%.*s", (int)len, link), cell_text(row, "path"));
	/* The name of a unix socket, deleted or not, is nothing that its link shows. */
	if (strcmp(cell_text(row, "type"), "unixsk") != 0)
		same_number("deleted", deleted, cell_true(row, "deleted"));
}

static void compare_flags(const struct case_files *files, struct json_object *row, const char *info)
{
	uint64_t flags = strtoull(info, NULL, 8);

	/*
	 * fdinfo shows close-on-exec, which belongs to the descriptor, among the flags of the file;
	 * images and tables keep it apart.
	 */
	same_number("close_on_exec", !!(flags & O_CLOEXEC), cell_true(row, "close_on_exec"));
	flags &= ~(uint64_t)O_CLOEXEC;
	/* CRIU takes the access mode, always O_RDWR, off the flags of a pidfd. */
	if (!strcmp(cell_text(row, "type"), "pidfd"))
		flags &= ~(uint64_t)O_ACCMODE;
	/* CRIU 3.17 wrote 0 for every netlink socket. */
	if (!strcmp(cell_text(row, "type"), "netlinksk") &&
	    !fnmatch("*-criu3.17*", files->name, 0))
		flags = 0;
	same_mask("flags", flags, cell_mask(row, "flags"));
}

/* A position is of files; what has none, as a pipe, shows 0 in fdinfo and null in the table. */
static void compare_position(struct json_object *row, const char *info)
{
	bool has_position = !strcmp(cell_text(row, "type"), "reg") ||
			    !strcmp(cell_text(row, "type"), "memfd");

	if (has_position)
		same_number("pos", strtoll(info, NULL, 10), cell_number(row, "pos"));
	else
		holds(!cell(row, "pos"), "pos is null where there is none");
}

static void compare_descriptor(const struct case_files *files, struct json_object *row,
			       struct json_object *descriptor)
{
	const char *link = text_of(descriptor, "link");

	n_descriptors++;
	compare_type(row, link);
	compare_path(row, link);
	compare_flags(files, row, info_of(descriptor, "flags:\t"));
	compare_position(row, info_of(descriptor, "pos:\t"));
}

static void compare_descriptors(const struct case_files *files, struct json_object *fds,
			      struct json_object *processes)
{
	struct json_object *task, *descriptor, *row;

	EACH(task, proc_tasks(files)) {
		int64_t pid = number_of(find_task(files, processes, task), "pid");

		look_at("pid %" PRId64, pid);
		same_number("descriptors", (int64_t)length(member(task, "fds")),
			    (int64_t)count_rows(fds, "pid", pid));
		EACH(descriptor, member(task, "fds")) {
			look_at("pid %" PRId64 " fd %" PRId64, pid, number_of(descriptor, "fd"));
			row = find_row(fds, "pid", pid, "fd", number_of(descriptor, "fd"));
			holds(row != NULL, "the descriptor is there");
			if (row)
				compare_descriptor(files, row, descriptor);
		}
	}
}

/* --- the workload ----------------------------------------------------------------------------- */

/* What the workload calls it, and the table. */
static const struct {
	const char *kind, *type;
} kind_types[] = {
	{ "reg", "reg" },	  { "dir", "reg" },	     { "o_path", "reg" },
	{ "procfs", "reg" },	  { "ghost", "reg" },	     { "linked-remap", "reg" },
	{ "chr", "reg" },	  { "pipe", "pipe" },	     { "fifo", "fifo" },
	{ "eventfd", "eventfd" }, { "timerfd", "timerfd" },  { "epoll", "eventpoll" },
	{ "signalfd", "signalfd" }, { "inotify", "inotify" }, { "fanotify", "fanotify" },
	{ "memfd", "memfd" },	  { "pidfd", "pidfd" },	     { "pty-master", "tty" },
	{ "pty-slave", "tty" },	  { "tun", "tunf" },	     { "tty", "tty" },
};

static const char *type_of_kind(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(kind_types); i++)
		if (!strcmp(kind_types[i].kind, kind))
			return kind_types[i].type;
	return "(a kind that this test does not know)";
}

/* How many bytes the images hold of it: a pipe's or fifo's unread data, a memfd. */
static void check_content(struct json_object *truth, struct json_object *file)
{
	const char *kind = text_of(truth, "kind");

	/* Where the workload does not say how much of its memfd is no hole: it wrote 9,000 bytes at
	 * the start and a text at 12,288 of 20,480 bytes, four pages of 4 KiB, or one of 16 KiB. */
	if (!strcmp(kind, "memfd"))
		same_number("held_bytes", member(truth, "held") ? number_of(truth, "held") : 16384,
			    cell_number(file, "held_bytes"));
	else if (member(truth, "unread") && strcmp(text_of(truth, "kind"), "pty-master") != 0)
		same_number("held_bytes", number_of(truth, "unread"),
			    cell_number(file, "held_bytes"));
	if (member(truth, "pos"))
		same_number("pos", number_of(truth, "pos"), cell_number(file, "pos"));
	if (member(truth, "size"))
		same_number("size", number_of(truth, "size"), cell_number(file, "size"));
}

/* "/proc/self/status" is what the workload opened; the kernel and CRIU know it by the pid. */
static const char *true_path(struct json_object *truth)
{
	const char *path = text_of(truth, "path");

	if (path && !strncmp(path, "/proc/self/", 11))
		return make_text("/proc/%" PRId64 "/%s", number_of(truth, "pid"), path + 11);
	return path;
}

static void check_descriptor(struct json_object *truth, struct json_object *row,
			     struct json_object *fds, struct json_object *file_rows)
{
	struct json_object *file = find_row(file_rows, "id", number_of(row, "file_id"), NULL, 0);
	struct json_object *twin;

	same_text("type", type_of_kind(text_of(truth, "kind")), cell_text(row, "type"));
	if (member(truth, "path"))
		same_text("path", true_path(truth), cell_text(row, "path"));
	if (member(truth, "deleted"))
		holds(cell_true(row, "deleted"), "it is deleted");
	if (member(truth, "cloexec"))
		same_number("close_on_exec", json_object_get_boolean(member(truth, "cloexec")),
			    cell_true(row, "close_on_exec"));
	if (member(truth, "dup_of_fd")) {
		twin = find_row(fds, "pid", number_of(truth, "pid"), "fd",
				number_of(truth, "dup_of_fd"));
		same_number("file_id of a dup", number_of(twin, "file_id"),
			    cell_number(row, "file_id"));
	}
	holds(file != NULL, "file_id names a row of file");
	if (file)
		check_content(truth, file);
}

static void check_descriptor_truth(const struct case_files *files, struct json_object *fds,
			struct json_object *file_rows)
{
	struct json_object *truth, *row;

	EACH(truth, member(files->truth, "fd")) {
		look_at("pid %" PRId64 " fd %" PRId64 " (truth)", number_of(truth, "pid"),
			number_of(truth, "fd"));
		row = find_row(fds, "pid", number_of(truth, "pid"), "fd", number_of(truth, "fd"));
		holds(row != NULL, "the descriptor is there");
		if (row)
			check_descriptor(truth, row, fds, file_rows);
		n_descriptor_truths++;
	}
}

static void descriptors_are_true(const struct case_files *files)
{
	struct json_object *fds;

	if (files->checkpoint && !is_refused(files)) {
		fds = list_table("fd", files);
		compare_descriptors(files, fds, list_table("process", files));
		check_descriptor_truth(files, fds, list_table("file", files));
	}
}

static void enough_descriptors_were_compared(void)
{
	enough_was_compared("descriptors", n_descriptors, 1200);
	enough_was_compared("lines of truth about descriptors", n_descriptor_truths, 330);
}
