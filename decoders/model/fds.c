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

static void add_fd(struct checkpoint *checkpoint, struct process *process,
		   const struct image_reader *reader, const struct image_entry *entry)
{
	const FdinfoEntry *from = (const FdinfoEntry *)entry->message;
	struct fd *fd = vec_push(&checkpoint->arena, &checkpoint->fds);

	*fd = (struct fd){
		.origin = load_origin(reader, entry),
		.pid = process->pid,
		.fd = from->fd,
		.fd_type = from->type,
		.image_id = from->id,
		.file = find_file(checkpoint, from),
		.close_on_exec = from->flags & 1, /* FD_CLOEXEC */
	};
	process->n_fds++;
	if (fd->file == NO_ROW)
		return;
	struct file *file = &checkpoint->files.items[fd->file];

	file->n_fds++;
	if (process->pid < file->first_pid)
		file->first_pid = process->pid;
}

void load_fds(struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		struct process *process = &checkpoint->processes.items[i];
		uint32_t table = table_of(checkpoint, process);
		struct image_reader reader;
		struct image_entry entry;

		if (table == ABSENT_U32 ||
		    !load_open_named(checkpoint, "FDINFO", &reader, "fdinfo-%u.img", table))
			continue;
		while (image_next(&reader, &entry))
			add_fd(checkpoint, process, &reader, &entry);
		load_close(checkpoint, &reader);
	}
}
