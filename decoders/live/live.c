#include "decoders/live/live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/live/proc.h"

/* --- names of running processes ---------------------------------------------------------------------------- */

static bool take_pid(const char *path, struct live_options *ret)
{
	static const char proc[] = "/proc/";
	struct bytes rest;
	uint64_t pid;

	if (strncmp(path, proc, strlen(proc)) != 0)
		return false;
	rest = bytes_of(path + strlen(proc));
	if (bytes_equal(rest, BYTES("self")) || bytes_equal(rest, BYTES("self/"))) {
		ret->pid = (uint32_t)getpid();
		return true;
	}
	if (!proc_take_number(&rest, 10, &pid) || pid == 0 || pid > INT32_MAX ||
	    (rest.len && !bytes_equal(rest, BYTES("/"))))
		return false;
	ret->pid = (uint32_t)pid;
	return true;
}

static bool is_cgroup(const char *path)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool has_list = directory >= 0 && faccessat(directory, "cgroup.procs", F_OK, 0) == 0;

	if (directory >= 0)
		close(directory);
	return has_list;
}

bool live_recognise(const char *path, struct live_options *ret)
{
	*ret = (struct live_options){ 0 };
	if (take_pid(path, ret))
		return true;
	if (!is_cgroup(path))
		return false;
	ret->cgroup = path;
	return true;
}

/* --- parts --------------------------------------------------------------------------------------------------- */

/*
 * Descriptors, mappings and sockets add files, and their numbers must not depend on what was asked for first:
 * they are loaded together.
 */
static void load_files_and_more(struct checkpoint *checkpoint)
{
	struct live *live = live_of(checkpoint);

	if (live->has_files)
		return;
	live->has_files = true;
	checkpoint_need(checkpoint, PART_TASKS);
	live_load_files(checkpoint);
	live_load_mappings(checkpoint);
	live_load_sockets(checkpoint);
	unseen_tell(live);
}

static void load(struct checkpoint *checkpoint, unsigned part)
{
	live_of(checkpoint)->checkpoint = checkpoint; /* whoever opened it may have moved it */
	switch (part) {
	case PART_ENGINE:
		live_load_engine(checkpoint);
		break;
	case PART_TASKS:
		live_load_tasks(checkpoint);
		break;
	case PART_FILES:
	case PART_FDS:
	case PART_MAPPINGS:
		load_files_and_more(checkpoint);
		break;
	case PART_PAGES:
		live_load_pages(checkpoint);
		break;
	case PART_STRINGS:
		live_load_strings(checkpoint);
		break;
	default:
		break;
	}
}

static void load_leaf(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	live_leaf fill = live_leaf_loader(rows->leaf);

	live_of(checkpoint)->checkpoint = checkpoint;
	if (!fill)
		return;
	fill(live_of(checkpoint), rows);
	unseen_tell(live_of(checkpoint));
}

static void close_live(struct checkpoint *checkpoint)
{
	struct live *live = live_of(checkpoint);

	namespaces_close(live);
	if (live->proc >= 0)
		close(live->proc);
	free(live);
	checkpoint->filling = NULL;
	checkpoint->filler = NULL;
}

static const struct filler live_filler = { load, load_leaf, close_live };

bool live_is(const struct checkpoint *checkpoint)
{
	return checkpoint->filler == &live_filler;
}

/* --- opening ------------------------------------------------------------------------------------------------- */

static const char *machine(struct arena *arena)
{
	struct utsname name;

	return uname(&name) == 0 ? arena_text(arena, bytes_of(name.machine)) : NULL;
}

static struct error *open_all(struct live *live, const struct live_options *options)
{
	struct error *error;

	live->proc = open(live->root_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (live->proc < 0)
		return error_errno(ERROR_UNREADABLE, "cannot open %s", live->root_path);
	error = tree_find(live, options);
	live->gone = (struct map){ 0 }; /* whoever ended before it was found was none of them */
	if (!error)
		namespaces_open(live);
	return error;
}

struct error *live_open(const char *path, const struct live_options *options, struct checkpoint *ret)
{
	struct live *live = calloc(1, sizeof(*live));
	struct error *error;

	if (!live)
		out_of_memory();
	checkpoint_init(ret);
	arena_init(&ret->source.arena);
	problems_init(&ret->source.problems);
	ret->source.path = arena_text(&ret->source.arena, bytes_of(path));
	ret->source.is_directory = true;
	ret->arch = machine(&ret->arena);
	*live = (struct live){
		.checkpoint = ret,
		.root_path = options->proc ? options->proc : "/proc",
		.is_real = !options->proc,
		.proc = -1,
	};
	ret->filling = live;
	ret->filler = &live_filler;
	error = open_all(live, options);
	if (error)
		checkpoint_close(ret);
	return error_in_source(error, path);
}
