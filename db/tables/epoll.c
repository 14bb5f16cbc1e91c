#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/epoll.h"

/* include/uapi/linux/eventpoll.h */
static const struct name event_names[] = {
	{ 0x1, "EPOLLIN" },	    { 0x2, "EPOLLPRI" },	  { 0x4, "EPOLLOUT" },
	{ 0x8, "EPOLLERR" },	    { 0x10, "EPOLLHUP" },	  { 0x20, "EPOLLNVAL" },
	{ 0x40, "EPOLLRDNORM" },    { 0x80, "EPOLLRDBAND" },	  { 0x100, "EPOLLWRNORM" },
	{ 0x200, "EPOLLWRBAND" },   { 0x400, "EPOLLMSG" },	  { 0x2000, "EPOLLRDHUP" },
	{ 0x10000000, "EPOLLEXCLUSIVE" }, { 0x20000000, "EPOLLWAKEUP" },
	{ 0x40000000, "EPOLLONESHOT" }, { 0x80000000, "EPOLLET" },
};
static const struct name_table event_table = { event_names, ARRAY_SIZE(event_names) };

static void get_event_names(const struct checkpoint *checkpoint, const void *row,
			    struct arena *arena, struct value *ret)
{
	(void)checkpoint;
	*ret = mask_value(arena, &event_table, ((const struct epoll *)row)->events);
}

/* 0xffffffff, all events, is no absence. */
static void get_events(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = value_number(VALUE_HEX, ((const struct epoll *)row)->events);
}

/* Programs store -1 as well as anything else. */
static void get_data(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = value_number(VALUE_HEX, ((const struct epoll *)row)->data);
}

static void get_target_device(const struct checkpoint *checkpoint, const void *row,
			      struct arena *arena, struct value *ret)
{
	(void)checkpoint;
	*ret = device_value(arena, ((const struct epoll *)row)->target_device);
}

static const struct column columns[] = {
	{ .name = "file_id", .help = "file.id of the epoll file", COLUMN(epoll, file_id, U32) },
	{ .name = "pid", .help = "the lowest pid that has it open", COLUMN(epoll, pid, U32) },
	{ .name = "target_fd", .help = "the watched descriptor, as that task numbers it",
	  COLUMN(epoll, target_fd, U32) },
	{ .name = "target_file_id", .help = "file.id behind that descriptor",
	  COLUMN(epoll, target_file_id, U32) },
	{ .name = "events", .help = "what is waited for", .detail = true,
	  COMPUTED(HEX, get_events) },
	{ .name = "event_names", .help = "the names of those bits",
	  COMPUTED(TEXT, get_event_names) },
	{ .name = "data", .help = "the program's own", COMPUTED(HEX, get_data) },
	{ .name = "target_inode", .help = "inode of the watched file", .detail = true,
	  COLUMN(epoll, target_inode, U64) },
	{ .name = "target_device", .help = "its device, major:minor", .detail = true,
	  COMPUTED(TEXT, get_target_device) },
	{ .name = "target_pos", .help = "its position", .unit = "bytes", .detail = true,
	  COLUMN(epoll, target_pos, U64) },
};

const struct table table_epoll = {
	.name = "epoll",
	.plural = "epolls",
	.help = "a descriptor that an epoll file watches",
	.key = "pid target_fd",
	.noise = "file_id target_file_id target_inode target_device target_pos",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_epoll,
};
