/*
 * Running processes as a checkpoint: the rows of the model, filled from /proc.
 *
 * A tree of tasks (a process with all that descend from it, or all of a control group) is looked at as a dump
 * would find it, before there is one, so that every table, rule and listing works over it. Nothing is stopped,
 * traced, written or opened that a task has open: /proc is read, files behind descriptors are asked for their
 * attributes, and the kernel's socket tables are listed. What is seen is therefore no one moment; a task that
 * ends meanwhile is told in the notes, and what may not be seen is a problem, once for each kind of thing.
 *
 * The members of the source are the files of /proc that were read, by their full names.
 */
#pragma once

#include "decoders/model/checkpoint.h"

enum {
	/* of all tasks together; the rest is left out */
	MAX_LIVE_THREADS = 200000,
	MAX_LIVE_FDS = 1000000,
	MAX_LIVE_VMAS = 1000000,
	MAX_LIVE_MOUNTS = 200000,
	MAX_LIVE_TEXT = 128 << 20, /* bytes of arguments and environments, and of what fdinfo says */
	MAX_LIVE_NETWORK = 64 << 20, /* bytes that a network namespace answers to one question */
	MAX_CGROUP_SETS = 1024,
};

struct live_options {
	const char *proc;   /* where a process file system is; NULL: /proc */
	uint32_t pid;       /* the root of the tree; 0: */
	const char *cgroup; /* a directory of the control group file system */
};

/* Whether PATH names running processes: /proc/PID, /proc/self or a directory that has cgroup.procs. */
bool live_recognise(const char *path, struct live_options *ret);

/*
 * Finds the tasks and opens what can only be opened now, outside of a sandbox: the sockets that list the
 * sockets of each network namespace. Everything else is read when it is asked for. PATH: what the user named,
 * which must outlive *ret. An error where there is no such process.
 */
struct error *live_open(const char *path, const struct live_options *options, struct checkpoint *ret)
	__attribute__((warn_unused_result));

/* Whether a checkpoint is of this kind. */
bool live_is(const struct checkpoint *checkpoint);
