#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/inotify.h"

/* include/uapi/linux/inotify.h */
static const struct name inotify_names[] = {
	{ 0x1, "IN_ACCESS" },	     { 0x2, "IN_MODIFY" },	   { 0x4, "IN_ATTRIB" },
	{ 0x8, "IN_CLOSE_WRITE" },   { 0x10, "IN_CLOSE_NOWRITE" }, { 0x20, "IN_OPEN" },
	{ 0x40, "IN_MOVED_FROM" },   { 0x80, "IN_MOVED_TO" },	   { 0x100, "IN_CREATE" },
	{ 0x200, "IN_DELETE" },	     { 0x400, "IN_DELETE_SELF" },  { 0x800, "IN_MOVE_SELF" },
	{ 0x2000, "IN_UNMOUNT" },    { 0x4000, "IN_Q_OVERFLOW" },  { 0x8000, "IN_IGNORED" },
	{ 0x1000000, "IN_ONLYDIR" }, { 0x2000000, "IN_DONT_FOLLOW" },
	{ 0x4000000, "IN_EXCL_UNLINK" }, { 0x10000000, "IN_MASK_CREATE" },
	{ 0x20000000, "IN_MASK_ADD" }, { 0x40000000, "IN_ISDIR" }, { 0x80000000, "IN_ONESHOT" },
};
static const struct name_table inotify_table = { inotify_names, ARRAY_SIZE(inotify_names) };

/* include/uapi/linux/fanotify.h */
static const struct name fanotify_names[] = {
	{ 0x1, "FAN_ACCESS" },	      { 0x2, "FAN_MODIFY" },	  { 0x4, "FAN_ATTRIB" },
	{ 0x8, "FAN_CLOSE_WRITE" },   { 0x10, "FAN_CLOSE_NOWRITE" }, { 0x20, "FAN_OPEN" },
	{ 0x40, "FAN_MOVED_FROM" },   { 0x80, "FAN_MOVED_TO" },	  { 0x100, "FAN_CREATE" },
	{ 0x200, "FAN_DELETE" },      { 0x400, "FAN_DELETE_SELF" }, { 0x800, "FAN_MOVE_SELF" },
	{ 0x1000, "FAN_OPEN_EXEC" },  { 0x4000, "FAN_Q_OVERFLOW" }, { 0x8000, "FAN_FS_ERROR" },
	{ 0x10000, "FAN_OPEN_PERM" }, { 0x20000, "FAN_ACCESS_PERM" },
	{ 0x40000, "FAN_OPEN_EXEC_PERM" }, { 0x8000000, "FAN_EVENT_ON_CHILD" },
	{ 0x10000000, "FAN_RENAME" }, { 0x40000000, "FAN_ONDIR" },
};
static const struct name_table fanotify_table = { fanotify_names, ARRAY_SIZE(fanotify_names) };

static void get_mask(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = value_number(VALUE_HEX, ((const struct inotify *)row)->mask);
}

static void get_mask_names(const struct checkpoint *checkpoint, const void *row,
			   struct arena *arena, struct value *ret)
{
	const struct inotify *inotify = row;

	(void)checkpoint;
	*ret = mask_value(arena, inotify->kind[0] == 'i' ? &inotify_table : &fanotify_table,
			  inotify->mask);
}

static void get_device(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	(void)checkpoint;
	*ret = device_value(arena, ((const struct inotify *)row)->device);
}

/* FAN_MARK_* */
static const struct name mark_names[] = {
	{ 0x1, "FAN_MARK_ADD" },	 { 0x2, "FAN_MARK_REMOVE" },
	{ 0x4, "FAN_MARK_DONT_FOLLOW" }, { 0x8, "FAN_MARK_ONLYDIR" },
	{ 0x10, "FAN_MARK_MOUNT" },	 { 0x20, "FAN_MARK_IGNORED_MASK" },
	{ 0x40, "FAN_MARK_IGNORED_SURV_MODIFY" }, { 0x80, "FAN_MARK_FLUSH" },
	{ 0x100, "FAN_MARK_FILESYSTEM" }, { 0x200, "FAN_MARK_EVICTABLE" },
	{ 0x400, "FAN_MARK_IGNORE" },
};
static const struct name_table mark_table = { mark_names, ARRAY_SIZE(mark_names) };

static void get_ignored_names(const struct checkpoint *checkpoint, const void *row,
			      struct arena *arena, struct value *ret)
{
	const struct inotify *inotify = row;

	(void)checkpoint;
	*ret = mask_value(arena, inotify->kind[0] == 'i' ? &inotify_table : &fanotify_table,
			  inotify->ignored_mask);
}

static void get_mark_flag_names(const struct checkpoint *checkpoint, const void *row,
				struct arena *arena, struct value *ret)
{
	const struct inotify *inotify = row;

	(void)checkpoint;
	*ret = mask32_value(arena, &mark_table, inotify->mark_flags);
}

static void get_handle(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	(void)checkpoint;
	*ret = digits_value(arena, ((const struct inotify *)row)->handle);
}

static const struct column columns[] = {
	{ .name = "file_id", .help = "file.id of the inotify or fanotify file",
	  COLUMN(inotify, file_id, U32) },
	{ .name = "pid", .help = "the lowest pid that has it open", COLUMN(inotify, pid, U32) },
	{ .name = "kind", .help = "inotify or fanotify", COLUMN(inotify, kind, NAME) },
	{ .name = "target", .help = "what is watched: inode or mount", .detail = true,
	  COLUMN(inotify, target, NAME) },
	{ .name = "wd", .help = "number of the watch; fanotify has none",
	  COLUMN(inotify, wd, U32) },
	{ .name = "inode", .help = "of the watched file", .detail = true,
	  COLUMN(inotify, inode, U64) },
	{ .name = "device", .help = "its device, major:minor", .detail = true,
	  COMPUTED(TEXT, get_device) },
	{ .name = "mask", .help = "events that are reported", .detail = true,
	  COMPUTED(HEX, get_mask) },
	{ .name = "mask_names", .help = "the names of those events",
	  COMPUTED(TEXT, get_mask_names) },
	{ .name = "ignored_mask", .help = "events that are left out again", .detail = true,
	  COLUMN(inotify, ignored_mask, HEX32) },
	{ .name = "ignored_names", .help = "the names of those events", .detail = true,
	  COMPUTED(TEXT, get_ignored_names) },
	{ .name = "mark_flags", .help = "of fanotify_mark(2)", .detail = true,
	  COLUMN(inotify, mark_flags, HEX32) },
	{ .name = "mark_flag_names", .help = "the names of those flags", .detail = true,
	  COMPUTED(TEXT, get_mark_flag_names) },
	{ .name = "handle", .help = "its file handle, hexadecimal, as in /proc/PID/fdinfo",
	  .detail = true, COMPUTED(TEXT, get_handle) },
	{ .name = "handle_type", .help = "type of that handle", .detail = true,
	  COLUMN(inotify, handle_type, HEX32) },
	{ .name = "path", .help = "a path of the watched file; null: CRIU found none",
	  COLUMN(inotify, path, BYTES) },
	{ .name = "mnt_id", .help = "its mount", .detail = true, COLUMN(inotify, mnt_id, U32) },
};

const struct table table_inotify = {
	.name = "inotify",
	.plural = "inotifies",
	.help = "a file or mount that an inotify or fanotify file watches",
	.key = "pid kind target path wd",
	.noise = "file_id inode device handle mnt_id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_inotify,
};
