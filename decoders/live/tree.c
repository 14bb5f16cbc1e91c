/* Which tasks are looked at: a process with all that descend from it, or those of a control group. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/live/proc.h"
#include "decoders/live/stat.h"

struct seen {
	uint32_t pid, ppid;
	uint64_t started;
};

struct seen_list {
	struct seen *items;
	size_t n, cap;
};

static int by_pid(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* --- descendants ----------------------------------------------------------------------------------------- */

/* The parent of every process there is. Whoever cannot be looked at is nobody's child. */
static void see_all(struct live *live, struct arena *arena, struct seen_list *ret)
{
	DIR *directory = proc_directory(live, UNSEEN_TASKS, 0, "");
	struct task_stat stat;
	uint32_t pid;

	while (directory && proc_next_number(directory, &pid)) {
		if (!pid || !stat_read(live, pid, "stat", &stat, NULL))
			continue;
		*(struct seen *)vec_push_raw(arena, (void **)&ret->items, &ret->n, &ret->cap, sizeof(struct seen)) =
			(struct seen){ pid, stat.ppid, stat.started };
	}
	if (directory)
		closedir(directory);
}

static int by_ppid(const void *a, const void *b)
{
	const struct seen *left = a, *right = b;

	return left->ppid != right->ppid ? (left->ppid > right->ppid) - (left->ppid < right->ppid)
					 : (left->pid > right->pid) - (left->pid < right->pid);
}

/* The first child of PPID in a list by_ppid. */
static size_t first_child(const struct seen_list *all, uint32_t ppid)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all->items[middle].ppid < ppid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Each task is in a list once, so nobody's children are gone through twice, whatever the parents say. */
static void descend(struct live *live, const struct seen_list *all, uint32_t root)
{
	struct arena *arena = &live->checkpoint->arena;
	uint32_t *pids = arena_alloc(arena, (all->n + 1) * sizeof(*pids));
	struct map known = { 0 };
	size_t n = 0;

	map_put(arena, &known, root, 0);
	pids[n++] = root;
	for (size_t done = 0; done < n; done++)
		for (size_t i = first_child(all, pids[done]); i < all->n && all->items[i].ppid == pids[done]; i++)
			if (map_put(arena, &known, all->items[i].pid, (uint32_t)n))
				pids[n++] = all->items[i].pid;
	live->pids = pids;
	live->n_pids = n;
	live->root = root;
	qsort(pids, n, sizeof(*pids), by_pid);
}

static struct error *find_tree(struct live *live, uint32_t pid)
{
	struct seen_list all = { 0 };
	struct task_stat stat;
	struct arena arena;

	if (!stat_read(live, pid, "stat", &stat, NULL))
		return error_new(ERROR_UNREADABLE, "there is no process %u", pid);
	arena_init(&arena);
	see_all(live, &arena, &all);
	if (all.n)
		qsort(all.items, all.n, sizeof(*all.items), by_ppid);
	descend(live, &all, pid);
	arena_deinit(&arena);
	return NULL;
}

/* --- control groups ------------------------------------------------------------------------------------------ */

enum { DEEPEST_CGROUP = 32 };

static struct bytes read_all(int directory, const char *name, struct arena *arena)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	size_t len = 0;
	uint8_t *data;
	ssize_t n;

	if (fd < 0)
		return NO_BYTES;
	data = arena_alloc(arena, LONGEST_TEXT);
	while (len < LONGEST_TEXT && (n = read(fd, data + len, LONGEST_TEXT - len)) > 0)
		len += (size_t)n;
	close(fd);
	return (struct bytes){ data, len };
}

/* The processes of a group and of the groups below it; a threaded group has none to tell. */
static void collect(struct live *live, int directory, unsigned depth, struct arena *arena, struct seen_list *ret)
{
	struct arena scratch;
	const struct dirent *entry;
	struct bytes text;
	DIR *listing;
	uint64_t pid;

	arena_init(&scratch);
	text = read_all(directory, "cgroup.procs", &scratch);
	while (text.len && proc_take_number(&text, 10, &pid)) {
		struct task_stat stat;

		text = bytes_from(text, 1); /* the line feed */
		if (pid && pid <= INT32_MAX && stat_read(live, (uint32_t)pid, "stat", &stat, NULL))
			*(struct seen *)vec_push_raw(arena, (void **)&ret->items, &ret->n, &ret->cap,
						     sizeof(struct seen)) =
				(struct seen){ (uint32_t)pid, stat.ppid, stat.started };
	}
	arena_deinit(&scratch);
	listing = fdopendir(directory);
	while (listing && (entry = readdir(listing))) {
		int below;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' || depth == DEEPEST_CGROUP)
			continue;
		below = openat(directory, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (below >= 0)
			collect(live, below, depth + 1, arena, ret);
	}
	if (listing)
		closedir(listing);
	else
		close(directory);
}

/* Of those whose parent is outside the one that was there first: the container's first process. */
static uint32_t eldest(const struct seen_list *all, const struct map *known)
{
	const struct seen *eldest = &all->items[0];

	for (size_t i = 0; i < all->n; i++) {
		const struct seen *seen = &all->items[i];
		bool is_top = map_get(known, seen->ppid) == MAP_NONE;
		bool is_eldest_top = map_get(known, eldest->ppid) == MAP_NONE;

		if (is_top && (!is_eldest_top || seen->started < eldest->started))
			eldest = seen;
	}
	return eldest->pid;
}

static struct error *take_all(struct live *live, const struct seen_list *all)
{
	struct arena *arena = &live->checkpoint->arena;
	uint32_t *pids = arena_alloc(arena, (all->n + 1) * sizeof(*pids));
	struct map known = { 0 };

	if (all->n == 0)
		return error_new(ERROR_UNREADABLE, "no process is in this control group");
	for (size_t i = 0; i < all->n; i++)
		if (map_put(arena, &known, all->items[i].pid, 0))
			pids[live->n_pids++] = all->items[i].pid;
	live->pids = pids;
	live->root = eldest(all, &known);
	qsort(pids, live->n_pids, sizeof(*pids), by_pid);
	return NULL;
}

static struct error *find_cgroup(struct live *live, const char *path)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct seen_list all = { 0 };
	struct error *error;
	struct arena arena;

	if (directory < 0)
		return error_errno(ERROR_UNREADABLE, "cannot open it");
	arena_init(&arena);
	collect(live, directory, 0, &arena, &all);
	error = take_all(live, &all);
	arena_deinit(&arena);
	return error;
}

struct error *tree_find(struct live *live, const struct live_options *options)
{
	return options->pid ? find_tree(live, options->pid) : find_cgroup(live, options->cgroup);
}
