/*
 * Open files as the leaves refer to them.
 *
 * The model's files know what all files have. What only one type has (the watches of an epoll
 * file) the leaves read again, by file_entries_each.
 */
#pragma once

#include "decoders/model/file_entries.h"

/* The file of CRIU's id, as tables refer to it: its file.id and the lowest pid that has it. */
struct open_file_name {
	uint32_t file_id; /* CRIU's own where the model has no such file */
	uint32_t pid;     /* ABSENT_U32: no task has it open */
};

struct open_file_name open_file_name(const struct checkpoint *checkpoint, uint32_t fd_type,
				     uint32_t image_id);

/* From (pid, fd) to the row of fd; in the checkpoint's arena. */
struct map open_fds(struct checkpoint *checkpoint);

/* The file.id behind a descriptor, or ABSENT_U32. */
uint32_t open_fd_file(const struct checkpoint *checkpoint, const struct map *fds, uint32_t pid,
		      uint32_t fd);
