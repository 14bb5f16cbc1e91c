/* Open file descriptions: one function a type. */
#include <fcntl.h>
#include <sched.h>

#include "anon-files.pb-c.h"
#include "decoders/base/size.h"
#include "decoders/model/file_entries.h"
#include "decoders/model/files.h"
#include "decoders/model/load.h"
#include "decoders/model/sockets.h"
#include "files.pb-c.h"
#include "notify.pb-c.h"
#include "tty.pb-c.h"

/* What the fill functions work on. */
struct filling {
	struct checkpoint *checkpoint;
	const FileEntry *entry;
	bool big_endian;
	uint32_t row;
	struct file *file;
};

static void say(struct filling *filling, const char *path, struct bytes detail)
{
	filling->file->path = bytes_of(path);
	filling->file->detail = detail;
}

#define detail(filling, ...) \
	bytes_of(arena_printf(&(filling)->checkpoint->arena, __VA_ARGS__))

/* --- one function a type ---------------------------------------------------------------------- */

static void fill_reg(struct filling *filling)
{
	const RegFileEntry *reg = filling->entry->reg;
	struct file *file = filling->file;

	if (!reg)
		return;
	file->path = load_text(filling->checkpoint, reg->has_name, reg->name);
	file->flags = reg->flags;
	file->pos = reg->pos;
	file->mnt_id = reg->mnt_id;
	if (reg->has_size)
		file->size = reg->size;
	if (reg->has_mode)
		file->mode = reg->mode;
	if (reg->ext)
		file->detail = BYTES("external");
}

static void fill_pipe(struct filling *filling)
{
	const PipeEntry *pipe = filling->entry->pipe;

	if (!pipe)
		return;
	filling->file->flags = pipe->flags;
	filling->file->inode = pipe->pipe_id;
	filling->file->path = detail(filling, "pipe:[%u]", pipe->pipe_id);
	filling->file->detail = (pipe->flags & O_ACCMODE) == O_RDONLY ? BYTES("read end")
								      : BYTES("write end");
}

static void fill_fifo(struct filling *filling)
{
	const FifoEntry *fifo = filling->entry->fifo;

	if (!fifo)
		return;
	filling->file->inode = fifo->pipe_id;
	filling->file->reg_id = fifo->has_regf_id ? fifo->regf_id : fifo->id;
}

static void fill_inet(struct filling *filling)
{
	if (filling->entry->isk)
		socket_add_inet(filling->checkpoint, filling->entry->isk, filling->big_endian,
				filling->row);
}

static void fill_unix(struct filling *filling)
{
	if (filling->entry->usk)
		socket_add_unix(filling->checkpoint, filling->entry->usk, filling->row);
}

static void fill_netlink(struct filling *filling)
{
	if (filling->entry->nlsk)
		socket_add_netlink(filling->checkpoint, filling->entry->nlsk, filling->row);
}

static void fill_packet(struct filling *filling)
{
	if (filling->entry->psk)
		socket_add_packet(filling->checkpoint, filling->entry->psk, filling->row);
}

static void fill_eventfd(struct filling *filling)
{
	const EventfdFileEntry *eventfd = filling->entry->efd;

	if (!eventfd)
		return;
	filling->file->flags = eventfd->flags;
	say(filling, "anon_inode:[eventfd]",
	    detail(filling, "counter %llu", (unsigned long long)eventfd->counter));
}

static void fill_eventpoll(struct filling *filling)
{
	const EventpollFileEntry *epoll = filling->entry->epfd;

	if (!epoll)
		return;
	filling->file->flags = epoll->flags;
	filling->file->path = BYTES("anon_inode:[eventpoll]");
	filling->file->n_watched = epoll->n_tfd;
}

static void fill_signalfd(struct filling *filling)
{
	const SignalfdEntry *signalfd = filling->entry->sgfd;

	if (!signalfd)
		return;
	filling->file->flags = signalfd->flags;
	say(filling, "anon_inode:[signalfd]",
	    detail(filling, "signals 0x%llx", (unsigned long long)signalfd->sigmask));
}

static void fill_timerfd(struct filling *filling)
{
	const TimerfdEntry *timer = filling->entry->tfd;

	if (!timer)
		return;
	filling->file->flags = timer->flags;
	say(filling, "anon_inode:[timerfd]",
	    timer->vsec || timer->vnsec
		    ? detail(filling, "clock %u, %llu.%09llu s left", timer->clockid,
			     (unsigned long long)timer->vsec, (unsigned long long)timer->vnsec)
		    : detail(filling, "clock %u, not armed", timer->clockid));
}

static void fill_inotify(struct filling *filling)
{
	const InotifyFileEntry *inotify = filling->entry->ify;

	if (!inotify)
		return;
	filling->file->flags = inotify->flags;
	filling->file->path = BYTES("anon_inode:inotify");
	filling->file->n_watched = inotify->n_wd;
}

static void fill_fanotify(struct filling *filling)
{
	const FanotifyFileEntry *fanotify = filling->entry->ffy;

	if (!fanotify)
		return;
	filling->file->flags = fanotify->flags;
	filling->file->path = BYTES("anon_inode:[fanotify]");
	filling->file->n_watched = fanotify->n_mark;
}

static void fill_tty(struct filling *filling)
{
	const TtyFileEntry *tty = filling->entry->tty;

	if (!tty)
		return;
	filling->file->flags = tty->flags;
	filling->file->inode = tty->tty_info_id;
	if (tty->has_regf_id)
		filling->file->reg_id = tty->regf_id;
}

static const char *namespace_name(uint32_t clone_flag)
{
	switch (clone_flag) {
	case CLONE_NEWNET:
		return "net";
	case CLONE_NEWNS:
		return "mnt";
	case CLONE_NEWPID:
		return "pid";
	case CLONE_NEWIPC:
		return "ipc";
	case CLONE_NEWUTS:
		return "uts";
	case CLONE_NEWUSER:
		return "user";
	case CLONE_NEWCGROUP:
		return "cgroup";
	case 0x00000080: /* CLONE_NEWTIME */
		return "time";
	default:
		return "unknown";
	}
}

static void fill_namespace(struct filling *filling)
{
	const NsFileEntry *namespace = filling->entry->nsf;

	if (!namespace)
		return;
	filling->file->flags = namespace->flags;
	filling->file->inode = namespace->ns_id;
	filling->file->path = detail(filling, "%s:[%u]", namespace_name(namespace->ns_cflag),
				     namespace->ns_id);
	filling->file->detail = BYTES("the number is CRIU's id of the namespace");
}

static void fill_tun(struct filling *filling)
{
	const TunfileEntry *tun = filling->entry->tunf;

	filling->file->reg_id = filling->entry->id; /* the flags stand there */
	if (!tun)
		return;
	filling->file->path = BYTES("/dev/net/tun");
	filling->file->detail = load_text(filling->checkpoint, tun->has_netdev, tun->netdev);
}

static void fill_ext(struct filling *filling)
{
	filling->file->detail = BYTES("external, known to a plugin only");
}

static void fill_memfd(struct filling *filling)
{
	const MemfdFileEntry *memfd = filling->entry->memfd;

	if (!memfd)
		return;
	filling->file->flags = memfd->flags;
	filling->file->pos = memfd->pos;
	filling->file->inode = memfd->inode_id;
	filling->file->deleted = true; /* it never had a name */
}

static void fill_bpfmap(struct filling *filling)
{
	const BpfmapFileEntry *map = filling->entry->bpf;

	if (!map)
		return;
	filling->file->flags = map->flags;
	filling->file->pos = map->pos;
	filling->file->path = BYTES("anon_inode:bpf-map");
	filling->file->detail = load_text(filling->checkpoint, map->has_map_name, map->map_name);
}

static void fill_pidfd(struct filling *filling)
{
	const PidfdEntry *pidfd = filling->entry->pidfd;

	if (!pidfd)
		return;
	filling->file->flags = pidfd->flags;
	say(filling, "anon_inode:[pidfd]", detail(filling, "pid %d", pidfd->nspid));
}

static const struct {
	const char *name;
	void (*fill)(struct filling *filling);
} fd_types[] = {
	[FD_TYPES__UND] = { "und", NULL },
	[FD_TYPES__REG] = { "reg", fill_reg },
	[FD_TYPES__PIPE] = { "pipe", fill_pipe },
	[FD_TYPES__FIFO] = { "fifo", fill_fifo },
	[FD_TYPES__INETSK] = { "inetsk", fill_inet },
	[FD_TYPES__UNIXSK] = { "unixsk", fill_unix },
	[FD_TYPES__EVENTFD] = { "eventfd", fill_eventfd },
	[FD_TYPES__EVENTPOLL] = { "eventpoll", fill_eventpoll },
	[FD_TYPES__INOTIFY] = { "inotify", fill_inotify },
	[FD_TYPES__SIGNALFD] = { "signalfd", fill_signalfd },
	[FD_TYPES__PACKETSK] = { "packetsk", fill_packet },
	[FD_TYPES__TTY] = { "tty", fill_tty },
	[FD_TYPES__FANOTIFY] = { "fanotify", fill_fanotify },
	[FD_TYPES__NETLINKSK] = { "netlinksk", fill_netlink },
	[FD_TYPES__NS] = { "ns", fill_namespace },
	[FD_TYPES__TUNF] = { "tunf", fill_tun },
	[FD_TYPES__EXT] = { "ext", fill_ext },
	[FD_TYPES__TIMERFD] = { "timerfd", fill_timerfd },
	[FD_TYPES__MEMFD] = { "memfd", fill_memfd },
	[FD_TYPES__BPFMAP] = { "bpfmap", fill_bpfmap },
	[FD_TYPES__PIDFD] = { "pidfd", fill_pidfd },
};

const char *file_type_name(uint32_t fd_type)
{
	if (fd_type < ARRAY_SIZE(fd_types))
		return fd_types[fd_type].name;
	return fd_type == FD_TYPES__CTL_TTY	  ? "ctl_tty"
	       : fd_type == FD_TYPES__AUTOFS_PIPE ? "autofs_pipe"
						  : "unknown";
}

/* --- rows -------------------------------------------------------------------------------------- */

static void add_file(struct checkpoint *checkpoint, void *context, const struct file_entry *from)
{
	const FileEntry *entry = from->message;
	struct file *file = vec_push(&checkpoint->arena, &checkpoint->files);
	uint32_t row = (uint32_t)checkpoint->files.n - 1;
	struct filling filling = { checkpoint, entry, from->big_endian, row, file };

	(void)context;
	*file = (struct file){
		.origin = from->origin,
		.id = entry->id, .image_id = entry->id,
		.fd_type = entry->type, .type = file_type_name(entry->type),
		.flags = ABSENT_U32, .pos = ABSENT_U64, .mode = ABSENT_U32, .size = ABSENT_U64,
		.inode = ABSENT_U64, .mnt_id = -1, .remap_id = ABSENT_U32, .reg_id = ABSENT_U32,
		.device = ABSENT_U32, .links = ABSENT_U32,
		.shmid = ABSENT_U64, .socket = NO_ROW, .first_pid = ABSENT_U32,
		.first_fd = NO_ROW, .last_fd = NO_ROW,
	};
	if (!map_put(&checkpoint->arena, &checkpoint->file_by_id, entry->id, row))
		file->id = ABSENT_U32; /* given a number of its own when all are known */
	map_put(&checkpoint->arena, &checkpoint->file_by_key, map_pair(entry->type, entry->id), row);
	if (entry->type < ARRAY_SIZE(fd_types) && fd_types[entry->type].fill)
		fd_types[entry->type].fill(&filling);
}

/* CRIU's key is (type, id), so one id can name two files; the second gets a number above all. */
static void number_surrogates(struct checkpoint *checkpoint)
{
	uint32_t largest = 0;

	for (size_t i = 0; i < checkpoint->files.n; i++)
		if (checkpoint->files.items[i].image_id > largest)
			largest = checkpoint->files.items[i].image_id;
	for (size_t i = 0; i < checkpoint->files.n; i++) {
		struct file *file = &checkpoint->files.items[i];

		if (file->id != ABSENT_U32)
			continue;
		file->id = ++largest;
		if (file->socket != NO_ROW)
			checkpoint->sockets.items[file->socket].id = file->id;
	}
}

void load_files(struct checkpoint *checkpoint)
{
	file_entries_each(checkpoint, ALL_FILE_TYPES, add_file, NULL);
	number_surrogates(checkpoint);
	files_join(checkpoint);
	sockets_join(checkpoint);
}
