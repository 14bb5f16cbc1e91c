/* TCP connections: tcp-stream-INO.img, an image each, joined to the sockets by inode. */
#include "decoders/model/file_entries.h"
#include "decoders/model/leaves/tcp.h"
#include "sockets.pb-c.h"

enum { CORK = 1, NODELAY = 2 }; /* of our own map */
enum { OPT_TIMESTAMPS = 1, OPT_WSCALE = 4 }; /* TCPI_OPT_*, include/uapi/linux/tcp.h */

/* Newer dumps keep these two with the socket. */
static void take_options(struct checkpoint *checkpoint, void *options,
			 const struct file_entry *entry)
{
	const InetSkEntry *socket = entry->message->isk;
	const TcpOptsEntry *tcp = socket ? socket->tcp_opts : NULL;

	if (tcp)
		map_put(&checkpoint->arena, options, socket->ino,
			(tcp->cork ? CORK : 0) | (tcp->nodelay ? NODELAY : 0));
}

static uint32_t socket_id(const struct checkpoint *checkpoint, uint64_t ino)
{
	uint32_t row = map_get(&checkpoint->socket_by_ino, ino);

	return row == MAP_NONE ? ABSENT_U32 : checkpoint->sockets.items[row].id;
}

static void take_window(const TcpStreamEntry *from, struct tcp *tcp)
{
#define WINDOW(field) tcp->field = from->has_##field ? from->field : ABSENT_U32
	WINDOW(snd_wl1);
	WINDOW(snd_wnd);
	WINDOW(max_window);
	WINDOW(rcv_wnd);
	WINDOW(rcv_wup);
#undef WINDOW
}

static void add_tcp(struct checkpoint *checkpoint, struct leaf_rows *rows, uint64_t ino,
		    const TcpStreamEntry *from, struct origin origin)
{
	bool scaled = from->opt_mask & OPT_WSCALE;
	struct tcp *tcp = leaf_add(checkpoint, rows);

	*tcp = (struct tcp){
		.origin = origin,
		.ino = ino,
		.socket_id = socket_id(checkpoint, ino),
		.inq_bytes = from->inq_len,
		.outq_bytes = from->outq_len,
		.unsent_bytes = from->has_unsq_len ? from->unsq_len : ABSENT_U32,
		.inq_seq = from->inq_seq, .outq_seq = from->outq_seq,
		.mss = from->mss_clamp,
		.options = from->opt_mask,
		.snd_wscale = scaled ? from->snd_wscale : ABSENT_U32,
		.rcv_wscale = scaled && from->has_rcv_wscale ? from->rcv_wscale : ABSENT_U32,
		.timestamp = (from->opt_mask & OPT_TIMESTAMPS) && from->has_timestamp
				     ? from->timestamp
				     : ABSENT_U32,
		.cork = from->cork, .nodelay = from->nodelay,
	};
	take_window(from, tcp);
}

static void add_options(const struct map *options, struct leaf_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		struct tcp *tcp = (struct tcp *)rows->items + i;
		uint32_t bits = map_get(options, tcp->ino);

		if (bits == MAP_NONE)
			continue;
		tcp->cork |= (bits & CORK) != 0;
		tcp->nodelay |= (bits & NODELAY) != 0;
	}
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct map options = { 0 };
	const struct member *member;
	size_t position = 0;
	uint64_t ino;

	while ((member = load_next(checkpoint, "TCP_STREAM", &position, &ino))) {
		struct image_reader reader;
		struct image_entry entry;

		if (!load_open(checkpoint, member, "TCP_STREAM", &reader))
			continue;
		if (image_next(&reader, &entry))
			add_tcp(checkpoint, rows, ino, (const TcpStreamEntry *)entry.message,
				load_origin(&reader, &entry));
		load_close(checkpoint, &reader);
	}
	file_entries_each(checkpoint, FD_TYPES__INETSK, take_options, &options);
	add_options(&options, rows);
}

const struct leaf leaf_tcp = {
	.name = "tcp",
	.row_size = sizeof(struct tcp),
	.needs = PART_FILES,
	.load = load,
};
