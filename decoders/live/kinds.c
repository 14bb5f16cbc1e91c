/* Rows that are files seen from another side: terminals, memory files, pipes. */
#include <fcntl.h>
#include <sys/sysmacros.h>

#include "decoders/base/size.h"
#include "decoders/live/details.h"
#include "decoders/live/leaves.h"
#include "decoders/live/proc.h"
#include "decoders/model/leaves/memfd.h"
#include "decoders/model/leaves/pipe.h"
#include "decoders/model/leaves/tty.h"
#include "fdinfo.pb-c.h"

/* Calls TAKE with each file of a type, and with the row of the first that has the same inode; ABSENT_U32: it is it. */
static void each_inode(struct live *live, uint32_t fd_type, struct leaf_rows *rows,
		       void (*take)(struct live *live, struct leaf_rows *rows, const struct file *file, uint32_t row))
{
	struct checkpoint *checkpoint = live->checkpoint;
	struct map row_of = { 0 };

	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];
		uint32_t row;

		if (file->fd_type != fd_type || file->inode == ABSENT_U64)
			continue;
		row = map_get(&row_of, file->inode);
		if (row == MAP_NONE)
			map_put(&checkpoint->arena, &row_of, file->inode, (uint32_t)rows->n);
		take(live, rows, file, row);
	}
}

/* --- terminals ----------------------------------------------------------------------------------------------------- */

static const char *tty_type(uint32_t device)
{
	switch (major(device)) {
	case 4:
		return minor(device) < 64 ? "vt" : "serial";
	case 5:
		return minor(device) == 0 ? "ctty" : minor(device) == 1 ? "console" : "pty";
	case 188:
	case 204:
		return "serial";
	default:
		return "pty";
	}
}

/* Both ends of a pty have a row here; the kernel tells the number of a master in fdinfo. */
static uint32_t pty_index(const struct file *file)
{
	if (file->inode & PTY_MASTER)
		return (uint32_t)(file->inode & ~(uint64_t)PTY_MASTER);
	return major(file->device) >= 136 && major(file->device) <= 143
		       ? (major(file->device) - 136) * 256 + minor(file->device)
		       : ABSENT_U32;
}

/* The session that a task here has it as its controlling terminal for. */
static const struct process *controlled(const struct checkpoint *checkpoint, uint32_t device)
{
	for (size_t i = 0; i < checkpoint->processes.n; i++)
		if (checkpoint->processes.items[i].tty == device)
			return &checkpoint->processes.items[i];
	return NULL;
}

static void take_tty(struct live *live, struct leaf_rows *rows, const struct file *file, uint32_t row)
{
	const struct process *process = controlled(live->checkpoint, file->device);
	struct tty *tty;

	if (row != MAP_NONE) {
		((struct tty *)rows->items + row)->n_files++;
		return;
	}
	tty = leaf_add(live->checkpoint, rows);
	*tty = (struct tty){
		.origin = file->origin,
		.id = (uint32_t)file->inode,
		.type = tty_type(file->device),
		.index = pty_index(file),
		.sid = process && !(file->inode & PTY_MASTER) ? process->sid : ABSENT_U32,
		.pgrp = ABSENT_U32, .rows = ABSENT_U32, .columns = ABSENT_U32,
		.iflag = ABSENT_U32, .oflag = ABSENT_U32, .cflag = ABSENT_U32, .lflag = ABSENT_U32,
		.speed = ABSENT_U32, .uid = ABSENT_U32, .gid = ABSENT_U32,
		.device = file->device,
		.n_files = 1,
		.unread_bytes = ABSENT_U64,
	};
}

void live_fill_ttys(struct live *live, struct leaf_rows *rows)
{
	each_inode(live, FD_TYPES__TTY, rows, take_tty);
}

/* --- memory files -------------------------------------------------------------------------------------------------- */

static void take_memfd(struct live *live, struct leaf_rows *rows, const struct file *file, uint32_t row)
{
	static const struct bytes prefix = { (const uint8_t *)"/memfd:", 7 };
	struct memfd *memfd;

	if (row != MAP_NONE) {
		((struct memfd *)rows->items + row)->n_files++;
		return;
	}
	memfd = leaf_add(live->checkpoint, rows);
	*memfd = (struct memfd){
		.origin = file->origin,
		.inode_id = file->inode,
		.name = bytes_start_with(file->path, prefix) ? bytes_from(file->path, prefix.len) : file->path,
		.size = file->size,
		.shmid = ABSENT_U32, .seals = ABSENT_U32, .uid = ABSENT_U32, .gid = ABSENT_U32,
		.mode = file->mode,
		.hugetlb = ABSENT_U32,
		.n_files = 1,
	};
}

void live_fill_memfds(struct live *live, struct leaf_rows *rows)
{
	each_inode(live, FD_TYPES__MEMFD, rows, take_memfd);
}

/* --- pipes --------------------------------------------------------------------------------------------------------- */

/* How much is in a pipe only those can ask who have it open. */
static void take_end(struct live *live, struct leaf_rows *rows, const struct file *file, uint32_t row)
{
	struct pipe *pipe;

	if (row == MAP_NONE) {
		pipe = leaf_add(live->checkpoint, rows);
		*pipe = (struct pipe){
			.origin = file->origin,
			.id = (uint32_t)file->inode,
			.pid = file->first_pid,
			.kind = file->fd_type == FD_TYPES__PIPE ? "pipe" : "fifo",
			.bytes = ABSENT_U64, .size = ABSENT_U64,
			.path = file->path,
		};
	} else {
		pipe = (struct pipe *)rows->items + row;
	}
	if (file->first_pid < pipe->pid)
		pipe->pid = file->first_pid;
	if (file->flags == ABSENT_U32)
		return;
	pipe->readers += (file->flags & O_ACCMODE) != O_WRONLY;
	pipe->writers += (file->flags & O_ACCMODE) != O_RDONLY;
}

void live_fill_pipes(struct live *live, struct leaf_rows *rows)
{
	each_inode(live, FD_TYPES__PIPE, rows, take_end);
	each_inode(live, FD_TYPES__FIFO, rows, take_end);
}
