/*
 * Sockets. Which family one is of says an attribute of its file; what it is connected to, and what waits in it, the
 * kernel's listings of the network namespaces that the tasks are in.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/vm_sockets_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/xattr.h>

#include "decoders/base/size.h"
#include "decoders/live/diag.h"
#include "decoders/live/proc.h"
#include "decoders/model/sockets.h"
#include "decoders/proto/names.h"
#include "fdinfo.pb-c.h"

/* --- families ------------------------------------------------------------------------------------------------------ */

/* What the attribute system.sockprotoname says: the name of the kernel's struct proto. */
static const struct family {
	const char *name, *family, *type, *proto;
	uint32_t fd_type;
} families[] = {
	{ "TCP", "inet", "stream", "tcp", FD_TYPES__INETSK },
	{ "TCPv6", "inet6", "stream", "tcp", FD_TYPES__INETSK },
	{ "UDP", "inet", "dgram", "udp", FD_TYPES__INETSK },
	{ "UDPv6", "inet6", "dgram", "udp", FD_TYPES__INETSK },
	{ "UDP-Lite", "inet", "dgram", "udplite", FD_TYPES__INETSK },
	{ "UDPLITEv6", "inet6", "dgram", "udplite", FD_TYPES__INETSK },
	{ "RAW", "inet", "raw", NULL, FD_TYPES__INETSK },
	{ "RAWv6", "inet6", "raw", NULL, FD_TYPES__INETSK },
	{ "PING", "inet", "dgram", "icmp", FD_TYPES__INETSK },
	{ "PINGv6", "inet6", "dgram", "icmpv6", FD_TYPES__INETSK },
	{ "SCTP", "inet", "stream", "sctp", FD_TYPES__INETSK },
	{ "SCTPv6", "inet6", "stream", "sctp", FD_TYPES__INETSK },
	{ "MPTCP", "inet", "stream", "mptcp", FD_TYPES__INETSK },
	{ "MPTCPv6", "inet6", "stream", "mptcp", FD_TYPES__INETSK },
	{ "DCCP", "inet", "dccp", "dccp", FD_TYPES__INETSK },
	{ "DCCPv6", "inet6", "dccp", "dccp", FD_TYPES__INETSK },
	{ "UNIX", "unix", NULL, NULL, FD_TYPES__UNIXSK },
	{ "UNIX-STREAM", "unix", "stream", NULL, FD_TYPES__UNIXSK },
	{ "UNIX-DGRAM", "unix", "dgram", NULL, FD_TYPES__UNIXSK },
	{ "NETLINK", "netlink", NULL, NULL, FD_TYPES__NETLINKSK },
	{ "PACKET", "packet", NULL, NULL, FD_TYPES__PACKETSK },
	{ "AF_VSOCK", "vsock", NULL, NULL, FD_TYPES__UND },
};

enum { LONGEST_PROTO_NAME = 64 };

/* A family that is not in the table is called by its protocol, in small letters. */
static struct family family_of(struct checkpoint *checkpoint, const char *name)
{
	char *family;

	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		if (!strcmp(families[i].name, name))
			return families[i];
	family = arena_text(&checkpoint->arena, bytes_of(name));
	for (char *p = family; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
	return (struct family){ name, family, NULL, NULL, FD_TYPES__UND };
}

static bool read_family(struct live *live, const struct fd *fd, char name[LONGEST_PROTO_NAME])
{
	char path[4096];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/%u/fd/%u", live->root_path, fd->pid, fd->fd);
	n = getxattr(path, "system.sockprotoname", name, LONGEST_PROTO_NAME - 1);
	if (n < 0) {
		unseen_count(live, UNSEEN_SOCKETS, fd->pid);
		return false;
	}
	name[n] = '\0';
	return true;
}

/* --- rows, as far as the file tells ---------------------------------------------------------------------------------- */

static void set_type(struct checkpoint *checkpoint, uint32_t row, uint32_t fd_type, const char *name)
{
	struct file *file = &checkpoint->files.items[row];

	file->fd_type = fd_type;
	file->type = name;
	for (uint32_t fd = file->first_fd; fd != NO_ROW; fd = checkpoint->fds.items[fd].next)
		checkpoint->fds.items[fd].fd_type = fd_type;
	map_put(&checkpoint->arena, &checkpoint->file_by_key, map_pair(fd_type, file->image_id), row);
}

static const char *type_name(uint32_t fd_type)
{
	return fd_type == FD_TYPES__INETSK    ? "inetsk"
	       : fd_type == FD_TYPES__UNIXSK  ? "unixsk"
	       : fd_type == FD_TYPES__NETLINKSK ? "netlinksk"
	       : fd_type == FD_TYPES__PACKETSK	? "packetsk"
						: "und";
}

static void add_socket(struct live *live, uint32_t row)
{
	struct checkpoint *checkpoint = live->checkpoint;
	struct file *file = &checkpoint->files.items[row];
	char name[LONGEST_PROTO_NAME];
	struct family family;
	struct socket *socket;

	if (file->first_fd == NO_ROW || !read_family(live, &checkpoint->fds.items[file->first_fd], name))
		return;
	family = family_of(checkpoint, name);
	set_type(checkpoint, row, family.fd_type, type_name(family.fd_type));
	file->socket = (uint32_t)checkpoint->sockets.n;
	socket = vec_push(&checkpoint->arena, &checkpoint->sockets);
	*socket = (struct socket){
		.origin = file->origin,
		.id = file->id, .file = row,
		.family = family.family, .type = family.type, .proto = bytes_of(family.proto),
		.state = "CLOSE", /* one that is in no listing was never bound or connected */
		.local_port = ABSENT_U32, .remote_port = ABSENT_U32,
		.ino = file->inode, .peer_ino = ABSENT_U64,
		.peer_id = ABSENT_U32, .peer_file = NO_ROW,
		.inq_bytes = ABSENT_U64, .outq_bytes = ABSENT_U64, .unsent_bytes = ABSENT_U64,
		.ns_id = ABSENT_U32, .backlog = ABSENT_U32,
	};
	map_put(&checkpoint->arena, &checkpoint->socket_by_ino, file->inode, file->socket);
}

/* --- listings -------------------------------------------------------------------------------------------------------- */

struct listing {
	struct live *live;
	uint32_t ns_id;
	struct map outside; /* inodes of unix sockets that ours are connected to, to the row of one of ours */
};

/* The row of one of ours; NULL where it is somebody else's, or was listed before. */
static struct socket *ours(const struct listing *listing, uint64_t ino)
{
	struct checkpoint *checkpoint = listing->live->checkpoint;
	uint32_t row = ino ? map_get(&checkpoint->socket_by_ino, ino) : MAP_NONE;
	struct socket *socket = row == MAP_NONE ? NULL : &checkpoint->sockets.items[row];

	return socket && socket->ns_id == ABSENT_U32 ? socket : NULL;
}

static const char *shutdown_name(uint8_t how)
{
	static const char *const names[] = { NULL, "read", "write", "both" };

	return names[how & 3];
}

static void take_state(struct socket *socket, uint32_t state, uint32_t rqueue, uint32_t wqueue)
{
	const char *name = name_of(&names_sk_state, state);

	socket->state = name ? name : "unknown";
	socket->inq_bytes = rqueue; /* of one that listens: connections that wait */
	if (!strcmp(socket->state, "LISTEN"))
		socket->backlog = wqueue;
	else
		socket->outq_bytes = wqueue;
}

static struct bytes address_text(struct checkpoint *checkpoint, int family, const void *address)
{
	char text[INET6_ADDRSTRLEN];

	return inet_ntop(family, address, text, sizeof(text)) ? arena_copy(&checkpoint->arena, bytes_of(text))
							      : NO_BYTES;
}

static void take_inet(const struct diag_message *message, void *context)
{
	struct listing *listing = context;
	struct checkpoint *checkpoint = listing->live->checkpoint;
	struct inet_diag_msg from;
	struct socket *socket;
	struct bytes shut;

	memcpy(&from, message->header.data, sizeof(from));
	socket = ours(listing, from.idiag_inode);
	if (!socket)
		return;
	socket->ns_id = listing->ns_id;
	socket->local_addr = address_text(checkpoint, from.idiag_family, from.id.idiag_src);
	socket->remote_addr = address_text(checkpoint, from.idiag_family, from.id.idiag_dst);
	socket->local_port = ntohs(from.id.idiag_sport);
	socket->remote_port = ntohs(from.id.idiag_dport);
	socket->is_connected = from.id.idiag_dport != 0;
	take_state(socket, from.idiag_state, from.idiag_rqueue, from.idiag_wqueue);
	shut = diag_attribute(message, INET_DIAG_SHUTDOWN, 1);
	if (shut.data)
		socket->shutdown = shutdown_name(shut.data[0]);
}

/* "@name" for an abstract address, as everywhere. */
static struct bytes unix_name(struct checkpoint *checkpoint, const struct diag_message *message)
{
	struct bytes name = diag_attribute(message, UNIX_DIAG_NAME, 1);
	uint8_t *copy;

	if (!name.data)
		return NO_BYTES;
	copy = (uint8_t *)arena_text(&checkpoint->arena, name);
	if (copy[0] == '\0')
		copy[0] = '@';
	else if (copy[name.len - 1] == '\0')
		name.len--;
	return (struct bytes){ copy, name.len };
}

static const char *socket_type(uint32_t type)
{
	return type == SOCK_STREAM	? "stream"
	       : type == SOCK_DGRAM	? "dgram"
	       : type == SOCK_RAW	? "raw"
	       : type == SOCK_SEQPACKET ? "seqpacket"
	       : type == SOCK_PACKET	? "packet"
					: NULL;
}

static void take_unix(const struct diag_message *message, void *context)
{
	struct listing *listing = context;
	struct checkpoint *checkpoint = listing->live->checkpoint;
	struct bytes peer = diag_attribute(message, UNIX_DIAG_PEER, sizeof(uint32_t));
	struct bytes queues = diag_attribute(message, UNIX_DIAG_RQLEN, sizeof(struct unix_diag_rqlen));
	struct bytes shut = diag_attribute(message, UNIX_DIAG_SHUTDOWN, 1);
	struct unix_diag_rqlen lengths = { 0 };
	struct unix_diag_msg from;
	struct socket *socket;
	uint32_t peer_ino;

	memcpy(&from, message->header.data, sizeof(from));
	socket = ours(listing, from.udiag_ino);
	if (!socket)
		return;
	socket->ns_id = listing->ns_id;
	socket->type = socket_type(from.udiag_type);
	socket->local_addr = unix_name(checkpoint, message);
	if (queues.data)
		memcpy(&lengths, queues.data, sizeof(lengths));
	take_state(socket, from.udiag_state, lengths.udiag_rqueue, lengths.udiag_wqueue);
	if (shut.data)
		socket->shutdown = shutdown_name(shut.data[0]);
	if (!peer.data)
		return;
	memcpy(&peer_ino, peer.data, sizeof(peer_ino));
	socket->peer_ino = peer_ino;
	socket->is_connected = true;
	if (map_get(&checkpoint->socket_by_ino, peer_ino) == MAP_NONE)
		map_put(&checkpoint->arena, &listing->outside, peer_ino, NO_ROW - 1);
}

/* netlink/diag.h's NETLINK_DIAG_MEMINFO is an array: what was received and not read is the first. */
static void take_netlink(const struct diag_message *message, void *context)
{
	static const char *const protocols[] = {
		[0] = "route", [2] = "usersock", [4] = "sock_diag", [5] = "nflog", [6] = "xfrm", [9] = "audit",
		[11] = "connector", [12] = "netfilter", [15] = "kobject_uevent", [16] = "generic", [20] = "rdma",
	};
	struct listing *listing = context;
	struct bytes memory = diag_attribute(message, NETLINK_DIAG_MEMINFO, sizeof(uint32_t));
	struct netlink_diag_msg from;
	struct socket *socket;
	uint32_t unread = 0;

	memcpy(&from, message->header.data, sizeof(from));
	socket = ours(listing, from.ndiag_ino);
	if (!socket)
		return;
	if (memory.data)
		memcpy(&unread, memory.data, sizeof(unread));
	socket->ns_id = listing->ns_id;
	socket->type = socket_type(from.ndiag_type);
	socket->proto = from.ndiag_protocol < ARRAY_SIZE(protocols) && protocols[from.ndiag_protocol]
				? bytes_of(protocols[from.ndiag_protocol])
				: bytes_of(arena_printf(&listing->live->checkpoint->arena, "%u", from.ndiag_protocol));
	socket->local_port = from.ndiag_portid;
	socket->remote_port = from.ndiag_dst_portid;
	socket->inq_bytes = unread;
}

static void take_packet(const struct diag_message *message, void *context)
{
	struct listing *listing = context;
	struct checkpoint *checkpoint = listing->live->checkpoint;
	struct packet_diag_msg from;
	struct socket *socket;

	memcpy(&from, message->header.data, sizeof(from));
	socket = ours(listing, from.pdiag_ino);
	if (!socket)
		return;
	socket->ns_id = listing->ns_id;
	socket->type = socket_type(from.pdiag_type);
	socket->proto = bytes_of(arena_printf(&checkpoint->arena, "0x%04x", from.pdiag_num));
	if (diag_attribute(message, PACKET_DIAG_FANOUT, sizeof(uint32_t)).data)
		socket->options = BYTES("fanout");
}

static void take_vsock(const struct diag_message *message, void *context)
{
	struct listing *listing = context;
	struct checkpoint *checkpoint = listing->live->checkpoint;
	struct vsock_diag_msg from;
	struct socket *socket;

	memcpy(&from, message->header.data, sizeof(from));
	socket = ours(listing, from.vdiag_ino);
	if (!socket)
		return;
	socket->ns_id = listing->ns_id;
	socket->type = socket_type(from.vdiag_type);
	socket->local_addr = bytes_of(arena_printf(&checkpoint->arena, "%u", from.vdiag_src_cid));
	socket->local_port = from.vdiag_src_port;
	take_state(socket, from.vdiag_state, 0, 0);
}

/* The names of those that ours are connected to and that nobody here has. */
static void name_outside(const struct diag_message *message, void *context)
{
	struct listing *listing = context;
	struct checkpoint *checkpoint = listing->live->checkpoint;
	struct unix_diag_msg from;
	struct bytes name;

	memcpy(&from, message->header.data, sizeof(from));
	if (map_get(&listing->outside, from.udiag_ino) == MAP_NONE)
		return;
	name = unix_name(checkpoint, message);
	for (size_t i = 0; name.data && i < checkpoint->sockets.n; i++)
		if (checkpoint->sockets.items[i].peer_ino == from.udiag_ino)
			checkpoint->sockets.items[i].remote_addr = name;
}

/* --- asking ---------------------------------------------------------------------------------------------------------- */

static void told_by(struct listing *listing, int error)
{
	if (!error || error == ENOENT) /* no such listing: its module is not there */
		return;
	errno = error;
	unseen_count(listing->live, UNSEEN_SOCKETS, listing->live->root);
}

static bool any(const struct checkpoint *checkpoint, const char *family, const char *proto, const char *type)
{
	for (size_t i = 0; i < checkpoint->sockets.n; i++) {
		const struct socket *socket = &checkpoint->sockets.items[i];

		if (!strcmp(socket->family, family) &&
		    (proto ? bytes_equal(socket->proto, bytes_of(proto))
			   : !type || (socket->type && !strcmp(socket->type, type))))
			return true;
	}
	return false;
}

/* Only what ours are of is asked for: the kernel would load modules for the rest. */
static void list_inet(struct listing *listing, int diag)
{
	static const struct {
		uint8_t number;
		const char *proto, *type;
	} protocols[] = {
		{ IPPROTO_TCP, "tcp", NULL }, { IPPROTO_UDP, "udp", NULL }, { IPPROTO_UDPLITE, "udplite", NULL },
		{ IPPROTO_SCTP, "sctp", NULL }, { IPPROTO_RAW, NULL, "raw" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(protocols) * 2; i++) {
		bool is_ipv6 = i % 2;
		struct inet_diag_req_v2 request = {
			.sdiag_family = is_ipv6 ? AF_INET6 : AF_INET,
			.sdiag_protocol = protocols[i / 2].number,
			.idiag_ext = 1 << (INET_DIAG_SHUTDOWN - 1),
			.idiag_states = UINT32_MAX,
		};

		if (any(listing->live->checkpoint, is_ipv6 ? "inet6" : "inet", protocols[i / 2].proto,
			protocols[i / 2].type))
			told_by(listing, diag_dump(diag, &request, sizeof(request), sizeof(struct inet_diag_msg),
						   take_inet, listing));
	}
}

static void list_unix(struct listing *listing, int diag)
{
	const struct unix_diag_req request = {
		.sdiag_family = AF_UNIX,
		.udiag_states = UINT32_MAX,
		.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN,
	};

	if (!any(listing->live->checkpoint, "unix", NULL, NULL))
		return;
	told_by(listing, diag_dump(diag, &request, sizeof(request), sizeof(struct unix_diag_msg), take_unix, listing));
	if (listing->outside.n)
		told_by(listing, diag_dump(diag, &request, sizeof(request), sizeof(struct unix_diag_msg), name_outside,
					   listing));
}

static void list_others(struct listing *listing, int diag)
{
	const struct netlink_diag_req netlink = {
		.sdiag_family = AF_NETLINK, .sdiag_protocol = NDIAG_PROTO_ALL, .ndiag_show = NDIAG_SHOW_MEMINFO,
	};
	const struct packet_diag_req packet = { .sdiag_family = AF_PACKET, .pdiag_show = PACKET_SHOW_FANOUT };
	const struct vsock_diag_req vsock = { .sdiag_family = AF_VSOCK, .vdiag_states = UINT32_MAX };
	const struct checkpoint *checkpoint = listing->live->checkpoint;

	if (any(checkpoint, "netlink", NULL, NULL))
		told_by(listing, diag_dump(diag, &netlink, sizeof(netlink), sizeof(struct netlink_diag_msg),
					   take_netlink, listing));
	if (any(checkpoint, "packet", NULL, NULL))
		told_by(listing, diag_dump(diag, &packet, sizeof(packet), sizeof(struct packet_diag_msg), take_packet,
					   listing));
	if (any(checkpoint, "vsock", NULL, NULL))
		told_by(listing, diag_dump(diag, &vsock, sizeof(vsock), sizeof(struct vsock_diag_msg), take_vsock,
					   listing));
}

void live_load_sockets(struct checkpoint *checkpoint)
{
	static const struct bytes prefix = { (const uint8_t *)"socket:[", 8 };
	struct live *live = live_of(checkpoint);

	for (uint32_t row = 0; row < checkpoint->files.n; row++)
		if (bytes_start_with(checkpoint->files.items[row].path, prefix))
			add_socket(live, row);
	for (size_t i = 0; i < live->nets.n; i++) {
		struct listing listing = { .live = live, .ns_id = live->nets.items[i].ns_id };

		if (live->nets.items[i].diag < 0)
			continue;
		list_inet(&listing, live->nets.items[i].diag);
		list_unix(&listing, live->nets.items[i].diag);
		list_others(&listing, live->nets.items[i].diag);
	}
	sockets_join(checkpoint);
}
