/*
 * The messages of open files of one type, for the leaves that look into them.
 *
 * The model's files know what all files have. What only one type has (the watches of an epoll
 * file) is read again from files.img, or from the image of its own that old dumps have.
 */
#pragma once

#include "decoders/model/load.h"
#include "fdinfo.pb-c.h"

struct open_file_type {
	uint32_t fd_type;
	size_t message;    /* where a FileEntry points to the type's message */
	const char *kind;  /* of the image in old dumps */
	const char *image; /* its name */
};

#define OPEN_FILES(number, field, old_kind, old_image)                             \
	{ .fd_type = (number), .message = offsetof(FileEntry, field), .kind = (old_kind), \
	  .image = (old_image) }

/* Given each message once, with what the caller of open_files_each passed on. */
typedef void take_open_file(struct checkpoint *checkpoint, void *context,
			    const ProtobufCMessage *message, struct origin origin);

void open_files_each(struct checkpoint *checkpoint, const struct open_file_type *type,
		     take_open_file *take, void *context);

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
