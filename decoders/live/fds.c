/* Descriptors: /proc/PID/fd and /proc/PID/fdinfo, and the files that a task is in or runs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoders/base/out.h"
#include "decoders/base/size.h"
#include "decoders/live/files.h"
#include "decoders/live/proc.h"

#define CLOSE_ON_EXEC 02000000u /* as fdinfo has it among the flags */

struct fds {
	struct live *live;
	struct known_files known;
	struct map first_by_table; /* files_id to row of process */
};

/* --- fdinfo ------------------------------------------------------------------------------------------------- */

struct fdinfo {
	uint32_t flags;
	uint64_t pos;
	int32_t mnt_id;
	uint32_t member;
	uint32_t first_line;
	struct bytes rest; /* lines that only some files have, in the arena */
};

/* Lines are kept together, so what is not in the way of the loaders of leaves is left out. */
static void keep_line(struct live *live, struct out *out, struct bytes line)
{
	if (live->text + line.len > MAX_LIVE_TEXT) {
		unseen_limit(live, UNSEEN_FILES, "bytes of what fdinfo says", MAX_LIVE_TEXT);
		return;
	}
	live->text += line.len + 1;
	out_bytes(out, line);
	out_char(out, '\n');
}

static bool take_common(struct bytes line, struct fdinfo *ret)
{
	struct bytes text;
	uint64_t number;

	if (proc_field(line, "pos:", &text)) {
		if (proc_take_number(&text, 10, &number))
			ret->pos = number;
	} else if (proc_field(line, "flags:", &text)) {
		if (proc_take_number(&text, 8, &number))
			ret->flags = (uint32_t)number;
	} else if (proc_field(line, "mnt_id:", &text)) {
		if (proc_take_number(&text, 10, &number))
			ret->mnt_id = (int32_t)number;
	} else {
		return proc_field(line, "ino:", &text);
	}
	return true;
}

static bool read_fdinfo(struct live *live, uint32_t pid, uint32_t fd, struct fdinfo *ret)
{
	struct proc_file file;
	struct bytes line;
	struct out out;
	char name[32];

	*ret = (struct fdinfo){ .flags = ABSENT_U32, .pos = ABSENT_U64, .mnt_id = -1 };
	snprintf(name, sizeof(name), "fdinfo/%u", fd);
	if (!proc_open(live, UNSEEN_FILES, pid, name, &file))
		return false;
	out_init(&out, -1);
	while (proc_line(&file, &line)) {
		if (take_common(line, ret))
			continue;
		if (out.len == 0)
			ret->first_line = file.line;
		keep_line(live, &out, line);
	}
	ret->member = file.member;
	if (out.len)
		ret->rest = arena_copy(&live->checkpoint->arena, out_held(&out));
	out_deinit(&out);
	proc_close(&file);
	return true;
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

static bool add_fd(struct live *live, struct process *process, struct fd fd)
{
	struct checkpoint *checkpoint = live->checkpoint;
	const struct file *file = &checkpoint->files.items[fd.file];

	if (checkpoint->fds.n == MAX_LIVE_FDS) {
		unseen_limit(live, UNSEEN_FILES, "descriptors", MAX_LIVE_FDS);
		return false;
	}
	fd.fd_type = file->fd_type;
	fd.image_id = file->image_id;
	checkpoint_add_fd(checkpoint, process, fd);
	return true;
}

/* Locks are a task's, whoever shares the description with it; the rest is the description's. */
static void keep_detail(struct live *live, uint32_t row, uint32_t pid, uint32_t fd, const struct fdinfo *info)
{
	bool is_first = live->checkpoint->files.items[row].n_fds == 0;

	if (info->rest.len == 0 || (!is_first && !bytes_start_with(info->rest, BYTES("lock:"))))
		return;
	*vec_push(&live->checkpoint->arena, &live->details) = (struct live_detail){
		.file = row, .pid = pid, .fd = fd, .member = info->member, .first_line = info->first_line,
		.lines = info->rest, .is_first = is_first,
	};
}

static bool load_fd(struct fds *fds, struct process *process, uint32_t number)
{
	struct live *live = fds->live;
	char link[32], stat_path[48];
	struct fdinfo info;
	struct found found;
	uint32_t row;

	snprintf(link, sizeof(link), "fd/%u", number);
	snprintf(stat_path, sizeof(stat_path), "%u/fd/%u", process->pid, number);
	found = (struct found){ .link = proc_link(live, UNSEEN_FILES, process->pid, link), .stat_path = stat_path,
				.pid = process->pid, .fd = number };
	if (!found.link.data || !read_fdinfo(live, process->pid, number, &info))
		return true; /* closed meanwhile, or counted */
	found.origin = proc_origin(info.member, NO_ENTRY);
	found.flags = info.flags == ABSENT_U32 ? ABSENT_U32 : info.flags & ~CLOSE_ON_EXEC;
	found.pos = info.pos;
	found.mnt_id = info.mnt_id;
	row = file_of_descriptor(live, &fds->known, &found);
	keep_detail(live, row, process->pid, number, &info);
	return add_fd(live, process, (struct fd){
		.origin = found.origin, .fd = number, .file = row,
		.close_on_exec = info.flags != ABSENT_U32 && info.flags & CLOSE_ON_EXEC,
	});
}

/* --- tables ------------------------------------------------------------------------------------------------------ */

static int ascending(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static void load_table(struct fds *fds, struct process *process)
{
	struct live *live = fds->live;
	DIR *directory = proc_directory(live, UNSEEN_FILES, process->pid, "fd");
	VEC(uint32_t) numbers = { 0 };
	struct arena arena;
	uint32_t number;

	arena_init(&arena);
	while (directory && numbers.n <= MAX_LIVE_FDS && proc_next_number(directory, &number))
		*vec_push(&arena, &numbers) = number;
	if (directory)
		closedir(directory);
	if (numbers.n)
		qsort(numbers.items, numbers.n, sizeof(*numbers.items), ascending);
	for (size_t i = 0; i < numbers.n; i++)
		if (!load_fd(fds, process, numbers.items[i]))
			break;
	arena_deinit(&arena);
}

/* The rows of the task that had the table first, once more. */
static void copy_table(struct live *live, struct process *process, uint32_t first)
{
	struct checkpoint *checkpoint = live->checkpoint;
	uint32_t pid = checkpoint->processes.items[first].pid;

	for (size_t i = 0, n = checkpoint->fds.n; i < n; i++)
		if (checkpoint->fds.items[i].pid == pid && !add_fd(live, process, checkpoint->fds.items[i]))
			return;
}

static bool is_zombie(const struct process *process)
{
	return !strcmp(process->state, "zombie");
}

/* --- where a task is ----------------------------------------------------------------------------------------------- */

static uint32_t add_named(struct live *live, const struct process *process, const char *name)
{
	struct checkpoint *checkpoint = live->checkpoint;
	struct bytes link = proc_link(live, UNSEEN_FILES, process->pid, name);
	char stat_path[48];
	uint32_t row;

	if (!link.data)
		return ABSENT_U32;
	snprintf(stat_path, sizeof(stat_path), "%u/%s", process->pid, name);
	row = file_add(live, &(struct found){
		.link = link, .stat_path = stat_path, .pid = process->pid, .fd = ABSENT_U32,
		.origin = proc_origin(proc_member(live, process->pid, name), NO_ENTRY),
		.flags = ABSENT_U32, .pos = ABSENT_U64, .mnt_id = -1,
	});
	return checkpoint->files.items[row].id;
}

void live_load_files(struct checkpoint *checkpoint)
{
	struct fds fds = { .live = live_of(checkpoint) };

	for (uint32_t i = 0; i < checkpoint->processes.n; i++) {
		struct process *process = &checkpoint->processes.items[i];
		uint32_t first = map_get(&fds.first_by_table, process->files_id);

		if (is_zombie(process))
			continue;
		process->exe_file_id = add_named(fds.live, process, "exe");
		process->cwd_file_id = add_named(fds.live, process, "cwd");
		process->root_file_id = add_named(fds.live, process, "root");
		if (first != MAP_NONE) {
			copy_table(fds.live, process, first);
			continue;
		}
		map_put(&checkpoint->arena, &fds.first_by_table, process->files_id, i);
		load_table(&fds, process);
	}
	live_describe_files(fds.live);
}
