/* Terminals: tty-info.img, with what tty-data.img holds of their input. */
#include "decoders/base/size.h"
#include "decoders/model/leaves/tty.h"
#include "fdinfo.pb-c.h"
#include "tty.pb-c.h"

static const char *type_name(TtyType type)
{
	static const char *const names[] = { "unknown", "pty", "console", "vt", "ctty", "ext_tty",
					     "serial" };

	return (unsigned)type < ARRAY_SIZE(names) ? names[type] : "unknown";
}

static void take_settings(const TtyInfoEntry *from, struct tty *tty)
{
	if (from->winsize) {
		tty->rows = from->winsize->ws_row;
		tty->columns = from->winsize->ws_col;
	}
	if (from->termios) {
		tty->iflag = from->termios->c_iflag;
		tty->oflag = from->termios->c_oflag;
		tty->cflag = from->termios->c_cflag;
		tty->lflag = from->termios->c_lflag;
		tty->speed = from->termios->c_ospeed;
	}
}

static void add_tty(struct checkpoint *checkpoint, struct leaf_rows *rows,
		    const TtyInfoEntry *from, struct origin origin)
{
	struct tty *tty = leaf_add(checkpoint, rows);

	*tty = (struct tty){
		.origin = origin,
		.id = from->id,
		.type = type_name(from->type),
		.index = from->pty ? from->pty->index : ABSENT_U32,
		.sid = from->sid ? from->sid : ABSENT_U32,
		.pgrp = from->pgrp ? from->pgrp : ABSENT_U32,
		.rows = ABSENT_U32, .columns = ABSENT_U32,
		.iflag = ABSENT_U32, .oflag = ABSENT_U32, .cflag = ABSENT_U32, .lflag = ABSENT_U32,
		.speed = ABSENT_U32,
		.is_locked = from->locked,
		.is_exclusive = from->exclusive,
		.is_packet_mode = from->packet_mode,
		.uid = from->has_uid ? from->uid : ABSENT_U32,
		.gid = from->has_gid ? from->gid : ABSENT_U32,
		.device = from->rdev,
		.unread_bytes = ABSENT_U64,
	};
	take_settings(from, tty);
}

static struct tty *tty_of(const struct leaf_rows *rows, const struct map *by_id, uint32_t id)
{
	uint32_t row = map_get(by_id, id);

	return row == MAP_NONE ? NULL : (struct tty *)rows->items + row;
}

static void load_data(struct checkpoint *checkpoint, struct leaf_rows *rows,
		      const struct map *by_id)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "TTY_DATA", &reader, "tty-data.img"))
		return;
	while (image_next(&reader, &entry)) {
		const TtyDataEntry *data = (const TtyDataEntry *)entry.message;
		struct tty *tty = tty_of(rows, by_id, data->tty_id);

		if (!tty)
			continue;
		if (tty->unread_bytes == ABSENT_U64)
			tty->unread_bytes = 0;
		tty->unread_bytes += data->data.len;
	}
	load_close(checkpoint, &reader);
}

static void count_files(const struct checkpoint *checkpoint, struct leaf_rows *rows,
			const struct map *by_id)
{
	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];
		struct tty *tty;

		if (file->fd_type != FD_TYPES__TTY || file->inode > UINT32_MAX)
			continue;
		tty = tty_of(rows, by_id, (uint32_t)file->inode);
		if (tty)
			tty->n_files++;
	}
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct map by_id = { 0 };
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "TTY_INFO", &reader, "tty-info.img"))
		return;
	while (image_next(&reader, &entry)) {
		const TtyInfoEntry *info = (const TtyInfoEntry *)entry.message;

		map_put(&checkpoint->arena, &by_id, info->id, (uint32_t)rows->n);
		add_tty(checkpoint, rows, info, load_origin(&reader, &entry));
	}
	load_close(checkpoint, &reader);
	load_data(checkpoint, rows, &by_id);
	count_files(checkpoint, rows, &by_id);
}

const struct leaf leaf_tty = {
	.name = "tty",
	.row_size = sizeof(struct tty),
	.needs = PART_FILES,
	.load = load,
};
