#include "decoders/model/sockets.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "decoders/base/size.h"
#include "decoders/model/load.h"
#include "decoders/model/socket_options.h"
#include "decoders/proto/names.h"
#include "fdinfo.pb-c.h"

/* --- words ----------------------------------------------------------------------------------- */

static const struct name type_names[] = {
	{ 1, "stream" }, { 2, "dgram" }, { 3, "raw" }, { 5, "seqpacket" }, { 10, "packet" },
};
static const struct name_table types = { type_names, ARRAY_SIZE(type_names) };

static const struct name inet_names[] = {
	{ IPPROTO_IP, "ip" },	    { IPPROTO_ICMP, "icmp" },	  { IPPROTO_TCP, "tcp" },
	{ IPPROTO_UDP, "udp" },	    { IPPROTO_ICMPV6, "icmpv6" }, { IPPROTO_SCTP, "sctp" },
	{ IPPROTO_UDPLITE, "udplite" }, { IPPROTO_RAW, "raw" },
};
static const struct name_table inet_protocols = { inet_names, ARRAY_SIZE(inet_names) };

/* linux/netlink.h */
static const struct name netlink_names[] = {
	{ 0, "route" },	  { 2, "usersock" },  { 4, "sock_diag" }, { 5, "nflog" },
	{ 6, "xfrm" },	  { 9, "audit" },     { 11, "connector" }, { 12, "netfilter" },
	{ 15, "kobject_uevent" }, { 16, "generic" }, { 20, "rdma" },
};
static const struct name_table netlink_protocols = { netlink_names, ARRAY_SIZE(netlink_names) };

static struct bytes protocol(struct checkpoint *checkpoint, const struct name_table *table,
			     uint32_t number)
{
	const char *name = table ? name_of(table, number) : NULL;

	return name ? bytes_of(name)
		    : bytes_of(arena_printf(&checkpoint->arena, table ? "%u" : "0x%04x", number));
}

static const char *shutdown_name(bool present, SkShutdown how)
{
	static const char *const names[] = { NULL, "read", "write", "both" };

	return present && how < ARRAY_SIZE(names) ? names[how] : NULL;
}

/* --- rows ------------------------------------------------------------------------------------ */

static struct socket *add(struct checkpoint *checkpoint, const char *family, uint32_t type,
			  uint32_t state, uint64_t ino, uint32_t file_row)
{
	struct file *file = &checkpoint->files.items[file_row];
	struct socket *socket = vec_push(&checkpoint->arena, &checkpoint->sockets);
	uint32_t row = (uint32_t)checkpoint->sockets.n - 1;
	const char *type_name = name_of(&types, type), *state_name = name_of(&names_sk_state, state);

	*socket = (struct socket){
		.origin = file->origin,
		.id = file->id,
		.file = file_row,
		.family = family,
		.type = type_name,
		.state = state_name,
		.local_port = ABSENT_U32, .remote_port = ABSENT_U32,
		.ino = ino,
		.peer_ino = ABSENT_U64,
		.peer_id = ABSENT_U32,
		.peer_file = NO_ROW,
		.inq_bytes = ABSENT_U64, .outq_bytes = ABSENT_U64, .unsent_bytes = ABSENT_U64,
		.ns_id = ABSENT_U32, .backlog = ABSENT_U32,
	};
	file->socket = row;
	file->inode = ino;
	file->path = bytes_of(arena_printf(&checkpoint->arena, "socket:[%llu]",
					   (unsigned long long)ino));
	if (ino && ino != ABSENT_U64)
		map_put(&checkpoint->arena, &checkpoint->socket_by_ino, ino, row);
	return socket;
}

static void take_options(struct checkpoint *checkpoint, struct socket *socket,
			 const SkOptsEntry *options, const InetSkEntry *inet)
{
	socket->options = socket_options_text(&checkpoint->arena, options, inet);
	if (!options)
		return;
	/* The kernel doubles what setsockopt asks for; this is what getsockopt returns. */
	socket->send_buffer = options->so_sndbuf;
	socket->receive_buffer = options->so_rcvbuf;
}

/* Of a socket that does not listen the field holds the length of a queue. */
static void take_backlog(struct socket *socket, uint32_t backlog)
{
	if (socket->state && !strcmp(socket->state, "LISTEN"))
		socket->backlog = backlog;
}

static struct bytes address(struct checkpoint *checkpoint, const uint32_t *words, size_t n,
			    bool big_endian)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t raw[16];

	if (n != 1 && n != 4)
		return NO_BYTES;
	for (size_t i = 0; i < 4 * n; i++)
		raw[i] = (uint8_t)(words[i / 4] >> 8 * (big_endian ? 3 - i % 4 : i % 4));
	if (!inet_ntop(n == 1 ? AF_INET : AF_INET6, raw, text, sizeof(text)))
		return NO_BYTES;
	return arena_copy(&checkpoint->arena, bytes_of(text));
}

void socket_add_inet(struct checkpoint *checkpoint, const InetSkEntry *from, bool big_endian,
		     uint32_t file_row)
{
	struct socket *socket = add(checkpoint, from->family == AF_INET6 ? "inet6" : "inet",
				    from->type, from->state, from->ino, file_row);

	socket->proto = protocol(checkpoint, &inet_protocols, from->proto);
	socket->local_addr = address(checkpoint, from->src_addr, from->n_src_addr, big_endian);
	socket->remote_addr = address(checkpoint, from->dst_addr, from->n_dst_addr, big_endian);
	socket->local_port = from->src_port;
	socket->remote_port = from->dst_port;
	take_backlog(socket, from->backlog);
	socket->ns_id = from->has_ns_id ? from->ns_id : ABSENT_U32;
	socket->shutdown = shutdown_name(from->has_shutdown, from->shutdown);
	socket->is_connected = from->dst_port != 0;
	take_options(checkpoint, socket, from->opts, from);
	checkpoint->files.items[file_row].flags = from->flags;
}

/* "@name" for an abstract address, a path without its final NUL, absent where there is no name. */
static struct bytes unix_name(struct checkpoint *checkpoint, ProtobufCBinaryData name)
{
	struct bytes text = { name.data, name.len };
	uint8_t *copy;

	if (text.len == 0)
		return NO_BYTES;
	copy = (uint8_t *)arena_text(&checkpoint->arena, text);
	if (copy[0] == '\0')
		copy[0] = '@';
	else if (copy[text.len - 1] == '\0')
		text.len--;
	return (struct bytes){ copy, text.len };
}

enum { UNIX_EXTERNAL = 1 << 0 }; /* of uflags */

void socket_add_unix(struct checkpoint *checkpoint, const UnixSkEntry *from, uint32_t file_row)
{
	struct socket *socket = add(checkpoint, "unix", from->type, from->state, from->ino, file_row);
	struct file *file = &checkpoint->files.items[file_row];

	socket->local_addr = unix_name(checkpoint, from->name);
	socket->is_external = from->uflags & UNIX_EXTERNAL;
	take_backlog(socket, from->backlog);
	socket->ns_id = from->has_ns_id ? from->ns_id : ABSENT_U32;
	socket->shutdown = shutdown_name(from->has_shutdown, from->shutdown);
	if (!socket->is_external && socket->backlog == ABSENT_U32)
		socket->inq_bytes = 0; /* what waits is in sk-queues */
	if (from->peer) {
		socket->peer_ino = from->peer;
		socket->is_connected = true;
	}
	take_options(checkpoint, socket, from->opts, NULL);
	file->flags = from->flags;
	file->deleted = from->deleted;
	if (from->file_perms)
		file->mode = from->file_perms->mode;
}

void socket_add_netlink(struct checkpoint *checkpoint, const NetlinkSkEntry *from,
			uint32_t file_row)
{
	/* Raw or datagram: the images do not say, and the kernel does not mind. */
	struct socket *socket = add(checkpoint, "netlink", 0, from->state, from->ino, file_row);

	socket->proto = protocol(checkpoint, &netlink_protocols, from->protocol);
	socket->local_port = from->portid;
	socket->remote_port = from->dst_portid;
	socket->ns_id = from->has_ns_id ? from->ns_id : ABSENT_U32;
	take_options(checkpoint, socket, from->opts, NULL);
	checkpoint->files.items[file_row].flags = from->flags;
}

void socket_add_packet(struct checkpoint *checkpoint, const PacketSockEntry *from,
		       uint32_t file_row)
{
	struct socket *socket = add(checkpoint, "packet", from->type, 0, ABSENT_U64, file_row);

	socket->proto = protocol(checkpoint, NULL, ntohs((uint16_t)from->protocol));
	socket->ns_id = from->has_ns_id ? from->ns_id : ABSENT_U32;
	take_options(checkpoint, socket, from->opts, NULL);
	checkpoint->files.items[file_row].flags = from->flags;
	checkpoint->files.items[file_row].path = BYTES("socket:[packet]");
}

/* --- queues ---------------------------------------------------------------------------------- */

/* Where CRIU before 4 has them. */
static void take_stream_options(struct checkpoint *checkpoint, struct socket *socket,
				const TcpStreamEntry *tcp)
{
	if (tcp->nodelay)
		socket->options = socket_options_with(&checkpoint->arena, socket->options, "nodelay");
	if (tcp->cork)
		socket->options = socket_options_with(&checkpoint->arena, socket->options, "cork");
}

static void load_tcp_queue(struct checkpoint *checkpoint, struct socket *socket)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "TCP_STREAM", &reader, "tcp-stream-%llx.img",
			     (unsigned long long)socket->ino))
		return;
	if (image_next(&reader, &entry)) {
		const TcpStreamEntry *tcp = (const TcpStreamEntry *)entry.message;

		socket->inq_bytes = tcp->inq_len;
		socket->outq_bytes = tcp->outq_len;
		socket->unsent_bytes = tcp->has_unsq_len ? tcp->unsq_len : 0;
		take_stream_options(checkpoint, socket, tcp);
		checkpoint->files.items[socket->file].held_bytes =
			(uint64_t)tcp->inq_len + tcp->outq_len;
	}
	load_close(checkpoint, &reader);
}

static struct socket *socket_of(struct checkpoint *checkpoint, uint32_t image_id)
{
	static const uint32_t families[] = { FD_TYPES__UNIXSK, FD_TYPES__NETLINKSK, FD_TYPES__INETSK,
					     FD_TYPES__PACKETSK };

	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		uint32_t row = map_get(&checkpoint->file_by_key, map_pair(families[i], image_id));

		if (row != MAP_NONE && checkpoint->files.items[row].socket != NO_ROW)
			return &checkpoint->sockets.items[checkpoint->files.items[row].socket];
	}
	return NULL;
}

/* Packets that wait in unix and netlink sockets, by the id of the receiving file. */
static void load_packets(struct checkpoint *checkpoint)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "SK_QUEUES", &reader, "sk-queues.img"))
		return;
	while (image_next(&reader, &entry)) {
		const SkPacketEntry *packet = (const SkPacketEntry *)entry.message;
		struct socket *socket = socket_of(checkpoint, packet->id_for);

		if (!socket)
			continue;
		if (socket->inq_bytes == ABSENT_U64)
			socket->inq_bytes = 0;
		socket->inq_bytes += packet->length;
		checkpoint->files.items[socket->file].held_bytes += packet->length;
	}
	load_close(checkpoint, &reader);
}

/* --- which ends belong together --------------------------------------------------------------- */

/* A socket of IPv6 that talks IPv4 has "::ffff:127.0.0.1" where the other end has "127.0.0.1". */
static struct bytes unmapped(struct bytes address)
{
	static const struct bytes prefix = { (const uint8_t *)"::ffff:", 7 };

	if (bytes_start_with(address, prefix) && bytes_find(address, '.') < address.len)
		return bytes_from(address, prefix.len);
	return address;
}

static bool same_address(struct bytes a, struct bytes b)
{
	return bytes_equal(unmapped(a), unmapped(b));
}

static bool same_end(struct bytes a, uint32_t a_port, struct bytes b, uint32_t b_port)
{
	return a_port == b_port && same_address(a, b);
}

static bool is_inet(const struct socket *socket)
{
	return socket->family[0] == 'i';
}

static bool is_wildcard(struct bytes address)
{
	return bytes_equal(address, BYTES("0.0.0.0")) || bytes_equal(address, BYTES("::"));
}

/* Whether B is the other end of A's connection. */
static bool is_peer(const struct socket *a, const struct socket *b)
{
	if (a == b || !bytes_equal(a->proto, b->proto) || a->ns_id != b->ns_id)
		return false;
	if (b->is_connected)
		return same_end(a->local_addr, a->local_port, b->remote_addr, b->remote_port) &&
		       same_end(a->remote_addr, a->remote_port, b->local_addr, b->local_port);
	/* What a datagram socket sends to may be bound and connected to nobody. */
	return b->type && !strcmp(b->type, "dgram") && a->remote_port == b->local_port &&
	       (same_address(a->remote_addr, b->local_addr) || is_wildcard(b->local_addr));
}

/* Sockets by their two ports: the other end of a connection has them the other way round. */
struct port_index {
	struct map first; /* (local port, remote port) to row */
	uint32_t *next;   /* row to row, NO_ROW at the end */
};

enum { PORT_CHAIN = 4096 }; /* sockets of the same two ports that are looked at */

static struct port_index index_ports(struct checkpoint *checkpoint)
{
	struct arena *arena = &checkpoint->scratch;
	size_t n = checkpoint->sockets.n;
	struct port_index index = { .next = arena_alloc(arena, (n + 1) * sizeof(*index.next)) };
	uint32_t *last = arena_alloc(arena, (n + 1) * sizeof(*last));

	for (uint32_t i = 0; i < n; i++) {
		const struct socket *socket = &checkpoint->sockets.items[i];
		uint64_t key = map_pair(socket->local_port, socket->remote_port);
		uint32_t first;

		index.next[i] = NO_ROW;
		last[i] = i;
		if (!is_inet(socket) || map_put(arena, &index.first, key, i))
			continue;
		first = map_get(&index.first, key);
		index.next[last[first]] = i;
		last[first] = i;
	}
	return index;
}

static uint32_t find_in_chain(const struct checkpoint *checkpoint, const struct port_index *index,
			      const struct socket *socket, uint64_t key)
{
	uint32_t row = map_get(&index->first, key);

	for (unsigned i = 0; row != NO_ROW && i < PORT_CHAIN; i++, row = index->next[row])
		if (is_peer(socket, &checkpoint->sockets.items[row]))
			return row;
	return NO_ROW;
}

static uint32_t find_inet_peer(const struct checkpoint *checkpoint, const struct port_index *index,
			       const struct socket *socket)
{
	uint32_t row = find_in_chain(checkpoint, index, socket,
				     map_pair(socket->remote_port, socket->local_port));

	return row != NO_ROW ? row
			     : find_in_chain(checkpoint, index, socket,
					     map_pair(socket->remote_port, 0));
}

static void join_pairs(struct checkpoint *checkpoint)
{
	struct port_index index = index_ports(checkpoint);

	for (size_t i = 0; i < checkpoint->sockets.n; i++) {
		struct socket *socket = &checkpoint->sockets.items[i];
		uint32_t peer;

		if (!socket->is_connected)
			continue;
		peer = is_inet(socket) ? find_inet_peer(checkpoint, &index, socket)
				       : map_get(&checkpoint->socket_by_ino, socket->peer_ino);
		if (peer == NO_ROW)
			continue;
		socket->peer_inside = !checkpoint->sockets.items[peer].is_external;
		socket->peer_id = checkpoint->sockets.items[peer].id;
		socket->peer_file = checkpoint->sockets.items[peer].file;
		if (!is_inet(socket))
			socket->remote_addr = checkpoint->sockets.items[peer].local_addr;
	}
	arena_reset(&checkpoint->scratch);
}

void sockets_join(struct checkpoint *checkpoint)
{
	for (uint32_t i = 0; i < checkpoint->sockets.n; i++) {
		struct socket *socket = &checkpoint->sockets.items[i];

		/* An inode names one socket; whoever comes second with it has no queue. */
		if (bytes_equal(socket->proto, BYTES("tcp")) &&
		    map_get(&checkpoint->socket_by_ino, socket->ino) == i)
			load_tcp_queue(checkpoint, socket);
	}
	load_packets(checkpoint);
	join_pairs(checkpoint);
}
