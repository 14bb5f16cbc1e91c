/* What could not be seen: counted where it happens, told once for each kind. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "decoders/base/size.h"
#include "decoders/live/state.h"

static const struct {
	const char *what, *remedy;
} kinds[N_UNSEEN] = {
	[UNSEEN_TASKS] = { "tasks", "as the user who runs them, or as root" },
	[UNSEEN_FILES] = { "descriptors and the files behind them", "as root, or with CAP_SYS_PTRACE" },
	[UNSEEN_MAPPINGS] = { "mappings", "as root, or with CAP_SYS_PTRACE" },
	[UNSEEN_STRINGS] = { "arguments and environment", "as root, or with CAP_SYS_PTRACE" },
	[UNSEEN_NAMESPACES] = { "namespaces", "as root, or with CAP_SYS_PTRACE" },
	[UNSEEN_SOCKETS] = { "sockets of a network namespace", "as root, or with CAP_SYS_ADMIN" },
	[UNSEEN_NETWORK] = { "devices and routes of a network namespace", "as root, or with CAP_SYS_ADMIN" },
	[UNSEEN_MOUNTS] = { "mounts", "as root, or with CAP_SYS_PTRACE" },
	[UNSEEN_TIMERS] = { "timers", "as root, or with CAP_SYS_PTRACE" },
	[UNSEEN_IPC] = { "System V IPC of another namespace", "as root, or with CAP_SYS_ADMIN" },
};

static bool is_gone(struct live *live, uint32_t pid)
{
	char name[16];
	struct stat st;

	if (!pid)
		return false;
	snprintf(name, sizeof(name), "%u", pid);
	return fstatat(live->proc, name, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
}

void unseen_count(struct live *live, enum unseen what, uint32_t pid)
{
	int error = errno;

	/* A file that this kernel does not have, or a module that is not loaded, is no reason to say anything. */
	if (error == EINVAL)
		return;
	if (error == ENOENT || error == ESRCH) {
		if (is_gone(live, pid))
			map_put(&live->checkpoint->arena, &live->gone, pid, (uint32_t)live->gone.n);
		return;
	}
	if (live->unseen[what].n++ == 0) {
		live->unseen[what].error = error;
		live->unseen[what].pid = pid;
	}
}

static void tell_gone(struct live *live)
{
	struct checkpoint *checkpoint = live->checkpoint;

	if (live->gone.n == 0)
		return;
	problems_add(&checkpoint->notes,
		     error_in_source(error_new(ERROR_LIMIT, "%zu %s while this looked: what is told of them is not "
							    "whole", live->gone.n,
					       live->gone.n == 1 ? "process ended" : "processes ended"),
				     checkpoint->source.path));
	live->gone = (struct map){ 0 };
}

void unseen_tell(struct live *live)
{
	struct checkpoint *checkpoint = live->checkpoint;

	for (enum unseen what = 0; what < N_UNSEEN; what++) {
		size_t n = live->unseen[what].n;

		if (n == 0)
			continue;
		errno = live->unseen[what].error;
		problems_add(&checkpoint->problems,
			     error_in_source(error_errno(ERROR_LIMIT,
							 "%s could not be seen%s, first of process %u; run this %s",
							 kinds[what].what,
							 n > 1 ? arena_printf(&checkpoint->scratch, ", %zu times", n)
							       : "",
							 live->unseen[what].pid, kinds[what].remedy),
					     checkpoint->source.path));
		live->unseen[what].n = 0;
	}
	tell_gone(live);
}

void unseen_limit(struct live *live, enum unseen what, const char *left_out, size_t limit)
{
	if (live->told[what])
		return;
	live->told[what] = true;
	problems_add(&live->checkpoint->problems,
		     error_in_source(error_new(ERROR_LIMIT, "more than %zu %s; the rest is left out", limit, left_out),
				     live->checkpoint->source.path));
}
