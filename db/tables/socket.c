#include "db/tables/words.h"

#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/model/endpoint.h"

static struct row_set rows(const struct checkpoint *checkpoint)
{
	return ROW_SET(checkpoint->sockets);
}

static struct value first_pid(const struct checkpoint *checkpoint, uint32_t file_row)
{
	const struct file *file = checkpoint_file(checkpoint, file_row);

	return file && file->first_pid != ABSENT_U32 ? value_number(VALUE_UINT, file->first_pid)
						     : (struct value){ .type = VALUE_NULL };
}

static void get_pid(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		    struct value *ret)
{
	(void)arena;
	*ret = first_pid(checkpoint, ((const struct socket *)row)->file);
}

static void get_peer_pid(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			 struct value *ret)
{
	(void)arena;
	*ret = first_pid(checkpoint, ((const struct socket *)row)->peer_file);
}

static int by_number(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static void get_pids(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	const struct file *file = checkpoint_file(checkpoint, ((const struct socket *)row)->file);
	uint32_t *pids = arena_alloc(arena, ((file ? file->n_fds : 0) + 1) * sizeof(*pids));
	size_t n = 0, n_apart = 0;

	for (uint32_t fd = file ? file->first_fd : NO_ROW; fd != NO_ROW;
	     fd = checkpoint->fds.items[fd].next)
		pids[n++] = checkpoint->fds.items[fd].pid;
	qsort(pids, n, sizeof(*pids), by_number);
	for (size_t i = 0; i < n; i++)
		if (n_apart == 0 || pids[i] != pids[n_apart - 1])
			pids[n_apart++] = pids[i];
	*ret = (struct value){ .type = VALUE_NUMBERS, .numbers = { pids, n_apart } };
}

static struct value endpoint_value(struct arena *arena, struct bytes address, uint32_t port)
{
	struct bytes text = endpoint_text(arena, address, port);

	return value_text(text.len ? text : NO_BYTES);
}

static void get_local(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	const struct socket *socket = row;

	(void)checkpoint;
	*ret = endpoint_value(arena, socket->local_addr, socket->local_port);
}

static void get_remote(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	const struct socket *socket = row;

	(void)checkpoint;
	if (socket->is_connected)
		*ret = endpoint_value(arena, socket->remote_addr, socket->remote_port);
}

/* A socket without a name is told by its inode, as in /proc. */
static void get_peer(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	const struct socket *socket = row;

	get_remote(checkpoint, row, arena, ret);
	if (ret->type == VALUE_NULL && socket->peer_ino != ABSENT_U64)
		*ret = value_text(bytes_of(arena_printf(arena, "socket:[%llu]",
							(unsigned long long)socket->peer_ino)));
}

/* Null where there is no other end. */
static void get_peer_inside(const struct checkpoint *checkpoint, const void *row,
			    struct arena *arena, struct value *ret)
{
	const struct socket *socket = row;

	(void)checkpoint;
	(void)arena;
	if (socket->is_connected)
		*ret = (struct value){ .type = VALUE_BOOL, .boolean = socket->peer_inside };
}

static const struct column columns[] = {
	{ .name = "id", .help = "its file.id", .detail = true, COLUMN(socket, id, U32) },
	{ .name = "pid", .help = "the lowest pid that has it open", .needs = PART_FDS,
	  COMPUTED(UINT, get_pid) },
	{ .name = "pids", .help = "all that have it open; none: it is in flight", .detail = true,
	  .needs = PART_FDS, COMPUTED(NUMBERS, get_pids) },
	{ .name = "family", .help = "inet, inet6, unix, netlink, packet",
	  COLUMN(socket, family, NAME) },
	{ .name = "type", .help = "stream, dgram, raw, seqpacket", .detail = true,
	  COLUMN(socket, type, NAME) },
	{ .name = "proto", .help = "tcp, udp, ...; the protocol of a netlink or packet socket",
	  COLUMN(socket, proto, BYTES) },
	{ .name = "state", .help = "as TCP names them: ESTABLISHED, LISTEN, CLOSE, ...",
	  COLUMN(socket, state, NAME) },
	{ .name = "ino", .help = "inode number", COLUMN(socket, ino, U64) },
	{ .name = "local", .help = "address and port in one, as in [::1]:80",
	  COMPUTED(TEXT, get_local) },
	{ .name = "peer", .help = "the other end: remote, or socket:[INO] where it has no address",
	  COMPUTED(TEXT, get_peer) },
	{ .name = "remote", .help = "address and port of the other end; null: not connected, or it has none",
	  .detail = true, COMPUTED(TEXT, get_remote) },
	{ .name = "local_addr", .help = "address; unix: path, or @name", .detail = true,
	  COLUMN(socket, local_addr, BYTES) },
	{ .name = "local_port", .help = "port; netlink: port id", .detail = true,
	  COLUMN(socket, local_port, U32) },
	{ .name = "remote_addr", .help = "of the other end", .detail = true,
	  COLUMN(socket, remote_addr, BYTES) },
	{ .name = "remote_port", .help = "of the other end", .detail = true,
	  COLUMN(socket, remote_port, U32) },
	{ .name = "peer_inside", .help = "the other end is in this checkpoint; null: not connected",
	  .detail = true, COMPUTED(BOOL, get_peer_inside) },
	{ .name = "external", .help = "somebody else's, kept because a task here talks to it",
	  .detail = true, COLUMN(socket, is_external, BOOL) },
	{ .name = "peer_id", .help = "file.id of the other end", .detail = true,
	  COLUMN(socket, peer_id, U32) },
	{ .name = "peer_pid", .help = "the lowest pid that has the other end open", .detail = true,
	  .needs = PART_FDS, COMPUTED(UINT, get_peer_pid) },
	{ .name = "inq_bytes", .help = "received and not read", .unit = "bytes",
	  .detail = true, COLUMN(socket, inq_bytes, U64) },
	{ .name = "outq_bytes", .help = "sent and not acknowledged, or not sent", .unit = "bytes",
	  .detail = true, COLUMN(socket, outq_bytes, U64) },
	{ .name = "unsent_bytes", .help = "the part of outq_bytes that was never sent",
	  .unit = "bytes", .detail = true, COLUMN(socket, unsent_bytes, U64) },
	{ .name = "peer_ino", .help = "inode of the other end of a unix socket", .detail = true,
	  COLUMN(socket, peer_ino, U64) },
	{ .name = "backlog", .help = "of listen(2)", .detail = true, COLUMN(socket, backlog, U32) },
	{ .name = "shutdown", .help = "read, write or both", .detail = true,
	  COLUMN(socket, shutdown, NAME) },
	{ .name = "send_buffer", .help = "size of the send buffer", .unit = "bytes",
	  .detail = true, COLUMN(socket, send_buffer, U32) },
	{ .name = "receive_buffer", .help = "size of the receive buffer", .unit = "bytes",
	  .detail = true, COLUMN(socket, receive_buffer, U32) },
	{ .name = "options", .help = "what setsockopt(2) changed: reuseaddr,keepalive,mark=1; empty: nothing",
	  .detail = true, COLUMN(socket, options, BYTES) },
	{ .name = "ns_id", .help = "CRIU's id of its network namespace", .detail = true,
	  COLUMN(socket, ns_id, U32) },
};

const struct table table_socket = {
	.name = "socket",
	.plural = "sockets",
	.help = "a socket of any family, open in a task or in flight between two",
	.key = "pid family type proto local remote",
	.second_key = "pid family type proto local",
	.noise = "id ino peer peer_id peer_ino ns_id",
	.needs = PART_FILES,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.rows = rows,
};
