/* Epoll watches: inside their file, or in eventpoll-tfd.img of old dumps. */
#include "decoders/model/leaves/epoll.h"
#include "decoders/model/leaves/open_files.h"
#include "notify.pb-c.h"

struct taking {
	struct leaf_rows *rows;
	struct map fds;
};

static void add_watch(struct checkpoint *checkpoint, const struct taking *taking,
		      uint32_t image_id, const EventpollTfdEntry *from, struct origin origin)
{
	struct open_file_name file = open_file_name(checkpoint, FD_TYPES__EVENTPOLL, image_id);
	struct epoll *epoll = leaf_add(checkpoint, taking->rows);

	*epoll = (struct epoll){
		.origin = origin,
		.file_id = file.file_id, .pid = file.pid,
		.target_fd = from->tfd,
		.target_file_id = open_fd_file(checkpoint, &taking->fds, file.pid, from->tfd),
		.events = from->events,
		.data = from->data,
		.target_device = from->has_dev ? from->dev : ABSENT_U32,
		.target_inode = from->has_inode ? from->inode : ABSENT_U64,
		.target_pos = from->has_pos ? from->pos : ABSENT_U64,
	};
}

static void take_file(struct checkpoint *checkpoint, void *taking, const struct file_entry *entry)
{
	const EventpollFileEntry *file = entry->message->epfd;

	for (size_t i = 0; file && i < file->n_tfd; i++)
		add_watch(checkpoint, taking, file->id, file->tfd[i], entry->origin);
}

static void load_beside(struct checkpoint *checkpoint, const struct taking *taking)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "EVENTPOLL_TFD", &reader, "eventpoll-tfd.img"))
		return;
	while (image_next(&reader, &entry)) {
		const EventpollTfdEntry *watch = (const EventpollTfdEntry *)entry.message;

		add_watch(checkpoint, taking, watch->id, watch, load_origin(&reader, &entry));
	}
	load_close(checkpoint, &reader);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct taking taking = { rows, open_fds(checkpoint) };

	file_entries_each(checkpoint, FD_TYPES__EVENTPOLL, take_file, &taking);
	load_beside(checkpoint, &taking);
}

const struct leaf leaf_epoll = {
	.name = "epoll",
	.row_size = sizeof(struct epoll),
	.needs = PART_FDS,
	.load = load,
};
