/* What tasks.c makes rows of, and the tasks that only images of their own tell of. */
#pragma once

#include "decoders/model/checkpoint.h"

/* A task that an image lists: its thread ids wait in the arena until its cores are read. */
struct listed {
	struct process process;
	uint32_t *threads;
	size_t n_threads;
};

struct listed_tasks {
	struct listed *items;
	size_t n, cap;
};

/* A row of which no more is known than its pid, and where that was read. */
struct process new_process(uint32_t pid, struct origin origin);

struct stray_thread {
	uint32_t tid;
	struct origin origin; /* its core */
};

struct unlisted {
	struct listed_tasks tasks; /* in order of pids; their threads are not known */
	ROWS(struct stray_thread) threads;
};

/*
 * What pstree.img, which is not there or not whole, does not list and images have in their names. A core tells
 * whether it is of a task or of a thread; whose child or whose thread it is nothing tells. That is damage, but for a
 * pre-dump, which has page maps only, and for a dump that did not finish. Call it when what is listed is loaded.
 */
void unlisted_find(struct checkpoint *checkpoint, struct unlisted *ret);
