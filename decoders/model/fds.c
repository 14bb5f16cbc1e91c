/* Descriptors: fdinfo images joined with the files they name. */
#include "decoders/base/size.h"
#include "decoders/model/load.h"
#include "fdinfo.pb-c.h"

/* Tasks that share a table have the same files_id; old dumps number the tables by pid. */
static uint32_t table_of(const struct checkpoint *checkpoint, const struct process *process)
{
	return checkpoint->fdinfo_per_id ? process->files_id : process->pid;
}

static uint32_t find_file(const struct checkpoint *checkpoint, const FdinfoEntry *entry)
{
	return map_get(&checkpoint->file_by_key, map_pair(entry->type, entry->id));
}

enum { MAX_FDS = 2000000 }; /* rows; tasks that share a table have it each */

void checkpoint_add_fd(struct checkpoint *checkpoint, struct process *process, struct fd fd)
{
	uint32_t row = (uint32_t)checkpoint->fds.n;
	struct file *file;

	fd.pid = process->pid;
	fd.next = NO_ROW;
	*vec_push(&checkpoint->arena, &checkpoint->fds) = fd;
	process->n_fds++;
	if (fd.file == NO_ROW)
		return;
	file = &checkpoint->files.items[fd.file];
	file->n_fds++;
	if (file->last_fd == NO_ROW)
		file->first_fd = row;
	else
		checkpoint->fds.items[file->last_fd].next = row;
	file->last_fd = row;
	if (process->pid < file->first_pid)
		file->first_pid = process->pid;
}

/* False, told once, where there are too many. */
static bool add_fd(struct checkpoint *checkpoint, struct process *process, struct fd fd)
{
	if (checkpoint->fds.n == MAX_FDS) {
		problems_add(&checkpoint->problems,
			     error_in_source(error_new(ERROR_LIMIT, "more than %d descriptors; the rest is "
								    "left out",
						       MAX_FDS),
					     checkpoint->source.path));
		return false;
	}
	checkpoint_add_fd(checkpoint, process, fd);
	return true;
}

static struct fd read_fd(const struct checkpoint *checkpoint, const struct image_reader *reader,
			 const struct image_entry *entry)
{
	const FdinfoEntry *from = (const FdinfoEntry *)entry->message;

	return (struct fd){
		.origin = load_origin(reader, entry),
		.fd = from->fd,
		.fd_type = from->type,
		.image_id = from->id,
		.file = find_file(checkpoint, from),
		.close_on_exec = from->flags & 1, /* FD_CLOEXEC */
	};
}

static void load_table(struct checkpoint *checkpoint, struct process *process, uint32_t table)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "FDINFO", &reader, "fdinfo-%u.img", table))
		return;
	while (image_next(&reader, &entry) &&
	       add_fd(checkpoint, process, read_fd(checkpoint, &reader, &entry)))
		;
	load_close(checkpoint, &reader);
}

/* The rows of the task that had the table first, once more. */
static void copy_table(struct checkpoint *checkpoint, struct process *process,
		       const struct process *first, size_t first_fd)
{
	for (uint32_t i = 0; i < first->n_fds; i++)
		if (!add_fd(checkpoint, process, checkpoint->fds.items[first_fd + i]))
			return;
}

void load_fds(struct checkpoint *checkpoint)
{
	size_t n = checkpoint->processes.n;
	size_t *first_fd = arena_alloc(&checkpoint->arena, (n + 1) * sizeof(*first_fd));
	struct map first_by_table = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		struct process *process = &checkpoint->processes.items[i];
		uint32_t table = table_of(checkpoint, process), first;

		if (table == ABSENT_U32)
			continue;
		first_fd[i] = checkpoint->fds.n;
		first = map_get(&first_by_table, table);
		if (first != MAP_NONE) {
			copy_table(checkpoint, process, &checkpoint->processes.items[first],
				   first_fd[first]);
			continue;
		}
		map_put(&checkpoint->arena, &first_by_table, table, i);
		load_table(checkpoint, process, table);
	}
}
