/* Pipes: their ends among the open files, and what pipes-data.img and fifo-data.img hold. */
#include <fcntl.h>

#include "decoders/model/leaves/pipe.h"
#include "fdinfo.pb-c.h"
#include "files.pb-c.h"

struct pipes {
	struct leaf_rows *rows;
	struct map by_key; /* (file type, pipe id) to row */
};

/* The row of that pipe, a new one where there is none. */
static struct pipe *pipe_of(struct checkpoint *checkpoint, struct pipes *pipes, uint32_t fd_type,
			    uint32_t id)
{
	uint64_t key = map_pair(fd_type, id);
	uint32_t row = map_get(&pipes->by_key, key);
	struct pipe *pipe;

	if (row != MAP_NONE)
		return (struct pipe *)pipes->rows->items + row;
	map_put(&checkpoint->arena, &pipes->by_key, key, (uint32_t)pipes->rows->n);
	pipe = leaf_add(checkpoint, pipes->rows);
	*pipe = (struct pipe){
		.origin = NO_ORIGIN,
		.id = id,
		.pid = ABSENT_U32,
		.kind = fd_type == FD_TYPES__PIPE ? "pipe" : "fifo",
		.bytes = ABSENT_U64, .size = ABSENT_U64,
	};
	return pipe;
}

static void add_end(struct checkpoint *checkpoint, struct pipes *pipes, const struct file *file)
{
	struct pipe *pipe = pipe_of(checkpoint, pipes, file->fd_type, (uint32_t)file->inode);

	if (pipe->origin.member == NO_ROW)
		pipe->origin = file->origin;
	if (!pipe->path.data)
		pipe->path = file->path;
	if (file->first_pid < pipe->pid)
		pipe->pid = file->first_pid;
	if (file->flags == ABSENT_U32)
		return;
	pipe->readers += (file->flags & O_ACCMODE) != O_WRONLY;
	pipe->writers += (file->flags & O_ACCMODE) != O_RDONLY;
}

static void load_data(struct checkpoint *checkpoint, struct pipes *pipes, const char *kind,
		      const char *image, uint32_t fd_type)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, kind, &reader, "%s", image))
		return;
	while (image_next(&reader, &entry)) {
		const PipeDataEntry *data = (const PipeDataEntry *)entry.message;
		struct pipe *pipe = pipe_of(checkpoint, pipes, fd_type, data->pipe_id);

		pipe->origin = load_origin(&reader, &entry);
		pipe->bytes = data->bytes;
		if (data->has_size)
			pipe->size = data->size;
	}
	load_close(checkpoint, &reader);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct pipes pipes = { .rows = rows };

	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];

		if ((file->fd_type == FD_TYPES__PIPE || file->fd_type == FD_TYPES__FIFO) &&
		    file->inode != ABSENT_U64)
			add_end(checkpoint, &pipes, file);
	}
	load_data(checkpoint, &pipes, "PIPES_DATA", "pipes-data.img", FD_TYPES__PIPE);
	load_data(checkpoint, &pipes, "FIFO_DATA", "fifo-data.img", FD_TYPES__FIFO);
}

const struct leaf leaf_pipe = {
	.name = "pipe",
	.row_size = sizeof(struct pipe),
	.needs = PART_FDS,
	.load = load,
};
