/* The tasks of proc.json, by the pids that an image knows them by. */
#pragma once

#include "tests/interop/corpus.h"

/* "3030 12 1": one number a pid namespace, the innermost last. */
static inline int64_t last_number(const char *numbers)
{
	const char *tab = numbers ? strrchr(numbers, '\t') : NULL;

	return numbers ? strtoll(tab ? tab : numbers, NULL, 10) : ABSENT;
}

/* What the dumped task calls itself; a zombie's /proc says it no more, and shows the host's. */
static inline int64_t image_pid(struct json_object *task)
{
	const char *pids = text_of(task, "NSpid");

	return pids ? last_number(pids) : number_of(task, "pid");
}

static inline struct json_object *proc_tasks(const struct case_files *files)
{
	return member(files->proc, "tasks");
}

/* 0 for the root of the tree, whose parent is outside. */
static inline int64_t image_ppid(const struct case_files *files, struct json_object *task)
{
	struct json_object *parent;

	parent = find_row(proc_tasks(files), "pid", number_of(task, "ppid"), NULL, 0);
	return parent ? image_pid(parent) : 0;
}

/*
 * The row of a task. Workloads that are a loop of "sleep 1" in a shell have another sleep by the
 * time of the dump: that one is known by its name and its parent.
 */
static inline struct json_object *find_task(const struct case_files *files,
					    struct json_object *processes, struct json_object *task)
{
	struct json_object *found, *row;

	found = find_row(processes, "pid", image_pid(task), NULL, 0);
	if (found || strcmp(text_of(task, "comm"), "sleep") != 0)
		return found;
	EACH(row, processes)
		if (!strcmp(text_of(row, "comm"), "sleep") &&
		    number_of(row, "ppid") == image_ppid(files, task))
			return row;
	return NULL;
}
