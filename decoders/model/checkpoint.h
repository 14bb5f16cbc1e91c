/*
 * A checkpoint, opened.
 *
 * Opening indexes the source and finds CRIU's image directory in it. What the images say is
 * read when it is asked for, in parts: a listing of mounts never touches the tasks. Each part
 * fills arrays of rows (rows.h); damage on the way is collected in problems, and what is intact
 * is in the rows.
 */
#pragma once

#include "decoders/base/arena.h"
#include "decoders/base/error.h"
#include "decoders/base/map.h"
#include "decoders/engine/engine.h"
#include "decoders/image/image.h"
#include "decoders/memory/pagemap.h"
#include "decoders/model/rows.h"
#include "decoders/source/source.h"

/* What the rows of a checkpoint may take: a row can be a hundred times the entry that it is read from. */
#define MOST_ROW_BYTES ((size_t)1 << 30)

/* What can be loaded, each with what it rests on. */
enum {
	PART_INVENTORY = 1 << 0,
	PART_ENGINE = 1 << 1,
	PART_TASKS = 1 << 2,    /* pstree, core, ids, fs, creds */
	PART_FILES = 1 << 3,    /* open file descriptions, remaps, sockets */
	PART_FDS = 1 << 4,
	PART_MAPPINGS = 1 << 5, /* mm: mappings, executables */
	PART_PAGES = 1 << 6,    /* pagemaps: what is present; the page size */
	PART_STRINGS = 1 << 7,  /* argv and environ, read from the pages */
	PART_EVERYTHING = (1 << 8) - 1,
	PART_DIGESTS = 1 << 8,  /* a wish: leaves that hold files take their SHA-256 */
};

struct checkpoint;
struct layer;
struct segment;
struct leaf_rows;

/*
 * Who fills the rows where they come from something other than images: a room that stands on this one
 * (decoders/live). Members of the source are then the files that were read, as far as they have been.
 */
struct filler {
	void (*load)(struct checkpoint *checkpoint, unsigned part);
	void (*load_leaf)(struct checkpoint *checkpoint, struct leaf_rows *rows);
	void (*close)(struct checkpoint *checkpoint);
};

#define ROWS(type)            \
	struct {              \
		type *items;  \
		size_t n, cap; \
	}

/* Whether an image has been read, and what is wrong in it reported. */
enum read_state {
	NOT_READ,
	READ_WHOLE,
	READ_DAMAGED,
};

struct checkpoint {
	struct arena arena;    /* of the rows */
	struct arena scratch;  /* of the image that is being read */
	struct source source;
	struct bytes images;   /* name of the image directory inside the source; "" is the top */
	const char *inside;    /* what had to be said of where it is in there, as in struct opening; or NULL */
	struct wrapper wrapper; /* of the source around it */
	struct problems problems;
	size_t n_source_problems; /* the first of them are the source's, the others what loading ran into */
	struct problems notes;  /* worth saying, and nothing wrong */
	const struct filler *filler; /* NULL: the rows come from images */
	void *filling;               /* its own */
	unsigned loaded;       /* parts */
	enum read_state *read_states; /* by member, as far as loaders have read them */

	/* inventory */
	uint32_t img_version;
	bool has_child;        /* set by who knows others: one of them has this one as its parent */
	bool has_inventory;
	bool is_predump;       /* pages of tasks that ran on, and no image of anything else */
	bool fdinfo_per_id;    /* names of fdinfo images have files_id in them, once a pid */
	bool ns_per_id;        /* names of a namespace's images have its id in them, once a pid */
	const char *lsm;       /* none, selinux, apparmor; NULL: not recorded */
	uint64_t dump_uptime;  /* microseconds, or ABSENT_U64 */
	struct bytes parent;   /* target of the parent link; absent: none */
	struct origin inventory_origin;

	struct engine engine;

	const char *arch;      /* x86_64, ...; NULL: no core image says */
	uint32_t page_size;    /* bytes; 0: unknown */
	ROWS(struct process) processes;
	ROWS(struct thread) threads;
	ROWS(struct file) files;
	ROWS(struct socket) sockets;
	ROWS(struct fd) fds;
	ROWS(struct vma) vmas;
	ROWS(struct env) env;
	ROWS(struct leaf_rows) leaves; /* what is loaded of them: leaf.h */

	struct map process_by_pid;
	struct map thread_by_tid;
	struct map file_by_key;   /* (fd type, image id) to row of file */
	struct map file_by_id;    /* image id to row, the first of that id */
	struct map file_by_inode; /* (fd type, low inode) to row, the first of them */
	struct map socket_by_ino;
	ROWS(struct layer) layers; /* this checkpoint and its ancestors: layers.h */
	ROWS(struct layer) given_parents;
	struct bytes missing_parent;     /* what a parent link names that was not found; or absent */
	const struct pagemap **pagemaps; /* of processes[i]; no runs where it has none */
	ROWS(struct segment) segments;   /* System V memory that is in ipcns-shm-N itself: segments.h */
	bool segments_read;
	uint32_t *pagemap_layers;        /* which layer that is from: not 0 with a page server */
};

/* An error where there is no checkpoint at PATH. Damage inside is in ret->problems. */
struct error *checkpoint_open(const char *path, struct checkpoint *ret)
	__attribute__((warn_unused_result));

struct opening {
	const char *inside;  /* which of several in PATH, as for enter_images (enter.h); NULL: the only one */
	struct spool *spool; /* for those who will read pages all over it: compressed archives are inflated
			      * to there (source/spool.h), and parents too; NULL: they are streamed */
};
struct error *checkpoint_open_as(const char *path, const struct opening *opening,
				 struct checkpoint *ret) __attribute__((warn_unused_result));
void checkpoint_close(struct checkpoint *checkpoint);

/* A checkpoint without a source, for a filler: then opened as any other, by setting .filler. */
void checkpoint_init(struct checkpoint *ret);

/*
 * Names the archive or directory that holds the parent, where the parent link leads out of this
 * one; call once for each generation, the nearest first.
 */
struct error *checkpoint_add_parent(struct checkpoint *checkpoint, const char *path)
	__attribute__((warn_unused_result));

/* Loads the parts that are not loaded yet, and what they rest on. */
void checkpoint_need(struct checkpoint *checkpoint, unsigned parts);

/* For whoever fills the model: a descriptor of a task more, and its file knows of it. */
void checkpoint_add_fd(struct checkpoint *checkpoint, struct process *process, struct fd fd);

/* Whether tasks are known by the list of them, which PART_TASKS loads, and not each by images of its own. */
bool checkpoint_lists_tasks(const struct checkpoint *checkpoint);

/* The row of file; NULL where there is none. */
const struct file *checkpoint_file(const struct checkpoint *checkpoint, uint32_t row);

/* The member that is the image NAME ("pstree.img") of this checkpoint, or NULL. */
const struct member *checkpoint_image(struct checkpoint *checkpoint, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

