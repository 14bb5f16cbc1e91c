/* Open files: descriptors and everything else that names a file by its id. */
#include "db/verify/internal.h"
#include "decoders/model/leaves/epoll.h"
#include "decoders/model/leaves/lock.h"
#include "decoders/model/leaves/memfd.h"
#include "decoders/model/leaves/tty.h"
#include "decoders/model/vma.h"
#include "fdinfo.pb-c.h"

static bool has_file(const struct verifier *verifier, uint32_t type, uint32_t id)
{
	return map_get(&verifier->checkpoint->file_by_key, map_pair(type, id)) != MAP_NONE;
}

static bool is_known_type(uint32_t type)
{
	return (type != FD_TYPES__UND && type <= FD_TYPES__PIDFD) || type == FD_TYPES__CTL_TTY ||
	       type == FD_TYPES__AUTOFS_PIPE;
}

/* Tasks that share a table have its rows each: once is enough. */
static bool is_first(struct verifier *verifier, struct map *told, const struct fd *fd)
{
	return map_put(&verifier->checkpoint->arena, told, map_pair(fd->origin.member, fd->origin.entry), 0);
}

static struct finding *found_fd(struct verifier *verifier, const struct fd *fd)
{
	struct finding *finding =
		found(verifier, fd->origin, fd->pid, "fd %u of pid %u", fd->fd, fd->pid);

	if (finding)
		finding->fd = fd->fd;
	with_number(verifier, finding, "type", fd->fd_type);
	with_number(verifier, finding, "id", fd->image_id);
	return finding;
}

static struct finding *found_file(struct verifier *verifier, const struct file *file)
{
	struct finding *finding =
		found(verifier, file->origin, file->first_pid, "%s file %u", file->type, file->image_id);

	with_number(verifier, finding, "id", file->image_id);
	return finding;
}

/* --- descriptors ----------------------------------------------------------------------------------------------- */

static void fd_dangling(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	struct map told = { 0 };

	for (size_t i = 0; i < checkpoint->fds.n; i++) {
		const struct fd *fd = &checkpoint->fds.items[i];
		struct finding *finding;

		if (fd->file != NO_ROW || !is_known_type(fd->fd_type) || !is_first(verifier, &told, fd))
			continue;
		finding = found_fd(verifier, fd);
		says(verifier, finding, "no open file has its type and id");
	}
}

static void fd_twice(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	struct map seen = { 0 }, told = { 0 };

	for (size_t i = 0; i < checkpoint->fds.n; i++) {
		const struct fd *fd = &checkpoint->fds.items[i];
		struct finding *finding;

		if (map_put(&verifier->checkpoint->arena, &seen, map_pair(fd->pid, fd->fd), (uint32_t)i) ||
		    !is_first(verifier, &told, fd))
			continue;
		finding = found_fd(verifier, fd);
		says(verifier, finding, "an entry before it has the same number");
	}
}

static void fd_type_unknown(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	struct map told = { 0 };

	for (size_t i = 0; i < checkpoint->fds.n; i++) {
		const struct fd *fd = &checkpoint->fds.items[i];

		if (!is_known_type(fd->fd_type) && is_first(verifier, &told, fd))
			says(verifier, found_fd(verifier, fd), "CRIU 4.2 knows no files of type %u", fd->fd_type);
	}
	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];

		if (!is_known_type(file->fd_type))
			says(verifier, found_file(verifier, file), "CRIU 4.2 knows no files of type %u",
			     file->fd_type);
	}
}

/* --- files ------------------------------------------------------------------------------------------------------- */

static void file_twice(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];

		if (map_get(&checkpoint->file_by_key, map_pair(file->fd_type, file->image_id)) != i)
			says(verifier, found_file(verifier, file), "an entry before it has the same type and id");
	}
}

static void file_mismatch(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.mismatched.n; i++) {
		const struct file_fact *fact = &verifier->facts.mismatched.items[i];
		struct finding *finding = found(verifier, fact->origin, ABSENT_U32, "file %u", fact->id);

		says(verifier, finding, "it is of type %u and has no content of that type", fact->type);
		with_number(verifier, finding, "type", fact->type);
	}
}

/* --- whoever names a regular file ------------------------------------------------------------------------------- */

static void need_reg(struct verifier *verifier, struct origin origin, uint32_t pid, uint32_t id, const char *what)
{
	struct finding *finding;

	if (has_file(verifier, FD_TYPES__REG, id))
		return;
	finding = found(verifier, origin, pid, pid == ABSENT_U32 ? "%s" : "%s of pid %u", what, pid);
	says(verifier, finding, "no regular file has id %u", id);
	with_number(verifier, finding, "id", id);
}

static void vma_files(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < checkpoint->vmas.n; i++) {
		const struct vma *vma = &checkpoint->vmas.items[i];
		struct finding *finding;

		if (!vma_has_file(vma->status) || vma->file != NO_ROW)
			continue;
		finding = found(verifier, vma->origin, vma->pid, "the file at 0x%llx of pid %u",
				(unsigned long long)vma->start, vma->pid);
		says(verifier, finding, "no open file has id %llu", (unsigned long long)vma->shmid);
		with_address(verifier, finding, "start", vma->start);
		with_number(verifier, finding, "id", vma->shmid);
	}
}

static void regfile_dangling(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	vma_files(verifier);
	for (size_t i = 0; i < verifier->facts.mms.n; i++) {
		const struct mm_fact *mm = &verifier->facts.mms.items[i];

		need_reg(verifier, mm->origin, mm->pid, mm->exe_file_id, "the program");
	}
	for (size_t i = 0; i < verifier->facts.filesystems.n; i++) {
		const struct fs_fact *fs = &verifier->facts.filesystems.items[i];

		need_reg(verifier, fs->origin, fs->pid, fs->cwd_id, "the working directory");
		need_reg(verifier, fs->origin, fs->pid, fs->root_id, "the root directory");
	}
	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];

		if (file->reg_id != ABSENT_U32)
			need_reg(verifier, file->origin, file->first_pid, file->reg_id,
				 file->fd_type == FD_TYPES__FIFO  ? "the path of a named pipe"
				 : file->fd_type == FD_TYPES__TTY ? "the path of a terminal"
								  : "the path of a tun device");
	}
}

static bool has_ghost(const struct verifier *verifier, uint32_t id)
{
	return checkpoint_image(verifier->checkpoint, "ghost-file-%x.img", id);
}

/* The ghost with less than all of the file, or NULL. One that is not in chunks has no holes either. */
static const struct ghost_fact *short_ghost(const struct verifier *verifier, const struct file *file)
{
	uint32_t row = map_get(&verifier->facts.ghost_by_id, file->remap_id);
	const struct ghost_fact *ghost;

	if (!file->remap || strcmp(file->remap, "ghost") != 0 || file->size == ABSENT_U64 || row == MAP_NONE)
		return NULL;
	ghost = &verifier->facts.ghosts.items[row];
	return ghost->is_plain && ghost->bytes < file->size ? ghost : NULL;
}

static void ghost_short(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	struct map told = { 0 };

	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];
		const struct ghost_fact *ghost = short_ghost(verifier, file);
		struct finding *finding;

		if (!ghost || !map_put(&verifier->checkpoint->arena, &told, ghost->id, 0))
			continue;
		finding = found(verifier, ghost->origin, file->first_pid, "ghost-file-%x.img", ghost->id);
		says(verifier, finding, "it has %llu bytes of a file of %llu", (unsigned long long)ghost->bytes,
		     (unsigned long long)file->size);
		with_number(verifier, finding, "expected", file->size);
		with_number(verifier, finding, "found", ghost->bytes);
	}
}

static void ghost_missing(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.remaps.n; i++) {
		const struct remap_fact *remap = &verifier->facts.remaps.items[i];
		struct finding *finding;

		if (remap->kind != REMAP_GHOST || has_ghost(verifier, remap->remap_id))
			continue;
		finding = found(verifier, remap->origin, ABSENT_U32, "ghost-file-%x.img", remap->remap_id);
		says(verifier, finding, "is not in the checkpoint; it has the content of deleted file %u",
		     remap->file_id);
		with_number(verifier, finding, "orig_id", remap->file_id);
	}
}

static void ghost_unnamed(struct verifier *verifier)
{
	struct map named = { 0 };

	for (size_t i = 0; i < verifier->facts.remaps.n; i++)
		if (verifier->facts.remaps.items[i].kind == REMAP_GHOST)
			map_put(&verifier->checkpoint->arena, &named, verifier->facts.remaps.items[i].remap_id, 0);
	for (size_t i = 0; i < verifier->facts.ghosts.n; i++) {
		const struct ghost_fact *ghost = &verifier->facts.ghosts.items[i];
		struct finding *finding;

		if (map_get(&named, ghost->id) != MAP_NONE)
			continue;
		finding = found(verifier, ghost->origin, ABSENT_U32, "ghost-file-%x.img", ghost->id);
		says(verifier, finding, "remap-fpath.img does not say which file it is");
	}
}

static void remap_dangling(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.remaps.n; i++) {
		const struct remap_fact *remap = &verifier->facts.remaps.items[i];
		const char *what = NULL;
		struct finding *finding;

		if (map_get(&verifier->checkpoint->file_by_id, remap->file_id) == MAP_NONE)
			what = "no open file has the id that it is about";
		else if (remap->kind == REMAP_LINKED && !has_file(verifier, FD_TYPES__REG, remap->remap_id))
			what = "the file that it was linked to is not there";
		if (!what)
			continue;
		finding = found(verifier, remap->origin, ABSENT_U32, "the remap of file %u", remap->file_id);
		says(verifier, finding, "%s", what);
		with_number(verifier, finding, "orig_id", remap->file_id);
		with_address(verifier, finding, "remap_id", remap->remap_id);
	}
}

/* --- files that are about something else ------------------------------------------------------------------------ */

/* Descriptors in transit have no task to look in. */
static void epoll_dangling(struct verifier *verifier)
{
	struct leaf_rows rows = checkpoint_leaf(verifier->checkpoint, &leaf_epoll);

	for (size_t i = 0; i < rows.n; i++) {
		const struct epoll *epoll = &((const struct epoll *)rows.items)[i];
		struct finding *finding;

		if (epoll->pid == ABSENT_U32 || epoll->target_file_id != ABSENT_U32)
			continue;
		finding = found(verifier, epoll->origin, epoll->pid, "epoll file %u", epoll->file_id);
		says(verifier, finding, "it watches fd %u, which pid %u does not have", epoll->target_fd, epoll->pid);
		with_number(verifier, finding, "target_fd", epoll->target_fd);
	}
}

static struct map ttys_by_id(struct verifier *verifier)
{
	struct leaf_rows rows = checkpoint_leaf(verifier->checkpoint, &leaf_tty);
	struct map by_id = { 0 };

	for (size_t i = 0; i < rows.n; i++)
		map_put(&verifier->checkpoint->arena, &by_id, ((const struct tty *)rows.items)[i].id, (uint32_t)i);
	return by_id;
}

static struct map memfds_by_inode(struct verifier *verifier)
{
	struct leaf_rows rows = checkpoint_leaf(verifier->checkpoint, &leaf_memfd);
	struct map by_id = { 0 };

	for (size_t i = 0; i < rows.n; i++)
		map_put(&verifier->checkpoint->arena, &by_id, ((const struct memfd *)rows.items)[i].inode_id,
			(uint32_t)i);
	return by_id;
}

static void tty_dangling(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	struct map by_id = ttys_by_id(verifier);

	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];

		if (file->fd_type == FD_TYPES__TTY && file->inode != ABSENT_U64 &&
		    map_get(&by_id, file->inode) == MAP_NONE)
			says(verifier, found_file(verifier, file), "tty-info.img says nothing of terminal %llu",
			     (unsigned long long)file->inode);
	}
}

static void memfd_dangling(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	struct map by_id = memfds_by_inode(verifier);

	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];

		if (file->fd_type == FD_TYPES__MEMFD && file->inode != ABSENT_U64 &&
		    map_get(&by_id, file->inode) == MAP_NONE)
			says(verifier, found_file(verifier, file), "memfd.img says nothing of inode %llu",
			     (unsigned long long)file->inode);
	}
}

static void lock_dangling(struct verifier *verifier)
{
	struct leaf_rows rows = checkpoint_leaf(verifier->checkpoint, &leaf_lock);

	for (size_t i = 0; i < rows.n; i++) {
		const struct lock *lock = &((const struct lock *)rows.items)[i];
		struct finding *finding;

		if (lock->file != NO_ROW)
			continue;
		finding = found(verifier, lock->origin, lock->pid, "a lock of pid %u", lock->pid);
		says(verifier, finding, "it is held through fd %u, which the task does not have", lock->fd);
	}
}

/* CRIU puts the bytes where they were when it opens the file: those of no file are lost without a word. */
static void queue_dangling(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < verifier->facts.queues.n; i++) {
		const struct queue_fact *queue = &verifier->facts.queues.items[i];
		bool is_socket = queue->type == FD_TYPES__UND;
		uint32_t file = is_socket ? map_get(&checkpoint->file_by_id, queue->id)
					  : map_get(&checkpoint->file_by_inode, map_pair(queue->type, queue->id));
		struct finding *finding;

		if (file != MAP_NONE)
			continue;
		finding = found(verifier, queue->origin, ABSENT_U32, "%s %u",
				is_socket ? "socket" : queue->type == FD_TYPES__FIFO ? "fifo" : "pipe", queue->id);
		says(verifier, finding, "it is not open anywhere, and so its bytes are not put back");
		with_number(verifier, finding, "id", queue->id);
	}
}

static const char newer[] = "restore with a CRIU that is at least as new as the one that dumped";

static const struct verify_check checks[] = {
	{ "fd-dangling", SEVERITY_BLOCKER, "a descriptor without a file", "CRIU ends with \"No file for fd\"",
	  take_again, FINDS_CONTRADICTION, fd_dangling },
	{ "fd-twice", SEVERITY_BLOCKER, "two descriptors with one number",
	  "the second takes the place of the first", take_again, FINDS_CONTRADICTION, fd_twice },
	{ "fd-type-unknown", SEVERITY_BLOCKER, "a file of a type that CRIU 4.2 does not know",
	  "CRIU ends with \"Unknown file type\"", newer, FINDS_NOTICE, fd_type_unknown },
	{ "file-twice", SEVERITY_ERROR, "two open files with one id", "only one of them is found by that id",
	  take_again, FINDS_CONTRADICTION, file_twice },
	{ "file-mismatch", SEVERITY_BLOCKER, "an open file without content of its type",
	  "CRIU has nothing to open it from", take_again, FINDS_CONTRADICTION, file_mismatch },
	{ "regfile-dangling", SEVERITY_BLOCKER, "a file that is named by an id that no file has",
	  "CRIU ends with \"Can't find regfile for\" or \"No entry for reg-file-ID\"", take_again,
	  FINDS_CONTRADICTION, regfile_dangling },
	{ "ghost-missing", SEVERITY_BLOCKER, "the content of a deleted file is missing",
	  "CRIU cannot open the ghost image", take_again, FINDS_ABSENCE, ghost_missing },
	{ "ghost-short", SEVERITY_BLOCKER, "the content of a deleted file ends too early",
	  "nothing: the file comes back shorter than it was", take_again, FINDS_DAMAGE, ghost_short },
	{ "ghost-unnamed", SEVERITY_BLOCKER, "a deleted file that nothing leads to",
	  "CRIU looks for it at its path, which is gone", take_again, FINDS_CONTRADICTION, ghost_unnamed },
	{ "remap-dangling", SEVERITY_BLOCKER, "a deleted file that cannot be brought back",
	  "CRIU ends with \"Remap for non existing file\"", take_again, FINDS_CONTRADICTION, remap_dangling },
	{ "epoll-dangling", SEVERITY_BLOCKER, "an epoll file that watches a descriptor which is not there",
	  "CRIU ends with \"Can't add event on\"", take_again, FINDS_CONTRADICTION, epoll_dangling },
	{ "tty-dangling", SEVERITY_BLOCKER, "a terminal of which nothing is known",
	  "CRIU ends with \"Info not found\"", take_again, FINDS_CONTRADICTION, tty_dangling },
	{ "memfd-dangling", SEVERITY_BLOCKER, "a memfd of which nothing is known",
	  "CRIU ends with \"Unable to find the inode\"", take_again, FINDS_CONTRADICTION, memfd_dangling },
	{ "queue-dangling", SEVERITY_WARNING, "bytes in transit through a pipe or socket that is not there",
	  "what was sent and not read yet is lost", take_again, FINDS_CONTRADICTION, queue_dangling },
	{ "lock-dangling", SEVERITY_BLOCKER, "a file lock of a task that does not have the file",
	  "the lock cannot be taken", take_again, FINDS_CONTRADICTION, lock_dangling },
};

const struct check_group file_checks = { checks, ARRAY_SIZE(checks), true };
