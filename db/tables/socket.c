#include "db/tables/table.h"

#include "decoders/base/size.h"

static struct row_set rows(const struct checkpoint *checkpoint)
{
	return ROW_SET(checkpoint->sockets);
}

static void get_pid(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		    struct value *ret)
{
	const struct file *file = checkpoint_file(checkpoint, ((const struct socket *)row)->file);

	(void)arena;
	if (file && file->first_pid != ABSENT_U32)
		*ret = value_number(VALUE_UINT, file->first_pid);
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
	{ .name = "id", .help = "its file.id", COLUMN(socket, id, U32) },
	{ .name = "pid", .help = "the lowest pid that has it open", .needs = PART_FDS,
	  COMPUTED(UINT, get_pid) },
	{ .name = "family", .help = "inet, inet6, unix, netlink, packet",
	  COLUMN(socket, family, NAME) },
	{ .name = "type", .help = "stream, dgram, raw, seqpacket", COLUMN(socket, type, NAME) },
	{ .name = "proto", .help = "tcp, udp, ...; the protocol of a netlink or packet socket",
	  COLUMN(socket, proto, BYTES) },
	{ .name = "state", .help = "as TCP names them: ESTABLISHED, LISTEN, CLOSE, ...",
	  COLUMN(socket, state, NAME) },
	{ .name = "local_addr", .help = "address; unix: path, or @name",
	  COLUMN(socket, local_addr, BYTES) },
	{ .name = "local_port", .help = "port; netlink: port id", COLUMN(socket, local_port, U32) },
	{ .name = "remote_addr", .help = "of the other end", COLUMN(socket, remote_addr, BYTES) },
	{ .name = "remote_port", .help = "of the other end", COLUMN(socket, remote_port, U32) },
	{ .name = "peer_inside", .help = "the other end is in this checkpoint; null: not connected",
	  COMPUTED(BOOL, get_peer_inside) },
	{ .name = "external", .help = "somebody else's, kept because a task here talks to it",
	  .detail = true, COLUMN(socket, is_external, BOOL) },
	{ .name = "peer_id", .help = "file.id of the other end", .detail = true,
	  COLUMN(socket, peer_id, U32) },
	{ .name = "inq_bytes", .help = "received and not read", .unit = "bytes",
	  COLUMN(socket, inq_bytes, U64) },
	{ .name = "outq_bytes", .help = "sent and not acknowledged, or not sent", .unit = "bytes",
	  COLUMN(socket, outq_bytes, U64) },
	{ .name = "unsent_bytes", .help = "the part of outq_bytes that was never sent",
	  .unit = "bytes", .detail = true, COLUMN(socket, unsent_bytes, U64) },
	{ .name = "ino", .help = "inode number", .detail = true, COLUMN(socket, ino, U64) },
	{ .name = "peer_ino", .help = "inode of the other end of a unix socket", .detail = true,
	  COLUMN(socket, peer_ino, U64) },
	{ .name = "backlog", .help = "of listen(2)", .detail = true, COLUMN(socket, backlog, U32) },
	{ .name = "shutdown", .help = "read, write or both", .detail = true,
	  COLUMN(socket, shutdown, NAME) },
	{ .name = "send_buffer", .help = "size of the send buffer", .unit = "bytes",
	  .detail = true, COLUMN(socket, send_buffer, U32) },
	{ .name = "receive_buffer", .help = "size of the receive buffer", .unit = "bytes",
	  .detail = true, COLUMN(socket, receive_buffer, U32) },
	{ .name = "ns_id", .help = "CRIU's id of its network namespace", .detail = true,
	  COLUMN(socket, ns_id, U32) },
};

const struct table table_socket = {
	.name = "socket",
	.plural = "sockets",
	.help = "a socket of any family, open in a task or in flight between two",
	.needs = PART_FILES,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.rows = rows,
};
