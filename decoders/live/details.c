/* What fdinfo tells of single types of files: watches of epoll and inotify, BPF maps, locks. */
#include "decoders/base/size.h"
#include "decoders/live/details.h"
#include "decoders/live/leaves.h"
#include "decoders/live/proc.h"
#include "decoders/model/leaves/bpfmap.h"
#include "decoders/model/leaves/epoll.h"
#include "decoders/model/leaves/inotify.h"
#include "decoders/model/leaves/lock.h"
#include "decoders/model/leaves/open_files.h"
#include "decoders/model/leaves/text_lines.h"
#include "fdinfo.pb-c.h"

bool detail_number(struct bytes line, const char *key, unsigned base, uint64_t *ret)
{
	struct bytes name = bytes_of(key);

	for (size_t i = 0; i + name.len <= line.len; i++) {
		struct bytes here = bytes_from(line, i);

		if ((i > 0 && !is_blank(line.data[i - 1])) || !bytes_start_with(here, name))
			continue;
		here = bytes_from(here, name.len);
		return proc_take_number(&here, base, ret);
	}
	return false;
}

uint32_t detail_u32(struct bytes line, const char *key, unsigned base)
{
	uint64_t number;

	return detail_number(line, key, base, &number) ? (uint32_t)number : ABSENT_U32;
}

uint64_t detail_u64(struct bytes line, const char *key, unsigned base)
{
	uint64_t number;

	return detail_number(line, key, base, &number) ? number : ABSENT_U64;
}

void details_each(struct live *live, uint32_t fd_type, void (*take)(const struct detail_line *line, void *context),
		  void *context)
{
	struct checkpoint *checkpoint = live->checkpoint;

	for (size_t i = 0; i < live->details.n; i++) {
		const struct live_detail *detail = &live->details.items[i];
		const struct file *file = &checkpoint->files.items[detail->file];
		struct detail_line line = { .live = live, .detail = detail, .file = file };
		struct bytes rest = detail->lines;
		uint32_t number = detail->first_line;

		if (fd_type != ANY_FD_TYPE && (!detail->is_first || file->fd_type != fd_type))
			continue;
		while (text_line(&rest, &line.text)) {
			line.origin = proc_origin(detail->member, number++);
			take(&line, context);
		}
	}
}

/* --- in words ---------------------------------------------------------------------------------------------------- */

static void count_watch(const struct detail_line *line, void *context)
{
	struct file *file = &line->live->checkpoint->files.items[line->detail->file];

	(void)context;
	if (bytes_start_with(line->text, BYTES("tfd:")) || bytes_start_with(line->text, BYTES("inotify wd:")) ||
	    bytes_start_with(line->text, BYTES("fanotify ino:")) ||
	    bytes_start_with(line->text, BYTES("fanotify mnt_id:")) ||
	    bytes_start_with(line->text, BYTES("fanotify sdev:")))
		file->n_watched++;
}

#define words(live, ...) bytes_of(arena_printf(&(live)->checkpoint->arena, __VA_ARGS__))

static void describe_line(const struct detail_line *line, void *context)
{
	struct live *live = line->live;
	struct file *file = &live->checkpoint->files.items[line->detail->file];
	struct bytes text;
	uint64_t number;

	(void)context;
	if (file->fd_type == FD_TYPES__PIDFD && proc_field(line->text, "Pid:", &text))
		file->detail = proc_take_number(&text, 10, &number)
				       ? words(live, "pid %llu", (unsigned long long)number)
				       : BYTES("pid -1");
	else if (file->fd_type == FD_TYPES__EVENTFD && detail_number(line->text, "eventfd-count:", 16, &number))
		file->detail = words(live, "counter %llu", (unsigned long long)number);
	else if (file->fd_type == FD_TYPES__SIGNALFD && detail_number(line->text, "sigmask:", 16, &number))
		file->detail = words(live, "signals 0x%llx", (unsigned long long)number);
	else if (file->fd_type == FD_TYPES__TTY && detail_number(line->text, "tty-index:", 10, &number)) {
		file->detail = words(live, "pty %llu", (unsigned long long)number);
		file->inode = PTY_MASTER | (number & ~PTY_MASTER);
	} else if (file->fd_type == FD_TYPES__TUNF && proc_field(line->text, "iff:", &text)) {
		file->detail = arena_copy(&live->checkpoint->arena, text);
	}
}

void live_describe_files(struct live *live)
{
	static const struct {
		uint32_t type;
		const char *watched;
	} watching[] = {
		{ FD_TYPES__EVENTPOLL, "watched" }, { FD_TYPES__INOTIFY, "watches" }, { FD_TYPES__FANOTIFY, "marks" },
	};

	details_each(live, ANY_FD_TYPE, describe_line, NULL);
	for (size_t k = 0; k < ARRAY_SIZE(watching); k++) {
		details_each(live, watching[k].type, count_watch, NULL);
		for (size_t i = 0; i < live->checkpoint->files.n; i++) {
			struct file *file = &live->checkpoint->files.items[i];

			if (file->fd_type == watching[k].type)
				file->detail = words(live, "%llu %s", (unsigned long long)file->n_watched,
						     watching[k].watched);
		}
	}
}

/* --- epoll ------------------------------------------------------------------------------------------------------- */

struct epolls {
	struct leaf_rows *rows;
	struct map fds;
};

/* "tfd:        5 events:       19 data:                5  pos:0 ino:61af sdev:7" */
static void take_epoll(const struct detail_line *line, void *context)
{
	struct epolls *epolls = context;
	struct checkpoint *checkpoint = line->live->checkpoint;
	uint32_t target = detail_u32(line->text, "tfd:", 10);
	uint64_t data;

	if (target == ABSENT_U32)
		return;
	(void)detail_number(line->text, "data:", 16, &data);
	*(struct epoll *)leaf_add(checkpoint, epolls->rows) = (struct epoll){
		.origin = line->origin,
		.file_id = line->file->id, .pid = line->file->first_pid,
		.target_fd = target,
		.target_file_id = open_fd_file(checkpoint, &epolls->fds, line->detail->pid, target),
		.events = detail_u32(line->text, "events:", 16),
		.data = data,
		.target_device = detail_u32(line->text, "sdev:", 16),
		.target_inode = detail_u64(line->text, "ino:", 16),
		.target_pos = detail_u64(line->text, "pos:", 10),
	};
}

void live_fill_epoll(struct live *live, struct leaf_rows *rows)
{
	struct epolls epolls = { rows, open_fds(live->checkpoint) };

	details_each(live, FD_TYPES__EVENTPOLL, take_epoll, &epolls);
}

/* --- inotify, fanotify --------------------------------------------------------------------------------------------- */

static struct bytes handle_of(struct live *live, struct bytes line)
{
	struct bytes text, name = BYTES("f_handle:");
	uint8_t *data;
	size_t n = 0, at = 0;

	while (at < line.len && !bytes_start_with(bytes_from(line, at), name))
		at++;
	text = bytes_from(line, at + name.len);
	data = arena_alloc(&live->checkpoint->arena, text.len / 2 + 1);
	for (; text.len >= 2; text = bytes_from(text, 2)) {
		struct bytes pair = bytes_first(text, 2);
		uint64_t byte;

		if (!proc_take_number(&pair, 16, &byte) || pair.len)
			break;
		data[n++] = (uint8_t)byte;
	}
	return (struct bytes){ data, n };
}

static void take_watch(const struct detail_line *line, void *context)
{
	struct live *live = line->live;
	bool is_inotify = bytes_start_with(line->text, BYTES("inotify wd:"));
	struct inotify *inotify;

	/* "fanotify flags:" is about the file itself. */
	if (!is_inotify && !bytes_start_with(line->text, BYTES("fanotify ino:")) &&
	    !bytes_start_with(line->text, BYTES("fanotify mnt_id:")) &&
	    !bytes_start_with(line->text, BYTES("fanotify sdev:")))
		return;
	inotify = leaf_add(live->checkpoint, context);
	*inotify = (struct inotify){
		.origin = line->origin,
		.file_id = line->file->id, .pid = line->file->first_pid,
		.kind = is_inotify ? "inotify" : "fanotify",
		.target = bytes_start_with(line->text, BYTES("fanotify mnt_id:")) ? "mount" : "inode",
		.wd = is_inotify ? detail_u32(line->text, "wd:", 16) : ABSENT_U32,
		.mask = detail_u32(line->text, "mask:", 16),
		.ignored_mask = detail_u32(line->text, "ignored_mask:", 16),
		.mark_flags = detail_u32(line->text, "mflags:", 16),
		.device = detail_u32(line->text, "sdev:", 16),
		.inode = detail_u64(line->text, "ino:", 16),
		.mnt_id = detail_u32(line->text, "mnt_id:", 16),
		.handle_type = detail_u32(line->text, "fhandle-type:", 16),
	};
	if (inotify->handle_type != ABSENT_U32)
		inotify->handle = handle_of(live, line->text);
}

void live_fill_inotify(struct live *live, struct leaf_rows *rows)
{
	details_each(live, FD_TYPES__INOTIFY, take_watch, rows);
	details_each(live, FD_TYPES__FANOTIFY, take_watch, rows);
}

/* --- BPF maps ------------------------------------------------------------------------------------------------------ */

/* A line for each number; map_type is the first. */
static void take_bpfmap(const struct detail_line *line, void *context)
{
	struct leaf_rows *rows = context;
	struct bpfmap *map;
	uint64_t number;

	if (detail_number(line->text, "map_type:", 10, &number)) {
		map = leaf_add(line->live->checkpoint, rows);
		*map = (struct bpfmap){
			.origin = line->origin, .file_id = line->file->id, .pid = line->file->first_pid,
			.map_id = ABSENT_U32, .map_type = (uint32_t)number, .extra = ABSENT_U64,
			.entries = ABSENT_U32, .keys_bytes = ABSENT_U32, .values_bytes = ABSENT_U32,
		};
		return;
	}
	if (rows->n == 0)
		return;
	map = (struct bpfmap *)rows->items + rows->n - 1;
	if (detail_number(line->text, "key_size:", 10, &number))
		map->key_size = (uint32_t)number;
	else if (detail_number(line->text, "value_size:", 10, &number))
		map->value_size = (uint32_t)number;
	else if (detail_number(line->text, "max_entries:", 10, &number))
		map->max_entries = (uint32_t)number;
	else if (proc_field(line->text, "map_flags:", &(struct bytes){ 0 }))
		map->flags = detail_u32(line->text, "map_flags:\t0x", 16);
	else if (detail_number(line->text, "memlock:", 10, &number))
		map->memlock = number;
	else if (detail_number(line->text, "map_id:", 10, &number))
		map->map_id = (uint32_t)number;
	else if (detail_number(line->text, "frozen:", 10, &number))
		map->is_frozen = number != 0;
}

void live_fill_bpfmaps(struct live *live, struct leaf_rows *rows)
{
	details_each(live, FD_TYPES__BPFMAP, take_bpfmap, rows);
}

/* --- locks --------------------------------------------------------------------------------------------------------- */

struct locks {
	struct leaf_rows *rows;
	struct map seen; /* hash of the line and the file: through a second descriptor it is the same lock */
};

static const char *lock_kind(struct bytes word)
{
	static const struct {
		const char *word, *kind;
	} kinds[] = {
		{ "POSIX", "posix" }, { "FLOCK", "flock" }, { "OFDLCK", "ofd" }, { "LEASE", "lease" },
		{ "DELEG", "lease" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (bytes_equal(word, bytes_of(kinds[i].word)))
			return kinds[i].kind;
	return NULL;
}

static const char *lock_mode(const char *kind, struct bytes word)
{
	bool is_flock = !strcmp(kind, "flock");

	if (bytes_equal(word, BYTES("WRITE")))
		return is_flock ? "exclusive" : "write";
	if (bytes_equal(word, BYTES("READ")))
		return is_flock ? "shared" : "read";
	return bytes_equal(word, BYTES("UNLCK")) ? "unlock" : NULL;
}

/* "lock:   1: FLOCK  ADVISORY  WRITE 359 00:13:11691 0 EOF" */
static void take_lock(const struct detail_line *line, void *context)
{
	struct locks *locks = context;
	struct checkpoint *checkpoint = line->live->checkpoint;
	struct bytes rest, kind, state, mode, from, to;
	uint64_t hash = 14695981039346656037u ^ line->detail->file, first = 0, last;
	struct lock lock = { .origin = line->origin, .pid = line->detail->pid, .fd = line->detail->fd,
			     .length = ABSENT_U64, .file = line->detail->file };

	if (!proc_field(line->text, "lock:", &rest))
		return;
	(void)text_word(&rest); /* its number */
	for (size_t i = 0; i < rest.len; i++)
		hash = (hash ^ rest.data[i]) * 1099511628211u;
	kind = text_word(&rest);
	state = text_word(&rest);
	mode = text_word(&rest);
	lock.kind = lock_kind(kind);
	if (!lock.kind || !map_put(&checkpoint->arena, &locks->seen, hash, 0))
		return;
	lock.mode = lock_mode(lock.kind, mode);
	lock.is_breaking = bytes_start_with(state, BYTES("BREAK"));
	(void)text_word(&rest); /* who took it */
	(void)text_word(&rest); /* device and inode */
	from = text_word(&rest);
	to = text_word(&rest);
	(void)proc_take_number(&from, 10, &first);
	lock.start = first;
	if (proc_take_number(&to, 10, &last) && last >= first && last - first < UINT64_MAX - 1)
		lock.length = last - first + 1;
	*(struct lock *)leaf_add(checkpoint, locks->rows) = lock;
}

void live_fill_locks(struct live *live, struct leaf_rows *rows)
{
	struct locks locks = { .rows = rows };

	details_each(live, ANY_FD_TYPE, take_lock, &locks);
}
