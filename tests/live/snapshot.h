/*
 * /proc of a tree of tasks as JSON, in the form of the proc.json of the cases of tests/interop, so
 * that what compares those with the tables compares these.
 *
 * {"kernel": uname, "tasks": [{"pid", "comm", "state", "ppid", "cmdline", "environ", "exe", ...,
 * "threads": [{"tid", "comm", "SigBlk"}], "fds": [{"fd", "link", "info"}], "maps": [line]}]}
 */
#pragma once

#include "tests/support/support.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* --- files of /proc --------------------------------------------------------------------------- */

/* "/proc/PID/NAME"; valid until the next call. */
static inline const char *proc_path(pid_t pid, const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return path;
}

/* The text stays valid; the test fails where there is no such file. */
static inline char *proc_text(pid_t pid, const char *name)
{
	struct bytes bytes = read_file(proc_path(pid, name));

	return (char *)(uintptr_t)bytes.data;
}

static inline struct json_object *proc_link(pid_t pid, const char *name)
{
	char target[PATH_MAX];
	ssize_t len = readlink(proc_path(pid, name), target, sizeof(target) - 1);

	if (len < 0)
		fail_msg("cannot read the link %s", proc_path(pid, name));
	return json_object_new_string_len(target, (int)len);
}

/* What SEPARATOR ends: lines, or the strings of cmdline. */
static inline struct json_object *proc_strings(pid_t pid, const char *name, char separator)
{
	struct bytes bytes = read_file(proc_path(pid, name));
	const char *p = (const char *)bytes.data, *end = p + bytes.len, *stop;
	struct json_object *strings = json_object_new_array();

	for (; p < end; p = stop + 1) {
		stop = memchr(p, separator, (size_t)(end - p));
		if (!stop)
			stop = end;
		json_object_array_add(strings, json_object_new_string_len(p, (int)(stop - p)));
	}
	return strings;
}

static inline int is_number(const struct dirent *entry)
{
	return entry->d_name[0] >= '0' && entry->d_name[0] <= '9';
}

/* The numbers that a directory of /proc has as names, in order; -1 ends them. */
static inline int *proc_numbers(pid_t pid, const char *name)
{
	struct dirent **entries;
	int n = scandir(proc_path(pid, name), &entries, is_number, versionsort);
	int *numbers = calloc((size_t)(n < 0 ? 0 : n) + 1, sizeof(*numbers));

	if (n < 0)
		fail_msg("cannot list %s", proc_path(pid, name));
	for (int i = 0; i < n; i++)
		numbers[i] = atoi(entries[i]->d_name);
	numbers[n] = -1;
	return numbers;
}

/* --- a task ----------------------------------------------------------------------------------- */

/* "PID (COMM) STATE PPID ..."; a name may hold anything, a parenthesis too. */
static inline void add_stat(struct json_object *task, pid_t pid)
{
	const char *stat = proc_text(pid, "stat");
	const char *comm = strchr(stat, '(') + 1, *end = strrchr(stat, ')');

	json_object_object_add(task, "pid", json_object_new_int(pid));
	json_object_object_add(task, "comm",
			       json_object_new_string_len(comm, (int)(end - comm)));
	json_object_object_add(task, "state", json_object_new_string_len(end + 2, 1));
	json_object_object_add(task, "ppid", json_object_new_int(atoi(end + 4)));
}

/* The lines "KEY:\tVALUE" of status, as members. */
static inline void add_status(struct json_object *task, pid_t pid)
{
	char *rest = proc_text(pid, "status"), *line, *colon;

	while ((line = strsep(&rest, "\n"))) {
		colon = strchr(line, ':');
		if (!colon || !strcmp(line, "Name"))
			continue;
		*colon = '\0';
		if (strcmp(line, "State") != 0 && strcmp(line, "Pid") != 0)
			json_object_object_add(task, line,
					       json_object_new_string(colon + 1 +
								      strspn(colon + 1, "\t ")));
	}
}

static inline struct json_object *snapshot_thread(pid_t pid, int tid)
{
	struct json_object *thread = json_object_new_object();
	char name[64], *comm, *mask;

	snprintf(name, sizeof(name), "task/%d/comm", tid);
	comm = proc_text(pid, name);
	comm[strcspn(comm, "\n")] = '\0';
	snprintf(name, sizeof(name), "task/%d/status", tid);
	mask = strstr(proc_text(pid, name), "\nSigBlk:\t") + strlen("\nSigBlk:\t");
	json_object_object_add(thread, "tid", json_object_new_int(tid));
	json_object_object_add(thread, "comm", json_object_new_string(comm));
	json_object_object_add(thread, "SigBlk",
			       json_object_new_string_len(mask, (int)strcspn(mask, "\n")));
	return thread;
}

static inline struct json_object *snapshot_descriptor(pid_t pid, int fd)
{
	struct json_object *descriptor = json_object_new_object();
	char name[64];

	json_object_object_add(descriptor, "fd", json_object_new_int(fd));
	snprintf(name, sizeof(name), "fd/%d", fd);
	json_object_object_add(descriptor, "link", proc_link(pid, name));
	snprintf(name, sizeof(name), "fdinfo/%d", fd);
	json_object_object_add(descriptor, "info", proc_strings(pid, name, '\n'));
	return descriptor;
}

/* One of a directory of numbers each. */
static inline struct json_object *snapshot_each(pid_t pid, const char *directory,
						struct json_object *(*one)(pid_t pid, int number))
{
	struct json_object *all = json_object_new_array();
	int *numbers = proc_numbers(pid, directory);

	for (int i = 0; numbers[i] >= 0; i++)
		json_object_array_add(all, one(pid, numbers[i]));
	free(numbers);
	return all;
}

static inline void add_living(struct json_object *task, pid_t pid)
{
	static const char *const links[] = { "exe", "cwd", "root" };

	add_status(task, pid);
	for (size_t i = 0; i < 3; i++)
		json_object_object_add(task, links[i], proc_link(pid, links[i]));
	json_object_object_add(task, "oom_score_adj",
			       json_object_new_string(proc_text(pid, "oom_score_adj")));
	json_object_object_add(task, "cmdline", proc_strings(pid, "cmdline", '\0'));
	json_object_object_add(task, "environ", proc_strings(pid, "environ", '\0'));
	json_object_object_add(task, "maps", proc_strings(pid, "maps", '\n'));
	json_object_object_add(task, "threads", snapshot_each(pid, "task", snapshot_thread));
	json_object_object_add(task, "fds", snapshot_each(pid, "fd", snapshot_descriptor));
}

/* --- the tree --------------------------------------------------------------------------------- */

/* Children are found by asking every task for its parent: "children" is not in every kernel. */
static inline void add_tree(struct json_object *tasks, pid_t pid, const int *pids)
{
	struct json_object *task = json_object_new_object();

	add_stat(task, pid);
	json_object_array_add(tasks, task);
	/* Of a zombie /proc has nothing more. */
	if (strcmp(json_object_get_string(json_object_object_get(task, "state")), "Z") != 0)
		add_living(task, pid);
	for (int i = 0; pids[i] >= 0; i++) {
		FILE *file = fopen(proc_path(pids[i], "stat"), "r");
		int ppid = -1;

		/* Others may have ended since; those have no parenthesis in their names. */
		if (file && fscanf(file, "%*d (%*[^)]) %*c %d", &ppid) == 1 && ppid == pid)
			add_tree(tasks, pids[i], pids);
		if (file)
			fclose(file);
	}
}

static inline struct json_object *snapshot_tree(pid_t root)
{
	struct json_object *snapshot = json_object_new_object();
	struct json_object *tasks = json_object_new_array();
	struct utsname name;
	char kernel[512];
	int *pids = proc_numbers(root, "..");

	uname(&name);
	snprintf(kernel, sizeof(kernel), "%s %s %s %s %s", name.sysname, name.nodename,
		 name.release, name.version, name.machine);
	add_tree(tasks, root, pids);
	free(pids);
	json_object_object_add(snapshot, "kernel", json_object_new_string(kernel));
	json_object_object_add(snapshot, "tasks", tasks);
	json_object_object_add(snapshot, "tcp", proc_strings(root, "net/tcp", '\n'));
	json_object_object_add(snapshot, "udp", proc_strings(root, "net/udp", '\n'));
	json_object_object_add(snapshot, "unix", proc_strings(root, "net/unix", '\n'));
	if (access(proc_path(root, "net/tcp6"), R_OK) == 0)
		json_object_object_add(snapshot, "tcp6", proc_strings(root, "net/tcp6", '\n'));
	return snapshot;
}
