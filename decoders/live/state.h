/* What the loaders of this room share: the tasks that are looked at, what is open, and what could not be seen. */
#pragma once

#include <sys/types.h>

#include "decoders/base/map.h"
#include "decoders/live/live.h"
#include "decoders/model/leaf.h"

/* What there is to be seen, for telling what was not. */
enum unseen {
	UNSEEN_TASKS,      /* that may not be looked at, or not at all */
	UNSEEN_FILES,      /* descriptors and what they refer to */
	UNSEEN_MAPPINGS,
	UNSEEN_STRINGS,    /* arguments, environment */
	UNSEEN_NAMESPACES,
	UNSEEN_SOCKETS,
	UNSEEN_NETWORK,    /* devices, addresses, routes */
	UNSEEN_MOUNTS,
	UNSEEN_TIMERS,
	UNSEEN_IPC,
	N_UNSEEN,
};

/* A network namespace, by its inode number, and sockets in it: one lists sockets, one knows devices and routes. */
struct live_net {
	uint32_t ns_id, pid; /* of the first task in it */
	int diag, route;     /* -1: could not be opened */
};

/* An IPC namespace, and its tables of System V objects. */
struct live_ipc {
	uint32_t ns_id;
	int shm, sem, msg;
};

/* What only the kernel tells of an open file: lines of fdinfo beyond those that all have. */
struct live_detail {
	uint32_t file;   /* row */
	uint32_t pid, fd; /* whose fdinfo it is */
	uint32_t member;
	uint32_t first_line; /* number of the first of .lines */
	struct bytes lines;
	bool is_first;     /* of the file; others tell of the locks of another task that shares it */
};

/* A set of control groups that tasks are in: the lines of /proc/PID/cgroup. */
struct live_cgroups {
	struct bytes lines;
	uint32_t member, processes;
};

struct live {
	struct checkpoint *checkpoint;
	const char *root_path; /* "/proc" */
	int proc;              /* the directory */
	bool is_real;          /* it is this machine's: its pids can be asked about by system calls */
	const uint32_t *pids;  /* sorted */
	size_t n_pids;
	uint32_t root;         /* the pid of the root of the tree */
	bool has_files;        /* descriptors, mappings and sockets are loaded */
	VEC(struct live_net) nets;
	VEC(struct live_ipc) ipcs;
	VEC(struct live_detail) details;
	VEC(struct live_cgroups) cgroups; /* process.cgroup_set is an index */
	size_t text;           /* bytes of MAX_LIVE_TEXT that are taken */
	struct {
		size_t n;
		int error;     /* of errno(3) */
		uint32_t pid;  /* the first */
	} unseen[N_UNSEEN];
	struct map members;    /* of the source, by map_key of their names */
	struct map gone;       /* pids that ended meanwhile */
	bool told[N_UNSEEN];   /* that a limit was hit */
};

static inline struct live *live_of(const struct checkpoint *checkpoint)
{
	return checkpoint->filling;
}

/* Counts what PID did not let be seen, by errno; a task that is gone is no such thing. */
void unseen_count(struct live *live, enum unseen what, uint32_t pid);

/* Tells all that was counted so far, in the checkpoint's problems and notes, each kind once. */
void unseen_tell(struct live *live);

/* A limit that was hit, told once. */
void unseen_limit(struct live *live, enum unseen what, const char *what_is_left_out, size_t limit);

/* --- the loaders, a file each ---------------------------------------------------------------------------- */

struct error *tree_find(struct live *live, const struct live_options *options);
void namespaces_open(struct live *live);
void namespaces_close(struct live *live);

void live_load_tasks(struct checkpoint *checkpoint);
void live_load_files(struct checkpoint *checkpoint);   /* descriptors, and what they refer to */
void live_describe_files(struct live *live);           /* what their details say, in words */
void live_load_mappings(struct checkpoint *checkpoint);
void live_load_sockets(struct checkpoint *checkpoint); /* of the files that are there */
void live_load_pages(struct checkpoint *checkpoint);
void live_load_strings(struct checkpoint *checkpoint);
void live_load_engine(struct checkpoint *checkpoint);

typedef void (*live_leaf)(struct live *live, struct leaf_rows *rows);

/* Who fills a leaf; NULL where nothing of a running process is in it. */
live_leaf live_leaf_loader(const struct leaf *leaf);
