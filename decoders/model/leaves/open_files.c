#include "decoders/model/leaves/open_files.h"

struct open_file_name open_file_name(const struct checkpoint *checkpoint, uint32_t fd_type,
				     uint32_t image_id)
{
	uint32_t row = map_get(&checkpoint->file_by_key, map_pair(fd_type, image_id));
	const struct file *file = checkpoint_file(checkpoint, row);

	return file ? (struct open_file_name){ file->id, file->first_pid }
		    : (struct open_file_name){ image_id, ABSENT_U32 };
}

struct map open_fds(struct checkpoint *checkpoint)
{
	struct map fds = { 0 };

	for (uint32_t row = 0; row < checkpoint->fds.n; row++) {
		const struct fd *fd = &checkpoint->fds.items[row];

		map_put(&checkpoint->arena, &fds, map_pair(fd->pid, fd->fd), row);
	}
	return fds;
}

uint32_t open_fd_file(const struct checkpoint *checkpoint, const struct map *fds, uint32_t pid,
		      uint32_t fd)
{
	uint32_t row = map_get(fds, map_pair(pid, fd));
	const struct file *file;

	if (row == MAP_NONE)
		return ABSENT_U32;
	file = checkpoint_file(checkpoint, checkpoint->fds.items[row].file);
	return file ? file->id : ABSENT_U32;
}
