/* Open file descriptions: files.img, and what other images add to it. */
#include <fcntl.h>
#include <sched.h>

#include "anon-files.pb-c.h"
#include "decoders/base/cursor.h"
#include "decoders/base/size.h"
#include "decoders/image/wire.h"
#include "decoders/model/load.h"
#include "decoders/model/sockets.h"
#include "fdinfo.pb-c.h"
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

	if (fifo)
		filling->file->inode = fifo->pipe_id;
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
	say(filling, "anon_inode:[eventpoll]", detail(filling, "%zu watched", epoll->n_tfd));
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
	say(filling, "anon_inode:inotify", detail(filling, "%zu watches", inotify->n_wd));
}

static void fill_fanotify(struct filling *filling)
{
	const FanotifyFileEntry *fanotify = filling->entry->ffy;

	if (!fanotify)
		return;
	filling->file->flags = fanotify->flags;
	say(filling, "anon_inode:[fanotify]", detail(filling, "%zu marks", fanotify->n_mark));
}

static void fill_tty(struct filling *filling)
{
	const TtyFileEntry *tty = filling->entry->tty;

	if (!tty)
		return;
	filling->file->flags = tty->flags;
	filling->file->inode = tty->tty_info_id;
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

static const char *file_type_name(uint32_t fd_type)
{
	if (fd_type < ARRAY_SIZE(fd_types))
		return fd_types[fd_type].name;
	return fd_type == FD_TYPES__CTL_TTY	  ? "ctl_tty"
	       : fd_type == FD_TYPES__AUTOFS_PIPE ? "autofs_pipe"
						  : "unknown";
}

/* --- files.img --------------------------------------------------------------------------------- */

static void add_file(struct checkpoint *checkpoint, const FileEntry *entry, struct origin origin,
		     bool big_endian)
{
	struct file *file = vec_push(&checkpoint->arena, &checkpoint->files);
	uint32_t row = (uint32_t)checkpoint->files.n - 1;
	struct filling filling = { checkpoint, entry, big_endian, row, file };

	*file = (struct file){
		.origin = origin,
		.id = entry->id, .image_id = entry->id,
		.fd_type = entry->type, .type = file_type_name(entry->type),
		.flags = ABSENT_U32, .pos = ABSENT_U64, .mode = ABSENT_U32, .size = ABSENT_U64,
		.inode = ABSENT_U64, .mnt_id = -1, .remap_id = ABSENT_U32,
		.next_of_inode = NO_ROW, .socket = NO_ROW, .first_pid = ABSENT_U32,
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

/* Files of one type that share a pipe, a memfd, a terminal. */
static void index_inodes(struct checkpoint *checkpoint)
{
	for (uint32_t row = (uint32_t)checkpoint->files.n; row-- > 0;) {
		struct file *file = &checkpoint->files.items[row];
		uint64_t key = map_pair(file->fd_type, (uint32_t)file->inode);
		uint32_t first;

		if (file->inode == ABSENT_U64 ||
		    map_put(&checkpoint->arena, &checkpoint->file_by_inode, key, row))
			continue;
		first = map_get(&checkpoint->file_by_inode, key);
		file->next_of_inode = checkpoint->files.items[first].next_of_inode;
		checkpoint->files.items[first].next_of_inode = row;
	}
}

static struct file *row_or_null(struct checkpoint *checkpoint, uint32_t row)
{
	return row == NO_ROW ? NULL : &checkpoint->files.items[row];
}

static struct file *first_of_inode(struct checkpoint *checkpoint, uint32_t type, uint64_t inode)
{
	return row_or_null(checkpoint, map_get(&checkpoint->file_by_inode,
					       map_pair(type, (uint32_t)inode)));
}

static struct file *next_of_inode(struct checkpoint *checkpoint, const struct file *file)
{
	return row_or_null(checkpoint, file->next_of_inode);
}

static struct file *file_of(struct checkpoint *checkpoint, uint32_t type, uint32_t image_id)
{
	uint32_t row = map_get(&checkpoint->file_by_key, map_pair(type, image_id));

	return row == MAP_NONE ? NULL : &checkpoint->files.items[row];
}

/* --- what other images add -------------------------------------------------------------------- */

/* A fifo's and a terminal's path is that of a regular file entry beside it. */
static void take_path_of(struct checkpoint *checkpoint, struct file *file, uint32_t reg_id)
{
	const struct file *reg = file_of(checkpoint, FD_TYPES__REG, reg_id);

	if (!reg)
		return;
	file->path = reg->path;
	file->mnt_id = reg->mnt_id;
	file->mode = reg->mode;
	file->deleted = reg->deleted;
	if (file->flags == ABSENT_U32)
		file->flags = reg->flags;
}

static void join_paths(struct checkpoint *checkpoint)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "FILES", &reader, "files.img"))
		return;
	while (image_next(&reader, &entry)) {
		const FileEntry *from = (const FileEntry *)entry.message;
		struct file *file = file_of(checkpoint, from->type, from->id);

		if (file && from->type == FD_TYPES__FIFO && from->fifo)
			take_path_of(checkpoint, file, from->fifo->has_regf_id ? from->fifo->regf_id
									       : from->id);
		if (file && from->type == FD_TYPES__TTY && from->tty && from->tty->has_regf_id)
			take_path_of(checkpoint, file, from->tty->regf_id);
	}
	load_close(checkpoint, &reader);
}

static void load_tty_names(struct checkpoint *checkpoint)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "TTY_INFO", &reader, "tty-info.img"))
		return;
	while (image_next(&reader, &entry)) {
		const TtyInfoEntry *info = (const TtyInfoEntry *)entry.message;

		if (!info->pty)
			continue;
		for (struct file *file = first_of_inode(checkpoint, FD_TYPES__TTY, info->id); file;
		     file = next_of_inode(checkpoint, file))
			file->detail = bytes_of(arena_printf(&checkpoint->arena, "pty %u",
							     info->pty->index));
	}
	load_close(checkpoint, &reader);
}

/*
 * CRIU keeps shared anonymous memory and System V segments as memfds too, under the names that
 * the kernel gives their files; a real memfd's name stands in /proc behind "/memfd:".
 */
static struct bytes memfd_path(struct checkpoint *checkpoint, ProtobufCBinaryData name)
{
	struct bytes text = { name.data, name.len };

	if (bytes_equal(text, BYTES("/dev/zero")) || bytes_start_with(text, BYTES("/SYSV")))
		return load_text(checkpoint, true, name);
	return bytes_of(arena_printf(&checkpoint->arena, "/memfd:%.*s", BYTES_FMT(text)));
}

static void load_memfds(struct checkpoint *checkpoint)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "MEMFD_INODE", &reader, "memfd.img"))
		return;
	while (image_next(&reader, &entry)) {
		const MemfdInodeEntry *inode = (const MemfdInodeEntry *)entry.message;

		for (struct file *file = first_of_inode(checkpoint, FD_TYPES__MEMFD, inode->inode_id);
		     file; file = next_of_inode(checkpoint, file)) {
			file->path = memfd_path(checkpoint, inode->name);
			file->size = inode->size;
			file->held_bytes = inode->size;
			if (inode->has_mode)
				file->mode = inode->mode;
		}
	}
	load_close(checkpoint, &reader);
}

static void load_pipe_contents(struct checkpoint *checkpoint, const char *kind, const char *name,
			       uint32_t fd_type)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, kind, &reader, "%s", name))
		return;
	while (image_next(&reader, &entry)) {
		const PipeDataEntry *data = (const PipeDataEntry *)entry.message;

		for (struct file *file = first_of_inode(checkpoint, fd_type, data->pipe_id); file;
		     file = next_of_inode(checkpoint, file))
			file->held_bytes = data->bytes;
	}
	load_close(checkpoint, &reader);
}

/* The bytes of a deleted file that its ghost image holds; holes do not count. */
static uint64_t ghost_size(struct checkpoint *checkpoint, uint32_t ghost_id)
{
	const struct member *member = checkpoint_image(checkpoint, "ghost-file-%x.img", ghost_id);
	uint64_t size = 0;
	struct image_reader reader;
	struct image_entry entry;

	if (!member || !load_open(checkpoint, member, "GHOST_FILE", &reader))
		return 0;
	if (image_next(&reader, &entry))
		size = entry.extra_payload;
	load_close(checkpoint, &reader);
	return size;
}

/* Old dumps have no type: the top bit of the id says ghost. */
static const char *remap_name(const RemapFilePathEntry *remap)
{
	static const char *const names[] = {
		[REMAP_TYPE__LINKED] = "linked",
		[REMAP_TYPE__GHOST] = "ghost",
		[REMAP_TYPE__PROCFS] = "procfs",
	};

	if (!remap->has_remap_type)
		return names[remap->remap_id >> 31 ? REMAP_TYPE__GHOST : REMAP_TYPE__LINKED];
	return remap->remap_type < (int)ARRAY_SIZE(names) ? names[remap->remap_type] : "unknown";
}

struct remap {
	uint32_t file_id, remap_id;
	const char *name;
};

static void apply_remap(struct checkpoint *checkpoint, const struct remap *remap)
{
	struct file *file = file_of(checkpoint, FD_TYPES__REG, remap->file_id);
	uint32_t row = map_get(&checkpoint->file_by_id, remap->file_id);

	if (!file && row != MAP_NONE)
		file = &checkpoint->files.items[row];
	if (!file)
		return;
	file->deleted = true;
	file->remap = remap->name;
	file->remap_id = remap->remap_id & 0x7fffffff;
	if (!strcmp(remap->name, "ghost"))
		file->held_bytes = ghost_size(checkpoint, file->remap_id);
}

static void load_remaps(struct checkpoint *checkpoint)
{
	VEC(struct remap) remaps = { 0 };
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "REMAP_FPATH", &reader, "remap-fpath.img"))
		return;
	while (image_next(&reader, &entry)) {
		const RemapFilePathEntry *from = (const RemapFilePathEntry *)entry.message;

		*vec_push(&checkpoint->arena, &remaps) =
			(struct remap){ from->orig_id, from->remap_id, remap_name(from) };
	}
	load_close(checkpoint, &reader);
	for (size_t i = 0; i < remaps.n; i++)
		apply_remap(checkpoint, &remaps.items[i]);
}

void load_files(struct checkpoint *checkpoint)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "FILES", &reader, "files.img"))
		return;
	while (image_next(&reader, &entry))
		add_file(checkpoint, (const FileEntry *)entry.message,
			 load_origin(&reader, &entry), reader.header.big_endian);
	load_close(checkpoint, &reader);
	number_surrogates(checkpoint);
	index_inodes(checkpoint);
	load_remaps(checkpoint);
	join_paths(checkpoint);
	load_tty_names(checkpoint);
	load_memfds(checkpoint);
	load_pipe_contents(checkpoint, "PIPES_DATA", "pipes-data.img", FD_TYPES__PIPE);
	load_pipe_contents(checkpoint, "FIFO_DATA", "fifo-data.img", FD_TYPES__FIFO);
	sockets_join(checkpoint);
}
