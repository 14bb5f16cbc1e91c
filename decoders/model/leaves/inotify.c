/* Watches: inside their file, or in inotify-wd.img and fanotify-mark.img of old dumps. */
#include "decoders/model/leaves/inotify.h"
#include "decoders/model/leaves/open_files.h"
#include "notify.pb-c.h"

static struct inotify *add(struct checkpoint *checkpoint, struct leaf_rows *rows,
			   uint32_t fd_type, uint32_t image_id, struct origin origin)
{
	struct open_file_name file = open_file_name(checkpoint, fd_type, image_id);
	struct inotify *inotify = leaf_add(checkpoint, rows);

	*inotify = (struct inotify){
		.origin = origin,
		.file_id = file.file_id, .pid = file.pid,
		.kind = fd_type == FD_TYPES__INOTIFY ? "inotify" : "fanotify",
		.target = "inode",
		.wd = ABSENT_U32, .mark_flags = ABSENT_U32,
		.inode = ABSENT_U64, .mnt_id = ABSENT_U32, .handle_type = ABSENT_U32,
	};
	return inotify;
}

/* The handle's bytes, which are saved as words of the machine's. */
static struct bytes handle_bytes(struct checkpoint *checkpoint, const FhEntry *handle)
{
	enum { MOST = 128 }; /* MAX_HANDLE_SZ of include/linux/exportfs.h */
	bool big_endian = checkpoint->arch && !strcmp(checkpoint->arch, "s390x");
	uint8_t bytes[MOST];
	size_t n = handle->bytes;

	if (n > MOST)
		n = MOST;
	if (n > handle->n_handle * 8)
		n = handle->n_handle * 8;
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(handle->handle[i / 8] >> 8 * (big_endian ? 7 - i % 8 : i % 8));
	return arena_copy(&checkpoint->arena, (struct bytes){ bytes, n });
}

static void take_handle(struct checkpoint *checkpoint, const FhEntry *handle,
			struct inotify *inotify)
{
	if (!handle)
		return;
	inotify->path = load_text(checkpoint, handle->has_path, handle->path);
	if (handle->has_mnt_id)
		inotify->mnt_id = handle->mnt_id;
	inotify->handle_type = handle->type;
	inotify->handle = handle_bytes(checkpoint, handle);
}

static void add_watch(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t image_id,
		      const InotifyWdEntry *from, struct origin origin)
{
	struct inotify *inotify = add(checkpoint, rows, FD_TYPES__INOTIFY, image_id, origin);

	inotify->wd = from->wd;
	inotify->mask = from->mask;
	inotify->ignored_mask = from->ignored_mask;
	inotify->device = from->s_dev;
	inotify->inode = from->i_ino;
	take_handle(checkpoint, from->f_handle, inotify);
}

static void add_mark(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t image_id,
		     const FanotifyMarkEntry *from, struct origin origin)
{
	struct inotify *inotify = add(checkpoint, rows, FD_TYPES__FANOTIFY, image_id, origin);

	inotify->mask = from->mask;
	inotify->ignored_mask = from->ignored_mask;
	inotify->mark_flags = from->mflags;
	inotify->device = from->s_dev;
	if (from->type == MARK_TYPE__MOUNT)
		inotify->target = "mount";
	if (from->ie) {
		inotify->inode = from->ie->i_ino;
		take_handle(checkpoint, from->ie->f_handle, inotify);
	}
	if (from->me) {
		inotify->mnt_id = from->me->mnt_id;
		inotify->path = load_text(checkpoint, from->me->has_path, from->me->path);
	}
}

static void take_inotify(struct checkpoint *checkpoint, void *rows, const struct file_entry *entry)
{
	const InotifyFileEntry *file = entry->message->ify;

	for (size_t i = 0; file && i < file->n_wd; i++)
		add_watch(checkpoint, rows, file->id, file->wd[i], entry->origin);
}

static void take_fanotify(struct checkpoint *checkpoint, void *rows, const struct file_entry *entry)
{
	const FanotifyFileEntry *file = entry->message->ffy;

	for (size_t i = 0; file && i < file->n_mark; i++)
		add_mark(checkpoint, rows, file->id, file->mark[i], entry->origin);
}

static void load_beside(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct image_reader reader;
	struct image_entry entry;

	if (load_open_named(checkpoint, "INOTIFY_WD", &reader, "inotify-wd.img")) {
		while (image_next(&reader, &entry)) {
			const InotifyWdEntry *watch = (const InotifyWdEntry *)entry.message;

			add_watch(checkpoint, rows, watch->id, watch, load_origin(&reader, &entry));
		}
		load_close(checkpoint, &reader);
	}
	if (load_open_named(checkpoint, "FANOTIFY_MARK", &reader, "fanotify-mark.img")) {
		while (image_next(&reader, &entry)) {
			const FanotifyMarkEntry *mark = (const FanotifyMarkEntry *)entry.message;

			add_mark(checkpoint, rows, mark->id, mark, load_origin(&reader, &entry));
		}
		load_close(checkpoint, &reader);
	}
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	file_entries_each(checkpoint, FD_TYPES__INOTIFY, take_inotify, rows);
	file_entries_each(checkpoint, FD_TYPES__FANOTIFY, take_fanotify, rows);
	load_beside(checkpoint, rows);
}

const struct leaf leaf_inotify = {
	.name = "inotify",
	.row_size = sizeof(struct inotify),
	.needs = PART_FDS,
	.load = load,
};
