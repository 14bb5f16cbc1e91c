/*
 * The tables of what stands behind descriptors: epoll, inotify, lock, pipe, memfd, tty, tcp.
 * Against /proc/PID/fdinfo and ss(8) just before the dump (proc.json), and against what the
 * workload says it did (truth.json).
 */
#pragma once

#include "tests/interop/corpus.h"
#include "tests/interop/tasks.h"

static size_t n_watches, n_marks, n_locks, n_pipes, n_memfds, n_ttys, n_connections, n_file_truths;

struct file_tables {
	struct json_object *fds, *files, *epolls, *inotifies, *locks, *pipes, *memfds, *ttys;
	struct json_object *tcps, *sockets;
};

static int64_t file_of(const struct file_tables *tables, int64_t pid, int64_t fd)
{
	struct json_object *row = find_row(tables->fds, "pid", pid, "fd", fd);

	return row ? number_of(row, "file_id") : ABSENT;
}

/* The id of what is behind a descriptor: of a pipe, a memfd, a terminal. */
static int64_t inode_of(const struct file_tables *tables, int64_t pid, int64_t fd)
{
	struct json_object *row = find_row(tables->files, "id", file_of(tables, pid, fd), NULL, 0);

	return row ? cell_number(row, "inode") : ABSENT;
}

/* "254:0" of the kernel's number. */
static const char *device_text(uint64_t device)
{
	return make_text("%" PRIu64 ":%" PRIu64, device >> 20, device & 0xfffff);
}

static bool is_link(struct json_object *descriptor, const char *link)
{
	return !strcmp(text_of(descriptor, "link"), link);
}

/* --- epoll ---------------------------------------------------------------------------------- */

/* "tfd:       24 events:       1c data:                3  pos:0 ino:27cc sdev:10" */
static void compare_watch(const struct file_tables *tables, int64_t pid, int64_t file_id,
			  const char *line)
{
	uint64_t events, data, ino = 0, device = 0;
	struct json_object *row;
	int64_t fd, pos = 0;

	if (sscanf(line, "tfd: %" SCNd64 " events: %" SCNx64 " data: %" SCNx64 " pos:%" SCNd64
		   " ino:%" SCNx64 " sdev:%" SCNx64, &fd, &events, &data, &pos, &ino, &device) < 6)
		return;
	row = find_row(tables->epolls, "file_id", file_id, "target_fd", fd);
	holds(row != NULL, "the watched descriptor is there");
	if (!row)
		return;
	same_mask("events", events, cell_mask(row, "events"));
	same_mask("data", data, cell_mask(row, "data"));
	same_number("target_pos", pos, cell_number(row, "target_pos"));
	same_number("target_inode", (int64_t)ino, cell_number(row, "target_inode"));
	same_text("target_device", device_text(device), cell_text(row, "target_device"));
	same_number("target_file_id", file_of(tables, pid, fd), cell_number(row, "target_file_id"));
	n_watches++;
}

static void compare_epoll(const struct file_tables *tables, int64_t pid,
			  struct json_object *descriptor)
{
	int64_t file_id = file_of(tables, pid, number_of(descriptor, "fd"));
	struct json_object *line;
	size_t n = 0;

	look_at("pid %" PRId64 " epoll %" PRId64, pid, number_of(descriptor, "fd"));
	EACH(line, member(descriptor, "info")) {
		const char *text = json_object_get_string(line);

		n += !strncmp(text, "tfd:", 4);
		compare_watch(tables, pid, file_id, text);
	}
	same_number("watches", (int64_t)n, (int64_t)count_rows(tables->epolls, "file_id", file_id));
}

static void check_watches(const struct file_tables *tables, struct json_object *truth)
{
	int64_t file_id = file_of(tables, number_of(truth, "pid"), number_of(truth, "fd"));
	enum { KERNEL_ADDS = 0x18 /* EPOLLERR, EPOLLHUP */ };
	struct json_object *watch, *row;

	EACH(watch, member(truth, "watches")) {
		row = find_row(tables->epolls, "file_id", file_id, "target_fd",
			       number_of(watch, "fd"));
		same_mask("events", (uint64_t)number_of(watch, "events") | KERNEL_ADDS,
			  cell_mask(row, "events"));
		same_text("data", text_of(watch, "data"), cell_text(row, "data"));
		holds((number_of(watch, "events") >> 31 & 1) ==
			      (strstr(cell_text(row, "event_names"), "EPOLLET") != NULL),
		      "EPOLLET");
		n_file_truths++;
	}
}

/* --- inotify and fanotify ------------------------------------------------------------------- */

static void compare_mark(struct json_object *row, uint64_t ino, uint64_t device, uint64_t mask,
			 uint64_t ignored)
{
	holds(row != NULL, "the watch is there");
	if (!row)
		return;
	same_number("inode", (int64_t)ino, cell_number(row, "inode"));
	same_text("device", device_text(device), cell_text(row, "device"));
	same_mask("mask", mask, cell_mask(row, "mask"));
	same_mask("ignored_mask", ignored, cell_mask(row, "ignored_mask"));
	n_marks++;
}

/* Of a line about a watch, "inotify wd:2 ino:2005c ...", or a mark, "fanotify ino:2005d ...". */
static bool compare_line(struct json_object *rows, int64_t file_id, const char *line)
{
	uint64_t wd, ino, device, flags, mask, ignored;
	struct json_object *row;

	if (sscanf(line, "inotify wd:%" SCNx64 " ino:%" SCNx64 " sdev:%" SCNx64 " mask:%" SCNx64
		   " ignored_mask:%" SCNx64, &wd, &ino, &device, &mask, &ignored) == 5)
		row = find_row(rows, "file_id", file_id, "wd", (int64_t)wd);
	else if (sscanf(line, "fanotify ino:%" SCNx64 " sdev:%" SCNx64 " mflags:%" SCNx64
			" mask:%" SCNx64 " ignored_mask:%" SCNx64,
			&ino, &device, &flags, &mask, &ignored) == 5)
		row = find_row(rows, "file_id", file_id, "inode", (int64_t)ino);
	else
		return false;
	compare_mark(row, ino, device, mask, ignored);
	if (row && strstr(line, "f_handle:"))
		same_text("handle", strstr(line, "f_handle:") + strlen("f_handle:"),
			  cell_text(row, "handle"));
	return true;
}

static void compare_inotify(const struct file_tables *tables, int64_t pid,
			    struct json_object *descriptor)
{
	int64_t file_id = file_of(tables, pid, number_of(descriptor, "fd"));
	struct json_object *rows = tables->inotifies, *line;
	int64_t n = 0;

	look_at("pid %" PRId64 " inotify %" PRId64, pid, number_of(descriptor, "fd"));
	EACH(line, member(descriptor, "info"))
		n += compare_line(rows, file_id, json_object_get_string(line));
	same_number("watches", n, (int64_t)count_rows(rows, "file_id", file_id));
}

static void check_inotify(const struct file_tables *tables, struct json_object *truth)
{
	int64_t file_id = file_of(tables, number_of(truth, "pid"), number_of(truth, "fd"));
	struct json_object *watch, *row;

	EACH(watch, member(truth, "watches")) {
		row = find_row(tables->inotifies, "file_id", file_id, "wd", number_of(watch, "wd"));
		same_text("kind", "inotify", cell_text(row, "kind"));
		same_text("path", text_of(watch, "path"), cell_text(row, "path"));
		same_mask("mask", (uint64_t)number_of(watch, "mask"), cell_mask(row, "mask"));
		n_file_truths++;
	}
	EACH(watch, member(truth, "marks")) {
		row = find_row(tables->inotifies, "file_id", file_id, NULL, 0);
		same_text("kind", "fanotify", cell_text(row, "kind"));
		same_text("target", text_of(watch, "kind"), cell_text(row, "target"));
		same_text("path", text_of(watch, "path"), cell_text(row, "path"));
		same_number("wd", ABSENT, cell_number(row, "wd"));
		n_file_truths++;
	}
}

/* --- locks ---------------------------------------------------------------------------------- */

/* "FLOCK  ADVISORY  WRITE 3030 fe:00:131166 0 EOF", made of a row, without the pid and the file. */
static const char *listed_lock(struct json_object *row)
{
	static const char *const words[][2] = {
		{ "flock", "FLOCK ADVISORY" }, { "posix", "POSIX ADVISORY" },
		{ "ofd", "OFDLCK ADVISORY" },  { "lease", "LEASE ACTIVE" },
		{ "shared", "READ" },	       { "exclusive", "WRITE" },
		{ "read", "READ" },	       { "write", "WRITE" },
	};
	const char *kind = cell_text(row, "kind"), *mode = cell_text(row, "mode");
	int64_t start = cell_number(row, "start"), end = start + cell_number(row, "length") - 1;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		kind = !strcmp(kind, words[i][0]) ? words[i][1] : kind;
		mode = !strcmp(mode, words[i][0]) ? words[i][1] : mode;
	}
	return make_text("%s %s %" PRId64 " %s", kind, mode, start,
			 cell_true(row, "to_eof") ? "EOF" : make_text("%" PRId64, end));
}

/* The same of a line; *ret_key tells this lock from all others. NULL: it is about no lock. */
static const char *lock_of_line(const char *line, const char **ret_key)
{
	char kind[32], way[32], mode[32], pid[32], file[64], start[32], end[32];

	if (sscanf(line, "lock: %*d: %31s %31s %31s %31s %63s %31s %31s", kind, way, mode, pid,
		   file, start, end) != 7)
		return NULL;
	*ret_key = make_text("%s %s %s %s %s %s", kind, mode, pid, file, start, end);
	return make_text("%s %s %s %s %s", kind, way, mode, start, end);
}

static void compare_lock(const struct case_files *files, struct json_object *row)
{
	const char *wanted = listed_lock(row), *key, *found;
	struct json_object *task, *descriptor, *line;

	look_at("pid %" PRId64 " lock of fd %" PRId64, number_of(row, "pid"), number_of(row, "fd"));
	EACH(task, proc_tasks(files)) {
		if (image_pid(task) != number_of(row, "pid"))
			continue;
		descriptor = find_row(member(task, "fds"), "fd", number_of(row, "fd"), NULL, 0);
		same_text("path", text_of(descriptor, "link"), cell_text(row, "path"));
		EACH(line, member(descriptor, "info")) {
			found = lock_of_line(json_object_get_string(line), &key);
			n_locks += found && !strcmp(found, wanted);
			if (found && !strcmp(found, wanted))
				return;
		}
	}
	differs("/proc has no lock \"%s\"", wanted);
}

/* Each lock of /proc has a row: descriptors of several tasks show the same one. */
static void count_locks(const struct case_files *files, const struct file_tables *tables)
{
	struct json_object *seen = hold(json_object_new_object()), *task, *descriptor, *line;
	const char *key;

	EACH(task, proc_tasks(files))
		EACH(descriptor, member(task, "fds"))
			EACH(line, member(descriptor, "info"))
				if (lock_of_line(json_object_get_string(line), &key))
					json_object_object_add(seen, key, NULL);
	look_at("%s", files->name);
	same_number("locks", json_object_object_length(seen), (int64_t)length(tables->locks));
}

/* --- pipes ---------------------------------------------------------------------------------- */

static void compare_pipe(const struct file_tables *tables, int64_t pid,
			 struct json_object *descriptor)
{
	struct json_object *row, *line;
	int64_t id, flags = 0;

	look_at("pid %" PRId64 " pipe %" PRId64, pid, number_of(descriptor, "fd"));
	if (sscanf(text_of(descriptor, "link"), "pipe:[%" SCNd64 "]", &id) != 1)
		return;
	row = find_row(tables->pipes, "id", id, NULL, 0);
	holds(row != NULL, "the pipe is there");
	if (!row)
		return;
	EACH(line, member(descriptor, "info"))
		sscanf(json_object_get_string(line), "flags: %" SCNo64, (uint64_t *)&flags);
	same_text("kind", "pipe", cell_text(row, "kind"));
	same_text("path", text_of(descriptor, "link"), cell_text(row, "path"));
	holds(cell_number(row, flags & 1 ? "writers" : "readers") > 0, "this end is counted");
	holds(cell_number(row, "pid") <= pid, "the lowest pid");
	n_pipes++;
}

static void check_pipe(const struct file_tables *tables, struct json_object *truth)
{
	int64_t pid = number_of(truth, "pid"), fd = number_of(truth, "fd");
	const char *path = text_of(truth, "path");
	struct json_object *row;

	row = find_row(tables->pipes, "id", inode_of(tables, pid, fd), NULL, 0);
	same_text("kind", path ? "fifo" : "pipe", cell_text(row, "kind"));
	if (path)
		same_text("path", path, cell_text(row, "path"));
	if (member(truth, "unread"))
		same_number("bytes", number_of(truth, "unread"), cell_number(row, "bytes"));
	if (member(truth, "pipe_size"))
		same_number("size", number_of(truth, "pipe_size"), cell_number(row, "size"));
	if (member(truth, "writer_closed"))
		same_number("writers", 0, cell_number(row, "writers"));
	if (member(truth, "peer_fd")) {
		same_number("readers", 1, cell_number(row, "readers"));
		same_number("writers", 1, cell_number(row, "writers"));
	}
	n_file_truths++;
}

/* --- memory files and terminals ------------------------------------------------------------- */

static void compare_memfd(const struct file_tables *tables, int64_t pid,
			  struct json_object *descriptor)
{
	const char *link = text_of(descriptor, "link");
	struct json_object *row, *line;
	int64_t ino = ABSENT;

	if (strncmp(link, "/memfd:", 7) != 0)
		return;
	look_at("pid %" PRId64 " memfd %" PRId64, pid, number_of(descriptor, "fd"));
	EACH(line, member(descriptor, "info"))
		sscanf(json_object_get_string(line), "ino: %" SCNd64, &ino);
	row = find_row(tables->memfds, "inode_id",
		       inode_of(tables, pid, number_of(descriptor, "fd")), NULL, 0);
	same_text("name", make_text("%.*s", (int)(strlen(link) - strlen("/memfd: (deleted)")),
				    link + 7), cell_text(row, "name"));
	if (ino != ABSENT)
		same_number("shmid", ino, cell_number(row, "shmid"));
	holds(cell_number(row, "files") > 0, "its file is counted");
	n_memfds++;
}

static void check_memfd(const struct file_tables *tables, struct json_object *truth)
{
	struct json_object *row;

	row = find_row(tables->memfds, "inode_id",
		       inode_of(tables, number_of(truth, "pid"), number_of(truth, "fd")), NULL, 0);
	same_text("name", text_of(truth, "name"), cell_text(row, "name"));
	if (member(truth, "size"))
		same_number("size", number_of(truth, "size"), cell_number(row, "size"));
	if (member(truth, "seals"))
		same_text("seal_names", text_of(truth, "seals"), cell_text(row, "seal_names"));
	n_file_truths++;
}

static void check_tty(const struct file_tables *tables, struct json_object *truth)
{
	int64_t pid = number_of(truth, "pid"), fd = number_of(truth, "fd");
	struct json_object *row = NULL, *size = member(truth, "winsize"), *candidate;

	/* The id is 0 of one of them: find_row cannot tell that from null. */
	EACH(candidate, tables->ttys)
		if (cell_number(candidate, "id") == inode_of(tables, pid, fd))
			row = candidate;
	same_text("type", "pty", cell_text(row, "type"));
	same_number("rows", json_object_get_int64(json_object_array_get_idx(size, 0)),
		    cell_number(row, "rows"));
	same_number("columns", json_object_get_int64(json_object_array_get_idx(size, 1)),
		    cell_number(row, "columns"));
	same_text("device", !strcmp(text_of(truth, "kind"), "pty-master")
			? "5:2"
			: make_text("136:%" PRId64, cell_number(row, "index")),
		  cell_text(row, "device"));
	same_number("files", 1, cell_number(row, "files"));
	n_file_truths++;
}

/* The terminals that sessions have: of a task that says so, its pid is that of its session. */
static void check_terminals(const struct case_files *files, const struct file_tables *tables)
{
	struct json_object *truth, *row;
	int64_t index;

	EACH(truth, member(files->truth, "ctty")) {
		look_at("terminal of %" PRId64, number_of(truth, "pid"));
		row = find_row(tables->ttys, "sid", number_of(truth, "pid"), NULL, 0);
		holds(row && sscanf(text_of(truth, "path"), "/dev/pts/%" SCNd64, &index) == 1 &&
			      index == cell_number(row, "index"), "it controls the session");
		same_number("pgrp", number_of(truth, "pid"), cell_number(row, "pgrp"));
		n_file_truths++;
	}
}

static void compare_tty(const struct file_tables *tables, int64_t pid,
			struct json_object *descriptor)
{
	const char *link = text_of(descriptor, "link");
	struct json_object *row, *line;
	int64_t index = ABSENT;

	sscanf(link, "/dev/pts/%" SCNd64, &index);
	EACH(line, member(descriptor, "info"))
		sscanf(json_object_get_string(line), "tty-index: %" SCNd64, &index);
	if (index == ABSENT)
		return;
	look_at("pid %" PRId64 " tty %" PRId64, pid, number_of(descriptor, "fd"));
	EACH(row, tables->ttys)
		if (cell_number(row, "id") == inode_of(tables, pid, number_of(descriptor, "fd"))) {
			same_number("index", index, cell_number(row, "index"));
			n_ttys++;
			return;
		}
	differs("there is no such terminal");
}

/* --- TCP ------------------------------------------------------------------------------------ */

/* "... ts sack cubic wscale:8,8 ... notsent:7 ... snd_wnd:104704 rcv_wnd:72192 ..." */
static void compare_options(struct json_object *row, const char *details)
{
	const char *options = cell_text(row, "options"), *scale = strstr(details, " wscale:");
	int64_t snd = ABSENT, rcv = ABSENT;

	if (scale)
		sscanf(scale, " wscale:%" SCNd64 ",%" SCNd64, &snd, &rcv);
	holds(!strstr(details, " ts ") == !strstr(options, "timestamps"), "timestamps");
	holds(!strstr(details, " sack ") == !strstr(options, "sack"), "sack");
	holds(!scale == !strstr(options, "wscale"), "wscale");
	same_number("snd_wscale", snd, cell_number(row, "snd_wscale"));
	same_number("rcv_wscale", rcv, cell_number(row, "rcv_wscale"));
	n_connections++;
}

static void compare_window(struct json_object *row, const char *details, const char *column)
{
	const char *at = strstr(details, make_text(" %s:", column));
	int64_t size;

	if (at && sscanf(at, " %*[a-z_]:%" SCNd64, &size) == 1)
		same_number(column, size, cell_number(row, column));
}

static void compare_tcp(const struct case_files *files, struct json_object *row)
{
	struct json_object *lines = member(files->proc, "ss_tcp"), *line;
	const char *mark = make_text(" ino:%" PRId64 " ", number_of(row, "ino"));
	const char *details;

	look_at("connection %" PRId64, number_of(row, "ino"));
	EACH(line, lines) {
		if (!strstr(json_object_get_string(line), mark))
			continue;
		details = json_object_get_string(json_object_array_get_idx(lines, line_at + 1));
		if (details && details[0] == '\t') {
			compare_options(row, details);
			compare_window(row, details, "snd_wnd");
		}
		return;
	}
}

/* What one end received is what the other sent; neither has a FIN under way. */
static void compare_ends(const struct file_tables *tables, struct json_object *row)
{
	struct json_object *socket, *other;

	socket = find_row(tables->sockets, "id", number_of(row, "socket_id"), NULL, 0);
	other = find_row(tables->tcps, "socket_id", number_of(socket, "peer_id"), NULL, 0);
	if (!cell_true(socket, "peer_inside") || !other || cell_number(other, "outq_bytes") > 0 ||
	    strcmp(cell_text(socket, "state"), "ESTABLISHED") != 0)
		return;
	same_number("inq_seq", cell_number(other, "outq_seq"), cell_number(row, "inq_seq"));
}

static void check_tcp(const struct file_tables *tables, struct json_object *truth)
{
	int64_t file_id = file_of(tables, number_of(truth, "pid"), number_of(truth, "fd"));
	struct json_object *row = find_row(tables->tcps, "socket_id", file_id, NULL, 0);
	const char *state = text_of(truth, "state");
	bool fin = state && !strcmp(state, "FIN_WAIT1"); /* counts as a byte of the queue */

	if (strcmp(text_of(truth, "kind"), "tcp-established") != 0 &&
	    strcmp(text_of(truth, "kind"), "tcp") != 0)
		return;
	holds(row != NULL, "the connection is there");
	if (!row)
		return;
	if (member(truth, "unread_inbound"))
		same_number("inq_bytes", number_of(truth, "unread_inbound"),
			    cell_number(row, "inq_bytes"));
	if (member(truth, "outq"))
		same_number("outq_bytes", number_of(truth, "outq") - fin,
			    cell_number(row, "outq_bytes"));
	if (member(truth, "outq_not_sent"))
		same_number("unsent_bytes", number_of(truth, "outq_not_sent"),
			    cell_number(row, "unsent_bytes"));
	holds((member(truth, "nodelay") != NULL) == cell_true(row, "nodelay"), "nodelay");
	holds(!cell_true(row, "cork"), "cork");
	n_file_truths++;
}

/* --- all of it ------------------------------------------------------------------------------ */

static void check_descriptor(const struct file_tables *tables, struct json_object *truth)
{
	const char *kind = text_of(truth, "kind");

	look_at("pid %" PRId64 " fd %" PRId64 " (truth)", number_of(truth, "pid"),
		number_of(truth, "fd"));
	if (!strcmp(kind, "epoll"))
		check_watches(tables, truth);
	else if (!strcmp(kind, "inotify") || !strcmp(kind, "fanotify"))
		check_inotify(tables, truth);
	else if (!strcmp(kind, "pipe") || !strcmp(kind, "fifo"))
		check_pipe(tables, truth);
	else if (!strcmp(kind, "memfd"))
		check_memfd(tables, truth);
	else if (!strncmp(kind, "pty-", 4))
		check_tty(tables, truth);
}

static void compare_descriptor(const struct file_tables *tables, int64_t pid,
			       struct json_object *descriptor)
{
	if (is_link(descriptor, "anon_inode:[eventpoll]"))
		compare_epoll(tables, pid, descriptor);
	else if (is_link(descriptor, "anon_inode:inotify") ||
		 is_link(descriptor, "anon_inode:[fanotify]"))
		compare_inotify(tables, pid, descriptor);
	compare_pipe(tables, pid, descriptor);
	compare_memfd(tables, pid, descriptor);
	compare_tty(tables, pid, descriptor);
}

static struct file_tables list_file_tables(const struct case_files *files)
{
	return (struct file_tables){
		.fds = list_table("fd", files),
		.files = list_table("file", files),
		.epolls = list_table("epoll", files),
		.inotifies = list_table("inotify", files),
		.locks = list_table("lock", files),
		.pipes = list_table("pipe", files),
		.memfds = list_table("memfd", files),
		.ttys = list_table("tty", files),
		.tcps = list_table("tcp", files),
		.sockets = list_table("socket", files),
	};
}

static void file_leaves_are_true(const struct case_files *files)
{
	struct json_object *truth, *task, *descriptor, *row;
	struct file_tables tables;

	if (!files->checkpoint || is_refused(files))
		return;
	tables = list_file_tables(files);
	EACH(truth, member(files->truth, "fd"))
		check_descriptor(&tables, truth);
	check_terminals(files, &tables);
	EACH(truth, member(files->truth, "socket")) {
		look_at("socket %" PRId64 " (truth)", number_of(truth, "fd"));
		check_tcp(&tables, truth);
	}
	EACH(task, proc_tasks(files))
		EACH(descriptor, member(task, "fds"))
			compare_descriptor(&tables, image_pid(task), descriptor);
	if (files->proc) {
		EACH(row, tables.locks)
			compare_lock(files, row);
		count_locks(files, &tables);
	}
	EACH(row, tables.tcps) {
		compare_tcp(files, row);
		compare_ends(&tables, row);
	}
}

static void file_leaves_were_enough(void)
{
	enough_was_compared("epoll watches", n_watches, 90);
	enough_was_compared("inotify and fanotify watches", n_marks, 18);
	enough_was_compared("locks", n_locks, 35);
	enough_was_compared("ends of pipes", n_pipes, 220);
	enough_was_compared("memfds", n_memfds, 10);
	enough_was_compared("terminals", n_ttys, 8);
	enough_was_compared("connections of ss", n_connections, 35);
	enough_was_compared("truths of files", n_file_truths, 200);
}

static const struct subject file_leaves_subject = {
	"file leaves", file_leaves_are_true, file_leaves_were_enough
};
