/*
 * What other images add to open files: names of memfds and terminals, how deleted files come
 * back, how much of a file's content the images hold.
 */
#include "anon-files.pb-c.h"
#include "decoders/base/size.h"
#include "decoders/model/file_entries.h"
#include "decoders/model/files.h"
#include "files.pb-c.h"
#include "tty.pb-c.h"

/* Files of one type that share a pipe, a memfd, a terminal: the first of each. */
static void index_inodes(struct checkpoint *checkpoint)
{
	for (uint32_t row = 0; row < checkpoint->files.n; row++) {
		const struct file *file = &checkpoint->files.items[row];

		if (file->inode != ABSENT_U64)
			map_put(&checkpoint->arena, &checkpoint->file_by_inode,
				map_pair(file->fd_type, (uint32_t)file->inode), row);
	}
}

static struct file *first_of_inode(struct checkpoint *checkpoint, uint32_t type, uint64_t inode)
{
	uint32_t row = map_get(&checkpoint->file_by_inode, map_pair(type, (uint32_t)inode));

	return row == MAP_NONE ? NULL : &checkpoint->files.items[row];
}

/* What was found out about the first file of an inode holds for the others: one pass for all. */
static void share(struct checkpoint *checkpoint, uint32_t type)
{
	for (size_t i = 0; i < checkpoint->files.n; i++) {
		struct file *file = &checkpoint->files.items[i];
		const struct file *first;

		if (file->fd_type != type || file->inode == ABSENT_U64)
			continue;
		first = first_of_inode(checkpoint, type, file->inode);
		if (!first || first == file)
			continue;
		if (!file->path.data)
			file->path = first->path;
		if (!file->detail.data)
			file->detail = first->detail;
		file->size = first->size;
		file->mode = first->mode;
		file->shmid = first->shmid;
		file->held_bytes = first->held_bytes;
	}
}

static struct file *file_of(struct checkpoint *checkpoint, uint32_t type, uint32_t image_id)
{
	uint32_t row = map_get(&checkpoint->file_by_key, map_pair(type, image_id));

	return row == MAP_NONE ? NULL : &checkpoint->files.items[row];
}

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

/* A tun descriptor's flags stand in a regular file entry of the same id. */
static void take_flags_of(struct checkpoint *checkpoint, struct file *file, uint32_t reg_id)
{
	const struct file *reg = file_of(checkpoint, FD_TYPES__REG, reg_id);

	if (reg)
		file->flags = reg->flags;
}

static void join_paths(struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->files.n; i++) {
		struct file *file = &checkpoint->files.items[i];

		if (file->reg_id == ABSENT_U32)
			continue;
		if (file->fd_type == FD_TYPES__TUNF)
			take_flags_of(checkpoint, file, file->reg_id);
		else
			take_path_of(checkpoint, file, file->reg_id);
	}
}

/* --- watches ------------------------------------------------------------------------------------ */

/* Old dumps keep what is watched in an image beside that of the files, with the id of the file. */
static void count_watches(struct checkpoint *checkpoint, uint32_t type, const char *kind)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_only(checkpoint, kind, &reader))
		return;
	while (image_next(&reader, &entry)) {
		struct file *file = file_of(checkpoint, type, file_entry_id(entry.message));

		if (file)
			file->n_watched++;
	}
	load_close(checkpoint, &reader);
}

static void join_watches(struct checkpoint *checkpoint)
{
	static const struct {
		uint32_t type;
		const char *kind, *words;
	} watching[] = {
		{ FD_TYPES__EVENTPOLL, "EVENTPOLL_TFD", "watched" },
		{ FD_TYPES__INOTIFY, "INOTIFY_WD", "watches" },
		{ FD_TYPES__FANOTIFY, "FANOTIFY_MARK", "marks" },
	};

	for (size_t k = 0; k < ARRAY_SIZE(watching); k++) {
		count_watches(checkpoint, watching[k].type, watching[k].kind);
		for (size_t i = 0; i < checkpoint->files.n; i++) {
			struct file *file = &checkpoint->files.items[i];

			if (file->fd_type == watching[k].type && file->path.data)
				file->detail = bytes_of(arena_printf(
					&checkpoint->arena, "%llu %s",
					(unsigned long long)file->n_watched, watching[k].words));
		}
	}
}

/* --- terminals, memfds, pipes ------------------------------------------------------------------- */

static void load_tty_names(struct checkpoint *checkpoint)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "TTY_INFO", &reader, "tty-info.img"))
		return;
	while (image_next(&reader, &entry)) {
		const TtyInfoEntry *info = (const TtyInfoEntry *)entry.message;
		struct file *file;

		if (!info->pty)
			continue;
		file = first_of_inode(checkpoint, FD_TYPES__TTY, info->id);
		if (file)
			file->detail = bytes_of(arena_printf(&checkpoint->arena, "pty %u",
							     info->pty->index));
	}
	load_close(checkpoint, &reader);
	share(checkpoint, FD_TYPES__TTY);
}

/*
 * CRIU keeps shared anonymous memory, System V segments and (before 4) huge pages as memfds too, under
 * the names that the kernel gives their files; a real memfd's name stands in /proc behind "/memfd:".
 */
static struct bytes memfd_path(struct checkpoint *checkpoint, ProtobufCBinaryData name)
{
	struct bytes text = { name.data, name.len };

	if (bytes_equal(text, BYTES("/dev/zero")) || bytes_start_with(text, BYTES("/SYSV")) ||
	    bytes_equal(text, BYTES("/anon_hugepage")))
		return load_text(checkpoint, true, name);
	return bytes_of(arena_printf(&checkpoint->arena, "/memfd:%.*s", BYTES_FMT(text)));
}

/* What the images hold of each memfd; its size says nothing of it, most of it may be holes. */
static void measure_memfds(struct checkpoint *checkpoint)
{
	struct map first = { 0 }; /* shmid to row: read once, however often it is named */

	for (uint32_t i = 0; i < checkpoint->files.n; i++) {
		struct file *file = &checkpoint->files.items[i];
		uint64_t bytes;

		if (file->fd_type != FD_TYPES__MEMFD || file->shmid == ABSENT_U64)
			continue;
		if (map_put(&checkpoint->arena, &first, file->shmid, i)) {
			bytes = load_shmem_bytes(checkpoint, file->shmid);
			file->held_bytes = bytes == ABSENT_U64 ? 0 : bytes;
		} else {
			file->held_bytes =
				checkpoint->files.items[map_get(&first, file->shmid)].held_bytes;
		}
	}
}

static void load_memfds(struct checkpoint *checkpoint)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "MEMFD_INODE", &reader, "memfd.img"))
		return;
	while (image_next(&reader, &entry)) {
		const MemfdInodeEntry *inode = (const MemfdInodeEntry *)entry.message;
		struct file *file = first_of_inode(checkpoint, FD_TYPES__MEMFD, inode->inode_id);

		if (file) {
			file->path = memfd_path(checkpoint, inode->name);
			file->size = inode->size;
			file->shmid = inode->shmid;
			if (inode->has_mode)
				file->mode = inode->mode;
		}
	}
	load_close(checkpoint, &reader);
	measure_memfds(checkpoint);
	share(checkpoint, FD_TYPES__MEMFD);
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

		struct file *file = first_of_inode(checkpoint, fd_type, data->pipe_id);

		if (file)
			file->held_bytes = data->bytes;
	}
	load_close(checkpoint, &reader);
	share(checkpoint, fd_type);
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

/* Sizes by id: the evidence may name one ghost as often as it likes, it is read once. */
struct ghosts {
	struct map by_id;
	VEC(uint64_t) sizes;
};

static uint64_t ghosts_size(struct checkpoint *checkpoint, struct ghosts *ghosts, uint32_t id)
{
	uint32_t known = map_get(&ghosts->by_id, id);

	if (known == MAP_NONE) {
		uint64_t size = ghost_size(checkpoint, id);

		known = (uint32_t)ghosts->sizes.n;
		map_put(&checkpoint->arena, &ghosts->by_id, id, known);
		*vec_push(&checkpoint->arena, &ghosts->sizes) = size;
	}
	return ghosts->sizes.items[known];
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

static void apply_remap(struct checkpoint *checkpoint, struct ghosts *ghosts,
			const struct remap *remap)
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
		file->held_bytes = ghosts_size(checkpoint, ghosts, file->remap_id);
}

static void load_remaps(struct checkpoint *checkpoint)
{
	VEC(struct remap) remaps = { 0 };
	struct ghosts ghosts = { 0 };
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
		apply_remap(checkpoint, &ghosts, &remaps.items[i]);
}

void files_join(struct checkpoint *checkpoint)
{
	index_inodes(checkpoint);
	load_remaps(checkpoint);
	join_paths(checkpoint);
	join_watches(checkpoint);
	load_tty_names(checkpoint);
	load_memfds(checkpoint);
	load_pipe_contents(checkpoint, "PIPES_DATA", "pipes-data.img", FD_TYPES__PIPE);
	load_pipe_contents(checkpoint, "FIFO_DATA", "fifo-data.img", FD_TYPES__FIFO);
}
