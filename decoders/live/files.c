#include "decoders/live/files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/live/proc.h"
#include "decoders/model/files.h"
#include "fdinfo.pb-c.h"

/* --- what it is ---------------------------------------------------------------------------------------------- */

/* Files without a path, by what their links say. */
static const struct {
	struct bytes link;
	bool is_prefix;
	uint32_t type;
} anonymous[] = {
	{ { (const uint8_t *)"anon_inode:[eventfd]", 20 }, false, FD_TYPES__EVENTFD },
	{ { (const uint8_t *)"anon_inode:[eventpoll]", 22 }, false, FD_TYPES__EVENTPOLL },
	{ { (const uint8_t *)"anon_inode:inotify", 18 }, false, FD_TYPES__INOTIFY },
	{ { (const uint8_t *)"anon_inode:[fanotify]", 21 }, false, FD_TYPES__FANOTIFY },
	{ { (const uint8_t *)"anon_inode:[signalfd]", 21 }, false, FD_TYPES__SIGNALFD },
	{ { (const uint8_t *)"anon_inode:[timerfd]", 20 }, false, FD_TYPES__TIMERFD },
	{ { (const uint8_t *)"anon_inode:[pidfd]", 18 }, false, FD_TYPES__PIDFD },
	{ { (const uint8_t *)"pidfd:[", 7 }, true, FD_TYPES__PIDFD },
	{ { (const uint8_t *)"anon_inode:bpf-map", 18 }, false, FD_TYPES__BPFMAP },
	{ { (const uint8_t *)"anon_inode:", 11 }, true, FD_TYPES__UND }, /* CRIU has no type for others */
	{ { (const uint8_t *)"pipe:[", 6 }, true, FD_TYPES__PIPE },
	{ { (const uint8_t *)"socket:[", 8 }, true, FD_TYPES__UND }, /* until its family is known */
	{ { (const uint8_t *)"/memfd:", 7 }, true, FD_TYPES__MEMFD },
	{ { (const uint8_t *)"mnt:[", 5 }, true, FD_TYPES__NS },
	{ { (const uint8_t *)"net:[", 5 }, true, FD_TYPES__NS },
	{ { (const uint8_t *)"pid:[", 5 }, true, FD_TYPES__NS },
	{ { (const uint8_t *)"ipc:[", 5 }, true, FD_TYPES__NS },
	{ { (const uint8_t *)"uts:[", 5 }, true, FD_TYPES__NS },
	{ { (const uint8_t *)"user:[", 6 }, true, FD_TYPES__NS },
	{ { (const uint8_t *)"cgroup:[", 8 }, true, FD_TYPES__NS },
	{ { (const uint8_t *)"time:[", 6 }, true, FD_TYPES__NS },
};

/* Terminals, as CRIU knows them: virtual consoles, /dev/tty and the like, both ends of a pty, serial lines. */
static bool is_terminal(uint32_t device)
{
	unsigned number = major(device);

	return number == 4 || number == 5 || (number >= 136 && number <= 143) || number == 188 || number == 204;
}

enum { TUN_MAJOR = 10, TUN_MINOR = 200 };

static uint32_t type_of_mode(uint32_t mode, uint32_t device)
{
	if (S_ISFIFO(mode))
		return FD_TYPES__FIFO;
	if (S_ISCHR(mode) && is_terminal(device))
		return FD_TYPES__TTY;
	if (S_ISCHR(mode) && major(device) == TUN_MAJOR && minor(device) == TUN_MINOR)
		return FD_TYPES__TUNF;
	return FD_TYPES__REG;
}

static uint32_t type_of(struct bytes link, const struct file *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(anonymous); i++)
		if (anonymous[i].is_prefix ? bytes_start_with(link, anonymous[i].link)
					   : bytes_equal(link, anonymous[i].link))
			return anonymous[i].type;
	return type_of_mode(file->mode == ABSENT_U32 ? 0 : file->mode, file->device);
}

/* --- what there is behind it ---------------------------------------------------------------------------------- */

static const struct bytes deleted_suffix = { (const uint8_t *)" (deleted)", 10 };

/* A file may be called so, and be there. */
static bool is_called_so(struct live *live, const struct found *found, const struct statx *st)
{
	char path[LONGEST_LINK + 32];
	struct statx named;

	if (!live->is_real)
		return false;
	snprintf(path, sizeof(path), "%u/root%.*s", found->pid, BYTES_FMT(found->link));
	return statx(live->proc, path, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, STATX_INO, &named) == 0 &&
	       named.stx_ino == st->stx_ino && named.stx_dev_major == st->stx_dev_major &&
	       named.stx_dev_minor == st->stx_dev_minor;
}

static void take_path(struct live *live, const struct found *found, const struct statx *st, struct file *file)
{
	file->path = found->link;
	if (!bytes_end_with(found->link, deleted_suffix) || !bytes_start_with(found->link, BYTES("/")))
		return;
	if (st && st->stx_nlink > 0 && is_called_so(live, found, st))
		return;
	file->path.len -= deleted_suffix.len;
	file->deleted = true;
}

/* What a dump would do about a name that is gone; of a file without any name it would hold the content. */
static void take_remap(const struct statx *st, struct file *file)
{
	enum { BLOCK = 512 };

	if (file->fd_type != FD_TYPES__REG || !file->deleted)
		return;
	file->remap = st->stx_nlink == 0 ? "ghost" : "linked";
	if (st->stx_nlink == 0 && S_ISREG(st->stx_mode))
		file->held_bytes = st->stx_blocks * BLOCK;
}

static bool ask(struct live *live, const struct found *found, struct statx *ret)
{
	if (!found->stat_path)
		return false;
	if (statx(live->proc, found->stat_path, AT_STATX_DONT_SYNC, STATX_BASIC_STATS | STATX_MNT_ID, ret) == 0)
		return true;
	unseen_count(live, UNSEEN_FILES, found->pid);
	return false;
}

static bool has_inode(uint32_t type)
{
	return type == FD_TYPES__PIPE || type == FD_TYPES__FIFO || type == FD_TYPES__MEMFD;
}

static void take_stat(const struct statx *st, struct file *file)
{
	file->mode = st->stx_mode;
	file->links = st->stx_nlink;
	if (file->mnt_id < 0 && st->stx_mask & STATX_MNT_ID && st->stx_mnt_id <= INT32_MAX)
		file->mnt_id = (int32_t)st->stx_mnt_id;
	if (S_ISREG(st->stx_mode) || S_ISDIR(st->stx_mode))
		file->size = st->stx_size;
	if (S_ISCHR(st->stx_mode) || S_ISBLK(st->stx_mode))
		file->device = (uint32_t)makedev(st->stx_rdev_major, st->stx_rdev_minor);
}

/* The number in "pipe:[7]". */
static uint64_t number_in(struct bytes link)
{
	struct bytes number = bytes_from(link, bytes_find(link, '[') + 1);
	uint64_t value;

	return proc_take_number(&number, 10, &value) ? value : ABSENT_U64;
}

static void take_inode(struct file *file, const struct statx *st)
{
	if (file->fd_type == FD_TYPES__PIPE || file->fd_type == FD_TYPES__NS ||
	    bytes_start_with(file->path, BYTES("socket:[")))
		file->inode = number_in(file->path);
	else if (file->fd_type == FD_TYPES__TTY)
		file->inode = file->device; /* CRIU numbers terminals; here the device does */
	else if (st && has_inode(file->fd_type))
		file->inode = st->stx_ino;
}

/* The kernel shows a 0 for whatever cannot be seeked. */
static bool has_position(const struct file *file)
{
	return file->fd_type == FD_TYPES__REG || file->fd_type == FD_TYPES__MEMFD || file->fd_type == FD_TYPES__BPFMAP;
}

static void describe(struct file *file)
{
	if (file->fd_type == FD_TYPES__PIPE && file->flags != ABSENT_U32)
		file->detail = (file->flags & O_ACCMODE) == O_RDONLY ? BYTES("read end") : BYTES("write end");
}

uint32_t file_add(struct live *live, const struct found *found)
{
	struct checkpoint *checkpoint = live->checkpoint;
	uint32_t row = (uint32_t)checkpoint->files.n;
	struct file *file = vec_push(&checkpoint->arena, &checkpoint->files);
	struct statx st;
	bool known = ask(live, found, &st);

	*file = (struct file){
		.origin = found->origin,
		.id = row + 1, .image_id = row + 1,
		.flags = found->flags, .pos = found->pos, .mnt_id = found->mnt_id,
		.mode = ABSENT_U32, .size = ABSENT_U64, .inode = ABSENT_U64, .remap_id = ABSENT_U32,
		.reg_id = ABSENT_U32, .shmid = ABSENT_U64, .socket = NO_ROW, .first_pid = ABSENT_U32,
		.device = ABSENT_U32, .links = ABSENT_U32,
		.first_fd = NO_ROW, .last_fd = NO_ROW,
	};
	if (known)
		take_stat(&st, file);
	take_path(live, found, known ? &st : NULL, file);
	file->fd_type = type_of(found->link, file);
	file->type = file_type_name(file->fd_type);
	if (!has_position(file))
		file->pos = ABSENT_U64;
	take_inode(file, known ? &st : NULL);
	if (known)
		take_remap(&st, file);
	describe(file);
	map_put(&checkpoint->arena, &checkpoint->file_by_id, file->id, row);
	map_put(&checkpoint->arena, &checkpoint->file_by_key, map_pair(file->fd_type, file->id), row);
	return row;
}

/* --- descriptions that are shared ----------------------------------------------------------------------------- */

enum { DEEPEST_TREE = 100 }; /* steps; the kernel's order is as good as random */

/* Everything that two descriptors of one description cannot differ in, mixed. */
static uint64_t likeness(const struct found *found)
{
	return (map_key(found->link) ^ found->flags) * 1099511628211u ^ (uint64_t)(uint32_t)found->mnt_id << 32;
}

enum { SAME, BEFORE, BEHIND }; /* what kcmp(2) says; all else is an error */

static long compare(const struct known_file *known, const struct found *found)
{
	return syscall(SYS_kcmp, (pid_t)found->pid, (pid_t)known->pid, KCMP_FILE, (unsigned long)found->fd,
		       (unsigned long)known->fd);
}

static uint32_t add_known(struct live *live, struct known_files *known, const struct found *found, uint32_t file)
{
	*vec_push(&live->checkpoint->arena, &known->items) =
		(struct known_file){ file, found->pid, found->fd, { NO_ROW, NO_ROW } };
	return (uint32_t)known->items.n - 1;
}

uint32_t file_of_descriptor(struct live *live, struct known_files *known, const struct found *found)
{
	uint64_t hash = likeness(found);
	uint32_t at = map_get(&known->first, hash), row;

	if (at == MAP_NONE) {
		row = file_add(live, found);
		map_put(&live->checkpoint->arena, &known->first, hash, add_known(live, known, found, row));
		return row;
	}
	for (unsigned i = 0; live->is_real && i < DEEPEST_TREE; i++) {
		long order = compare(&known->items.items[at], found);
		uint32_t below;

		if (order == SAME)
			return known->items.items[at].file;
		if (order != BEFORE && order != BEHIND)
			break;
		below = known->items.items[at].below[order == BEHIND];
		if (below == NO_ROW) {
			row = file_add(live, found);
			below = add_known(live, known, found, row);
			known->items.items[at].below[order == BEHIND] = below;
			return row;
		}
		at = below;
	}
	return file_add(live, found);
}
